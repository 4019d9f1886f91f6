package transfer_test

import (
	"bufio"
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"

	"sharesmart/internal/object"
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
