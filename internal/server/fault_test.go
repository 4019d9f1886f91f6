package server_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/server"
	"sharesmart/internal/servertest"
	"sharesmart/internal/store"
)

func faulty(method, path, fault string, form ...string) servertest.Request {
	return servertest.Request{Method: method, Path: path, Form: form, Header: http.Header{"ShareSmart-Fault": {fault}}}
}

func TestFaultHeader(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	for _, test := range []struct {
		fault  string
		status int
		kind   string
		code   string
		retry  string
		reason string
	}{
		{"500", 500, "api_error", "", "true", ""},
		{"502", 502, "api_error", "", "true", ""},
		{"503", 503, "api_error", "", "true", ""},
		{"504", 504, "api_error", "", "true", ""},
		{"409", 409, "idempotency_error", "idempotency_key_in_use", "true", ""},
		{"lock_timeout", 429, "invalid_request_error", "lock_timeout", "true", ""},
		{"429", 429, "invalid_request_error", "rate_limit", "false", "global-rate"},
		{"delay=1ms,500", 500, "api_error", "", "true", ""},
	} {
		t.Run(test.fault, func(t *testing.T) {
			t.Parallel()
			email := strings.ReplaceAll(test.fault, "=", "-") + "@example.com"
			r := faulty(http.MethodPost, "/v1/customers", test.fault, "email", email)
			r.Header.Set("Idempotency-Key", test.fault)
			a := s.Do(r)
			e := a.Fails(test.status, test.code)
			if e.String("type") != test.kind {
				t.Errorf("type is %q, want %q", e.String("type"), test.kind)
			}
			for name, want := range map[string]string{
				"Stripe-Should-Retry": test.retry, "Stripe-Rate-Limited-Reason": test.reason,
				"ShareSmart-Fault": test.fault, "Original-Request": "", "Idempotent-Replayed": "",
			} {
				if got := a.Header.Get(name); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
			if got := s.Get("/v1/customers", "email", email).IDs(); len(got) != 0 {
				t.Errorf("the struck request made %v", got)
			}
			wantLog(t, s, a.Header.Get("Request-Id"), "PostCustomers", test.status)

			// The retry finds the operation as new, whatever its key.
			delete(r.Header, "ShareSmart-Fault")
			again := s.Do(r)
			again.OK()
			if again.Header.Get("ShareSmart-Fault") != "" || again.Header.Get("Idempotent-Replayed") != "" {
				t.Errorf("the retry's headers are %v", again.Header)
			}
		})
	}
}

func wantLog(t *testing.T, s *servertest.Server, id, operation string, status int) {
	t.Helper()
	for _, e := range logs(t, s) {
		if e.ID == id {
			if e.Operation != operation || e.Status != status {
				t.Errorf("logged as %s %d, want %s %d", e.Operation, e.Status, operation, status)
			}
			return
		}
	}
	t.Errorf("%s is not in the log", id)
}

func logs(t *testing.T, s *servertest.Server) []store.LogEntry {
	t.Helper()
	ns, err := s.Registry.Namespace(s.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	page, err := s.Store.Logs(store.LogQuery{NS: ns.NS, Limit: 1000})
	entries := page.Entries
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func TestFaultDelays(t *testing.T) {
	t.Parallel()
	s := servertest.New(t, servertest.WallClock())
	started := time.Now()
	a := s.Do(faulty(http.MethodPost, "/v1/customers", "delay=40ms"))
	a.OK()
	if took := time.Since(started); took < 40*time.Millisecond {
		t.Errorf("answered after %s", took)
	}
	if a.Header.Get("ShareSmart-Fault") != "delay=40ms" {
		t.Error("the answer does not say that it was delayed")
	}
}

// TestFaultDelayEndsWithItsClient hangs up during a delay that is longer than the test may take.
func TestFaultDelayEndsWithItsClient(t *testing.T) {
	t.Parallel()
	s := servertest.New(t, servertest.WallClock())
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := send(ctx, t, s, "delay=90s", ""); err == nil {
		t.Fatal("the request was answered")
	}
	if err := s.Stop(); err != nil {
		t.Errorf("the server waits for the delay: %v", err)
	}
}

// answered is what a request was answered, if it was.
type answered struct {
	status   int
	replayed bool
}

// send creates a customer on a connection of its own, as a client repeats some requests by itself when a connection
// that it has used before is closed.
func send(ctx context.Context, t *testing.T, s *servertest.Server, fault, key string) (answered, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/v1/customers", strings.NewReader("email=cut%40example.com"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.Key)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if fault != "" {
		r.Header.Set("ShareSmart-Fault", fault)
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	client := &http.Client{Transport: s.Client.Transport.(*http.Transport).Clone()}
	defer client.CloseIdleConnections()
	a, err := client.Do(r)
	if err != nil {
		return answered{}, err
	}
	_, _ = io.Copy(io.Discard, a.Body)
	return answered{a.StatusCode, a.Header.Get("Idempotent-Replayed") == "true"}, a.Body.Close()
}

func TestFaultCuts(t *testing.T) {
	t.Parallel()
	for _, encrypted := range []bool{false, true} {
		for fault, made := range map[string]int{"cut": 0, "cut-after": 1, "delay=1ms,cut": 0, "delay=1ms,cut-after": 1} {
			name := fault
			var options []servertest.Option
			if encrypted {
				name, options = name+" over HTTP/2", append(options, servertest.TLS())
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := servertest.New(t, options...)
				if a, err := send(t.Context(), t, s, fault, "once"); err == nil {
					t.Fatalf("answered with %d", a.status)
				}
				if got := s.Get("/v1/customers").IDs(); len(got) != made {
					t.Errorf("%d customers were made, want %d", len(got), made)
				}
				status := map[int]int{0: 499, 1: 200}[made]
				entries := logs(t, s)
				if last := entries[len(entries)-1]; last.Operation != "PostCustomers" || last.Status != status {
					t.Errorf("logged as %s %d, want PostCustomers %d", last.Operation, last.Status, status)
				}

				// The retry with the same key makes the customer, once.
				a, err := send(t.Context(), t, s, "", "once")
				if err != nil || a.status != http.StatusOK {
					t.Fatalf("the retry: %d, %v", a.status, err)
				}
				if a.replayed != (made == 1) {
					t.Errorf("the retry is a replay: %t", a.replayed)
				}
				if got := s.Get("/v1/customers").IDs(); len(got) != 1 {
					t.Errorf("%d customers after the retry", len(got))
				}
			})
		}
	}
}

// TestFaultCutsErrors cuts what would have been an error: it is logged as the error that it is.
func TestFaultCutsErrors(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/v1/customers/cus_nobody", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{"Authorization": {"Bearer " + s.Key}, "Sharesmart-Fault": {"cut-after"}}
	if a, err := s.Client.Do(r); err == nil {
		_ = a.Body.Close()
		t.Fatalf("answered with %d", a.StatusCode)
	}
	for _, e := range logs(t, s) {
		if e.Operation == "GetCustomersCustomer" && e.Status != http.StatusNotFound {
			t.Errorf("logged as %d", e.Status)
		}
	}
}

// TestFaultOfAnotherProcess makes a rule, and takes it back, behind the edge's back, as another process on the same
// database does: the edge knows within a second.
func TestFaultOfAnotherProcess(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	other := server.New(server.Options{
		Engine: s.Engine, Registry: s.Registry, Store: s.Store, Clock: s.Clock, Faults: billing.Faults{Engine: s.Engine}, Log: slog.New(slog.DiscardHandler),
	})
	status := func() int {
		w := httptest.NewRecorder()
		other.ServeHTTP(w, request(http.MethodGet, "/v1/customers", s.Key))
		return w.Code
	}
	if got := status(); got != http.StatusOK {
		t.Fatalf("answered with %d before there is a rule", got)
	}
	rule := s.Post("/v1/test_helpers/faults", "fault", "503", "times", "0").OK().ID()
	s.Clock.Advance(time.Second)
	if got := status(); got != http.StatusServiceUnavailable {
		t.Errorf("answered with %d a second after the rule was made", got)
	}
	s.Delete("/v1/test_helpers/faults/" + rule).OK()
	s.Clock.Advance(time.Second)
	if got := status(); got != http.StatusOK {
		t.Errorf("answered with %d a second after the rule was taken back", got)
	}
}

func TestFaultHeaderIsRefused(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	e := s.Do(faulty(http.MethodPost, "/v1/customers", "teapot")).Fails(http.StatusBadRequest, "")
	if want := `Invalid ShareSmart-Fault: "teapot" is none of`; !strings.HasPrefix(e.String("message"), want) {
		t.Errorf("message is %q", e.String("message"))
	}
	r := faulty(http.MethodPost, "/v1/customers", "500")
	r.Key = s.Account.LiveSecret.Secret
	s.Do(r).Fails(http.StatusForbidden, "")
	if got := s.Do(servertest.Request{Path: "/v1/customers", Key: r.Key}).IDs(); len(got) != 0 {
		t.Errorf("the refused request made %v", got)
	}
	r.Key = "none"
	s.Do(r).Fails(http.StatusUnauthorized, "")
}
