package billing_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/servertest"
	"sharesmart/internal/store"
)

// upstream is somebody else's API. It keeps what it was sent.
type upstream struct {
	*httptest.Server
	mu     sync.Mutex
	bodies []string
	header http.Header
	during func() // runs before it answers /wait
}

func newUpstream(t *testing.T) *upstream {
	t.Helper()
	u := &upstream{}
	u.Server = httptest.NewServer(http.HandlerFunc(u.answer))
	t.Cleanup(u.Close)
	return u
}

func (u *upstream) answer(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	u.mu.Lock()
	u.bodies, u.header = append(u.bodies, string(body)), r.Header
	u.mu.Unlock()
	switch r.URL.Path {
	case "/wait":
		u.during()
	case "/refuse":
		w.WriteHeader(http.StatusUnprocessableEntity)
	case "/hang up":
		panic(http.ErrAbortHandler)
	case "/large":
		_, _ = io.WriteString(w, strings.Repeat("x", 1<<20+1))
	case "/away":
		http.Redirect(w, r, "/refuse", http.StatusTemporaryRedirect)
		return
	}
	w.Header().Set("Set-Cookie", "secret")
	_, _ = io.WriteString(w, `{"got":`+string(body)+`}`)
}

// sent is what arrived so far.
func (u *upstream) sent() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return append([]string(nil), u.bodies...)
}

func TestForward(t *testing.T) {
	t.Parallel()
	s, u := servertest.New(t), newUpstream(t)
	visa := s.Post("/v1/payment_methods", form("type=card card[number]=4242424242424242 card[exp_month]=3 card[exp_year]=2030 card[cvc]=999 billing_details[name]=First+Last")...).OK().ID()
	for _, c := range []struct {
		name         string
		body         string
		replacements string
		sent, shown  string
	}{
		{"all", `{"amount": 10, "paymentMethod": {"number":"","expiryMonth": "", "expiryYear":"","cvc":"","holderName":"" }}`, "card_number card_expiry card_cvc cardholder_name",
			`{"amount": 10, "paymentMethod": {"number":"4242424242424242","expiryMonth": "03", "expiryYear":"2030","cvc":"123","holderName":"First Last" }}`,
			`{"amount": 10, "paymentMethod": {"number":"************4242","expiryMonth": "03", "expiryYear":"2030","cvc":"***","holderName":"First Last" }}`},
		{"only what is asked for", `{"card_number":"","cvv":"","note":""}`, "card_number", `{"card_number":"4242424242424242","cvv":"","note":""}`, `{"card_number":"************4242","cvv":"","note":""}`},
		{"one date", `[{"Exp-Date":"","pan":""}]`, "card_number card_expiry", `[{"Exp-Date":"03/2030","pan":"4242424242424242"}]`, `[{"Exp-Date":"03/2030","pan":"************4242"}]`},
		{"only empty fields", `{"number":"kept","x":{"number":""},"list":["",1.50,null,true]}`, "card_number", `{"number":"kept","x":{"number":"4242424242424242"},"list":["",1.50,null,true]}`, `{"number":"kept","x":{"number":"************4242"},"list":["",1.50,null,true]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			params := []string{"url", u.URL + "/pay", "payment_method", visa, "request[body]", c.body, "request[headers][0][name]", "Authorization", "request[headers][0][value]", "Bearer x",
				"request[headers][1][name]", "Idempotency-Key", "request[headers][1][value]", "abc", "metadata[a]", "b"}
			for r := range strings.FieldsSeq(c.replacements) {
				params = append(params, "replacements[]", r)
			}
			made := s.Post("/v1/forwarding/requests", params...).OK()
			all := u.sent()
			if got := all[len(all)-1]; got != c.sent {
				t.Errorf("sent:\n%s\nwant:\n%s", got, c.sent)
			}
			if u.header.Get("Authorization") != "Bearer x" || u.header.Get("Idempotency-Key") != "abc" || u.header.Get("Content-Type") != "application/json" {
				t.Errorf("the headers are %v", u.header)
			}
			want := map[string]any{
				"object": "forwarding.request", "livemode": false, "payment_method": visa, "url": u.URL + "/pay", "metadata.a": "b", "replacements.0": strings.Fields(c.replacements)[0],
				"request_details.http_method": "POST", "request_details.body": c.shown, "request_details.headers.0.value": "[REDACTED]", "request_details.headers.1.value": "abc",
				"response_details.status": 200, "response_details.body": `{"got":` + strings.ReplaceAll(c.sent, "4242424242424242", "************4242") + `}`,
				"request_context.destination_ip_address": "127.0.0.1", "request_context.destination_duration": 0,
			}
			wantFields(t, made, want)
			kept := s.Get("/v1/forwarding/requests/" + made.ID())
			wantFields(t, kept.OK(), want)
			if text := string(kept.Body); strings.Contains(text, "4242424242424242") || strings.Contains(text, "Bearer") || strings.Contains(text, "secret") {
				t.Errorf("the stored request shows what it should not: %s", text)
			}
		})
	}
	if n := len(s.Get("/v1/forwarding/requests").IDs()); n != 4 {
		t.Errorf("%d requests are listed, want 4", n)
	}
}

func TestForwardFails(t *testing.T) {
	t.Parallel()
	s, u := servertest.New(t), newUpstream(t)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + closed.Addr().String()
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	const rest = " payment_method=pm_card_visa replacements[]=card_number request[body]={\"number\":\"\"}"
	wantFields(t, s.Post("/v1/forwarding/requests", form("url="+u.URL+"/refuse"+rest)...).OK(), map[string]any{"response_details.status": 422})
	wantFields(t, s.Post("/v1/forwarding/requests", form("url="+u.URL+"/away"+rest)...).OK(), map[string]any{"response_details.status": 307})
	asked := len(u.sent())
	bank := s.Post("/v1/payment_methods", form("type=card card[token]=tok_visa")...).OK().ID()
	path := "/v1/forwarding/requests"
	refuse(t, s, []refusal{
		{"nobody there", path, "url=" + nobody + rest, "forwarding_api_upstream_connection_error", "", "failed"},
		{"a private address", path, "url=https://10.0.0.1/x" + rest, "forwarding_api_upstream_connection_error", "url", "not a public one"},
		{"the cloud's own", path, "url=https://169.254.169.254/x" + rest, "forwarding_api_upstream_connection_error", "url", "not a public one"},
		{"no TLS", path, "url=http://example.com/x" + rest, "url_invalid", "url", "HTTPS"},
		{"no address", path, "url=example" + rest, "url_invalid", "url", "Not a valid URL"},
		{"a name in the address", path, "url=https://a:b@example.com" + rest, "url_invalid", "url", "Not a valid URL"},
		{"no such method", path, "url=" + u.URL + " payment_method=pm_none replacements[]=card_number request[body]={}", "resource_missing", "payment_method", "No such PaymentMethod"},
		{"nowhere to put it", path, "url=" + u.URL + " replacements[]=card_cvc request[body]={\"number\":\"\"} payment_method=" + bank, "forwarding_api_invalid_parameter", "replacements", "card_cvc"},
		{"no JSON", path, "url=" + u.URL + " replacements[]=card_number request[body]={\"number\":\"\" payment_method=" + bank, "forwarding_api_invalid_parameter", "request[body]", "JSON"},
		{"a signature", path, "url=" + u.URL + " replacements[]=request_signature request[body]={} payment_method=" + bank, "forwarding_api_invalid_parameter", "replacements", "request_signature"},
		{"another host", path, "url=" + u.URL + " request[headers][0][name]=Host request[headers][0][value]=x" + rest, "forwarding_api_invalid_parameter", "request[headers][0][name]", "cannot be set"},
		{"no header", path, "url=" + u.URL + " request[headers][0][name]=a:b request[headers][0][value]=x" + rest, "forwarding_api_invalid_parameter", "request[headers][0][name]", "Invalid header name"},
	})
	if got := len(u.sent()); got != asked {
		t.Errorf("%d refused requests were sent", got-asked)
	}
	refuse(t, s, []refusal{
		{"it hangs up", path, "url=" + u.URL + "/hang%20up" + rest, "forwarding_api_upstream_connection_error", "", "failed"},
		{"it says too much", path, "url=" + u.URL + "/large" + rest, "forwarding_api_upstream_error", "", "larger than"},
	})
	newest := s.Get("/v1/forwarding/requests", "limit", "1").OK()
	wantFields(t, newest, map[string]any{"data.0.response_details": nil, "data.0.url": u.URL + "/large", "data.0.request_details.body": `{"number":"************4242"}`})
	s.Do(servertest.Request{Method: "POST", Path: path, Key: s.Account.LiveSecret.Secret, Form: form("url=" + u.URL + rest)}).Fails(400, "forwarding_api_inactive")
}

func TestForwardOnce(t *testing.T) {
	t.Parallel()
	s, u := servertest.New(t), newUpstream(t)
	send := func(key, path string) *servertest.Answer {
		return s.Do(servertest.Request{Method: "POST", Path: "/v1/forwarding/requests", Header: http.Header{"Idempotency-Key": {key}},
			Form: form("url=" + u.URL + path + " payment_method=pm_card_visa replacements[]=card_number request[body]={\"number\":\"\"}")})
	}
	first, again := send("one", "/pay"), send("one", "/pay")
	if first.OK().ID() != again.OK().ID() || string(first.Body) != string(again.Body) || again.Header.Get("Idempotent-Replayed") != "true" || len(u.sent()) != 1 {
		t.Errorf("with one key %d requests were sent; the answers are\n%s\n%s", len(u.sent()), first.Body, again.Body)
	}
	if other := send("two", "/pay").OK().ID(); other == first.Object.ID() || len(u.sent()) != 2 {
		t.Errorf("another key makes %s, and %d were sent", other, len(u.sent()))
	}
	lost, again := send("three", "/large"), send("three", "/large")
	lost.Fails(400, "forwarding_api_upstream_error")
	again.Fails(400, "forwarding_api_upstream_error")
	if string(lost.Body) != string(again.Body) || len(u.sent()) != 3 {
		t.Errorf("a failure is told as\n%s\n%s\nafter %d requests", lost.Body, again.Body, len(u.sent()))
	}
	send("one", "/other").Fails(400, "")
}

// TestForwardInterrupted looks at what a key is worth while its request is on its way: a crash then leaves just that.
func TestForwardInterrupted(t *testing.T) {
	t.Parallel()
	s, u := servertest.New(t), newUpstream(t)
	ns, err := s.Registry.Namespace(s.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	send := func() *servertest.Answer {
		return s.Do(servertest.Request{Method: "POST", Path: "/v1/forwarding/requests", Header: http.Header{"Idempotency-Key": {"one"}},
			Form: form("url=" + u.URL + "/wait payment_method=pm_card_visa replacements[]=card_number request[body]={\"number\":\"\"}")})
	}
	var kept store.Answer
	var recorded, second *servertest.Answer
	u.during = func() {
		kept, err = s.Store.Answer(ns.NS, "one")
		recorded = s.Get("/v1/forwarding/requests")
		second = send()
	}
	made := send().OK()
	if err != nil || kept.Status != http.StatusInternalServerError || !strings.Contains(string(kept.Body), "outcome") {
		t.Errorf("meanwhile the key is kept with %d, %s, error %v", kept.Status, kept.Body, err)
	}
	wantFields(t, recorded.OK(), map[string]any{"data.0.id": made.ID(), "data.0.response_details": nil, "data.1": nil})
	second.Fails(409, "idempotency_key_in_use")
	wantFields(t, send().OK(), map[string]any{"id": made.ID(), "response_details.status": 200})
	if n := len(u.sent()); n != 1 {
		t.Errorf("%d requests were sent, want 1", n)
	}
}
