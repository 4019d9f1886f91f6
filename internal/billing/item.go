package billing

import (
	"slices"
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A line item is a price, so many times: what is bought at a checkout session or by a payment link. It lives below what
// it is an item of, its owner, whose private part has the order of them ("items"). What line items come to is in
// item_sum.go.

const (
	// maxQuantity is how often a price can be bought at once.
	maxQuantity = 999_999
	// adjustableMost is how often a customer can choose something unless the seller says otherwise.
	adjustableMost = 99
)

// soldPrice is the price that a line item names, or the one that comes along with it, which is for it alone.
func soldPrice(op *resource.Op, sent *object.Object, param string) (*object.Object, error) {
	data, id := sent.Object("price_data"), sent.String("price")
	switch {
	case data != nil && id != "":
		return nil, onlyOne(inside(param, "price"), inside(param, "price_data"))
	case data != nil:
		if data.Has("product") == data.Has("product_data") {
			return nil, apierr.Invalid("parameter_missing", inside(inside(param, "price_data"), "product_data"), "You must specify exactly one of `product` and `product_data` when you create a price.")
		}
		own := data.Clone()
		own.Set("active", false)
		price, err := op.Create("price", own)
		return price, within(err, inside(param, "price_data"))
	case id == "":
		return nil, missingParam(inside(param, "price"))
	}
	price, err := op.Get("price", id, inside(param, "price"))
	if err == nil && !price.Bool("active") && !sent.Bool(asAgreed) {
		err = apierr.Invalid("", inside(param, "price"), "The price specified is inactive. This field only accepts active prices.")
	}
	return price, err
}

// ownPrice is true in the private part of a line item whose price came along with it: that is not active, so that nobody
// else uses it.
const ownPrice = "own_price"

// addItem makes a line item of its price and what else was sent of it, behind the others of its owner.
func addItem(op *resource.Op, owner, price, sent *object.Object, currency, param string) (*object.Object, error) {
	item, err := op.Make("item", owner.ID(), object.New(nil), func(op *resource.Op) error {
		item := op.Object
		if err := priceSold(op, item, price, currency, param); err != nil {
			return err
		}
		item.Set("adjustable_quantity", nil)
		if err := reviseItemQuantity(item, sent, param); err != nil {
			return err
		}
		return keepItemTerms(op, item, sent, param)
	})
	if err != nil {
		return nil, err
	}
	return item, orderItems(op, owner, func(ids []any) []any { return append(ids, item.ID()) })
}

// priceSold gives a line item its price.
func priceSold(op *resource.Op, item, price *object.Object, currency, param string) error {
	if price.String("currency") != currency && !hasCurrency(op, price, currency) {
		return apierr.Invalid("", inside(param, "price"), "The price specified only supports `%s`. This doesn't match the expected currency: `%s`.", price.String("currency"), currency)
	}
	product, err := op.Get("product", price.Ref("product"), inside(param, "price"))
	if err != nil {
		return err
	}
	item.Set("price", price.Clone())
	item.Set("currency", currency)
	item.Set("description", product.String("name"))
	return nil
}

// keepItemTerms keeps what else is said of a line item: metadata, and the tax rates, which it does not show.
func keepItemTerms(op *resource.Op, item, sent *object.Object, param string) error {
	for key, v := range sent.Object("metadata").All() {
		item.Sub("metadata").Set(key, v)
	}
	private, err := op.Private(item)
	if err != nil {
		return err
	}
	if sent.Object("price_data") != nil || sent.Bool(asAgreed) {
		private.Set(ownPrice, true)
	}
	if rates := sent.Array("tax_rates"); sent.Has("tax_rates") {
		if _, err := taxRates(op, rates, inside(param, "tax_rates")); err != nil {
			return err
		}
		private.Set("tax_rates", rates)
	}
	return op.SetPrivate(item, private)
}

// taxRates are the tax rates of these ids.
func taxRates(op *resource.Op, ids []any, param string) ([]*object.Object, error) {
	rates := make([]*object.Object, len(ids))
	for i, v := range ids {
		id, _ := v.(string)
		rate, err := op.Get("tax_rate", id, param+"["+strconv.Itoa(i)+"]")
		if err != nil {
			return nil, err
		}
		rates[i] = rate
	}
	return rates, nil
}

// dropItem takes a line item away.
func dropItem(op *resource.Op, owner, item *object.Object) error {
	if err := op.Delete(item); err != nil {
		return err
	}
	return orderItems(op, owner, func(ids []any) []any {
		return slices.DeleteFunc(ids, func(id any) bool { return id == any(item.ID()) })
	})
}

// orderItems changes the order of an owner's line items.
func orderItems(op *resource.Op, owner *object.Object, change func(ids []any) []any) error {
	private, err := op.Private(owner)
	if err != nil {
		return err
	}
	private.Set("items", change(slices.Clone(private.Array("items"))))
	return op.SetPrivate(owner, private)
}

// lineItems are the line items of an owner, in order.
func lineItems(op *resource.Op, owner *object.Object) ([]*object.Object, error) {
	return itemsIn(op, owner, "items")
}

// itemsIn are the line items whose ids are in a field of the owner's private part, in order.
func itemsIn(op *resource.Op, owner *object.Object, field string) ([]*object.Object, error) {
	private, err := op.Private(owner)
	if err != nil {
		return nil, err
	}
	ids := private.Array(field)
	items := make([]*object.Object, len(ids))
	for i, v := range ids {
		id, _ := v.(string)
		if items[i], err = op.Get("item", id, "line_items"); err != nil {
			return nil, err
		}
	}
	return items, nil
}

// listItems serves the list of an owner's line items, which are listed in their order.
func listItems(op *resource.Op) error {
	items, err := lineItems(op, op.Object)
	if err != nil {
		return err
	}
	data := make([]any, len(items))
	for i, item := range items {
		data[i] = item
	}
	op.List, err = resource.PageOf(data, op.Params, itemsURL(op.Object), "item")
	return err
}

// itemsURL is where the line items of an owner are listed.
func itemsURL(owner *object.Object) string {
	switch owner.String("object") {
	case "payment_link":
		return "/v1/payment_links/" + owner.ID() + "/line_items"
	default:
		return "/v1/checkout/sessions/" + owner.ID() + "/line_items"
	}
}

// expandedItems are the first line items of an owner, for an answer that expands them.
func expandedItems(g resource.Glance, owner, private *object.Object) (any, error) {
	return firstItems(g, private.Array("items"), itemsURL(owner))
}

// firstItems are the first of line items, as a list at a URL.
func firstItems(g resource.Glance, ids []any, url string) (any, error) {
	data := make([]any, 0, embedded)
	for _, v := range ids[:min(len(ids), embedded)] {
		id, _ := v.(string)
		item, err := g.Find("item", id)
		if err != nil {
			return nil, err
		}
		data = append(data, item)
	}
	return resource.NewList(url, data, len(ids) > embedded), nil
}
