package main

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"sharesmart/internal/clock"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
	"sharesmart/internal/web/dashboard/explorer"
)

// notOpened are addresses that are there before anybody owns the server, in the middle of a sign-in, or that never end.
var notOpened = []string{"GET /logs/tail", "GET /set-up", "GET /sign-in/code"}

func each(path string) func(int) string { return func(int) string { return path } }

func of(path string, ids []string, end ...string) func(int) string {
	return func(i int) string { return path + ids[i%len(ids)] + strings.Join(end, "") }
}

// all are the pages that are opened.
func (w *world) all() ([]page, error) {
	var all []page
	for _, part := range []func() ([]page, error){w.logPages, w.objectPages, w.filterPages, w.lastPages, w.eventPages, w.keyPages, w.otherPages} {
		pages, err := part()
		if err != nil {
			return nil, err
		}
		all = append(all, pages...)
	}
	return all, nil
}

// logPages are those of the request log: each filter alone, with what there is much of, little, and nothing, and some together.
func (w *world) logPages() (all []page, err error) {
	const pattern = "GET /logs"
	keys, err := w.keys()
	if err != nil {
		return nil, err
	}
	all = []page{
		{pattern: pattern, name: "logs", path: each("/logs")},
		{pattern: pattern, name: "logs, of a customer", path: of("/logs?object=", w.named.Customers)},
		{pattern: pattern, name: "logs, two that never meet", path: each("/logs?status=402&method=GET")},
		{pattern: pattern, name: "logs, two common that never meet", path: each("/logs?status=404&method=DELETE")},
		{pattern: pattern, name: "logs, long ago", path: each("/logs?until=" + clock.Wall{}.Now().UTC().AddDate(0, 0, -15).Format(time.DateOnly))},
		{pattern: pattern, name: "logs, errors of a key in an hour", path: each("/logs?status=4xx&key=" + keys[0].ID + "&from=" + clock.Wall{}.Now().UTC().Add(-20*24*time.Hour).Format("2006-01-02T15:04") + "&until=" + clock.Wall{}.Now().UTC().Add(-20*24*time.Hour+time.Hour).Format("2006-01-02T15:04"))},
		{pattern: "GET /logs/export", name: "logs, export", path: each("/logs/export"), stream: true},
		{pattern: "GET /logs/export", name: "logs, export, rare", path: each("/logs/export?status=402"), stream: true},
	}
	for _, f := range []struct{ name, common, rare, never string }{
		{"status", "4xx", "402", "500"}, {"method", "GET", "DELETE", "PATCH"}, {"path", "/v1/customers", "/v1/customers/" + w.named.Customers[7], "/v1/nothing"},
		{"object", w.named.Customers[0], w.named.Customers[500], "cus_nothinghere99"}, {"operation", "PostPaymentIntents", "GetTaxIdsId", "GetNothing"}, {"source", "stripe-node", "dashboard", "curl"},
		{"key", keys[0].ID, keys[len(keys)-1].ID, "key_none"}, {"ip", "10.0.3.3", rareIP, "192.0.2.1"}, {"version", spec.Version, spec.Versions()[0], "2001-01-01"},
		{"code", "resource_missing", "card_declined", "expired_card"}, {"idempotency", "idem-77", "idem-200077", "none"},
	} {
		for _, v := range []struct{ how, value string }{{"common", f.common}, {"rare", f.rare}, {"never", f.never}} {
			all = append(all, page{pattern: pattern, name: "logs, " + f.name + ", " + v.how, path: each("/logs?" + url.Values{f.name: {v.value}}.Encode())})
		}
	}
	found, err := w.store.Logs(store.LogQuery{NS: w.ns.NS, Limit: 60, Where: []store.Cond{{Field: "status", Values: []string{"404"}}}})
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, e := range found.Entries {
		ids = append(ids, e.ID)
	}
	return append(all, page{pattern: "GET /logs/{id}", name: "log", path: of("/logs/", ids)}), nil
}

// objectPages are pages of single objects, of those that have most of all.
func (w *world) objectPages() (all []page, err error) {
	const pattern = "GET /objects/{kind}/{id}"
	for _, kind := range []string{"customer", "invoice", "subscription", "charge", "payment_intent", "payment_method", "balance_transaction", "price", "product", "install", "grant", "extension", "refund", "webhook_delivery"} {
		ids, err := w.sample(kind, 60)
		if err != nil {
			return nil, err
		}
		if len(ids) > 0 {
			all = append(all, page{pattern: pattern, name: kind, path: of("/objects/"+kind+"/", ids)})
		}
	}
	for _, one := range []struct{ name, kind, id string }{
		{"a customer with many payments", "customer", w.named.Heavy}, {"a subscription with many invoices", "subscription", w.named.Subscription}, {"an invoice with 200 lines", "invoice", w.named.Invoice},
		{"a credit note", "credit_note", w.named.CreditNote}, {"an order", "order", w.named.Order}, {"a price of all members", "price", w.named.Price}, {"a test clock's object", "test_helpers.test_clock", w.named.Clock},
	} {
		all = append(all, page{pattern: pattern, name: one.name, path: each("/objects/" + one.kind + "/" + one.id)},
			page{pattern: "GET /objects/{kind}/{id}/history", name: one.name + ", history", path: each("/objects/" + one.kind + "/" + one.id + "/history")})
		for _, a := range w.kinds.Actions(one.kind) {
			all = append(all, page{pattern: "GET /objects/{kind}/{id}/actions/{operation}", name: one.name + ", " + a.Label, path: each("/objects/" + one.kind + "/" + one.id + "/actions/" + a.Operation.ID)})
		}
	}
	return all, nil
}

// filterPages are the lists of all kinds, with each filter that they offer.
func (w *world) filterPages() (all []page, err error) {
	all = append(all, page{pattern: "GET /objects", name: "kinds", path: each("/objects")})
	for _, family := range w.kinds.Families {
		for _, r := range family.Resources {
			ids, err := w.sample(r.Kind, 3)
			if err != nil {
				return nil, err
			}
			list := "/objects/" + r.Kind
			all = append(all, page{pattern: "GET /objects/{kind}", name: r.Kind + "s", path: each(list)})
			if r.Create != nil && !r.Create.Multipart {
				all = append(all, page{pattern: "GET /create/{kind}", name: "create " + r.Kind, path: each("/create/" + r.Kind)})
			}
			if len(ids) == 0 {
				continue
			}
			if r.Search != nil {
				all = append(all, page{pattern: "GET /objects/{kind}", name: r.Kind + "s, search", path: each(list + "?q=jenny.777")}, page{pattern: "GET /objects/{kind}", name: r.Kind + "s, search of many", path: each(list + "?q=jenny")})
			}
			if slices.ContainsFunc(r.Filters, func(f explorer.Filter) bool { return f.Required }) {
				continue
			}
			all = append(all, page{pattern: "GET /export/{kind}", name: r.Kind + "s, export", path: each("/export/" + r.Kind), stream: true})
			for _, f := range r.Filters {
				for _, value := range w.values(&f) {
					all = append(all, page{pattern: "GET /objects/{kind}", name: r.Kind + "s, " + value, path: each(list + "?" + value)})
				}
			}
		}
	}
	return all, nil
}

// values are what a filter is asked with: all that it may be, or something that is common and something that is not.
func (w *world) values(f *explorer.Filter) (all []string) {
	pair := func(values ...string) {
		for _, v := range values {
			all = append(all, url.Values{f.Name: {v}}.Encode())
		}
	}
	day := clock.Wall{}.Now().UTC().AddDate(-1, 0, 0).Format(time.DateOnly)
	switch f.Input {
	case explorer.Choice:
		pair(f.Values...)
	case explorer.Range:
		all = append(all, f.Name+".from="+day, f.Name+".to="+day, f.Name+".from="+day+"&"+f.Name+".to="+day)
	case explorer.Whole:
		pair("500")
	case explorer.Instant:
		pair(day)
	default:
		common := map[string]string{
			"customer": w.named.Heavy, "price": w.named.Price, "subscription": w.named.Subscription, "invoice": w.named.Invoice, "extension": w.named.Extension, "test_clock": w.named.Clock,
			"email": "77.jenny.rosen@example.com", "webhook_endpoint": w.named.Endpoints[0], "type": "charge",
		}[f.Name]
		if common != "" {
			pair(common)
		}
		pair("nothing_of_the_kind")
	}
	return all
}

// lastPages are the ends of long lists.
func (w *world) lastPages() (all []page, err error) {
	for _, kind := range []string{"customer", "invoice", "charge", "subscription", "install", "webhook_delivery"} {
		page1, err := w.store.List(store.Query{NS: w.ns.NS, Kind: kind, Limit: 10, Ascending: true})
		if err != nil {
			return nil, err
		}
		if len(page1.Docs) > 0 {
			oldest := page1.Docs[len(page1.Docs)-1].ID
			all = append(all, page{pattern: "GET /objects/{kind}", name: kind + "s, the last page", path: each("/objects/" + kind + "?after=" + oldest)})
		}
	}
	events, err := w.store.List(store.Query{NS: w.ns.NS, Kind: "event", Limit: 10, Ascending: true})
	if err != nil {
		return nil, err
	}
	all = append(all, page{pattern: "GET /events", name: "events, the last page", path: each("/events?after=" + events.Docs[9].ID)}, page{pattern: "GET /logs", name: "logs, the last page", path: each("/logs?before=60")})
	audits, err := w.store.List(store.Query{NS: store.Control, Kind: "audit_entry", Limit: 10, Ascending: true})
	if err == nil && len(audits.Docs) > 0 {
		all = append(all, page{pattern: "GET /audit", name: "audit log, the last page", path: each("/audit?after=" + audits.Docs[9].ID)})
	}
	return all, err
}

func (w *world) eventPages() (all []page, err error) {
	ids, err := w.sampleOf("event", 60, 25*24*3600) // events are kept for a month
	return []page{
		{pattern: "GET /events", name: "events", path: each("/events")}, {pattern: "GET /events", name: "events of a type", path: each("/events?type=invoice.paid")},
		{pattern: "GET /events", name: "events of a rare type", path: each("/events?type=credit_note.created")}, {pattern: "GET /events", name: "events of a type that there is not", path: each("/events?type=account.updated")},
		{pattern: "GET /events", name: "events of a customer with many payments", path: each("/events?object=" + w.named.Heavy)}, {pattern: "GET /events/{id}", name: "event", path: of("/events/", ids)},
		{pattern: "GET /events/export", name: "events, export", path: each("/events/export"), stream: true}, {pattern: "GET /events", name: "events that did not arrive", path: each("/events?delivery_success=false")},
	}, err
}

// sample are ids of a kind, from all over the list.
func (w *world) sample(kind string, n int) (ids []string, err error) {
	return w.sampleOf(kind, n, stretch)
}

// sampleOf are ids of a kind, from all over what was made in so many seconds.
func (w *world) sampleOf(kind string, n, seconds int) (ids []string, err error) {
	now := clock.Wall{}.Now().Unix()
	for i := range n {
		page, err := w.store.List(store.Query{NS: w.ns.NS, Kind: kind, CreatedMax: now - int64(i)*int64(seconds/n), Limit: 1})
		if err != nil {
			return nil, err
		}
		for _, d := range page.Docs {
			ids = append(ids, strings.TrimPrefix(d.ID, kind+":"))
		}
	}
	return ids, nil
}
