package billing

import (
	"sharesmart/internal/object"
)

// What every account shows before anybody fills it in.

// ownAccount is the platform's own account, which is ready to be tested with.
func ownAccount(o *object.Object, live bool) {
	o.Set("business_type", "company")
	o.Set("charges_enabled", !live)
	o.Set("country", "US")
	o.Set("default_currency", "usd")
	o.Set("details_submitted", true)
	o.Set("payouts_enabled", !live)
	o.Set("type", "standard")
	fillAccount(o)
	o.Object("business_profile").Set("mcc", "5734")
	o.Object("business_profile").Set("name", "ShareSmart")
	dashboard := o.Object("settings").Object("dashboard")
	dashboard.Set("display_name", "ShareSmart")
	o.Object("settings").Object("payments").Set("statement_descriptor", "SHARESMART")
	for _, name := range []string{"requirements", "future_requirements"} {
		o.Set(name, noRequirements())
	}
}

// fillAccount adds the parts that an account always has, and nulls in the place of what nobody set.
func fillAccount(a *object.Object) {
	addMissing(a, newParams("business_profile", nulls("annual_revenue", "estimated_worker_count", "mcc", "minority_owned_business_designation",
		"name", "product_description", "support_address", "support_email", "support_phone", "support_url", "url"), "settings", defaultSettings()))
	a.Set("future_requirements", noRequirements())
	a.Set("external_accounts", object.New(nil))
	listExternal(a, nil)
}

func defaultSettings() *object.Object {
	schedule := newParams("delay_days", int64(2), "interval", "daily")
	payouts := nulls("statement_descriptor")
	payouts.Set("debit_negative_balances", true)
	payouts.Set("schedule", schedule)
	cards := nulls("statement_descriptor_prefix", "statement_descriptor_prefix_kana", "statement_descriptor_prefix_kanji")
	cards.Set("decline_on", newParams("avs_failure", false, "cvc_failure", false))
	dashboard := nulls("display_name")
	dashboard.Set("timezone", "Etc/UTC")
	return newParams("bacs_debit_payments", nulls("display_name", "service_user_number"), "branding", nulls("icon", "logo", "primary_color", "secondary_color"),
		"card_issuing", newParams("tos_acceptance", nulls("date", "ip")), "card_payments", cards, "dashboard", dashboard,
		"invoices", nulls("default_account_tax_ids", "hosted_payment_method_save"),
		"payments", nulls("statement_descriptor", "statement_descriptor_kana", "statement_descriptor_kanji"), "payouts", payouts, "sepa_debit_payments", object.New(nil))
}

// nulls is an object whose fields are all null.
func nulls(names ...string) *object.Object {
	o := object.New(nil)
	for _, name := range names {
		o.Set(name, nil)
	}
	return o
}

// addMissing sets what o does not have, at any depth. null counts as missing where there is an object to be had.
func addMissing(o, more *object.Object) {
	for name, v := range more.All() {
		part, isObject := v.(*object.Object)
		switch known := o.Object(name); {
		case isObject && known != nil:
			addMissing(known, part)
		case !o.Has(name) || isObject && o.Get(name) == nil:
			o.Set(name, v)
		}
	}
}

// noRequirements is what is due when nothing is.
func noRequirements() *object.Object {
	r := object.New(nil)
	r.Set("alternatives", []any{})
	r.Set("current_deadline", nil)
	r.Set("currently_due", []any{})
	r.Set("disabled_reason", nil)
	for _, name := range []string{"errors", "eventually_due", "past_due", "pending_verification"} {
		r.Set(name, []any{})
	}
	return r
}
