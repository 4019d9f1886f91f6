package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How line items, and who sells them, show what they come to.

// totals are the sums of line items.
type totals struct{ subtotal, discount, tax, shipping, total int64 }

func (s *soldItems) totals() totals {
	var t totals
	for _, l := range s.taxed() {
		all, added := l.tax()
		t.tax += all
		t.total += l.net() + added
		if l == s.shipping {
			t.shipping += l.amount
			continue
		}
		t.subtotal += l.amount
		t.discount += l.amount - l.net()
	}
	return t
}

// showItems writes the amounts into the line items. Which discounts and taxes they bear is left out until it is expanded.
func (s *soldItems) showItems(op *resource.Op) error {
	for _, l := range s.lines {
		all, added := l.tax()
		l.item.Set("amount_subtotal", l.amount)
		l.item.Set("amount_discount", l.amount-l.net())
		l.item.Set("amount_tax", all)
		l.item.Set("amount_total", l.net()+added)
		taxes, err := shownTaxes(op, l.taxes)
		if err != nil {
			return err
		}
		private, err := op.Private(l.item)
		if err != nil {
			return err
		}
		private.Set("discounts", s.wholeDiscounts(l.off))
		private.Set("taxes", taxes)
		if err := op.SetPrivate(l.item, private); err != nil {
			return err
		}
		op.Save(l.item)
	}
	return nil
}

// breakdown says what all discounts and all taxes come to.
func (s *soldItems) breakdown(op *resource.Op) (*object.Object, error) {
	var off []discountPart
	var taxes []taxPart
	for _, l := range s.taxed() {
		off, taxes = append(off, l.off...), append(taxes, l.taxes...)
	}
	whole, err := shownTaxes(op, sumTaxes(taxes))
	if err != nil {
		return nil, err
	}
	return newParams("discounts", s.wholeDiscounts(sumDiscounts(off)), "taxes", whole), nil
}

// wholeDiscounts are amounts with the discount that takes each off.
func (s *soldItems) wholeDiscounts(parts []discountPart) []any {
	out := make([]any, 0, len(parts))
	for _, d := range parts {
		for _, known := range s.offers {
			if known.id == d.discount {
				out = append(out, newParams("amount", d.amount, "discount", known.shown.Clone()))
			}
		}
	}
	return out
}
