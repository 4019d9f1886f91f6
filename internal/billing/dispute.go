package billing

import (
	"slices"
	"strings"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// A dispute is a bank that takes a payment back because its customer questions it. An inquiry asks first.
//
//	(new) --> needs_response --evidence--> under_review --> won or lost
//	                         --close, or no evidence in time--> lost
//	(new) --> warning_needs_response --evidence--> warning_under_review --> warning_closed
//	                                 --close, or no evidence in time--> warning_closed
//	                                                  --escalated--> needs_response
//
// Only a dispute moves money: the amount and a fee go when it opens, and come back if it is won. What a bank makes of the
// evidence it says a moment later; evidence that it has no opinion about stays under review.
//
// The evidence is in dispute_evidence.go, how a dispute ends in dispute_outcome.go.
//
// Emits charge.dispute.created, .updated, .closed, .funds_withdrawn, .funds_reinstated.
func init() {
	register(resource.Rules{
		Object: "dispute", Update: updateDispute,
		States: resource.States{
			"needs_response":         {"under_review", "lost"},
			"under_review":           {"won", "lost"},
			"warning_needs_response": {"warning_under_review", "warning_closed"},
			"warning_under_review":   {"needs_response", "warning_closed"},
		},
		Actions: resource.Actions{
			"POST /v1/disputes/{dispute}/close":       closeDispute,
			"POST /v1/charges/{charge}/dispute":       updateDisputeOfCharge,
			"POST /v1/charges/{charge}/dispute/close": closeDisputeOfCharge,
		},
		Jobs:   map[string]resource.Job{askDispute: askForDispute},
		Timers: map[string]resource.Hook{disputeDue: missDispute, disputeVerdict: decideDispute},
	})
}

const (
	// disputeDue is the timer that ends a dispute nobody answered, or an inquiry that led to nothing.
	disputeDue = "dispute.due"
	// responseDays are for evidence; it is due at the end of the last of them.
	responseDays = 19
	// disputeFee is what a dispute costs, in the smallest unit of the currency.
	disputeFee = 1500
)

// openDispute lets the bank of a charge dispute what was not given back of it yet. A refund that is still on its way does
// not arrive then.
// Emits refund.failed and what belongs to it for such a refund, charge.dispute.created, charge.dispute.funds_withdrawn
// unless it is an inquiry, review.closed and radar.early_fraud_warning.updated where there are any.
func openDispute(op *resource.Op, charge *object.Object, c processor.DisputeCase) error {
	if !c.Inquiry {
		if err := failPendingRefunds(op, charge); err != nil {
			return err
		}
	}
	if charge.Bool("refunded") {
		return nil
	}
	charge.Set("disputed", true)
	op.Save(charge)
	d, err := op.Make("dispute", "", newParams("charge", charge.ID()), func(op *resource.Op) error { return fillDispute(op, charge, c) })
	if err != nil {
		return err
	}
	if !c.Inquiry {
		if err := op.Emit("charge.dispute.funds_withdrawn", d); err != nil {
			return err
		}
	}
	return endSuspicion(op, charge, "disputed")
}

// fillDispute makes op.Object a dispute as it opens.
func fillDispute(op *resource.Op, charge *object.Object, c processor.DisputeCase) error {
	d := op.Object
	d.Set("amount", charge.Int("amount")-charge.Int("amount_refunded"))
	if c.Amount > 0 {
		d.Set("amount", min(c.Amount, d.Int("amount")))
	}
	d.Set("currency", charge.String("currency"))
	d.Set("payment_intent", charge.Get("payment_intent"))
	d.Set("reason", c.Reason)
	d.Set("status", "needs_response")
	if c.Inquiry {
		d.Set("status", "warning_needs_response")
	}
	d.Set("is_charge_refundable", c.Inquiry)
	showDisputedMethod(d, charge, c)
	for name, v := range knownEvidence(charge) {
		d.Sub("evidence").Set(name, v)
	}
	details := d.Sub("evidence_details")
	details.Set("has_evidence", false)
	details.Set("past_due", false)
	details.Set("submission_count", 0)
	types, eligibility := enhancedEligibility(d, c)
	details.Set("enhanced_eligibility", eligibility)
	d.Set("enhanced_eligibility_types", types)
	if err := askForEvidence(op, d); err != nil || c.Inquiry {
		return err
	}
	return withdrawDisputed(op, d)
}

// askForEvidence sets the day by which a dispute must be answered.
func askForEvidence(op *resource.Op, d *object.Object) error {
	y, m, day := op.Now().UTC().Date()
	due := time.Date(y, m, day+responseDays, 23, 59, 59, 0, time.UTC)
	d.Object("evidence_details").Set("due_by", due.Unix())
	return op.SetTimer(disputeDue, d, due)
}

// showDisputedMethod says what the network calls the case. Few methods besides cards say anything.
func showDisputedMethod(d, charge *object.Object, c processor.DisputeCase) {
	details := charge.Object("payment_method_details")
	part := object.New(nil)
	kind := details.String("type")
	switch kind {
	case "card":
		card := details.Object("card")
		part = newParams("brand", card.String("brand"), "case_type", caseType(c), "network", card.String("network"))
		part.Set("network_reason_code", textOrNull(c.NetworkCode))
	case "amazon_pay":
		part.Set("dispute_type", "chargeback")
	case "klarna":
		part.Set("reason_code", nil)
	case "paypal":
		part.Set("case_id", nil)
		part.Set("reason_code", nil)
	default:
		d.Delete("payment_method_details")
		return
	}
	d.Set("payment_method_details", newParams(kind, part, "type", kind))
}

func caseType(c processor.DisputeCase) string {
	switch {
	case c.Inquiry:
		return "inquiry"
	case c.Reason == "noncompliant":
		return "compliance"
	}
	return "chargeback"
}

// visaFraud is Visa's code for fraud with a card that was not present, which earlier payments can be evidence against.
const visaFraud = "10.4"

// enhancedEligibility says which more formal evidence a network would take, and what is missing for it.
func enhancedEligibility(d *object.Object, c processor.DisputeCase) (types []string, eligibility *object.Object) {
	network := d.Object("payment_method_details").Object("card").String("network")
	switch {
	case c.Reason == "noncompliant" && (network == "visa" || network == "mastercard"):
		name := network + "_compliance"
		return []string{name}, newParams(name, newParams("status", "requires_fee_acknowledgement"))
	case network == "visa" && c.NetworkCode == visaFraud && !c.Inquiry:
		missing := []string{"missing_customer_identifiers", "missing_disputed_transaction_description", "missing_merchandise_or_services", "missing_prior_undisputed_transactions"}
		return []string{"visa_compelling_evidence_3"}, newParams("visa_compelling_evidence_3", newParams("required_actions", missing, "status", "requires_action"))
	}
	return []string{}, object.New(nil)
}

// disputesOf are the disputes of a charge, newest first.
func disputesOf(op *resource.Op, charge *object.Object) ([]*object.Object, error) {
	return op.Lookup("dispute", "charge", charge.ID())
}

// isInquiry reports whether a dispute has moved no money.
func isInquiry(d *object.Object) bool { return strings.HasPrefix(d.String("status"), "warning_") }

// heldByDispute reports whether a bank has taken back what a charge brought.
func heldByDispute(op *resource.Op, charge *object.Object) (bool, error) {
	if !charge.Bool("disputed") {
		return false, nil
	}
	all, err := disputesOf(op, charge)
	return slices.ContainsFunc(all, func(d *object.Object) bool { return !isInquiry(d) && d.String("status") != "won" }), err
}

// showRefundable says on the disputes of a charge whether it can still be given back.
// Emits charge.dispute.updated.
func showRefundable(op *resource.Op, charge *object.Object) error {
	held, err := heldByDispute(op, charge)
	if err != nil || !charge.Bool("disputed") {
		return err
	}
	all, err := disputesOf(op, charge)
	if err != nil {
		return err
	}
	for _, d := range all {
		can := !held && !charge.Bool("refunded")
		if d.Bool("is_charge_refundable") == can {
			continue
		}
		d.Set("is_charge_refundable", can)
		if err := op.EmitUpdated(d); err != nil {
			return err
		}
	}
	return nil
}

// newestDispute is the dispute that the older paths below a charge mean.
func newestDispute(op *resource.Op) (*object.Object, error) {
	all, err := disputesOf(op, op.Object)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, apierr.Missing("dispute", op.Object.ID(), "id")
	}
	return all[0], nil
}

// updateDisputeOfCharge and closeDisputeOfCharge are the older ways to the dispute of a charge; they answer the dispute.
func updateDisputeOfCharge(op *resource.Op) error {
	d, err := newestDispute(op)
	if err != nil {
		return err
	}
	op.Result = d
	return op.Update(d, op.Params)
}

func closeDisputeOfCharge(op *resource.Op) error {
	d, err := newestDispute(op)
	if err != nil {
		return err
	}
	op.Result = d
	return acceptDispute(op, d)
}
