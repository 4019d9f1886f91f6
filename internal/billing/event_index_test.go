package billing_test

import (
	"net/url"
	"slices"
	"testing"

	"sharesmart/internal/billing"
	"sharesmart/internal/clock"
	"sharesmart/internal/servertest"
	"sharesmart/internal/store"
)

// TestIndexEvents finds events by their object that were written before there was an index for that.
func TestIndexEvents(t *testing.T) {
	t.Parallel()
	c := clock.NewFake(servertest.Start)
	s, registry, ns := bareStore(t, c)
	e := bareEngine(t, s, registry, c, billing.Rules())
	customer, err := e.Do(t.Context(), ns, "POST /v1/customers", nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 250 { // more than fit into a transaction
		if _, err := e.Do(t.Context(), ns, "POST /v1/customers/"+customer.ID(), url.Values{"description": {clock.Secret(c, 4)}}); err != nil {
			t.Fatal(err)
		}
	}
	page, err := s.List(store.Query{NS: ns.NS, Kind: "event", Limit: 1000})
	if err != nil || len(page.Docs) != 251 {
		t.Fatalf("%d events, %v", len(page.Docs), err)
	}
	if err := s.Update(t.Context(), func(tx store.Tx) error {
		for _, d := range page.Docs {
			d.Refs = slices.DeleteFunc(slices.Clone(d.Refs), func(r store.Ref) bool { return r.Field == "subject" })
			if err := tx.Put(ns.NS, &d); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	found := func() int {
		t.Helper()
		all, _, err := e.Survey(t.Context(), ns).Happened("customer", customer.ID(), "", 1000)
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	if n := found(); n != 0 {
		t.Fatalf("%d are found before", n)
	}
	for range 2 {
		if err := e.IndexEvents(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := found(); n != 251 {
			t.Errorf("%d are found", n)
		}
	}
	if problems, err := e.Verify(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}
