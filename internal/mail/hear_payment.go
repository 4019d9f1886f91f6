package mail

import (
	"cmp"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// withReceipt are payments for which a receipt was asked for.
func withReceipt(a resource.Announcement) bool {
	return a.Object.String("receipt_email") != "" && a.Object.Bool("paid")
}

// tellCharge is the receipt of a payment without an invoice.
func tellCharge(d *desk) (bool, error) {
	charge, w := d.object, d.words
	d.to = charge.String("receipt_email")
	invoiced := false // the invoice has a receipt of its own then
	if intent := charge.Ref("payment_intent"); intent != "" {
		if err := d.Lookup("invoice_payment", "paid by", intent, func(*object.Object) error { invoiced = true; return nil }); err != nil {
			return false, err
		}
	}
	paid := w.amount(charge.Int("amount_captured"), charge.String("currency"))
	d.say(kindReceipt, put(w.receipt, d.letter.Seller.Name), w.receiptHeading, put(w.receiptText, paid))
	d.with("amount", paid, "date", w.day(charge.Int("created")), "method", methodText(charge.Object("payment_method_details")))
	if what := charge.String("description"); what != "" {
		d.letter.Lines, d.letter.Total = append(d.letter.Lines, field(what, paid)), field(w.total, paid)
	}
	d.fact(w.paidOn, w.day(charge.Int("created")))
	d.fact(w.paidWith, methodText(charge.Object("payment_method_details")))
	d.fact(w.reference, cmp.Or(charge.String("receipt_number"), charge.ID()))
	return charge.Int("amount_captured") > 0 && !invoiced, nil
}

func tellRefund(d *desk) (bool, error) {
	refund := d.object
	charge, err := d.Find("charge", refund.Ref("charge"))
	if charge == nil || err != nil {
		return false, err
	}
	if err := d.receive(charge.Ref("customer")); err != nil {
		return false, err
	}
	d.to = cmp.Or(charge.String("receipt_email"), d.to)
	w := d.words
	amount, method := w.amount(refund.Int("amount"), refund.String("currency")), methodText(charge.Object("payment_method_details"))
	text := put(w.refundText, amount)
	if method != "" {
		text = put(w.refundMethod, amount, method)
	}
	d.say(kindRefund, put(w.refund, d.letter.Seller.Name), w.refundHeading, text, w.refundWait)
	d.with("amount", amount, "method", method, "date", w.day(refund.Int("created")))
	d.fact(w.refundOn, w.day(refund.Int("created")))
	d.fact(w.reference, refund.ID())
	status := refund.String("status")
	return status == "succeeded" || status == "pending", nil
}
