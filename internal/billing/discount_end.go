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

// endLater lets a discount end after so many months; none is for ever.
func endLater(op *resource.Op, d *object.Object, months int64) error {
	if months == 0 || d.String("subscription") == "" && d.String("subscription_item") == "" {
		return nil
	}
	end := money.Interval{Unit: "month", Count: int(months)}.After(op.Now(), 1)
	d.Set("end", end.Unix())
	return op.SetTimer(discountEnd, d, end)
}

func discountOver(op *resource.Op) error { return endDiscount(op, op.Object) }

// endDiscount takes a discount from the subscription or the item that has it. It can still be seen.
// Emits customer.discount.deleted, customer.subscription.updated.
func endDiscount(op *resource.Op, d *object.Object) error {
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
		if d.String("subscription") == "" && d.String("subscription_item") == "" {
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

// lasting are those of the discounts that a subscription or an item has that still count: one that ends this second does
// not.
func lasting(op *resource.Op, given []any) ([]any, error) {
	var out []any
	for _, v := range given {
		id, _ := v.(string)
		d, err := op.Find("discount", id)
		if err != nil {
			return nil, err
		}
		if end := d.Int("end"); d != nil && (end == 0 || end > op.Now().Unix()) {
			out = append(out, v)
		}
	}
	return out, nil
}

// deleteDiscount takes back all discounts of a subscription.
func deleteDiscount(op *resource.Op) error {
	s, err := op.Get("subscription", op.Path[len(op.Path)-1], "id")
	if err != nil {
		return err
	}
	given := s.Array("discounts")
	if len(given) == 0 {
		return apierr.Invalid("resource_missing", "", "No active discount for subscription: %s", s.ID())
	}
	for _, v := range given {
		d, err := op.Get("discount", v.(string), "id")
		if err != nil {
			return err
		}
		op.Object = d
		if err := withdrawDiscount(op, d, func() error { return op.Delete(d) }); err != nil {
			return err
		}
	}
	return nil
}
