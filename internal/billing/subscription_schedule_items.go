package billing

import (
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What a phase bills: its items, their prices and discounts, and what is added to its first invoice.

// readItems completes the items of a phase, and settles its currency.
func (r *phaseReader) readItems(op *resource.Op, phase *object.Object) error {
	items := phase.Array("items")
	switch {
	case len(items) == 0:
		return missingParam("items")
	case len(items) > maxItems:
		return apierr.Invalid("", "items", "A subscription can have up to %d items.", maxItems)
	}
	seen := map[string]bool{}
	for i, v := range items {
		item, param := v.(*object.Object), "items["+strconv.Itoa(i)+"]"
		price, err := r.readPrice(op, item, "recurring")
		if err != nil {
			return within(err, param)
		}
		if seen[price.ID()] {
			return apierr.Invalid("", param+"[price]", "Cannot add multiple subscription items with the same plan: %s", price.ID())
		}
		seen[price.ID()] = true
		if err := r.readCurrency(op, phase, price); err != nil {
			return within(err, param)
		}
		if price.Object("recurring").String("usage_type") == "metered" {
			item.Delete("quantity")
		} else {
			fill(item, "quantity", int64(1))
		}
		fill(item, "metadata", object.New(nil), "tax_rates", []any{})
		if err := r.checkDiscounts(op, item); err != nil {
			return within(err, param)
		}
	}
	phase.Set("currency", r.currency)
	return nil
}

// readPrice is the price that an item names, or the one made of what it came with.
func (r *phaseReader) readPrice(op *resource.Op, item *object.Object, kind string) (*object.Object, error) {
	data := item.Object("price_data")
	switch {
	case data != nil && item.Has("price"):
		return nil, onlyOne("price", "price_data")
	case data != nil:
		params := data.Clone()
		params.Set("active", false) // it is for this schedule alone
		price, err := op.Create("price", params)
		if err != nil {
			return nil, within(err, "price_data")
		}
		item.Delete("price_data")
		item.Set("price", price.ID())
		return price, nil
	case item.String("price") == "":
		return nil, missingParam("price")
	}
	price, err := op.Get("price", item.String("price"), "price")
	switch {
	case err != nil:
		return nil, err
	case !price.Bool("active") && !r.inactive && !r.known[price.ID()]:
		return nil, apierr.Invalid("", "price", "The price specified is inactive. This field only accepts active prices.")
	case price.String("type") != kind:
		return nil, apierr.Invalid("", "price", "The price specified is set to `type=%s` but this field only accepts prices with `type=%s`.", price.String("type"), kind)
	}
	return price, nil
}

// readCurrency checks that a price can be billed in the currency of the schedule: that of its first price, unless the
// phase names another or the customer has one.
func (r *phaseReader) readCurrency(op *resource.Op, phase, price *object.Object) error {
	known := r.customer.String("currency")
	if r.currency == "" {
		r.currency = phase.String("currency")
	}
	if r.currency == "" {
		r.currency = price.String("currency")
		if known != "" && hasCurrency(op, price, known) {
			r.currency = known
		}
	}
	switch sent := phase.String("currency"); {
	case known != "" && known != r.currency:
		return apierr.Invalid("", "price", "You cannot combine currencies on a single customer. This customer has had a subscription, coupon, or invoice item with currency %s", known)
	case sent != "" && sent != r.currency, price.String("currency") != r.currency && !hasCurrency(op, price, r.currency):
		return apierr.Invalid("", "price", "The price specified only supports `%s`. This doesn't match the expected currency: `%s`.", price.String("currency"), r.currency)
	}
	return nil
}

// checkDiscounts checks that what a phase or an item is to be given can be given.
func (r *phaseReader) checkDiscounts(op *resource.Op, holder *object.Object) error {
	sent := holder.Array("discounts")
	if len(sent) > maxDiscounts {
		return apierr.Invalid("", "discounts", "You can apply at most %d discounts.", maxDiscounts)
	}
	g := giving{currency: r.currency, to: newParams("customer", r.customer.ID())}
	for i, v := range sent {
		one, param := v.(*object.Object), "discounts["+strconv.Itoa(i)+"]"
		switch {
		case r.known[one.String("coupon")], r.known[one.String("promotion_code")]:
		case one.String("discount") != "":
			if _, err := op.Get("discount", one.String("discount"), param+"[discount]"); err != nil {
				return err
			}
		default:
			coupon, _, err := g.offer(op, one, param)
			if err != nil {
				return err
			}
			private, err := op.Private(coupon)
			if err != nil {
				return err
			}
			if _, err := g.offOf(coupon, private, param); err != nil {
				return err
			}
		}
	}
	return nil
}

// readAdded completes the items that are added to the next invoice when a phase begins.
func (r *phaseReader) readAdded(op *resource.Op, phase *object.Object) error {
	for i, v := range phase.Array("add_invoice_items") {
		item, param := v.(*object.Object), "add_invoice_items["+strconv.Itoa(i)+"]"
		price, err := r.readPrice(op, item, "one_time")
		if err != nil {
			return within(err, param)
		}
		if price.String("currency") != r.currency {
			return apierr.Invalid("", param+"[price]", "The price specified only supports `%s`. This doesn't match the expected currency: `%s`.", price.String("currency"), r.currency)
		}
		if err := r.checkDiscounts(op, item); err != nil {
			return within(err, param)
		}
		fill(item, "quantity", int64(1), "metadata", object.New(nil), "tax_rates", []any{},
			"period", newParams("start", newParams("type", "max_item_period_start"), "end", newParams("type", "min_item_period_end")))
	}
	return nil
}

// knownTo are the ids of what the phases of a schedule name and may go on naming although it could not be chosen anew.
func knownTo(s *object.Object) map[string]bool {
	known := map[string]bool{}
	for _, phase := range phasesOf(s) {
		holders := append([]any{phase}, phase.Array("items")...)
		holders = append(holders, phase.Array("add_invoice_items")...)
		for _, v := range holders {
			holder := v.(*object.Object)
			known[holder.Ref("price")] = true
			for _, d := range holder.Array("discounts") {
				known[d.(*object.Object).Ref("coupon")], known[d.(*object.Object).Ref("promotion_code")] = true, true
			}
		}
	}
	delete(known, "")
	return known
}
