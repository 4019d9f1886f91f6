package billing

import (
	"cmp"

	"sharesmart/internal/object"
	"sharesmart/internal/paper"
	"sharesmart/internal/resource"
)

// The receipt of a charge: who has its address may read it. What was paid for an invoice has the invoice's receipt.

// showReceipt lets a charge that was paid have a receipt.
func showReceipt(op *resource.Op, charge *object.Object) error {
	token, err := op.MarkedToken(charge.ID())
	charge.Set("receipt_url", op.BaseURL()+"/receipts/"+token)
	return err
}

// ChargePaper is the receipt of a charge; nil if nothing was paid.
func ChargePaper(s *resource.Survey, charge *object.Object) (*paper.Document, error) {
	if !charge.Bool("paid") || charge.Int("amount_captured") == 0 {
		return nil, nil
	}
	in, err := invoiceOfCharge(s, charge)
	if err != nil {
		return nil, err
	}
	if in != nil {
		return ReceiptPaper(s, in)
	}
	p := printingOf(s, paper.PaymentReceipt, charge.String("currency"))
	d := p.doc
	d.Number, d.Status = cmp.Or(charge.String("receipt_number"), charge.ID()), paper.Paid
	d.Settled = dayOf(charge, "created")
	if err := p.seller(charge.Ref("on_behalf_of"), nil, ""); err != nil {
		return nil, err
	}
	payer, shipping := charge.Object("billing_details"), charge.Object("shipping")
	d.Buyer = paper.Party{Name: payer.String("name"), Address: addressOf(payer.Object("address")), Email: cmp.Or(payer.String("email"), charge.String("receipt_email")), Phone: payer.String("phone")}
	if shipping != nil {
		d.Recipient = paper.Party{Name: shipping.String("name"), Address: addressOf(shipping.Object("address"))}
	}
	if err := p.buyer(charge.Ref("customer")); err != nil {
		return nil, err
	}
	p.layout(nil)
	if err := p.soldByCharge(charge); err != nil {
		return nil, err
	}
	details := charge.Object("payment_method_details")
	part := details.Object(details.String("type"))
	p.entry(paper.Entry{At: d.Settled, Method: paper.Method(details.String("type"), part.String("brand"), part.String("last4")), Amount: charge.Int("amount_captured")})
	return d, s.Lookup("refund", "charge", charge.ID(), func(refund *object.Object) error {
		if status := refund.String("status"); status == "succeeded" || status == "pending" {
			p.entry(paper.Entry{At: dayOf(refund, "created"), Refund: true, Amount: -refund.Int("amount")})
		}
		return nil
	})
}

// invoiceOfCharge is the invoice that a charge paid; nil if it paid none.
func invoiceOfCharge(s *resource.Survey, charge *object.Object) (in *object.Object, err error) {
	intent := charge.Ref("payment_intent")
	if intent == "" {
		return nil, nil
	}
	err = s.Lookup("invoice_payment", "paid by", intent, func(payment *object.Object) (err error) {
		in, err = s.Find("invoice", payment.Ref("invoice"))
		return err
	})
	return in, err
}

// soldByCharge reads what was paid for: what was sold at a checkout session, or else what the charge says of itself.
func (p *printing) soldByCharge(charge *object.Object) error {
	d, amount := p.doc, charge.Int("amount_captured")
	d.Sums = paper.Sums{Subtotal: amount, Total: amount, TotalExcludingTax: amount, SubtotalExcludingTax: amount, Paid: amount}
	d.Lines = []paper.Line{{Description: cmp.Or(charge.String("description"), charge.String("calculated_statement_descriptor"), d.Seller.Name), Quantity: "1", Amount: amount}}
	if charge.Ref("payment_intent") == "" {
		return nil
	}
	return p.Lookup("checkout.session", "payment_intent", charge.Ref("payment_intent"), func(s *object.Object) error {
		totals := s.Object("total_details")
		if s.Int("amount_total") != amount || totals.Int("amount_tax") > 0 { // the rates are not kept with it
			return nil
		}
		private, err := p.Private("checkout.session", s.ID())
		if err != nil {
			return err
		}
		var lines []paper.Line
		for _, v := range private.Array("items") {
			id, _ := v.(string)
			item, err := p.Find("item", id)
			if item == nil || err != nil {
				return err
			}
			lines = append(lines, paper.Line{Description: item.String("description"), Quantity: numberText(item.Get("quantity")), UnitAmount: item.Object("price").String("unit_amount_decimal"), Amount: item.Int("amount_subtotal")})
		}
		d.Lines, d.Sums.Subtotal, d.Sums.SubtotalExcludingTax, d.Sums.Shipping = lines, s.Int("amount_subtotal"), s.Int("amount_subtotal"), totals.Int("amount_shipping")
		if off := totals.Int("amount_discount"); off > 0 {
			name, err := p.couponName(s.Array("discounts"))
			d.Sums.Discounts = []paper.Deduction{{Name: name, Amount: off}}
			return err
		}
		return nil
	})
}

// couponName is what the coupon of a session is called.
func (p *printing) couponName(discounts []any) (string, error) {
	for _, v := range discounts {
		id := v.(*object.Object).Ref("coupon")
		coupon, err := p.Find("coupon", id)
		return cmp.Or(coupon.String("name"), id), err
	}
	return "", nil
}
