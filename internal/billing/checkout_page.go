package billing

import (
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// pageFields are the fields of a session that its page shows as they are.
var pageFields = []string{"billing_address_collection", "cancel_url", "consent", "consent_collection", "created", "currency", "custom_fields", "custom_text", "customer_details",
	"customer_email", "expires_at", "livemode", "locale", "mode", "name_collection", "optional_items", "payment_method_collection", "payment_method_types", "payment_status",
	"phone_number_collection", "return_url", "shipping_address_collection", "status", "submit_type", "success_url", "tax_id_collection", "ui_mode", "url"}

// pageOf is what the page of a session shows.
func pageOf(op *resource.Op, s *object.Object) (*object.Object, error) {
	page := object.New(spec.Component("payment_page"))
	page.Set("id", s.ID())
	page.Set("object", "checkout.session")
	page.Set("session_id", s.ID())
	for _, name := range pageFields {
		switch v := s.Get(name).(type) {
		case *object.Object:
			page.Set(name, v.Clone())
		case nil:
			if s.Has(name) {
				page.Set(name, nil)
			}
		default:
			page.Set(name, v)
		}
	}
	page.Set("allow_promotion_codes", s.Bool("allow_promotion_codes"))
	page.Set("redirect_url", pageRedirect(s))
	page.Set("shipping", nil)
	if shipping := s.Object("collected_information").Object("shipping_details"); shipping != nil {
		page.Set("shipping", shipping.Clone())
	}
	for _, step := range []func(*resource.Op, *object.Object, *object.Object) error{pageIntents, pageSums, pageTax, pageCustomer, pageSeller} {
		if err := step(op, s, page); err != nil {
			return nil, err
		}
	}
	return page, nil
}

// pageIntents shows the intent that the customer is at.
func pageIntents(op *resource.Op, s, page *object.Object) error {
	intent, err := pageIntent(op, s)
	if err != nil {
		return err
	}
	page.Set("state", pageState(s, intent))
	page.Set("payment_intent", nil)
	page.Set("setup_intent", nil)
	if intent != nil {
		page.Set(intent.String("object"), intent.Clone())
	}
	return nil
}

// pageTax says whether the tax is worked out, and by which address.
func pageTax(_ *resource.Op, s, page *object.Object) error {
	tax := s.Object("automatic_tax")
	source, kind := any(nil), "manual"
	if tax.Bool("enabled") {
		source, kind = "session.billing", "automatic"
		if s.Object("shipping_address_collection") != nil {
			source = "session.shipping"
		}
	}
	where := object.New(nil)
	where.Set("automatic_tax_enabled", tax.Bool("enabled"))
	where.Set("automatic_tax_address_source", source)
	page.Set("tax_context", where)
	how := newParams("computation_type", kind)
	how.Set("status", tax.Get("status"))
	page.Set("tax_meta", how)
	return nil
}

// maxSavedMethods is how many saved payment methods a page shows.
const maxSavedMethods = 50

// pageCustomer shows the customer whom the seller knows, with what they have saved and want to see again.
func pageCustomer(op *resource.Op, s, page *object.Object) error {
	saved := s.Object("saved_payment_method_options")
	offer := newParams("enabled", saved.String("payment_method_save") == "enabled", "status", "not_accepted")
	page.Set("customer_managed_saved_payment_methods_offer_save", offer)
	page.Set("customer", nil)
	id := s.Ref("customer")
	if id == "" {
		return nil
	}
	methods, err := op.Lookup("payment_method", "customer", id)
	if err != nil {
		return err
	}
	allowed, shown := saved.Array("allow_redisplay_filters"), []any{}
	for _, pm := range methods {
		if len(shown) < maxSavedMethods && slices.Contains(allowed, any(pm.String("allow_redisplay"))) && slices.Contains(s.Array("payment_method_types"), any(pm.String("type"))) {
			shown = append(shown, pm.Clone())
		}
	}
	page.Set("customer", newParams("can_detach_payment_method", saved.String("payment_method_remove") == "enabled", "id", id, "payment_methods", shown))
	return nil
}

// pageSeller shows who sells, and what the fields for the payment need to know.
func pageSeller(op *resource.Op, s, page *object.Object) error {
	account, err := sellerOf(op)
	if err != nil {
		return err
	}
	profile, name := account.Object("business_profile"), sellerName(account)
	seller := newParams("account_id", op.Account(), "display_name", name)
	seller.Set("country", account.Get("country"))
	for _, field := range []string{"support_email", "support_phone", "support_url"} {
		seller.Set(field, profile.Get(field))
	}
	page.Set("account_settings", seller)
	page.Set("elements_session", elementsSession(op, s, account, name))
	deferred := newParams("amount", s.Get("amount_total"), "capture_method", "automatic_async", "mode", s.String("mode"), "payment_method_types", slices.Clone(s.Array("payment_method_types")))
	deferred.Set("currency", s.Get("currency"))
	private, err := op.Private(s)
	if err != nil {
		return err
	}
	if usage := private.Object("payment_intent_data").String("setup_future_usage"); usage != "" {
		deferred.Set("setup_future_usage", usage)
	}
	page.Set("server_built_elements_session_params", newParams("deferred_intent", deferred, "locale", s.String("locale"), "type", "deferred_intent"))
	return nil
}

// sellerName is who sells, in words.
func sellerName(account *object.Object) string {
	if name := account.Object("business_profile").String("name"); name != "" {
		return name
	}
	return "ShareSmart"
}

func elementsSession(op *resource.Op, s, account *object.Object, name string) *object.Object {
	types, country := s.Array("payment_method_types"), account.String("country")
	if country == "" {
		country = "US"
	}
	specs := make([]any, len(types))
	for i, kind := range types {
		specs[i] = newParams("async", false, "fields", []any{}, "type", kind)
	}
	currency := account.String("default_currency")
	if currency == "" {
		currency = accountCurrency
	}
	return newParams("account_id", op.Account(), "apple_pay_preference", "disabled", "business_name", name,
		"card_brand_choice", newParams("eligible", false, "preferred_networks", []any{}), "google_pay_preference", "disabled",
		"merchant_country", country, "merchant_currency", currency, "merchant_id", op.Account(), "ordered_payment_method_types_and_wallets", slices.Clone(types),
		"payment_method_preference", newParams("object", "payment_method_preference", "country_code", country, "ordered_payment_method_types", slices.Clone(types), "type", "deferred_intent"),
		"payment_method_specs", specs, "session_id", "elements_session_"+op.Secret(elementsLetters), "unactivated_payment_method_types", []any{})
}

// elementsLetters is how long the name of a visit to the fields is.
const elementsLetters = 11
