package billing_test

import (
	"fmt"
	"testing"

	"sharesmart/internal/servertest"

	"github.com/google/go-cmp/cmp"
)

func TestValueLists(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	list := s.Post("/v1/radar/value_lists", "alias", "blocked", "name", "Blocked", "item_type", "email").OK()
	wantFields(t, list, map[string]any{"object": "radar.value_list", "alias": "blocked", "item_type": "email", "list_items.data": []any{}, "list_items.has_more": false, "list_items.url": "/v1/radar/value_list_items?value_list=" + list.ID()})
	other := s.Post("/v1/radar/value_lists", "alias", "other", "name", "Other").OK()
	wantFields(t, other, map[string]any{"item_type": "string"})
	wantFields(t, s.Post("/v1/radar/value_lists", "alias", "blocked", "name", "Again").Fails(400, "resource_already_exists"), map[string]any{"param": "alias"})
	wantFields(t, s.Post("/v1/radar/value_lists/"+other.ID(), "alias", "blocked").Fails(400, "resource_already_exists"), map[string]any{"param": "alias"})
	wantFields(t, s.Post("/v1/radar/value_lists/"+list.ID(), "alias", "blocked", "name", "Same").OK(), map[string]any{"name": "Same", "alias": "blocked"})

	add := func(list, value string) *servertest.Answer {
		return s.Post("/v1/radar/value_list_items", "value_list", list, "value", value)
	}
	item := add(list.ID(), "jenny@example.com").OK()
	wantFields(t, item, map[string]any{"object": "radar.value_list_item", "value": "jenny@example.com", "value_list": list.ID()})
	wantFields(t, add(list.ID(), "Jenny@Example.com").Fails(400, "resource_already_exists"), map[string]any{"param": "value"})
	wantFields(t, add(list.ID(), "jenny").Fails(400, ""), map[string]any{"param": "value"})
	wantFields(t, add("rsl_nobody", "x").Fails(400, "resource_missing"), map[string]any{"param": "value_list"})
	add(other.ID(), "jenny@example.com").OK()
	wantFields(t, s.Get("/v1/radar/value_lists/"+list.ID()).OK(), map[string]any{"list_items.data.0.id": item.ID(), "list_items.data.1": nil})

	for i := range 11 {
		add(other.ID(), fmt.Sprint("value ", i)).OK()
	}
	shown := s.Get("/v1/radar/value_lists/" + other.ID()).OK()
	wantFields(t, shown, map[string]any{"list_items.has_more": true, "list_items.data.0.value": "value 10", "list_items.data.9.value": "value 1"})
	for range 3 {
		newest := s.Get("/v1/radar/value_list_items", "value_list", other.ID(), "limit", "1").IDs()[0]
		s.Delete("/v1/radar/value_list_items/" + newest).OK()
	}
	wantFields(t, s.Get("/v1/radar/value_lists/"+other.ID()).OK(), map[string]any{
		"list_items.has_more": false, "list_items.data.0.value": "value 7", "list_items.data.8.value": "jenny@example.com", "list_items.data.9": nil,
	})
	add(other.ID(), "value 10").OK()

	s.Delete("/v1/radar/value_lists/" + list.ID()).OK()
	s.Get("/v1/radar/value_list_items/"+item.ID()).Fails(404, "resource_missing")
	if diff := cmp.Diff([]string{other.ID()}, s.Get("/v1/radar/value_lists", "contains", "jenny@example.com").IDs()); diff != "" {
		t.Error(diff)
	}
	sound(t, s)
}

func TestValueListItemTypes(t *testing.T) {
	t.Parallel()
	for kind, c := range map[string]struct{ good, bad []string }{
		"account":               {[]string{"acct_1032D82eZvKYlo2C"}, []string{"1032", "cus_1"}},
		"card_bin":              {[]string{"424242", "42424242"}, []string{"42424", "4242 42", "visa"}},
		"card_fingerprint":      {[]string{"Xt5EWLLDS7FJjR1c"}, []string{"Xt5", "Xt5EWLLDS7FJjR1-"}},
		"country":               {[]string{"US", "de"}, []string{"USA", "1A"}},
		"customer_id":           {[]string{"cus_NffrFeUfNV2Hib"}, []string{"NffrFeUfNV2Hib"}},
		"email":                 {[]string{"jenny@example.com"}, []string{"jenny", "@example.com"}},
		"ip_address":            {[]string{"203.0.113.7", "203.0.113.0/24", "2001:db8::1"}, []string{"203.0.113", "localhost"}},
		"string":                {[]string{"anything"}, []string{"ANYTHING"}},
		"case_sensitive_string": {[]string{"anything", "ANYTHING"}, []string{"anything"}},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			list := s.Post("/v1/radar/value_lists", "alias", "a", "name", "A", "item_type", kind).OK().ID()
			for _, value := range c.good {
				s.Post("/v1/radar/value_list_items", "value_list", list, "value", value).OK()
			}
			for _, value := range c.bad {
				a := s.Post("/v1/radar/value_list_items", "value_list", list, "value", value)
				if a.Status != 400 || a.Object.Object("error").String("param") != "value" {
					t.Errorf("%s was answered %d %s", value, a.Status, a.Body)
				}
			}
			if got := s.Get("/v1/radar/value_list_items", "value_list", list).IDs(); len(got) != len(c.good) {
				t.Errorf("%d items, want %d", len(got), len(c.good))
			}
		})
	}
}

func TestPaymentEvaluation(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers", "email", "jenny@example.com").OK().ID()
	form := func(card, amount, customer string) []string {
		return []string{
			"customer_details[customer]", customer, "payment_details[amount]", amount, "payment_details[currency]", "usd",
			"payment_details[payment_method_details][payment_method]", card, "metadata[k]", "v",
		}
	}
	for _, c := range []struct {
		card string
		want map[string]any
	}{
		{"pm_card_visa", map[string]any{"recommended_action": "continue", "signals.fraudulent_payment.risk_level": "normal", "signals.fraudulent_payment.score": 32}},
		{"pm_card_riskLevelElevated", map[string]any{"recommended_action": "continue", "signals.fraudulent_payment.risk_level": "elevated", "signals.fraudulent_payment.score": 67}},
		{"pm_card_riskLevelHighest", map[string]any{"recommended_action": "block", "signals.fraudulent_payment.risk_level": "highest", "signals.fraudulent_payment.score": 82}},
	} {
		wantEvents(t, s, nil, func() {
			got := s.Post("/v1/radar/payment_evaluations", form(c.card, "2000", customer)...).OK()
			wantFields(t, got, c.want)
			wantFields(t, got, map[string]any{
				"object": "radar.payment_evaluation", "created_at": int(servertest.Start.Unix()), "signals.fraudulent_payment.evaluated_at": int(servertest.Start.Unix()), "metadata.k": "v",
				"events": []any{}, "outcome": nil, "customer_details.customer": customer, "payment_details.amount": 2000, "livemode": false,
			})
		})
	}
	wantFields(t, s.Post("/v1/radar/payment_evaluations", form("pm_card_visa", "0", customer)...).Fails(400, "parameter_invalid_integer"), map[string]any{"param": "payment_details[amount]"})
	wantFields(t, s.Post("/v1/radar/payment_evaluations", form("pm_card_visa", "1", "cus_nobody")...).Fails(400, "resource_missing"), map[string]any{"param": "customer_details[customer]"})
	wantFields(t, s.Post("/v1/radar/payment_evaluations", form("pm_nobody", "1", customer)...).Fails(400, "resource_missing"), map[string]any{"param": "payment_details[payment_method_details][payment_method]"})
}
