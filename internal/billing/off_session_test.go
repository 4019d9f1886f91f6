package billing_test

import (
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// TestOffSession pays without the customer, with methods that need them.
func TestOffSession(t *testing.T) {
	t.Parallel()
	failed := []string{"payment_intent.created", "payment_intent.payment_failed"}
	for _, c := range []struct {
		name, method, currency string
		form                   []string
		status                 int
		code                   string
		param                  any
		events                 []string
	}{
		{name: "another page", method: "ideal", currency: "eur", status: 402, code: "authentication_required", events: failed},
		{name: "an account that nobody has proved", method: "us_bank_account", currency: "usd", status: 402, code: "authentication_required", events: failed,
			form: []string{"payment_method_data[us_bank_account][account_number]", "000123456789", "payment_method_data[us_bank_account][routing_number]", "110000000", "payment_method_data[us_bank_account][account_holder_type]", "individual", "payment_method_data[billing_details][name]", "Jenny"}},
		{name: "a voucher is sent", method: "boleto", currency: "brl", status: 200, events: []string{"payment_intent.created", "payment_intent.requires_action"},
			form: []string{"payment_method_data[boleto][tax_id]", "00000000000", "payment_method_data[billing_details][email]", "a@example.com"}},
		{name: "to be used again", method: "ideal", currency: "eur", form: []string{"setup_future_usage", "off_session"}, status: 400, param: "off_session"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			form := append([]string{"amount", "2000", "currency", c.currency, "confirm", "true", "off_session", "true", "return_url", "https://example.com",
				"payment_method_types[]", c.method, "payment_method_data[type]", c.method}, c.form...)
			wantEvents(t, s, c.events, func() {
				a := s.Post("/v1/payment_intents", form...)
				if c.status == 200 {
					a.OK()
					return
				}
				wantFields(t, a.Fails(c.status, c.code), map[string]any{"param": c.param})
			})
			for _, v := range s.Get("/v1/payment_intents").OK().Array("data") {
				want := map[string]any{"status": "requires_payment_method", "next_action": nil, "latest_charge": nil, "last_payment_error.code": c.code}
				if c.status == 200 {
					want = map[string]any{"status": "requires_action"}
				}
				wantFields(t, v.(*object.Object), want)
			}
		})
	}
}
