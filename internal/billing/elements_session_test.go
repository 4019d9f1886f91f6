package billing_test

import (
	"net/http"
	"slices"
	"testing"

	"sharesmart/internal/servertest"
)

// ask asks as a page does: with a publishable key, and all in the address.
func ask(s *servertest.Server, form ...string) *servertest.Answer {
	all := append([]string{"key", s.Account.TestPublishable.Secret}, form...)
	return s.Do(servertest.Request{Method: "GET", Path: "/v1/elements/sessions?" + servertest.Encode(all...), Key: "none"})
}

func TestElementsSession(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	payment := s.Post("/v1/payment_intents", "amount", "2000", "currency", "eur", "payment_method_types[]", "card", "payment_method_types[]", "ideal", "metadata[cost]", "12").OK()
	setup := s.Post("/v1/setup_intents", "payment_method_types[]", "card").OK()
	for name, test := range map[string]struct {
		form []string
		want map[string]any
	}{
		"payment": {
			[]string{"type", "payment_intent", "client_secret", payment.String("client_secret"), "locale", "de"},
			map[string]any{"payment_method_preference.ordered_payment_method_types": []any{"card", "ideal"}, "payment_method_preference.payment_intent.amount": 2000,
				"payment_method_preference.payment_intent.metadata": nil, "customer": nil, "livemode": false, "business_name": "ShareSmart"},
		},
		"setup": {
			[]string{"type", "setup_intent", "client_secret", setup.String("client_secret")},
			map[string]any{"payment_method_preference.ordered_payment_method_types": []any{"card"}, "payment_method_preference.setup_intent.id": setup.ID()},
		},
		"deferred": {
			[]string{"type", "deferred_intent", "deferred_intent[mode]", "payment", "deferred_intent[amount]", "100", "deferred_intent[currency]", "usd"},
			map[string]any{"payment_method_preference.ordered_payment_method_types": []any{"card", "amazon_pay", "cashapp", "klarna", "link"}, "payment_method_preference.payment_intent": nil},
		},
		"deferred, some": {
			[]string{"type", "deferred_intent", "deferred_intent[mode]", "payment", "deferred_intent[amount]", "100", "deferred_intent[currency]", "eur", "deferred_intent[payment_method_types][]", "sepa_debit"},
			map[string]any{"payment_method_preference.ordered_payment_method_types": []any{"sepa_debit"}},
		},
		"deferred, without some": {
			[]string{"type", "deferred_intent", "deferred_intent[mode]", "payment", "deferred_intent[amount]", "100", "deferred_intent[currency]", "usd", "deferred_intent[excluded_payment_method_types][]", "klarna"},
			map[string]any{"payment_method_preference.ordered_payment_method_types": []any{"card", "amazon_pay", "cashapp", "link"}},
		},
		"deferred, free at first": {
			[]string{"type", "deferred_intent", "deferred_intent[mode]", "subscription", "deferred_intent[amount]", "0", "deferred_intent[currency]", "usd"},
			map[string]any{"payment_method_preference.ordered_payment_method_types.0": "card", "payment_method_preference.type": "deferred_intent"},
		},
		"deferred setup": {
			[]string{"type", "deferred_intent", "deferred_intent[mode]", "setup", "deferred_intent[currency]", "eur"},
			map[string]any{"payment_method_preference.ordered_payment_method_types": []any{"card", "link"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantFields(t, ask(s, test.form...).OK(), test.want)
		})
	}
}

func TestElementsSessionErrors(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	payment := s.Post("/v1/payment_intents", "amount", "2000", "currency", "eur").OK()
	deferred := []string{"type", "deferred_intent", "deferred_intent[mode]", "payment"}
	for name, test := range map[string]struct {
		form        []string
		code, param string
	}{
		"no type":        {nil, "parameter_missing", "type"},
		"no secret":      {[]string{"type", "payment_intent"}, "parameter_missing", "client_secret"},
		"wrong secret":   {[]string{"type", "payment_intent", "client_secret", payment.ID() + "_secret_guess"}, "resource_missing", "client_secret"},
		"another type":   {[]string{"type", "setup_intent", "client_secret", payment.String("client_secret")}, "resource_missing", "client_secret"},
		"not described":  {[]string{"type", "deferred_intent"}, "parameter_missing", "deferred_intent"},
		"no currency":    {slices.Concat(deferred, []string{"deferred_intent[amount]", "100"}), "parameter_missing", "deferred_intent[currency]"},
		"no amount":      {slices.Concat(deferred, []string{"deferred_intent[currency]", "eur"}), "parameter_missing", "deferred_intent[amount]"},
		"wrong currency": {slices.Concat(deferred, []string{"deferred_intent[currency]", "xxx", "deferred_intent[amount]", "100"}), "", "deferred_intent[currency]"},
		"small amount":   {slices.Concat(deferred, []string{"deferred_intent[currency]", "eur", "deferred_intent[amount]", "1"}), "amount_too_small", "deferred_intent[amount]"},
		"no customer": {
			[]string{"type", "payment_intent", "client_secret", payment.String("client_secret"), "customer_session_client_secret", "cuss_secret_guess"}, "resource_missing", "customer_session_client_secret",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if e := ask(s, test.form...).Fails(http.StatusBadRequest, test.code); e.String("param") != test.param {
				t.Errorf("param is %q, want %q", e.String("param"), test.param)
			}
		})
	}
}

// TestElementsSessionCustomer shows of what a customer saved what the session lets be shown, and is for the intent.
func TestElementsSessionCustomer(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	saved := func(token, redisplay string) string {
		pm := s.Post("/v1/payment_methods", "type", "card", "card[token]", token, "allow_redisplay", redisplay).OK().ID()
		s.Post("/v1/payment_methods/"+pm+"/attach", "customer", customer).OK()
		return pm
	}
	visa := saved("tok_visa", "always")
	saved("tok_mastercard", "limited")
	session := func(features ...string) string {
		form := []string{"customer", customer, "components[payment_element][enabled]", "true"}
		for i := 0; i < len(features); i += 2 {
			form = append(form, "components[payment_element][features]["+features[i]+"]", features[i+1])
		}
		return s.Post("/v1/customer_sessions", form...).OK().String("client_secret")
	}
	asking := func(kind, secret string) *servertest.Answer {
		return ask(s, "type", "deferred_intent", "deferred_intent[mode]", "payment", "deferred_intent[amount]", "100", "deferred_intent[currency]", "eur",
			"deferred_intent[payment_method_types][]", kind, "customer_session_client_secret", secret)
	}
	shows := session("payment_method_redisplay", "enabled", "payment_method_save", "enabled", "payment_method_save_usage", "off_session")
	wantFields(t, asking("card", shows).OK(), map[string]any{
		"customer.payment_methods.0.id": visa, "customer.payment_methods.0.card.last4": "4242", "customer.payment_methods.0.customer": nil, "customer.payment_methods.1": nil,
		"customer.customer_session.components.payment_element.features.payment_method_save": "enabled",
	})
	wantFields(t, asking("sepa_debit", shows).OK(), map[string]any{"customer.payment_methods.0": nil})
	wantFields(t, asking("card", session()).OK(), map[string]any{"customer.payment_methods.0": nil})
}
