package billing

import (
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// maxOrderItems is how many items a request may bring.
const maxOrderItems = 25

// readItems makes an order's items of those that a request lists: skus first, the others behind them.
func readItems(op *resource.Op, order *object.Object) ([]any, error) {
	sent := op.Params.Array("items")
	if len(sent) > maxOrderItems {
		return nil, apierr.Invalid("", "items", "An order can have up to %d items; you sent %d.", maxOrderItems, len(sent))
	}
	var skus, others []any
	wanted := map[string]int64{} // by sku: the same one may be listed twice
	for i, v := range sent {
		item, param := v.(*object.Object), "items["+strconv.Itoa(i)+"]"
		if currency := item.String("currency"); currency != "" && currency != order.String("currency") {
			return nil, apierr.Invalid("", param+"[currency]", "The item is in %s, but the order is in %s.", currency, order.String("currency"))
		}
		if kind := item.String("type"); kind != "sku" && kind != "" {
			made, err := extraItem(order, item, kind, param)
			if err != nil {
				return nil, err
			}
			others = append(others, made)
			continue
		}
		made, err := skuItem(op, order, item, param, wanted)
		if err != nil {
			return nil, err
		}
		skus = append(skus, made)
	}
	if len(skus) == 0 {
		return nil, missingParam("items")
	}
	return append(skus, others...), nil
}

func orderItem(order *object.Object, kind string, amount int64, description string, parent, quantity any) *object.Object {
	item := object.New(nil)
	item.Set("object", "order_item")
	item.Set("amount", amount)
	item.Set("currency", order.String("currency"))
	item.Set("description", description)
	item.Set("parent", parent)
	item.Set("quantity", quantity)
	item.Set("type", kind)
	return item
}

// extraItem is tax, shipping or a discount that the request itself puts a price on.
func extraItem(order, sent *object.Object, kind, param string) (*object.Object, error) {
	if !sent.Has("amount") {
		return nil, missingParam(param + "[amount]")
	}
	amount := sent.Int("amount")
	if (amount < 0) != (kind == "discount") && amount != 0 {
		return nil, apierr.Invalid("", param+"[amount]", "A discount is negative, and everything else is not.")
	}
	description := sent.String("description")
	if description == "" {
		description = map[string]string{"tax": "Tax", "shipping": "Shipping", "discount": "Discount"}[kind]
	}
	return orderItem(order, kind, amount, description, textOrNull(sent.String("parent")), nil), nil
}

// skuItem is an item that is taken from stock, if there is enough of it.
func skuItem(op *resource.Op, order, sent *object.Object, param string, wanted map[string]int64) (*object.Object, error) {
	id := sent.String("parent")
	if id == "" {
		return nil, missingParam(param + "[parent]")
	}
	quantity := int64(1)
	if sent.Has("quantity") {
		quantity = sent.Int("quantity")
	}
	if quantity < 1 {
		return nil, apierr.Invalid("parameter_invalid_integer", param+"[quantity]", "This value must be greater than or equal to 1.")
	}
	sku, err := op.Get("sku", id, param+"[parent]")
	if err != nil {
		return nil, err
	}
	product, err := op.Get("product", sku.Ref("product"), param+"[parent]")
	if err != nil {
		return nil, err
	}
	wanted[id] += quantity
	if err := checkSKU(order, sku, product, wanted[id], param+"[parent]"); err != nil {
		return nil, err
	}
	if product.Bool("shippable") && order.Object("shipping") == nil {
		return nil, apierr.Invalid("parameter_missing", "shipping", "Missing required param: shipping. The product %s is shipped, so the order needs an address.", product.ID())
	}
	amount := sku.Int("price") * quantity
	if amount > money.Maximum {
		return nil, apierr.Invalid("amount_too_large", param+"[quantity]", "Amount must be no more than %s", money.Format(money.Maximum, order.String("currency")))
	}
	return orderItem(order, "sku", amount, product.String("name"), id, quantity), nil
}

// checkSKU says why a sku cannot be ordered.
func checkSKU(order, sku, product *object.Object, quantity int64, param string) error {
	switch {
	case !sku.Bool("active"):
		return apierr.Invalid("sku_inactive", param, "The SKU %s is inactive.", sku.ID())
	case !product.Bool("active"):
		return apierr.Invalid("product_inactive", param, "The product %s of the SKU %s is inactive.", product.ID(), sku.ID())
	case sku.String("currency") != order.String("currency"):
		return apierr.Invalid("", param, "The SKU %s is in %s, but the order is in %s.", sku.ID(), sku.String("currency"), order.String("currency"))
	}
	return checkStock(sku, quantity, param)
}

func checkStock(sku *object.Object, quantity int64, param string) error {
	if !stocked(sku, quantity) {
		return apierr.Invalid("out_of_inventory", param, "The SKU %s is out of stock: %d wanted.", sku.ID(), quantity)
	}
	return nil
}

// totalOrder sums the items up.
func totalOrder(order *object.Object) {
	var sum int64
	for _, v := range order.Array("items") {
		sum += v.(*object.Object).Int("amount")
	}
	order.Set("amount", sum)
}
