package billing_test

import (
	"net/http"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// confirmed are the parameters that confirm an intent at once without sending the customer away.
func confirmed(method string, more ...string) []string {
	return append([]string{"amount", "2000", "currency", "usd", "payment_method", method, "confirm", "true",
		"automatic_payment_methods[enabled]", "true", "automatic_payment_methods[allow_redirects]", "never"}, more...)
}

func TestCreateAndConfirmIntent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		form   []string
		status int
		code   string
		err    map[string]any
		want   map[string]any // of the intent, also after a decline
		charge map[string]any // of its latest charge
		events []string
	}{
		{
			name: "no method yet", form: []string{"amount", "2000", "currency", "usd"}, status: 200,
			want: map[string]any{
				"status": "requires_payment_method", "amount": 2000, "amount_received": 0, "amount_capturable": 0, "capture_method": "automatic_async",
				"confirmation_method": "automatic", "payment_method": nil, "latest_charge": nil, "next_action": nil, "last_payment_error": nil, "canceled_at": nil,
				"automatic_payment_methods.enabled": true, "automatic_payment_methods.allow_redirects": "always", "processing": nil, "shipping": nil, "transfer_data": nil,
			},
			events: []string{"payment_intent.created"},
		},
		{
			name: "a method, not confirmed", form: []string{"amount", "2000", "currency", "usd", "payment_method", "pm_card_visa", "payment_method_types[]", "card"}, status: 200,
			want: map[string]any{"status": "requires_confirmation", "automatic_payment_methods": nil, "payment_method_options.card.request_three_d_secure": "automatic"}, events: []string{"payment_intent.created"},
		},
		{
			name: "confirmed", form: confirmed("pm_card_visa", "description", "One", "metadata[k]", "v"), status: 200,
			want:   map[string]any{"status": "succeeded", "amount_received": 2000, "amount_capturable": 0},
			charge: map[string]any{"status": "succeeded", "paid": true, "captured": true, "amount": 2000, "amount_captured": 2000, "description": "One", "metadata.k": "v", "balance_transaction": nil, "payment_method_details.card.last4": "4242"},
			events: []string{"payment_intent.created", "charge.succeeded", "payment_intent.succeeded"},
		},
		{
			name: "confirmed, with the transaction at once", form: confirmed("pm_card_visa", "capture_method", "automatic"), status: 200,
			want: map[string]any{"status": "succeeded"}, charge: map[string]any{"captured": true}, events: []string{"payment_intent.created", "charge.succeeded", "payment_intent.succeeded"},
		},
		{
			name: "typed card", form: []string{"amount", "2000", "currency", "usd", "confirm", "true", "payment_method_types[]", "card", "payment_method_data[type]", "card",
				"payment_method_data[card][number]", "5555555555554444", "payment_method_data[card][exp_month]", "12", "payment_method_data[card][exp_year]", "2030", "payment_method_data[card][cvc]", "123",
				"payment_method_data[billing_details][name]", "Jenny Rosen"}, status: 200,
			want: map[string]any{"status": "succeeded"}, charge: map[string]any{"payment_method_details.card.brand": "mastercard", "payment_method_details.card.checks.cvc_check": "pass", "billing_details.name": "Jenny Rosen"},
			events: []string{"payment_intent.created", "charge.succeeded", "payment_intent.succeeded"},
		},
		{
			name: "only authorized", form: confirmed("pm_card_visa", "capture_method", "manual"), status: 200,
			want:   map[string]any{"status": "requires_capture", "amount_capturable": 2000, "amount_received": 0},
			charge: map[string]any{"status": "succeeded", "captured": false, "amount_captured": 0, "balance_transaction": nil},
			events: []string{"payment_intent.created", "charge.succeeded", "payment_intent.amount_capturable_updated"},
		},
		{
			name: "declined", form: confirmed("pm_card_chargeDeclinedInsufficientFunds"), status: 402, code: "card_declined",
			err: map[string]any{"type": "card_error", "decline_code": "insufficient_funds", "payment_intent.status": "requires_payment_method", "payment_method.card.last4": "9995", "payment_intent.last_payment_error.code": "card_declined"},
			want: map[string]any{"status": "requires_payment_method", "payment_method": nil, "amount_received": 0, "last_payment_error.code": "card_declined", "last_payment_error.decline_code": "insufficient_funds",
				"last_payment_error.type": "card_error", "last_payment_error.message": "Your card has insufficient funds.", "last_payment_error.payment_method.card.last4": "9995"},
			charge: map[string]any{"status": "failed", "failure_code": "card_declined", "outcome.reason": "insufficient_funds", "paid": false},
			events: []string{"payment_intent.created", "charge.failed", "payment_intent.payment_failed"},
		},
		{name: "no way back", form: []string{"amount", "2000", "currency", "usd", "payment_method", "pm_card_visa", "confirm", "true"}, status: 400, err: map[string]any{"param": "return_url", "type": "invalid_request_error"}},
		{name: "nothing to confirm with", form: []string{"amount", "2000", "currency", "usd", "confirm", "true", "return_url", "https://example.com"}, status: 400, code: "payment_intent_unexpected_state", err: map[string]any{"payment_intent.object": "payment_intent"}},
		{name: "both", form: confirmed("pm_card_visa", "payment_method_data[type]", "card"), status: 400, code: "parameters_exclusive"},
		{name: "types and automatic", form: confirmed("pm_card_visa", "payment_method_types[]", "card"), status: 400, code: "parameters_exclusive"},
		{name: "return_url without confirm", form: []string{"amount", "2000", "currency", "usd", "return_url", "https://example.com"}, status: 400, err: map[string]any{"param": "return_url"}},
		{name: "unknown method", form: confirmed("pm_nobody"), status: 400, code: "resource_missing", err: map[string]any{"param": "payment_method", "message": "No such PaymentMethod: 'pm_nobody'"}},
		{name: "too small", form: []string{"amount", "10", "currency", "usd"}, status: 400, code: "amount_too_small"},
		{name: "no amount", form: []string{"currency", "usd"}, status: 400, code: "parameter_missing", err: map[string]any{"param": "amount"}},
		{name: "wrong currency for a type", form: []string{"amount", "2000", "currency", "usd", "payment_method_types[]", "ideal"}, status: 400, code: "payment_intent_invalid_parameter"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			var a *servertest.Answer
			wantEvents(t, s, c.events, func() { a = s.Post("/v1/payment_intents", c.form...) })
			if c.status != http.StatusOK {
				wantFields(t, a.Fails(c.status, c.code), c.err)
			}
			ids := s.Get("/v1/payment_intents").IDs()
			if c.want == nil {
				if len(ids) != 0 {
					t.Errorf("intents %v were made", ids)
				}
				return
			}
			intent := s.Get("/v1/payment_intents/" + ids[0]).OK()
			wantFields(t, intent, c.want)
			if c.charge != nil {
				charge := s.Get("/v1/charges/" + intent.String("latest_charge")).OK()
				wantFields(t, charge, c.charge)
				wantFields(t, charge, map[string]any{"payment_intent": intent.ID()})
			}
		})
	}
}

func TestConfirmIntentSteps(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	path := "/v1/payment_intents/" + s.Post("/v1/payment_intents", "amount", "2000", "currency", "usd", "payment_method_types[]", "card").OK().ID()
	s.Post(path+"/confirm").Fails(400, "payment_intent_unexpected_state")
	s.Post(path+"/capture").Fails(400, "payment_intent_unexpected_state")
	wantFields(t, s.Post(path, "payment_method", "pm_card_chargeDeclined").OK(), map[string]any{"status": "requires_confirmation"})
	s.Post(path+"/confirm").Fails(402, "card_declined")
	wantFields(t, s.Post(path, "amount", "2500").OK(), map[string]any{"amount": 2500, "status": "requires_payment_method"})
	wantEvents(t, s, []string{"charge.succeeded", "payment_intent.succeeded"}, func() {
		wantFields(t, s.Post(path+"/confirm", "payment_method", "pm_card_visa").OK(), map[string]any{"status": "succeeded", "amount_received": 2500, "last_payment_error": nil})
	})
	s.Post(path+"/confirm", "payment_method", "pm_card_visa").Fails(400, "payment_intent_unexpected_state")
	s.Post(path+"/cancel").Fails(400, "payment_intent_unexpected_state")
	s.Post(path, "amount", "100").Fails(400, "payment_intent_unexpected_state")
	wantFields(t, s.Post(path, "description", "late").OK(), map[string]any{"description": "late"})
	if ids := s.Get("/v1/charges", "payment_intent", path[len("/v1/payment_intents/"):]).IDs(); len(ids) != 2 {
		t.Errorf("the intent has the charges %v, want two", ids)
	}
}

// The balance transaction of a payment comes a moment after it, unless it was asked for at once.
func TestIntentSettles(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	intent := s.Post("/v1/payment_intents", confirmed("pm_card_visa")...).OK()
	wantEvents(t, s, []string{"charge.updated"}, func() {
		if err := s.Engine.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	if charge := s.Get("/v1/charges/" + intent.String("latest_charge")).OK(); charge.String("balance_transaction") == "" {
		t.Error("the charge has no balance transaction")
	}
	intent = s.Post("/v1/payment_intents", confirmed("pm_card_visa", "capture_method", "automatic", "expand[]", "latest_charge")...).OK()
	if intent.Object("latest_charge").String("balance_transaction") == "" {
		t.Error("the charge has no balance transaction at once")
	}
}

func TestAmountDetails(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	line := func(n, quantity, cost string) []string {
		at := "amount_details[line_items][" + n + "]"
		return []string{at + "[product_name]", "Tea " + n, at + "[quantity]", quantity, at + "[unit_cost]", cost}
	}
	form := append([]string{"amount", "2130", "currency", "usd", "amount_details[shipping][amount]", "100", "amount_details[tax][total_tax_amount]", "30"}, line("0", "2", "900")...)
	form = append(form, line("1", "1", "200")...)
	intent := s.Post("/v1/payment_intents", form...).OK().ID()
	path := "/v1/payment_intents/" + intent
	lines := s.Get(path + "/amount_details_line_items").OK().Array("data")
	if len(lines) != 2 || lines[0].(*object.Object).String("product_name") != "Tea 0" || lines[1].(*object.Object).Int("unit_cost") != 200 {
		t.Errorf("the lines are %v", lines)
	}
	s.Post(path, line("0", "2", "901")...).Fails(400, "amount_details_amount_mismatch")
	wantFields(t, s.Post(path, append(line("0", "2", "901"), "amount_details[enforce_arithmetic_validation]", "false")...).OK(), map[string]any{"amount_details.error.code": "amount_details_amount_mismatch"})
	wantFields(t, s.Post(path, line("0", "1", "2000")...).OK(), map[string]any{"amount_details.error": nil, "amount_details.shipping.amount": 100})
	if ids := s.Get(path + "/amount_details_line_items").IDs(); len(ids) != 1 {
		t.Errorf("the lines are %v, want the new one alone", ids)
	}
	s.Post("/v1/payment_intents", "amount", "100", "currency", "usd", "amount_details[shipping][amount]", "101").Fails(400, "amount_details_tax_shipping_discount_greater_than_amount")
}
