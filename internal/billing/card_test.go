package billing_test

import (
	"net/http"
	"testing"

	"sharesmart/internal/servertest"
)

func TestAddCard(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		path   string
		form   []string
		status int
		code   string
		err    map[string]any
		want   map[string]any
	}{
		{
			name: "token", path: "sources", form: []string{"source", "tok_visa", "metadata[k]", "v"}, status: 200,
			want: map[string]any{"object": "card", "brand": "Visa", "last4": "4242", "exp_month": 9, "exp_year": 2027, "funding": "credit", "country": "US", "cvc_check": nil, "metadata.k": "v", "name": nil},
		},
		{name: "old path", path: "cards", form: []string{"source", "tok_mastercard"}, status: 200, want: map[string]any{"brand": "MasterCard", "last4": "4444"}},
		{
			name: "typed", path: "sources", status: 200,
			form: []string{"card[number]", "378282246310005", "card[exp_month]", "3", "card[exp_year]", "2029", "card[cvc]", "1234", "card[name]", "Jenny Rosen", "card[address_line1]", "1 Main St", "card[address_zip]", "94103"},
			want: map[string]any{"brand": "American Express", "last4": "0005", "exp_month": 3, "exp_year": 2029, "cvc_check": "pass", "address_zip_check": "pass", "address_line1_check": "pass", "name": "Jenny Rosen", "address_line1": "1 Main St", "address_zip": "94103"},
		},
		{name: "token in card", path: "sources", form: []string{"card", "tok_visa"}, status: 200, want: map[string]any{"last4": "4242"}},
		{name: "declines later", path: "sources", form: []string{"source", "tok_chargeCustomerFail"}, status: 200, want: map[string]any{"last4": "0341"}},
		{name: "declines now", path: "sources", form: []string{"source", "tok_chargeDeclined"}, status: 402, code: "card_declined", err: map[string]any{"decline_code": "generic_decline", "charge": nil}},
		{name: "expired", path: "sources", form: []string{"source", "tok_chargeDeclinedExpiredCard"}, status: 402, code: "expired_card"},
		{name: "unknown", path: "sources", form: []string{"source", "tok_nobody"}, status: 400, code: "resource_missing", err: map[string]any{"param": "source"}},
		{name: "nothing", path: "sources", status: 400, code: "parameter_missing", err: map[string]any{"param": "source"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			customer := s.Post("/v1/customers", "email", "jenny@example.com").OK().ID()
			var events []string
			if c.status == http.StatusOK {
				events = []string{"customer.source.created", "customer.updated"}
			}
			var card string
			wantEvents(t, s, events, func() {
				a := s.Post("/v1/customers/"+customer+"/"+c.path, c.form...)
				if c.status != http.StatusOK {
					wantFields(t, a.Fails(c.status, c.code), c.err)
					return
				}
				wantFields(t, a.OK(), c.want)
				card = a.Object.ID()
			})
			got := s.Get("/v1/customers/" + customer).OK()
			if got.Ref("default_source") != card {
				t.Errorf("the default source is %q, want %q", got.Ref("default_source"), card)
			}
			if ids := s.Get("/v1/customers/" + customer + "/sources").IDs(); (len(ids) == 1) != (card != "") {
				t.Errorf("the customer's sources are %v", ids)
			}
		})
	}
}

func TestFingerprintTellsCardsApart(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	path := "/v1/customers/" + customer + "/sources"
	print := func(token string) string { return s.Post(path, "source", token).OK().String("fingerprint") }
	visa, again, other := print("tok_visa"), print("tok_visa"), print("tok_visa_debit")
	if visa != again || visa == other || visa == "" {
		t.Errorf("fingerprints %q, %q, %q", visa, again, other)
	}
}

func TestDefaultSource(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	path := "/v1/customers/" + customer + "/sources"
	var ids []string
	for i, token := range []string{"tok_visa", "tok_amex", "tok_discover"} {
		events := []string{"customer.source.created"}
		if i == 0 {
			events = append(events, "customer.updated")
		}
		wantEvents(t, s, events, func() { ids = append(ids, s.Post(path, "source", token).OK().ID()) })
	}
	defaultIs := func(want any) {
		t.Helper()
		wantFields(t, s.Get("/v1/customers/"+customer).OK(), map[string]any{"default_source": want})
	}
	defaultIs(ids[0])
	wantEvents(t, s, []string{"customer.source.deleted"}, func() {
		wantFields(t, s.Delete(path+"/"+ids[1]).OK(), map[string]any{"id": ids[1], "deleted": true})
	})
	defaultIs(ids[0])
	wantEvents(t, s, []string{"customer.source.deleted", "customer.updated"}, func() { s.Delete(path + "/" + ids[0]).OK() })
	defaultIs(ids[2])
	wantEvents(t, s, []string{"customer.source.deleted", "customer.updated"}, func() { s.Delete(path + "/" + ids[2]).OK() })
	defaultIs(nil)
	s.Get(path+"/"+ids[2]).Fails(404, "resource_missing")
}

func TestUpdateCard(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	card := s.Post("/v1/customers/"+customer+"/sources", "source", "tok_visa").OK().ID()
	wantEvents(t, s, []string{"customer.source.updated"}, func() {
		got := s.Post("/v1/customers/"+customer+"/sources/"+card, "name", "Jenny Rosen", "exp_year", "2031").OK()
		wantFields(t, got, map[string]any{"name": "Jenny Rosen", "exp_year": 2031, "last4": "4242"})
	})
	path := "/v1/customers/" + customer + "/sources/" + card
	wantFields(t, s.Post(path, "exp_month", "13").Fails(402, "invalid_expiry_month"), map[string]any{"param": "exp_month"})
	wantFields(t, s.Post(path, "exp_month", "May").Fails(402, "invalid_expiry_month"), map[string]any{"param": "exp_month"})
	wantFields(t, s.Post(path, "exp_year", "32").OK(), map[string]any{"exp_year": 2032})
	s.Post(path, "exp_year", "2031").OK()
	wantFields(t, s.Post(path, "exp_year", "2020").Fails(402, "invalid_expiry_year"), map[string]any{"param": "exp_year"})
	wantFields(t, s.Get("/v1/customers/"+customer, "expand[]", "default_source", "expand[]", "sources").OK(),
		map[string]any{"default_source.name": "Jenny Rosen", "sources.data.0.id": card})
}
