package billing

import (
	"math/big"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What a quote comes to, worked out anew whenever it changes:
//
//	amount_total          all items, as if all of them were billed at once
//	computed.upfront      the first invoice: in a trial, what recurs is free
//	computed.recurring    every later one: what recurs, with discounts that last for ever
//
// It is reckoned just as the invoices are that come of it.

// quoteLine is an item of a quote in one of these views.
type quoteLine struct {
	item      *object.Object
	amount    int64
	discounts []any // ids
	rates     []any // ids
	off       []discountPart
	taxes     []taxPart
}

// quoteBill is what lines of a quote come to together.
type quoteBill struct {
	lines                          []quoteLine
	subtotal, discount, tax, onTop int64
	untaxed                        int64 // inclusive tax that is not paid
	allDiscounts                   []discountPart
	allTaxes                       []taxPart
}

func sumQuote(op *resource.Op, q *object.Object) error {
	lines, err := quoteLines(op, q)
	if err != nil {
		return err
	}
	whole, err := reckonQuote(op, q, lines, q.Array("discounts"))
	if err != nil {
		return err
	}
	q.Set("amount_subtotal", whole.subtotal)
	q.Set("amount_total", whole.total())
	if err := whole.show(op, q, q, "total_details"); err != nil {
		return err
	}
	for _, line := range whole.lines {
		if err := line.show(op, line.item); err != nil {
			return err
		}
	}
	if err := sumUpfront(op, q, whole); err != nil {
		return err
	}
	return sumRecurring(op, q, lines)
}

// sumUpfront fills what the first invoice will come to. Without a trial that is just everything.
func sumUpfront(op *resource.Op, q *object.Object, whole *quoteBill) error {
	private, err := op.Private(q)
	if err != nil {
		return err
	}
	if err := dropUpfront(op, q); err != nil {
		return err
	}
	private.Set(upfrontItems, private.Array(quotedItems))
	first := whole
	if q.Object("subscription_data").Int("trial_period_days") > 0 {
		lines := make([]quoteLine, len(whole.lines))
		for i, line := range whole.lines {
			lines[i] = quoteLine{item: line.item, amount: line.amount, discounts: line.discounts, rates: line.rates}
			if recurs(line.item) {
				lines[i].amount = 0
			}
		}
		if first, err = reckonQuote(op, q, lines, q.Array("discounts")); err != nil {
			return err
		}
		ids, err := first.keep(op, q)
		if err != nil {
			return err
		}
		private.Set(upfrontItems, ids)
	}
	if err := op.SetPrivate(q, private); err != nil {
		return err
	}
	upfront := q.Sub("computed").Sub("upfront")
	upfront.Set("amount_subtotal", first.subtotal)
	upfront.Set("amount_total", first.total())
	return first.show(op, q, upfront, "computed.upfront.total_details")
}

// dropUpfront forgets the items that the first invoice had of its own.
func dropUpfront(op *resource.Op, q *object.Object) error {
	own, err := quoteItems(op, q, quotedItems)
	if err != nil {
		return err
	}
	quoted := map[string]bool{}
	for _, item := range own {
		quoted[item.ID()] = true
	}
	private, err := op.Private(q)
	if err != nil {
		return err
	}
	for _, v := range private.Array(upfrontItems) {
		id, _ := v.(string)
		item, err := op.Find("item", id)
		if err != nil {
			return err
		}
		if item != nil && !quoted[id] {
			if err := op.Delete(item); err != nil {
				return err
			}
		}
	}
	return nil
}

// sumRecurring fills what every later invoice will come to; null if nothing recurs.
func sumRecurring(op *resource.Op, q *object.Object, all []quoteLine) error {
	computed := q.Sub("computed")
	computed.Set("recurring", nil)
	lasting, err := foreverOnly(op, q.Array("discounts"))
	if err != nil {
		return err
	}
	var lines []quoteLine
	for _, line := range all {
		if !recurs(line.item) {
			continue
		}
		if line.discounts, err = foreverOnly(op, line.discounts); err != nil {
			return err
		}
		lines = append(lines, line)
	}
	private, err := op.Private(q)
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		private.Sub("computed").Delete("recurring")
		return op.SetPrivate(q, private)
	}
	b, err := reckonQuote(op, q, lines, lasting)
	if err != nil {
		return err
	}
	often := intervalOf(lines[0].item.Object("price"))
	recurring := newParams("amount_subtotal", b.subtotal, "amount_total", b.total(), "interval", often.Unit, "interval_count", int64(often.Count))
	computed.Set("recurring", recurring)
	return b.show(op, q, recurring, "computed.recurring.total_details")
}

func recurs(item *object.Object) bool { return item.Object("price").Object("recurring") != nil }

// foreverOnly are the discounts that never end.
func foreverOnly(op *resource.Op, ids []any) ([]any, error) {
	var out []any
	for _, v := range ids {
		id, _ := v.(string)
		d, err := op.Get("discount", id, "discounts")
		if err != nil {
			return nil, err
		}
		terms, err := op.Private(d)
		if err != nil {
			return nil, err
		}
		if terms.String("duration") == "forever" {
			out = append(out, v)
		}
	}
	return out, nil
}

// quoteLines are all items with what they cost.
func quoteLines(op *resource.Op, q *object.Object) ([]quoteLine, error) {
	items, err := quoteItems(op, q, quotedItems)
	if err != nil {
		return nil, err
	}
	lines := make([]quoteLine, len(items))
	for i, item := range items {
		private, err := op.Private(item)
		if err != nil {
			return nil, err
		}
		lines[i] = quoteLine{item: item, discounts: private.Array(discountIDs), rates: private.Array(taxRateIDs)}
		if item.Get("quantity") == nil {
			continue // metered: nothing is used yet
		}
		parts, err := priceParts(op, item.Object("price"), q.String("currency"), new(big.Rat).SetInt64(item.Int("quantity")))
		if err != nil {
			return nil, err
		}
		for _, part := range parts {
			lines[i].amount += part.amount
		}
	}
	return lines, nil
}

// reckonQuote works lines out as an invoice would.
func reckonQuote(op *resource.Op, q *object.Object, lines []quoteLine, discounts []any) (*quoteBill, error) {
	like := q.Clone()
	like.Set("discounts", discounts)
	like.Set("default_tax_rates", []any{}) // here they are ids, where an invoice has them whole
	b := &bill{in: like, rates: map[string][]*object.Object{}}
	for _, line := range lines {
		price := line.item.Object("price")
		b.lines = append(b.lines, newParams("id", line.item.ID(), "amount", line.amount, "discountable", true, "discounts", line.discounts,
			"pricing", newParams("price_details", newParams("price", price.ID(), "product", price.Ref("product")))))
		rates := line.rates
		if len(rates) == 0 {
			rates = q.Array("default_tax_rates")
		}
		for _, v := range rates {
			id, _ := v.(string)
			rate, err := op.Get("tax_rate", id, "tax_rates")
			if err != nil {
				return nil, err
			}
			b.rates[line.item.ID()] = append(b.rates[line.item.ID()], rate)
		}
	}
	customer, err := op.Find("customer", q.Ref("customer"))
	if err != nil {
		return nil, err
	}
	off, taxed, err := b.reckon(op, customer)
	if err != nil {
		return nil, err
	}
	q.Sub("automatic_tax").Set("status", like.Object("automatic_tax").Get("status"))
	out := &quoteBill{lines: lines}
	for i := range lines {
		lines[i].off, lines[i].taxes = off[i], taxed[i]
		out.add(&lines[i])
	}
	return out, nil
}

func (b *quoteBill) add(line *quoteLine) {
	b.subtotal += line.amount
	b.allDiscounts = append(b.allDiscounts, line.off...)
	b.allTaxes = append(b.allTaxes, line.taxes...)
	for _, d := range line.off {
		b.discount += d.amount
	}
	net := line.amount
	for _, d := range line.off {
		net -= d.amount
	}
	b.untaxed += untaxed(line.taxes, net)
	for _, t := range line.taxes {
		b.tax += t.amount
		if !t.inclusive {
			b.onTop += t.amount
		}
	}
}

func (b *quoteBill) total() int64 { return b.subtotal - b.discount - b.untaxed + b.onTop }
