package billing

import (
	"cmp"
	"math/big"
	"slices"
	"strconv"

	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// itemCharge is what an item of a subscription is billed for a time: the period to come for what is paid for in advance,
// the one that is over for what is metered.
type itemCharge struct {
	item     *object.Object
	period   money.Span
	full     money.Span // the period is a part of it, and so is the amount; zero is all of it
	over     bool       // the period is more than one full period
	quantity *big.Rat
	trial    bool // costs nothing
}

// firstBill is what a new subscription is billed at once: the trial, the first period, or what is left of it before the
// anchor. Metered items are billed when their period is over.
func firstBill(op *resource.Op, s *object.Object) (*subscriptionBill, error) {
	now := op.Now().Unix()
	b := &subscriptionBill{s: s, reason: "subscription_create", from: now, to: now, added: op.Params.Array("add_invoice_items")}
	items, err := itemsOf(op, s)
	if err != nil {
		return nil, err
	}
	free := op.Params.String("proration_behavior") == "none"
	for _, item := range newestFirst(items) {
		var past []itemCharge
		if !free {
			if past, err = pastCharges(op, s, item); err != nil {
				return nil, err
			}
			b.charges = append(b.charges, past...)
		}
		c := itemCharge{item: item, period: periodOf(item), quantity: quantityOf(item)}
		switch full := partOf(s, item); {
		case s.Int("trial_end") > 0:
			c.trial = true
		case isMetered(item):
			if isFlexible(s) {
				continue
			}
		case full.End > 0:
			if free {
				continue
			}
			c.full = full
			if past != nil && !isFlexible(s) { // one line for all
				c.period.Start, c.over = past[0].period.Start, true
				b.charges = b.charges[:len(b.charges)-1]
			}
		}
		b.charges = append(b.charges, c)
	}
	return b, nil
}

// newestFirst are items in the order in which an invoice shows them. Those that were added together stay in the order in
// which they were sent, as in the example of an amount that is taken off two items (Stripe, Prorations).
func newestFirst(items []*object.Object) []*object.Object {
	sorted := slices.Clone(items)
	slices.SortStableFunc(sorted, func(a, b *object.Object) int { return cmp.Compare(b.Int("created"), a.Int("created")) })
	return sorted
}

// nextBill turns the periods that are over and charges for the next ones, and for what was used in those of metered
// items. What was used in a trial was free.
func nextBill(op *resource.Op, s *object.Object, afterTrial bool) (*subscriptionBill, error) {
	now := op.Now().Unix()
	b := &subscriptionBill{s: s, reason: "subscription_cycle", to: now}
	items, err := itemsOf(op, s)
	if err != nil {
		return nil, err
	}
	for _, item := range newestFirst(items) {
		old := periodOf(item)
		if old.End > now {
			continue
		}
		if b.from == 0 || old.Start < b.from {
			b.from = old.Start
		}
		openPeriod(s, item, op.Now())
		op.Save(item)
		showItem(s, item)
		c := itemCharge{item: item, period: periodOf(item), full: partOf(s, item), quantity: quantityOf(item)}
		if isMetered(item) {
			if afterTrial {
				continue
			}
			if c, err = usageCharge(op, s, item, old); err != nil {
				return nil, err
			}
		}
		b.charges = append(b.charges, c)
	}
	return b, nil
}

func isMetered(item *object.Object) bool {
	return item.Object("price").Object("recurring").String("usage_type") == "metered"
}

// since is when the time begins that is billed in advance.
func (c itemCharge) since(op *resource.Op) int64 {
	if isMetered(c.item) {
		return op.Now().Unix()
	}
	return min(op.Now().Unix(), c.period.Start)
}

func quantityOf(item *object.Object) *big.Rat { return new(big.Rat).SetInt64(item.Int("quantity")) }

// parts are what the charge comes to, by tier.
func (c itemCharge) parts(op *resource.Op, s *object.Object) ([]pricePart, error) {
	parts, err := priceParts(op, c.item.Object("price"), s.String("currency"), c.quantity)
	for i := range parts {
		switch {
		case c.trial:
			parts[i].amount = 0
		case c.over && !isMetered(c.item):
			parts[i].amount = intervalOf(c.item.Object("price")).Charge(parts[i].amount, unix(c.period.Start), unix(c.period.Start), unix(c.period.End))
		case c.full != (money.Span{}) && !isMetered(c.item):
			parts[i].amount = money.Share(parts[i].amount, c.period.End-c.period.Start, c.full.End-c.full.Start)
		}
	}
	if c.trial && len(parts) > 1 {
		parts = parts[:1]
	}
	return parts, err
}

// addTo puts a charge on an invoice.
func (c itemCharge) addTo(op *resource.Op, s, in *object.Object) error {
	price := c.item.Object("price")
	product, err := op.Get("product", price.Ref("product"), "price")
	if err != nil {
		return err
	}
	parts, err := c.parts(op, s)
	if err != nil {
		return err
	}
	discounts, err := lasting(op, c.item.Array("discounts"), c.since(op))
	if err != nil {
		return err
	}
	billed := debit{invoice: in.ID(), period: c.period, until: c.period.End}
	for _, part := range parts {
		fields := c.line(s, part)
		fields.Set("discounts", slices.Clone(discounts))
		fields.Set("description", c.text(s, part, product.String("name")))
		line, err := addLine(op, in, fields, itemRates(c.item))
		if err != nil {
			return err
		}
		billed.lines = append(billed.lines, line.ID())
	}
	if c.trial || isMetered(c.item) {
		return nil
	}
	return noteDebit(op, c.item, billed)
}

// line are the fields of a line of a subscription.
func (c itemCharge) line(s *object.Object, part pricePart) *object.Object {
	price := c.item.Object("price")
	f := newParams("amount", part.amount, "discountable", true, "period", newParams("start", c.period.Start, "end", c.period.End),
		"metadata", s.Object("metadata").Clone(), "subscription", s.ID(),
		"parent", subscriptionParent(s, c.item), "pricing", newParams("price_details", newParams("price", price.ID(), "product", price.Ref("product")),
			"type", "price_details", "unit_amount_decimal", part.unit))
	quantity := part.quantity
	if part.flat {
		quantity = new(big.Rat)
	}
	f.Set("quantity", nil)
	if quantity.IsInt() {
		f.Set("quantity", quantity.Num().Int64())
	}
	f.Set("quantity_decimal", quantityText(quantity))
	return f
}

// text describes a line.
func (c itemCharge) text(s *object.Object, part pricePart, product string) string {
	switch {
	case !c.trial:
		return partText(part, product, c.item.Object("price"), s.String("currency"))
	case isFlexible(s):
		return "Free trial for " + strconv.FormatInt(max(c.item.Int("quantity"), 1), 10) + " × " + product
	}
	return "Trial period for " + product
}

// subscriptionParent says which item of a subscription a line is for.
func subscriptionParent(s, item *object.Object) *object.Object {
	credited := object.New(nil)
	credited.Set("credited_items", nil)
	details := object.New(nil)
	details.Set("invoice_item", nil)
	details.Set("proration", false)
	details.Set("proration_details", credited)
	details.Set("subscription", s.ID())
	details.Set("subscription_item", item.ID())
	parent := object.New(nil)
	parent.Set("invoice_item_details", nil)
	parent.Set("subscription_item_details", details)
	parent.Set("type", "subscription_item_details")
	return parent
}
