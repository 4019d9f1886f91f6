package transfer_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"net/http"
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

// TestExportGoesOn interrupts an export in the middle of a kind: the next one goes on, and the files are as if nothing had
// happened.
func TestExportGoesOn(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	for range 250 {
		s.Post("/v1/customers", "email", "many@example.com").OK()
	}
	s.Post("/v1/products", "name", "Pro").OK()
	whole, broken := t.TempDir(), t.TempDir()
	asked := &counting{RoundTripper: s.Client.Transport}
	source := &transfer.Source{URL: s.URL, Key: s.Key, HTTP: &http.Client{Transport: asked}, Clock: s.Clock}
	if err := source.Export(t.Context(), whole, func(transfer.Count) {}); err != nil {
		t.Fatal(err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	err := source.Export(ctx, broken, func(c transfer.Count) {
		if c.Kind == "customers" && c.Objects == 100 {
			interrupt()
		}
	})
	if err == nil {
		t.Fatal("nothing was interrupted")
	}
	part, err := os.OpenFile(filepath.Join(broken, "customers.jsonl.part"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.WriteString(`{"id":"cus_ha`) // half a line, as after a crash
	_ = part.Close()
	asked.paths = nil
	counts := map[string]int{}
	if err := source.Export(t.Context(), broken, func(c transfer.Count) { counts[c.Kind] = c.Objects }); err != nil {
		t.Fatal(err)
	}
	if n := asked.of("/v1/customers"); n != 2 || counts["customers"] != 250 || asked.of("/v1/coupons") > 0 {
		t.Errorf("%d pages of customers are read anew, %d customers are counted, and coupons are asked for %d times", n, counts["customers"], asked.of("/v1/coupons"))
	}
	for _, name := range []string{"customers.jsonl", "customers.csv", "products.jsonl"} {
		a, errA := os.ReadFile(filepath.Join(whole, name))
		b, errB := os.ReadFile(filepath.Join(broken, name))
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Errorf("%s: %d and %d bytes, %v, %v", name, len(a), len(b), errA, errB)
		}
	}
	for _, dir := range []string{whole, broken} {
		if left, _ := filepath.Glob(filepath.Join(dir, "export.json*")); len(left) > 0 {
			t.Errorf("%v is left", left)
		}
	}
	if err := source.Export(t.Context(), broken, func(transfer.Count) {}); err != nil || asked.of("/v1/coupons") != 1 {
		t.Errorf("a whole export is not written anew: %v", err)
	}
}

// counting notes what is asked for.
type counting struct {
	http.RoundTripper
	paths []string
}

func (c *counting) RoundTrip(r *http.Request) (*http.Response, error) {
	c.paths = append(c.paths, r.URL.Path)
	return c.RoundTripper.RoundTrip(r)
}

func (c *counting) of(path string) (n int) {
	for _, p := range c.paths {
		if p == path {
			n++
		}
	}
	return n
}
