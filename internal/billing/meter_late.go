package billing

import (
	"math/big"
	"slices"

	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// Meter events may come late: as long as the invoice of a period is a draft, what was used in the period still counts.
// When the invoice becomes final, the lines of metered items are made anew if there is more to them, or less.

// recountUsage counts once more what a renewal bills for metered items. Where nothing is metered it costs nothing.
func recountUsage(op *resource.Op, in *object.Object) error {
	if in.String("billing_reason") != "subscription_cycle" {
		return nil
	}
	s, err := invoiceSubscription(op, in)
	if s == nil || err != nil {
		return err
	}
	lines, err := linesOf(op, in)
	if err != nil {
		return err
	}
	for len(lines) > 0 {
		id, n := usageItemOf(lines[0]), 1
		for n < len(lines) && id != "" && usageItemOf(lines[n]) == id {
			n++
		}
		if err := recountItem(op, s, in, id, lines[:n]); err != nil {
			return err
		}
		lines = lines[n:]
	}
	return nil
}

// usageItemOf is the item of a subscription that a line is for, if it was not made of an invoice item.
func usageItemOf(line *object.Object) string {
	if lineItemID(line) != "" {
		return ""
	}
	id, _ := line.At("parent", "subscription_item_details", "subscription_item").(string)
	return id
}

// recountItem makes the lines of an item anew if what they are for has changed. An item that is gone, or has another
// price by now, is left as it is.
func recountItem(op *resource.Op, s, in *object.Object, id string, lines []*object.Object) error {
	if id == "" {
		return nil
	}
	metered, err := isMeteredLine(op, lines[0])
	if !metered || err != nil {
		return err
	}
	item, err := op.Find("subscription_item", id)
	if item == nil || err != nil || any(item.Ref("price")) != lines[0].At("pricing", "price_details", "price") {
		return err
	}
	period := lines[0].Object("period")
	c, err := usageCharge(op, s, item, money.Span{Start: period.Int("start"), End: period.Int("end")})
	if err != nil {
		return err
	}
	billed := new(big.Rat)
	for _, line := range lines {
		billed.Add(billed, ratOf(line.String("quantity_decimal")))
	}
	if billed.Cmp(c.quantity) == 0 {
		return nil
	}
	return replaceLines(op, in, lines, func() error { return c.addTo(op, s, in) })
}

// replaceLines puts the lines that add makes in the place of others.
func replaceLines(op *resource.Op, in *object.Object, old []*object.Object, add func() error) error {
	private, err := op.Private(in)
	if err != nil {
		return err
	}
	at := slices.Index(private.Array("lines"), any(old[0].ID()))
	for _, line := range old {
		if err := dropLine(op, line); err != nil {
			return err
		}
	}
	kept := len(private.Array("lines"))
	if err := add(); err != nil {
		return err
	}
	return changeOrder(op, in, func(ids []any) []any {
		added := slices.Clone(ids[kept:])
		return slices.Insert(ids[:kept], at, added...)
	})
}
