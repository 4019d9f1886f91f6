package billing_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

// portal has a customer with a subscription to two of Gold, and what portals offer.
type portal struct{ *till }

func newPortal(t *testing.T) *portal {
	t.Helper()
	v := &portal{newTill(t)}
	v.make("SILVER", "/v1/prices", "product=gold currency=usd unit_amount=5000 recurring[interval]=year")
	v.make("OTHER", "/v1/customers", "email=other@example.com")
	v.make("CARD", "/v1/payment_methods/pm_card_visa/attach", "customer=CUSTOMER")
	v.make("SUB", "/v1/subscriptions", "customer=CUSTOMER items[0][price]=GOLD items[0][quantity]=2 default_payment_method=CARD")
	v.places["ITEM"] = v.Get("/v1/subscription_items", "subscription", v.places["SUB"]).IDs()[0]
	v.make("COUPON", "/v1/coupons", "percent_off=25")
	return v
}

const (
	portalOn  = "features[customer_update][enabled]=true features[customer_update][allowed_updates][]=email features[invoice_history][enabled]=true features[payment_method_update][enabled]=true features[subscription_cancel][enabled]=true "
	portalAll = portalOn + "features[subscription_update][enabled]=true features[subscription_update][default_allowed_updates][]=price features[subscription_update][default_allowed_updates][]=quantity " +
		"features[subscription_update][default_allowed_updates][]=promotion_code features[subscription_update][products][0][product]=gold features[subscription_update][products][0][prices][]=GOLD features[subscription_update][products][0][prices][]=SILVER "
)

func TestPortalConfiguration(t *testing.T) {
	t.Parallel()
	v := newPortal(t)
	const path = "/v1/billing_portal/configurations"
	var first string
	wantEvents(t, v.Server, []string{"billing_portal.configuration.created"}, func() {
		c := v.Post(path, v.filled("features[invoice_history][enabled]=true")...).OK()
		first = c.ID()
		wantFields(t, c, map[string]any{
			"active": true, "is_default": true, "default_return_url": nil, "updated": servertest.Start.Unix(), "metadata": fields(), "login_page.enabled": false, "login_page.url": nil,
			"business_profile.headline": nil, "features.customer_update.enabled": false, "features.customer_update.allowed_updates": []any{}, "features.invoice_history.enabled": true,
			"features.payment_method_update.enabled": false, "features.subscription_cancel.mode": "at_period_end", "features.subscription_cancel.proration_behavior": "none",
			"features.subscription_cancel.cancellation_reason.enabled": false, "features.subscription_update.proration_behavior": "none", "features.subscription_update.products": []any{},
			"features.subscription_update.schedule_at_period_end.conditions": []any{}, "name": nil,
		})
	})
	all := v.Post(path, v.filled(portalAll+"business_profile[headline]=Welcome business_profile[privacy_policy_url]=https://shop.example/privacy default_return_url=https://shop.example login_page[enabled]=true metadata[k]=v name=Ours")...).OK()
	wantFields(t, all, v.named(map[string]any{
		"is_default": false, "business_profile.headline": "Welcome", "default_return_url": "https://shop.example", "metadata.k": "v", "name": "Ours", "login_page.enabled": true,
		"features.subscription_update.products.0.product": "gold", "features.subscription_update.products.0.prices.1": "SILVER", "features.subscription_update.products.0.adjustable_quantity.enabled": false,
		"features.subscription_update.default_allowed_updates": []any{"price", "quantity", "promotion_code"}, "features.customer_update.allowed_updates": []any{"email"},
	}))
	if url := all.Object("login_page").String("url"); !strings.HasPrefix(url, v.URL+"/p/login/") {
		t.Errorf("the login page is at %s", url)
	}
	v.Clock.Advance(time.Minute)
	wantEvents(t, v.Server, []string{"billing_portal.configuration.updated"}, func() {
		wantFields(t, v.Post(path+"/"+all.ID(), v.filled("active=false features[subscription_cancel][mode]=immediately features[subscription_cancel][proration_behavior]=create_prorations "+
			"features[subscription_cancel][cancellation_reason][enabled]=true features[subscription_cancel][cancellation_reason][options][]=unused features[subscription_update][enabled]=false features[subscription_update][products]= login_page[enabled]=false")...).OK(), map[string]any{
			"active": false, "features.subscription_cancel.enabled": true, "features.subscription_cancel.mode": "immediately", "features.subscription_cancel.cancellation_reason.options": []any{"unused"},
			"features.subscription_update.products": []any{}, "login_page.url": nil, "updated": v.Clock.Now().Unix(), "features.customer_update.enabled": true,
		})
	})
	for query, want := range map[string][]string{"": {all.ID(), first}, "active=false": {all.ID()}, "is_default=true": {first}, "is_default=false": {all.ID()}} {
		if got := v.Get(path, form(query)...).IDs(); !slices.Equal(got, want) {
			t.Errorf("%q lists %v, want %v", query, got, want)
		}
	}
}

func TestPortalConfigurationRefuses(t *testing.T) {
	t.Parallel()
	v := newPortal(t)
	const path, update = "/v1/billing_portal/configurations", "features[subscription_update]"
	v.make("DEFAULT", path, portalOn)
	const on = update + "[enabled]=true " + update + "[default_allowed_updates][]=price "
	for _, c := range []struct{ path, form, code, param string }{
		{path, "features[customer_update][enabled]=true", "parameter_missing", "features[customer_update][allowed_updates]"},
		{path, update + "[enabled]=true", "parameter_missing", update + "[default_allowed_updates]"},
		{path, on, "parameter_missing", update + "[products]"},
		{path, on + update + "[products][0][product]=none " + update + "[products][0][prices][]=GOLD", "resource_missing", update + "[products][0][product]"},
		{path, on + update + "[products][0][product]=gold " + update + "[products][0][prices][]=none", "resource_missing", update + "[products][0][prices][0]"},
		{path, on + update + "[products][0][product]=gold " + update + "[products][0][prices][]=CAP", "", update + "[products][0][prices][0]"},
		{path, on + update + "[products][0][product]=cap " + update + "[products][0][prices][]=CAP", "", update + "[products][0][prices][0]"},
		{path, on + update + "[products][0][product]=gold " + update + "[products][0][prices][]=GOLD " + update + "[products][0][prices][]=GOLD", "", update + "[products][0][prices][1]"},
		{path, portalOn + "business_profile[terms_of_service_url]=nowhere", "url_invalid", "business_profile[terms_of_service_url]"},
		{path, portalOn + "features[payment_method_update][payment_method_configuration]=pmc_none", "resource_missing", "features[payment_method_update][payment_method_configuration]"},
		{path + "/DEFAULT", "active=false", "", "active"},
		{path + "/DEFAULT", "features[customer_update][allowed_updates]=", "parameter_missing", "features[customer_update][allowed_updates]"},
	} {
		if e := v.Post(filled(c.path, v.places), v.filled(c.form)...).Fails(400, c.code); e.String("param") != c.param {
			t.Errorf("%s: param %q, want %q", c.form, e.String("param"), c.param)
		}
	}
}

func TestPortalSession(t *testing.T) {
	t.Parallel()
	v := newPortal(t)
	const path = "/v1/billing_portal/sessions"
	if e := v.Post(path, v.filled("customer=CUSTOMER")...).Fails(400, ""); !strings.HasPrefix(e.String("message"), "No configuration provided and your test mode default configuration has not been created.") {
		t.Errorf("the message is %q", e.String("message"))
	}
	v.make("PORTAL", "/v1/billing_portal/configurations", portalAll+"default_return_url=https://shop.example/back")
	v.make("PLAIN", "/v1/billing_portal/configurations", "features[invoice_history][enabled]=true")
	v.make("OFF", "/v1/billing_portal/configurations", "features[invoice_history][enabled]=true")
	v.Post(filled("/v1/billing_portal/configurations/OFF", v.places), "active", "false").OK()
	const flow, confirm = "customer=CUSTOMER flow_data[type]=", "customer=CUSTOMER flow_data[type]=subscription_update_confirm flow_data[subscription_update_confirm]"
	for _, c := range []struct {
		name, form, code, param string
		want                    map[string]any
	}{
		{name: "the default", form: "customer=CUSTOMER locale=de", want: map[string]any{"configuration": "PORTAL", "customer": "CUSTOMER", "return_url": "https://shop.example/back", "locale": "de", "flow": nil, "on_behalf_of": nil}},
		{name: "another", form: "customer=CUSTOMER configuration=PLAIN return_url=https://shop.example/account", want: map[string]any{"configuration": "PLAIN", "return_url": "https://shop.example/account"}},
		{name: "change of card", form: flow + "payment_method_update flow_data[after_completion][type]=redirect flow_data[after_completion][redirect][return_url]=https://shop.example/done", want: map[string]any{
			"flow.type": "payment_method_update", "flow.after_completion.type": "redirect", "flow.after_completion.redirect.return_url": "https://shop.example/done", "flow.subscription_cancel": nil,
		}},
		{name: "cancel", form: flow + "subscription_cancel flow_data[subscription_cancel][subscription]=SUB flow_data[subscription_cancel][retention][type]=coupon_offer flow_data[subscription_cancel][retention][coupon_offer][coupon]=COUPON", want: map[string]any{
			"flow.subscription_cancel.subscription": "SUB", "flow.subscription_cancel.retention.coupon_offer.coupon": "COUPON", "flow.after_completion.type": "portal_homepage",
		}},
		{name: "update", form: flow + "subscription_update flow_data[subscription_update][subscription]=SUB flow_data[after_completion][type]=hosted_confirmation flow_data[after_completion][hosted_confirmation][custom_message]=Thanks", want: map[string]any{
			"flow.subscription_update.subscription": "SUB", "flow.after_completion.hosted_confirmation.custom_message": "Thanks",
		}},
		{name: "confirm", form: confirm + "[subscription]=SUB flow_data[subscription_update_confirm][items][0][id]=ITEM flow_data[subscription_update_confirm][items][0][price]=SILVER flow_data[subscription_update_confirm][items][0][quantity]=3 flow_data[subscription_update_confirm][discounts][0][coupon]=COUPON", want: map[string]any{
			"flow.subscription_update_confirm.items.0.id": "ITEM", "flow.subscription_update_confirm.items.0.price": "SILVER", "flow.subscription_update_confirm.items.0.quantity": 3,
			"flow.subscription_update_confirm.discounts.0.coupon": "COUPON",
		}},
		{name: "nobody", form: "locale=de", code: "parameter_missing", param: "customer"},
		{name: "unknown", form: "customer=cus_none", code: "resource_missing", param: "customer"},
		{name: "switched off", form: "customer=CUSTOMER configuration=OFF", param: "configuration"},
		{name: "no configuration", form: "customer=CUSTOMER configuration=bpc_none", code: "resource_missing", param: "configuration"},
		{name: "nowhere", form: "customer=CUSTOMER return_url=nowhere", code: "url_invalid", param: "return_url"},
		{name: "no account", form: "customer=CUSTOMER on_behalf_of=acct_none", code: "resource_missing", param: "on_behalf_of"},
		{name: "not on", form: flow + "payment_method_update configuration=PLAIN", param: "flow_data[type]"},
		{name: "no subscription", form: flow + "subscription_cancel", code: "parameter_missing", param: "flow_data[subscription_cancel]"},
		{name: "unknown subscription", form: flow + "subscription_cancel flow_data[subscription_cancel][subscription]=sub_none", code: "resource_missing", param: "flow_data[subscription_cancel][subscription]"},
		{name: "subscription of another", form: "customer=OTHER flow_data[type]=subscription_cancel flow_data[subscription_cancel][subscription]=SUB", code: "resource_missing", param: "flow_data[subscription_cancel][subscription]"},
		{name: "another flow's", form: flow + "payment_method_update flow_data[subscription_cancel][subscription]=SUB", param: "flow_data[subscription_cancel]"},
		{name: "no end", form: flow + "payment_method_update flow_data[after_completion][type]=redirect", code: "parameter_missing", param: "flow_data[after_completion][redirect][return_url]"},
		{name: "no such item", form: confirm + "[subscription]=SUB flow_data[subscription_update_confirm][items][0][id]=si_none", code: "resource_missing", param: "flow_data[subscription_update_confirm][items][0][id]"},
		{name: "no such price", form: confirm + "[subscription]=SUB flow_data[subscription_update_confirm][items][0][id]=ITEM flow_data[subscription_update_confirm][items][0][price]=CAP", param: "flow_data[subscription_update_confirm][items][0][price]"},
		{name: "nothing new", form: confirm + "[subscription]=SUB flow_data[subscription_update_confirm][items][0][id]=ITEM", param: "flow_data[subscription_update_confirm][items]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := v.Post(path, v.filled(c.form)...)
			if c.want == nil {
				if e := a.Fails(400, c.code); e.String("param") != c.param {
					t.Errorf("param %q, want %q: %s", e.String("param"), c.param, e.String("message"))
				}
				return
			}
			s := a.OK()
			wantFields(t, s, v.named(c.want))
			if !strings.HasPrefix(s.String("url"), v.URL+"/p/session/") {
				t.Errorf("the session is at %s", s.String("url"))
			}
		})
	}
	v.Post(filled("/v1/subscriptions/SUB", v.places), "cancel_at_period_end", "true").OK()
	v.Post(path, v.filled(flow+"subscription_cancel flow_data[subscription_cancel][subscription]=SUB")...).Fails(400, "")
	v.Delete(filled("/v1/subscriptions/SUB", v.places)).OK()
	v.Post(path, v.filled(flow+"subscription_update flow_data[subscription_update][subscription]=SUB")...).Fails(400, "")
}

// TestPortalSessionEnds opens sessions in time and too late.
func TestPortalSessionEnds(t *testing.T) {
	t.Parallel()
	v := newPortal(t)
	v.make("PORTAL", "/v1/billing_portal/configurations", portalAll)
	var tokens []string
	wantEvents(t, v.Server, []string{"billing_portal.session.created", "billing_portal.session.created"}, func() {
		for range 2 {
			tokens = append(tokens, v.Post("/v1/billing_portal/sessions", v.filled("customer=CUSTOMER")...).OK().String("url")[len(v.URL+"/p/session/"):])
		}
	})
	for _, c := range []struct {
		after time.Duration
		token string
		open  bool
	}{
		{5*time.Minute - time.Second, tokens[0], true},
		{time.Second, tokens[1], false},
		{30 * time.Minute, tokens[0], true},
		{30*time.Minute - time.Second, tokens[0], false},
	} {
		v.pass(c.after)
		s, err := v.call(billing.PlaceOf(c.token), func(op *resource.Op) (*object.Object, error) { return billing.OpenPortal(op, c.token) })
		if err != nil || (s.ID() != "") != c.open {
			t.Errorf("%s later: %v %v, want open %t", c.after, s, err, c.open)
		}
	}
}
