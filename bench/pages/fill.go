package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/clock"
	"sharesmart/internal/requestlog"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

// step is a part of what fills the database.
type step struct {
	name string
	fill func(ctx context.Context) error
}

// fill makes everything that the pages show. What there is much of is made once by way of the API, and copied under other ids.
func (w *world) fill(ctx context.Context, members, requests int) error {
	began := clock.Wall{}.Now()
	many := max(members/10, 20) // of what one object has
	for _, s := range []step{
		{"members", func(ctx context.Context) error { return w.members(ctx, members) }},
		{"payments and invoices of one customer", func(ctx context.Context) error { return w.heavyCustomer(ctx, many) }},
		{"a long invoice, orders, credit notes", w.longInvoice},
		{"what is paid by hand", func(ctx context.Context) error { return w.byHand(ctx, many) }},
		{"test clocks", func(ctx context.Context) error { return w.clocks(ctx, many/10) }},
		{"extensions", func(ctx context.Context) error { return w.extensions(ctx, members) }},
		{"webhooks", func(ctx context.Context) error { return w.webhooks(ctx, many) }},
		{"votes", w.votes},
		{"people, keys and sandboxes", w.office},
		{"audit log", func(ctx context.Context) error { return w.audit(ctx, members) }},
		{"requests", func(ctx context.Context) error { return w.logRequests(ctx, requests, members) }},
	} {
		if err := s.fill(ctx); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		fmt.Printf("%s: after %s\n", s.name, clock.Wall{}.Now().Sub(began).Round(time.Second))
	}
	return nil
}

// members are customers with a card, a subscription and its first invoice, paid, and the events of all that.
func (w *world) members(ctx context.Context, n int) error {
	price, err := w.do(ctx, "POST /v1/prices", "currency", "usd", "unit_amount", "500", "recurring[interval]", "month", "product_data[name]", "Pro")
	if err != nil {
		return err
	}
	w.named.Price = price
	s, err := w.play(nil, "", func() error {
		customer, err := w.do(ctx, "POST /v1/customers", "name", "Jenny Rosen", "email", "jenny.rosen@example.com", "payment_method", "pm_card_visa", "invoice_settings[default_payment_method]", "pm_card_visa")
		if err != nil {
			return err
		}
		_, err = w.do(ctx, "POST /v1/subscriptions", "customer", customer, "items[0][price]", price)
		return err
	})
	if err != nil {
		return err
	}
	s.marks = []string{"jenny.rosen@"}
	for i := range 1000 {
		w.named.Customers = append(w.named.Customers, s.idIn("customer", i*(n/1000+1)%n))
	}
	return w.copyScene(ctx, s, n)
}

// logRequests fills the log as a business does: mostly reads, some writes, few errors, all operations now and then, and one
// very rare kind.
func (w *world) logRequests(_ context.Context, requests, members int) error {
	keys, err := w.keys()
	if err != nil {
		return err
	}
	keys = keys[:min(len(keys), 3)]
	ids, operations := clock.NewRequestIDs(clock.Wall{}), spec.Operations()
	now := clock.Wall{}.Now().UnixMicro()
	for i := range requests {
		seq := w.store.NextLogSeq()
		e := w.request(i, keys)
		e.NS, e.Seq, e.ID, e.Time = w.ns.NS, seq, ids.New(seq), now-int64(requests-i)*(29*24*3600*1_000_000/int64(requests))
		if i%5 == 0 && e.Status == 200 {
			op := operations[i/5%len(operations)]
			e.Operation, e.Method, e.Path = op.ID, op.Method, op.Path
		}
		w.store.Log(e)
		if i%20_000 == 19_999 {
			time.Sleep(time.Second) // so that the log is written: what waits is lost when it is too much
		}
	}
	return w.complete(requests)
}

// complete reports whether all requests are in the log.
func (w *world) complete(requests int) error {
	counts, err := w.store.LogCounts(w.ns.NS, requestlog.Operation, 0)
	if err != nil {
		return err
	}
	var logged int64
	for _, n := range counts {
		logged += n
	}
	if logged < int64(requests) {
		return fmt.Errorf("%d of %d requests are in the log: the machine is too busy to write them", logged, requests)
	}
	return nil
}

// request is the i-th of the log.
func (w *world) request(i int, keys []*access.Key) store.LogEntry {
	customer := w.named.Customers[i%len(w.named.Customers)]
	e := store.LogEntry{
		Duration: int64(400 + i%3000), Method: "GET", Path: "/v1/customers/" + customer, Status: 200, Operation: "GetCustomersCustomer", KeyID: keys[i%len(keys)].ID,
		IP: fmt.Sprintf("10.0.%d.%d", i%7, i%250), UserAgent: "Stripe/v1 NodeBindings/18.0.0", Version: spec.Version, ObjectID: customer, ObjectVersion: 1,
	}
	switch {
	case i%200_000 == 77:
		e.Status, e.ErrorCode, e.Path, e.Operation, e.Method, e.ObjectID = 402, "card_declined", "/v1/payment_intents", "PostPaymentIntents", "POST", ""
		e.IP, e.Version, e.UserAgent, e.Idempotency, e.Answer = rareIP, spec.Versions()[0], requestlog.DashboardAgent, "idem-"+strconv.Itoa(i), `{"error": {"code": "card_declined"}}`
	case i%50 == 0:
		e.Status, e.ErrorCode, e.ObjectID, e.Answer = 404, "resource_missing", "", `{"error": {"code": "resource_missing"}}`
	case i%4 == 0:
		e.Method, e.Path, e.Operation, e.Params = "POST", "/v1/payment_intents", "PostPaymentIntents", "amount=500&currency=usd&customer="+customer
	}
	return e
}

// rareIP is where the rare requests come from.
const rareIP = "203.0.113.9"
