package billing

import (
	"slices"
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What the customer of a checkout session buys, as far as they may choose.

// takeQuantities takes how often the customer wants something, or what they want to pay for it.
func takeQuantities(op *resource.Op, s, typed *object.Object) error {
	sent := typed.Array("line_items")
	if one := typed.Object("updated_line_item_quantity"); one != nil {
		sent = append(slices.Clone(sent), newParams("id", one.String("line_item_id"), "quantity", one.Get("quantity")))
	}
	if len(sent) == 0 {
		return nil
	}
	items, err := lineItems(op, s)
	if err != nil {
		return err
	}
	for i, v := range sent {
		chosen, param := v.(*object.Object), itemParam(i)
		at := slices.IndexFunc(items, func(item *object.Object) bool { return item.ID() == chosen.String("id") })
		if at < 0 {
			return apierr.MissingRef("item", chosen.String("id"), inside(param, "id"))
		}
		if chosen.Has("quantity") {
			if err := adjustItem(items[at], chosen.Int("quantity"), inside(param, "quantity")); err != nil {
				return err
			}
			op.Save(items[at])
		}
		if chosen.Has("amount") {
			if err := chooseAmount(op, items[at], chosen.Int("amount"), inside(param, "amount")); err != nil {
				return err
			}
		}
	}
	return nil
}

// chooseAmount takes what a customer wants to pay for something that has no fixed price.
func chooseAmount(op *resource.Op, item *object.Object, amount int64, param string) error {
	custom := item.Object("price").Object("custom_unit_amount")
	most, limited := custom.Get("maximum").(int64)
	switch {
	case custom == nil:
		return apierr.Invalid("", param, "The amount of the line item %s cannot be chosen.", item.ID())
	case amount < custom.Int("minimum") || limited && amount > most:
		return apierr.Invalid("", param, "The amount must be between the minimum and the maximum of the price.")
	}
	private, err := op.Private(item)
	if err != nil {
		return err
	}
	private.Set("custom_amount", amount)
	return op.SetPrivate(item, private)
}

// takeOptional takes what the customer wants of what is optional.
func takeOptional(op *resource.Op, s, typed *object.Object) error {
	for i, v := range typed.Array("optional_items") {
		if err := chooseOptional(op, s, v.(*object.Object), "optional_items["+strconv.Itoa(i)+"]"); err != nil {
			return err
		}
	}
	return nil
}

// chooseOptional buys one of the optional items, as many of it as the customer wants by now. None takes it away again.
func chooseOptional(op *resource.Op, s, chosen *object.Object, param string) error {
	price := chosen.String("price")
	at := slices.IndexFunc(s.Array("optional_items"), func(v any) bool { return v.(*object.Object).String("price") == price })
	if at < 0 {
		return apierr.Invalid("", inside(param, "price"), "The price %s is not among the optional items.", price)
	}
	offer := s.Array("optional_items")[at].(*object.Object)
	quantity := offer.Int("quantity")
	if chosen.Has("quantity") {
		quantity = chosen.Int("quantity")
	}
	item, err := optionalItem(op, s, price)
	switch {
	case err != nil:
		return err
	case quantity == 0 && item != nil:
		return dropItem(op, s, item)
	case quantity == 0:
		return nil
	case item == nil:
		if item, err = addOptional(op, s, offer, param); err != nil {
			return err
		}
	}
	op.Save(item)
	return adjustItem(item, quantity, inside(param, "quantity"))
}

// optionalItem is the line item that the customer added of a price, or nil.
func optionalItem(op *resource.Op, s *object.Object, price string) (*object.Object, error) {
	items, err := lineItems(op, s)
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		private, err := op.Private(item)
		if err != nil {
			return nil, err
		}
		if private.Bool("optional") && item.Object("price").ID() == price {
			return item, nil
		}
	}
	return nil, nil
}

// addOptional makes a line item of an optional one.
func addOptional(op *resource.Op, s, offer *object.Object, param string) (*object.Object, error) {
	sent := newParams("price", offer.String("price"), "quantity", offer.Int("quantity"), asAgreed, true)
	if bounds := offer.Object("adjustable_quantity"); bounds != nil {
		sent.Set("adjustable_quantity", withoutNulls(bounds))
	}
	price, err := soldPrice(op, sent, param)
	if err != nil {
		return nil, err
	}
	item, err := addItem(op, s, price, sent, s.String("currency"), param)
	if err != nil {
		return nil, err
	}
	private, err := op.Private(item)
	if err != nil {
		return nil, err
	}
	private.Set("optional", true)
	return item, op.SetPrivate(item, private)
}
