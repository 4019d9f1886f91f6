package server_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/clock"
	"sharesmart/internal/server"
	"sharesmart/internal/servertest"
	"sharesmart/internal/store"
)

// edge is a server with an edge of its own, which requests reach without a connection, from any address.
type edge struct {
	*servertest.Server
	handler *server.Server
}

func newEdge(t *testing.T, baseURL string, proxies ...string) *edge {
	t.Helper()
	s := servertest.New(t)
	o := server.Options{
		Engine: s.Engine, Shared: s.Engine.SharedFile, Registry: s.Registry, Store: s.Store, Clock: s.Clock, BaseURL: baseURL,
		Pages: map[string]http.Handler{"GET /page": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<p>")) })},
	}
	for _, p := range proxies {
		o.TrustedProxies = append(o.TrustedProxies, netip.MustParsePrefix(p))
	}
	return &edge{s, server.New(o)}
}

// from sends a request from an address; headers are names and values in turn.
func (e *edge) from(address, method, target, key string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(""))
	r.RemoteAddr = address
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	e.handler.ServeHTTP(w, r)
	return w
}

const wrongKey = "sk_test_4eC39HqLyjWDarjtT1zdp7dc"

// TestWrongKeysAreSlowed brings wrong keys from one address until it is told to wait. Right keys open the API from there
// all along, other addresses are not concerned, and what is refused fills no log.
func TestWrongKeysAreSlowed(t *testing.T) {
	t.Parallel()
	e := newEdge(t, "https://localhost")
	try := func(address, key string) int { return e.from(address, http.MethodGet, "/v1/customers", key).Code }
	const there, elsewhere = "192.0.2.1:4000", "192.0.2.2:4000"
	for i := range 60 {
		if got := try(there, wrongKey); got != http.StatusUnauthorized {
			t.Fatalf("try %d: %d", i, got)
		}
		if got := try(there, e.Key); got != http.StatusOK {
			t.Fatalf("the right key after %d wrong ones: %d", i+1, got)
		}
	}
	for address, want := range map[string]int{there: http.StatusTooManyRequests, "192.0.2.1:4001": http.StatusTooManyRequests, elsewhere: http.StatusUnauthorized} {
		if got := try(address, wrongKey); got != want {
			t.Errorf("a wrong key from %s: %d, want %d", address, got, want)
		}
	}
	if got := try(there, e.Key); got != http.StatusOK {
		t.Errorf("the right key while wrong ones are refused: %d", got)
	}
	w := e.from(there, http.MethodGet, "/v1/customers", wrongKey)
	if body := w.Body.String(); !strings.Contains(body, `"code": "rate_limit"`) || strings.Contains(body, "p7dc") {
		t.Errorf("the refusal is %s", body)
	}
	seq, ok := clock.LogSeq(w.Header().Get("Request-Id"))
	if entry, err := e.Store.LogEntry(store.Control, seq); !ok || err == nil {
		t.Errorf("the log has the refusal: %+v", entry)
	}
	e.Clock.Advance(time.Minute)
	if got := try(there, wrongKey); got != http.StatusUnauthorized {
		t.Errorf("a minute later: %d", got)
	}
}

// TestBrowserCallsAreLimited asks for mails with a publishable key, which everybody has, until the address is told to wait.
func TestBrowserCallsAreLimited(t *testing.T) {
	t.Parallel()
	e := newEdge(t, "https://localhost")
	for path, most := range map[string]int{"/v1/installs/ins_1/login_codes": 20, "/v1/installs/ins_1/pair": 60} {
		for i := range most + 1 {
			got := e.from("192.0.2.1:4000", http.MethodPost, path, e.Account.TestPublishable.Secret)
			if limited := got.Code == http.StatusTooManyRequests; limited != (i == most) {
				t.Fatalf("%s, call %d: %d %s", path, i+1, got.Code, got.Body)
			}
		}
		if got := e.from("192.0.2.2:4000", http.MethodPost, path, e.Account.TestPublishable.Secret); got.Code == http.StatusTooManyRequests {
			t.Errorf("%s from elsewhere: %d", path, got.Code)
		}
		if got := e.from("192.0.2.1:4000", http.MethodPost, path, e.Key); got.Code == http.StatusTooManyRequests {
			t.Errorf("%s with a secret key: %d", path, got.Code)
		}
	}
}
