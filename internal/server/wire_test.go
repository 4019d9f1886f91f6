package server_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/apierr"
	"sharesmart/internal/clock"
	"sharesmart/internal/resource"
	"sharesmart/internal/server"
	"sharesmart/internal/servertest"
	"sharesmart/internal/store"
)

// replaced puts f in the place of the engine.
func replaced(f engineFunc) servertest.Option {
	return servertest.Engine(func(server.Engine) server.Engine { return f })
}

func TestErrorsOnTheWire(t *testing.T) {
	t.Parallel()
	kept := []byte("{\n  \"error\": {\n    \"message\": \"as it was\",\n    \"type\": \"card_error\"\n  }\n}\n")
	for _, test := range []struct {
		name   string
		method string
		answer *resource.Answer
		err    *apierr.Error
		status int
		header map[string]string
		body   string // empty is not compared
	}{
		{
			name: "declined card", method: "POST", status: http.StatusPaymentRequired,
			err: &apierr.Error{Status: http.StatusPaymentRequired, Type: apierr.TypeCard, Code: "card_declined", DeclineCode: "insufficient_funds",
				Message: "Your card has insufficient funds.", Charge: "ch_1", Objects: map[string][]byte{"payment_intent": []byte("{\n  \"id\": \"pi_1\"\n}")}},
			header: map[string]string{"Stripe-Should-Retry": "false", "Original-Request": ""},
			body: `{
  "error": {
    "charge": "ch_1",
    "code": "card_declined",
    "decline_code": "insufficient_funds",
    "doc_url": "URL/docs/errors/card_declined",
    "message": "Your card has insufficient funds.",
    "payment_intent": {
      "id": "pi_1"
    },
    "request_log_url": "URL/dashboard/test/logs/REQUEST?t=1788264000",
    "type": "card_error"
  }
}
`,
		},
		{
			name: "key at work", method: "POST", status: http.StatusConflict,
			err:    &apierr.Error{Status: http.StatusConflict, Type: apierr.TypeIdempotency, Code: "idempotency_key_in_use", Message: "x", Retry: true},
			header: map[string]string{"Stripe-Should-Retry": "true"},
		},
		{
			name: "locked object", method: "GET", status: http.StatusTooManyRequests,
			err:    &apierr.Error{Status: http.StatusTooManyRequests, Type: apierr.TypeInvalid, Code: "lock_timeout", Message: "x", Retry: true},
			header: map[string]string{"Stripe-Should-Retry": "true", "Stripe-Rate-Limited-Reason": ""},
		},
		{
			name: "kept error", method: "POST", status: http.StatusPaymentRequired,
			answer: &resource.Answer{Status: http.StatusPaymentRequired, Body: kept, Original: "req_first", Replayed: true},
			err:    &apierr.Error{Status: http.StatusPaymentRequired, Type: apierr.TypeCard, Message: "another"},
			header: map[string]string{"Original-Request": "req_first", "Idempotent-Replayed": "true", "Stripe-Should-Retry": "false"},
			body:   string(kept),
		},
		{
			name: "first execution", method: "POST", status: http.StatusBadRequest, answer: &resource.Answer{Original: "req_first"},
			err:    apierr.Invalid("", "email", "no"),
			header: map[string]string{"Original-Request": "req_first", "Idempotent-Replayed": ""},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t, replaced(func(context.Context, *resource.Request) (*resource.Answer, error) { return test.answer, test.err }))
			a := s.Do(servertest.Request{Method: test.method, Path: "/v1/customers"})
			if a.Status != test.status {
				t.Errorf("status is %d, want %d", a.Status, test.status)
			}
			for name, want := range test.header {
				if got := a.Header.Get(name); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
			want := strings.NewReplacer("URL", s.URL, "REQUEST", a.Header.Get("Request-Id")).Replace(test.body)
			if diff := cmp.Diff(want, string(a.Body)); want != "" && diff != "" {
				t.Errorf("the body differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOtherContent(t *testing.T) {
	t.Parallel()
	pdf := bytes.Repeat([]byte("%PDF"), 10_000)
	s := servertest.New(t, replaced(func(context.Context, *resource.Request) (*resource.Answer, error) {
		return &resource.Answer{Status: http.StatusOK, ContentType: "application/pdf", Body: pdf}, nil
	}))
	a := s.Get("/v1/quotes/qt_1/pdf")
	if a.Header.Get("Content-Type") != "application/pdf" || !bytes.Equal(a.Body, pdf) {
		t.Errorf("answered %v with %d bytes", a.Header, len(a.Body))
	}
}

// TestBodies shows what of a body reaches the engine.
func TestBodies(t *testing.T) {
	t.Parallel()
	const mb = 1 << 20
	s := servertest.New(t, replaced(func(_ context.Context, r *resource.Request) (*resource.Answer, error) {
		return nil, apierr.Invalid("", "", "%d bytes of %s", len(r.Body), r.ContentType)
	}))
	unknownLength := func(n int) io.Reader { return io.LimitReader(zeros{}, int64(n)) }
	for _, test := range []struct {
		name, method, path, contentType string
		body                            io.Reader
		status                          int
		want                            string
	}{
		{"none", "POST", "/v1/customers", "", nil, 400, "0 bytes of "},
		{"form", "POST", "/v1/customers", "x-form", strings.NewReader("a=b"), 400, "3 bytes of x-form"},
		{"of a delete", "DELETE", "/v1/customers/cus_1", "x-form", strings.NewReader("a=b"), 400, "3 bytes of x-form"},
		{"of a get", "GET", "/v1/customers", "x-form", strings.NewReader("a=b"), 400, "0 bytes of x-form"},
		{"largest", "POST", "/v1/customers", "", bytes.NewReader(make([]byte, mb)), 400, "1048576 bytes of "},
		{"too large", "POST", "/v1/customers", "", bytes.NewReader(make([]byte, mb+1)), 413, "Request body is too large: the limit is 1 MB."},
		{"largest in chunks", "POST", "/v1/customers", "", unknownLength(mb), 400, "1048576 bytes of "},
		{"too large in chunks", "POST", "/v1/customers", "", unknownLength(mb + 1), 413, "Request body is too large: the limit is 1 MB."},
		{"upload", "POST", "/v1/files", "", bytes.NewReader(make([]byte, 20*mb)), 400, "20971520 bytes of "},
		{"too large an upload", "POST", "/v1/files", "", bytes.NewReader(make([]byte, 20*mb+1)), 413, "Request body is too large: the limit is 20 MB."},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := s.Do(servertest.Request{Method: test.method, Path: test.path, Body: test.body, ContentType: test.contentType})
			if got := a.Fails(test.status, "").String("message"); got != test.want {
				t.Errorf("message is %q, want %q", got, test.want)
			}
		})
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestClientLeaves cancels a request at work. It is logged as such, and is no fault of the server.
func TestClientLeaves(t *testing.T) {
	t.Parallel()
	began, id := make(chan struct{}), make(chan string, 1)
	s := servertest.New(t, replaced(func(ctx context.Context, r *resource.Request) (*resource.Answer, error) {
		close(began)
		<-ctx.Done()
		id <- r.ID
		return nil, ctx.Err()
	}))
	ctx, leave := context.WithCancel(t.Context())
	sent, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/v1/customers", nil)
	if err != nil {
		t.Fatal(err)
	}
	sent.Header.Set("Authorization", "Bearer "+s.Key)
	go func() {
		<-began
		leave()
	}()
	if got, err := s.Client.Do(sent); err == nil {
		_ = got.Body.Close()
		t.Fatalf("answered %s", got.Status)
	}
	request := <-id
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	ns, err := s.Registry.Namespace(s.Account.ID, "test")
	if err != nil {
		t.Fatal(err)
	}
	logged := findRequest(t, s.Store, ns.NS, request)
	if logged.Status != 499 {
		t.Errorf("logged %+v", logged)
	}
}

func findRequest(t *testing.T, from store.Store, ns store.NS, id string) store.LogEntry {
	t.Helper()
	seq, _ := clock.LogSeq(id)
	e, err := from.LogEntry(ns, seq)
	if err != nil {
		t.Fatal(err)
	}
	return e
}
