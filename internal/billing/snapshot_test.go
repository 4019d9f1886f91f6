package billing_test

import (
	"slices"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"

	"github.com/google/go-cmp/cmp"
)

// Going back to a snapshot undoes a month: objects, events, money and what is due are as they were, and the month can be
// lived again.
func TestSnapshotGoesBack(t *testing.T) {
	t.Parallel()
	v := newClocked(t)
	sub := v.subscribe()
	path := "/v1/subscriptions/" + sub.ID()
	v.Post(path, "metadata[a]", "1").OK()
	before := v.Get(path).OK()
	events := v.Get("/v1/events", "limit", "100").OK()
	balance := v.Get("/v1/balance").OK()
	snapshot := v.Post("/v1/test_helpers/snapshots", "name", "before the renewal", "metadata[a]", "b").OK()
	wantFields(t, snapshot, map[string]any{"name": "before the renewal", "metadata.a": "b", "livemode": false})
	end := clockStart.AddDate(0, 1, 10)
	for range 2 {
		v.advance(end)
		wantFields(t, v.Get(path, "expand[]", "latest_invoice").OK(), map[string]any{"latest_invoice.status": "paid", "latest_invoice.billing_reason": "subscription_cycle"})
		v.Post("/v1/customers", "name", "of the future").OK()
		account := v.Post("/v1/accounts", "type", "custom", "country", "US").OK().ID()
		v.Do(servertest.Request{Method: "POST", Path: "/v1/customers", Header: map[string][]string{"Stripe-Account": {account}}}).OK()
		v.Post("/v1/test_helpers/snapshots/" + snapshot.ID() + "/restore").OK()
		wantSame(t, before, v.Get(path).OK())
		wantSame(t, events, v.Get("/v1/events", "limit", "100").OK())
		wantSame(t, balance, v.Get("/v1/balance").OK())
		wantFields(t, v.Get("/v1/test_helpers/test_clocks/"+v.clock).OK(), map[string]any{"frozen_time": int(clockStart.Unix()), "status": "ready"})
		v.Do(servertest.Request{Path: "/v1/customers", Header: map[string][]string{"Stripe-Account": {account}}}).Fails(403, "account_invalid")
	}
	wantFields(t, v.Get("/v1/test_helpers/snapshots").OK(), map[string]any{"data.0.id": snapshot.ID(), "data.1": nil})
	wantFields(t, v.Delete("/v1/test_helpers/snapshots/"+snapshot.ID()).OK(), map[string]any{"deleted": true})
	v.Get("/v1/test_helpers/snapshots/"+snapshot.ID()).Fails(404, "resource_missing")
	if problems, err := v.Engine.Verify(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("verify: %v, %v", problems, err)
	}
}

// What is due in a snapshot waits there: time passes it by.
func TestSnapshotRests(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "pm_card_visa")
	sub := v.subscribe("").OK()
	snapshot := v.Post("/v1/test_helpers/snapshots").OK().ID()
	renewals := slices.Concat([]string{"charge.updated"}, []string{"balance.available", "invoice.upcoming"}, renewed)
	wantEvents(t, v.Server, renewals, func() { v.later(30 * day) })
	v.Post("/v1/test_helpers/snapshots/" + snapshot + "/restore").OK()
	wantEvents(t, v.Server, renewals, func() { v.later(0) })
	wantFields(t, v.Get("/v1/subscriptions/"+sub.ID(), "expand[]", "latest_invoice").OK(), map[string]any{"latest_invoice.status": "draft"})
}

// A sandbox has its own snapshots, and takes them with it.
func TestSnapshotOfSandbox(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	sandbox := s.Post("/v1/sandboxes", "name", "one").OK()
	key := sandbox.String("secret_key")
	in := func(method, path string, form ...string) *servertest.Answer {
		return s.Do(servertest.Request{Method: method, Path: path, Key: key, Form: form})
	}
	snapshot := in("POST", "/v1/test_helpers/snapshots").OK().ID()
	in("POST", "/v1/customers").OK()
	s.Get("/v1/test_helpers/snapshots/"+snapshot).Fails(404, "resource_missing")
	s.Post("/v1/test_helpers/snapshots/"+snapshot+"/restore").Fails(404, "resource_missing")
	if got := in("GET", "/v1/customers").IDs(); len(got) != 1 {
		t.Errorf("the sandbox has %d customers, want 1", len(got))
	}
	in("POST", "/v1/test_helpers/snapshots/"+snapshot+"/restore").OK()
	if got := in("GET", "/v1/customers").IDs(); len(got) != 0 {
		t.Errorf("the sandbox has %d customers, want none", len(got))
	}
	s.Delete("/v1/sandboxes/" + sandbox.ID()).OK()
	in("GET", "/v1/test_helpers/snapshots").Fails(401, "")
	s.Do(servertest.Request{Method: "POST", Path: "/v1/test_helpers/snapshots", Key: s.Account.LiveSecret.Secret}).Fails(400, "")
}

// wantSame compares two answers to the byte.
func wantSame(t *testing.T, want, got *object.Object) {
	t.Helper()
	if diff := cmp.Diff(string(want.AppendJSON(nil, 0)), string(got.AppendJSON(nil, 0))); diff != "" {
		t.Errorf("it is not what it was (-want +got):\n%s", diff)
	}
}
