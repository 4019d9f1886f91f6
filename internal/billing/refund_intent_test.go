package billing_test

import (
	"testing"

	"sharesmart/internal/servertest"
)

// paidIntent makes and confirms a payment intent of 2000 and returns it with its charge.
func paidIntent(s *servertest.Server, method string, form ...string) (intent, charge string) {
	pi := s.Post("/v1/payment_intents", append([]string{
		"amount", "2000", "currency", "usd", "payment_method", method, "payment_method_types[]", "card", "confirm", "true",
	}, form...)...).OK()
	return pi.ID(), pi.Ref("latest_charge")
}

// A refund of a payment whose money is not in the books yet puts it there first.
func TestRefundBeforeSettlement(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	intent, charge := paidIntent(s, "pm_card_visa")
	wantFields(t, s.Get("/v1/charges/"+charge).OK(), map[string]any{"balance_transaction": nil})
	wantEvents(t, s, []string{"charge.updated", "refund.created", "charge.refunded"}, func() {
		wantFields(t, s.Post("/v1/refunds", "payment_intent", intent, "amount", "500").OK(), map[string]any{"charge": charge, "payment_intent": intent, "amount": 500})
	})
	later(t, s, bankAnswered)
	wantFields(t, s.Get("/v1/balance").OK(), map[string]any{"pending.0.amount": 1912 - 500})
	sound(t, s)
}

func TestRefundOfAuthorizedIntent(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	intent, charge := paidIntent(s, "pm_card_visa", "capture_method", "manual")
	for _, form := range [][]string{{"payment_intent", intent}, {"charge", charge}} {
		wantFields(t, s.Post("/v1/refunds", form...).Fails(400, "payment_intent_unexpected_state"), map[string]any{"payment_intent.id": intent, "payment_intent.status": "requires_capture"})
	}
	s.Post("/v1/payment_intents/" + intent + "/cancel").OK()
	for _, form := range [][]string{{"payment_intent", intent}, {"charge", charge}} {
		s.Post("/v1/refunds", form...).Fails(400, "")
	}
	intent, _ = paidIntent(s, "pm_card_visa", "capture_method", "manual")
	s.Post("/v1/payment_intents/"+intent+"/capture", "amount_to_capture", "1500").OK()
	wantFields(t, s.Post("/v1/refunds", "payment_intent", intent).OK(), map[string]any{"amount": 1500})
	s.Post("/v1/refunds", "payment_intent", intent).Fails(400, "charge_already_refunded")
	none := s.Post("/v1/payment_intents", "amount", "2000", "currency", "usd").OK().ID()
	s.Post("/v1/refunds", "payment_intent", none).Fails(400, "")
	sound(t, s)
}

// What follows a payment names its intent.
func TestIntentIsFollowed(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	intent, charge := paidIntent(s, "pm_card_createDispute")
	wantFields(t, s.Get("/v1/disputes", "payment_intent", intent).OK(), map[string]any{"data.0.payment_intent": intent, "data.0.charge": charge, "data.0.status": "needs_response", "data.1": nil})
	wantFields(t, s.Get("/v1/charges/"+charge).OK(), map[string]any{"disputed": true})
	s.Post("/v1/refunds", "payment_intent", intent).Fails(400, "charge_disputed")

	intent, charge = paidIntent(s, "pm_card_createIssuerFraudRecord")
	wantFields(t, s.Get("/v1/radar/early_fraud_warnings", "payment_intent", intent).OK(), map[string]any{"data.0.charge": charge, "data.0.actionable": true})

	intent, charge = paidIntent(s, "pm_card_riskLevelElevated")
	review := s.Get("/v1/reviews").IDs()[0]
	wantFields(t, s.Get("/v1/payment_intents/"+intent).OK(), map[string]any{"review": review})
	wantFields(t, s.Get("/v1/charges/"+charge).OK(), map[string]any{"review": review})
	s.Post("/v1/refunds", "payment_intent", intent).OK()
	wantFields(t, s.Get("/v1/reviews/"+review).OK(), map[string]any{"payment_intent": intent, "closed_reason": "refunded"})
	later(t, s, bankAnswered)
	sound(t, s)
}

// What was paid by bank transfer goes back into the customer's cash balance.
func TestRefundOfCash(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	s.Post("/v1/test_helpers/customers/"+customer+"/fund_cash_balance", "amount", "2500", "currency", "usd").OK()
	intent := s.Post("/v1/payment_intents", "amount", "2000", "currency", "usd", "customer", customer, "confirm", "true", "payment_method_types[]", "customer_balance",
		"payment_method_data[type]", "customer_balance", "payment_method_options[customer_balance][funding_type]", "bank_transfer",
		"payment_method_options[customer_balance][bank_transfer][type]", "us_bank_transfer").OK().ID()
	wantEvents(t, s, []string{"charge.updated", "refund.created", "charge.refunded", "customer_cash_balance_transaction.created"}, func() {
		wantFields(t, s.Post("/v1/refunds", "payment_intent", intent, "amount", "700").OK(), map[string]any{"status": "succeeded", "destination_details.type": "customer_cash_balance"})
	})
	wantFields(t, s.Get("/v1/customers/"+customer+"/cash_balance").OK(), map[string]any{"available.usd": 1200})
	sound(t, s)
}
