package webhook_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
	"sharesmart/internal/webhook"
)

// got is one request that a receiver got.
type got struct {
	header http.Header
	body   []byte
	event  *object.Object
}

// object is what the event announces.
func (g got) object() *object.Object { return g.event.Object("data").Object("object") }

// receiver is an endpoint that writes down what it gets.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	all    []got
	answer func(w http.ResponseWriter, g got) // nil answers 200
}

func receive(t *testing.T, answer func(w http.ResponseWriter, g got)) *receiver {
	t.Helper()
	r := &receiver{answer: answer}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		if err != nil {
			return
		}
		event, err := object.Parse(body, nil)
		if err != nil {
			t.Errorf("the body is no JSON: %v\n%s", err, body)
			return
		}
		g := got{q.Header, body, event}
		r.mu.Lock()
		r.all = append(r.all, g)
		answer := r.answer
		r.mu.Unlock()
		if answer != nil {
			answer(w, g)
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) become(answer func(w http.ResponseWriter, g got)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = answer
}

// take returns what came since it was asked last.
func (r *receiver) take() []got {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := r.all
	r.all = nil
	return all
}

func failing(status int) func(http.ResponseWriter, got) {
	return func(w http.ResponseWriter, _ got) { w.WriteHeader(status) }
}

// endpoint makes a webhook endpoint for all events.
func endpoint(s *servertest.Server, url string, more ...string) *object.Object {
	return s.Post("/v1/webhook_endpoints", append([]string{"url", url, "enabled_events[]", "*"}, more...)...).OK()
}

func run(t *testing.T, s *servertest.Server) {
	t.Helper()
	if err := s.Engine.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// deliveries are those of an endpoint, oldest first.
func deliveries(s *servertest.Server, query ...string) []*object.Object {
	var all []*object.Object
	page := s.Get("/v1/webhook_deliveries", append([]string{"limit", "100"}, query...)...).OK().Array("data")
	for i := len(page) - 1; i >= 0; i-- {
		all = append(all, page[i].(*object.Object))
	}
	return all
}

func TestDeliver(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	r := receive(t, func(w http.ResponseWriter, _ got) { _, _ = io.WriteString(w, "thanks") })
	we := endpoint(s, r.URL)
	c := s.Post("/v1/customers", "name", "Jenny").OK()
	event := s.Get("/v1/events").OK().Array("data")[0].(*object.Object)
	if n := event.Int("pending_webhooks"); n != 1 {
		t.Errorf("before, %d webhooks are pending", n)
	}
	run(t, s)
	all := r.take()
	if len(all) != 1 {
		t.Fatalf("it got %d events", len(all))
	}
	g := all[0]
	if g.object().ID() != c.ID() || g.event.ID() != event.ID() || g.event.Int("pending_webhooks") != 1 {
		t.Errorf("it got %s", g.body)
	}
	if want := webhook.Signature(servertest.Start.Unix(), g.body, we.String("secret")); g.header.Get("Stripe-Signature") != want {
		t.Errorf("the signature is %q, want %q", g.header.Get("Stripe-Signature"), want)
	}
	if got := g.header.Get("Content-Type"); got != "application/json; charset=utf-8" {
		t.Errorf("the type is %q", got)
	}
	if n := s.Get("/v1/events/" + event.ID()).OK().Int("pending_webhooks"); n != 0 {
		t.Errorf("after, %d webhooks are pending", n)
	}
	d := deliveries(s)[0]
	a := d.Array("attempts")[0].(*object.Object)
	for name, want := range map[string]any{"status": "delivered", "event": event.ID(), "related_object": c.ID(), "webhook_endpoint": we.ID(), "type": "customer.created"} {
		if d.Get(name) != want {
			t.Errorf("%s is %v, want %v", name, d.Get(name), want)
		}
	}
	if a.Int("status") != 200 || a.String("response") != "thanks" || a.String("trigger") != "automatic" || a.Get("error") != nil {
		t.Errorf("the attempt is %s", a.JSON())
	}
	run(t, s)
	if again := r.take(); len(again) > 0 {
		t.Errorf("it was sent again")
	}
}

// What comes when and how often, as a table of times after the event.
func TestRetries(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	r := receive(t, failing(500))
	endpoint(s, r.URL)
	s.Post("/v1/customers").OK()
	var times []time.Duration
	for range 12 * 60 {
		run(t, s)
		for range r.take() {
			times = append(times, s.Clock.Now().Sub(servertest.Start).Round(time.Minute))
		}
		s.Clock.Advance(time.Minute)
	}
	d := deliveries(s)[0]
	if len(times) != 3 || times[0] != 0 || times[1] > 2*time.Minute || times[2] < 20*time.Minute || times[2] > 40*time.Minute {
		t.Errorf("test mode tried after %v", times)
	}
	if d.String("status") != "failed" || d.Get("next_attempt_at") != nil || len(d.Array("attempts")) != 3 {
		t.Errorf("the delivery is %s", d.JSON())
	}
}

// One object's events arrive in their order, though the first of them fails; those of others do not wait.
func TestOrder(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	failed := false
	r := receive(t, nil)
	var first string
	r.become(func(w http.ResponseWriter, g got) {
		if g.object().ID() == first && !failed {
			failed = true
			w.WriteHeader(503)
		}
	})
	endpoint(s, r.URL)
	a := s.Post("/v1/customers", "name", "0").OK().ID()
	first = a
	b := s.Post("/v1/customers", "name", "0").OK().ID()
	for _, name := range []string{"1", "2", "3"} {
		s.Post("/v1/customers/"+a, "name", name).OK()
		s.Post("/v1/customers/"+b, "name", name).OK()
	}
	seen := map[string][]string{}
	note := func() {
		for _, g := range r.take() {
			seen[g.object().ID()] = append(seen[g.object().ID()], g.object().String("name"))
		}
	}
	run(t, s)
	note()
	if diff := cmp.Diff(map[string][]string{a: {"0"}, b: {"0", "1", "2", "3"}}, seen); diff != "" {
		t.Errorf("at first (-want +got):\n%s", diff)
	}
	s.Clock.Advance(2 * time.Minute)
	run(t, s)
	note()
	if diff := cmp.Diff(map[string][]string{a: {"0", "0", "1", "2", "3"}, b: {"0", "1", "2", "3"}}, seen); diff != "" {
		t.Errorf("at last (-want +got):\n%s", diff)
	}
}
