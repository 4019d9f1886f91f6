package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A reversal brings the money of a transfer back to the platform, or a part of it. In the connected account it is a refund
// of the payment that the transfer made.
//
// Emits transfer.reversed; in the destination refund.created and charge.refunded.
func init() {
	register(resource.Rules{Object: "transfer_reversal", Create: reverseTransfer, Created: countReversal})
}

func reverseTransfer(op *resource.Op) error {
	r := op.Object
	transfer, err := op.Get("transfer", op.MadeBelow(), "id")
	if err != nil {
		return err
	}
	currency := transfer.String("currency")
	amount, err := partLeft(op.Params, transfer.Int("amount"), transfer.Int("amount_reversed"), currency, "transfer")
	if err != nil {
		return err
	}
	available, err := isAvailable(op, transfer)
	if err != nil {
		return err
	}
	t, err := post(op, posting{kind: "transfer_refund", source: r.ID(), amount: amount, currency: currency, available: available, fund: transfer.String("source_type")})
	if err != nil {
		return err
	}
	r.Set("amount", amount)
	r.Set("balance_transaction", t.ID())
	r.Set("currency", currency)
	r.Set("transfer", transfer.ID())
	if op.Mocks() {
		return nil
	}
	return recoverPayment(op, transfer, amount, available)
}

// recoverPayment refunds the payment in the destination, and gives the platform's fee back if that is asked for.
func recoverPayment(op *resource.Op, transfer *object.Object, amount int64, available bool) error {
	r := op.Object
	there, err := op.In(transfer.Ref("destination"))
	if err != nil {
		return err
	}
	payment, err := there.Get("charge", transfer.Ref("destination_payment"), "destination_payment")
	if err != nil {
		return err
	}
	there.Choose("refund", idLike(there, "refund", "pyr_"))
	refund, err := there.Make("refund", "", newParams("amount", amount), func(op *resource.Op) error {
		t, err := post(op, posting{kind: "payment_refund", source: op.Object.ID(), amount: -amount, currency: payment.String("currency"), available: available})
		if err != nil {
			return err
		}
		op.Object.Set("balance_transaction", t.ID())
		op.Object.Set("charge", payment.ID())
		op.Object.Set("currency", payment.String("currency"))
		op.Object.Set("source_transfer_reversal", r.ID())
		op.Object.Set("status", "succeeded")
		op.Object.Delete("destination_details")
		return nil
	})
	if err != nil {
		return err
	}
	r.Set("destination_payment_refund", refund.ID())
	refunded := payment.Int("amount_refunded") + amount
	payment.Set("amount_refunded", refunded)
	payment.Set("refunded", refunded == payment.Int("amount"))
	if err := emitChange(there, "charge.refunded", payment); err != nil || !op.Params.Bool("refund_application_fee") {
		return err
	}
	return refundShare(op, payment, "refund_application_fee", refunded)
}

// countReversal counts the reversal on its transfer.
func countReversal(op *resource.Op) error {
	transfer, err := op.Get("transfer", op.Object.Ref("transfer"), "transfer")
	if err != nil {
		return err
	}
	reversed := transfer.Int("amount_reversed") + op.Object.Int("amount")
	transfer.Set("amount_reversed", reversed)
	transfer.Set("reversed", reversed == transfer.Int("amount"))
	listedFirst(transfer.Object("reversals"), op.Object)
	return emitChange(op, "transfer.reversed", transfer)
}
