package billing

import (
	"slices"

	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// bill is what an invoice comes to:
//
//	subtotal = the lines, after their own discounts, before the invoice's, credits and exclusive tax
//	total    = subtotal - the invoice's discounts - credits + exclusive tax - inclusive tax of those who pay none + shipping
//	due      = total + the customer's balance, if that is enough to be charged
//
// A line's own discounts come first, then the invoice's, each on what the one before left.
type bill struct {
	in      *object.Object
	lines   []*object.Object
	rates   map[string][]*object.Object // tax rates of lines by their id, in place of the invoice's
	fixed   map[string][]taxPart        // taxes of lines by their id that the seller worked out
	ship    *shipment                   // nil if nothing is sent
	final   bool                        // credits pay for metered lines
	credits []appliedCredit
	paid    bool    // before it was written: the customer's balance has no part in it
	nets    []int64 // what discounts and credits leave of the lines
	untaxed int64   // inclusive tax that the customer does not pay
}

// sumInvoice works a draft out anew.
func sumInvoice(op *resource.Op, in *object.Object) error { return sumBill(op, in, false) }

// sumFinal works an invoice out that becomes final.
func sumFinal(op *resource.Op, in *object.Object) error { return sumBill(op, in, true) }

func sumBill(op *resource.Op, in *object.Object, final bool) error {
	lines, err := linesOf(op, in)
	if err != nil {
		return err
	}
	private, err := op.Private(in)
	if err != nil {
		return err
	}
	b := &bill{
		in: in, lines: lines, rates: map[string][]*object.Object{}, fixed: map[string][]taxPart{}, final: final, paid: private.Bool("prepaid"),
	}
	for _, line := range lines {
		if err := b.readTaxes(op, line); err != nil {
			return err
		}
	}
	if err := b.sum(op); err != nil {
		return err
	}
	for _, line := range lines {
		op.Save(line)
	}
	showLines(in, lines)
	op.Save(in)
	return nil
}

// readTaxes reads what was said of a line's taxes.
func (b *bill) readTaxes(op *resource.Op, line *object.Object) error {
	private, err := op.Private(line)
	if err != nil {
		return err
	}
	for _, v := range private.Array("tax_rates") {
		id, _ := v.(string)
		rate, err := op.Get("tax_rate", id, "tax_rates")
		if err != nil {
			return err
		}
		b.rates[line.ID()] = append(b.rates[line.ID()], rate)
	}
	for _, v := range private.Array("tax_amounts") {
		t := v.(*object.Object)
		b.fixed[line.ID()] = append(b.fixed[line.ID()], taxPart{
			rate: t.String("rate"), amount: t.Int("amount"), taxable: t.Int("taxable"), inclusive: t.Bool("inclusive"), reason: t.String("reason"),
		})
	}
	return nil
}

// sum fills the lines and the invoice.
func (b *bill) sum(op *resource.Op) error {
	customer, err := op.Get("customer", b.in.Ref("customer"), "customer")
	if err != nil {
		return err
	}
	copyCustomer(b.in, customer)
	if b.ship, err = shipmentOf(op, b.in); err != nil {
		return err
	}
	off, taxed, err := b.reckon(op, customer)
	if err != nil {
		return err
	}
	var discounts []discountPart
	var taxes []taxPart
	var subtotal int64
	b.untaxed = 0
	for i, line := range b.lines {
		own, parts := taxed[i], discountObjects(off[i])
		b.untaxed += untaxed(own, b.nets[i])
		line.Set("subtotal", line.Int("amount"))
		line.Set("discount_amounts", parts)
		line.Set("pretax_credit_amounts", append(pretaxCredits(parts), b.creditsOf(line)...))
		line.Set("taxes", taxObjects(own))
		subtotal += line.Int("amount") - ownDiscount(line, off[i])
		discounts, taxes = append(discounts, off[i]...), append(taxes, own...)
	}
	if b.ship != nil {
		taxes = append(taxes, b.ship.taxes...)
	}
	restored, err := appliedBefore(op, b.in)
	if err != nil {
		return err
	}
	balance := balanceIn(customer, b.in.String("currency")) + restored
	if b.paid {
		balance = 0
	}
	b.fill(subtotal, balance, sumDiscounts(discounts), sumTaxes(taxes))
	return b.ship.show(op, b.in)
}

// ownDiscount is how much of what is taken off a line its own discounts take.
func ownDiscount(line *object.Object, off []discountPart) (sum int64) {
	for _, d := range off {
		if slices.Contains(line.Array("discounts"), any(d.discount)) {
			sum += d.amount
		}
	}
	return sum
}

// reckon works out what the discounts take off each line, and the taxes of what they leave. Besides an invoice, it can be
// anything that names discounts and taxes as an invoice does, such as a quote.
func (b *bill) reckon(op *resource.Op, customer *object.Object) (off [][]discountPart, taxed [][]taxPart, err error) {
	if off, err = b.discount(op); err != nil {
		return nil, nil, err
	}
	b.nets = make([]int64, len(b.lines))
	for i, line := range b.lines {
		b.nets[i] = line.Int("amount")
		for _, d := range off[i] {
			b.nets[i] -= d.amount
		}
	}
	if err := b.credit(op, b.nets); err != nil {
		return nil, nil, err
	}
	taxed, err = b.taxLines(op, customer, b.nets)
	return off, taxed, err
}

// discount is what discounts take off each line.
func (b *bill) discount(op *resource.Op) ([][]discountPart, error) {
	off, left := make([][]discountPart, len(b.lines)), make([]int64, len(b.lines))
	take := func(id any, lines []int) error {
		text, _ := id.(string)
		d, err := keptDeduction(op, text, "discounts")
		if err != nil {
			return err
		}
		amounts := make([]int64, len(lines))
		for j, i := range lines {
			if d.covers(b.lines[i]) {
				amounts[j] = left[i]
			}
		}
		for j, amount := range d.off.Off(amounts) {
			if i := lines[j]; amount != 0 {
				left[i] -= amount
				off[i] = append(off[i], discountPart{d.id, amount})
			}
		}
		return nil
	}
	var eligible []int
	for i, line := range b.lines {
		left[i] = line.Int("amount")
		if !line.Bool("discountable") {
			if proration, _ := line.At("parent", "subscription_item_details", "proration").(bool); proration {
				off[i] = discountParts(line.Array("discount_amounts")) // taken off when it was made
			}
			continue
		}
		eligible = append(eligible, i)
	}
	for _, lines := range b.byItem(eligible) {
		for _, id := range b.lines[lines[0]].Array("discounts") {
			if err := take(id, lines); err != nil {
				return nil, err
			}
		}
	}
	for _, id := range b.in.Array("discounts") {
		if err := take(id, eligible); err != nil {
			return nil, err
		}
	}
	return off, nil
}

// byItem puts those lines together that are the tiers of one item for one period. What is taken off the item is taken off
// them once.
func (b *bill) byItem(lines []int) [][]int {
	var all [][]int
	place := map[[2]any]int{}
	for _, i := range lines {
		item := b.lines[i].At("parent", "subscription_item_details", "subscription_item")
		key := [2]any{item, b.lines[i].Object("period").Int("start")}
		at, known := place[key]
		if item == nil || !known {
			place[key], all = len(all), append(all, []int{i})
			continue
		}
		all[at] = append(all[at], i)
	}
	return all
}

// lineTaxes are the taxes of a line: those that the seller worked out, or its tax rates', or the invoice's. A customer
// who is exempt pays none.
func (b *bill) lineTaxes(customer, line *object.Object, net int64) ([]taxPart, error) {
	if fixed := b.fixed[line.ID()]; fixed != nil {
		return fixed, nil
	}
	rates := b.rates[line.ID()]
	if rates == nil {
		for _, v := range b.in.Array("default_tax_rates") {
			rates = append(rates, v.(*object.Object))
		}
	}
	return ratedTaxesFor(customer, net, rates)
}

// fill writes the sums into the invoice.
func (b *bill) fill(subtotal, balance int64, discounts []discountPart, taxes []taxPart) {
	in, total := b.in, int64(0)
	for _, line := range b.lines {
		total += line.Int("amount")
	}
	for _, d := range discounts {
		total -= d.amount
	}
	if b.ship != nil {
		total += b.ship.amount
	}
	for _, c := range b.credits {
		total -= c.amount
	}
	var inclusive, exclusive int64
	for _, t := range taxes {
		if t.inclusive {
			inclusive += t.amount
		} else {
			exclusive += t.amount
		}
	}
	total += exclusive - b.untaxed
	parts := discountObjects(discounts)
	in.Set("subtotal", subtotal)
	shipped, onTop := b.ship.tax()
	in.Set("subtotal_excluding_tax", subtotal-(inclusive-(shipped-onTop))-b.untaxed)
	in.Set("total", total)
	in.Set("total_excluding_tax", total-inclusive-exclusive)
	in.Set("total_discount_amounts", parts)
	in.Set("total_pretax_credit_amounts", append(pretaxCredits(parts), b.creditsOf(nil)...))
	in.Set("total_taxes", taxObjects(taxes))
	in.Set("starting_balance", balance)
	due, _, _ := money.Due(total, balance, money.Minimum(in.String("currency")))
	in.Set("amount_due", due)
	in.Set("amount_remaining", due)
}

// showLines puts the first lines into the invoice.
func showLines(in *object.Object, lines []*object.Object) {
	data := make([]any, 0, embedded)
	for _, line := range lines[:min(len(lines), embedded)] {
		data = append(data, line.Clone())
	}
	list := in.Sub("lines")
	list.Set("data", data)
	list.Set("has_more", len(lines) > embedded)
}
