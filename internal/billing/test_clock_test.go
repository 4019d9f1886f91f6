package billing_test

import (
	"slices"
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// clockStart is when the clocks of these tests begin: long before the wall clock's 2026-09-01.
var clockStart = time.Date(2024, 1, 31, 9, 0, 0, 0, time.UTC)

// clocked is a server with a price, and a customer with a card on a test clock.
type clocked struct {
	*servertest.Server
	t                      *testing.T
	clock, customer, price string
}

func newClocked(t *testing.T) *clocked {
	t.Helper()
	s := servertest.New(t)
	s.Post("/v1/products", "id", "gold", "name", "Gold").OK()
	price := s.Post("/v1/prices", form("product=gold currency=usd unit_amount=1000 recurring[interval]=month")...).OK().ID()
	clock := s.Post("/v1/test_helpers/test_clocks", "frozen_time", unixText(clockStart)).OK().ID()
	return &clocked{Server: s, t: t, clock: clock, customer: withCard(s, "test_clock", clock), price: price}
}

func (v *clocked) subscribe(more ...string) *object.Object {
	v.t.Helper()
	return v.Post("/v1/subscriptions", append([]string{"customer", v.customer, "items[0][price]", v.price}, more...)...).OK()
}

// advance moves the clock and waits.
func (v *clocked) advance(to time.Time) *object.Object {
	v.t.Helper()
	return v.Post("/v1/test_helpers/test_clocks/"+v.clock+"/advance?wait", "frozen_time", unixText(to)).OK()
}

// All that is a customer's goes by the clock of the customer.
func TestClockOwnsTimes(t *testing.T) {
	t.Parallel()
	v := newClocked(t)
	at := int(clockStart.Unix())
	sub := v.subscribe("expand[]", "latest_invoice.payments", "expand[]", "customer.tax_ids")
	wantFields(t, sub, map[string]any{
		"created": at, "start_date": at, "billing_cycle_anchor": at, "test_clock": v.clock, "customer.created": at, "customer.test_clock": v.clock, "status": "active",
		"items.data.0.current_period_end": int(time.Date(2024, 2, 29, 9, 0, 0, 0, time.UTC).Unix()), "latest_invoice.created": at, "latest_invoice.test_clock": v.clock,
		"latest_invoice.status_transitions.paid_at": at,
	})
	pi := field(sub, "latest_invoice.payments.data.0.payment.payment_intent").(string)
	wantFields(t, v.Get("/v1/payment_intents/"+pi, "expand[]", "latest_charge").OK(), map[string]any{"created": at, "latest_charge.created": at, "status": "succeeded"})
	charge := field(v.Get("/v1/payment_intents/"+pi).OK(), "latest_charge").(string)
	for path, form := range map[string][]string{
		"/v1/refunds":         {"charge", charge, "amount", "100"},
		"/v1/payment_intents": {"customer", v.customer, "amount", "500", "currency", "usd"},
		"/v1/credit_notes":    {"invoice", field(sub, "latest_invoice.id").(string), "amount", "50", "credit_amount", "50"},
		"/v1/invoiceitems":    {"customer", v.customer, "amount", "500", "currency", "usd"},
		"/v1/quotes":          {"customer", v.customer, "line_items[0][price]", v.price},
	} {
		o := v.Post(path, form...).OK()
		if got := field(o, "created"); path != "/v1/invoiceitems" && !object.Equal(got, normal(at)) {
			t.Errorf("%s was created at %v, want the clock's %d", path, got, at)
		}
		if got := field(o, "date"); path == "/v1/invoiceitems" && !object.Equal(got, normal(at)) {
			t.Errorf("%s was made at %v, want the clock's %d", path, got, at)
		}
	}
	event := v.Get("/v1/events", "type", "customer.subscription.created").OK()
	wantFields(t, event, map[string]any{"data.0.created": at, "data.0.data.object.id": sub.ID()})
	if off := withCard(v.Server); field(v.Get("/v1/customers/"+off).OK(), "created") == float64(at) {
		t.Error("a customer without a clock was made at the clock's time")
	}
}

// An advance runs what is due in order of time and says so in its events; other clocks do not notice.
func TestClockAdvances(t *testing.T) {
	t.Parallel()
	v := newClocked(t)
	sub := v.subscribe()
	later(t, v.Server, time.Minute) // the fees of the first payment
	end := time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)
	var clock *object.Object
	got := wantEvents(t, v.Server, slices.Concat([]string{"test_helpers.test_clock.advancing", "invoice.upcoming"}, renewed, renewalMet, []string{"test_helpers.test_clock.ready"}), func() {
		clock = v.advance(end)
	})
	wantFields(t, clock, map[string]any{"status": "ready", "frozen_time": int(end.Unix()), "status_details.advancing": nil})
	feb29 := time.Date(2024, 2, 29, 9, 0, 0, 0, time.UTC)
	for i, want := range map[int]time.Time{1: feb29.AddDate(0, 0, -7), 2: feb29, 3: feb29, 4: feb29.Add(time.Hour)} {
		wantFields(t, got[i], map[string]any{"created": int(want.Unix())})
	}
	wantFields(t, v.Get("/v1/subscriptions/"+sub.ID(), "expand[]", "latest_invoice").OK(), map[string]any{
		"items.data.0.current_period_end": int(time.Date(2024, 3, 31, 9, 0, 0, 0, time.UTC).Unix()), "latest_invoice.status": "paid",
		"latest_invoice.created": int(feb29.Unix()), "latest_invoice.status_transitions.paid_at": int(feb29.Add(time.Hour).Unix()),
	})
	wantEvents(t, v.Server, nil, func() { later(t, v.Server, 60*24*time.Hour) })
}

// Two customers of one clock renew at their own times, one after the other.
func TestClockKeepsOrder(t *testing.T) {
	t.Parallel()
	v := newClocked(t)
	v.subscribe()
	v.advance(clockStart.Add(36 * time.Hour))
	v.customer = withCard(v.Server, "test_clock", v.clock)
	v.subscribe()
	events := eventsOf(v.Server, func() { v.advance(clockStart.AddDate(1, 0, 0)) })
	times := []int64{}
	paid := 0
	for _, e := range events {
		if e.String("type") == "invoice.paid" {
			paid++
		}
		if e.String("type") != "test_helpers.test_clock.advancing" && e.String("type") != "test_helpers.test_clock.ready" {
			times = append(times, e.Int("created"))
		}
	}
	if !slices.IsSorted(times) {
		t.Error("what happened later came first")
	}
	if paid != 22 { // February to December of the one, March to January of the other; that of January the 31st is a draft still
		t.Errorf("%d invoices were paid, want 22", paid)
	}
}

// Without wait the answer comes at once, and nothing of the clock can be changed until it is ready.
func TestClockAdvancesBehind(t *testing.T) {
	t.Parallel()
	v := newClocked(t)
	sub := v.subscribe()
	path := "/v1/test_helpers/test_clocks/" + v.clock
	end := clockStart.AddDate(0, 0, 40)
	wantFields(t, v.Post(path+"/advance", "frozen_time", unixText(end)).OK(), map[string]any{
		"status": "advancing", "frozen_time": int(clockStart.Unix()), "status_details.advancing.target_frozen_time": int(end.Unix()),
	})
	for _, r := range []servertest.Request{
		{Method: "POST", Path: "/v1/customers/" + v.customer, Form: []string{"name", "Ann"}},
		{Method: "POST", Path: "/v1/subscriptions/" + sub.ID(), Form: []string{"metadata[a]", "1"}},
		{Method: "DELETE", Path: "/v1/subscriptions/" + sub.ID()},
		{Method: "POST", Path: "/v1/invoiceitems", Form: []string{"customer", v.customer, "amount", "1", "currency", "usd"}},
		{Method: "POST", Path: path + "/advance", Form: []string{"frozen_time", unixText(end.Add(time.Hour))}},
	} {
		v.Do(r).Fails(429, "lock_timeout")
	}
	v.Get("/v1/customers/" + v.customer).OK()
	v.Post("/v1/customers", "name", "somebody else").OK()
	later(t, v.Server, 0)
	wantFields(t, v.Get(path).OK(), map[string]any{"status": "ready", "frozen_time": int(end.Unix())})
	wantFields(t, v.Get("/v1/subscriptions/"+sub.ID()).OK(), map[string]any{"items.data.0.current_period_start": int(time.Date(2024, 2, 29, 9, 0, 0, 0, time.UTC).Unix())})
	wantFields(t, v.Post("/v1/customers/"+v.customer, "name", "Ann").OK(), map[string]any{"name": "Ann"})
}

// A step ends where something happened.
func TestClockSteps(t *testing.T) {
	t.Parallel()
	v := newClocked(t)
	sub := v.subscribe("trial_period_days", "14")
	step := func(want time.Time, events ...string) {
		t.Helper()
		wantEvents(t, v.Server, slices.Concat([]string{"test_helpers.test_clock.advancing"}, events, []string{"test_helpers.test_clock.ready"}), func() {
			clock := v.Post("/v1/test_helpers/test_clocks/" + v.clock + "/step").OK()
			wantFields(t, clock, map[string]any{"status": "ready", "frozen_time": int(want.Unix())})
		})
	}
	trialEnd := clockStart.AddDate(0, 0, 14)
	step(trialEnd.AddDate(0, 0, -7), "invoice.upcoming")
	step(trialEnd.AddDate(0, 0, -3), "customer.subscription.trial_will_end")
	step(trialEnd, renewed...)
	step(trialEnd.Add(time.Hour), renewalMet...)
	v.Delete("/v1/subscriptions/" + sub.ID()).OK()
	v.Post("/v1/test_helpers/test_clocks/"+v.clock+"/step").Fails(400, "")
}

func TestClockRefuses(t *testing.T) {
	t.Parallel()
	v := newClocked(t)
	path := "/v1/test_helpers/test_clocks/" + v.clock + "/advance"
	twoYears := "frozen_time=" + unixText(clockStart.AddDate(2, 0, 0).Add(time.Second))
	refuse(t, v.Server, []refusal{
		{"nothing sent", path, "", "parameter_missing", "frozen_time", "Missing"},
		{"the present", path, "frozen_time=" + unixText(clockStart), "", "frozen_time", "after"},
		{"too far without subscriptions", path, twoYears, "", "frozen_time", "two intervals"},
	})
	v.subscribe()
	refuse(t, v.Server, []refusal{
		{"too far", path, "frozen_time=" + unixText(clockStart.AddDate(0, 2, 1)), "", "frozen_time", "two intervals"},
	})
	v.Post("/v1/test_helpers/test_clocks/clock_none/advance", "frozen_time", unixText(clockStart)).Fails(404, "resource_missing")
	wantFields(t, v.advance(clockStart.AddDate(5, 0, 0)), map[string]any{"status": "ready"})
	if got := v.Get("/v1/invoices", "customer", v.customer, "limit", "100").IDs(); len(got) != 61 {
		t.Errorf("five years have %d invoices, want 61", len(got))
	}
	v.Delete("/v1/test_helpers/test_clocks/" + v.clock).OK()
	wantFields(t, v.Get("/v1/customers/"+v.customer).OK(), map[string]any{"deleted": true})
}
