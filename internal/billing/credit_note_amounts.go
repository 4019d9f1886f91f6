package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// creditNote is a credit note at work: what was asked for, and what it comes to.
//
//	subtotal = the lines, less their own discounts, without exclusive tax
//	total    = subtotal - the invoice's discounts - what credits paid + exclusive tax - inclusive tax of those who pay none
//	           + shipping
//	pre      = min(total, what is left to pay on the invoice)
//	post     = total - pre = refund + linked refunds + credit + out of band
type creditNote struct {
	invoice  *object.Object
	ordinal  int // 1 for the invoice's first note
	lines    []creditLine
	shipping *object.Object // the invoice's shipping cost, if it is credited
	shipTax  []any          // its taxes, as they are shown

	subtotal, discount, inclusiveTax, exclusiveTax, untaxed, total int64
	pre, post                                                      int64

	refund, credit, outOfBand int64
	charges                   []*object.Object // that paid for the invoice, newest first
	linked                    []linkedRefund
}

// newCreditNote works out a note from the operation's parameters.
func newCreditNote(op *resource.Op) (*creditNote, error) {
	in, err := op.Get("invoice", op.Params.String("invoice"), "invoice")
	if err != nil {
		return nil, err
	}
	switch status := in.String("status"); status {
	case "open", "paid", "uncollectible":
	default:
		return nil, apierr.Invalid("", "invoice", "The invoice %s is %s: only an open, paid or uncollectible invoice can be credited.", in.ID(), status)
	}
	if err := checkNotHeld(op, in); err != nil {
		return nil, err
	}
	earlier, err := op.Lookup("credit_note", "invoice", in.ID())
	if err != nil {
		return nil, err
	}
	n := &creditNote{invoice: in, ordinal: len(earlier) + 1}
	issued := issuedOnly(earlier)
	if err := n.readLines(op, issued); err != nil {
		return nil, err
	}
	if err := n.readShipping(op, issued); err != nil {
		return nil, err
	}
	n.sum()
	if err := n.checkTotal(issued); err != nil {
		return nil, err
	}
	return n, n.divide(op, issued)
}

func issuedOnly(notes []*object.Object) []*object.Object {
	var issued []*object.Object
	for _, note := range notes {
		if note.String("status") == "issued" {
			issued = append(issued, note)
		}
	}
	return issued
}

// readShipping credits the invoice's shipping cost, which can be done once.
func (n *creditNote) readShipping(op *resource.Op, issued []*object.Object) error {
	sent := op.Params.Object("shipping_cost")
	if sent == nil {
		return nil
	}
	const param = "shipping_cost[shipping_rate]"
	cost := n.invoice.Object("shipping_cost")
	if cost == nil || cost.Ref("shipping_rate") != sent.String("shipping_rate") {
		return apierr.Invalid("", param, "The invoice %s has no shipping cost with the shipping rate %q.", n.invoice.ID(), sent.String("shipping_rate"))
	}
	for _, note := range issued {
		if note.Int("amount_shipping") > 0 {
			return apierr.Invalid("", param, "The shipping cost of the invoice %s was credited by %s.", n.invoice.ID(), note.ID())
		}
	}
	n.shipping = cost
	private, err := op.Private(n.invoice)
	n.shipTax = private.Object("shipping_cost").Array("taxes")
	return err
}

// sum adds the lines and the shipping cost up.
func (n *creditNote) sum() {
	for i := range n.lines {
		line := &n.lines[i]
		n.subtotal += line.amount - line.own
		n.untaxed += line.untaxed
		n.total += line.amount - line.untaxed
		for _, d := range line.discounts {
			n.discount += d.amount
		}
		for _, c := range line.credits {
			n.total -= c.amount
		}
		for _, t := range line.taxes {
			if t.inclusive {
				n.inclusiveTax += t.amount
			} else {
				n.exclusiveTax += t.amount
			}
		}
	}
	n.total += n.exclusiveTax - n.discount + n.shipping.Int("amount_total")
}

// checkTotal keeps the note above zero, and all notes of the invoice within its total.
func (n *creditNote) checkTotal(issued []*object.Object) error {
	if n.total < 1 {
		return apierr.Invalid("", n.param(), "A credit note must come to more than zero; this one comes to %s.", n.format(n.total))
	}
	left := n.invoice.Int("total")
	for _, note := range issued {
		left -= note.Int("total")
	}
	if n.total > left {
		return apierr.Invalid("", n.param(), "The credit note comes to %s, but at most %s of the invoice %s can be credited.", n.format(n.total), n.format(left), n.invoice.ID())
	}
	return nil
}

// param is the parameter that the total comes from.
func (n *creditNote) param() string {
	if len(n.lines) == 1 && n.lines[0].plain {
		return "amount"
	}
	return "lines"
}

func (n *creditNote) format(amount int64) string {
	return money.Format(amount, n.invoice.String("currency"))
}

// divide splits the total at what is left to pay, and checks that the request says where the rest goes, to the cent.
func (n *creditNote) divide(op *resource.Op, issued []*object.Object) error {
	n.pre = min(n.total, max(n.invoice.Int("amount_remaining"), 0))
	n.post = n.total - n.pre
	for _, part := range []struct {
		name string
		into *int64
	}{{"refund_amount", &n.refund}, {"credit_amount", &n.credit}, {"out_of_band_amount", &n.outOfBand}} {
		if *part.into = op.Params.Int(part.name); *part.into < 0 {
			return apierr.Invalid("parameter_invalid_integer", part.name, "This value must be greater than or equal to 0.")
		}
	}
	var err error
	if n.charges, err = invoiceCharges(op, n.invoice); err != nil {
		return err
	}
	if err := n.linkRefunds(op, issued); err != nil {
		return err
	}
	given := n.refund + n.credit + n.outOfBand
	for _, l := range n.linked {
		given += l.amount
	}
	switch {
	case n.post == 0 && given > 0:
		return apierr.Invalid("", firstGiven(op.Params), "Nothing was paid of what this credit note takes back, so nothing can be refunded, credited or paid back out of band.")
	case given != n.post:
		return apierr.Invalid("", firstGiven(op.Params), "The sum of refund_amount, refunds, credit_amount and out_of_band_amount (%s) must equal the part of the credit note that was paid already (%s).", n.format(given), n.format(n.post))
	}
	_, err = n.refundable()
	return err
}

// firstGiven is the parameter to blame for a wrong division.
func firstGiven(params *object.Object) string {
	for _, name := range []string{"refund_amount", "refunds", "credit_amount", "out_of_band_amount"} {
		if params.Has(name) {
			return name
		}
	}
	return ""
}

// fillAmounts writes what was worked out into the object.
func (n *creditNote) fillAmounts(o *object.Object) {
	shipping := n.shipping.Int("amount_subtotal")
	tax := n.inclusiveTax + n.exclusiveTax + n.shipping.Int("amount_tax")
	o.Set("amount", n.total)
	o.Set("amount_shipping", shipping)
	o.Set("discount_amount", n.discount)
	o.Set("discount_amounts", n.allDiscounts())
	o.Set("pretax_credit_amounts", append(pretaxCredits(n.allDiscounts()), n.allCredits()...))
	o.Set("subtotal", n.subtotal)
	o.Set("subtotal_excluding_tax", n.subtotal-n.inclusiveTax-n.untaxed)
	o.Set("total", n.total)
	o.Set("total_excluding_tax", n.total-tax)
	o.Set("total_taxes", n.allTaxes())
	o.Set("pre_payment_amount", n.pre)
	o.Set("post_payment_amount", n.post)
	o.Set("out_of_band_amount", nil)
	if n.outOfBand > 0 {
		o.Set("out_of_band_amount", n.outOfBand)
	}
	o.Set("shipping_cost", nil)
	if n.shipping != nil {
		o.Set("shipping_cost", n.shipping.Clone())
	}
	o.Set("type", n.kind())
	refunds := make([]any, 0, len(n.linked)+1)
	for _, l := range n.linked {
		refunds = append(refunds, l.shown())
	}
	o.Set("refunds", refunds)
}

func (n *creditNote) kind() string {
	switch {
	case n.post == 0:
		return "pre_payment"
	case n.pre == 0:
		return "post_payment"
	}
	return "mixed"
}
