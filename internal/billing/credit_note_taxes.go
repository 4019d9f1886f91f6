package billing

import (
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

const standardRated = "standard_rated"

// readTaxes takes the taxes that the request names for a line in the place of those that the line brings along.
func (l *creditLine) readTaxes(op *resource.Op, sent *object.Object, param string) error {
	switch {
	case len(sent.Array("tax_rates")) > 0:
		if err := l.applyRates(op, sent.Array("tax_rates"), param+"[tax_rates]"); err != nil {
			return err
		}
	case len(sent.Array("tax_amounts")) > 0:
		if err := l.takeTaxAmounts(op, sent.Array("tax_amounts"), param+"[tax_amounts]"); err != nil {
			return err
		}
	}
	l.rates = []any{}
	for _, t := range l.taxes {
		rate, err := op.Find("tax_rate", t.rate)
		if err != nil {
			return err
		}
		if rate != nil {
			l.rates = append(l.rates, rate.Clone())
		}
	}
	return nil
}

// applyRates works the taxes out.
func (l *creditLine) applyRates(op *resource.Op, ids []any, param string) error {
	l.taxes = nil
	rates := make([]*object.Object, len(ids))
	for i, v := range ids {
		id, _ := v.(string)
		var err error
		if rates[i], err = op.Get("tax_rate", id, param+"["+strconv.Itoa(i)+"]"); err != nil {
			return err
		}
	}
	var err error
	l.taxes, err = ratedTaxes(l.amount, rates)
	return err
}

// ratedTaxes are the taxes of tax rates on an amount.
func ratedTaxes(amount int64, rates []*object.Object) ([]taxPart, error) {
	line := money.TaxLine{Amount: amount, Rates: make([]money.TaxRate, len(rates))}
	for i, rate := range rates {
		percent, err := percentage(rate.Get("percentage"))
		if err != nil {
			return nil, err
		}
		line.Rates[i] = money.TaxRate{Tax: rate.ID(), Percent: percent, Inclusive: rate.Bool("inclusive")}
	}
	due := money.Tax([]money.TaxLine{line}, money.PerLine)[0]
	parts := make([]taxPart, len(rates))
	for i, rate := range rates {
		parts[i] = taxPart{rate: rate.ID(), amount: due.Taxes[i], taxable: due.Taxable, inclusive: line.Rates[i].Inclusive, reason: standardRated}
	}
	return parts, nil
}

// takeTaxAmounts takes the taxes as the seller worked them out.
func (l *creditLine) takeTaxAmounts(op *resource.Op, sent []any, param string) error {
	l.taxes = nil
	for i, v := range sent {
		given, at := v.(*object.Object), param+"["+strconv.Itoa(i)+"]"
		rate, err := op.Get("tax_rate", given.String("tax_rate"), at+"[tax_rate]")
		if err != nil {
			return err
		}
		if given.Int("amount") < 0 && l.amount >= 0 {
			return apierr.Invalid("parameter_invalid_integer", at+"[amount]", "This value must be greater than or equal to 0.")
		}
		l.taxes = append(l.taxes, taxPart{
			rate: rate.ID(), amount: given.Int("amount"), taxable: given.Int("taxable_amount"), inclusive: rate.Bool("inclusive"), reason: standardRated,
		})
	}
	return nil
}

// fields are the line as an object, but for its id.
func (l *creditLine) fields() *object.Object {
	f := object.New(nil)
	f.Set("amount", l.amount)
	f.Set("description", l.description)
	var discount int64
	for _, d := range l.discounts {
		discount += d.amount
	}
	f.Set("discount_amount", discount)
	discounts := discountObjects(l.discounts)
	f.Set("discount_amounts", discounts)
	f.Set("type", "custom_line_item")
	if l.invoiceLine != "" {
		f.Set("invoice_line_item", l.invoiceLine)
		f.Set("type", "invoice_line_item")
	}
	f.Set("metadata", l.metadata)
	f.Set("pretax_credit_amounts", append(pretaxCredits(discounts), creditObjects(l.credits)...))
	f.Set("quantity", l.quantity)
	rates := l.rates
	if rates == nil {
		rates = []any{}
	}
	f.Set("tax_rates", rates)
	f.Set("taxes", taxObjects(l.taxes))
	f.Set("unit_amount", l.unitAmount)
	f.Set("unit_amount_decimal", l.unitDecimal)
	return f
}

func discountObjects(all []discountPart) []any {
	out := make([]any, 0, len(all))
	for _, d := range all {
		out = append(out, newParams("amount", d.amount, "discount", d.discount))
	}
	return out
}

// pretaxCredits says once more what the discounts took off, as newer clients read it.
func pretaxCredits(discounts []any) []any {
	out := make([]any, 0, len(discounts))
	for _, v := range discounts {
		d := v.(*object.Object)
		out = append(out, newParams("amount", d.Int("amount"), "discount", d.Ref("discount"), "type", "discount"))
	}
	return out
}

func taxObjects(all []taxPart) []any {
	out := make([]any, 0, len(all))
	for _, t := range all {
		behavior := "exclusive"
		if t.inclusive {
			behavior = "inclusive"
		}
		o := object.New(nil)
		o.Set("amount", t.amount)
		o.Set("tax_behavior", behavior)
		o.Set("tax_rate_details", newParams("tax_rate", t.rate))
		o.Set("taxability_reason", t.reason)
		o.Set("taxable_amount", t.taxable)
		o.Set("type", "tax_rate_details")
		out = append(out, o)
	}
	return out
}

// creditObjects say what credits had paid of what is taken back.
func creditObjects(all []discountPart) []any {
	out := make([]any, 0, len(all))
	for _, c := range all {
		out = append(out, newParams("amount", c.amount, "credit_balance_transaction", c.discount, "type", "credit_balance_transaction"))
	}
	return out
}

// allCredits are what credits had paid of the lines.
func (n *creditNote) allCredits() []any {
	var all []discountPart
	for i := range n.lines {
		all = append(all, n.lines[i].credits...)
	}
	return creditObjects(sumDiscounts(all))
}

// allDiscounts are the lines' discounts, each once.
func (n *creditNote) allDiscounts() []any {
	var all []discountPart
	for i := range n.lines {
		all = append(all, n.lines[i].discounts...)
	}
	return discountObjects(sumDiscounts(all))
}

// sumDiscounts adds up the parts of each discount.
func sumDiscounts(parts []discountPart) []discountPart {
	var all []discountPart
	place := map[string]int{}
	for _, d := range parts {
		at, known := place[d.discount]
		if !known {
			at = len(all)
			place[d.discount], all = at, append(all, discountPart{discount: d.discount})
		}
		all[at].amount += d.amount
	}
	return all
}

// allTaxes are the taxes of the lines and of the shipping, each rate once.
func (n *creditNote) allTaxes() []any {
	var all []taxPart
	for i := range n.lines {
		all = append(all, n.lines[i].taxes...)
	}
	for _, v := range n.shipTax {
		t := v.(*object.Object)
		rate := t.Object("rate")
		all = append(all, taxPart{rate: rate.ID(), amount: t.Int("amount"), taxable: t.Int("taxable_amount"), inclusive: rate.Bool("inclusive"), reason: t.String("taxability_reason")})
	}
	return taxObjects(sumTaxes(all))
}

// sumTaxes adds up the parts of each rate.
func sumTaxes(parts []taxPart) []taxPart {
	var all []taxPart
	place := map[string]int{}
	for _, t := range parts {
		at, known := place[t.rate]
		if !known {
			at = len(all)
			place[t.rate], all = at, append(all, taxPart{rate: t.rate, inclusive: t.inclusive, reason: t.reason})
		}
		all[at].amount += t.amount
		all[at].taxable += t.taxable
	}
	return all
}
