package billing

import (
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A payout sends available money to a bank account or card of the account's own.
//
//	(new) --> pending --next midnight--> in_transit --arrival_date--> paid
//	          pending --a moment, if the bank refuses--> in_transit --> failed
//	          pending --cancel--> canceled
//	paid --reverse--> paid, reversed_by
//
// The money leaves the balance at once, and comes back when the payout fails or is canceled. An instant payout is on its
// way at once and takes half an hour. Where it goes is in payout_destination.go, automatic payouts in payout_schedule.go.
//
// Emits payout.created, payout.updated, payout.paid, payout.failed, payout.canceled, and, of an automatic one,
// payout.reconciliation_completed.
func init() {
	register(resource.Rules{
		Object: "payout", Create: createPayout, Created: sendPayout,
		Actions: resource.Actions{
			"POST /v1/payouts/{payout}/cancel":  cancelPayout,
			"POST /v1/payouts/{payout}/reverse": reversePayout,
		},
		Timers: map[string]resource.Hook{payoutProgress: progressPayout, payoutReconciliation: reconcilePayout},
	})
}

const (
	// payoutProgress is the timer that brings a payout to its next state.
	payoutProgress = "payout.progress"

	payoutDays  = 2 // business days until a payout arrives
	instantTime = 30 * time.Minute
)

// createPayout is a payout that a client asks for.
func createPayout(op *resource.Op) error {
	payout := op.Object
	if err := testOnly(op, "A payout, which your account at the processor makes by itself,"); err != nil {
		return err
	}
	if err := checkMovedAmount(op.Params); err != nil {
		return err
	}
	to, err := payoutDestination(op, payout.String("currency"), op.Params.String("destination"))
	if err != nil {
		return err
	}
	payout.Set("automatic", false)
	payout.Set("reconciliation_status", "not_applicable")
	if payout.String("source_type") == "" {
		payout.Set("source_type", cardFund)
	}
	b, err := openBooks(op)
	if err != nil {
		return err
	}
	fund := payout.String("source_type")
	if b.holds(payout.String("currency"), available(fund)) < payout.Int("amount") && !op.Mocks() {
		return apierr.Invalid("balance_insufficient", "", "You have insufficient funds in your Stripe account for this transfer. Your %s balance is too low. "+
			"You can use the /v1/balance endpoint to view your Stripe balance (for more details, see stripe.com/docs/api#balance).", fundNames[fund])
	}
	return payOut(op, to)
}

var fundNames = map[string]string{"bank_account": "bank account", cardFund: "card", "fpx": "FPX"}

// checkMovedAmount checks how much of what is to be paid out or in.
func checkMovedAmount(params *object.Object) error {
	for _, name := range []string{"amount", "currency"} {
		if !params.Has(name) {
			return missingParam(name)
		}
	}
	if params.Int("amount") < 1 {
		return apierr.Invalid("parameter_invalid_integer", "amount", "This value must be greater than or equal to 1.")
	}
	return checkCurrency(params.String("currency"))
}

// payOut takes the amount of op.Object, a new payout, from the balance and tells when it arrives.
func payOut(op *resource.Op, to *object.Object) error {
	payout := op.Object
	payout.Set("destination", to.ID())
	payout.Set("type", to.String("object"))
	payout.Set("status", "pending")
	if payout.String("method") == "" {
		payout.Set("method", "standard")
	}
	payout.Set("arrival_date", businessDay(op.Now().UTC(), payoutDays).Unix())
	if payout.String("method") == "instant" {
		payout.Set("arrival_date", op.Now().Add(instantTime).Unix())
	}
	p := posting{kind: "payout", source: payout.ID(), amount: -payout.Int("amount"), currency: payout.String("currency"),
		description: payoutDescription(payout), fund: payout.String("source_type")}
	if payout.Bool("automatic") {
		p.below = payout.ID()
	}
	t, err := post(op, p)
	if err != nil {
		return err
	}
	payout.Set("balance_transaction", t.ID())
	return nil
}

func payoutDescription(payout *object.Object) string {
	if text := payout.String("description"); text != "" {
		return text
	}
	return automaticPayout
}

// sendPayout lets a new payout go: the banks take it at midnight, or at once if it is instant. A bank that refuses does so
// in a moment: no test of that should take days.
func sendPayout(op *resource.Op) error {
	failure, err := refusedPayout(op, op.Object)
	if err != nil {
		return err
	}
	at := op.Now()
	switch {
	case failure != nil:
		at = at.Add(bankTakes)
	case op.Object.String("method") != "instant":
		at = at.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)
	}
	return op.SetTimer(payoutProgress, op.Object, at)
}

// progressPayout is what happens to a payout by itself.
// Emits payout.updated, then payout.paid or payout.failed.
func progressPayout(op *resource.Op) error {
	payout := op.Object
	switch payout.String("status") {
	case "pending":
		failure, err := refusedPayout(op, payout)
		if err != nil {
			return err
		}
		arrives := time.Unix(payout.Int("arrival_date"), 0)
		if failure != nil {
			arrives = op.Now()
		}
		payout.Set("status", "in_transit")
		if err := op.SetTimer(payoutProgress, payout, arrives); err != nil {
			return err
		}
		return op.EmitUpdated(payout)
	case "in_transit":
		return arrivePayout(op, payout)
	}
	return nil
}

func arrivePayout(op *resource.Op, payout *object.Object) error {
	failure, err := refusedPayout(op, payout)
	if err != nil {
		return err
	}
	status := "paid"
	if failure != nil {
		status = "failed"
		payout.Set("failure_code", failure.Code)
		payout.Set("failure_message", failure.Message)
		if err := returnPayout(op, payout, "payout_failure"); err != nil {
			return err
		}
	}
	payout.Set("status", status)
	op.Save(payout)
	return op.Emit("payout."+status, payout)
}

// returnPayout puts the money of a payout back.
func returnPayout(op *resource.Op, payout *object.Object, kind string) error {
	t, err := post(op, posting{kind: kind, source: payout.ID(), amount: payout.Int("amount"), currency: payout.String("currency"),
		description: payoutDescription(payout), fund: payout.String("source_type")})
	if err != nil {
		return err
	}
	payout.Set("failure_balance_transaction", t.ID())
	return nil
}

// cancelPayout takes a payout back that is not on its way yet.
// Emits payout.canceled.
func cancelPayout(op *resource.Op) error {
	payout := op.Object
	if payout.String("status") != "pending" {
		return apierr.Invalid("", "", "Payout %s cannot be canceled because it is %s: only a pending payout can.", payout.ID(), payout.String("status"))
	}
	if payout.Bool("automatic") {
		return apierr.Invalid("", "", "Payout %s cannot be canceled because it is automatic.", payout.ID())
	}
	if err := returnPayout(op, payout, "payout_cancel"); err != nil {
		return err
	}
	if err := op.SetTimer(payoutProgress, payout, time.Time{}); err != nil {
		return err
	}
	payout.Set("status", "canceled")
	op.Save(payout)
	return op.Emit("payout.canceled", payout)
}

// reversePayout gets a payout back from the bank account that it arrived in, by another one of the opposite amount.
// Emits payout.created for that and payout.updated for this.
func reversePayout(op *resource.Op) error {
	payout := op.Object
	switch {
	case payout.Ref("reversed_by") != "":
		return apierr.Invalid("", "", "Payout %s has already been reversed.", payout.ID())
	case payout.Ref("original_payout") != "":
		return apierr.Invalid("", "", "Payout %s is a reversal and cannot be reversed.", payout.ID())
	case payout.String("status") == "pending":
		return apierr.Invalid("", "", "Payout %s is pending: cancel it instead.", payout.ID())
	case payout.String("status") != "paid" || payout.String("type") != "bank_account":
		return apierr.Invalid("", "", "Payout %s cannot be reversed: only a payout that arrived in a bank account can.", payout.ID())
	}
	to, err := destinationOf(op, payout)
	if err != nil {
		return err
	}
	back, err := op.Make("payout", "", newParams("metadata", op.Params.Get("metadata")), func(op *resource.Op) error {
		back := op.Object
		for _, name := range []string{"currency", "source_type", "method"} {
			back.Set(name, payout.Get(name))
		}
		back.Set("amount", -payout.Int("amount"))
		back.Set("automatic", false)
		back.Set("original_payout", payout.ID())
		back.Set("reconciliation_status", "not_applicable")
		return payOut(op, to)
	})
	if err != nil {
		return err
	}
	payout.Set("reversed_by", back.ID())
	if err := op.EmitUpdated(payout); err != nil {
		return err
	}
	op.Object = back
	return sendPayout(op)
}
