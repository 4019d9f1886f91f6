package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// payBack gives the paid part of a note back: by a new refund, and to the customer's balance, where a negative amount
// is to the customer's good.
func (n *creditNote) payBack(op *resource.Op, note *object.Object) error {
	if n.refund > 0 {
		charge, err := n.refundable()
		if err != nil {
			return err
		}
		refund, err := op.Create("refund", newParams("charge", charge.ID(), "amount", n.refund))
		if err != nil {
			return err
		}
		note.Set("refunds", append(note.Array("refunds"), refundPart(refund.ID(), n.refund)))
	}
	if n.credit == 0 {
		return nil
	}
	customer := note.Ref("customer")
	entry, err := op.CreateBelow("customer_balance_transaction", customer, newParams("customer", customer, "amount", -n.credit,
		"currency", note.String("currency"), "credit_note", note.ID(), "invoice", n.invoice.ID(), "type", "credit_note"))
	if err != nil {
		return err
	}
	note.Set("customer_balance_transaction", entry.ID())
	return nil
}

// creditInvoice counts a note on its invoice. An open invoice on which nothing is left to pay is paid.
func creditInvoice(op *resource.Op) error {
	note := op.Object
	in, err := op.Get("invoice", note.Ref("invoice"), "invoice")
	if err != nil {
		return err
	}
	in.Set("post_payment_credit_notes_amount", in.Int("post_payment_credit_notes_amount")+note.Int("post_payment_amount"))
	lowerInvoice(in, note.Int("pre_payment_amount"))
	if in.String("status") != "paid" && in.Int("amount_remaining") == 0 {
		return closePaid(op, in)
	}
	if err := fitPayment(op, in); err != nil {
		return err
	}
	return op.EmitUpdated(in)
}

// lowerInvoice takes an amount off what is still to be paid.
func lowerInvoice(in *object.Object, amount int64) {
	for name, by := range map[string]int64{"pre_payment_credit_notes_amount": amount, "amount_due": -amount, "amount_remaining": -amount} {
		in.Set(name, in.Int(name)+by)
	}
}
