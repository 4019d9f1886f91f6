package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A refund gives back what a charge took, or a part of it.
//
//	(new) --> succeeded
//
// Refunds of a charge never sum to more than the charge. A charge that was only authorized can be given back whole,
// which releases it.
//
// Emits refund.created, then charge.refunded.
func init() {
	register(resource.Rules{Object: "refund", Create: makeRefund, Created: applyRefund})
}

func makeRefund(op *resource.Op) error {
	refund := op.Object
	if op.Params.Has("origin") {
		return apierr.NotImplemented("A refund from a customer's cash balance")
	}
	charge, err := refundedCharge(op)
	if err != nil {
		return err
	}
	amount, err := refundAmount(op.Params, charge)
	if err != nil {
		return err
	}
	refund.Set("amount", amount)
	refund.Set("charge", charge.ID())
	refund.Set("currency", charge.String("currency"))
	refund.Set("payment_intent", charge.Get("payment_intent"))
	refund.Set("status", "succeeded")
	card := newParams("reference_status", "pending", "reference_type", "acquirer_reference_number", "type", "refund")
	if !charge.Bool("captured") {
		card = newParams("type", "reversal")
	}
	refund.Set("destination_details", newParams("card", card, "type", "card"))
	return nil
}

// refundedCharge finds the charge: by its own id, or as the one that a payment intent made.
func refundedCharge(op *resource.Op) (*object.Object, error) {
	id := op.Object.Ref("charge")
	if id == "" {
		if op.Params.String("payment_intent") == "" {
			return nil, apierr.Invalid("parameter_missing", "", "One of the following params should be provided for this request: payment_intent or charge.")
		}
		intent, err := op.Get("payment_intent", op.Params.String("payment_intent"), "payment_intent")
		if err != nil {
			return nil, err
		}
		if id = intent.Ref("latest_charge"); id == "" {
			return nil, apierr.Invalid("", "payment_intent", "This PaymentIntent (%s) does not have a successful charge to refund.", intent.ID())
		}
	}
	return op.Get("charge", id, "charge")
}

// refundAmount is how much to give back: all that is left, unless something less was asked for.
func refundAmount(params, charge *object.Object) (int64, error) {
	left := charge.Int("amount") - charge.Int("amount_refunded")
	switch {
	case charge.String("status") != "succeeded":
		return 0, apierr.Invalid("charge_not_refundable", "", "Charge %s cannot be refunded because it did not succeed.", charge.ID())
	case charge.Bool("disputed"):
		return 0, apierr.Invalid("charge_disputed", "", "Charge %s has been charged back; cannot issue a refund.", charge.ID())
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

// applyRefund counts the refund on its charge.
func applyRefund(op *resource.Op) error {
	charge, err := op.Get("charge", op.Object.Ref("charge"), "charge")
	if err != nil {
		return err
	}
	if charge.Bool("captured") {
		t, err := post(op, posting{kind: "refund", source: op.Object.ID(), amount: -op.Object.Int("amount"), currency: charge.String("currency")})
		if err != nil {
			return err
		}
		op.Object.Set("balance_transaction", t.ID())
		op.Save(op.Object)
	}
	if err := reverseForRefund(op, charge, op.Object, op.Params.Bool("reverse_transfer"), op.Params.Bool("refund_application_fee")); err != nil {
		return err
	}
	refunded := charge.Int("amount_refunded") + op.Object.Int("amount")
	charge.Set("amount_refunded", refunded)
	charge.Set("refunded", refunded == charge.Int("amount"))
	previous, err := op.Changes(charge)
	if err != nil {
		return err
	}
	return op.EmitChanged("charge.refunded", charge, previous)
}

// refundThisCharge is the older way to refund: it answers the charge.
func refundThisCharge(op *resource.Op) error {
	_, err := op.Create("refund", newParams("charge", op.Object.ID(), "amount", op.Params.Get("amount"),
		"metadata", op.Params.Get("metadata"), "reason", op.Params.Get("reason"),
		"reverse_transfer", op.Params.Get("reverse_transfer"), "refund_application_fee", op.Params.Get("refund_application_fee")))
	return err
}
