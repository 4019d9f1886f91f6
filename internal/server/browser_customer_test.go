package server_test

import (
	"slices"
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

const component, anotherComponent = "components[payment_element]", "components[customer_sheet]"

// TestBrowserActsForCustomer shows what a customer has saved, and forgets it, as customer sessions allow.
func TestBrowserActsForCustomer(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	save := func(customer, card, shown string) string {
		pm := s.Post("/v1/payment_methods/"+card+"/attach", "customer", customer).OK().ID()
		s.Post("/v1/payment_methods/"+pm, "allow_redisplay", shown).OK()
		return pm
	}
	session := func(customer string, components ...string) string {
		return s.Post("/v1/customer_sessions", append([]string{"customer", customer, component + "[enabled]", "true"}, components...)...).OK().String("client_secret")
	}
	mine, other := s.Post("/v1/customers").OK().ID(), s.Post("/v1/customers").OK().ID()
	visa, master, hidden := save(mine, "pm_card_visa", "always"), save(mine, "pm_card_mastercard", "limited"), save(mine, "pm_card_amex", "unspecified")
	theirs := save(other, "pm_card_visa", "always")
	redisplay := []string{component + "[features][payment_method_redisplay]", "enabled"}
	remove := []string{component + "[features][payment_method_remove]", "enabled"}
	both := []string{component + "[features][payment_method_allow_redisplay_filters][0]", "always", component + "[features][payment_method_allow_redisplay_filters][1]", "limited"}
	limit := []string{component + "[features][payment_method_redisplay_limit]", "1"}
	for _, c := range []struct {
		name, secret string
		want         []string
	}{
		{"what may always be shown", session(mine, redisplay...), []string{visa}},
		{"what may be shown here", session(mine, slices.Concat(redisplay, both)...), []string{master, visa}},
		{"one of it", session(mine, slices.Concat(redisplay, both, limit)...), []string{master}},
		{"in a customer sheet", session(mine, anotherComponent+"[enabled]", "true"), []string{visa}},
		{"of another", session(other, redisplay...), []string{theirs}},
	} {
		list := browser(s, "GET", "/v1/payment_methods", "customer_session_client_secret", c.secret, "type", "card").OK()
		var ids []string
		for _, v := range list.Array("data") {
			pm := v.(*object.Object)
			ids = append(ids, pm.ID())
			if pm.Has("customer") || pm.Object("card").Has("fingerprint") || pm.Object("card").String("last4") == "" {
				t.Errorf("%s: a browser sees %s", c.name, pm.AppendJSON(nil, 0))
			}
		}
		if !slices.Equal(ids, c.want) {
			t.Errorf("%s: %v, want %v (%s is hidden)", c.name, ids, c.want, hidden)
		}
	}

	shows, removes := session(mine, redisplay...), session(mine, remove...)
	const secret = "customer_session_client_secret"
	browser(s, "GET", "/v1/payment_methods", "type", "card").Fails(400, "parameter_missing")
	browser(s, "GET", "/v1/payment_methods", secret, "cuss_secret_none").Fails(400, "resource_missing")
	browser(s, "GET", "/v1/payment_methods", secret, removes).Fails(403, "")
	browser(s, "GET", "/v1/payment_methods", secret, shows, "customer", other).Fails(400, "parameter_unknown")
	browser(s, "POST", "/v1/payment_methods/"+visa+"/detach", secret, shows).Fails(403, "")
	browser(s, "POST", "/v1/payment_methods/"+theirs+"/detach", secret, removes).Fails(404, "resource_missing")
	browser(s, "GET", "/v1/customers/"+mine, secret, shows).Fails(403, "secret_key_required")
	if got := browser(s, "POST", "/v1/payment_methods/"+visa+"/detach", secret, removes).OK(); got.ID() != visa {
		t.Errorf("what was forgotten is %v", got)
	}
	if got := s.Get("/v1/payment_methods/" + visa).OK().Ref("customer"); got != "" {
		t.Errorf("the card is still of %s", got)
	}

	s.Clock.Advance(30 * time.Minute)
	if err := s.Engine.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	browser(s, "GET", "/v1/payment_methods", secret, shows).Fails(400, "resource_missing")
}
