package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
)

// How often line items are bought, and whether the customer may choose it.

// reviseItemQuantity settles the quantity of a line item and whether it can be adjusted, as far as that was sent.
func reviseItemQuantity(item, sent *object.Object, param string) error {
	if sent.Has("quantity") || !item.Has("quantity") || item.Get("quantity") == nil {
		quantity, err := itemQuantity(item.Object("price"), sent, param)
		if err != nil {
			return err
		}
		item.Set("quantity", quantity)
	}
	if !sent.Has("adjustable_quantity") {
		return nil
	}
	adjustable, err := adjustableQuantity(sent.Object("adjustable_quantity"), item.Int("quantity"), inside(param, "adjustable_quantity"))
	if err != nil {
		return err
	}
	item.Set("adjustable_quantity", nil)
	if adjustable != nil {
		item.Set("adjustable_quantity", adjustable)
	}
	return nil
}

// itemQuantity is how often a price is bought: null for what is metered, once for what the customer says the amount of.
func itemQuantity(price, sent *object.Object, param string) (any, error) {
	metered := price.Object("recurring").String("usage_type") == "metered"
	switch quantity := sent.Int("quantity"); {
	case metered && sent.Has("quantity"):
		return nil, apierr.Invalid("", inside(param, "quantity"), "Quantity should not be specified where usage_type is `metered`. Remove `quantity` from `%s`", param)
	case metered:
		return nil, nil
	case price.Object("custom_unit_amount") != nil && sent.Has("quantity") && quantity != 1:
		return nil, apierr.Invalid("", inside(param, "quantity"), "Quantity must be 1 for prices with a `custom_unit_amount`.")
	case price.Object("custom_unit_amount") != nil:
		return int64(1), nil
	case !sent.Has("quantity"):
		return nil, apierr.Invalid("parameter_missing", inside(param, "quantity"), "Quantity is required. Add `quantity` to `%s`", param)
	case quantity < 1 && !sent.Object("adjustable_quantity").Bool("enabled") || quantity < 0:
		return nil, apierr.Invalid("parameter_invalid_integer", inside(param, "quantity"), "This value must be greater than or equal to 1.")
	case quantity > maxQuantity:
		return nil, apierr.Invalid("parameter_invalid_integer", inside(param, "quantity"), "This value must be less than or equal to %d.", maxQuantity)
	default:
		return quantity, nil
	}
}

// adjustableQuantity says between which quantities the customer may choose; nil if not at all.
func adjustableQuantity(sent *object.Object, quantity int64, param string) (*object.Object, error) {
	if !sent.Bool("enabled") {
		return nil, nil
	}
	lo, hi := sent.Int("minimum"), int64(adjustableMost)
	if sent.Has("maximum") {
		hi = sent.Int("maximum")
	}
	switch {
	case lo < 0:
		return nil, apierr.Invalid("parameter_invalid_integer", inside(param, "minimum"), "This value must be greater than or equal to 0.")
	case hi > maxQuantity:
		return nil, apierr.Invalid("parameter_invalid_integer", inside(param, "maximum"), "This value must be less than or equal to %d.", maxQuantity)
	case lo >= hi:
		return nil, apierr.Invalid("", inside(param, "maximum"), "The maximum of an adjustable quantity must be greater than its minimum.")
	case quantity < lo || quantity > hi:
		return nil, apierr.Invalid("", param, "The quantity must be between the minimum (%d) and the maximum (%d) of the adjustable quantity.", lo, hi)
	}
	return newParams("enabled", true, "maximum", hi, "minimum", lo), nil
}

// adjustItem takes the quantity that a customer chose.
func adjustItem(item *object.Object, quantity int64, param string) error {
	bounds := item.Object("adjustable_quantity")
	switch {
	case quantity == item.Int("quantity"):
	case !bounds.Bool("enabled"):
		return apierr.Invalid("", param, "The quantity of the line item %s cannot be adjusted.", item.ID())
	case quantity < bounds.Int("minimum") || quantity > bounds.Int("maximum"):
		return apierr.Invalid("", param, "The quantity must be between %d and %d.", bounds.Int("minimum"), bounds.Int("maximum"))
	}
	item.Set("quantity", quantity)
	return nil
}
