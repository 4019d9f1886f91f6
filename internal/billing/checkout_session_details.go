package billing

import (
	"strconv"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// Who pays at a checkout session, as they say.

// takeBuyer takes the customer's details: what was typed, else what the payment method's holder is known by.
func takeBuyer(op *resource.Op, s, typed, pm *object.Object) error {
	details := s.Object("customer_details")
	if details == nil {
		details = emptyDetails("")
	}
	sent := typed.Object("customer_details")
	for _, from := range []*object.Object{pm.Object("billing_details"), sent} {
		for _, name := range []string{"business_name", "email", "individual_name", "name", "phone"} {
			if text := from.String(name); text != "" {
				details.Set(name, text)
			}
		}
		if address := from.Object("address"); hasText(address) && s.String("mode") != modeSetup {
			details.Set("address", postalAddress(address))
		}
	}
	if email := details.String("email"); email != "" && (!isEmail(email) || len(email) > maxEmail) {
		return apierr.Invalid("email_invalid", "customer_details[email]", "Invalid email address: %s", email)
	}
	if code := locationOf(details.String("email")); code != "" && details.Object("address") == nil && s.String("mode") != modeSetup {
		details.Set("address", postalAddress(newParams("country", code)))
	}
	if err := takeTaxIDs(s, details, sent); err != nil {
		return err
	}
	if err := takeExemption(op, s, details); err != nil {
		return err
	}
	s.Set("customer_details", details)
	for _, name := range []string{"business_name", "individual_name"} {
		if text := details.String(name); text != "" {
			collectedOf(s).Set(name, text)
		}
	}
	return keepRegion(op, s, typed.Object("tax_region"))
}

// hasText reports whether anything in an object says something.
func hasText(o *object.Object) bool {
	for _, v := range o.All() {
		if text, _ := v.(string); text != "" {
			return true
		}
	}
	return false
}

// takeTaxIDs takes the numbers under which a tax office knows the customer.
func takeTaxIDs(s, details, sent *object.Object) error {
	if details.Get("tax_ids") == nil {
		details.Set("tax_ids", []any{})
	}
	if !sent.Has("tax_ids") {
		return nil
	}
	if !s.Object("tax_id_collection").Bool("enabled") {
		return apierr.Invalid("", "customer_details[tax_ids]", "This Checkout Session does not collect tax IDs.")
	}
	var ids []any
	for i, v := range sent.Array("tax_ids") {
		id := v.(*object.Object)
		if !validTaxID(id.String("type"), id.String("value")) {
			return apierr.Invalid("tax_id_invalid", "customer_details[tax_ids]["+strconv.Itoa(i)+"][value]", "Invalid value for %s.", id.String("type"))
		}
		ids = append(ids, newParams("type", id.String("type"), "value", id.String("value")))
	}
	details.Set("tax_ids", ids)
	return nil
}

func takeExemption(op *resource.Op, s, details *object.Object) error {
	id := s.Ref("customer")
	if id == "" {
		return nil
	}
	customer, err := op.Get("customer", id, "customer")
	if err != nil {
		return err
	}
	if exempt := customer.String("tax_exempt"); exempt != "" {
		details.Set("tax_exempt", exempt)
	}
	return nil
}

// keepRegion keeps where the customer says to be before they have typed a whole address.
func keepRegion(op *resource.Op, s, region *object.Object) error {
	if region == nil {
		return nil
	}
	private, err := op.Private(s)
	if err != nil {
		return err
	}
	private.Set("tax_region", postalAddress(region))
	return op.SetPrivate(s, private)
}

// hasTaxIDs reports whether those who live in a country can have a tax id that is known here.
func hasTaxIDs(country string) bool {
	if country == "" {
		return false
	}
	for kind := range taxIDForms {
		if strings.HasPrefix(kind, strings.ToLower(country)+"_") {
			return true
		}
	}
	return country == "GR" || strings.Contains("|"+euForms, "|"+country)
}

// checkTyped refuses to go on without what the page must collect.
func checkTyped(s *object.Object) error {
	details, asked := s.Object("customer_details"), s.Object("name_collection")
	address, shipping := details.Object("address"), s.Object("collected_information").Object("shipping_details")
	needs := func(name string) bool {
		return asked.Object(name).Bool("enabled") && !asked.Object(name).Bool("optional")
	}
	for _, missing := range []struct {
		name string
		is   bool
	}{
		{"customer_details[email]", details.String("email") == "" && s.String("mode") != modeSetup},
		{"customer_details[phone]", s.Object("phone_number_collection").Bool("enabled") && details.String("phone") == ""},
		{"customer_details[business_name]", needs("business") && details.String("business_name") == ""},
		{"customer_details[individual_name]", needs("individual") && details.String("individual_name") == ""},
		{"customer_details[address]", s.String("billing_address_collection") == "required" && s.String("mode") != modeSetup && (address.String("country") == "" || address.String("line1") == "")},
		{"customer_details[tax_ids]", s.Object("tax_id_collection").String("required") == "if_supported" && hasTaxIDs(address.String("country")) && len(details.Array("tax_ids")) == 0},
		{"shipping_details", s.Object("shipping_address_collection") != nil && shipping.Object("address").String("country") == ""},
		{"consent[terms_of_service]", s.Object("consent_collection").String("terms_of_service") == "required" && s.Object("consent").String("terms_of_service") != "accepted"},
	} {
		if missing.is {
			return missingParam(missing.name)
		}
	}
	if tax := s.Object("automatic_tax"); tax.Bool("enabled") && tax.String("status") != "complete" {
		return errTaxLocation("customer_details[address]")
	}
	for _, v := range s.Array("custom_fields") {
		field := v.(*object.Object)
		part := field.Object(field.String("type"))
		if part.String("value") == "" && part.String("default_value") != "" {
			part.Set("value", part.String("default_value"))
		}
		if !field.Bool("optional") && part.String("value") == "" {
			return apierr.Invalid("parameter_missing", "custom_fields", "The custom field `%s` must be filled in.", field.String("key"))
		}
	}
	return nil
}
