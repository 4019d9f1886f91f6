package billing

import (
	"slices"
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What a customer types and chooses on the page. It is kept with the session at once, so that a second try begins where
// the first one ended.

// takeTyped takes all that was typed. pm is what the customer pays with, or nil.
func takeTyped(op *resource.Op, s, typed, pm *object.Object) error {
	for _, step := range []func(*resource.Op, *object.Object, *object.Object) error{takeQuantities, takeOptional, takeShipping, takeFields, takeConsent} {
		if err := step(op, s, typed); err != nil {
			return err
		}
	}
	if err := takeBuyer(op, s, typed, pm); err != nil {
		return err
	}
	if typed.Has("promotion_code") {
		if err := typePromotion(op, s, typed.String("promotion_code")); err != nil {
			return err
		}
	}
	if err := sumSession(op, s); err != nil {
		return err
	}
	return checkSessionAmount(op, s)
}

// takeQuantities takes how often the customer wants something, or what they want to pay for it.
func takeQuantities(op *resource.Op, s, typed *object.Object) error {
	sent := typed.Array("line_items")
	if one := typed.Object("updated_line_item_quantity"); one != nil {
		sent = append(slices.Clone(sent), newParams("id", one.String("line_item_id"), "quantity", one.Get("quantity")))
	}
	if len(sent) == 0 {
		return nil
	}
	items, err := lineItems(op, s)
	if err != nil {
		return err
	}
	for i, v := range sent {
		chosen, param := v.(*object.Object), itemParam(i)
		at := slices.IndexFunc(items, func(item *object.Object) bool { return item.ID() == chosen.String("id") })
		if at < 0 {
			return apierr.MissingRef("item", chosen.String("id"), inside(param, "id"))
		}
		if chosen.Has("quantity") {
			if err := adjustItem(items[at], chosen.Int("quantity"), inside(param, "quantity")); err != nil {
				return err
			}
			op.Save(items[at])
		}
		if chosen.Has("amount") {
			if err := chooseAmount(op, items[at], chosen.Int("amount"), inside(param, "amount")); err != nil {
				return err
			}
		}
	}
	return nil
}

// chooseAmount takes what a customer wants to pay for something that has no fixed price.
func chooseAmount(op *resource.Op, item *object.Object, amount int64, param string) error {
	custom := item.Object("price").Object("custom_unit_amount")
	most, limited := custom.Get("maximum").(int64)
	switch {
	case custom == nil:
		return apierr.Invalid("", param, "The amount of the line item %s cannot be chosen.", item.ID())
	case amount < custom.Int("minimum") || limited && amount > most:
		return apierr.Invalid("", param, "The amount must be between the minimum and the maximum of the price.")
	}
	private, err := op.Private(item)
	if err != nil {
		return err
	}
	private.Set("custom_amount", amount)
	return op.SetPrivate(item, private)
}

// takeOptional adds what the customer wants of what is optional.
func takeOptional(op *resource.Op, s, typed *object.Object) error {
	for i, v := range typed.Array("optional_items") {
		chosen, param := v.(*object.Object), "optional_items["+strconv.Itoa(i)+"]"
		offered := slices.IndexFunc(s.Array("optional_items"), func(v any) bool { return v.(*object.Object).String("price") == chosen.String("price") })
		if offered < 0 {
			return apierr.Invalid("", inside(param, "price"), "The price %s is not among the optional items.", chosen.String("price"))
		}
		item := s.Array("optional_items")[offered].(*object.Object)
		sent := newParams("price", chosen.String("price"), "quantity", item.Int("quantity"), asAgreed, true)
		if bounds := item.Object("adjustable_quantity"); bounds.Bool("enabled") && chosen.Has("quantity") {
			sent.Set("quantity", chosen.Int("quantity"))
			sent.Set("adjustable_quantity", newParams("enabled", true, "minimum", bounds.Int("minimum"), "maximum", bounds.Get("maximum")))
		}
		price, err := soldPrice(op, sent, param)
		if err != nil {
			return err
		}
		if _, err := addItem(op, s, price, sent, s.String("currency"), param); err != nil {
			return err
		}
	}
	return nil
}

// takeShipping takes where what was bought is sent, and how.
func takeShipping(op *resource.Op, s, typed *object.Object) error {
	if typed.Has("shipping_rate") {
		if err := chooseShipping(op, s, typed.String("shipping_rate")); err != nil {
			return err
		}
	}
	param := "shipping_details"
	sent := typed.Object(param)
	if sent == nil {
		param = "shipping"
		sent = typed.Object(param)
	}
	if sent == nil {
		return nil
	}
	country := sent.Object("address").String("country")
	if allowed := s.Object("shipping_address_collection").Array("allowed_countries"); len(allowed) > 0 && !slices.Contains(allowed, any(country)) {
		return apierr.Invalid("", inside(inside(param, "address"), "country"), "The country `%s` is not among the allowed countries of this Checkout Session.", country)
	}
	collected := collectedOf(s)
	collected.Set("shipping_details", newParams("address", postalAddress(sent.Object("address")), "name", sent.String("name")))
	return nil
}

// collectedOf is what the page has collected so far.
func collectedOf(s *object.Object) *object.Object {
	if s.Object("collected_information") == nil {
		s.Set("collected_information", nulls("business_name", "individual_name", "shipping_details"))
	}
	return s.Object("collected_information")
}

// takeFields takes what was typed into the seller's own fields.
func takeFields(_ *resource.Op, s, typed *object.Object) error {
	for i, v := range typed.Array("custom_fields") {
		sent, param := v.(*object.Object), "custom_fields["+strconv.Itoa(i)+"]"
		at := slices.IndexFunc(s.Array("custom_fields"), func(v any) bool { return v.(*object.Object).String("key") == sent.String("key") })
		if at < 0 {
			return apierr.Invalid("", inside(param, "key"), "There is no custom field with the key `%s`.", sent.String("key"))
		}
		field := s.Array("custom_fields")[at].(*object.Object)
		kind := field.String("type")
		part := field.Sub(kind)
		if err := checkFieldValue(part, kind, sent.String("value"), inside(param, "value")); err != nil {
			return err
		}
		part.Set("value", sent.String("value"))
	}
	return nil
}

// takeConsent takes what the customer agreed to.
func takeConsent(_ *resource.Op, s, typed *object.Object) error {
	sent, asked := typed.Object("consent"), s.Object("consent_collection")
	if sent == nil || asked == nil {
		return nil
	}
	consent := nulls("promotions", "terms_of_service")
	if asked.String("promotions") == "auto" {
		consent.Set("promotions", textOrNull(sent.String("promotions")))
	}
	if asked.String("terms_of_service") == "required" {
		consent.Set("terms_of_service", textOrNull(sent.String("terms_of_service")))
	}
	s.Set("consent", consent)
	return nil
}
