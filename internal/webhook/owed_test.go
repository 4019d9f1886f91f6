package webhook_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/outbound"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
	"sharesmart/internal/store"
	"sharesmart/internal/webhook"
)

// onlyWriter is a server that nobody else writes beside: elsewhere events make their deliveries themselves.
func onlyWriter(t *testing.T) *servertest.Server {
	t.Helper()
	return servertest.New(t, servertest.OnDisk())
}

// owing makes an endpoint whose deliveries are owed from now on: the first of all is made with its event.
func owing(t *testing.T, s *servertest.Server, r *receiver) *object.Object {
	t.Helper()
	made := endpoint(s, r.URL)
	s.Post("/v1/customers", "name", "first").OK()
	run(t, s)
	r.take()
	return made
}

// kept is how many deliveries the store has.
func kept(t *testing.T, s *servertest.Server) int {
	t.Helper()
	ns, err := s.Registry.Namespace(s.Account.ID, "test")
	if err != nil {
		t.Fatal(err)
	}
	page, err := s.Store.List(store.Query{NS: ns.NS, Kind: "webhook_delivery", Limit: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	return len(page.Docs)
}

// names takes what came, and gives the names of what it announces.
func (r *receiver) names() (all []string) {
	for _, g := range r.take() {
		all = append(all, g.object().String("name"))
	}
	return all
}

func newest(s *servertest.Server) *object.Object {
	return s.Get("/v1/events", "limit", "1").OK().Array("data")[0].(*object.Object)
}

// What an event owes is counted as pending, listed and found once somebody asks, and delivered under the same id.
func TestOwed(t *testing.T) {
	t.Parallel()
	s := onlyWriter(t)
	r := receive(t, nil)
	owing(t, s, r)
	second := endpoint(s, r.URL)
	before := kept(t, s)
	s.Post("/v1/customers", "name", "owed").OK()
	if n := kept(t, s); n != before {
		t.Fatalf("%d deliveries were made with their event", n-before)
	}
	event := newest(s)
	if n := event.Int("pending_webhooks"); n != 2 {
		t.Errorf("pending_webhooks is %d, want 2", n)
	}
	if n := kept(t, s); n != before {
		t.Errorf("a look at the event made %d deliveries", n-before)
	}
	owed := deliveries(s, "event", event.ID())
	if len(owed) != 2 || kept(t, s) != before+2 {
		t.Fatalf("%d deliveries of the event are listed, and %d kept", len(owed), kept(t, s)-before)
	}
	for _, d := range owed {
		if d.String("status") != "pending" || len(d.Array("attempts")) != 0 || d.String("type") != "customer.created" ||
			d.String("related_object") != event.Object("data").Object("object").ID() || d.Int("created") != event.Int("created") {
			t.Errorf("before it is sent it is %s", d.JSON())
		}
	}
	if n := newest(s).Int("pending_webhooks"); n != 2 {
		t.Errorf("once they are made, pending_webhooks is %d, want 2", n)
	}
	s.Post("/v1/customers", "name", "not looked at").OK()
	run(t, s)
	if got := len(r.take()); got != 4 || kept(t, s) != before+4 {
		t.Errorf("%d were sent and %d deliveries are kept, want 4 each", got, kept(t, s)-before)
	}
	for _, d := range owed {
		now := s.Get("/v1/webhook_deliveries/" + d.ID()).OK()
		if now.String("status") != "delivered" || len(now.Array("attempts")) != 1 || now.Int("sequence") == 0 {
			t.Errorf("once it is sent it is %s", now.JSON())
		}
	}
	if n := newest(s).Int("pending_webhooks"); n != 0 {
		t.Errorf("once all are sent, pending_webhooks is %d", n)
	}
	if all := deliveries(s, "webhook_endpoint", second.ID(), "status", "delivered"); len(all) != 2 {
		t.Errorf("the second endpoint has %d deliveries, want 2", len(all))
	}
}

// Another process that finds the database as it was left sends what is owed: once, in the order of the events, and whatever
// comes meanwhile after that.
func TestOwedAfterCrash(t *testing.T) {
	t.Parallel()
	s := onlyWriter(t)
	r := receive(t, nil)
	owing(t, s, r)
	id := s.Post("/v1/customers", "name", "0").OK().ID()
	for i := range 40 {
		s.Post("/v1/customers/"+id, "name", strconv.Itoa(i+1)).OK()
		if i == 20 {
			deliveries(s) // makes what is owed so far
		}
	}
	webhooks := webhook.New(webhook.Options{Clock: s.Clock, Test: outbound.Policy{Loopback: true}})
	again, err := resource.New(s.Store, s.Registry, s.Clock, append(billing.Rules(), webhooks.Rules()...), resource.Options{})
	if err != nil {
		t.Fatal(err)
	}
	webhooks.Follow(again)
	ns, err := s.Registry.Namespace(s.Account.ID, "test")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.Do(t.Context(), ns, "POST /v1/customers/"+id, map[string][]string{"name": {"41"}}); err != nil {
		t.Fatal(err)
	}
	if err := again.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	names := r.names()
	var want []string
	for i := range 42 {
		want = append(want, strconv.Itoa(i))
	}
	if !slices.Equal(names, want) {
		t.Errorf("sent %v, want %v", names, want)
	}
}

// What is owed can be sent again by hand, and be given up.
func TestOwedByHand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		do   func(s *servertest.Server, event, endpoint string)
		sent int
		want string
	}{
		{"sent again", func(s *servertest.Server, event, _ string) { s.Post("/v1/events/" + event + "/retry").OK() }, 1, "delivered"},
		{"sent again to one", func(s *servertest.Server, event, to string) {
			s.Post("/v1/events/"+event+"/retry", "webhook_endpoint", to).OK()
		}, 1, "delivered"},
		{"the endpoint goes", func(s *servertest.Server, _, to string) { s.Delete("/v1/webhook_endpoints/" + to).OK() }, 0, "canceled"},
		{"the endpoint is disabled", func(s *servertest.Server, _, to string) {
			s.Post("/v1/webhook_endpoints/"+to, "disabled", "true").OK()
		}, 0, "pending"},
		{"the endpoint does not listen any more", func(s *servertest.Server, _, to string) {
			s.Post("/v1/webhook_endpoints/"+to, "enabled_events[]", "charge.failed").OK()
		}, 1, "delivered"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := onlyWriter(t)
			r := receive(t, nil)
			to := owing(t, s, r).ID()
			s.Post("/v1/customers", "name", "owed").OK()
			event := newest(s).ID()
			c.do(s, event, to)
			run(t, s)
			all := deliveries(s, "event", event)
			if got := len(r.take()); got != c.sent || len(all) != 1 || all[0].String("status") != c.want {
				t.Errorf("sent %d times, deliveries %v; want %d and one that is %s", got, all, c.sent, c.want)
			}
		})
	}
}

// More than a queue is told of at once is found in the store, and sent in order, each once.
func TestOwedBeyondMemory(t *testing.T) {
	t.Parallel()
	s := onlyWriter(t)
	r := receive(t, nil)
	owing(t, s, r)
	const events = 4500
	fill(t, s, events)
	run(t, s)
	seen := map[string]bool{}
	for _, g := range r.take() {
		seen[g.event.ID()] = true
	}
	if len(seen) != events || kept(t, s) != events+1 {
		t.Errorf("%d events were sent and %d deliveries are kept, want %d and one more", len(seen), kept(t, s), events)
	}
}

// An event that comes long after the last one has its delivery made with it, so that what is owed is found among few events.
func TestOwedForAMinute(t *testing.T) {
	t.Parallel()
	s := onlyWriter(t)
	r := receive(t, nil)
	owing(t, s, r)
	before := kept(t, s)
	s.Clock.Advance(2 * time.Minute)
	s.Post("/v1/customers", "name", "late").OK()
	if n := kept(t, s); n != before+1 {
		t.Errorf("%d deliveries were made with the event, want 1", n-before)
	}
	run(t, s)
	s.Post("/v1/customers", "name", "soon after").OK()
	if n := kept(t, s); n != before+1 {
		t.Errorf("%d deliveries were made with the event after it, want none", n-before-1)
	}
	run(t, s)
	if got := len(r.take()); got != 2 {
		t.Errorf("%d were sent, want 2", got)
	}
}

// Events whose deliveries were made with them and events that owe theirs are sent in one order.
func TestOwedAmongMade(t *testing.T) {
	t.Parallel()
	s := onlyWriter(t)
	r := receive(t, nil)
	owing(t, s, r)
	id := s.Post("/v1/customers", "name", "0").OK().ID()
	run(t, s) // which says that nothing is owed up to this second
	r.take()
	before := kept(t, s)
	s.Post("/v1/customers/"+id, "name", "1").OK()
	s.Clock.Advance(time.Second)
	s.Post("/v1/customers/"+id, "name", "2").OK()
	if n := kept(t, s); n != before+1 {
		t.Fatalf("%d deliveries were made with two events, want 1", n-before)
	}
	run(t, s)
	names := r.names()
	if !slices.Equal(names, []string{"1", "2"}) {
		t.Errorf("sent %v", names)
	}
}
