package billing_test

import (
	"testing"

	"sharesmart/internal/servertest"
)

func TestCustomerWithPaymentMethod(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	wantEvents(t, s, []string{"customer.created", "payment_method.attached"}, func() {
		c := s.Post("/v1/customers", "payment_method", "pm_card_visa", "invoice_settings[default_payment_method]", "pm_card_visa").OK()
		ids := s.Get("/v1/customers/" + c.ID() + "/payment_methods").IDs()
		if len(ids) != 1 {
			t.Fatalf("the customer has %v, want one payment method", ids)
		}
		wantFields(t, c, map[string]any{"invoice_settings.default_payment_method": ids[0]})
	})
	wantEvents(t, s, nil, func() {
		s.Post("/v1/customers", "payment_method", "pm_card_chargeDeclined").Fails(402, "card_declined")
	})
	wantFields(t, s.Post("/v1/customers", "payment_method", "pm_nobody").Fails(400, "resource_missing"), map[string]any{"param": "payment_method"})
	wantFields(t, s.Post("/v1/customers", "invoice_settings[default_payment_method]", "pm_card_visa").Fails(400, "resource_missing"),
		map[string]any{"param": "invoice_settings[default_payment_method]"})
}

func TestDefaultsAreTheCustomersOwn(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	one, other := s.Post("/v1/customers").OK().ID(), s.Post("/v1/customers").OK().ID()
	path := "/v1/customers/" + one
	first := s.Post(path+"/sources", "source", "tok_visa").OK().ID()
	second := s.Post(path+"/sources", "source", "tok_amex").OK().ID()
	foreign := s.Post("/v1/customers/"+other+"/sources", "source", "tok_visa").OK().ID()
	wantFields(t, s.Get(path).OK(), map[string]any{"default_source": first})
	wantFields(t, s.Post(path, "default_source", second).OK(), map[string]any{"default_source": second})
	wantFields(t, s.Post(path, "default_source", foreign).Fails(400, "missing"), map[string]any{"param": "default_source"})
	wantFields(t, s.Post(path, "invoice_settings[default_payment_method]", foreign).Fails(400, "resource_missing"), map[string]any{"param": "invoice_settings[default_payment_method]"})
	wantFields(t, s.Post(path, "invoice_settings[default_payment_method]", second).OK(), map[string]any{"invoice_settings.default_payment_method": second})
	wantFields(t, s.Post(path, "invoice_settings[default_payment_method]", "").OK(), map[string]any{"invoice_settings.default_payment_method": nil, "default_source": second})
}

func TestSavablePaymentMethods(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	attach := func(form ...string) *servertest.Answer {
		id := s.Post("/v1/payment_methods", form...).OK().ID()
		return s.Post("/v1/payment_methods/"+id+"/attach", "customer", customer)
	}
	for _, kind := range []string{"ideal", "bancontact", "eps", "wechat_pay", "oxxo"} {
		wantFields(t, attach("type", kind).Fails(400, ""), map[string]any{"message": "PaymentMethods of type '" + kind + "' cannot be saved to customers."})
	}
	wantEvents(t, s, []string{"payment_method.attached"}, func() {
		wantFields(t, attach("type", "sepa_debit", "sepa_debit[iban]", "DE89370400440532013000").OK(), map[string]any{"customer": customer, "sepa_debit.last4": "3000"})
	})
	wantFields(t, attach("type", "link").OK(), map[string]any{"customer": customer})
	wantFields(t, s.Post("/v1/customers", "payment_method", s.Post("/v1/payment_methods", "type", "p24").OK().ID()).Fails(400, ""), map[string]any{"message": "PaymentMethods of type 'p24' cannot be saved to customers."})
}
