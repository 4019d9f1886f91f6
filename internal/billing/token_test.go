package billing_test

import (
	"strings"
	"testing"

	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
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

func TestTokenTypes(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	for _, c := range []struct {
		form   []string
		prefix string
		want   map[string]any
	}{
		{[]string{"pii[id_number]", "000000000"}, "pii_", map[string]any{"type": "pii"}},
		{[]string{"account[business_type]", "individual", "account[individual][first_name]", "Jenny"}, "ct_", map[string]any{"type": "account"}},
		{[]string{"person[first_name]", "Jenny"}, "cpt_", map[string]any{"type": "person"}},
		{[]string{"cvc_update[cvc]", "123"}, "cvctok_", map[string]any{"type": "cvc_update"}},
		{withAccount("000123456789"), "btok_", map[string]any{"type": "bank_account", "bank_account.last4": "6789", "bank_account.account_holder_name": "Jenny Rosen"}},
	} {
		token := s.Post("/v1/tokens", c.form...).OK()
		if !strings.HasPrefix(token.ID(), c.prefix) {
			t.Errorf("the id is %s, want it to begin with %s", token.ID(), c.prefix)
		}
		wantFields(t, token, map[string]any{"used": false, "card": nil, "client_ip": nil})
		wantFields(t, token, c.want)
		wantFields(t, s.Get("/v1/tokens/"+token.ID()).OK(), c.want)
	}
	for _, c := range []struct {
		form   []string
		status int
		code   string
		param  string
	}{
		{nil, 400, "parameter_missing", "card"},
		{[]string{"pii[id_number]", "1", "cvc_update[cvc]", "123"}, 400, "parameters_exclusive", "cvc_update"},
		{[]string{"cvc_update[cvc]", "12"}, 402, "invalid_cvc", "cvc"},
		{[]string{"cvc_update[cvc]", "abc"}, 402, "invalid_cvc", "cvc"},
		{withAccount("1"), 400, "account_number_invalid", "bank_account[account_number]"},
		{[]string{"customer", "cus_nobody"}, 400, "resource_missing", "customer"},
	} {
		wantFields(t, s.Post("/v1/tokens", c.form...).Fails(c.status, c.code), map[string]any{"param": c.param})
	}
}

func TestTokenOfCustomersCard(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	s.Post("/v1/tokens", "customer", customer).Fails(400, "missing")
	card := s.Post("/v1/customers/"+customer+"/sources", "source", "tok_mastercard").OK().ID()
	s.Post("/v1/customers/"+customer+"/sources", "source", "tok_visa").OK()
	wantFields(t, s.Post("/v1/tokens", "customer", customer).OK(), map[string]any{"type": "card", "card.last4": "4444"})
	wantFields(t, s.Post("/v1/tokens", "customer", customer, "card", card).OK(), map[string]any{"type": "card", "card.last4": "4444"})
	wantFields(t, s.Post("/v1/tokens", "customer", customer, "card", "card_nobody").Fails(400, "missing"), map[string]any{"param": "card"})
}

// What was typed about a person can be taken out of a token once, by the server itself.
func TestTokenData(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	token := s.Post("/v1/tokens", "person[first_name]", "Jenny").OK().ID()
	take := func(kind string) (data *object.Object, failed bool) {
		err := inside(t, s, func(op *resource.Op) (err error) {
			data, err = billing.TokenData(op, token, kind, "person_token")
			return err
		})
		return data, err != nil
	}
	if _, failed := take("account"); !failed {
		t.Error("a person's token was taken for an account's")
	}
	if data, failed := take("person"); failed || data.String("first_name") != "Jenny" {
		t.Errorf("the token holds %v", data)
	}
	if _, failed := take("person"); !failed {
		t.Error("the token was used twice")
	}
}
