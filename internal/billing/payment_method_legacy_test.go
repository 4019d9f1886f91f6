package billing_test

import (
	"testing"

	"sharesmart/internal/servertest"
)

// A customer's card is a payment method too, with the same id, until it goes.
func TestCardAsPaymentMethod(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	sources := "/v1/customers/" + customer + "/sources"
	card := s.Post(sources, "card[number]", "4242424242424242", "card[exp_month]", "12", "card[exp_year]", "2030", "card[cvc]", "123", "card[name]", "Jenny Rosen").OK().ID()
	path := "/v1/payment_methods/" + card
	wantFields(t, s.Get(path).OK(), map[string]any{"id": card, "object": "payment_method", "type": "card", "customer": customer, "card.last4": "4242", "card.brand": "visa",
		"card.exp_year": 2030, "card.checks.cvc_check": "pass", "billing_details.name": "Jenny Rosen"})
	if ids := s.Get("/v1/payment_methods", "customer", customer).IDs(); len(ids) != 1 || ids[0] != card {
		t.Errorf("the customer's payment methods are %v, want %s", ids, card)
	}
	wantEvents(t, s, []string{"customer.source.updated"}, func() { s.Post(sources+"/"+card, "exp_year", "2031", "name", "Jane Doe").OK() })
	wantFields(t, s.Get(path).OK(), map[string]any{"card.exp_year": 2031, "billing_details.name": "Jane Doe"})
	wantEvents(t, s, []string{"customer.source.updated", "payment_method.updated"}, func() {
		wantFields(t, s.Post(path, "card[exp_month]", "5").OK(), map[string]any{"card.exp_month": 5})
	})
	wantFields(t, s.Get(sources+"/"+card).OK(), map[string]any{"object": "card", "exp_month": 5, "exp_year": 2031})
	wantFields(t, s.Post("/v1/customers/"+customer, "invoice_settings[default_payment_method]", card).OK(), map[string]any{"invoice_settings.default_payment_method": card})
	wantFields(t, s.Get("/v1/customers/"+customer, "expand[]", "invoice_settings.default_payment_method", "expand[]", "default_source").OK(),
		map[string]any{"invoice_settings.default_payment_method.object": "payment_method", "default_source.object": "card"})

	wantEvents(t, s, []string{"customer.source.deleted", "customer.updated"}, func() { s.Delete(sources + "/" + card).OK() })
	wantFields(t, s.Get(path).OK(), map[string]any{"customer": nil})
	s.Post(path+"/attach", "customer", customer).Fails(400, "payment_method_unexpected_state")

	other := s.Post(sources, "source", "tok_mastercard").OK().ID()
	wantEvents(t, s, []string{"customer.source.deleted", "customer.updated", "payment_method.detached"}, func() {
		wantFields(t, s.Post("/v1/payment_methods/"+other+"/detach").OK(), map[string]any{"customer": nil})
	})
	s.Get(sources+"/"+other).Fails(404, "resource_missing")
}

// What else was kept in the older way becomes a payment method when it is first named as one.
func TestSourceAsPaymentMethod(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	sources := "/v1/customers/" + customer + "/sources"
	for _, c := range []struct {
		name string
		make func() string
		want map[string]any
	}{
		{"verified bank account", func() string { return s.Post(sources, "source", "btok_us_verified").OK().ID() }, map[string]any{"payment_method_preview.us_bank_account.last4": "6789"}},
		{"bank account", func() string { return s.Post(sources, withAccount("000111111113")...).OK().ID() }, nil},
		{"card", func() string {
			return s.Post("/v1/sources", "type", "card", "token", "tok_visa", "owner[name]", "Jenny").OK().ID()
		}, map[string]any{"payment_method_preview.card.last4": "4242", "payment_method_preview.billing_details.name": "Jenny"}},
		{"SEPA debit", func() string {
			return s.Post("/v1/sources", "type", "sepa_debit", "currency", "eur", "sepa_debit[iban]", "DE89370400440532013000").OK().ID()
		}, map[string]any{"payment_method_preview.sepa_debit.last4": "3000", "payment_method_preview.sepa_debit.country": "DE"}},
		{"for one use", func() string { return idealSource(s) }, nil},
	} {
		id := c.make()
		for range 2 {
			a := s.Post("/v1/test_helpers/confirmation_tokens", "payment_method", id)
			if c.want == nil {
				a.Fails(400, "resource_missing")
				continue
			}
			wantFields(t, a.OK(), c.want)
			wantFields(t, s.Get("/v1/payment_methods/"+id).OK(), map[string]any{"id": id})
		}
	}
}
