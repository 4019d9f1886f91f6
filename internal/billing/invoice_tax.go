package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// taxLines works out the taxes of all lines, each of which has a net amount: by themselves with automatic_tax, else by
// the tax rates. Where automatic tax cannot be worked out there is none, and automatic_tax.status says why; such an
// invoice cannot be made final.
func (b *bill) taxLines(op *resource.Op, customer *object.Object, nets []int64) ([][]taxPart, error) {
	if auto := b.in.Object("automatic_tax"); auto.Bool("enabled") {
		return b.automaticTaxes(op, customer, nets)
	}
	taxes := make([][]taxPart, len(b.lines))
	for i, line := range b.lines {
		own, err := b.lineTaxes(customer, line, nets[i])
		if err != nil {
			return nil, err
		}
		taxes[i] = own
	}
	return taxes, nil
}

func (b *bill) automaticTaxes(op *resource.Op, customer *object.Object, nets []int64) ([][]taxPart, error) {
	sold := make([]taxable, len(b.lines), len(b.lines)+1)
	auto := b.in.Sub("automatic_tax")
	if customer == nil { // a quote may not know yet whom it is for
		auto.Set("status", "requires_location_inputs")
		return make([][]taxPart, len(b.lines)), nil
	}
	for i, line := range b.lines {
		behavior, code, err := b.taxTerms(op, line)
		if err != nil {
			return nil, err
		}
		sold[i] = taxable{amount: nets[i], code: code}
		if sold[i].inclusive, err = taxesWithin(op, behavior, b.in.String("currency"), "automatic_tax[enabled]"); err != nil {
			auto.Set("status", "failed")
			return make([][]taxPart, len(b.lines)), nil
		}
	}
	if b.ship != nil {
		within, err := taxesWithin(op, b.ship.behavior, b.in.String("currency"), "shipping_cost")
		if err != nil {
			auto.Set("status", "failed")
			return make([][]taxPart, len(b.lines)), nil
		}
		sold = append(sold, taxable{amount: b.ship.amount, code: b.ship.code, inclusive: within})
	}
	taxes, status, err := automaticTax(op, customer, sold, op.Now())
	if status == "" {
		return nil, err
	}
	auto.Set("status", status)
	if status != "complete" {
		return make([][]taxPart, len(b.lines)), nil
	}
	if b.ship != nil {
		b.ship.taxes = taxes[len(b.lines)]
	}
	return taxes[:len(b.lines)], nil
}

// settleAutomaticTax completes what an object says of automatic tax: who is liable, if not the account itself.
func settleAutomaticTax(o *object.Object) {
	auto := o.Sub("automatic_tax")
	if !auto.Bool("enabled") {
		for _, name := range []string{"liability", "provider", "status"} {
			auto.Set(name, nil)
		}
		return
	}
	auto.Set("provider", "stripe")
	if auto.Object("liability") == nil {
		auto.Set("liability", newParams("type", "self"))
	}
}

// ratedTaxesFor are the taxes of tax rates for a customer, or for nobody known: who is exempt pays none.
func ratedTaxesFor(customer *object.Object, net int64, rates []*object.Object) ([]taxPart, error) {
	reason := map[string]string{"exempt": exemptBuyer, "reverse": reverseCharge}[customer.String("tax_exempt")]
	parts, err := ratedTaxes(net, rates)
	if reason != "" {
		for i := range parts {
			parts[i].amount, parts[i].reason = 0, reason
		}
	}
	return parts, err
}

// untaxed is the tax within an amount that a customer who is exempt does not pay: they pay so much less. With automatic
// tax they pay what others do. Source: Stripe, Tax rates, Tax exempt and reverse charge.
func untaxed(taxes []taxPart, net int64) int64 {
	for _, t := range taxes {
		if exempt := t.reason == exemptBuyer || t.reason == reverseCharge; exempt && t.inclusive && t.taxable != 0 {
			return net - t.taxable
		}
	}
	return 0
}

// taxesOfLine reads the taxes of a line.
func taxesOfLine(line *object.Object) []taxPart {
	var parts []taxPart
	for _, v := range line.Array("taxes") {
		t := v.(*object.Object)
		parts = append(parts, taxPart{
			rate: t.Object("tax_rate_details").Ref("tax_rate"), amount: t.Int("amount"), taxable: t.Int("taxable_amount"),
			inclusive: t.String("tax_behavior") == "inclusive", reason: t.String("taxability_reason"),
		})
	}
	return parts
}

// untaxedOfLine is what untaxed was of a line: of what discounts and credits had left.
func untaxedOfLine(line *object.Object) int64 {
	net := line.Int("amount")
	for _, v := range line.Array("pretax_credit_amounts") {
		net -= v.(*object.Object).Int("amount")
	}
	return untaxed(taxesOfLine(line), net)
}

// taxTerms are the tax behavior and the tax code of a line: what its item was told, or its price and its product.
func (b *bill) taxTerms(op *resource.Op, line *object.Object) (behavior, code string, err error) {
	if id := lineItemID(line); id != "" {
		item, err := op.Find("invoiceitem", id)
		if err != nil {
			return "", "", err
		}
		if item != nil {
			terms, err := op.Private(item)
			if err != nil {
				return "", "", err
			}
			behavior, code = terms.String("tax_behavior"), terms.String("tax_code")
		}
	}
	id, _ := line.At("pricing", "price_details", "price").(string)
	if id == "" {
		return behavior, code, nil
	}
	price, err := op.Find("price", id)
	if err != nil {
		return "", "", err
	}
	if behavior == "" {
		behavior = price.String("tax_behavior")
	}
	if code == "" {
		product, err := op.Find("product", price.Ref("product"))
		if err != nil {
			return "", "", err
		}
		code = product.Ref("tax_code")
	}
	return behavior, code, nil
}

// keepTaxTerms keeps what was said of the taxes of an invoice item, which does not show it.
func keepTaxTerms(op *resource.Op, item, sent *object.Object) error {
	if !sent.Has("tax_behavior") && !sent.Has("tax_code") {
		return nil
	}
	private, err := op.Private(item)
	if err != nil {
		return err
	}
	for _, name := range []string{"tax_behavior", "tax_code"} {
		if sent.Has(name) {
			private.Set(name, sent.String(name))
		}
	}
	return op.SetPrivate(item, private)
}

// taxTrouble is why the automatic tax of an invoice cannot be worked out: Stripe's error, or nil.
func taxTrouble(op *resource.Op, in *object.Object) error {
	auto := in.Object("automatic_tax")
	if !auto.Bool("enabled") || auto.String("status") == "complete" {
		return nil
	}
	customer, err := op.Get("customer", in.Ref("customer"), "customer")
	if err != nil {
		return err
	}
	if _, _, err := automaticTax(op, customer, nil, op.Now()); err != nil {
		return err
	}
	_, err = taxesWithin(op, "", in.String("currency"), "automatic_tax[enabled]")
	return err
}
