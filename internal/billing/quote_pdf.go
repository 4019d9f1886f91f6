package billing

import (
	"cmp"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/paper"
	"sharesmart/internal/resource"
)

// quotePDF prints a quote for its seller, who sends it to the customer. A draft is none yet. Stripe's words for that are not
// published; the kind of error is what it answers for other objects in the wrong state.
func quotePDF(s *resource.Survey, q *object.Object) (contentType string, data []byte, err error) {
	if q.String("status") == "draft" {
		return "", nil, apierr.Invalid("", "", "You can only download the PDF of a finalized quote. This quote is a draft; finalize it first.")
	}
	d, err := quotePaper(s, q)
	if err != nil {
		return "", nil, err
	}
	data, err = paper.PDF(d)
	return "application/pdf", data, err
}

func quotePaper(s *resource.Survey, q *object.Object) (*paper.Document, error) {
	p := printingOf(s, paper.Quote, q.String("currency"))
	d := p.doc
	d.Number = cmp.Or(q.String("number"), q.ID())
	d.Header, d.Memo, d.Footer = q.String("header"), q.String("description"), q.String("footer")
	d.Status = map[string]paper.Status{"accepted": paper.Accepted, "canceled": paper.Canceled}[q.String("status")]
	d.Issued, d.Expires = dayOf(q.Object("status_transitions"), "finalized_at"), dayOf(q, "expires_at")
	if d.Issued.IsZero() {
		d.Issued = dayOf(q, "created")
	}
	settings := q.Object("invoice_settings")
	if err := p.seller(settings.Object("issuer").Ref("account"), nil, ""); err != nil {
		return nil, err
	}
	if err := p.buyer(q.Ref("customer")); err != nil {
		return nil, err
	}
	p.layout(nil)
	if err := p.quoteLines(q); err != nil {
		return nil, err
	}
	return d, p.quoteSums(q)
}

// quoteLines reads the items in their order, which the quote's private part has.
func (p *printing) quoteLines(q *object.Object) error {
	private, err := p.Private("quote", q.ID())
	if err != nil {
		return err
	}
	for _, v := range private.Array("line_items") {
		id, _ := v.(string)
		item, err := p.Find("item", id)
		if err != nil {
			return err
		}
		hidden, err := p.Private("item", id)
		if err != nil {
			return err
		}
		price := item.Object("price")
		recurring := price.Object("recurring")
		l := paper.Line{
			Description: item.String("description"), Amount: item.Int("amount_subtotal"), Quantity: numberText(item.Get("quantity")), UnitAmount: price.String("unit_amount_decimal"),
			Every: paper.Interval{Unit: recurring.String("interval"), Count: recurring.Int("interval_count")},
		}
		for _, v := range hidden.Array("taxes") {
			l.Taxes = append(l.Taxes, wholeRate(v.(*object.Object)))
		}
		p.doc.Lines = append(p.doc.Lines, l)
	}
	return nil
}

func (p *printing) quoteSums(q *object.Object) error {
	s := &p.doc.Sums
	s.Subtotal, s.Total = q.Int("amount_subtotal"), q.Int("amount_total")
	s.Shipping = q.Object("total_details").Int("amount_shipping")
	private, err := p.Private("quote", q.ID())
	if err != nil {
		return err
	}
	breakdown := private.Object("total_details").Object("breakdown")
	if err := p.discounts(breakdown.Array("discounts")); err != nil {
		return err
	}
	s.TotalExcludingTax = s.Total
	for _, v := range breakdown.Array("taxes") {
		t := v.(*object.Object)
		s.Taxes = append(s.Taxes, paper.Tax{Rate: wholeRate(t), Amount: t.Int("amount"), Taxable: t.Int("taxable_amount")})
		s.TotalExcludingTax -= t.Int("amount")
	}
	if computed := q.Object("computed").Object("recurring"); computed != nil {
		s.Recurring = []paper.Recurrence{{Every: paper.Interval{Unit: computed.String("interval"), Count: computed.Int("interval_count")}, Amount: computed.Int("amount_total")}}
	}
	return nil
}

// wholeRate is the tax of a part of a quote, which has its tax rate within it.
func wholeRate(tax *object.Object) paper.Rate {
	rate := tax.Object("rate")
	return paper.Rate{Name: rate.String("display_name"), Percent: numberText(rate.Get("percentage")), Inclusive: rate.Bool("inclusive"), Reverse: tax.String("taxability_reason") == "reverse_charge"}
}
