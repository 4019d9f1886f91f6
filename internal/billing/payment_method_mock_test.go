package billing_test

import (
	"testing"

	"sharesmart/internal/servertest"
)

// A mock server takes ids of payment methods, sources and tokens that nobody created.
func TestMethodsOfMockServer(t *testing.T) {
	t.Parallel()
	s := servertest.New(t, servertest.Mock())
	for _, c := range []struct {
		path, object string
		form         []string
	}{
		{"payment_methods", "payment_method", []string{"type", "card", "card[token]", "tok_123"}},
		{"payment_methods", "payment_method", []string{"type", "us_bank_account", "us_bank_account[account_number]", "000123456789", "us_bank_account[routing_number]", "110000000"}},
		{"payment_methods/pm_123", "payment_method", []string{"metadata[k]", "v"}},
		{"payment_methods/pm_123/attach", "payment_method", []string{"customer", "cus_123"}},
		{"payment_methods/pm_123/detach", "payment_method", nil},
		{"customers/cus_123/sources", "source", []string{"source", "src_123"}},
		{"customers/cus_123/sources/ba_123/verify", "bank_account", []string{"amounts[]", "1", "amounts[]", "2"}},
		{"customers/cus_123/bank_accounts/ba_123", "bank_account", []string{"account_holder_name", "Jenny"}},
		{"customers/cus_123", "customer", []string{"default_source", "card_123", "invoice_settings[default_payment_method]", "pm_123"}},
		{"customers", "customer", []string{"payment_method", "pm_123", "invoice_settings[default_payment_method]", "pm_123"}},
		{"customers", "customer", []string{"source", "btok_123"}},
		{"sources/src_123", "source", []string{"owner[email]", "jenny@example.com"}},
		{"sources/src_123/verify", "source", []string{"values[]", "1"}},
		{"sources", "source", []string{"type", "ach_credit_transfer", "currency", "usd"}},
		{"tokens", "token", []string{"customer", "cus_123", "card", "card_123"}},
		{"test_helpers/confirmation_tokens", "confirmation_token", []string{"payment_method", "pm_123"}},
		{"payment_method_configurations/pmc_123", "payment_method_configuration", []string{"active", "false"}},
		{"payment_method_domains/pmd_123/validate", "payment_method_domain", nil},
		{"customer_sessions", "customer_session", []string{"customer", "cus_123", "components[buy_button][enabled]", "true"}},
	} {
		if got := s.Post("/v1/"+c.path, c.form...).OK().String("object"); got != c.object {
			t.Errorf("POST /v1/%s answers a %s, want a %s", c.path, got, c.object)
		}
	}
	wantFields(t, s.Delete("/v1/customers/cus_123/sources/src_123").OK(), map[string]any{"id": "src_123"})
	wantFields(t, s.Delete("/v1/customers/cus_123/sources/ba_123").OK(), map[string]any{"id": "ba_123"})
}
