package billing_test

import (
	"net/http"
	"regexp"
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
	"sharesmart/internal/spec"
)

// newEphemeralKey asks for a key as an app's server does, with the version of the app's SDK.
func newEphemeralKey(s *servertest.Server, params ...string) *servertest.Answer {
	return s.Do(servertest.Request{Method: "POST", Path: "/v1/ephemeral_keys", Header: http.Header{"Stripe-Version": {spec.Version}}, Form: params})
}

func TestEphemeralKey(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	key := newEphemeralKey(s, "customer", customer).OK()
	wantFields(t, key, map[string]any{"expires": int(s.Clock.Now().Unix()) + 3600, "livemode": false})
	if !regexp.MustCompile(`^ek_test_[0-9A-Za-z]{56,}$`).MatchString(key.String("secret")) {
		t.Errorf("the secret is %q", key.String("secret"))
	}
	wantFields(t, s.Delete("/v1/ephemeral_keys/"+key.ID()).OK(), map[string]any{"id": key.ID(), "object": "ephemeral_key", "secret": nil, "deleted": nil})
	s.Delete("/v1/ephemeral_keys/"+key.ID()).Fails(404, "resource_missing")
	short := newEphemeralKey(s, "customer", customer).OK().ID()
	later(t, s, time.Hour)
	s.Delete("/v1/ephemeral_keys/"+short).Fails(404, "resource_missing")
	card := s.Post("/v1/issuing/cards", form("currency=usd type=virtual")...).OK().ID()
	for _, c := range []struct {
		name   string
		params []string
		code   string
		param  string
	}{
		{"for nobody", nil, "parameter_missing", "customer"},
		{"for a stranger", []string{"customer", "cus_none"}, "resource_missing", "customer"},
		{"for two", []string{"issuing_card", card, "customer", customer}, "parameters_exclusive", "customer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantFields(t, newEphemeralKey(s, c.params...).Fails(400, c.code), map[string]any{"param": c.param})
		})
	}
	refuse(t, s, []refusal{{"without a version", "/v1/ephemeral_keys", "customer=" + customer, "", "", "Stripe-Version"}})
}

func TestEphemeralKeyOpens(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	owned := func(customer string) string {
		pm := s.Post("/v1/payment_methods", form("type=card card[token]=tok_visa")...).OK().ID()
		s.Post("/v1/payment_methods/"+pm+"/attach", "customer", customer).OK()
		return pm
	}
	mine, other := s.Post("/v1/customers").OK().ID(), s.Post("/v1/customers").OK().ID()
	myCard, otherCard := owned(mine), owned(other)
	freeCard := s.Post("/v1/payment_methods", form("type=card card[token]=tok_visa")...).OK().ID()
	secret := newEphemeralKey(s, "customer", mine).OK().String("secret")
	for _, c := range []struct {
		name, method, path string
		form               string
		status             int
		code               string
	}{
		{"its customer", "GET", "/v1/customers/" + mine, "", 200, ""},
		{"and changes it", "POST", "/v1/customers/" + mine, "name=Jo", 200, ""},
		{"its methods", "GET", "/v1/payment_methods", "type=card customer=" + mine, 200, ""},
		{"the same below", "GET", "/v1/customers/" + mine + "/payment_methods", "", 200, ""},
		{"its method", "GET", "/v1/payment_methods/" + myCard, "", 200, ""},
		{"one that is nobody's", "POST", "/v1/payment_methods/" + freeCard + "/attach", "customer=" + mine, 200, ""},
		{"a source", "POST", "/v1/customers/" + mine + "/sources", "source=tok_visa", 200, ""},
		{"another customer", "GET", "/v1/customers/" + other, "", 404, "resource_missing"},
		{"a change of another", "POST", "/v1/customers/" + other, "name=Jo", 404, "resource_missing"},
		{"another's methods", "GET", "/v1/payment_methods", "type=card customer=" + other, 403, ""},
		{"everybody's methods", "GET", "/v1/payment_methods", "type=card", 403, ""},
		{"another's methods below", "GET", "/v1/customers/" + other + "/payment_methods", "", 403, ""},
		{"another's method", "GET", "/v1/payment_methods/" + otherCard, "", 404, "resource_missing"},
		{"taking another's method", "POST", "/v1/payment_methods/" + otherCard + "/detach", "", 404, "resource_missing"},
		{"giving to another", "POST", "/v1/payment_methods/" + myCard + "/attach", "customer=" + other, 403, ""},
		{"all customers", "GET", "/v1/customers", "", 403, "secret_key_required"},
		{"a payment", "POST", "/v1/charges", "amount=100 currency=usd customer=" + mine, 403, "secret_key_required"},
		{"another key", "POST", "/v1/ephemeral_keys", "customer=" + mine, 403, "secret_key_required"},
		{"deleting its customer", "DELETE", "/v1/customers/" + mine, "", 403, "secret_key_required"},
		{"letting its method go", "POST", "/v1/payment_methods/" + myCard + "/detach", "", 200, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := s.Do(servertest.Request{Method: c.method, Path: c.path, Key: secret, Form: form(c.form)})
			if c.status == http.StatusOK {
				a.OK()
				return
			}
			a.Fails(c.status, c.code)
		})
	}
	wantFields(t, s.Get("/v1/payment_methods/"+otherCard).OK(), map[string]any{"customer": other})
}

func TestEphemeralKeyEnds(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	keys := func() (key *object.Object, try func() *servertest.Answer) {
		key = newEphemeralKey(s, "customer", customer).OK()
		return key, func() *servertest.Answer {
			return s.Do(servertest.Request{Path: "/v1/customers/" + customer, Key: key.String("secret")})
		}
	}
	deleted, useDeleted := keys()
	useDeleted().OK()
	s.Delete("/v1/ephemeral_keys/" + deleted.ID()).OK()
	useDeleted().Fails(401, "")

	_, use := keys()
	s.Clock.Advance(time.Hour - time.Second)
	use().OK()
	s.Clock.Advance(time.Second)
	use().Fails(401, "api_key_expired")
	later(t, s, 0)
	use().Fails(401, "")

	all, err := s.Registry.ListKeys(t.Context(), s.Account.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range all {
		if k.Kind == "ek" {
			t.Errorf("the list of keys has the ephemeral key %s", k.Masked)
		}
	}
}
