package billing

import (
	"math/big"
	"slices"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// soldItems are line items and what they come to:
//
//	subtotal = the items, before discounts and exclusive tax
//	total    = subtotal - discounts + exclusive tax + shipping with its tax
//
// Discounts take nothing off shipping. An invoice of the same items comes to the same.
type soldItems struct {
	currency string
	lines    []*soldItem
	shipping *soldItem // nil for none
	offers   []offer
	status   string // of automatic tax; empty without
}

// soldItem is one line item, or shipping, whose item is nil.
type soldItem struct {
	item     *object.Object
	amount   int64
	product  string
	behavior string
	code     string // tax code
	rates    []*object.Object
	off      []discountPart
	taxes    []taxPart
}

// offer is a discount that is not given yet, and how it will look.
type offer struct {
	deduction
	coupon, code *object.Object
	shown        *object.Object
}

// newSoldItems reads line items. fallback are the tax rates of those that have none of their own.
func newSoldItems(op *resource.Op, items []*object.Object, currency string, fallback []*object.Object) (*soldItems, error) {
	s := &soldItems{currency: currency}
	for _, item := range items {
		line, err := readItem(op, item, currency)
		if err != nil {
			return nil, err
		}
		if line.rates == nil {
			line.rates = fallback
		}
		s.lines = append(s.lines, line)
	}
	return s, nil
}

func readItem(op *resource.Op, item *object.Object, currency string) (*soldItem, error) {
	price := item.Object("price")
	product, err := op.Get("product", price.Ref("product"), "line_items")
	if err != nil {
		return nil, err
	}
	private, err := op.Private(item)
	if err != nil {
		return nil, err
	}
	l := &soldItem{item: item, product: product.ID(), behavior: price.String("tax_behavior"), code: product.Ref("tax_code")}
	if private.Has("tax_rates") {
		if l.rates, err = taxRates(op, private.Array("tax_rates"), "tax_rates"); err != nil {
			return nil, err
		}
	}
	switch custom := price.Object("custom_unit_amount"); {
	case private.Has("custom_amount"):
		l.amount = private.Int("custom_amount")
	case custom != nil:
		l.amount = max(custom.Int("preset"), custom.Int("minimum"))
	case item.Get("quantity") != nil:
		parts, err := priceParts(op, price, currency, new(big.Rat).SetInt64(item.Int("quantity")))
		if err != nil {
			return nil, err
		}
		for _, part := range parts {
			l.amount += part.amount
		}
	}
	return l, nil
}

// net is what is left after discounts.
func (l *soldItem) net() int64 {
	net := l.amount
	for _, d := range l.off {
		net -= d.amount
	}
	return net
}

// tax is all tax of the line, and what it adds to the amount: less than nothing where tax is within that is not paid.
func (l *soldItem) tax() (all, added int64) {
	added = -untaxed(l.taxes, l.net())
	for _, t := range l.taxes {
		all += t.amount
		if !t.inclusive {
			added += t.amount
		}
	}
	return all, added
}

// discount lets the offers take off what they do, each from what the one before left.
func (s *soldItems) discount() {
	for _, d := range s.offers {
		amounts := make([]int64, len(s.lines))
		for i, l := range s.lines {
			if len(d.products) == 0 || slices.Contains(d.products, any(l.product)) {
				amounts[i] = l.net()
			}
		}
		for i, amount := range d.off.Off(amounts) {
			if amount != 0 {
				s.lines[i].off = append(s.lines[i].off, discountPart{d.id, amount})
			}
		}
	}
}

// taxed are the lines and shipping.
func (s *soldItems) taxed() []*soldItem {
	if s.shipping == nil {
		return s.lines
	}
	return append(slices.Clone(s.lines), s.shipping)
}

// taxByRates works the taxes out by the lines' tax rates, for a customer, or nobody known.
func (s *soldItems) taxByRates(customer *object.Object) error {
	for _, l := range s.taxed() {
		taxes, err := ratedTaxesFor(customer, l.net(), l.rates)
		if err != nil {
			return err
		}
		l.taxes = taxes
	}
	return nil
}

// taxByLocation works the taxes out by where the buyer is. Where that is not known yet, there are none so far.
func (s *soldItems) taxByLocation(op *resource.Op, buyer taxBuyer, at time.Time) error {
	lines := s.taxed()
	sold := make([]taxable, len(lines))
	for i, l := range lines {
		within, err := taxesWithin(op, l.behavior, s.currency, "automatic_tax[enabled]")
		if err != nil {
			return err
		}
		sold[i] = taxable{amount: l.net(), code: l.code, inclusive: within}
	}
	taxes, status, err := automaticTaxFor(op, buyer, sold, at)
	s.status = status
	switch {
	case status == "requires_location_inputs":
		return nil
	case err != nil:
		return err
	}
	for i, l := range lines {
		l.taxes = taxes[i]
	}
	return nil
}
