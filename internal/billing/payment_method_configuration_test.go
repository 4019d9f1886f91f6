package billing_test

import (
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

func TestPaymentMethodConfiguration(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	const path = "/v1/payment_method_configurations"
	all := s.Get(path).OK().Array("data")
	if len(all) != 1 {
		t.Fatalf("there are %d configurations, want the default one", len(all))
	}
	first := all[0].(*object.Object)
	wantFields(t, first, map[string]any{"active": true, "is_default": true, "name": "Default", "application": nil, "parent": nil, "card.available": true,
		"card.display_preference.preference": "on", "card.display_preference.value": "on", "card.display_preference.overridable": nil,
		"us_bank_account.available": false, "us_bank_account.display_preference.value": "off"})
	if ids := s.Get(path).IDs(); len(ids) != 1 || ids[0] != first.ID() {
		t.Errorf("listed again: %v", ids)
	}
	wantFields(t, s.Get(path+"/"+first.ID()).OK(), map[string]any{"is_default": true})
	s.Post(path+"/"+first.ID(), "active", "false").Fails(400, "")
	wantFields(t, s.Post(path+"/"+first.ID(), "us_bank_account[display_preference][preference]", "on", "name", "Mine").OK(),
		map[string]any{"name": "Mine", "us_bank_account.available": true, "us_bank_account.display_preference.value": "on", "card.available": true})

	own := s.Post(path, "name", "Shop", "card[display_preference][preference]", "off", "sepa_debit[display_preference][preference]", "on").OK()
	wantFields(t, own, map[string]any{"name": "Shop", "active": true, "is_default": false, "card.available": false, "card.display_preference.value": "off",
		"sepa_debit.available": true, "sepa_debit.display_preference.preference": "on",
		"ideal.display_preference.preference": "none", "ideal.display_preference.value": "on", "boleto.display_preference.preference": "none", "boleto.available": false})
	wantFields(t, s.Post(path+"/"+own.ID(), "card[display_preference][preference]", "none", "active", "false").OK(),
		map[string]any{"active": false, "card.display_preference.preference": "none", "card.display_preference.value": "on", "card.available": true, "sepa_debit.available": true})
	for _, c := range []struct {
		form []string
		want int
	}{{nil, 2}, {[]string{"active", "true"}, 1}, {[]string{"active", "false"}, 1}, {[]string{"limit", "1"}, 1}, {[]string{"starting_after", own.ID()}, 1}} {
		if ids := s.Get(path, c.form...).IDs(); len(ids) != c.want {
			t.Errorf("%q lists %v, want %d", c.form, ids, c.want)
		}
	}
	wantFields(t, s.Post(path, "parent", "pmc_nobody").Fails(400, "resource_missing"), map[string]any{"param": "parent"})
	child := s.Post(path, "parent", own.ID()).OK()
	wantFields(t, child, map[string]any{"parent": own.ID(), "sepa_debit.display_preference.preference": "none", "sepa_debit.display_preference.value": "on", "sepa_debit.display_preference.overridable": true})
}

func TestPaymentMethodDomain(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	const path = "/v1/payment_method_domains"
	domain := s.Post(path, "domain_name", "Shop.Example.com").OK()
	wantFields(t, domain, map[string]any{"domain_name": "shop.example.com", "enabled": true, "apple_pay.status": "active", "google_pay.status": "active", "link.status": "active", "paypal.status": "active", "klarna.status": "active", "amazon_pay.status": "active"})
	wantFields(t, s.Post(path+"/"+domain.ID(), "enabled", "false").OK(), map[string]any{"enabled": false})
	wantFields(t, s.Post(path+"/"+domain.ID()+"/validate").OK(), map[string]any{"id": domain.ID(), "apple_pay.status": "active", "enabled": false})
	wantFields(t, s.Post(path, "domain_name", "b.example.com", "enabled", "false").OK(), map[string]any{"enabled": false})
	for _, name := range []string{"https://example.com", "example.com/shop", "localhost", "a b.com", "example.com:80"} {
		wantFields(t, s.Post(path, "domain_name", name).Fails(400, ""), map[string]any{"param": "domain_name"})
	}
	for name, want := range map[string]int{"shop.example.com": 1, "c.example.com": 0} {
		if ids := s.Get(path, "domain_name", name).IDs(); len(ids) != want {
			t.Errorf("%s finds %v", name, ids)
		}
	}
	if ids := s.Get(path, "enabled", "false").IDs(); len(ids) != 2 {
		t.Errorf("not enabled are %v", ids)
	}
	s.Post(path+"/pmd_nobody/validate").Fails(404, "resource_missing")
}

func TestCustomerSession(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	session := s.Post("/v1/customer_sessions", "customer", customer, "components[payment_element][enabled]", "true", "components[payment_element][features][payment_method_save]", "enabled").OK()
	wantFields(t, session, map[string]any{"customer": customer, "expires_at": servertest.Start.Unix() + 1800, "components.payment_element.enabled": true,
		"components.payment_element.features.payment_method_save": "enabled", "components.buy_button.enabled": false, "components.pricing_table.enabled": false})
	if secret := session.String("client_secret"); len(secret) < 40 || secret[:12] != "cuss_secret_" {
		t.Errorf("the client secret is %q", secret)
	}
}
