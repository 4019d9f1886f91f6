package billing

import (
	"slices"
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// maxOrderItems is how many items a request may bring.
const maxOrderItems = 25

// freeShipping is the one way of shipping that there is without a seller's own settings.
const (
	freeShipping     = "ship_free-shipping"
	freeShippingText = "Free shipping"
	taxIncludedText  = "Taxes (included)"
)

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

// applyCoupon adds a discount on the skus. An order can have several.
func applyCoupon(op *resource.Op, order *object.Object, id string) error {
	coupon, err := op.Get("coupon", id, "coupon")
	if err != nil {
		return err
	}
	if coupon.String("duration") != "once" {
		return apierr.Invalid("", "coupon", "The coupon %s is not for one time only: an order takes coupons whose duration is once.", id)
	}
	if by := coupon.Int("redeem_by"); !coupon.Bool("valid") || by > 0 && by < op.Now().Unix() {
		return apierr.Invalid("coupon_expired", "coupon", "The coupon %s has expired.", id)
	}
	amount, err := couponDiscount(order, coupon)
	if err != nil {
		return err
	}
	description := coupon.String("name")
	if description == "" {
		description = id
	}
	items := order.Array("items")
	at := len(items)
	for at > 0 && items[at-1].(*object.Object).String("type") != "sku" && items[at-1].(*object.Object).String("type") != "discount" {
		at--
	}
	item := orderItem(order, "discount", -amount, description, id, nil)
	order.Set("items", slices.Insert(slices.Clone(items), at, any(item)))
	redeemCoupon(op, coupon)
	return nil
}

// redeemCoupon counts one use of a coupon. With the last one that is allowed it is no longer valid.
func redeemCoupon(op *resource.Op, coupon *object.Object) {
	used := coupon.Int("times_redeemed") + 1
	coupon.Set("times_redeemed", used)
	if most := coupon.Int("max_redemptions"); most > 0 && used >= most {
		coupon.Set("valid", false)
	}
	op.Save(coupon)
}

// couponDiscount is what a coupon takes off, at most what is left of the skus' price.
func couponDiscount(order, coupon *object.Object) (int64, error) {
	goods := itemSum(order, "sku")
	left := goods + itemSum(order, "discount")
	if off := coupon.Int("amount_off"); off > 0 {
		if coupon.String("currency") != order.String("currency") {
			return 0, apierr.Invalid("", "coupon", "The coupon %s is in %s, but the order is in %s.", coupon.ID(), coupon.String("currency"), order.String("currency"))
		}
		return min(off, left), nil
	}
	percent, err := percentage(coupon.Get("percent_off"))
	if err != nil {
		return 0, err
	}
	return min(percent.Of(goods), left), nil
}

// percentage reads a percentage as documents hold it.
func percentage(v any) (money.Percent, error) {
	switch v := v.(type) {
	case int64:
		return money.ParsePercent(strconv.FormatInt(v, 10))
	case object.Number:
		return money.ParsePercent(string(v))
	}
	return 0, nil
}

// itemSum is what all items of a type come to.
func itemSum(order *object.Object, kind string) int64 {
	var sum int64
	for _, v := range order.Array("items") {
		if item := v.(*object.Object); item.String("type") == kind {
			sum += item.Int("amount")
		}
	}
	return sum
}

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

// totalOrder sums the items up.
func totalOrder(order *object.Object) {
	var sum int64
	for _, v := range order.Array("items") {
		sum += v.(*object.Object).Int("amount")
	}
	order.Set("amount", sum)
}
