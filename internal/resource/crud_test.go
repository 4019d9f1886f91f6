package resource_test

import (
	"fmt"
	"strings"
	"testing"

	"sharesmart/internal/servertest"
)

func TestCreateRetrieveUpdateDelete(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	made := s.Post("/v1/customers", "email", "jenny@example.com", "metadata[order_id]", "6735", "address[city]", "Bonn").OK()
	if !strings.HasPrefix(made.ID(), "cus_") || len(made.ID()) != 18 {
		t.Errorf("id %q, want cus_ and 14 characters", made.ID())
	}
	if got := made.Int("created"); got != servertest.Start.Unix() {
		t.Errorf("created %d, want the server's time", got)
	}
	path := "/v1/customers/" + made.ID()
	if got := string(s.Get(path).Body); got != string(made.AppendJSON(nil, 0)) && strings.TrimSpace(got) != string(made.AppendJSON(nil, 0)) {
		t.Errorf("retrieve differs from create:\n%s", got)
	}

	changed := s.Post(path, "metadata[color]", "red", "metadata[order_id]", "", "address[line1]", "Weg 1", "email", "").OK()
	if got := changed.Object("metadata"); got.Len() != 1 || got.String("color") != "red" {
		t.Errorf("metadata %s, want only color", got.AppendJSON(nil, 0))
	}
	if changed.At("address", "city") != "Bonn" || changed.At("address", "line1") != "Weg 1" {
		t.Errorf("address was not merged: %s", changed.Object("address").AppendJSON(nil, 0))
	}
	if changed.Get("email") != nil {
		t.Errorf("an empty string must unset: email is %v", changed.Get("email"))
	}
	if got := s.Post(path, "metadata", "").OK().Object("metadata").Len(); got != 0 {
		t.Errorf("metadata= left %d keys", got)
	}

	if gone := s.Delete(path).OK(); !gone.Bool("deleted") || gone.ID() != made.ID() {
		t.Errorf("delete answered %s", gone.AppendJSON(nil, 0))
	}
	if again := s.Get(path).OK(); !again.Bool("deleted") {
		t.Error("a deleted customer is still answered, as deleted")
	}
	s.Post(path, "email", "x@example.com").Fails(404, "resource_missing")
	s.Delete(path).Fails(404, "resource_missing")
	if ids := s.Get("/v1/customers").IDs(); len(ids) != 0 {
		t.Errorf("lists show deleted objects: %v", ids)
	}
}

func TestDeletedIsMissingWhereStripeSaysSo(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	id := s.Post("/v1/coupons", "percent_off", "25", "duration", "once", "id", "Z4OV52SU").OK().ID()
	if id != "Z4OV52SU" {
		t.Fatalf("the caller's id was not taken: %q", id)
	}
	s.Post("/v1/coupons", "percent_off", "10", "duration", "once", "id", "Z4OV52SU").Fails(400, "resource_already_exists")
	s.Delete("/v1/coupons/Z4OV52SU").OK()
	s.Get("/v1/coupons/Z4OV52SU").Fails(404, "resource_missing")
}

func TestSameIDOfTwoKinds(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	s.Post("/v1/coupons", "percent_off", "25", "duration", "once", "id", "gold").OK()
	s.Post("/v1/products", "name", "Gold", "id", "gold").OK()
	if got := s.Get("/v1/products/gold").OK().String("object"); got != "product" {
		t.Errorf("object %q, want product", got)
	}
	if got := s.Get("/v1/coupons/gold").OK().String("object"); got != "coupon" {
		t.Errorf("object %q, want coupon", got)
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	product := s.Post("/v1/products", "name", "Pro").OK().ID()
	for _, test := range []struct {
		method, path string
		form         []string
		status       int
		param        string
		message      string
	}{
		{"GET", "/v1/customers/cus_x", nil, 404, "id", "No such customer: 'cus_x'"},
		{"GET", "/v1/customers/" + product, nil, 404, "id", "No such customer: '" + product + "'"},
		{"POST", "/v1/customers/cus_x", []string{"email", "a@b.co"}, 404, "id", "No such customer: 'cus_x'"},
		{"GET", "/v1/prices/price_x", nil, 404, "price", "No such price: 'price_x'"},
		{"POST", "/v1/prices", []string{"currency", "usd", "unit_amount", "100", "product", "prod_x"}, 400, "product", "No such product: 'prod_x'"},
		{"GET", "/v1/charges", []string{"customer", "cus_x"}, 400, "customer", "No such customer: 'cus_x'"},
		{"GET", "/v1/customers", []string{"starting_after", "cus_x"}, 400, "starting_after", "No such customer: 'cus_x'"},
		{"GET", "/v1/customers/cus_x/tax_ids", nil, 404, "id", "No such customer: 'cus_x'"},
	} {
		e := s.Do(servertest.Request{Method: test.method, Path: test.path, Form: test.form}).Fails(test.status, "resource_missing")
		if e.String("param") != test.param || e.String("message") != test.message {
			t.Errorf("%s %s: %q (param %q), want %q (param %q)", test.method, test.path, e.String("message"), e.String("param"), test.message, test.param)
		}
	}
}

func TestOtherMode(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	live := s.Account.LiveSecret.Secret
	id := s.Do(servertest.Request{Method: "POST", Path: "/v1/customers", Key: live}).OK().ID()
	e := s.Get("/v1/customers/"+id).Fails(404, "resource_missing")
	want := "No such customer: '" + id + "'; a similar object exists in live mode, but a test mode key was used to make this request."
	if e.String("message") != want {
		t.Errorf("message %q, want %q", e.String("message"), want)
	}
	if !s.Do(servertest.Request{Path: "/v1/customers/" + id, Key: live}).OK().Bool("livemode") {
		t.Error("livemode is false in live mode")
	}
}

func TestMetadataLimits(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	id := s.Post("/v1/customers").OK().ID()
	for i := range 50 {
		s.Post("/v1/customers/"+id, fmt.Sprintf("metadata[k%d]", i), "v").OK()
	}
	s.Post("/v1/customers/"+id, "metadata[one_more]", "v").Fails(400, "")
	s.Post("/v1/customers/"+id, "metadata[k1]", "", "metadata[one_more]", "v").OK()
}

func TestConnectedAccount(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	account := s.Post("/v1/accounts", "type", "custom", "country", "US", "email", "jane@example.com").OK().ID()
	as := func(account string) map[string][]string { return map[string][]string{"Stripe-Account": {account}} }
	id := s.Do(servertest.Request{Method: "POST", Path: "/v1/customers", Header: as(account)}).OK().ID()
	s.Get("/v1/customers/"+id).Fails(404, "resource_missing")
	s.Do(servertest.Request{Path: "/v1/customers/" + id, Header: as(account)}).OK()
	s.Do(servertest.Request{Path: "/v1/customers/" + id, Header: as("acct_1nobody000000000")}).Fails(403, "account_invalid")
	event := s.Do(servertest.Request{Path: "/v1/events", Header: as(account)}).OK().Array("data")
	if len(event) != 1 {
		t.Errorf("%d events in the connected account, want 1", len(event))
	}
}

func TestSingletons(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	if got := s.Get("/v1/balance").OK().String("object"); got != "balance" {
		t.Errorf("object %q, want balance", got)
	}
	if got := s.Get("/v1/account").OK().ID(); got != s.Account.ID {
		t.Errorf("account %q, want %q", got, s.Account.ID)
	}
	s.Post("/v1/tax/settings", "defaults[tax_behavior]", "inclusive").OK()
	if got := s.Get("/v1/tax/settings").OK().At("defaults", "tax_behavior"); got != "inclusive" {
		t.Errorf("tax settings were not kept: tax_behavior is %v", got)
	}
	id := s.Post("/v1/customers").OK().ID()
	cash := "/v1/customers/" + id + "/cash_balance"
	s.Post(cash, "settings[reconciliation_mode]", "manual").OK()
	got := s.Get(cash).OK()
	if got.At("settings", "reconciliation_mode") != "manual" || got.String("customer") != id {
		t.Errorf("cash balance %s", got.AppendJSON(nil, 0))
	}
	s.Get("/v1/customers/"+id+"/discount").Fails(404, "resource_missing")
}

func TestNotImplemented(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	id := s.Post("/v1/customers").OK().ID()
	e := s.Post("/v1/customers/"+id+"/funding_instructions", "currency", "usd", "funding_type", "bank_transfer", "bank_transfer[type]", "us_bank_transfer")
	if e.Status == 501 && !strings.Contains(string(e.Body), "POST /v1/customers/{customer}/funding_instructions") {
		t.Errorf("a 501 names its operation: %s", e.Body)
	}
	e = s.Post("/v1/terminal/readers/tmr_x/cancel_action")
	if got := e.Fails(501, "not_implemented").String("message"); !strings.Contains(got, "POST /v1/terminal/readers/{reader}/cancel_action") {
		t.Errorf("message %q does not name the operation", got)
	}
}
