package billing

import (
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How a quote and its items show what they come to. Single discounts and taxes are shown when they are expanded.

// show writes the sums of discounts and taxes into a part of the quote. way is where its total_details
// are: single discounts and taxes are in the private part at the same place.
func (b *quoteBill) show(op *resource.Op, q, part *object.Object, way string) error {
	details := part.Sub("total_details")
	details.Set("amount_discount", b.discount)
	details.Set("amount_shipping", 0)
	details.Set("amount_tax", b.tax)
	discounts, err := shownDiscounts(op, sumDiscounts(b.allDiscounts))
	if err != nil {
		return err
	}
	taxes, err := shownTaxes(op, sumTaxes(b.allTaxes))
	if err != nil {
		return err
	}
	private, err := op.Private(q)
	if err != nil {
		return err
	}
	hidden := private
	for name := range strings.SplitSeq(way, ".") {
		hidden = hidden.Sub(name)
	}
	hidden.Set("breakdown", newParams("discounts", discounts, "taxes", taxes))
	return op.SetPrivate(q, private)
}

// show writes into an item what it comes to.
func (l *quoteLine) show(op *resource.Op, item *object.Object) error {
	alone := quoteBill{}
	alone.add(l)
	item.Set("amount_subtotal", alone.subtotal)
	item.Set("amount_discount", alone.discount)
	item.Set("amount_tax", alone.tax)
	item.Set("amount_total", alone.total())
	discounts, err := shownDiscounts(op, l.off)
	if err != nil {
		return err
	}
	taxes, err := shownTaxes(op, l.taxes)
	if err != nil {
		return err
	}
	private, err := op.Private(item)
	if err != nil {
		return err
	}
	private.Set("discounts", discounts)
	private.Set("taxes", taxes)
	op.Save(item)
	return op.SetPrivate(item, private)
}

// keep makes items of lines that differ from those that were sent.
func (b *quoteBill) keep(op *resource.Op, q *object.Object) ([]any, error) {
	ids := make([]any, len(b.lines))
	for i := range b.lines {
		line := &b.lines[i]
		item, err := op.Make("item", q.ID(), object.New(nil), func(op *resource.Op) error {
			for _, name := range []string{"adjustable_quantity", "currency", "description", "quantity"} {
				op.Object.Set(name, line.item.Get(name))
			}
			op.Object.Set("price", line.item.Object("price").Clone())
			if err := op.Hide(op.Object, "discounts", "taxes"); err != nil {
				return err
			}
			return line.show(op, op.Object)
		})
		if err != nil {
			return nil, err
		}
		ids[i] = item.ID()
	}
	return ids, nil
}

// shownDiscounts are amounts with the discounts that took them off, whole.
func shownDiscounts(op *resource.Op, parts []discountPart) ([]any, error) {
	out := make([]any, 0, len(parts))
	for _, d := range parts {
		discount, err := op.Get("discount", d.discount, "discounts")
		if err != nil {
			return nil, err
		}
		out = append(out, newParams("amount", d.amount, "discount", discount.Clone()))
	}
	return out, nil
}

// shownTaxes are amounts with the tax rates that they come from, whole.
func shownTaxes(op *resource.Op, parts []taxPart) ([]any, error) {
	out := make([]any, 0, len(parts))
	for _, t := range parts {
		rate, err := op.Get("tax_rate", t.rate, "tax_rates")
		if err != nil {
			return nil, err
		}
		out = append(out, newParams("amount", t.amount, "rate", rate.Clone(), "taxability_reason", t.reason, "taxable_amount", t.taxable))
	}
	return out, nil
}
