package billing_test

import (
	"testing"

	"sharesmart/internal/servertest"
)

// A mock server answers for objects that nobody created, whatever the rules would say of the fixtures in their place;
// on objects that were created the rules hold.
func TestRulesOfMockServer(t *testing.T) {
	t.Parallel()
	s := servertest.New(t, servertest.Mock())
	for range 2 {
		for _, c := range []struct {
			path, object string
			form         []string
		}{
			{"charges", "charge", []string{"amount", "11700", "currency", "usd", "source", "src_123"}},
			{"charges", "charge", []string{"amount", "11700", "currency", "usd", "customer", "cus_123"}},
			{"charges/ch_123/capture", "charge", nil},
			{"charges/ch_123/refund", "charge", nil},
			{"charges/ch_123/refunds", "refund", nil},
			{"refunds", "refund", []string{"charge", "ch_123", "amount", "100"}},
			{"refunds", "refund", []string{"payment_intent", "pi_123"}},
			{"customers/cus_123/sources", "card", []string{"source", "tok_123"}},
			{"customers/cus_123/cards/card_123", "card", []string{"name", "New name"}},
			{"credit_notes", "credit_note", []string{"invoice", "in_123", "amount", "100"}},
			{"credit_notes/cn_123", "credit_note", []string{"metadata[k]", "v"}},
			{"credit_notes/cn_123/void", "credit_note", nil},
			{"invoices", "invoice", []string{"customer", "cus_123"}},
			{"orders", "order", []string{"currency", "usd", "items[0][parent]", "sku_123"}},
			{"orders/or_123/pay", "order", []string{"source", "tok_123"}},
			{"orders/or_123/returns", "order_return", nil},
			{"skus", "sku", []string{"currency", "usd", "price", "100", "product", "prod_123", "inventory[type]", "infinite"}},
			{"apps/secrets/delete", "apps.secret", []string{"name", "key", "scope[type]", "account"}},
			{"radar/value_lists", "radar.value_list", []string{"alias", "custom_ip", "name", "Addresses"}},
		} {
			if got := s.Post("/v1/"+c.path, c.form...).OK().String("object"); got != c.object {
				t.Errorf("POST /v1/%s answers a %s, want a %s", c.path, got, c.object)
			}
		}
		wantFields(t, s.Get("/v1/apps/secrets/find", "name", "key", "scope[type]", "account").OK(), map[string]any{"object": "apps.secret"})
		wantFields(t, s.Get("/v1/credit_notes/preview", "invoice", "in_123", "amount", "100").OK(), map[string]any{"object": "credit_note"})
		wantFields(t, s.Get("/v1/credit_notes/preview/lines", "invoice", "in_123", "amount", "100").OK(), map[string]any{"data.0.object": "credit_note_line_item"})
	}
	real := s.Post("/v1/charges", "amount", "500", "currency", "usd", "source", "tok_visa").OK().ID()
	s.Post("/v1/refunds", "charge", real, "amount", "501").Fails(400, "")
	s.Post("/v1/charges", "amount", "500", "currency", "usd", "source", "tok_chargeDeclined").Fails(402, "card_declined")
}

// A list that a rule makes is as full as any other.
func TestMockListsOfRules(t *testing.T) {
	t.Parallel()
	s := servertest.New(t, servertest.Mock())
	if ids := s.Get("/v1/invoices/in_123/lines").IDs(); len(ids) != 1 {
		t.Errorf("the invoice has the lines %v, want one", ids)
	}
}
