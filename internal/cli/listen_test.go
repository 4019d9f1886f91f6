package cli_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stripe/stripe-go/v85/webhook"

	"sharesmart/internal/cli"
	"sharesmart/internal/servertest"
)

// endpoint is somebody's that events are forwarded to.
type endpoint struct {
	*httptest.Server
	got chan *delivered
}

type delivered struct {
	body   string
	header http.Header
}

func newEndpoint(t *testing.T, status int) *endpoint {
	t.Helper()
	e := &endpoint{got: make(chan *delivered, 1000)}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		e.got <- &delivered{string(body), r.Header}
		w.WriteHeader(status)
	}))
	t.Cleanup(e.Close)
	return e
}

// Events are shown, and forwarded with a signature that the official library takes, those of an object in their order.
func TestListen(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	sh := newShell(t, s)
	e := newEndpoint(t, http.StatusAccepted)
	secret := strings.TrimSpace(sh.must("listen", "--print-secret"))
	b := sh.start("listen", "--forward-to", e.URL+"/hook", "--events", "customer.*,product.created", "--headers", "X-Test: yes")
	if line := b.next(); !strings.Contains(line, "Ready") || !strings.Contains(line, secret) {
		t.Fatalf("it begins with %q", line)
	}
	id := sh.id("customers", "create")
	sh.must("coupons", "create", "--percent-off", "20")
	const changes = 20
	for n := range changes {
		sh.must("customers", "update", id, "--name", strconv.Itoa(n))
	}
	sh.must("customers", "delete", id)
	for n := -1; n <= changes; n++ {
		d := <-e.got
		event, err := webhook.ConstructEventWithOptions([]byte(d.body), d.header.Get("Stripe-Signature"), secret, webhook.ConstructEventOptions{IgnoreTolerance: true, IgnoreAPIVersionMismatch: true})
		if err != nil {
			t.Fatal(err)
		}
		name, _ := event.Data.Object["name"].(string)
		want := map[int]string{-1: "customer.created ", changes: "customer.deleted " + strconv.Itoa(changes-1)}[n]
		if want == "" {
			want = "customer.updated " + strconv.Itoa(n)
		}
		if got := string(event.Type) + " " + name; got != want || d.header.Get("X-Test") != "yes" {
			t.Errorf("forwarded %q, want %q, with header %q", got, want, d.header.Get("X-Test"))
		}
	}
	shown, answered := 0, 0
	for shown < changes+2 || answered < changes+2 {
		switch line := b.next(); {
		case strings.Contains(line, "--> customer."):
			shown++
		case strings.Contains(line, "[202] "+e.URL+"/hook evt_"):
			answered++
		default:
			t.Fatalf("what is %q?", line)
		}
	}
}

// Thin events are shown and forwarded beside the others, to an address of their own, signed with the same secret: those of
// version 1 and those that are thin alone, of the types that are asked for.
func TestListenThin(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	sh := newShell(t, s)
	thin, connect, other := newEndpoint(t, http.StatusOK), newEndpoint(t, http.StatusOK), newEndpoint(t, http.StatusOK)
	secret := strings.TrimSpace(sh.must("listen", "--print-secret"))
	sh.fails(cli.ExitUsage, "needs --thin-events", "listen", "--forward-thin-to", thin.URL)
	account := s.Post("/v1/accounts", "type", "custom", "country", "US").OK().ID()
	b := sh.start("listen", "--events", "product.created", "--forward-to", other.URL,
		"--thin-events", "v1.customer.*,v2.core.event_destination.ping", "--forward-thin-to", thin.URL, "--forward-thin-connect-to", connect.URL)
	b.next()
	id := sh.id("customers", "create")
	sh.must("products", "create", "--name", "x")
	s.Do(servertest.Request{Method: "POST", Path: "/v1/customers", Header: http.Header{"Stripe-Account": {account}}}).OK()
	made := s.Do(servertest.Request{Method: "POST", Path: "/v2/core/event_destinations", ContentType: "application/json", Body: strings.NewReader(
		`{"name": "x", "type": "webhook_endpoint", "event_payload": "thin", "enabled_events": ["*"], "webhook_endpoint": {"url": "https://example.com"}}`)}).OK()
	s.Post("/v2/core/event_destinations/" + made.ID() + "/ping").OK()

	type event struct {
		Type, Object, Context string
		Related               struct{ ID string } `json:"related_object"`
	}
	take := func(e *endpoint) (got event) {
		t.Helper()
		d := <-e.got
		if err := webhook.ValidatePayloadIgnoringTolerance([]byte(d.body), d.header.Get("Stripe-Signature"), secret); err != nil {
			t.Error(err)
		}
		if err := json.Unmarshal([]byte(d.body), &got); err != nil {
			t.Fatal(err)
		}
		return got
	}
	seen := map[string]string{}
	for range 2 {
		got := take(thin)
		seen[got.Type] = got.Object + " " + got.Related.ID
	}
	want := map[string]string{"v1.customer.created": "v2.core.event " + id, "v2.core.event_destination.ping": "v2.core.event " + made.ID()}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("thin events (-want +got):\n%s", diff)
	}
	if got := take(connect); got.Context != account || got.Type != "v1.customer.created" {
		t.Errorf("of the connected account came %+v", got)
	}
	if got := take(other); got.Object != "event" || got.Type != "product.created" {
		t.Errorf("beside came %+v", got)
	}
}

// With --json there is a line for each event and nothing else.
func TestListenJSON(t *testing.T) {
	t.Parallel()
	sh := newShell(t, servertest.New(t))
	b := sh.start("listen", "--json", "--events", "customer.created")
	for {
		sh.must("customers", "create") // until it follows
		select {
		case line := <-b.lines:
			var event struct{ Type string }
			if err := json.Unmarshal([]byte(line), &event); err != nil || event.Type != "customer.created" {
				t.Errorf("%v: %s", err, line)
			}
			return
		default:
		}
	}
}

// An endpoint that is not there is told of, and the listening goes on.
func TestListenWithoutEndpoint(t *testing.T) {
	t.Parallel()
	sh := newShell(t, servertest.New(t))
	sh.fails(cli.ExitUsage, "is no address to forward to", "listen", "--forward-to", "http://")
	sh.fails(cli.ExitUsage, "write Name:Value", "listen", "--headers", "x")
	b := sh.start("listen", "--forward-to", "127.0.0.1:1/hook")
	b.next()
	sh.must("products", "create", "--name", "one")
	if line := b.next(); !strings.Contains(line, "product.created") {
		t.Errorf("shown: %s", line)
	}
	sh.must("products", "create", "--name", "two")
	if line := b.next(); !strings.Contains(line, "product.created") {
		t.Errorf("shown: %s", line)
	}
}

func TestLogsTail(t *testing.T) {
	t.Parallel()
	sh := newShell(t, servertest.New(t))
	b := sh.start("logs", "tail", "--filter-http-method", "POST", "--filter-status-code-type", "4XX")
	if line := b.next(); !strings.Contains(line, "Ready") {
		t.Fatal(line)
	}
	sh.must("customers", "create")
	sh.must("customers", "list")
	sh.fails(cli.ExitFailed, "", "customers", "create", "--email", "none")
	if line := b.next(); !strings.Contains(line, "[400] POST /v1/customers req_") {
		t.Errorf("shown: %s", line)
	}
	if line := b.next(); !strings.Contains(line, "email_invalid Invalid email address: none email") {
		t.Errorf("shown: %s", line)
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	sh := newShell(t, servertest.New(t))
	if out := sh.must("events"); !strings.Contains(out, "There are no events yet") {
		t.Errorf("without events: %s", out)
	}
	customer := sh.id("customers", "create")
	sh.must("products", "create", "--name", "x")
	if out := sh.must("events"); strings.Count(out, "\n") != 2 || !strings.Contains(out, "customer.created  evt_") || !strings.Contains(out, customer) {
		t.Errorf("two events: %s", out)
	}
	out := sh.must("events", "--type", "product.*", "--json")
	var event struct{ ID, Type string }
	if err := json.Unmarshal([]byte(out), &event); err != nil || event.Type != "product.created" || strings.Count(out, "\n") != 1 {
		t.Errorf("%v: %s", err, out)
	}
	if got := sh.id("events", "retrieve", event.ID); got != event.ID {
		t.Errorf("retrieved %s", got)
	}
}

// Who listens makes up for what happened while the server was away.
func TestListenAgain(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	sh := newShell(t, s)
	front := newFront(t, s)
	sh.env["SHARESMART_API_BASE"] = front.URL
	b := sh.start("listen", "--thin-events", "v1.coupon.created")
	b.next()
	sh.must("customers", "create")
	if line := b.next(); !strings.Contains(line, "customer.created") {
		t.Fatal(line)
	}
	front.away.Store(true)
	front.hangUp()
	s.Post("/v1/products", "name", "missed").OK()
	s.Post("/v1/coupons", "percent_off", "10").OK()
	front.away.Store(false)
	for _, want := range []string{" product.created", " coupon.created", " v1.coupon.created"} {
		if line := b.next(); !strings.Contains(line, want) {
			t.Errorf("shown: %s, want %s", line, want)
		}
	}
}
