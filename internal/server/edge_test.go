package server_test

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/clock"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/server"
	"sharesmart/internal/servertest"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

func authorization(value string) http.Header { return http.Header{"Authorization": {value}} }

func basic(user string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user))
}

func TestKeysOpenTheAPI(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	for _, test := range []struct{ name, header string }{
		{"bearer", "Bearer " + s.Key},
		{"basic", basic(s.Key + ":")},
		{"basic with a password", basic(s.Key + ":ignored")},
		{"live", "Bearer " + s.Account.LiveSecret.Secret},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s.Do(servertest.Request{Path: "/v1/customers", Header: authorization(test.header)}).OK()
		})
	}
}

func TestKeysThatOpenNothing(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	expired, err := s.Registry.CreateKey(t.Context(), access.KeySpec{})
	if err == nil {
		_, err = s.Registry.ExpireKey(t.Context(), expired.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	const noKey = "You did not provide an API key."
	for _, test := range []struct{ name, header, code, message string }{
		{"none", "", "", noKey},
		{"another scheme", "Digest abc", "", noKey},
		{"broken basic", "Basic ???", "", noKey},
		{"unknown", "Bearer sk_test_4eC39HqLyjWDarjtT1zdp7dc", "", "Invalid API Key provided: sk_test_********************p7dc"},
		{"unknown, basic", basic("sk_test_4eC39HqLyjWDarjtT1zdp7dc:"), "", "Invalid API Key provided: sk_test_********************p7dc"},
		{"no key at all", "Bearer undefined", "", "Invalid API Key provided: *****ined"},
		{"expired", "Bearer " + expired.Secret, "api_key_expired", "Expired API Key provided: " + access.Mask(expired.Secret)},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{}
			if test.header != "" {
				header = authorization(test.header)
			}
			a := s.Do(servertest.Request{Path: "/v1/customers", Header: header, Key: "none"})
			e := a.Fails(http.StatusUnauthorized, test.code)
			if !strings.HasPrefix(e.String("message"), test.message) || e.String("type") != apierr.TypeInvalid {
				t.Errorf("error is %s", a.Body)
			}
			if got := a.Header.Get("Www-Authenticate"); got != `Basic realm="Stripe"` {
				t.Errorf("WWW-Authenticate is %q", got)
			}
			if e.Has("request_log_url") {
				t.Error("who has no key is shown where the log is")
			}
		})
	}
}

func TestPublishableKeys(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	key := s.Account.TestPublishable.Secret
	s.Do(servertest.Request{Path: "/v1/customers", Key: key}).Fails(http.StatusForbidden, "secret_key_required")
	s.Do(servertest.Request{Method: "POST", Path: "/v1/customers", Key: key}).Fails(http.StatusForbidden, "secret_key_required")
	if a := s.Do(servertest.Request{Method: "POST", Path: "/v1/payment_methods", Key: key, Form: []string{"type", "card", "card[token]", "tok_visa"}}); a.Status == http.StatusForbidden {
		t.Errorf("a publishable key cannot make a payment method: %s", a.Body)
	}
}

func TestRestrictedKeys(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	key, err := s.Registry.CreateKey(t.Context(), access.KeySpec{Kind: access.RestrictedKey, Rights: access.Rights{
		"customer": access.Read, "product": access.Write, "invoice": access.Read,
	}})
	if err != nil {
		t.Fatal(err)
	}
	customer := s.Post("/v1/customers").OK().ID()
	for _, test := range []struct {
		method, path string
		missing      string // permission; empty if the key may
	}{
		{"GET", "/v1/customers", ""},
		{"GET", "/v1/customers/" + customer, ""},
		{"POST", "/v1/customers", "rak_customer_write"},
		{"DELETE", "/v1/customers/" + customer, "rak_customer_write"},
		{"POST", "/v1/products", ""},
		{"GET", "/v1/products", ""},
		{"GET", "/v1/charges", "rak_charge_read"},
		{"GET", "/v1/customers/" + customer + "/subscriptions", "rak_subscription_read"},
		{"GET", "/v1/customers/" + customer + "/balance_transactions", ""},
		{"GET", "/v1/invoices/in_1/lines", ""},
		{"GET", "/v1/checkout/sessions", "rak_checkout_session_read"},
		{"GET", "/v1/balance", "rak_balance_read"},
		{"POST", "/v1/invoices/in_1/pay", "rak_invoice_write"},
	} {
		a := s.Do(servertest.Request{Method: test.method, Path: test.path, Key: key.Secret})
		if test.missing == "" {
			if a.Status == http.StatusForbidden {
				t.Errorf("%s %s: the key may not: %s", test.method, test.path, a.Body)
			}
			continue
		}
		e := a.Fails(http.StatusForbidden, "")
		want := "The provided key '" + access.Mask(key.Secret) + "' does not have the required permissions for this endpoint on account '" +
			s.Account.ID + "'. Having the '" + test.missing + "' permission would allow this request to continue."
		if got := e.String("message"); got != want {
			t.Errorf("%s %s: message is\n%s, want\n%s", test.method, test.path, got, want)
		}
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	for _, test := range []struct {
		name string
		sent []string
		want string // empty if refused
	}{
		{"none", nil, spec.Version},
		{"empty", []string{""}, spec.Version},
		{"newest", []string{spec.Version}, spec.Version},
		{"older", []string{"2026-07-29.dahlia"}, "2026-07-29.dahlia"},
		{"a preview", []string{"2025-09-30.preview"}, "2025-09-30.preview"},
		{"the newest preview", []string{"2026-08-26.preview"}, "2026-08-26.preview"},
		{"a preview that never was", []string{"2025-09-29.preview"}, ""},
		{"before there were previews", []string{"2019-12-03.preview"}, ""},
		{"oldest", []string{"2011-01-01"}, "2011-01-01"},
		{"unknown", []string{"2019-2-19"}, ""},
		{"future", []string{"2099-01-01"}, ""},
		{"two", []string{"2019-12-03", "2019-12-03"}, ""},
		{"long", []string{strings.Repeat("9", 5000)}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := s.Do(servertest.Request{Path: "/v1/customers", Header: http.Header{"Stripe-Version": test.sent}, Unchecked: true})
			if test.want != "" {
				a.OK()
			} else if e := a.Fails(http.StatusBadRequest, ""); !strings.HasPrefix(e.String("message"), "Invalid Stripe API version: "+strings.Join(test.sent, ", ")[:9]) || len(a.Body) > 1000 {
				t.Errorf("error is %s", a.Body)
			}
			want := test.want
			if want == "" {
				want = spec.Version
			}
			if got := a.Header.Get("Stripe-Version"); got != want {
				t.Errorf("Stripe-Version is %q, want %q", got, want)
			}
		})
	}
}

func TestConnectedAccounts(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	connected := s.Post("/v1/accounts", "type", "custom").OK().ID()
	as := http.Header{"Stripe-Account": {connected}}
	a := s.Do(servertest.Request{Method: "POST", Path: "/v1/customers", Header: as})
	id := a.OK().ID()
	if got := a.Header.Get("Stripe-Account"); got != connected {
		t.Errorf("Stripe-Account is %q, want %q", got, connected)
	}
	s.Do(servertest.Request{Path: "/v1/customers/" + id, Header: as}).OK()
	s.Get("/v1/customers/"+id).Fails(http.StatusNotFound, "resource_missing")
	s.Do(servertest.Request{Path: "/v1/customers", Header: http.Header{"Stripe-Account": {"acct_none"}}}).Fails(http.StatusForbidden, "account_invalid")
	s.Do(servertest.Request{Path: "/v1/customers", Header: http.Header{"Stripe-Account": {s.Account.ID}}}).OK()
	s.Do(servertest.Request{Path: "/v1/customers", Header: http.Header{"Stripe-Account": {""}}}).OK()
	for at, status := range map[string]int{
		connected: http.StatusOK, s.Account.ID + "/" + connected: http.StatusOK, s.Account.ID: http.StatusNotFound, "": http.StatusNotFound,
		"acct_none": http.StatusForbidden, connected + "/acct_none": http.StatusForbidden, connected + "/" + s.Account.ID: http.StatusForbidden,
	} {
		for _, other := range []string{"", s.Account.ID} {
			a := s.Do(servertest.Request{Path: "/v1/customers/" + id, Header: http.Header{"Stripe-Context": {at}, "Stripe-Account": {other}}, Unchecked: true})
			if a.Status != status {
				t.Errorf("in the context %q, with the account %q: status %d, want %d", at, other, a.Status, status)
			}
		}
	}
}

func TestTestAndLiveAreApart(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	id := s.Post("/v1/customers").OK().ID()
	a := s.Do(servertest.Request{Path: "/v1/customers/" + id, Key: s.Account.LiveSecret.Secret})
	e := a.Fails(http.StatusNotFound, "resource_missing")
	if !strings.Contains(e.String("message"), "a similar object exists in test mode") {
		t.Errorf("message is %q", e.String("message"))
	}
	url := e.String("request_log_url")
	want := s.URL + "/dashboard/logs/" + a.Header.Get("Request-Id") + "?t=" + strconv.FormatInt(servertest.Start.Unix(), 10)
	if url != want {
		t.Errorf("request_log_url is %q, want %q", url, want)
	}
}

func TestUnknownURLs(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	const slash = "If you are trying to list objects, remove the trailing slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code. "
	const help = "Please see https://stripe.com/docs or we can help at https://support.stripe.com/."
	for _, test := range []struct{ method, path, want string }{
		{"GET", "/v1/nothing", "Unrecognized request URL (GET: /v1/nothing). " + help},
		{"GET", "/", "Unrecognized request URL (GET: /). " + help},
		{"GET", "/v1/customers/", "Unrecognized request URL (GET: /v1/customers/). " + slash + help},
		{"PUT", "/v1/customers", "Unrecognized request URL (PUT: /v1/customers). " + help},
		{"DELETE", "/v1/customers", "Unrecognized request URL (DELETE: /v1/customers). " + help},
		{"GET", "/v2/nothing", "Unrecognized request URL (GET: /v2/nothing). " + help},
	} {
		a := s.Do(servertest.Request{Method: test.method, Path: test.path})
		if e := a.Fails(http.StatusNotFound, ""); e.String("message") != test.want {
			t.Errorf("%s %s: message is %q, want %q", test.method, test.path, e.String("message"), test.want)
		}
		s.Do(servertest.Request{Method: test.method, Path: test.path, Key: "none"}).Fails(http.StatusUnauthorized, "")
	}
}

// commonHeaders are on every answer.
var commonHeaders = map[string]string{
	"Content-Type":                     "application/json",
	"Cache-Control":                    "no-cache, no-store",
	"Stripe-Version":                   spec.Version,
	"Access-Control-Allow-Origin":      "*",
	"Access-Control-Allow-Methods":     "GET, HEAD, PUT, PATCH, POST, DELETE",
	"Access-Control-Allow-Credentials": "true",
	"Access-Control-Max-Age":           "300",
	"Access-Control-Expose-Headers":    "Request-Id, Stripe-Manage-Version, Stripe-Should-Retry, X-Stripe-External-Auth-Required, X-Stripe-Privileged-Session-Required",
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	retry := http.Header{"Idempotency-Key": {"once"}}
	seen := map[string]bool{}
	for _, test := range []struct {
		name string
		r    servertest.Request
		want map[string]string // beside the common ones; empty is absent
	}{
		{"get", servertest.Request{Path: "/v1/customers"}, map[string]string{"Stripe-Should-Retry": "", "Idempotency-Key": "", "Original-Request": "", "Www-Authenticate": ""}},
		{"get with a key", servertest.Request{Path: "/v1/customers", Header: retry}, map[string]string{"Idempotency-Key": "", "Original-Request": ""}},
		{"post", servertest.Request{Method: "POST", Path: "/v1/customers"}, map[string]string{"Stripe-Should-Retry": "false", "Idempotency-Key": "", "Original-Request": ""}},
		{"first post", servertest.Request{Method: "POST", Path: "/v1/products", Header: retry, Form: []string{"name", "a"}}, map[string]string{"Idempotency-Key": "once", "Idempotent-Replayed": "", "Stripe-Should-Retry": "false"}},
		{"replayed post", servertest.Request{Method: "POST", Path: "/v1/products", Header: retry, Form: []string{"name", "a"}}, map[string]string{"Idempotency-Key": "once", "Idempotent-Replayed": "true"}},
		{"no such object", servertest.Request{Path: "/v1/customers/cus_none"}, map[string]string{"Stripe-Should-Retry": ""}},
		{"bad post", servertest.Request{Method: "POST", Path: "/v1/customers", Form: []string{"nonsense", "1"}}, map[string]string{"Stripe-Should-Retry": "false"}},
		{"no key", servertest.Request{Path: "/v1/customers", Key: "none"}, map[string]string{"Www-Authenticate": `Basic realm="Stripe"`}},
		{"unknown URL", servertest.Request{Path: "/v1/nothing"}, nil},
	} {
		a := s.Do(test.r)
		id := a.Header.Get("Request-Id")
		if !strings.HasPrefix(id, "req_") || len(id) != 18 || seen[id] {
			t.Errorf("%s: Request-Id is %q", test.name, id)
		}
		seen[id] = true
		for _, want := range []map[string]string{commonHeaders, test.want} {
			for name, value := range want {
				if got := a.Header.Get(name); got != value {
					t.Errorf("%s: %s is %q, want %q", test.name, name, got, value)
				}
			}
		}
		if got := a.Header.Get("Content-Length"); got != strconv.Itoa(len(a.Body)) {
			t.Errorf("%s: Content-Length is %q for %d bytes", test.name, got, len(a.Body))
		}
	}
}

func TestOriginalRequest(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	post := func() *servertest.Answer {
		return s.Do(servertest.Request{Method: "POST", Path: "/v1/customers", Header: http.Header{"Idempotency-Key": {"k"}}})
	}
	first, second := post(), post()
	id := first.Header.Get("Request-Id")
	if first.Header.Get("Original-Request") != id || second.Header.Get("Original-Request") != id || second.Header.Get("Request-Id") == id {
		t.Errorf("first answered %v, replay answered %v", first.Header, second.Header)
	}
	if !slices.Equal(first.Body, second.Body) {
		t.Errorf("the replay differs:\n%s\n%s", first.Body, second.Body)
	}
}

func TestPreflight(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	a := s.Do(servertest.Request{Method: "OPTIONS", Path: "/v1/tokens", Key: "none", Unchecked: true, Header: http.Header{
		"Origin": {"https://shop.example"}, "Access-Control-Request-Method": {"POST"}, "Access-Control-Request-Headers": {"authorization,stripe-version"},
	}})
	if a.Status != http.StatusOK || len(a.Body) > 0 {
		t.Errorf("the answer is %d %q", a.Status, a.Body)
	}
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "authorization,stripe-version",
		"Access-Control-Allow-Methods": "GET, HEAD, PUT, PATCH, POST, DELETE", "Access-Control-Max-Age": "300",
	} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestHead(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	id := s.Post("/v1/customers").OK().ID()
	got := s.Get("/v1/customers/" + id)
	head := s.Do(servertest.Request{Method: "HEAD", Path: "/v1/customers/" + id})
	if head.Status != http.StatusOK || len(head.Body) > 0 || head.Header.Get("Content-Length") != strconv.Itoa(len(got.Body)) {
		t.Errorf("HEAD answers %d with %d bytes, announces %s; GET has %d", head.Status, len(head.Body), head.Header.Get("Content-Length"), len(got.Body))
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	s := servertest.New(t, servertest.RateLimit(3))
	for range 3 {
		s.Get("/v1/customers").OK()
	}
	a := s.Get("/v1/customers")
	a.Fails(http.StatusTooManyRequests, "rate_limit")
	if got := a.Header.Get("Stripe-Rate-Limited-Reason"); got != "global-rate" {
		t.Errorf("Stripe-Rate-Limited-Reason is %q", got)
	}
	s.Do(servertest.Request{Path: "/v1/customers", Key: s.Account.LiveSecret.Secret}).OK()
	s.Clock.Advance(time.Second)
	s.Get("/v1/customers").OK()
}

// engineFunc is an engine that does just this.
type engineFunc func(ctx context.Context, r *resource.Request) (*resource.Answer, error)

func (f engineFunc) Serve(ctx context.Context, r *resource.Request) (*resource.Answer, error) {
	return f(ctx, r)
}

// Fetch finds nothing.
func (f engineFunc) Fetch(context.Context, *access.Namespace, *access.Namespace) func(string, ...string) ([]byte, error) {
	return func(string, ...string) ([]byte, error) { return nil, nil }
}

func (f engineFunc) Call(context.Context, *access.Namespace, func(*resource.Op) error) (*object.Object, error) {
	return nil, errors.New("no rule runs here")
}

func TestFaultsOfOurs(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		fail    engineFunc
		status  int
		code    string
		logged  string
		message string
	}{
		{"error", func(context.Context, *resource.Request) (*resource.Answer, error) {
			return nil, errors.New("the disk is full")
		},
			http.StatusInternalServerError, "", "the disk is full", "An unknown error occurred."},
		{"panic", func(context.Context, *resource.Request) (*resource.Answer, error) { panic("a nil map") },
			http.StatusInternalServerError, "", "a nil map", "An unknown error occurred."},
		{"rule not written", func(_ context.Context, r *resource.Request) (*resource.Answer, error) {
			return nil, apierr.NotImplemented(r.Op.Method + " " + r.Op.Path)
		}, http.StatusNotImplemented, "not_implemented", "", "GET /v1/customers is not implemented by this server yet."},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var log strings.Builder
			s := servertest.New(t, servertest.Log(&log), servertest.Engine(func(server.Engine) server.Engine { return test.fail }))
			for range 2 { // the connection survives
				e := s.Get("/v1/customers").Fails(test.status, test.code)
				if e.String("type") != apierr.TypeAPI || e.String("message") != test.message {
					t.Errorf("error is %v", e)
				}
			}
			if !strings.Contains(log.String(), test.logged) || (log.Len() > 0) != (test.logged != "") {
				t.Errorf("the log has %q, want %q in it", log.String(), test.logged)
			}
			if test.name == "panic" && !strings.Contains(log.String(), "edge_test.go") {
				t.Error("the log of a panic has no stack")
			}
		})
	}
}

func TestRequestLog(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	ns, err := s.Registry.Namespace(s.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	a := s.Do(servertest.Request{
		Method: "POST", Path: "/v1/customers", Form: []string{"email", "jenny@example.com", "description", s.Account.LiveSecret.Secret},
		Header: http.Header{"User-Agent": {"Stripe/v1 GoBindings"}, "Idempotency-Key": {"k1"}, "Stripe-Version": {"2026-07-29.dahlia"}},
	})
	customer := a.OK().ID()
	got := entry(t, s, ns.NS, a)
	if len(got.Events) != 1 {
		t.Errorf("the entry names the events %v, want one", got.Events)
	}
	got.Events = nil
	want := store.LogEntry{
		NS: ns.NS, Seq: got.Seq, ID: a.Header.Get("Request-Id"), Time: servertest.Start.UnixMicro(), Method: "POST", Path: "/v1/customers",
		Params: "email=jenny%40example.com&description=" + s.Account.LiveSecret.Masked, Status: 200, Operation: "PostCustomers",
		KeyID: s.Account.TestSecret.ID, IP: "127.0.0.1", UserAgent: "Stripe/v1 GoBindings", Version: "2026-07-29.dahlia",
		Idempotency: "k1", ObjectID: customer, ObjectVersion: 1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the entry differs (-want +got):\n%s", diff)
	}

	a = s.Get("/v1/customers/cus_none", "expand[]", "pi_1FWqvi_secret_2eZvKYlo2C")
	got = entry(t, s, ns.NS, a)
	if got.Status != a.Status || got.ErrorCode == "" || got.Answer != string(a.Body) || got.Query == "" || strings.Contains(got.Query, "pi_1FWqvi_secret_2eZvKYlo2C") {
		t.Errorf("the entry of an error is %+v", got)
	}

	a = s.Do(servertest.Request{Method: "POST", Path: "/v1/tokens", Form: []string{"card[number]", "4242424242424242", "card[cvc]", "123"}})
	if got := entry(t, s, ns.NS, a); strings.Contains(got.Params, "4242424242424242") || strings.Contains(got.Params, "123") {
		t.Errorf("the entry has a card number: %q", got.Params)
	}

	a = s.Do(servertest.Request{Path: "/v1/customers", Key: "sk_test_4eC39HqLyjWDarjtT1zdp7dc"})
	if got := entry(t, s, store.Control, a); got.Status != http.StatusUnauthorized || got.KeyID != "" || strings.Contains(got.Answer, "4eC39") {
		t.Errorf("the entry of a failed authentication is %+v", got)
	}
}

// entry finds the log entry of an answer by the id in its header.
func entry(t *testing.T, s *servertest.Server, ns store.NS, a *servertest.Answer) store.LogEntry {
	t.Helper()
	id := a.Header.Get("Request-Id")
	seq, ok := clock.LogSeq(id)
	if !ok {
		t.Fatalf("%q carries no place in the log", id)
	}
	e, err := s.Store.LogEntry(ns, seq)
	if err != nil || e.ID != id {
		t.Fatalf("the log entry at %d is %+v, %v; want that of %s", seq, e, err, id)
	}
	return e
}

func TestMockManners(t *testing.T) {
	t.Parallel()
	s := servertest.New(t, servertest.Mock())
	for _, r := range []servertest.Request{
		{Path: "/", Unchecked: true, Key: "none"},
		{Path: "/v1/customers", Key: "sk_test_123"},
		{Path: "/v1/customers", Key: "anything", Header: http.Header{"Stripe-Version": {"1999-01-01"}}},
		{Path: "//v1//customers", Key: "sk_test_123", Unchecked: true},
		{Path: "/v1/customers", Key: "sk_test_123", Header: http.Header{"Stripe-Account": {"acct_123"}}},
	} {
		a := s.Do(r)
		a.OK()
		if got := a.Header.Get("Stripe-Mock-Version"); got != "0.203.0" {
			t.Errorf("%s: Stripe-Mock-Version is %q", r.Path, got)
		}
	}
	a := s.Do(servertest.Request{Path: "/v1/customers", Key: "none"})
	a.Fails(http.StatusUnauthorized, "")
	if a.Header.Get("Stripe-Mock-Version") == "" {
		t.Error("an error has no Stripe-Mock-Version")
	}
}
