package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A refund of an application fee gives it back to the connected account, or a part of it.
//
// Emits application_fee.refunded.
func init() {
	register(resource.Rules{Object: "fee_refund", Create: refundFee, Created: countFeeRefund})
}

func refundFee(op *resource.Op) error {
	refund := op.Object
	fee, err := op.Get("application_fee", op.MadeBelow(), "id")
	if err != nil {
		return err
	}
	currency := fee.String("currency")
	amount, err := partLeft(op.Params, fee.Int("amount"), fee.Int("amount_refunded"), currency, "application fee")
	if err != nil {
		return err
	}
	available, err := isAvailable(op, fee)
	if err != nil {
		return err
	}
	p := posting{kind: "application_fee_refund", source: refund.ID(), amount: -amount, currency: currency, available: available}
	t, err := post(op, p)
	if err != nil {
		return err
	}
	refund.Set("amount", amount)
	refund.Set("balance_transaction", t.ID())
	refund.Set("currency", currency)
	refund.Set("fee", fee.ID())
	there, err := op.In(fee.Ref("account"))
	if err != nil {
		return err
	}
	p.amount = amount
	_, err = post(there, p)
	return err
}

// countFeeRefund counts the refund on its fee.
func countFeeRefund(op *resource.Op) error {
	fee, err := op.Get("application_fee", op.Object.Ref("fee"), "fee")
	if err != nil {
		return err
	}
	refunded := fee.Int("amount_refunded") + op.Object.Int("amount")
	fee.Set("amount_refunded", refunded)
	fee.Set("refunded", refunded == fee.Int("amount"))
	listedFirst(fee.Object("refunds"), op.Object)
	return emitChange(op, "application_fee.refunded", fee)
}

// emitChange saves an object and announces it with what changed.
func emitChange(op *resource.Op, eventType string, o *object.Object) error {
	previous, err := op.Changes(o)
	if err != nil {
		return err
	}
	return op.EmitChanged(eventType, o, previous)
}
