package billing

import (
	"slices"
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A subscription item is one price of a subscription, so many times. The subscription shows its items in the order in
// which they were added.
//
//	(new) --DELETE--> gone, as long as another one is left
//
// Emits customer.subscription.updated.
func init() {
	register(resource.Rules{
		Object: "subscription_item", Unmerged: []string{"discounts"}, Create: createSubscriptionItem, Update: updateSubscriptionItem,
		Actions: resource.Actions{
			"POST /v1/subscription_items":          addSubscriptionItem,
			"POST /v1/subscription_items/{item}":   changeSubscriptionItem,
			"DELETE /v1/subscription_items/{item}": removeSubscriptionItem,
		},
	})
}

func addSubscriptionItem(op *resource.Op) error {
	s, err := op.Get("subscription", op.Params.String("subscription"), "subscription")
	if err != nil {
		return err
	}
	item, err := op.CreateBelow("subscription_item", s.ID(), op.Params)
	if err != nil {
		return err
	}
	showItem(s, item)
	op.Object = item
	return op.EmitUpdated(s)
}

func changeSubscriptionItem(op *resource.Op) error {
	s, err := op.Get("subscription", op.Object.String("subscription"), "subscription")
	if err != nil {
		return err
	}
	if err := op.Update(op.Object, op.Params); err != nil {
		return err
	}
	showItem(s, op.Object)
	return op.EmitUpdated(s)
}

func removeSubscriptionItem(op *resource.Op) error {
	item := op.Object
	s, err := op.Get("subscription", item.String("subscription"), "subscription")
	if err != nil {
		return err
	}
	if err := op.Delete(item); err != nil {
		return err
	}
	if err := hideItem(s, item.ID()); err != nil {
		return err
	}
	return op.EmitUpdated(s)
}

// changeItems adds, changes and removes items as the "items" of a subscription's parameters say.
func changeItems(op *resource.Op, s *object.Object) error {
	for i, v := range op.Params.Array("items") {
		sent, _ := v.(*object.Object)
		if err := changeItem(op, s, sent.Clone()); err != nil {
			return within(err, "items["+strconv.Itoa(i)+"]")
		}
	}
	return nil
}

func changeItem(op *resource.Op, s, sent *object.Object) error {
	id := sent.String("id")
	sent.Delete("id")
	if id == "" {
		sent.Set("subscription", s.ID())
		item, err := op.CreateBelow("subscription_item", s.ID(), sent)
		if err == nil {
			showItem(s, item)
		}
		return err
	}
	item, err := op.Get("subscription_item", id, "id")
	if err != nil {
		return err
	}
	if item.String("subscription") != s.ID() {
		return apierr.MissingRef("subscription_item", id, "id")
	}
	if sent.Bool("deleted") {
		if err := op.Delete(item); err != nil {
			return err
		}
		return hideItem(s, id)
	}
	if err := op.Update(item, sent); err != nil {
		return err
	}
	showItem(s, item)
	return nil
}

// showItem puts an item into the subscription's list: in its place, or at the end.
func showItem(s, item *object.Object) {
	list := s.Sub("items")
	data := slices.Clone(list.Array("data"))
	i := slices.IndexFunc(data, func(v any) bool { return v.(*object.Object).ID() == item.ID() })
	if i < 0 {
		data = append(data, item.Clone())
	} else {
		data[i] = item.Clone()
	}
	list.Set("data", data)
}

func hideItem(s *object.Object, id string) error {
	list := s.Sub("items")
	data := slices.DeleteFunc(slices.Clone(list.Array("data")), func(v any) bool { return v.(*object.Object).ID() == id })
	if len(data) == 0 {
		return apierr.Invalid("", "", "A subscription must have at least one item. Cancel it to end it.")
	}
	list.Set("data", data)
	return nil
}

func createSubscriptionItem(op *resource.Op) error {
	item := op.Object
	s, err := op.Get("subscription", op.Params.String("subscription"), "subscription")
	if err != nil {
		return err
	}
	if len(subscriptionItems(s)) >= maxItems {
		return apierr.Invalid("", "", "A subscription can have up to %d items.", maxItems)
	}
	if id := op.Params.String("price"); id != "" && slices.ContainsFunc(subscriptionItems(s), func(o *object.Object) bool { return o.Ref("price") == id }) {
		return apierr.Invalid("", "price", "Cannot add multiple subscription items with the same plan: %s", id)
	}
	item.Set("subscription", s.ID())
	given, err := giving{param: "discounts", currency: s.String("currency"), to: newParams("customer", s.Ref("customer"), "subscription_item", item.ID())}.
		give(op, op.Params.Array("discounts"))
	if err != nil {
		return err
	}
	item.Set("discounts", deductionIDs(given))
	if item.Get("tax_rates") == nil {
		item.Set("tax_rates", []any{})
	}
	if err := priceItem(op, item, s.String("currency")); err != nil {
		return err
	}
	startPeriod(op, s, item)
	return nil
}

func updateSubscriptionItem(op *resource.Op) error {
	if !op.Params.Has("price") && !op.Params.Has("price_data") {
		return nil
	}
	s, err := op.Get("subscription", op.Object.String("subscription"), "subscription")
	if err != nil {
		return err
	}
	return priceItem(op, op.Object, s.String("currency"))
}

// priceItem checks the price of an item, or makes the one that it came with.
func priceItem(op *resource.Op, item *object.Object, currency string) error {
	data := op.Params.Object("price_data")
	switch {
	case data != nil && op.Params.Has("price"):
		return onlyOne("price", "price_data")
	case data != nil:
		params := data.Clone()
		params.Set("active", false) // it is for this subscription alone
		price, err := op.Create("price", params)
		if err != nil {
			return within(err, "price_data")
		}
		item.Set("price", price.Clone())
	case !op.Params.Has("price"):
		return missingParam("price")
	case !item.Object("price").Bool("active") && !op.Params.Bool(ownPrice):
		return apierr.Invalid("", "price", "The price specified is inactive. This field only accepts active prices.")
	}
	price := item.Object("price")
	recurring := price.Object("recurring")
	switch {
	case recurring == nil:
		return apierr.Invalid("", "price", "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.")
	case price.String("currency") != currency && !hasCurrency(op, price, currency):
		return apierr.Invalid("", "price", "The price specified only supports `%s`. This doesn't match the expected currency: `%s`.", price.String("currency"), currency)
	case recurring.String("usage_type") == "metered":
		item.Delete("quantity")
	case !item.Has("quantity"):
		item.Set("quantity", 1)
	}
	return nil
}

// hasCurrency reports whether a price has an amount in another currency than its own.
func hasCurrency(op *resource.Op, price *object.Object, currency string) bool {
	kept, err := op.Find("price", price.ID())
	if kept == nil || err != nil {
		return false
	}
	private, err := op.Private(kept)
	return err == nil && private.Object("currency_options").Has(currency)
}
