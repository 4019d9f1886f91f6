package billing

import (
	"math/big"
	"slices"

	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// usageCharge is what was used of a metered item in a period, as long as the item was there.
func usageCharge(op *resource.Op, s, item *object.Object, period money.Span) (itemCharge, error) {
	since, err := usageSince(op, item, period.End)
	if err != nil {
		return itemCharge{}, err
	}
	return usedBetween(op, s, item, money.Span{Start: max(period.Start, since), End: period.End}, period)
}

// lastUsage is what was used of a metered item that ends now, in a period that may go on. This second counts too: nothing
// bills it later, and on a test clock usage is reported at the very moment at which its item ends.
func lastUsage(op *resource.Op, s, item *object.Object, since int64) (itemCharge, error) {
	period, now := periodOf(item), op.Now().Unix()
	until := period.End
	if now < period.End {
		period.End, until = now, now+1
	}
	return usedBetween(op, s, item, money.Span{Start: max(period.Start, since), End: until}, period)
}

// usageSince is from when the usage of an item counts in a period that ends at a time: since the item is there, has its
// price, or was billed by a threshold.
func usageSince(op *resource.Op, item *object.Object, end int64) (int64, error) {
	if !isMetered(item) {
		return 0, nil
	}
	private, err := op.Private(item)
	for _, v := range slices.Backward(private.Array("usage_from")) {
		if since, _ := v.(int64); since < end {
			return since, err
		}
	}
	return item.Int("created"), err
}

// usedBetween charges for what was used in a time, as a part of a period.
func usedBetween(op *resource.Op, s, item *object.Object, time, period money.Span) (itemCharge, error) {
	c := itemCharge{item: item, period: period, quantity: new(big.Rat)}
	meter, err := op.Get("billing.meter", item.Object("price").Object("recurring").String("meter"), "price")
	if err != nil {
		return c, err
	}
	used, err := usage(op, meter, s.Ref("customer"), time.Start, time.End)
	if err == nil && used.Sign() > 0 {
		c.quantity = used
	}
	return c, err
}

// usageItems bills what was used of metered items that are removed or get another price. With classic billing that is
// not billed any more, unless their period is over. Source: Stripe, Compare billing modes.
// Emits invoiceitem.created.
func (c *change) usageItems(op *resource.Op) (made []string, err error) {
	for _, h := range c.held {
		item := c.nowItem(h.item.ID())
		if item.Ref("price") == h.item.Ref("price") {
			continue
		}
		owed := c.isOver(op.Now()) || isFlexible(c.s) && (item != nil || c.behavior != "none")
		if isMetered(h.item) && owed && c.charged() && !clearsUsage(op, h.item.ID()) {
			ids, err := c.usageItem(op, h)
			if err != nil {
				return nil, err
			}
			made = append(made, ids...)
		}
		if !isMetered(item) {
			continue
		}
		if err := countUsageFrom(op, item.ID(), op.Now().Unix()); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// clearsUsage reports whether what was used of an item that is removed is to be forgotten.
func clearsUsage(op *resource.Op, id string) bool {
	for _, v := range op.Params.Array("items") {
		if sent := v.(*object.Object); sent.String("id") == id {
			return sent.Bool("deleted") && sent.Bool("clear_usage")
		}
	}
	return false
}

// keptStarts is how many of the moments from which usage counts are kept: those of the period that is over, which can still
// be a draft, and of the one that runs.
const keptStarts = 8

// countUsageFrom lets the usage of an item be counted from a moment.
func countUsageFrom(op *resource.Op, id string, at int64) error {
	item, err := op.Get("subscription_item", id, "items")
	if err != nil {
		return err
	}
	private, err := op.Private(item)
	if err != nil {
		return err
	}
	from := append(slices.Clone(private.Array("usage_from")), at)
	private.Set("usage_from", from[max(len(from)-keptStarts, 0):])
	return op.SetPrivate(item, private)
}

// usageLeft is what was used of an item and is not billed yet. What is used from now on is billed at its new price, if it
// has one.
func (c *change) usageLeft(op *resource.Op, h heldItem) (itemCharge, error) {
	period := periodOf(h.item)
	period.Start = max(period.Start, h.since)
	if c.nowItem(h.item.ID()) == nil {
		charge, err := lastUsage(op, c.s, h.item, h.since)
		charge.period.Start = period.Start
		return charge, err
	}
	period.End = min(period.End, op.Now().Unix())
	return usedBetween(op, c.s, h.item, period, period)
}

// usageItem makes an invoice item for each part of what was used of an item until now.
func (c *change) usageItem(op *resource.Op, h heldItem) (made []string, err error) {
	was := h.item
	charge, err := c.usageLeft(op, h)
	if err != nil || charge.quantity.Sign() == 0 {
		return nil, err
	}
	product, err := op.Get("product", was.Object("price").Ref("product"), "price")
	if err != nil {
		return nil, err
	}
	parts, err := charge.parts(op, c.s)
	if err != nil {
		return nil, err
	}
	for _, part := range parts {
		item, err := op.Make("invoiceitem", "", newParams("customer", c.s.Ref("customer"), "currency", c.s.String("currency")), func(op *resource.Op) error {
			o := op.Object
			line := charge.line(c.s, part)
			for _, name := range []string{"amount", "period", "pricing", "quantity", "quantity_decimal", "discountable"} {
				o.Set(name, line.Get(name))
			}
			o.Set("net_amount", part.amount)
			o.Set("description", charge.text(c.s, part, product.String("name")))
			o.Set("discounts", []any{})
			o.Set("proration", false)
			o.Set("parent", itemParent(c.s, was))
			o.Set("tax_rates", slices.Clone(was.Array("tax_rates")))
			o.Set("test_clock", c.s.Get("test_clock"))
			return nil
		})
		if err != nil {
			return nil, err
		}
		made = append(made, item.ID())
	}
	return made, nil
}
