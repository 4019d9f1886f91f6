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
