package billing

import (
	"slices"
	"strconv"
	"strings"

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

// addSubscriptionItem, like the two that follow, is an update of the subscription that has the item.
func addSubscriptionItem(op *resource.Op) error {
	s, err := op.Get("subscription", op.Params.String("subscription"), "subscription")
	if err != nil {
		return err
	}
	if err := updateItem(op, s, object.New(nil)); err != nil {
		return err
	}
	shown := s.Object("items").Array("data")
	if waiting := s.Object("pending_update").Array("subscription_items"); waiting != nil {
		shown = waiting
	}
	op.Object, err = op.Get("subscription_item", shown[len(shown)-1].(*object.Object).ID(), "subscription")
	return err
}

func changeSubscriptionItem(op *resource.Op) error {
	s, err := op.Get("subscription", op.Object.String("subscription"), "subscription")
	if err != nil {
		return err
	}
	return updateItem(op, s, newParams("id", op.Object.ID()))
}

func removeSubscriptionItem(op *resource.Op) error {
	s, err := op.Get("subscription", op.Object.String("subscription"), "subscription")
	if err != nil {
		return err
	}
	id := op.Object.ID()
	if err := updateItem(op, s, newParams("id", id, "deleted", true)); err != nil {
		return err
	}
	op.Result = newParams("id", id, "object", "subscription_item", "deleted", true)
	return nil
}

// updateItem updates a subscription by the parameters of one of its items.
func updateItem(op *resource.Op, s, item *object.Object) error {
	params := newParams("items", []any{item})
	for name, v := range op.Params.All() {
		switch name {
		case "payment_behavior", "proration_behavior", "proration_date", "off_session":
			params.Set(name, v)
		case "subscription", "expand":
		default:
			item.Set(name, v)
		}
	}
	err := op.Update(s, params)
	if e := apierr.As(err); e != nil && strings.HasPrefix(e.Param, "items[0][") {
		own := *e
		own.Param = strings.Replace(strings.TrimPrefix(e.Param, "items[0]["), "]", "", 1)
		return &own
	}
	return err
}

// changeItems adds, changes and removes items as the "items" of a subscription's parameters say. What is removed goes
// first, so that another item can take its price.
func changeItems(op *resource.Op, s *object.Object) error {
	sent := op.Params.Array("items")
	for _, removal := range []bool{true, false} {
		for i, v := range sent {
			one, _ := v.(*object.Object)
			if one.Bool("deleted") != removal {
				continue
			}
			if err := changeItem(op, s, one.Clone()); err != nil {
				return within(err, "items["+strconv.Itoa(i)+"]")
			}
			if err := checkItems(s); err != nil {
				return within(err, "items["+strconv.Itoa(i)+"]")
			}
		}
	}
	if len(sent) == 0 {
		return nil
	}
	return checkIntervals(s)
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
		if sent.Bool("clear_usage") && !isMetered(item) {
			return apierr.Invalid("", "clear_usage", "`clear_usage` is only allowed when the current plan's `usage_type` is `metered`.")
		}
		hideItem(s, id) // it is deleted when the change is billed
		return nil
	}
	if err := op.Update(item, sent); err != nil {
		return err
	}
	showItem(s, item)
	return nil
}

// checkItems wants no more items than there may be, and no price twice.
func checkItems(s *object.Object) error {
	prices := map[string]bool{}
	for _, item := range subscriptionItems(s) {
		price := item.Ref("price")
		if prices[price] {
			return apierr.Invalid("", "price", "Cannot add multiple subscription items with the same plan: %s", price)
		}
		prices[price] = true
	}
	if len(prices) > maxItems {
		return apierr.Invalid("", "", "A subscription can have up to %d items.", maxItems)
	}
	return nil
}

// checkIntervals wants at least one item, and all of them billed equally often. With flexible billing it is enough that
// each interval is a multiple of the shortest. Source: Stripe, Mixed interval subscriptions.
func checkIntervals(s *object.Object) error {
	items := subscriptionItems(s)
	if len(items) == 0 {
		return apierr.Invalid("", "", "A subscription must have at least one active plan. To cancel the subscription, cancel it instead.")
	}
	shortest := intervalOf(items[0].Object("price"))
	for _, item := range items {
		if one := intervalOf(item.Object("price")); one.Divides(shortest) {
			shortest = one
		}
	}
	for _, item := range items {
		switch one := intervalOf(item.Object("price")); {
		case !isFlexible(s) && one != intervalOf(items[0].Object("price")):
			return apierr.Invalid("", "items", "Currency and interval fields must match across all plans/prices on this subscription. Found mismatch in interval field.")
		case !shortest.Divides(one):
			return apierr.Invalid("", "items", "The interval of every price on a subscription must be a multiple of the shortest one.")
		}
	}
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

func hideItem(s *object.Object, id string) {
	list := s.Sub("items")
	list.Set("data", slices.DeleteFunc(slices.Clone(list.Array("data")), func(v any) bool { return v.(*object.Object).ID() == id }))
}

func createSubscriptionItem(op *resource.Op) error {
	item := op.Object
	s, err := op.Get("subscription", op.Params.String("subscription"), "subscription")
	if err != nil {
		return err
	}
	item.Set("subscription", s.ID())
	item.Set("discounts", []any{})
	if err := discountSubscriptionItem(op, s, item); err != nil {
		return err
	}
	if item.Get("tax_rates") == nil {
		item.Set("tax_rates", []any{})
	}
	if err := priceItem(op, item, s.String("currency")); err != nil {
		return err
	}
	startPeriod(s, item, op.Now())
	return nil
}

// updateSubscriptionItem changes an item. Another price is taken once, unless the quantity is said again.
func updateSubscriptionItem(op *resource.Op) error {
	s, err := op.Get("subscription", op.Object.String("subscription"), "subscription")
	if err != nil {
		return err
	}
	if err := discountSubscriptionItem(op, s, op.Object); err != nil {
		return err
	}
	if op.Params.Has("price") || op.Params.Has("price_data") {
		if err := priceItem(op, op.Object, s.String("currency")); err != nil {
			return err
		}
	}
	if op.Object.Ref("price") == op.Before.Ref("price") {
		return checkQuantity(op, op.Object)
	}
	if !op.Params.Has("quantity") && !isMetered(op.Object) {
		op.Object.Set("quantity", 1)
	}
	return nil
}

// discountSubscriptionItem takes the discounts that were sent for an item; an empty value takes them away.
func discountSubscriptionItem(op *resource.Op, s, item *object.Object) error {
	if !op.Params.Has("discounts") {
		return nil
	}
	given, err := giving{param: "discounts", currency: s.String("currency"), to: newParams("customer", s.Ref("customer"), "subscription_item", item.ID())}.
		give(op, op.Params.Array("discounts"))
	if err != nil {
		return err
	}
	item.Set("discounts", deductionIDs(given))
	return nil
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
	case !item.Object("price").Bool("active") && !wasAgreed(op.Params):
		return apierr.Invalid("", "price", "The price specified is inactive. This field only accepts active prices.")
	}
	price := item.Object("price")
	recurring := price.Object("recurring")
	switch {
	case recurring == nil:
		return apierr.Invalid("", "price", "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.")
	case price.String("currency") != currency && !hasCurrency(op, price, currency):
		return apierr.Invalid("", "price", "The price specified only supports `%s`. This doesn't match the expected currency: `%s`.", price.String("currency"), currency)
	case isMetered(item):
		item.Delete("quantity")
	case !item.Has("quantity"):
		item.Set("quantity", 1)
	}
	return checkQuantity(op, item)
}

// checkQuantity refuses a quantity where what was used is counted.
func checkQuantity(op *resource.Op, item *object.Object) error {
	if op.Params.Has("quantity") && isMetered(item) {
		return apierr.Invalid("", "quantity", "Quantity should not be specified where usage_type is `metered`.")
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
