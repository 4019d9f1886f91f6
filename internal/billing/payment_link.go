package billing

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A payment link is an address that anybody can be given: every visit of it begins a checkout session
// (payment_link_session.go).
//
//	active --active=false, or as many sessions complete as may be--> inactive --active=true--> active
//
// Its line items stay; only how often each is bought can be changed.
//
// Emits payment_link.created, payment_link.updated.
func init() {
	register(resource.Rules{
		Object: "payment_link", Create: createPaymentLink, Update: updatePaymentLink,
		Unmerged: []string{"application_fee_percent", "invoice_creation", "line_items", "restrictions", "shipping_options", "subscription_data", "tax_id_collection"},
		Include:  map[string]func(resource.Glance, *object.Object, *object.Object) (any, error){"line_items": expandedItems},
		Index:    map[string]func(*object.Object) []string{"token": func(l *object.Object) []string { return []string{lastPart(l.String("url"))} }},
		Actions: resource.Actions{
			"GET /v1/payment_links/{payment_link}/line_items": listItems,
			"POST /v1/payment_links/{payment_link}/sessions":  beginByLink,
		},
	})
}

const (
	// linkLetters is how much of a link's address cannot be guessed.
	linkLetters  = 14
	maxLinkItems = 20
)

func createPaymentLink(op *resource.Op) error {
	l := op.Object
	token := placedSecret(op, linkLetters)
	if !op.Live() {
		token = "test_" + token
	}
	l.Set("active", true)
	l.Set("url", op.BaseURL()+"/b/"+token)
	l.Set("application", actingApplication(op))
	l.Set("application_fee_percent", op.Params.Get("application_fee_percent"))
	if l.Object("after_completion").String("type") == "" || !op.Params.Has("after_completion") {
		l.Set("after_completion", newParams("hosted_confirmation", nulls("custom_message"), "type", "hosted_confirmation"))
	}
	for name, value := range map[string]any{"allow_promotion_codes": false, "billing_address_collection": "auto", "payment_method_collection": "always", "submit_type": "auto"} {
		if !op.Params.Has(name) {
			l.Set(name, value)
		}
	}
	for _, step := range []func(*resource.Op, *object.Object) error{linkItems, linkModes, settleLink} {
		if err := step(op, l); err != nil {
			return err
		}
	}
	return nil
}

// linkItems makes the line items.
func linkItems(op *resource.Op, l *object.Object) error {
	sent := op.Params.Array("line_items")
	if len(sent) == 0 || len(sent) > maxLinkItems {
		return apierr.Invalid("", "line_items", "A payment link must have between 1 and %d line items.", maxLinkItems)
	}
	currency := op.Params.String("currency")
	for i, v := range sent {
		price, err := soldPrice(op, v.(*object.Object), itemParam(i))
		if err != nil {
			return err
		}
		if currency == "" {
			currency = price.String("currency")
		}
		if _, err := addItem(op, l, price, v.(*object.Object), currency, itemParam(i)); err != nil {
			return err
		}
	}
	l.Set("currency", currency)
	if err := checkCurrency(currency); err != nil {
		return err
	}
	_, err := optionalPrices(op)
	return err
}

// linkModes checks what depends on whether something is bought again and again.
func linkModes(op *resource.Op, l *object.Object) error {
	items, err := lineItems(op, l)
	if err != nil {
		return err
	}
	subscribes := slices.ContainsFunc(items, recurs)
	refused := []string{"subscription_data", "application_fee_percent"}
	if subscribes {
		refused = []string{"payment_intent_data", "shipping_options", "application_fee_amount", "customer_creation"}
	}
	for _, name := range refused {
		if op.Params.Has(name) && op.Params.Get(name) != "" {
			return apierr.Invalid("", name, "You can not pass `%s` when the line items are %s.", name, map[bool]string{true: "recurring", false: "one-time only"}[subscribes])
		}
	}
	if subscribes && op.Params.Object("invoice_creation").Bool("enabled") {
		return apierr.Invalid("", "invoice_creation", "You can only enable invoice creation when all line items are one-time. Invoices are created automatically for subscriptions.")
	}
	if !op.Params.Has("customer_creation") && op.Before == nil {
		l.Set("customer_creation", map[bool]string{true: "always", false: "if_required"}[subscribes])
	}
	if !op.Params.Has("payment_method_collection") && op.Before == nil && !subscribes {
		l.Set("payment_method_collection", "if_required")
	}
	return sumLink(op, l, items)
}

// sumLink writes what the line items come to, before taxes and discounts.
func sumLink(op *resource.Op, l *object.Object, items []*object.Object) error {
	sold, err := newSoldItems(op, items, l.String("currency"), nil)
	if err != nil {
		return err
	}
	return sold.showItems(op)
}

// updatePaymentLink changes a link for the visits to come.
func updatePaymentLink(op *resource.Op) error {
	l := op.Object
	items, err := lineItems(op, l)
	if err != nil {
		return err
	}
	for i, v := range op.Params.Array("line_items") {
		sent := v.(*object.Object)
		at := slices.IndexFunc(items, func(item *object.Object) bool { return item.ID() == sent.String("id") })
		if at < 0 {
			return apierr.MissingRef("item", sent.String("id"), inside(itemParam(i), "id"))
		}
		if err := reviseItemQuantity(items[at], sent, itemParam(i)); err != nil {
			return err
		}
	}
	if op.Params.Has("application_fee_percent") {
		l.Set("application_fee_percent", nil)
		if v := op.Params.Get("application_fee_percent"); v != "" {
			l.Set("application_fee_percent", v)
		}
	}
	if err := linkModes(op, l); err != nil {
		return err
	}
	return settleLink(op, l)
}
