package transfer_test

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/processor/stripe"
	"sharesmart/internal/servertest"
	"sharesmart/internal/transfer"
)

// stock fills a server that stands for Stripe, and returns the id of a subscription that runs there.
func stock(t *testing.T, s *servertest.Server) (sub, customer, pm string) {
	t.Helper()
	product := s.Post("/v1/products", "name", "=Pro", "metadata[a]", "b").OK().ID()
	price := s.Post("/v1/prices", "currency", "usd", "unit_amount", "900", "recurring[interval]", "month", "product", product, "lookup_key", "pro").OK().ID()
	s.Post("/v1/coupons", "percent_off", "10", "id", "TEN").OK()
	for range 27 {
		s.Post("/v1/customers", "email", "many@example.com").OK()
	}
	customer = s.Post("/v1/customers", "email", "jenny@example.com", "name", "Jenny").OK().ID()
	pm = s.Post("/v1/payment_methods/pm_card_visa/attach", "customer", customer).OK().ID()
	sub = s.Post("/v1/subscriptions", "customer", customer, "items[0][price]", price, "items[0][quantity]", "2", "default_payment_method", pm).OK().ID()
	s.Post("/v1/subscriptions", "customer", s.Post("/v1/customers", "email", "gone@example.com").OK().ID(), "items[0][price]", price, "payment_behavior", "default_incomplete").OK()
	return sub, customer, pm
}

// TestImport carries a Stripe account over, twice, and renews what came with the card that Stripe has.
func TestImport(t *testing.T) {
	t.Parallel()
	bank := servertest.New(t)
	sub, customer, pm := stock(t, bank)
	s := servertest.New(t, servertest.Processor(stripe.New(stripe.Options{Secret: bank.Key, Publishable: bank.Account.TestPublishable.Secret, URL: bank.URL})))
	s.Key = s.Account.LiveSecret.Secret
	s.Clock.Advance(time.Hour)
	ns, err := s.Registry.Namespace(s.Account.ID, access.Live)
	if err != nil {
		t.Fatal(err)
	}
	source := &transfer.Source{URL: bank.URL, Key: bank.Key, HTTP: bank.Client}
	run := func(dry bool) map[string]transfer.Outcome {
		all := map[string]transfer.Outcome{}
		err := source.Import(t.Context(), func(kind string, docs []json.RawMessage) (o transfer.Outcome, err error) {
			o.Made, o.Known, o.Refused, err = billing.Import(t.Context(), s.Engine, ns, kind, docs, dry)
			return o, err
		}, func(kind string, so transfer.Outcome) { all[kind] = so })
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	run(true)
	if n := len(s.Get("/v1/products").OK().Array("data")); n != 0 {
		t.Errorf("a dry run keeps %d products", n)
	}
	for i, want := range []map[string][3]int{
		{"product": {1, 0, 0}, "price": {1, 0, 0}, "coupon": {1, 0, 0}, "customer": {29, 0, 0}, "payment_method": {1, 0, 0}, "subscription": {1, 0, 1}},
		{"product": {0, 1, 0}, "price": {0, 1, 0}, "coupon": {0, 1, 0}, "customer": {0, 29, 0}, "payment_method": {0, 1, 0}, "subscription": {0, 1, 1}},
	} {
		got := run(false)
		for kind, n := range want {
			if o := got[kind]; o.Made != n[0] || o.Known != n[1] || len(o.Refused) != n[2] {
				t.Errorf("run %d, %s: %+v, want %v", i+1, kind, o, n)
			}
		}
	}
	came := s.Get("/v1/subscriptions/" + sub).OK()
	theirs := bank.Get("/v1/subscriptions/" + sub).OK()
	if came.String("status") != "active" || came.Ref("default_payment_method") != pm || came.Ref("customer") != customer || !came.Bool("livemode") || end(came) != end(theirs) {
		t.Errorf("the subscription is %s", came.JSON())
	}
	if c := s.Get("/v1/customers/" + customer).OK(); c.String("name") != "Jenny" || c.Int("created") != bank.Get("/v1/customers/"+customer).OK().Int("created") {
		t.Errorf("the customer is %s", c.JSON())
	}
	if n := len(s.Get("/v1/invoices").OK().Array("data")); n != 0 {
		t.Errorf("what was paid is billed again: %d invoices", n)
	}
	s.Clock.Advance(31*24*time.Hour + 2*time.Hour)
	for range 2 {
		if err := s.Engine.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.Clock.Advance(2 * time.Hour)
	}
	in := s.Get("/v1/invoices").OK().Array("data")
	if len(in) != 1 || in[0].(*object.Object).String("status") != "paid" || in[0].(*object.Object).Int("amount_paid") != 1800 {
		t.Errorf("the renewal: %v", in)
	}
	if problems, err := s.Engine.Verify(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("the books: %v %v", problems, err)
	}
}

func end(sub *object.Object) int64 {
	return sub.Object("items").Array("data")[0].(*object.Object).Int("current_period_end")
}

// TestExport writes all objects, as they are answered.
func TestExport(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	stock(t, s)
	dir := t.TempDir()
	counts := map[string]int{}
	source := &transfer.Source{URL: s.URL, Key: s.Key, HTTP: s.Client}
	if err := source.Export(t.Context(), dir, func(c transfer.Count) { counts[c.Kind] = c.Objects }); err != nil {
		t.Fatal(err)
	}
	for kind, want := range map[string]int{"customers": 29, "products": 1, "prices": 1, "subscriptions": 2, "invoices": 2, "coupons": 1} {
		f, err := os.Open(filepath.Join(dir, kind+".jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		lines := 0
		for scan := bufio.NewScanner(f); scan.Scan(); lines++ {
			if o, err := object.Parse(scan.Bytes(), nil); err != nil || o.ID() == "" {
				t.Errorf("%s: %s", kind, scan.Bytes())
			}
		}
		_ = f.Close()
		if lines != want || counts[kind] != want {
			t.Errorf("%s has %d lines and %d objects, want %d", kind, lines, counts[kind], want)
		}
	}
	f, err := os.Open(filepath.Join(dir, "products.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(f).ReadAll()
	_ = f.Close()
	if err != nil || len(rows) != 2 || rows[0][0] != "id" {
		t.Fatalf("the table is %v, %v", rows, err)
	}
	for i, name := range rows[0] {
		if name == "name" && rows[1][i] != "'=Pro" {
			t.Errorf("a formula is written: %q", rows[1][i])
		}
	}
}
