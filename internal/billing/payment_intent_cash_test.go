package billing_test

import (
	"testing"

	"sharesmart/internal/servertest"
)

func TestIntentFromCash(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	fund := func(amount string) {
		s.Post("/v1/test_helpers/customers/"+customer+"/fund_cash_balance", "amount", amount, "currency", "usd").OK()
	}
	pay := []string{"amount", "2000", "currency", "usd", "customer", customer, "confirm", "true", "payment_method_types[]", "customer_balance", "payment_method_data[type]", "customer_balance",
		"payment_method_options[customer_balance][funding_type]", "bank_transfer", "payment_method_options[customer_balance][bank_transfer][type]", "us_bank_transfer"}
	var intent string
	wantEvents(t, s, []string{"payment_intent.created", "payment_intent.requires_action"}, func() {
		o := s.Post("/v1/payment_intents", pay...).OK()
		intent = "/v1/payment_intents/" + o.ID()
		wantFields(t, o, map[string]any{"status": "requires_action", "next_action.type": "display_bank_transfer_instructions", "next_action.display_bank_transfer_instructions.amount_remaining": 2000})
	})
	fund("500")
	wantFields(t, s.Get(intent).OK(), map[string]any{"status": "requires_action", "next_action.display_bank_transfer_instructions.amount_remaining": 1500})
	fund("2000")
	wantFields(t, s.Get(intent).OK(), map[string]any{"status": "succeeded", "amount_received": 2000, "next_action": nil})
	wantFields(t, s.Get("/v1/customers/"+customer+"/cash_balance").OK(), map[string]any{"available.usd": 500})

	// The rest pays for a part of the next, which gets it back when it is canceled.
	o := s.Post("/v1/payment_intents", pay...).OK()
	wantFields(t, o, map[string]any{"next_action.display_bank_transfer_instructions.amount_remaining": 1500})
	s.Post("/v1/payment_intents/" + o.ID() + "/cancel").OK()
	wantFields(t, s.Get("/v1/customers/"+customer+"/cash_balance").OK(), map[string]any{"available.usd": 500})

	// By hand, money waits until it is applied.
	s.Post("/v1/customers/"+customer+"/cash_balance", "settings[reconciliation_mode]", "manual").OK()
	o = s.Post("/v1/payment_intents", pay...).OK()
	fund("3000")
	path := "/v1/payment_intents/" + o.ID() + "/apply_customer_balance"
	s.Post(path, "amount", "2001").Fails(400, "payment_intent_invalid_parameter")
	s.Post(path, "amount", "1", "currency", "eur").Fails(400, "")
	wantEvents(t, s, []string{"customer_cash_balance_transaction.created", "payment_intent.partially_funded"}, func() {
		wantFields(t, s.Post(path, "amount", "700").OK(), map[string]any{"status": "requires_action", "next_action.display_bank_transfer_instructions.amount_remaining": 800})
	})
	wantFields(t, s.Post(path).OK(), map[string]any{"status": "succeeded", "amount_received": 2000})
	s.Post(path).Fails(400, "payment_intent_unexpected_state")
	sound(t, s)
}

// What an intent took from the cash balance goes back as soon as it needs less, or is paid with something else; and nothing
// is taken for an intent that may not wait.
func TestCashNotNeeded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		update []string
		form   []string // of the confirmation after that
		status string
		left   int
	}{
		{name: "less", update: []string{"amount", "300"}, form: []string{"payment_method_data[type]", "customer_balance"}, status: "succeeded", left: 200},
		{name: "a card", form: []string{"payment_method", "pm_card_visa"}, status: "succeeded", left: 500},
		{name: "a card that declines", form: []string{"payment_method", "pm_card_visa_chargeDeclined"}, status: "requires_payment_method", left: 500},
		{name: "may not wait", form: []string{"payment_method_data[type]", "customer_balance", "error_on_requires_action", "true"}, status: "requires_payment_method", left: 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			customer := s.Post("/v1/customers").OK().ID()
			cash := "/v1/customers/" + customer + "/cash_balance"
			s.Post("/v1/test_helpers/customers/"+customer+"/fund_cash_balance", "amount", "500", "currency", "usd").OK()
			intent := "/v1/payment_intents/" + s.Post("/v1/payment_intents", "amount", "2000", "currency", "usd", "customer", customer, "confirm", "true", "payment_method_types[]", "customer_balance", "payment_method_types[]", "card",
				"payment_method_data[type]", "customer_balance", "payment_method_options[customer_balance][funding_type]", "bank_transfer", "payment_method_options[customer_balance][bank_transfer][type]", "us_bank_transfer").OK().ID()
			wantFields(t, s.Get(cash).OK(), map[string]any{"available.usd": 0})
			s.Post(intent, append([]string{"metadata[k]", "v"}, c.update...)...).OK()
			s.Post(intent+"/confirm", c.form...)
			wantFields(t, s.Get(intent).OK(), map[string]any{"status": c.status})
			wantFields(t, s.Get(cash).OK(), map[string]any{"available.usd": c.left})
			sound(t, s)
		})
	}
}

// An error that stays takes no cash along.
func TestNoCashTakenInVain(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	s.Post("/v1/test_helpers/customers/"+customer+"/fund_cash_balance", "amount", "500", "currency", "usd").OK()
	wantEvents(t, s, []string{"payment_intent.created", "payment_intent.payment_failed"}, func() {
		s.Post("/v1/payment_intents", "amount", "2000", "currency", "usd", "customer", customer, "confirm", "true", "error_on_requires_action", "true", "payment_method_types[]", "customer_balance",
			"payment_method_data[type]", "customer_balance").Fails(402, "authentication_required")
	})
	wantFields(t, s.Get("/v1/customers/"+customer+"/cash_balance").OK(), map[string]any{"available.usd": 500})
	sound(t, s)
	s.Delete("/v1/customers/"+customer).Fails(400, "")
}
