package resource_test

import (
	"testing"

	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

func TestDocURL(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, code, want string
		options          resource.Options
	}{
		{"a code", "card_declined", "https://pay.example.com/docs/errors/card_declined", resource.Options{BaseURL: "https://pay.example.com"}},
		{"a code of our own", "login_code_incorrect", "https://localhost:8443/docs/errors/login_code_incorrect", resource.Options{BaseURL: "https://localhost:8443"}},
		{"none", "", "", resource.Options{BaseURL: "https://localhost:8443"}},
		{"in the place of stripe-mock", "card_declined", "https://stripe.com/docs/error-codes/card-declined", resource.Options{BaseURL: "https://localhost:12112", Mock: true}},
		{"there, one of our own", "login_code_incorrect", "", resource.Options{BaseURL: "https://localhost:12112", Mock: true}},
		{"there, none", "", "", resource.Options{Mock: true}},
	} {
		if got := c.options.DocURL(c.code); got != c.want {
			t.Errorf("%s: it is %q, want %q", c.name, got, c.want)
		}
	}
	s := servertest.New(t)
	if got := s.Get("/v1/customers/cus_nobody").Fails(404, "resource_missing").String("doc_url"); got != s.URL+"/docs/errors/resource_missing" {
		t.Errorf("doc_url is %q", got)
	}
	declined := s.Post("/v1/payment_intents", "amount", "2000", "currency", "usd", "confirm", "true", "payment_method_types[]", "card", "payment_method", "pm_card_chargeDeclined").Fails(402, "card_declined")
	if got := declined.Object("payment_intent").Object("last_payment_error").String("doc_url"); got != s.URL+"/docs/errors/card_declined" {
		t.Errorf("the payment intent keeps %q", got)
	}
}
