package live_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"
	"github.com/stripe/stripe-go/v85/webhook"

	"sharesmart/internal/servertest"
)

// message is one of either kind.
type message struct {
	Type     string            `json:"type"`
	Payload  string            `json:"event_payload"`
	Headers  map[string]string `json:"http_headers"`
	Endpoint struct {
		APIVersion *string `json:"api_version"`
	} `json:"endpoint"`
}

// client is somebody who follows.
type client struct {
	*websocket.Conn
	t      *testing.T
	token  string
	url    string
	secret string
}

// follow begins a session and connects.
func follow(t *testing.T, s *servertest.Server, form ...string) *client {
	t.Helper()
	made := s.Post("/v1/stripecli/sessions", form...).OK()
	c := &client{t: t, token: made.String("websocket_id"), url: made.String("websocket_url"), secret: made.String("secret")}
	if err := c.connect(); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *client) connect() error {
	conn, _, err := websocket.Dial(c.t.Context(), c.url, &websocket.DialOptions{HTTPHeader: http.Header{"Websocket-Id": {c.token}}}) //nolint:bodyclose // the library says that nobody need close it
	if err != nil {
		return err
	}
	c.Conn = conn
	c.t.Cleanup(func() { _ = conn.CloseNow() })
	return nil
}

func (c *client) next() message {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 10*time.Second)
	defer cancel()
	_, data, err := c.Read(ctx)
	if err != nil {
		c.t.Fatal(err)
	}
	var m message
	if err := json.Unmarshal(data, &m); err != nil {
		c.t.Fatal(err)
	}
	return m
}

// A client hears of events in their order, signed as endpoints are sent them, in both versions; those of connected
// accounts too, and of no others.
func TestEvents(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	c := follow(t, s, "device_name", "laptop", "websocket_features[0]", "webhooks")
	connected := s.Post("/v1/accounts", "type", "custom", "country", "US").OK().ID()
	other := s.Post("/v1/sandboxes", "name", "other").OK()
	s.Do(servertest.Request{Method: "POST", Path: "/v1/customers", Key: other.String("secret_key")}).OK()
	id := s.Post("/v1/customers", "name", "Jenny").OK().ID()
	s.Post("/v1/customers/"+id, "name", "Jane").OK()
	s.Do(servertest.Request{Method: "POST", Path: "/v1/customers", Header: http.Header{"Stripe-Account": {connected}}}).OK()

	var got []string
	for len(got) == 0 || got[len(got)-1] != "customer.created of "+connected {
		m := c.next()
		latest := c.next()
		if m.Endpoint.APIVersion != nil || latest.Endpoint.APIVersion == nil || m.Payload == "" {
			t.Fatalf("each event comes for the account's version and the newest, but came %+v and %+v", m, latest)
		}
		event, err := webhook.ConstructEventWithOptions([]byte(m.Payload), m.Headers["Stripe-Signature"], c.secret,
			webhook.ConstructEventOptions{IgnoreTolerance: true, IgnoreAPIVersionMismatch: true})
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(string(event.Type), "customer.") {
			line := string(event.Type)
			if event.Account != "" {
				line += " of " + event.Account
			}
			got = append(got, line)
		}
	}
	if diff := cmp.Diff([]string{"customer.created", "customer.updated", "customer.created of " + connected}, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// The signing secret stays the same for a device, and is another for another device, mode or account.
func TestSecret(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	secret := func(key, device string) string {
		return s.Do(servertest.Request{Method: "POST", Path: "/v1/stripecli/sessions", Key: key,
			Form: []string{"device_name", device, "websocket_features[0]", "webhooks"}}).OK().String("secret")
	}
	laptop := secret(s.Key, "laptop")
	if secret(s.Key, "laptop") != laptop || len(laptop) != len("whsec_")+64 || !strings.HasPrefix(laptop, "whsec_") {
		t.Errorf("the secret is %q", laptop)
	}
	sandbox := s.Post("/v1/sandboxes", "name", "other").OK().String("secret_key")
	for name, other := range map[string]string{"another device": secret(s.Key, "desktop"), "live mode": secret(s.Account.LiveSecret.Secret, "laptop"), "a sandbox": secret(sandbox, "laptop")} {
		if other == laptop {
			t.Errorf("%s has the same secret", name)
		}
	}
}

// A client hears of the requests that fit its filters.
func TestRequests(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		filters string
		want    []string
	}{
		{`{}`, []string{"GET /v1/customers 200", "POST /v1/customers 200", "POST /v1/customers 400 email_invalid email", "GET /v1/products/none 404 resource_missing id", "GET /v1/balance 200"}},
		{`{"filter_http_method":["POST"]}`, []string{"POST /v1/customers 200", "POST /v1/customers 400 email_invalid email"}},
		{`{"filter_status_code_type":["400"]}`, []string{"POST /v1/customers 400 email_invalid email", "GET /v1/products/none 404 resource_missing id"}},
		{`{"filter_status_code":["404"]}`, []string{"GET /v1/products/none 404 resource_missing id"}},
		{`{"filter_request_status":["SUCCEEDED"],"filter_http_method":["GET"]}`, []string{"GET /v1/customers 200", "GET /v1/balance 200"}},
		{`{"filter_request_path":["/v1/customers"],"filter_request_status":["FAILED"]}`, []string{"POST /v1/customers 400 email_invalid email"}},
		{`{"filter_source":["DASHBOARD"]}`, nil},
		{`{"filter_ip_address":["10.0.0.1"]}`, nil},
		{`{"filter_account":["acct_1Pq0VdAvaShareSm"]}`, nil},
	} {
		t.Run(c.filters, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			f := follow(t, s, "websocket_features[0]", "request_logs", "filters", c.filters)
			all := follow(t, s, "websocket_features[0]", "request_logs")
			s.Get("/v1/customers").OK()
			s.Post("/v1/customers").OK()
			s.Post("/v1/customers", "email", "none").Fails(400, "email_invalid")
			s.Get("/v1/products/none").Fails(404, "resource_missing")
			s.Get("/v1/balance").OK()
			for range 5 {
				all.next()
			}
			var got []string
			for range c.want {
				got = append(got, line(t, f.next()))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func line(t *testing.T, m message) string {
	t.Helper()
	var p struct {
		Method, URL string
		Status      json.Number
		Error       struct{ Code, Param string }
	}
	if err := json.Unmarshal([]byte(m.Payload), &p); err != nil || m.Type != "request_log_event" {
		t.Fatalf("%v: %+v", err, m)
	}
	return strings.TrimSpace(strings.Join([]string{p.Method, p.URL, p.Status.String(), p.Error.Code, p.Error.Param}, " "))
}

// What is no token, or that of a key that has ended, opens nothing; a client hears why in Stripe's words.
func TestTokens(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	c := follow(t, s, "websocket_features[0]", "webhooks")
	good := c.token
	body, signature, _ := strings.Cut(good, ".")
	for name, token := range map[string]string{"none": "", "no token": "x", "another signature": body + ".x", "another body": "e30." + signature} {
		refused(t, s, name, token)
	}
	if _, err := s.Registry.ExpireKey(t.Context(), s.Account.TestSecret.ID); err != nil {
		t.Fatal(err)
	}
	refused(t, s, "of a revoked key", good)
}

func refused(t *testing.T, s *servertest.Server, name, token string) {
	t.Helper()
	a := s.Do(servertest.Request{Path: "/stripecli/socket", Key: "none", Header: http.Header{"Websocket-Id": {token}}, Unchecked: true})
	if a.Status != http.StatusBadRequest || a.Object.Object("error").String("message") != "Unknown WebSocket ID." {
		t.Errorf("a token that is %s: %d %s", name, a.Status, a.Body)
	}
}

func TestBadSessions(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	s.Post("/v1/stripecli/sessions").Fails(400, "parameter_missing")
	s.Post("/v1/stripecli/sessions", "websocket_features[0]", "gossip").Fails(400, "")
	s.Post("/v1/stripecli/sessions", "websocket_features[0]", "request_logs", "filters", `["x"]`).Fails(400, "")
}

// The server ends in time though somebody follows.
func TestStop(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	c := follow(t, s, "websocket_features[0]", "webhooks", "websocket_features[1]", "request_logs")
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Errorf("the connection ended with %v, want status %d", err, websocket.StatusGoingAway)
	}
}
