package checkout_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
	"sharesmart/internal/web/checkout"
)

// shop is a server with an intent whose customer has to act, and rules for what the customer does that only write the
// status.
type shop struct {
	*servertest.Server
	pages     http.Handler
	log       bytes.Buffer
	attempt   string
	returnURL string
	kind      string
	intent    *object.Object
	declined  bool
	broken    error
	used      bool
	place     string
}

func newShop(t *testing.T, returnURL string) *shop {
	t.Helper()
	return shopWith(t, servertest.New(t), returnURL, "payment_intent", "/v1/payment_intents", "amount", "2000", "currency", "usd", "description", "<b>Tea</b>")
}

func shopWith(t *testing.T, server *servertest.Server, returnURL, kind, path string, form ...string) *shop {
	t.Helper()
	s := &shop{Server: server, attempt: "payatt_1", returnURL: returnURL, kind: kind}
	if kind != "source" {
		form = append(form, "payment_method_types[]", "card")
	}
	s.intent = s.Post(path, form...).OK()
	s.place = placeOf(t, server)
	s.pages = checkout.New(checkout.Options{
		Engine: s.Engine, Log: slog.New(slog.NewTextHandler(&s.log, nil)),
		Describe: s.describe, Authenticate: s.authenticate,
		ReturnURL: func(*resource.Op, *object.Object) (string, error) { return s.returnURL, nil },
	})
	return s
}

// placeOf is how an address names the namespace of the server's key.
func placeOf(t *testing.T, s *servertest.Server) (place string) {
	t.Helper()
	grant, err := s.Registry.Authenticate(s.Key)
	if err == nil {
		_, err = s.Engine.Call(t.Context(), grant.Namespace, func(op *resource.Op) error {
			place = op.Place()
			return nil
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	return place
}

func (s *shop) describe(op *resource.Op, attempt, clientSecret string) (*object.Object, error) {
	if s.broken != nil {
		return nil, s.broken
	}
	intent, err := op.Find(s.kind, s.intent.ID())
	if err != nil {
		return nil, err
	}
	if attempt != s.attempt || s.used || intent.String("client_secret") != clientSecret {
		return nil, apierr.Missing("attempt", attempt, "attempt")
	}
	return intent, nil
}

func (s *shop) authenticate(op *resource.Op, attempt, clientSecret, outcome string) (*object.Object, error) {
	intent, err := s.describe(op, attempt, clientSecret)
	if err != nil {
		return nil, err
	}
	s.used = true
	intent.Set("status", "requires_payment_method")
	if outcome == "succeeded" && !s.declined {
		intent.Set("status", "succeeded")
	}
	op.Save(intent)
	return intent, nil
}

func (s *shop) address() string {
	return checkout.Prefix + s.attempt + "?client_secret=" + url.QueryEscape(s.intent.String("client_secret")) + "&in=" + s.place
}

func (s *shop) do(method, address string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, address, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	s.pages.ServeHTTP(w, r)
	return w
}

func wantPage(t *testing.T, a *httptest.ResponseRecorder, status int, parts ...string) string {
	t.Helper()
	text := a.Body.String()
	if a.Code != status {
		t.Errorf("status %d, want %d", a.Code, status)
	}
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("the page has no %q:\n%s", part, text)
		}
	}
	for name, want := range map[string]string{
		"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "X-Frame-Options": "",
		"Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'",
	} {
		if got := a.Header().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	return text
}

func TestChallengeShows(t *testing.T) {
	t.Parallel()
	s := newShop(t, "https://shop.example/done")
	text := wantPage(t, s.do("GET", s.address(), nil), 200, "<h1>Authorise this payment</h1>", "$20.00", "&lt;b&gt;Tea&lt;/b&gt;", "TEST",
		`name="outcome" value="succeeded"`, `name="outcome" value="failed"`, `name="outcome" value="canceled"`)
	text = strings.Replace(text, `<script src="/authenticate/static/escape.js"></script>`, "", 1)
	if strings.Contains(text, "<script") || strings.Contains(text, "<b>Tea") || strings.Contains(text, "_secret_") {
		t.Errorf("the page runs, or tells, what it should not:\n%s", text)
	}
	if got := s.Get("/v1/payment_intents/" + s.intent.ID()).OK().String("status"); got != s.intent.String("status") {
		t.Errorf("to look at the page makes the intent %s", got)
	}
	if a := s.do("HEAD", s.address(), nil); a.Code != 200 || s.log.Len() > 0 {
		t.Errorf("HEAD: %d, %s", a.Code, s.log.String())
	}
}

func TestChallengeLeadsBack(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, outcome, back string
		declined            bool
		status              string
		want                string // of the address, before what became of it
	}{
		{"complete", "succeeded", "https://shop.example/done", false, "succeeded", "https://shop.example/done?"},
		{"with a query and a fragment", "succeeded", "https://shop.example/done?order=1&a=%20b#top", false, "succeeded", "https://shop.example/done?order=1&a=%20b&"},
		{"app", "succeeded", "shopapp://paid", false, "succeeded", "shopapp://paid?"},
		{"fail", "failed", "https://shop.example/done", false, "failed", "https://shop.example/done?"},
		{"cancel", "canceled", "https://shop.example/done", false, "failed", "https://shop.example/done?"},
		{"declined", "succeeded", "https://shop.example/done", true, "failed", "https://shop.example/done?"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, test.back)
			s.declined = test.declined
			a := s.do("POST", s.address(), url.Values{"outcome": {test.outcome}})
			want := test.want + "payment_intent=" + s.intent.ID() + "&payment_intent_client_secret=" + s.intent.String("client_secret") + "&redirect_status=" + test.status
			if _, fragment, ok := strings.Cut(test.back, "#"); ok {
				want += "#" + fragment
			}
			if got := a.Header().Get("Location"); a.Code != http.StatusSeeOther || got != want {
				t.Errorf("%d to %s\nwant 303 to %s", a.Code, got, want)
			}
			kept := map[string]string{"succeeded": "succeeded", "failed": "requires_payment_method"}[test.status]
			if got := s.Get("/v1/payment_intents/" + s.intent.ID()).OK().String("status"); got != kept {
				t.Errorf("the intent is %s, want %s", got, kept)
			}
			wantPage(t, s.do("POST", s.address(), url.Values{"outcome": {"succeeded"}}), 404, "There is nothing left to do here")
			wantPage(t, s.do("GET", s.address(), nil), 404, "There is nothing left to do here")
		})
	}
}

func TestChallengeCloses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		outcome, back string
		declined      bool
		status, title string
	}{
		{"succeeded", "", false, "succeeded", "Thank you"},
		{"succeeded", "", true, "failed", "The payment was declined"},
		{"failed", "", false, "failed", "This was not confirmed"},
		{"canceled", "", false, "failed", "You turned back"},
		{"succeeded", "javascript:alert(1)", false, "succeeded", "Thank you"},
		{"succeeded", "JavaScript:alert(1)", false, "succeeded", "Thank you"},
		{"succeeded", "data:text/html,x", false, "succeeded", "Thank you"},
		{"succeeded", "/relative", false, "succeeded", "Thank you"},
	} {
		s := newShop(t, test.back)
		s.declined = test.declined
		wantPage(t, s.do("POST", s.address(), url.Values{"outcome": {test.outcome}}), 200, "<h1>"+test.title+"</h1>",
			`data-object="payment_intent"`, `data-id="`+s.intent.ID()+`"`, `data-status="`+test.status+`"`, `src="/authenticate/static/close.js"`)
	}
}

func TestChallengeOfASetup(t *testing.T) {
	t.Parallel()
	s := shopWith(t, servertest.New(t), "https://shop.example/done", "setup_intent", "/v1/setup_intents")
	if text := wantPage(t, s.do("GET", s.address(), nil), 200, "<h1>Allow later payments</h1>"); strings.Contains(text, "Amount") {
		t.Errorf("nothing is paid, and yet there is an amount:\n%s", text)
	}
	a := s.do("POST", s.address(), url.Values{"outcome": {"succeeded"}})
	want := "https://shop.example/done?setup_intent=" + s.intent.ID() + "&setup_intent_client_secret=" + s.intent.String("client_secret") + "&redirect_status=succeeded"
	if got := a.Header().Get("Location"); got != want {
		t.Errorf("leads to %s, want %s", got, want)
	}
}

func TestChallengeOfASource(t *testing.T) {
	t.Parallel()
	s := shopWith(t, servertest.New(t), "https://shop.example/done", "source", "/v1/sources", "type", "ideal", "amount", "1000", "currency", "eur", "redirect[return_url]", "https://shop.example/done")
	s.attempt = s.intent.ID()
	address := checkout.SourcePrefix + s.attempt + "?client_secret=" + s.intent.String("client_secret") + "&in=" + s.place
	wantPage(t, s.do("GET", address, nil), 200, "<h1>Authorise this payment</h1>", "€10.00", "iDEAL")
	want := "https://shop.example/done?source=" + s.intent.ID() + "&livemode=false&client_secret=" + s.intent.String("client_secret") + "&redirect_status=succeeded"
	if got := s.do("POST", address, url.Values{"outcome": {"succeeded"}}).Header().Get("Location"); got != want {
		t.Errorf("leads to %s, want %s", got, want)
	}
}

func TestChallengeRefuses(t *testing.T) {
	t.Parallel()
	s := newShop(t, "")
	secret, in := s.intent.String("client_secret"), "&in="+s.place
	for _, address := range []string{
		checkout.Prefix, checkout.Prefix + s.attempt, checkout.Prefix + "payatt_2?client_secret=" + secret + in, checkout.Prefix + s.attempt + "?client_secret=" + secret + "x" + in,
		checkout.Prefix + s.attempt + "?client_secret=pi_nobody_secret_x" + in, checkout.Prefix + s.attempt + "?client_secret=" + strings.Repeat("x", 5000) + in,
		checkout.Prefix + strings.Repeat("x", 5000) + "?client_secret=" + secret + in, checkout.Prefix + "../" + s.attempt + "?client_secret=" + secret + in,
		checkout.Prefix + s.attempt + "?client_secret=" + secret, checkout.Prefix + s.attempt + "?client_secret=" + secret + "&in=zzz",
		checkout.Prefix + s.attempt + "?client_secret=" + secret + "&in=0", checkout.Prefix + s.attempt + "?client_secret=" + secret + "&in=" + strings.Repeat("1", 300),
	} {
		wantPage(t, s.do("GET", address, nil), 404, "There is nothing left to do here")
		wantPage(t, s.do("POST", address, url.Values{"outcome": {"succeeded"}}), 404, "There is nothing left to do here")
	}
	for _, form := range []url.Values{nil, {"outcome": {""}}, {"outcome": {"other"}}, {"outcome": {strings.Repeat("x", 8<<10)}}} {
		wantPage(t, s.do("POST", s.address(), form), 400, "Nothing was chosen")
	}
	wantPage(t, s.do("DELETE", s.address(), nil), 405, "This page cannot do that")
	wantPage(t, s.do("DELETE", checkout.Prefix+"static/close.js", nil), 405, "This page cannot do that")
	if s.used || s.log.Len() > 0 {
		t.Errorf("the attempt was used: %t, and the log is %s", s.used, s.log.String())
	}
}

// TestChallengeFails has a fault of ours, which is told to the log and not to the customer.
func TestChallengeFails(t *testing.T) {
	t.Parallel()
	s := newShop(t, "")
	s.broken = io.ErrUnexpectedEOF
	if text := wantPage(t, s.do("GET", s.address(), nil), 500, "This did not work"); strings.Contains(text, "EOF") {
		t.Error("the page tells of the fault")
	}
	wantPage(t, s.do("POST", s.address(), url.Values{"outcome": {"succeeded"}}), 500, "This did not work")
	if !strings.Contains(s.log.String(), "unexpected EOF") {
		t.Errorf("the log is %s", s.log.String())
	}
}

// TestChallengeFindsTheSandbox has an intent in a sandbox, and one in live mode, which has no such page.
func TestChallengeFindsTheSandbox(t *testing.T) {
	t.Parallel()
	server := servertest.New(t)
	test := server.Key
	server.Key = server.Post("/v1/sandboxes").OK().String("secret_key")
	s := shopWith(t, server, "", "payment_intent", "/v1/payment_intents", "amount", "2000", "currency", "eur")
	wantPage(t, s.do("GET", s.address(), nil), 200, "€20.00")
	server.Key = server.Account.LiveSecret.Secret
	live := shopWith(t, server, "", "payment_intent", "/v1/payment_intents", "amount", "2000", "currency", "eur")
	wantPage(t, live.do("GET", live.address(), nil), 404, "There is nothing left to do here")
	server.Key = test
}

func TestAssets(t *testing.T) {
	t.Parallel()
	s := newShop(t, "")
	for path, want := range map[string][2]string{
		"static/checkout.css": {"text/css; charset=utf-8", "--accent"}, "static/close.js": {"text/javascript; charset=utf-8", "postMessage"},
		"static/escape.js": {"text/javascript; charset=utf-8", "Escape"},
	} {
		a := s.do("GET", checkout.Prefix+path, nil)
		if text := a.Body.String(); a.Code != 200 || a.Header().Get("Content-Type") != want[0] || !strings.Contains(text, want[1]) {
			t.Errorf("%s: %d %s\n%s", path, a.Code, a.Header().Get("Content-Type"), text)
		}
	}
}
