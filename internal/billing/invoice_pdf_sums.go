package billing

import (
	"slices"
	"strconv"

	"sharesmart/internal/object"
	"sharesmart/internal/paper"
)

// invoiceSums reads what the lines come to.
func (p *printing) invoiceSums(in *object.Object) error {
	s := &p.doc.Sums
	s.Subtotal, s.SubtotalExcludingTax = in.Int("subtotal"), in.Int("subtotal_excluding_tax")
	s.Total, s.TotalExcludingTax = in.Int("total"), in.Int("total_excluding_tax")
	s.Shipping, s.Paid, s.Due = in.Int("amount_shipping"), in.Int("amount_paid"), in.Int("amount_remaining")
	if ending := in.Get("ending_balance"); ending != nil {
		s.Balance = in.Int("starting_balance") - in.Int("ending_balance")
	}
	if err := p.discounts(in.Array("total_discount_amounts")); err != nil {
		return err
	}
	return p.taxes(in.Array("total_taxes"))
}

// lineDiscounts reads what a line's own discounts took off it. Others stand below the lines.
func (p *printing) lineDiscounts(l *paper.Line, amounts, own []any) error {
	for _, v := range amounts {
		off := v.(*object.Object)
		if !slices.Contains(own, any(off.Ref("discount"))) {
			continue
		}
		deduction, err := p.deduction(off)
		if err != nil {
			return err
		}
		l.Discounts = append(l.Discounts, deduction)
		p.own[off.Ref("discount")] += deduction.Amount
	}
	return nil
}

// discounts reads what the discounts took off that are not of single lines.
func (p *printing) discounts(amounts []any) error {
	for _, v := range amounts {
		off := v.(*object.Object)
		deduction, err := p.deduction(off)
		if err != nil {
			return err
		}
		if deduction.Amount -= p.own[off.Ref("discount")]; deduction.Amount != 0 {
			p.doc.Sums.Discounts = append(p.doc.Sums.Discounts, deduction)
		}
	}
	return nil
}

// deduction is what a discount took off, by the name of its coupon.
func (p *printing) deduction(off *object.Object) (paper.Deduction, error) {
	d := paper.Deduction{Amount: off.Int("amount")}
	discount, err := off.Object("discount"), error(nil)
	if discount == nil {
		if discount, err = p.Find("discount", off.Ref("discount")); err != nil {
			return d, err
		}
	}
	coupon, err := p.Find("coupon", discount.Object("source").Ref("coupon"))
	if err != nil {
		return d, err
	}
	if d.Name = coupon.String("name"); d.Name == "" {
		d.Name = discount.Object("source").Ref("coupon")
	}
	d.Percent = numberText(coupon.Get("percent_off"))
	return d, nil
}

func (p *printing) taxes(totals []any) error {
	for _, v := range totals {
		t := v.(*object.Object)
		rate, err := p.rate(t)
		if err != nil {
			return err
		}
		p.doc.Sums.Taxes = append(p.doc.Sums.Taxes, paper.Tax{Rate: rate, Amount: t.Int("amount"), Taxable: t.Int("taxable_amount")})
	}
	return nil
}

// lineTaxes reads the taxes of a line, and settles what one piece costs: what is said of it, else an equal share of the
// line if there is one. Without the tax in it, a price is what is left of the line for each piece.
func (p *printing) lineTaxes(l *paper.Line, taxes []any, unit string) error {
	for _, v := range taxes {
		t := v.(*object.Object)
		rate, err := p.rate(t)
		if err != nil {
			return err
		}
		if rate.Inclusive {
			l.Inclusive += t.Int("amount")
		}
		l.Taxes = append(l.Taxes, rate)
	}
	whole := l.Amount
	if p.doc.ExcludeTax && l.Inclusive != 0 {
		unit, whole = "", whole-l.Inclusive
	}
	pieces, err := strconv.ParseInt(l.Quantity, 10, 64)
	if unit == "" && err == nil && pieces > 0 && whole%pieces == 0 {
		unit = strconv.FormatInt(whole/pieces, 10)
	}
	l.UnitAmount = unit
	return nil
}

// rate is a tax as its tax rate tells of it.
func (p *printing) rate(tax *object.Object) (paper.Rate, error) {
	id := tax.Object("tax_rate_details").Ref("tax_rate")
	known := p.rates[id]
	if known == nil {
		var err error
		if known, err = p.Find("tax_rate", id); err != nil {
			return paper.Rate{}, err
		}
		p.rates[id] = known
	}
	return paper.Rate{
		Name: known.String("display_name"), Percent: numberText(known.Get("percentage")),
		Inclusive: tax.String("tax_behavior") == "inclusive", Reverse: tax.String("taxability_reason") == "reverse_charge",
	}, nil
}
