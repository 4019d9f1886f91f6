package billing

import (
	"math/big"
	"slices"

	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What a change of a subscription credits and debits. A period's price is divided by seconds; each part is rounded on its
// own, and a change of the quantity credits the old one whole and debits the new one. What is metered is not prorated.
//
// Classic billing credits what the item costs now, with each coupon divided among what is credited. Flexible billing
// credits what was billed, one credit for each debit, and divides coupons among all items. Source: Stripe, Prorations.

// costOf is what a quantity of an item costs in a full period, before discounts.
func costOf(op *resource.Op, s, item *object.Object, quantity int64) (int64, error) {
	parts, err := priceParts(op, item.Object("price"), s.String("currency"), new(big.Rat).SetInt64(quantity))
	var sum int64
	for _, p := range parts {
		sum += p.amount
	}
	return sum, err
}

// pricedItem is an item with the time that it is credited or debited for.
type pricedItem struct {
	item *object.Object
	time money.Span
	once []any // discounts that are used up, but were on what is credited
}

// prorations are the credits and debits of a change, in the order in which an invoice shows them.
func (c *change) prorations(op *resource.Op) ([]proration, error) {
	if c.behavior == "none" || !c.charged() {
		return nil, nil
	}
	credits, err := c.credits(op)
	if err != nil {
		return nil, err
	}
	debits, err := c.debits(op)
	if err != nil {
		return nil, err
	}
	all := credits
	for _, d := range debits {
		at := len(all)
		for i, p := range all {
			if p.item.ID() == d.item.ID() {
				at = i + 1
			}
		}
		all = slices.Insert(all, at, d)
	}
	return all, nil
}

// unused is the time of an item as it was that is not used any more.
func (c *change) unused(h heldItem) money.Span {
	was, item := h.item, c.nowItem(h.item.ID())
	p := periodOf(was)
	unused := money.Span{Start: min(max(c.at, p.Start), p.End), End: p.End}
	if isMetered(was) || was.Int("quantity") == 0 && !isFlexible(c.s) {
		return money.Span{}
	}
	switch now := periodOf(item); {
	case item == nil, repriced(was, item), now.Start > p.Start:
		return unused
	case now.End < p.End:
		return money.Span{Start: now.End, End: p.End}
	}
	return money.Span{}
}

// nowItem is an item as the subscription shows it, or nil if it is gone.
func (c *change) nowItem(id string) *object.Object {
	for _, item := range subscriptionItems(c.s) {
		if item.ID() == id {
			return item
		}
	}
	return nil
}

func (c *change) credits(op *resource.Op) ([]proration, error) {
	var old []pricedItem
	var all []proration
	for i := range c.held {
		h := &c.held[i]
		time := c.unused(*h)
		if time.End <= time.Start {
			continue
		}
		taken := takeUnused(h.debits, time)
		if isFlexible(c.s) {
			for _, t := range taken {
				p, found, err := t.credit(op, h.item)
				if err != nil {
					return nil, err
				}
				if found {
					all = append(all, p)
				}
			}
			continue
		}
		one := pricedItem{item: h.item, time: time}
		p := proration{item: h.item, credit: true, period: time, rates: itemRates(h.item)}
		var err error
		if len(taken) > 0 {
			if one.once, err = usedUp(op, taken[len(taken)-1].debit); err != nil {
				return nil, err
			}
			if p.credited, err = taken[len(taken)-1].debit.reference(op); err != nil {
				return nil, err
			}
		}
		old, all = append(old, one), append(all, p)
	}
	if err := c.keepHeld(op); err != nil || isFlexible(c.s) {
		return all, err
	}
	return all, c.price(op, c.was, old, old, all, -1)
}

// keepHeld writes down what was taken back of the debits of items that go on.
func (c *change) keepHeld(op *resource.Op) error {
	for _, h := range c.held {
		item, err := op.Find("subscription_item", h.item.ID())
		if err != nil {
			return err
		}
		if item == nil {
			continue
		}
		if err := keepDebits(op, item, h.debits); err != nil {
			return err
		}
	}
	return nil
}

// unusedDebit is the part of a debit that is credited.
type unusedDebit struct {
	debit *debit
	time  money.Span
}

// takeUnused takes a time back from debits.
func takeUnused(all []debit, time money.Span) []unusedDebit {
	var taken []unusedDebit
	for i := range all {
		d := &all[i]
		from, to := max(time.Start, d.period.Start), min(time.End, d.until)
		if from < to {
			taken = append(taken, unusedDebit{d, money.Span{Start: from, End: to}})
			d.until = from
		}
	}
	return taken
}

// credit is the credit for a part of a debit.
func (u unusedDebit) credit(op *resource.Op, item *object.Object) (p proration, found bool, err error) {
	whole, err := u.debit.amount(op)
	if err != nil {
		return p, false, err
	}
	p = proration{item: item, credit: true, period: u.time, rates: whole.rates}
	p.gross, p.off = portion(whole, u.time.Start-u.time.End, u.debit.period.End-u.debit.period.Start)
	p.credited, err = u.debit.reference(op)
	return p, p.gross != 0 || item.Int("quantity") > 0, err
}

// debits are what the change costs for the rest of the period, or, if a new period is not billed in full, for that.
func (c *change) debits(op *resource.Op) ([]proration, error) {
	items, err := itemsOf(op, c.s)
	if err != nil {
		return nil, err
	}
	var priced, weighed []pricedItem
	var all []proration
	for _, item := range items {
		if isMetered(item) {
			continue
		}
		weighed = append(weighed, pricedItem{item: item})
		if time := c.due(item); time.End > time.Start && item.Int("quantity") > 0 {
			priced = append(priced, pricedItem{item: item, time: time})
			all = append(all, proration{item: item, period: time, rates: itemRates(item)})
		}
	}
	if !isFlexible(c.s) {
		weighed = priced
	}
	return all, c.price(op, c.s, priced, weighed, all, 1)
}

// due is the time that an item was not billed for yet.
func (c *change) due(item *object.Object) money.Span {
	was, p := c.wasItem(item.ID()), periodOf(item)
	due := money.Span{Start: min(max(c.at, p.Start), p.End), End: p.End}
	switch {
	case c.s.String("status") == "trialing", c.anew && !c.waits():
		return money.Span{} // free, or billed in full
	case was == nil, repriced(was, item), isMetered(was), p.Start > periodOf(was).Start:
		return due
	case p.End > periodOf(was).End:
		return money.Span{Start: periodOf(was).End, End: p.End}
	}
	return money.Span{}
}

// price sets the amounts of prorations: what the items cost a period, less what discounts take off all that they are
// weighed against, for their part of it.
func (c *change) price(op *resource.Op, s *object.Object, items, weighed []pricedItem, all []proration, sign int64) error {
	costs := make([]int64, len(weighed))
	for i, w := range weighed {
		var err error
		if costs[i], err = costOf(op, s, w.item, w.item.Int("quantity")); err != nil {
			return err
		}
	}
	off, err := discountsOn(op, c.s, weighed, costs)
	if err != nil {
		return err
	}
	for i := range all {
		at := slices.IndexFunc(weighed, func(w pricedItem) bool { return w.item == items[i].item })
		full := fullPeriod(s, items[i].item, unix(items[i].time.Start))
		all[i].gross, all[i].off = portion(billedAmount{gross: costs[at], off: off[at]}, sign*(items[i].time.End-items[i].time.Start), full.End-full.Start)
	}
	return nil
}

// discountsOn is what discounts take off the costs of items: those of the items, then the subscription's.
func discountsOn(op *resource.Op, s *object.Object, items []pricedItem, costs []int64) ([][]discountPart, error) {
	shared, err := sharedDiscounts(op, s, op.Now().Unix())
	if err != nil {
		return nil, err
	}
	b := &bill{in: newParams("discounts", shared)}
	for i, one := range items {
		own, err := lasting(op, one.item.Array("discounts"), op.Now().Unix())
		if err != nil {
			return nil, err
		}
		for _, id := range one.once {
			if !slices.Contains(own, id) && !slices.Contains(shared, id) {
				own = append(own, id)
			}
		}
		b.lines = append(b.lines, newParams("amount", costs[i], "discountable", true, "discounts", own,
			"pricing", newParams("price_details", newParams("product", one.item.Object("price").Ref("product")))))
	}
	return b.discount(op)
}

// usedUp are the discounts for one time that were on a debit.
func usedUp(op *resource.Op, d *debit) ([]any, error) {
	billed, err := d.amount(op)
	if err != nil {
		return nil, err
	}
	var once []any
	for _, part := range billed.off {
		discount, err := op.Get("discount", part.discount, "")
		if err != nil {
			return nil, err
		}
		terms, err := op.Private(discount)
		if err != nil {
			return nil, err
		}
		if terms.String("duration") == "once" {
			once = append(once, part.discount)
		}
	}
	return once, nil
}
