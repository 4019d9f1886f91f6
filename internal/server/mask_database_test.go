package server_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sharesmart/internal/servertest"
)

// TestNoFullNumberIsKept sends what must never be kept in every way there is, right and wrong, and looks for it in the
// files of the database, which hold the objects, their versions and the log of requests.
func TestNoFullNumberIsKept(t *testing.T) {
	t.Parallel()
	s := servertest.New(t, servertest.OnDisk())
	const card, account, iban, idNumber = "378282246310005", "000123456789", "DE89370400440532013000", "918273645"
	typed := []string{"[number]", card, "[exp_month]", "12", "[exp_year]", "2030", "[cvc]", "7319"}
	in := func(prefix string, pairs []string) []string {
		out := slices.Clone(pairs)
		for i := 0; i < len(out); i += 2 {
			out[i] = prefix + out[i]
		}
		return out
	}
	bank := []string{"[account_number]", account, "[routing_number]", "110000000", "[country]", "US", "[currency]", "usd"}
	person := []string{"individual[id_number]", idNumber, "business_type", "individual", "country", "US", "type", "custom"}
	customer := s.Post("/v1/customers").OK().ID()
	for _, test := range []struct {
		path   string
		status int
		form   []string
	}{
		{"/v1/tokens", 200, in("card", typed)},
		{"/v1/tokens", 200, in("bank_account", bank)},
		{"/v1/tokens", 200, []string{"pii[id_number]", idNumber}},
		{"/v1/tokens", 200, []string{"account[individual][id_number]", idNumber, "account[business_type]", "individual", "account[tos_shown_and_accepted]", "true"}},
		{"/v1/tokens", 200, []string{"person[id_number]", idNumber}},
		{"/v1/tokens", 200, []string{"cvc_update[cvc]", "7319"}},
		{"/v1/payment_methods", 200, append(in("card", typed), "type", "card")},
		{"/v1/payment_methods", 200, []string{"type", "sepa_debit", "sepa_debit[iban]", iban, "billing_details[name]", "Jenny", "billing_details[email]", "jenny@example.com"}},
		{"/v1/payment_methods", 200, []string{"type", "us_bank_account", "us_bank_account[account_number]", account, "us_bank_account[routing_number]", "110000000",
			"us_bank_account[account_holder_type]", "individual", "billing_details[name]", "Jenny"}},
		{"/v1/payment_intents", 200, append(in("payment_method_data[card]", typed), "payment_method_data[type]", "card", "amount", "2000", "currency", "usd", "confirm", "true", "payment_method_types[]", "card")},
		{"/v1/sources", 200, []string{"type", "sepa_debit", "currency", "eur", "sepa_debit[iban]", iban, "owner[name]", "Jenny"}},
		{"/v1/accounts", 200, append(in("external_account", bank), append(person, "external_account[object]", "bank_account")...)},
		{"/v1/customers", 400, []string{"card_number", card}},
		{"/v1/customers", 400, []string{"balance", card + "x" + card}},
		{"/v1/charges", 400, []string{"amount", card + card, "currency", "usd", "description", card}},
		{"/v1/payment_intents", 400, []string{"amount", "2000", "currency", card}},
	} {
		if a := s.Do(servertest.Request{Method: http.MethodPost, Path: test.path, Form: test.form}); a.Status != test.status {
			t.Errorf("%s %v: %d, want %d: %s", test.path, test.form[:1], a.Status, test.status, a.Body)
		}
	}
	key := s.Do(servertest.Request{Method: http.MethodPost, Path: "/v1/ephemeral_keys", Form: []string{"customer", customer}, Header: http.Header{"Stripe-Version": {"2026-07-29.dahlia"}}}).OK()
	s.Do(servertest.Request{Path: "/v1/customers/" + card}).Fails(http.StatusNotFound, "resource_missing")
	hidden := []string{card, account, iban, idNumber, "7319", key.String("secret")}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(s.Database + "*")
	if err != nil || len(files) == 0 {
		t.Fatalf("the database is %v, %v", files, err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range hidden {
			if at := bytes.Index(data, []byte(text)); at >= 0 {
				t.Errorf("%s holds %s: %q", filepath.Base(name), text, data[max(0, at-120):min(len(data), at+60)])
			}
		}
	}
}
