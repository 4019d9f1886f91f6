package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/clock"
	"sharesmart/internal/store"
)

// measure opens each page many times, each time of another object, and prints how long it took.
func (w *world) measure(times int) error {
	customers, err := w.sample("customer", times)
	if err != nil {
		return err
	}
	invoices, err := w.sample("invoice", times)
	if err != nil {
		return err
	}
	events, err := w.sample("event", times)
	if err != nil {
		return err
	}
	keys, err := w.keys()
	if err != nil {
		return err
	}
	log, err := w.store.Logs(store.LogQuery{NS: w.ns.NS, Limit: times, Where: []store.Cond{{Field: "status", Values: []string{"404"}}}})
	if err != nil {
		return err
	}
	each := func(path string) func(int) string { return func(int) string { return path } }
	of := func(path string, ids []string) func(int) string {
		return func(i int) string { return path + ids[i%len(ids)] }
	}
	for _, page := range []struct {
		name string
		path func(int) string
	}{
		{"home", each("/")}, {"logs", each("/logs")}, {"logs, errors", each("/logs?status=4xx")}, {"logs, rare", each("/logs?status=402")}, {"logs, never", each("/logs?status=500")},
		{"logs, of a customer", of("/logs?object=", customers)}, {"logs, two that never meet", each("/logs?status=402&method=GET")}, {"logs, two common that never meet", each("/logs?status=404&method=DELETE")},
		{"logs, long ago", each("/logs?until=" + clock.Wall{}.Now().UTC().AddDate(0, 0, -15).Format(time.DateOnly))},
		{"log", func(i int) string { return "/logs/" + log.Entries[i%len(log.Entries)].ID }},
		{"kinds", each("/objects")}, {"customers", each("/objects/customer")}, {"customers, by address", each("/objects/customer?email=jenny.77@example.com")},
		{"customers, search", each("/objects/customer?q=jenny.777")}, {"customers, search of all", each("/objects/customer?q=jenny")}, {"invoices, paid", each("/objects/invoice?status=paid")},
		{"invoices, none open", each("/objects/invoice?status=open")}, {"charges", each("/objects/charge")}, {"subscriptions", each("/objects/subscription?status=active")},
		{"customer", of("/objects/customer/", customers)}, {"invoice", of("/objects/invoice/", invoices)}, {"events", each("/events")}, {"events of a type", each("/events?type=invoice.paid")},
		{"event", of("/events/", events)}, {"business", each("/business")},
		{"invoice's history", func(i int) string { return "/objects/invoice/" + invoices[i%len(invoices)] + "/history" }}, {"customer, to change", func(i int) string {
			return "/objects/customer/" + customers[i%len(customers)] + "/actions/PostCustomersCustomer"
		}},
		{"a form to create", each("/create/subscription")}, {"search", each("/search?q=jenny.777")}, {"palette", each("/search.json?q=jenny.777")}, {"palette, id", of("/search.json?q=", customers)},
		{"keys", each("/keys")}, {"key", each("/keys/" + keys[0].ID)}, {"a key like another", each("/keys/new?days=30&like=" + keys[0].ID)},
		{"webhooks", each("/webhooks")}, {"plans and extensions", each("/extensions")}, {"branding", each("/branding")}, {"mail texts", each("/mail-texts")}, {"sandboxes", each("/sandboxes")},
		{"payments by hand", each("/manual-payments")}, {"ways to pay", each("/ways-to-pay")},
	} {
		if err := w.open(page.name, page.path, times); err != nil {
			return err
		}
	}
	return nil
}

// keys are those of the account's test mode.
func (w *world) keys() ([]*access.Key, error) {
	return w.registry.ListKeys(context.Background(), w.ns.Account, access.Test)
}

// sample are ids of a kind, from all over the list.
func (w *world) sample(kind string, n int) (ids []string, err error) {
	now := clock.Wall{}.Now().Unix()
	for i := range n {
		page, err := w.store.List(store.Query{NS: w.ns.NS, Kind: kind, CreatedMax: now - int64(i)*20*1000, Limit: 1})
		if err != nil {
			return nil, err
		}
		for _, d := range page.Docs {
			ids = append(ids, d.ID)
		}
	}
	return ids, nil
}

func (w *world) open(name string, path func(int) string, times int) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	took, worked := make([]time.Duration, times), make([]time.Duration, times)
	size := 0
	for i := range times {
		r := httptest.NewRequest(http.MethodGet, "https://localhost/dashboard/test"+path(i), nil)
		answer := httptest.NewRecorder()
		began, before := clock.Wall{}.Now(), cpu()
		w.pages.ServeHTTP(answer, r)
		took[i], worked[i] = clock.Wall{}.Now().Sub(began), cpu()-before
		if answer.Code != http.StatusOK {
			return fmt.Errorf("%s answered %d", path(i), answer.Code)
		}
		size = answer.Body.Len()
	}
	slices.Sort(took)
	slices.Sort(worked)
	fmt.Printf("%-36s p50 %8s  p95 %8s  worked p95 %8s  %4d KB\n", name, ms(took[times/2]), ms(took[times*95/100]), ms(worked[times*95/100]), size/1024)
	return nil
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }
