package billing

import (
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// disputeVerdict is the timer that lets the bank say what it makes of the evidence.
const disputeVerdict = "dispute.verdict"

// decideDispute is the bank's answer to the evidence.
func decideDispute(op *resource.Op) error {
	d := op.Object
	if s := d.String("status"); s != "under_review" && s != "warning_under_review" {
		return nil
	}
	switch v := verdictOn(d); {
	case v == processor.Undecided:
		return nil
	case v == processor.Escalated:
		return escalateInquiry(op, d)
	case isInquiry(d):
		return endDispute(op, d, "warning_closed")
	case v == processor.Won:
		return winDispute(op, d)
	default:
		return endDispute(op, d, "lost")
	}
}

// missDispute ends what was not answered in time, or an inquiry that the bank did not come back to.
func missDispute(op *resource.Op) error {
	if op.Live() {
		return nil // the processor says how it ends
	}
	switch op.Object.String("status") {
	case "needs_response":
		return endDispute(op, op.Object, "lost")
	case "warning_needs_response", "warning_under_review":
		return endDispute(op, op.Object, "warning_closed")
	}
	return nil
}

// closeDispute accepts a dispute: it is lost.
func closeDispute(op *resource.Op) error { return acceptDispute(op, op.Object) }

func acceptDispute(op *resource.Op, d *object.Object) error {
	if err := checkAnswerable(d, "close"); err != nil {
		return err
	}
	if err := tellDispute(op, d, true); err != nil {
		return err
	}
	if isInquiry(d) {
		return endDispute(op, d, "warning_closed")
	}
	return endDispute(op, d, "lost")
}

// endDispute ends a dispute without money coming back.
// Emits charge.dispute.closed.
func endDispute(op *resource.Op, d *object.Object, status string) error {
	if err := op.Move(d, status); err != nil {
		return err
	}
	if err := op.SetTimer(disputeDue, d, time.Time{}); err != nil {
		return err
	}
	return op.Emit("charge.dispute.closed", d)
}

// winDispute brings the amount and the fee back.
// Emits charge.dispute.closed, charge.dispute.funds_reinstated.
func winDispute(op *resource.Op, d *object.Object) error {
	if err := moveDisputed(op, d, d.Int("amount"), -disputeFee, "Chargeback reversal for "+d.Ref("charge")); err != nil {
		return err
	}
	charge, err := op.Get("charge", d.Ref("charge"), "charge")
	if err != nil {
		return err
	}
	d.Set("is_charge_refundable", !charge.Bool("refunded"))
	if err := endDispute(op, d, "won"); err != nil {
		return err
	}
	return op.Emit("charge.dispute.funds_reinstated", d)
}

// escalateInquiry makes an inquiry a dispute about what was not given back meanwhile.
// Emits charge.dispute.updated, charge.dispute.funds_withdrawn; charge.dispute.closed if nothing is left to dispute.
func escalateInquiry(op *resource.Op, d *object.Object) error {
	charge, err := op.Get("charge", d.Ref("charge"), "charge")
	if err != nil {
		return err
	}
	if err := failPendingRefunds(op, charge); err != nil {
		return err
	}
	left := charge.Int("amount") - charge.Int("amount_refunded")
	if left == 0 {
		return endDispute(op, d, "warning_closed")
	}
	if err := op.Move(d, "needs_response"); err != nil {
		return err
	}
	d.Set("amount", min(left, d.Int("amount")))
	d.Set("is_charge_refundable", false)
	if card := d.Object("payment_method_details").Object("card"); card != nil {
		card.Set("case_type", "chargeback")
	}
	if err := askForEvidence(op, d); err != nil {
		return err
	}
	if err := withdrawDisputed(op, d); err != nil {
		return err
	}
	if err := op.EmitUpdated(d); err != nil {
		return err
	}
	return op.Emit("charge.dispute.funds_withdrawn", d)
}

// withdrawDisputed takes the amount of a dispute and its fee out of the balance.
func withdrawDisputed(op *resource.Op, d *object.Object) error {
	return moveDisputed(op, d, -d.Int("amount"), disputeFee, "Chargeback withdrawal for "+d.Ref("charge"))
}

// moveDisputed posts a movement of a dispute and shows it there.
func moveDisputed(op *resource.Op, d *object.Object, amount, charged int64, description string) error {
	t, err := post(op, posting{
		kind: "adjustment", source: d.ID(), amount: amount, currency: d.String("currency"), description: description,
		fees: []fee{{kind: "stripe_fee", amount: charged, description: "Dispute fee"}},
	})
	if err != nil {
		return err
	}
	d.Set("balance_transactions", append(d.Array("balance_transactions"), t.Clone()))
	op.Save(d)
	return nil
}

// failPendingRefunds ends the refunds that are on their way when a bank takes the payment back.
func failPendingRefunds(op *resource.Op, charge *object.Object) error {
	all, err := op.Lookup("refund", "charge", charge.ID())
	if err != nil {
		return err
	}
	for _, refund := range all {
		if refund.String("status") != "pending" {
			continue
		}
		if err := failRefund(op, refund, "charge_for_pending_refund_disputed"); err != nil {
			return err
		}
	}
	return nil
}
