package billing_test

import (
	"testing"

	"sharesmart/internal/servertest"
)

func TestToken(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	form := func(number string, more ...string) []string {
		return append([]string{"card[number]", number, "card[exp_month]", "12", "card[exp_year]", "2030"}, more...)
	}
	token := s.Post("/v1/tokens", form("5555555555554444", "card[cvc]", "123", "card[name]", "Jenny Rosen")...).OK()
	wantFields(t, token, map[string]any{
		"object": "token", "type": "card", "used": false, "livemode": false, "card.brand": "MasterCard", "card.last4": "4444", "card.cvc_check": "pass", "card.name": "Jenny Rosen", "card.exp_year": 2030,
	})
	charge := s.Post("/v1/charges", "amount", "500", "currency", "usd", "source", token.ID()).OK()
	wantFields(t, charge, map[string]any{
		"payment_method": token.Object("card").ID(), "payment_method_details.card.brand": "mastercard", "payment_method_details.card.checks.cvc_check": "pass", "billing_details.name": "Jenny Rosen",
	})
	wantFields(t, s.Get("/v1/tokens/"+token.ID()).OK(), map[string]any{"used": true})
	e := s.Post("/v1/charges", "amount", "500", "currency", "usd", "source", token.ID()).Fails(400, "token_already_used")
	wantFields(t, e, map[string]any{"param": "source", "message": "You cannot use a Stripe token more than once: " + token.ID() + "."})

	s.Post("/v1/tokens", form("4242424242424241")...).Fails(402, "incorrect_number")
	s.Post("/v1/tokens").Fails(400, "parameter_missing")
	wantFields(t, s.Post("/v1/tokens", "pii[id_number]", "000000000").OK(), map[string]any{"type": "pii", "used": false, "card": nil})
}

// A token that is kept with a customer is used, and its card keeps its id; one that cannot be kept is not.
func TestTokenIsKept(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	path := "/v1/customers/" + customer + "/sources"
	token := s.Post("/v1/tokens", "card[number]", "4242424242424242", "card[exp_month]", "12", "card[exp_year]", "2030").OK()
	wantFields(t, s.Post(path, "source", token.ID()).OK(), map[string]any{"id": token.Object("card").ID(), "last4": "4242", "customer": customer})
	s.Post(path, "source", token.ID()).Fails(400, "token_already_used")

	bad := s.Post("/v1/tokens", "card[number]", "4000000000000002", "card[exp_month]", "12", "card[exp_year]", "2030").OK()
	s.Post(path, "source", bad.ID()).Fails(402, "card_declined")
	wantFields(t, s.Get("/v1/tokens/"+bad.ID()).OK(), map[string]any{"used": false})
}
