package version

import (
	"strings"

	"sharesmart/internal/object"
)

// Acacia and the two versions before it, and those of 2023.
var gates2024 = []Gate{
	{
		Since: "2024-09-30.acacia", Name: "usage-alert-threshold", Objects: []string{"billing.alert"},
		Newer: "An alert's `usage_threshold` says whom it is about and when it tells.",
		Older: "`usage_threshold_config` and `filter` say so.",
		request: func(r *Request) error {
			if r.goes("POST /v1/billing/alerts") {
				r.rename("usage_threshold_config", "usage_threshold")
				if r.has("filter[customer]") {
					r.set("usage_threshold[filters][0][type]", "customer")
					r.rename("filter[customer]", "usage_threshold[filters][0][customer]")
				}
				r.drop("filter")
			}
			return nil
		},
		answers: map[string]turn{"billing.alert": func(_ *rendering, a *object.Object) error {
			threshold := a.Object("usage_threshold")
			a.Delete("usage_threshold")
			a.Set("usage_threshold_config", nil)
			a.Set("filter", nil)
			if threshold == nil {
				return nil
			}
			config := threshold.Clone()
			config.Delete("filters")
			a.Set("usage_threshold_config", config)
			if filters := threshold.Array("filters"); len(filters) > 0 {
				customer := object.New(nil)
				customer.Set("customer", filters[0].(*object.Object).Ref("customer"))
				a.Set("filter", customer)
			}
			return nil
		}},
	},
	{
		Since: "2024-04-10", Name: "marketing-features", Objects: []string{"product"},
		Newer: "What a product is praised for is in its `marketing_features`.",
		Older: "It is in `features`.",
		request: func(r *Request) error {
			if r.goes("POST /v1/products", "POST /v1/products/*") {
				r.rename("features", "marketing_features")
			}
			return nil
		},
		answers: map[string]turn{"product": func(_ *rendering, p *object.Object) error { move(p, "marketing_features", "features"); return nil }},
	},
	{
		Since: "2024-04-10", Name: "invoice-rendering", Objects: []string{"invoice"},
		Newer: "How an invoice is printed is in `rendering`.",
		Older: "`rendering_options` has the display of taxes.",
		request: func(r *Request) error {
			if r.goes("POST /v1/invoices", "POST /v1/invoices/*") {
				r.rename("rendering_options", "rendering")
			}
			return nil
		},
		answers: map[string]turn{"invoice": func(_ *rendering, in *object.Object) error {
			in.Set("rendering_options", nil)
			if look := in.Object("rendering"); look != nil {
				options := object.New(nil)
				options.Set("amount_tax_display", look.Get("amount_tax_display"))
				in.Set("rendering_options", options)
			}
			return nil
		}},
	},
	{
		Since: "2024-04-10", Name: "asynchronous-capture", Objects: []string{"payment_intent"},
		Newer: "A payment intent is captured asynchronously (`automatic_async`) if nothing else is said.",
		Older: "It is captured at once (`automatic`).",
		request: func(r *Request) error {
			if r.goes("POST /v1/payment_intents") && !r.has("capture_method") {
				r.set("capture_method", "automatic")
			}
			return nil
		},
	},
	{
		Since: "2023-08-16", Name: "automatic-payment-methods", Objects: []string{"payment_intent", "setup_intent"},
		Newer: "Intents take the payment methods of the settings if nothing else is said.",
		Older: "They take cards.",
		request: func(r *Request) error {
			if r.goes("POST /v1/payment_intents", "POST /v1/setup_intents") && !r.has("automatic_payment_methods") && !r.has("payment_method_types") &&
				!r.has("payment_method_configuration") && !r.has("confirmation_token") {
				r.set("payment_method_types[0]", "card")
			}
			return nil
		},
	},
	{
		Since: "2023-08-16", Name: "issuing-test-authorizations", Objects: []string{"issuing.authorization"},
		Newer:   "Authorizations for tests are made at `/v1/test_helpers/issuing/authorizations`.",
		Older:   "They are made below their card, at `/v1/issuing/cards/{card}/test/authorizations`, with `held_amount` and `held_currency`.",
		routes:  []route{{method: "POST", path: issuedTest, newMethod: "POST", newPath: "/v1/test_helpers/issuing/authorizations"}},
		request: authorizeBelow,
	},
}

// issuedTest is where authorizations for tests were made.
const issuedTest = "/v1/issuing/cards/*/test/authorizations"

// authorizeBelow names the card, which was in the address.
func authorizeBelow(r *Request) error {
	if fits(issuedTest, r.from) {
		r.set("card", strings.Split(r.from, "/")[4])
		r.rename("held_amount", "amount")
		r.rename("held_currency", "currency")
	}
	return nil
}

// move calls a field of an object otherwise.
func move(o *object.Object, name, older string) {
	if o.Has(name) {
		v := o.Get(name)
		o.Delete(name)
		o.Set(older, v)
	}
}
