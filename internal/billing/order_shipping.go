package billing

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
)

// Without settings of the seller's own, tax is in the prices and there is one way of shipping, which is free.
const (
	freeShipping     = "ship_free-shipping"
	freeShippingText = "Free shipping"
	taxIncludedText  = "Taxes (included)"
)

func hasItem(order *object.Object, kind string) bool {
	for _, v := range order.Array("items") {
		if v.(*object.Object).String("type") == kind {
			return true
		}
	}
	return false
}

// addTax says that tax is in the prices, unless the request had a tax of its own.
func addTax(order *object.Object) {
	if !hasItem(order, "tax") {
		order.Set("items", append(order.Array("items"), orderItem(order, "tax", 0, taxIncludedText, nil, nil)))
	}
}

// addShipping offers free shipping, unless the request put a price on shipping.
func addShipping(order *object.Object) {
	if hasItem(order, "shipping") {
		return
	}
	method := object.New(nil)
	method.Set("id", freeShipping)
	method.Set("amount", 0)
	method.Set("currency", order.String("currency"))
	method.Set("delivery_estimate", nil)
	method.Set("description", freeShippingText)
	order.Set("shipping_methods", []any{method})
	order.Set("selected_shipping_method", freeShipping)
	order.Set("items", append(order.Array("items"), orderItem(order, "shipping", 0, freeShippingText, freeShipping, nil)))
}

// selectShipping puts the selected method in the place of the shipping item.
func selectShipping(order *object.Object) error {
	id := order.String("selected_shipping_method")
	for _, v := range order.Array("shipping_methods") {
		method := v.(*object.Object)
		if method.String("id") != id {
			continue
		}
		items := slices.Clone(order.Array("items"))
		for i, item := range items {
			if item.(*object.Object).String("type") == "shipping" {
				items[i] = orderItem(order, "shipping", method.Int("amount"), method.String("description"), id, nil)
			}
		}
		order.Set("items", items)
		totalOrder(order)
		return nil
	}
	return apierr.Invalid("", "selected_shipping_method", "This order has no shipping method %q.", id)
}
