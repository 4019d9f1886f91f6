package billing_test

import (
	"net/http"
	"testing"

	"sharesmart/internal/servertest"
)

var usAccount = []string{"bank_account[country]", "US", "bank_account[currency]", "usd", "bank_account[routing_number]", "110000000",
	"bank_account[account_holder_name]", "Jenny Rosen", "bank_account[account_holder_type]", "individual"}

// withAccount is the form of a bank account with a number.
func withAccount(number string) []string {
	return append([]string{"bank_account[account_number]", number}, usAccount...)
}

func TestVerifyBankAccount(t *testing.T) {
	t.Parallel()
	type guess struct {
		amounts []string
		code    string
		status  string
	}
	for _, c := range []struct {
		name    string
		guesses []guess
	}{
		{"right", []guess{{[]string{"32", "45"}, "", "verified"}, {[]string{"32", "45"}, "-", "verified"}}},
		{"the other way round", []guess{{[]string{"45", "32"}, "", "verified"}}},
		{"wrong, then right", []guess{{[]string{"1", "2"}, "bank_account_verification_failed", "new"}, {[]string{"32", "45"}, "", "verified"}}},
		{"too many", []guess{{[]string{"10", "11"}, "bank_account_verification_failed", "verification_failed"}, {[]string{"32", "45"}, "bank_account_verification_failed", "verification_failed"}}},
		{"too late", []guess{{[]string{"40", "41"}, "bank_account_verification_failed", "verification_failed"}}},
		{"one amount", []guess{{[]string{"32"}, "-", "new"}}},
		{"none", []guess{{nil, "parameter_missing", "new"}}},
	} {
		for _, path := range []string{"sources", "bank_accounts"} {
			t.Run(c.name+" at "+path, func(t *testing.T) {
				t.Parallel()
				s := servertest.New(t)
				customer := "/v1/customers/" + s.Post("/v1/customers").OK().ID()
				id := s.Post(customer+"/"+path, withAccount("000123456789")...).OK().ID()
				for _, g := range c.guesses {
					var form []string
					for _, amount := range g.amounts {
						form = append(form, "amounts[]", amount)
					}
					a := s.Post(customer+"/"+path+"/"+id+"/verify", form...)
					switch g.code {
					case "":
						wantFields(t, a.OK(), map[string]any{"status": "verified"})
					case "-":
						a.Fails(http.StatusBadRequest, "")
					default:
						a.Fails(http.StatusBadRequest, g.code)
					}
					wantFields(t, s.Get(customer+"/"+path+"/"+id).OK(), map[string]any{"status": g.status})
				}
			})
		}
	}
}

func TestDepositGuessesEnd(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := "/v1/customers/" + s.Post("/v1/customers").OK().ID()
	path := customer + "/sources/" + s.Post(customer+"/sources", withAccount("000123456789")...).OK().ID()
	for range 9 {
		s.Post(path+"/verify", "amounts[]", "1", "amounts[]", "1").Fails(400, "bank_account_verification_failed")
	}
	wantFields(t, s.Get(path).OK(), map[string]any{"status": "new"})
	wantEvents(t, s, []string{"customer.source.updated"}, func() {
		s.Post(path+"/verify", "amounts[]", "1", "amounts[]", "1").Fails(400, "bank_account_verification_failed")
	})
	wantFields(t, s.Get(path).OK(), map[string]any{"status": "verification_failed"})
}

func TestChargeBankAccount(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, number string
		want         map[string]any
		events       []string
	}{
		{"works", "000123456789", map[string]any{"status": "succeeded", "paid": true, "amount_captured": 2000}, []string{"charge.succeeded", "balance.available"}},
		{"no funds", "000222222227", map[string]any{"status": "failed", "paid": false, "failure_code": "insufficient_funds"}, []string{"charge.failed"}},
		{"never answers", "000000000009", map[string]any{"status": "pending"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			id := s.Post("/v1/customers").OK().ID()
			path := "/v1/customers/" + id + "/sources"
			account := s.Post(path, withAccount(c.number)...).OK()
			wantFields(t, account, map[string]any{"object": "bank_account", "status": "new", "bank_name": "STRIPE TEST BANK", "routing_number": "110000000",
				"account_holder_name": "Jenny Rosen", "country": "US", "currency": "usd", "customer": id})
			wantFields(t, s.Get("/v1/customers/"+id).OK(), map[string]any{"default_source": account.ID()})
			pay := []string{"amount", "2000", "currency", "usd", "customer", id}
			s.Post("/v1/charges", pay...).Fails(400, "bank_account_unverified")
			s.Post(path+"/"+account.ID()+"/verify", "amounts[]", "32", "amounts[]", "45").OK()
			charge := s.Post("/v1/charges", pay...).OK()
			wantFields(t, charge, map[string]any{"status": "pending", "paid": false, "payment_method": account.ID(), "billing_details.name": "Jenny Rosen", "payment_method_details.type": "ach_debit",
				"payment_method_details.ach_debit.last4": c.number[len(c.number)-4:], "payment_method_details.ach_debit.bank_name": "STRIPE TEST BANK",
				"payment_method_details.ach_debit.country": "US", "payment_method_details.ach_debit.account_holder_type": "individual"})
			wantEvents(t, s, c.events, func() {
				if err := s.Engine.RunDue(t.Context()); err != nil {
					t.Fatal(err)
				}
			})
			wantFields(t, s.Get("/v1/charges/"+charge.ID()).OK(), c.want)
		})
	}
}

func TestBankAccountSources(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	id := s.Post("/v1/customers").OK().ID()
	path := "/v1/customers/" + id + "/sources"
	s.Post(path, withAccount("000123456789")[:4]...).Fails(400, "parameter_missing")
	wantFields(t, s.Post(path, withAccount("1")...).Fails(400, "account_number_invalid"), map[string]any{"param": "bank_account[account_number]"})

	token := s.Post("/v1/tokens", withAccount("000123456789")...).OK()
	wantFields(t, token, map[string]any{"type": "bank_account", "bank_account.last4": "6789", "bank_account.status": "new", "card": nil})
	if token.ID()[:5] != "btok_" {
		t.Errorf("the token's id is %s", token.ID())
	}
	var account string
	wantEvents(t, s, []string{"customer.source.created", "customer.updated"}, func() {
		kept := s.Post(path, "source", token.ID(), "metadata[k]", "v").OK()
		account = kept.ID()
		wantFields(t, kept, map[string]any{"id": token.Object("bank_account").ID(), "account_holder_name": "Jenny Rosen", "metadata.k": "v"})
	})
	wantFields(t, s.Post(path, "source", token.ID()).Fails(400, "token_already_used"), map[string]any{"param": "source"})
	s.Post(path, withAccount("000123456789")...).Fails(400, "bank_account_exists")
	wantFields(t, s.Post(path, "source", "btok_us_verified_accountClosed").OK(), map[string]any{"status": "verified", "last4": "1113"})
	s.Post(path, "source", "btok_nobody").Fails(400, "resource_missing")
	s.Post(path, "source", "tok_visa").OK()

	for object, want := range map[string]int{"": 3, "bank_account": 2, "card": 1, "source": 0} {
		var form []string
		if object != "" {
			form = []string{"object", object}
		}
		if ids := s.Get(path, form...).IDs(); len(ids) != want {
			t.Errorf("with the filter %q the customer has %v, want %d", object, ids, want)
		}
	}
	wantEvents(t, s, []string{"customer.source.updated"}, func() {
		wantFields(t, s.Post(path+"/"+account, "account_holder_name", "Jane Doe", "metadata[k]", "w").OK(), map[string]any{"account_holder_name": "Jane Doe", "metadata.k": "w"})
	})
	wantEvents(t, s, []string{"customer.source.deleted", "customer.updated"}, func() {
		wantFields(t, s.Delete(path+"/"+account).OK(), map[string]any{"id": account, "object": "bank_account", "deleted": true})
	})
}

// A source may be typed in full, whatever it is.
func TestTypedSource(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	path := "/v1/customers/" + s.Post("/v1/customers").OK().ID() + "/sources"
	wantFields(t, s.Post(path, "source[object]", "bank_account", "source[country]", "US", "source[account_number]", "000123456789", "source[routing_number]", "110000000").OK(),
		map[string]any{"object": "bank_account", "last4": "6789", "status": "new"})
	s.Post(path, "source[object]", "bank_account", "source[country]", "US", "source[account_number]", "1", "source[routing_number]", "110000000").Fails(400, "account_number_invalid")
	wantFields(t, s.Post(path, "source[object]", "card", "source[number]", "4242424242424242", "source[exp_month]", "12", "source[exp_year]", "2030").OK(),
		map[string]any{"object": "card", "last4": "4242"})
}
