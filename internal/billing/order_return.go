package billing

import (
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// An order return says what came back of an order, and holds the refund for it.
//
//	order paid or fulfilled --POST /v1/orders/{}/returns--> (new)
//
// When everything came back, a paid order is canceled and a fulfilled one is returned.
//
// Emits order_return.created, refund.created, charge.refunded, order.updated.
func init() {
	register(resource.Rules{Object: "order_return", Unmerged: []string{"items"}, Create: createOrderReturn, Created: applyOrderReturn})
}

func createOrderReturn(op *resource.Op) error {
	back := op.Object
	order, err := op.Get("order", back.Ref("order"), "id")
	if err != nil {
		return err
	}
	if status := order.String("status"); status != "paid" && status != "fulfilled" {
		return apierr.Invalid("order_status_invalid", "", "This order is %s: only an order that is paid or fulfilled can be returned.", status)
	}
	left, err := unreturned(op, order)
	if err != nil {
		return err
	}
	items := left
	if sent := op.Params.Array("items"); len(sent) > 0 {
		if items, err = pickItems(sent, left); err != nil {
			return err
		}
	}
	var amount int64
	for _, item := range items {
		amount += item.Int("amount")
	}
	currency := order.String("currency")
	if rest := order.Int("amount") - order.Int("amount_returned"); amount > rest {
		return apierr.Invalid("", "items", "The items come to %s, but only %s of this order can be returned.", money.Format(amount, currency), money.Format(rest, currency))
	}
	if amount < 0 || len(items) == 0 {
		return apierr.Invalid("", "items", "There is nothing to return.")
	}
	back.Set("items", items)
	back.Set("amount", amount)
	back.Set("currency", currency)
	back.Set("refund", nil)
	if amount > 0 && order.Ref("charge") != "" {
		id := refundIDOf(op, order.Ref("charge"))
		op.Choose("refund", id)
		back.Set("refund", id)
	}
	return nil
}

// applyOrderReturn pays the money back and counts the return on its order.
func applyOrderReturn(op *resource.Op) error {
	back := op.Object
	order, err := op.Get("order", back.Ref("order"), "id")
	if err != nil {
		return err
	}
	if err := refundOrder(op, order, back.Int("amount")); err != nil {
		return err
	}
	order.Set("amount_returned", order.Int("amount_returned")+back.Int("amount"))
	all, err := op.Lookup("order_return", "order", order.ID())
	if err != nil {
		return err
	}
	order.Set("returns", returnList(order, all))
	left, err := unreturned(op, order)
	if err != nil {
		return err
	}
	if len(left) == 0 {
		to := "canceled"
		if order.String("status") == "fulfilled" {
			to = "returned"
		}
		if err := advanceOrder(op, order, to); err != nil {
			return err
		}
	}
	return op.EmitUpdated(order)
}

// embedded is how many objects a list inside another object shows.
const embedded = 10

func returnList(order *object.Object, all []*object.Object) *object.Object {
	data := make([]any, 0, embedded)
	for _, back := range all[:min(len(all), embedded)] {
		data = append(data, back.Clone())
	}
	list := resource.NewList("/v1/order_returns?order="+order.ID(), data, len(all) > embedded)
	list.Set("total_count", len(all))
	return list
}

// unreturned are the items that are left of an order after its returns, without those of which nothing is left.
func unreturned(op *resource.Op, order *object.Object) ([]*object.Object, error) {
	returns, err := op.Lookup("order_return", "order", order.ID())
	if err != nil {
		return nil, err
	}
	left := make([]*object.Object, 0, len(order.Array("items")))
	for _, v := range order.Array("items") {
		left = append(left, v.(*object.Object).Clone())
	}
	for _, back := range returns {
		for _, v := range back.Array("items") {
			takeBack(left, v.(*object.Object))
		}
	}
	kept := left[:0]
	for _, item := range left {
		if item.Int("amount") != 0 || item.Int("quantity") > 0 {
			kept = append(kept, item)
		}
	}
	return kept, nil
}

// takeBack lessens the items by one that came back. It may be spread over several of the same sku.
func takeBack(left []*object.Object, back *object.Object) {
	quantity, amount := back.Int("quantity"), back.Int("amount")
	for _, item := range left {
		if !sameItem(item, back) {
			continue
		}
		n, part := min(quantity, item.Int("quantity")), amount
		if item.String("type") == "sku" {
			part = n * unitAmount(item)
			item.Set("quantity", item.Int("quantity")-n)
			quantity -= n
		}
		item.Set("amount", item.Int("amount")-part)
		amount -= part
		if quantity == 0 && amount == 0 {
			return
		}
	}
}

func sameItem(a, b *object.Object) bool {
	return a.String("type") == b.String("type") && a.Ref("parent") == b.Ref("parent")
}

func unitAmount(item *object.Object) int64 {
	if n := item.Int("quantity"); n > 0 {
		return item.Int("amount") / n
	}
	return 0
}

// pickItems makes the returned items of those that a request names, out of what is left.
func pickItems(sent []any, left []*object.Object) ([]*object.Object, error) {
	rest := make([]*object.Object, len(left))
	for i, item := range left {
		rest[i] = item.Clone()
	}
	var picked []*object.Object
	for i, v := range sent {
		item, err := pickItem(v.(*object.Object), rest, "items["+strconv.Itoa(i)+"]")
		if err != nil {
			return nil, err
		}
		takeBack(rest, item)
		picked = append(picked, item)
	}
	return picked, nil
}

// pickItem finds what one element of the request means: pieces of a sku, or an amount of something else.
func pickItem(sent *object.Object, rest []*object.Object, param string) (*object.Object, error) {
	kind, parent := sent.String("type"), sent.String("parent")
	if kind == "" {
		kind = "sku"
	}
	var found *object.Object
	var quantity, amount int64
	for _, item := range rest {
		if item.String("type") == kind && (parent == "" && kind != "sku" || item.Ref("parent") == parent) {
			if found == nil {
				found = item
			}
			if sameItem(item, found) {
				quantity, amount = quantity+item.Int("quantity"), amount+item.Int("amount")
			}
		}
	}
	if kind == "sku" && parent == "" {
		return nil, missingParam(param + "[parent]")
	}
	if found == nil || quantity == 0 && amount == 0 {
		return nil, apierr.Invalid("", param, "Nothing of that is left to return: %s %s.", kind, parent)
	}
	out := found.Clone()
	if text := sent.String("description"); text != "" {
		out.Set("description", text)
	}
	if kind != "sku" {
		return out, pickAmount(out, sent, amount, param)
	}
	n := int64(1)
	if sent.Has("quantity") {
		n = sent.Int("quantity")
	}
	if n < 1 || n > quantity {
		return nil, apierr.Invalid("", param+"[quantity]", "Between 1 and %d of %s can be returned.", quantity, parent)
	}
	out.Set("quantity", n)
	out.Set("amount", n*unitAmount(found))
	return out, nil
}

// pickAmount takes a part of an amount; all of it, if none is named.
func pickAmount(out, sent *object.Object, left int64, param string) error {
	amount := left
	if sent.Has("amount") {
		amount = sent.Int("amount")
	}
	if amount == 0 || (amount < 0) != (left < 0) || max(amount, -amount) > max(left, -left) {
		return apierr.Invalid("", param+"[amount]", "Between 0 and %s of that can be returned.", money.Format(left, out.String("currency")))
	}
	out.Set("amount", amount)
	return nil
}
