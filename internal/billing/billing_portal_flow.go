package billing

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// Where a session of the billing portal takes its customer at once: to one thing that they are to do.

// flowFeatures are the features that each flow needs.
var flowFeatures = map[string]string{
	"customer_update": "customer_update", "payment_method_update": "payment_method_update", "subscription_cancel": "subscription_cancel",
	"subscription_update": "subscription_update", "subscription_update_confirm": "subscription_update",
}

// portalFlow checks a flow against the features and the customer's subscription, and shows it with every field.
func portalFlow(op *resource.Op, s, features, sent *object.Object) (*object.Object, error) {
	kind := sent.String("type")
	if feature := flowFeatures[kind]; !features.Object(feature).Bool("enabled") {
		return nil, apierr.Invalid("", "type", "You cannot use the flow `%s` because the feature `%s` is not enabled in the portal configuration.", kind, feature)
	}
	flow := nulls("customer_update", "subscription_cancel", "subscription_update", "subscription_update_confirm")
	flow.Set("type", kind)
	if kind == "customer_update" {
		flow.Set(kind, object.New(nil))
	}
	after, err := flowEnd(sent.Object("after_completion"))
	if err != nil {
		return nil, err
	}
	flow.Set("after_completion", after)
	for _, name := range []string{"subscription_cancel", "subscription_update", "subscription_update_confirm"} {
		part := sent.Object(name)
		switch {
		case name != kind && part != nil:
			return nil, apierr.Invalid("", name, "You can only set `%s` when the type of the flow is `%s`.", name, name)
		case name != kind:
			continue
		case part == nil:
			return nil, missingParam(name)
		}
		shown, err := subscriptionFlow(op, s, features, kind, part)
		if err != nil {
			return nil, within(err, name)
		}
		flow.Set(name, shown)
	}
	return flow, nil
}

// flowEnd says what comes after the flow.
func flowEnd(sent *object.Object) (*object.Object, error) {
	end := nulls("hosted_confirmation", "redirect")
	kind := sent.String("type")
	if kind == "" {
		kind = "portal_homepage"
	}
	end.Set("type", kind)
	switch url := sent.Object("redirect").String("return_url"); {
	case kind == "redirect" && url == "":
		return nil, missingParam("after_completion[redirect][return_url]")
	case kind == "redirect" && !isPlace(url):
		return nil, apierr.Invalid("url_invalid", "after_completion[redirect][return_url]", "Not a valid URL")
	case kind == "redirect":
		end.Set("redirect", newParams("return_url", url))
	case kind == "hosted_confirmation":
		text := nulls("custom_message")
		text.Set("custom_message", textOrNull(sent.Object("hosted_confirmation").String("custom_message")))
		end.Set("hosted_confirmation", text)
	}
	return end, nil
}

// subscriptionFlow is a flow about one subscription of the customer.
func subscriptionFlow(op *resource.Op, s, features *object.Object, kind string, sent *object.Object) (*object.Object, error) {
	id := sent.String("subscription")
	sub, err := op.Get("subscription", id, "subscription")
	switch {
	case err != nil:
		return nil, err
	case sub.Ref("customer") != s.String("customer"):
		return nil, apierr.MissingRef("subscription", id, "subscription")
	case hasEnded(sub):
		return nil, apierr.Invalid("", "subscription", "The subscription `%s` is %s and cannot be changed any more.", id, sub.String("status"))
	}
	shown := newParams("subscription", id)
	switch kind {
	case "subscription_cancel":
		if sub.Bool("cancel_at_period_end") || sub.Int("cancel_at") > 0 {
			return nil, apierr.Invalid("", "subscription", "The subscription `%s` is already set to be canceled.", id)
		}
		return shown, keepCustomer(op, shown, sent)
	case "subscription_update_confirm":
		return shown, confirmFlow(op, sub, features.Object("subscription_update"), shown, sent)
	}
	if len(subscriptionItems(sub)) != 1 {
		return nil, apierr.Invalid("", "subscription", "The subscription `%s` cannot be updated in the portal because it has more than one item.", id)
	}
	return shown, nil
}

// keepCustomer offers a coupon to somebody who is about to cancel.
func keepCustomer(op *resource.Op, shown, sent *object.Object) error {
	shown.Set("retention", nil)
	retention := sent.Object("retention")
	if retention == nil {
		return nil
	}
	id := retention.Object("coupon_offer").String("coupon")
	if _, err := op.Get("coupon", id, "retention[coupon_offer][coupon]"); err != nil {
		return err
	}
	shown.Set("retention", newParams("coupon_offer", newParams("coupon", id), "type", "coupon_offer"))
	return nil
}

// confirmFlow is a change of a subscription that the customer only has to confirm.
func confirmFlow(op *resource.Op, sub, feature, shown, sent *object.Object) error {
	items := sent.Array("items")
	if len(items) != 1 {
		return apierr.Invalid("", "items", "You must specify exactly one item of the subscription.")
	}
	change := items[0].(*object.Object)
	at := slices.IndexFunc(subscriptionItems(sub), func(item *object.Object) bool { return item.ID() == change.String("id") })
	if at < 0 {
		return apierr.MissingRef("subscription_item", change.String("id"), "items[0][id]")
	}
	item := subscriptionItems(sub)[at]
	allowed := feature.Array("default_allowed_updates")
	price := change.String("price")
	if price == "" {
		price = item.Ref("price")
	}
	quantity := item.Int("quantity")
	if change.Has("quantity") {
		quantity = change.Int("quantity")
	}
	switch {
	case price != item.Ref("price") && (!slices.Contains(allowed, any("price")) || !offersPrice(feature, price)):
		return apierr.Invalid("", "items[0][price]", "The price `%s` is not among those that customers can change to in the portal configuration.", price)
	case quantity < 1:
		return apierr.Invalid("parameter_invalid_integer", "items[0][quantity]", "This value must be greater than or equal to 1.")
	case quantity != item.Int("quantity") && !slices.Contains(allowed, any("quantity")):
		return apierr.Invalid("", "items[0][quantity]", "Customers cannot change the quantity with this portal configuration.")
	case price == item.Ref("price") && quantity == item.Int("quantity"):
		return apierr.Invalid("", "items", "The flow must change the price or the quantity of the subscription.")
	}
	shown.Set("items", []any{newParams("id", item.ID(), "price", price, "quantity", quantity)})
	return flowDiscounts(op, allowed, shown, sent.Array("discounts"))
}

// offersPrice reports whether customers can change to a price.
func offersPrice(feature *object.Object, price string) bool {
	return slices.ContainsFunc(feature.Array("products"), func(v any) bool {
		return slices.Contains(v.(*object.Object).Array("prices"), any(price))
	})
}

// flowDiscounts are the discounts that a change brings.
func flowDiscounts(op *resource.Op, allowed []any, shown *object.Object, sent []any) error {
	shown.Set("discounts", nil)
	if len(sent) == 0 {
		return nil
	}
	if len(sent) > 1 || !slices.Contains(allowed, any("promotion_code")) {
		return apierr.Invalid("", "discounts", "You can apply one discount, and only if the portal configuration allows promotion codes.")
	}
	given := sent[0].(*object.Object)
	discount := nulls("coupon", "promotion_code")
	for _, name := range []string{"coupon", "promotion_code"} {
		id := given.String(name)
		if id == "" {
			continue
		}
		if _, err := op.Get(name, id, "discounts[0]["+name+"]"); err != nil {
			return err
		}
		discount.Set(name, id)
	}
	shown.Set("discounts", []any{discount})
	return nil
}
