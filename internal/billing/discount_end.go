package billing

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How a discount of a subscription or of one of its items ends. Invoices that it was on keep it.

const discountEnd = "discount.end"

// endLater lets a discount end so many months after its start; none is for ever.
func endLater(op *resource.Op, d *object.Object, months int64) error {
	if d.String("subscription") == "" && d.String("subscription_item") == "" {
		return nil
	}
	return endAfter(op, d, months)
}

// endAfter does so whatever the discount is of.
func endAfter(op *resource.Op, d *object.Object, months int64) error {
	if months == 0 {
		return nil
	}
	end := money.Interval{Unit: "month", Count: int(months)}.After(unix(d.Int("start")), 1)
	d.Set("end", end.Unix())
	return op.SetTimer(discountEnd, d, end)
}

func discountOver(op *resource.Op) error { return endDiscount(op, op.Object) }

// endDiscount takes a discount from the subscription, the item or the customer that has it. It can still be seen.
// Emits customer.discount.deleted, customer.subscription.updated.
func endDiscount(op *resource.Op, d *object.Object) error {
	if ofCustomer(d) {
		return withdrawFromCustomer(op, d)
	}
	return withdrawDiscount(op, d, func() error {
		if d.String("subscription") == "" {
			return nil // those of items have no events
		}
		return op.Emit("customer.discount.deleted", d)
	})
}

// withdrawDiscount takes a discount from who has it. tell runs before the subscription's event.
func withdrawDiscount(op *resource.Op, d *object.Object, tell func() error) error {
	s, item, err := discounted(op, d)
	if s == nil || err != nil {
		return err
	}
	holder := s
	if item != nil {
		holder = item
	}
	given := holder.Array("discounts")
	if !slices.Contains(given, any(d.ID())) {
		return nil // taken back already
	}
	holder.Set("discounts", slices.DeleteFunc(slices.Clone(given), func(id any) bool { return id == any(d.ID()) }))
	op.Save(holder)
	if item != nil {
		showItem(s, item)
	}
	if err := tell(); err != nil {
		return err
	}
	op.Save(s)
	if s.String("status") == "incomplete" || hasEnded(s) {
		return nil // the next event tells of it
	}
	return op.EmitUpdated(s)
}

// discounted is the subscription, and the item if it is for one, that a discount was given to; nil if it is for none, or
// its owner is gone.
func discounted(op *resource.Op, d *object.Object) (s, item *object.Object, err error) {
	id := d.String("subscription")
	if of := d.String("subscription_item"); of != "" {
		if item, err = op.Find("subscription_item", of); item == nil || err != nil {
			return nil, nil, err
		}
		id = item.String("subscription")
	}
	if id == "" {
		return nil, nil, nil
	}
	s, err = op.Find("subscription", id)
	return s, item, err
}

// consumeDiscounts takes back the discounts of a final invoice that count only once.
func consumeDiscounts(op *resource.Op, in *object.Object) error {
	for _, v := range in.Array("total_discount_amounts") {
		d, err := op.Find("discount", v.(*object.Object).Ref("discount"))
		if d == nil || err != nil {
			return err
		}
		if d.String("subscription") == "" && d.String("subscription_item") == "" && !ofCustomer(d) {
			continue
		}
		terms, err := op.Private(d)
		if err != nil {
			return err
		}
		if terms.String("duration") != "once" {
			continue
		}
		if err := endDiscount(op, d); err != nil {
			return err
		}
	}
	return nil
}

// lasting are those of the discounts that a subscription or an item has that still count at a time: one that ends that
// second does not.
func lasting(op *resource.Op, given []any, at int64) ([]any, error) {
	var out []any
	for _, v := range given {
		id, _ := v.(string)
		d, err := op.Find("discount", id)
		if err != nil {
			return nil, err
		}
		if end := d.Int("end"); d != nil && (end == 0 || end > at) {
			out = append(out, v)
		}
	}
	return out, nil
}

// dropDiscounts tells of the discounts of a subscription that an update has taken away.
// Emits customer.discount.deleted.
func dropDiscounts(op *resource.Op, before, after []any) error {
	for _, id := range before {
		if slices.Contains(after, id) {
			continue
		}
		d, err := op.Get("discount", id.(string), "discounts")
		if err != nil {
			return err
		}
		if err := op.Emit("customer.discount.deleted", d); err != nil {
			return err
		}
	}
	return nil
}

// discountsOf are the discounts of the subscription that the path names, of which there is at least one.
func discountsOf(op *resource.Op) (s *object.Object, given []any, err error) {
	id := op.Path[len(op.Path)-1]
	if s, err = op.Find("subscription", id); err != nil {
		return nil, nil, err
	}
	if s == nil {
		return nil, nil, apierr.Missing("subscription", id, "id")
	}
	if given = s.Array("discounts"); len(given) == 0 {
		none := apierr.Missing("discount", id, "")
		none.Message = "No active discount for subscription: " + id
		return nil, nil, none
	}
	return s, given, nil
}

// showDiscount answers the discount of a subscription that was given last.
func showDiscount(op *resource.Op) error {
	_, given, err := discountsOf(op)
	if err != nil {
		return err
	}
	d, err := op.Get("discount", given[len(given)-1].(string), "id")
	op.Object = d
	return err
}

// deleteDiscount takes back all discounts of a subscription. Invoices that they are on still name them, so they stay.
// Emits customer.discount.deleted, customer.subscription.updated.
func deleteDiscount(op *resource.Op) error {
	_, given, err := discountsOf(op)
	if err != nil {
		return err
	}
	for _, v := range given {
		d, err := op.Get("discount", v.(string), "id")
		if err != nil {
			return err
		}
		if err := endDiscount(op, d); err != nil {
			return err
		}
		op.AnswerDeleted(d)
	}
	return nil
}
