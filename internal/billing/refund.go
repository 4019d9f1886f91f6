package billing

import (
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A refund gives back what a charge took, or a part of it.
//
//	(new) --> succeeded --the bank sends it back--> failed
//	(new) --the bank takes its time--> pending --> succeeded or failed
//	(new) --the customer must say where to--> requires_action --cancel--> canceled
//	                                                          --forty-five days--> failed
//
// Refunds of a charge never sum to more than the charge; those that failed or were canceled do not count. A charge that
// was only authorized, without a payment intent, can be given back whole, which releases it.
//
// The money leaves the balance when the refund is made, whatever is in it: a test account may owe.
//
// Where a refund goes is in refund_destination.go, what becomes of it later in refund_outcome.go.
//
// Emits refund.created, then charge.refunded; refund.updated and charge.refund.updated on what happens later, after
// refund.failed if it fails.
func init() {
	register(resource.Rules{
		Object: "refund", ID: refundID, Prepare: findRefunded, Create: makeRefund, Created: applyRefund, Update: updateRefund, Audit: auditRefunds,
		States: resource.States{
			"pending":         {"succeeded", "failed"},
			"requires_action": {"failed", "canceled"},
			"succeeded":       {"failed"},
		},
		Actions: resource.Actions{
			"POST /v1/refunds/{refund}/cancel":              cancelRefund,
			"POST /v1/test_helpers/refunds/{refund}/expire": expireRefund,
		},
		Jobs: map[string]resource.Job{askRefund: askForRefund},
		Timers: map[string]resource.Hook{
			refundArrival: settleRefund, refundReference: referRefund, refundReturn: returnRefund, refundExpiry: lapseRefund,
		},
	})
}

// findRefunded names the charge in the parameters, whichever way the request did.
func findRefunded(op *resource.Op) error {
	if op.Params.Has("origin") {
		return nil // it comes from a customer's cash balance
	}
	id := op.Params.String("charge")
	if o := op.Operation; id == "" && o != nil && o.Kind == "refund" && o.Parent == "charge" {
		id = op.Path[0]
	}
	if intent := op.Params.String("payment_intent"); intent != "" {
		paid, err := chargeOfIntent(op, intent)
		if err != nil {
			return err
		}
		if id != "" && id != paid {
			return apierr.Invalid("", "payment_intent", "Charge %s does not belong to the PaymentIntent %s.", id, intent)
		}
		id = paid
	}
	if id == "" {
		return apierr.Invalid("parameter_missing", "", "One of the following params should be provided for this request: payment_intent or charge.")
	}
	op.Params.Set("charge", id)
	return nil
}

// chargeOfIntent is the id of the charge that paid a payment intent.
func chargeOfIntent(op *resource.Op, id string) (string, error) {
	intent, err := op.Get("payment_intent", id, "payment_intent")
	if err != nil {
		return "", err
	}
	charge := intent.Ref("latest_charge")
	if charge == "" {
		return "", nothingToRefund(intent.ID())
	}
	return charge, nil
}

func nothingToRefund(intent string) error {
	return apierr.Invalid("", "payment_intent", "This PaymentIntent (%s) does not have a successful charge to refund.", intent)
}

func refundID(op *resource.Op) string {
	if charge := op.Params.String("charge"); charge != "" {
		return refundIDOf(op, charge)
	}
	return ""
}

// refundIDOf is an id for a refund, which begins as the id of its charge does.
func refundIDOf(op *resource.Op, charge string) string {
	if isPayment(charge) {
		return op.KinID("pyr_", charge)
	}
	return op.KinID("re_", charge)
}

// isPayment reports whether a charge was made without a card. Its refunds and transactions have names of their own.
func isPayment(charge string) bool { return strings.HasPrefix(charge, "py_") }

func makeRefund(op *resource.Op) error {
	if op.Params.Has("origin") {
		return refundCash(op)
	}
	charge, err := op.Get("charge", op.Params.String("charge"), "charge")
	if err != nil {
		return err
	}
	if err := checkRefundable(op, charge); err != nil {
		return err
	}
	amount, err := refundAmount(op.Params, charge)
	if err != nil {
		return err
	}
	return bookRefund(op, charge, amount)
}

// bookRefund fills op.Object, a refund of a part of a charge, sends it and takes the money out of the balance.
func bookRefund(op *resource.Op, charge *object.Object, amount int64) error {
	refund := op.Object
	refund.Set("amount", amount)
	refund.Set("charge", charge.ID())
	refund.Set("currency", charge.String("currency"))
	refund.Set("payment_intent", charge.Get("payment_intent"))
	if err := sendRefund(op, charge); err != nil || !charge.Bool("captured") {
		return err
	}
	if err := settleCharge(op, charge); err != nil {
		return err
	}
	kind := "refund"
	if isPayment(charge.ID()) {
		kind = "payment_refund"
	}
	t, err := post(op, posting{
		kind: kind, source: refund.ID(), amount: -amount, currency: charge.String("currency"), description: refundText(charge), fund: fundOfCharge(charge),
	})
	if err != nil {
		return err
	}
	refund.Set("balance_transaction", t.ID())
	return reverseForRefund(op, charge, refund, op.Params.Bool("reverse_transfer"), op.Params.Bool("refund_application_fee"))
}

// refundText describes the transaction of a refund.
func refundText(charge *object.Object) string {
	text := "REFUND FOR CHARGE"
	if what := charge.String("description"); what != "" {
		text += " (" + what + ")"
	}
	return text
}

// fundOfCharge is the balance that the money of a charge went to, and comes from again.
func fundOfCharge(charge *object.Object) string {
	return fundOfMethod(charge.Object("payment_method_details").String("type"))
}

// checkRefundable refuses a charge of which nothing can be given back.
func checkRefundable(op *resource.Op, charge *object.Object) error {
	kind := charge.Object("payment_method_details").String("type")
	switch {
	case !charge.Bool("captured") && charge.Ref("payment_intent") != "":
		return uncapturedIntent(op, charge.Ref("payment_intent"))
	case charge.String("status") != "succeeded":
		return apierr.Invalid("charge_not_refundable", "", "Charge %s cannot be refunded because it did not succeed.", charge.ID())
	case neverRefunded[kind]:
		return apierr.Invalid("charge_not_refundable", "", "Charge %s cannot be refunded: %s payments are final.", charge.ID(), kind)
	}
	if held, err := heldByDispute(op, charge); err != nil || !held {
		return err
	}
	return apierr.Invalid("charge_disputed", "", "Charge %s has been charged back; cannot issue a refund.", charge.ID())
}

// uncapturedIntent says what to do instead of refunding a payment intent that has taken nothing.
func uncapturedIntent(op *resource.Op, id string) error {
	intent, err := op.Get("payment_intent", id, "payment_intent")
	if err != nil {
		return err
	}
	if status := intent.String("status"); status == "requires_capture" {
		e := apierr.Invalid("payment_intent_unexpected_state", "", "You cannot refund this PaymentIntent because it has a status of %s. Only a PaymentIntent with one of the following statuses may be refunded: succeeded. To release the funds, cancel it instead.", status)
		e.Objects = map[string][]byte{"payment_intent": intent.JSON()}
		return e
	}
	return nothingToRefund(id)
}

// refundAmount is how much to give back: all that is left, unless something less was asked for.
func refundAmount(params, charge *object.Object) (int64, error) {
	left := charge.Int("amount") - charge.Int("amount_refunded")
	switch {
	case left == 0:
		return 0, apierr.Invalid("charge_already_refunded", "", "Charge %s has already been refunded.", charge.ID())
	case !params.Has("amount"):
		return left, nil
	}
	amount, currency := params.Int("amount"), charge.String("currency")
	switch {
	case amount < 1:
		return 0, apierr.Invalid("parameter_invalid_integer", "amount", "This value must be greater than or equal to 1.")
	case amount > left:
		return 0, apierr.Invalid("", "amount", "Refund amount (%s) is greater than unrefunded amount on charge (%s)", money.Format(amount, currency), money.Format(left, currency))
	case amount < left && !charge.Bool("captured"):
		return 0, apierr.Invalid("", "amount", "Charge %s has not been captured: it can be released whole, or captured in part.", charge.ID())
	}
	return amount, nil
}

// applyRefund counts the refund on its charge, and ends what waited to see whether the charge is good.
func applyRefund(op *resource.Op) error {
	if op.Object.Ref("charge") == "" {
		return nil // it came from a cash balance
	}
	if err := countRefund(op, op.Object); err != nil || op.Processor() == nil {
		return err
	}
	return op.Ask(askRefund, op.Object)
}

// countRefund is applyRefund for any refund.
func countRefund(op *resource.Op, refund *object.Object) error {
	charge, err := op.Get("charge", refund.Ref("charge"), "charge")
	if err != nil {
		return err
	}
	countRefunded(charge, refund.Int("amount"))
	asFraud := refund.String("reason") == "fraudulent"
	if asFraud {
		charge.Sub("fraud_details").Set("user_report", "fraudulent")
	}
	previous, err := op.Changes(charge)
	if err != nil {
		return err
	}
	if err := op.EmitChanged("charge.refunded", charge, previous); err != nil {
		return err
	}
	if charge.Object("payment_method_details").String("type") == cashMethod && charge.Bool("captured") {
		if err := refundToCash(op, charge.Ref("customer"), refund); err != nil {
			return err
		}
	}
	if !charge.Bool("refunded") {
		return nil
	}
	return endSuspicion(op, charge, map[bool]string{false: "refunded", true: "refunded_as_fraud"}[asFraud])
}

// endSuspicion closes what is of no use once a charge was given back or disputed: its review and the warnings of fraud.
func endSuspicion(op *resource.Op, charge *object.Object, reason string) error {
	if err := closeReviewOf(op, charge, reason); err != nil {
		return err
	}
	return showStanding(op, charge)
}

// showStanding says on the warnings about a charge and on its disputes what can still be done.
// Emits radar.early_fraud_warning.updated, charge.dispute.updated.
func showStanding(op *resource.Op, charge *object.Object) error {
	if err := showActionable(op, charge); err != nil {
		return err
	}
	return showRefundable(op, charge)
}

// countRefunded adds to what a charge has given back; a negative amount came back again.
func countRefunded(charge *object.Object, amount int64) {
	refunded := charge.Int("amount_refunded") + amount
	charge.Set("amount_refunded", refunded)
	charge.Set("refunded", refunded == charge.Int("amount"))
}

// refundThisCharge is the older way to refund: it answers the charge.
func refundThisCharge(op *resource.Op) error {
	params := newParams("charge", op.Object.ID())
	for _, name := range []string{"amount", "instructions_email", "metadata", "payment_intent", "reason", "refund_application_fee", "reverse_transfer"} {
		if v := op.Params.Get(name); v != nil {
			params.Set(name, v)
		}
	}
	_, err := op.Create("refund", params)
	return err
}
