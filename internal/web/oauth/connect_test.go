package oauth_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v85"
	official "github.com/stripe/stripe-go/v85/oauth"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

// seller is a browser at the page.
type seller struct {
	t       *testing.T
	address string
}

// reply is what an address answers.
type reply struct {
	StatusCode int
	to         *url.URL // where it leads; nil for nowhere
}

// visit opens an address of the page, or sends its form there, and follows nothing.
func (b seller) visit(path string, query, form url.Values) (reply, string) {
	b.t.Helper()
	method, body := http.MethodGet, ""
	if form != nil {
		method, body = http.MethodPost, form.Encode()
	}
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.address+path+"?"+query.Encode(), strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	page, err := io.ReadAll(got.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	to, _ := got.Location() // a page leads nowhere
	return reply{got.StatusCode, to}, string(page)
}

// led is where the platform's page is led to, with what it is told.
func (b seller) led(got reply) url.Values {
	b.t.Helper()
	if got.StatusCode != http.StatusSeeOther || got.to == nil || got.to.Host != "shop.example.com" {
		b.t.Fatalf("led to %v with %d", got.to, got.StatusCode)
	}
	return got.to.Query()
}

func linkOf(client string, pairs ...string) url.Values {
	q := url.Values{"response_type": {"code"}, "client_id": {client}, "scope": {"read_write"}, "redirect_uri": {"https://shop.example.com/connected?from=us"}, "state": {"s 1"}}
	for i := 0; i < len(pairs); i += 2 {
		if q.Del(pairs[i]); pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return q
}

// A seller connects a new account, and the official library trades the code: its token acts for the account alone, as the
// platform, and the platform's endpoint for connected accounts hears of it. A code that comes again ends the token.
func TestConnect(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	b := seller{t, connect(t, s)}
	s.Post("/v1/webhook_endpoints", "url", "https://example.com/connect", "enabled_events[]", "account.application.authorized", "connect", "true").OK()
	link := linkOf(clientOf(t, s), "stripe_user[email]", "jenny@example.com", "stripe_user[country]", "DE")
	if got, page := b.visit("/oauth/authorize", link, nil); got.StatusCode != http.StatusOK || !strings.Contains(page, `value="jenny@example.com"`) || !strings.Contains(page, "shop.example.com") {
		t.Fatalf("the page is %d: %s", got.StatusCode, page)
	}
	got, _ := b.visit("/oauth/authorize", link, url.Values{"decision": {"connect"}, "email": {"jenny@example.com"}, "name": {"Roses"}})
	told := b.led(got)
	if told.Get("state") != "s 1" || told.Get("scope") != "read_write" || told.Get("from") != "us" || !strings.HasPrefix(told.Get("code"), "ac_") {
		t.Fatalf("told %v", told)
	}
	c := official.Client{B: stripe.GetBackendWithConfig(stripe.ConnectBackend, &stripe.BackendConfig{URL: &b.address}), Key: s.Key}
	code := told.Get("code")
	token, err := c.New(&stripe.OAuthTokenParams{GrantType: stripe.String("authorization_code"), Code: &code})
	if err != nil {
		t.Fatal(err)
	}
	account := token.StripeUserID
	if token.Livemode || token.TokenType != stripe.OAuthTokenTypeBearer || token.Scope != stripe.OAuthScopeTypeReadWrite ||
		!strings.HasPrefix(token.AccessToken, "sk_test_") || !strings.HasPrefix(token.StripePublishableKey, "pk_test_") || !strings.HasPrefix(token.RefreshToken, "rt_") {
		t.Errorf("traded for %+v", token)
	}
	a := s.Get("/v1/accounts/" + account).OK()
	if a.String("type") != "standard" || a.String("country") != "DE" || a.String("email") != "jenny@example.com" || a.Object("business_profile").String("name") != "Roses" {
		t.Errorf("connected %s", a.JSON())
	}
	event := s.Get("/v1/events", "type", "account.application.authorized").OK().Array("data")[0].(*object.Object)
	if event.String("account") != account || event.Object("data").Object("object").ID() != clientOf(t, s) || event.Int("pending_webhooks") != 1 {
		t.Errorf("the event is %s", event.JSON())
	}
	tokenActs(t, s, token.AccessToken, account)
	if _, err := c.New(&stripe.OAuthTokenParams{GrantType: stripe.String("authorization_code"), Code: &code}); err == nil || !strings.Contains(err.Error(), "already been used") {
		t.Errorf("a code that comes again: %v", err)
	}
	s.Do(servertest.Request{Path: "/v1/customers", Key: token.AccessToken}).Fails(http.StatusUnauthorized, "")
}

// tokenActs shows what a token can and cannot do.
func tokenActs(t *testing.T, s *servertest.Server, token, account string) {
	t.Helper()
	made := s.Do(servertest.Request{Method: http.MethodPost, Path: "/v1/customers", Key: token}).OK().ID()
	s.Do(servertest.Request{Path: "/v1/customers/" + made, Header: http.Header{"Stripe-Account": {account}}}).OK()
	s.Get("/v1/customers/"+made).Fails(http.StatusNotFound, "resource_missing")
	s.Do(servertest.Request{Path: "/v1/customers", Key: token, Header: http.Header{"Stripe-Account": {s.Account.ID}}}).Fails(http.StatusForbidden, "account_invalid")
	pi := s.Do(servertest.Request{Method: http.MethodPost, Path: "/v1/payment_intents", Key: token, Form: []string{"amount", "2000", "currency", "eur", "application_fee_amount", "100"}}).OK()
	if pi.String("application") != clientOf(t, s) || pi.Int("application_fee_amount") != 100 {
		t.Errorf("the payment is %s", pi.JSON())
	}
}

// What is told to a platform whose seller does not agree, or that asks for what there is not.
func TestConnectRefused(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	b, client := seller{t, connect(t, s)}, clientOf(t, s)
	agree := url.Values{"decision": {"connect"}}
	for name, c := range map[string]struct {
		link url.Values
		form url.Values
		told string // to the platform; else the page says code
		page string
	}{
		"denied":              {linkOf(client), url.Values{"decision": {"deny"}}, "access_denied", ""},
		"no response type":    {linkOf(client, "response_type", ""), agree, "invalid_request", ""},
		"another response":    {linkOf(client, "response_type", "token"), agree, "unsupported_response_type", ""},
		"another scope":       {linkOf(client, "scope", "everything"), agree, "invalid_scope", ""},
		"no client":           {linkOf(""), agree, "", "invalid_request"},
		"another client":      {linkOf("ca_none"), agree, "", "invalid_client"},
		"no address":          {linkOf(client, "redirect_uri", ""), agree, "", "invalid_redirect_uri"},
		"a script":            {linkOf(client, "redirect_uri", "javascript:alert(1)"), agree, "", "invalid_redirect_uri"},
		"a plain challenge":   {linkOf(client, "code_challenge", strings.Repeat("a", 43), "code_challenge_method", "plain"), agree, "invalid_request", ""},
		"a short challenge":   {linkOf(client, "code_challenge", "abc", "code_challenge_method", "S256"), agree, "invalid_request", ""},
		"a wrong address":     {linkOf(client), url.Values{"decision": {"connect"}, "email": {"nobody"}}, "", "Invalid email address: nobody"},
		"another's account":   {linkOf(client), url.Values{"decision": {"connect"}, "account": {"acct_none"}}, "", "No such account"},
		"the platform itself": {linkOf(client), url.Values{"decision": {"connect"}, "account": {s.Account.ID}}, "", "No such account"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := seller{t, b.address}
			got, page := b.visit("/oauth/authorize", c.link, c.form)
			if c.told == "" {
				if got.StatusCode != http.StatusBadRequest || !strings.Contains(page, c.page) {
					t.Errorf("the page is %d: %s", got.StatusCode, page)
				}
				return
			}
			if told := b.led(got); told.Get("error") != c.told || told.Get("error_description") == "" || told.Get("state") != "s 1" || told.Has("code") {
				t.Errorf("told %v", told)
			}
		})
	}
}

// Who has named addresses has sellers led to these alone, exactly as they are written.
func TestRedirects(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	b, client := seller{t, connect(t, s)}, clientOf(t, s)
	ns, err := s.Registry.Namespace(s.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	name := func(list ...string) error {
		_, err := s.Engine.Call(t.Context(), ns, func(op *resource.Op) error { return billing.SetRedirects(op, list) })
		return err
	}
	const first, second = "https://shop.example.com/connected?from=us", "http://shop.example.com:8080/"
	if err := name(first, second); err != nil {
		t.Fatal(err)
	}
	for asked, led := range map[string]string{
		"": first, first: first, second: second,
		"https://shop.example.com/connected": "", first + "&x=1": "", "https://shop.example.com.evil.example/connected?from=us": "", "http://shop.example.com:8080": "",
	} {
		link := linkOf(client, "redirect_uri", asked)
		got, page := b.visit("/oauth/authorize", link, url.Values{"decision": {"deny"}})
		if led == "" {
			if got.StatusCode != http.StatusBadRequest || !strings.Contains(page, "invalid_redirect_uri") {
				t.Errorf("%q: %d, led to %v", asked, got.StatusCode, got.to)
			}
			continue
		}
		if got.StatusCode != http.StatusSeeOther || !strings.HasPrefix(got.to.String(), strings.TrimSuffix(led, "?from=us")) {
			t.Errorf("%q: led to %v with %d", asked, got.to, got.StatusCode)
		}
	}
	for _, wrong := range []string{"shop.example.com", "javascript:alert(1)", "https://a@shop.example.com", "https://shop.example.com/#", "https://" + strings.Repeat("a", 2000)} {
		if err := name(first, wrong); err == nil {
			t.Errorf("%.40q is taken", wrong)
		}
	}
	if err := name(make([]string, 11)...); err == nil {
		t.Error("eleven are taken")
	}
}

// A code that was asked for with a challenge is traded for its verifier alone, and one without for none (RFC 7636).
func TestCodeChallenge(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	b, client := seller{t, connect(t, s)}, clientOf(t, s)
	const verifier, challenge = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" // of RFC 7636, appendix B
	for _, c := range []struct {
		challenge, verifier string
		status              int
	}{
		{challenge, verifier, http.StatusOK}, {challenge, "", http.StatusBadRequest}, {challenge, verifier + "x", http.StatusBadRequest},
		{challenge, challenge, http.StatusBadRequest}, {"", verifier, http.StatusBadRequest}, {"", "", http.StatusOK},
	} {
		link := linkOf(client)
		if c.challenge != "" {
			link = linkOf(client, "code_challenge", c.challenge, "code_challenge_method", "S256")
		}
		got, _ := b.visit("/oauth/authorize", link, url.Values{"decision": {"connect"}, "email": {"jenny@example.com"}})
		code := b.led(got).Get("code")
		traded, answer := b.visit("/oauth/token", nil, url.Values{"grant_type": {"authorization_code"}, "code": {code}, "code_verifier": {c.verifier}, "client_secret": {s.Key}})
		if traded.StatusCode != c.status || c.status != http.StatusOK && !strings.Contains(answer, "invalid_grant") {
			t.Errorf("%+v: %d %s", c, traded.StatusCode, answer)
		}
	}
}

// Who connects many accounts has to wait.
func TestManyConnections(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	b, link := seller{t, connect(t, s)}, linkOf(clientOf(t, s))
	connected := 0
	for {
		got, page := b.visit("/oauth/authorize", link, url.Values{"decision": {"connect"}})
		if got.StatusCode == http.StatusTooManyRequests && strings.Contains(page, "temporarily_unavailable") {
			break
		}
		b.led(got)
		if connected++; connected > 30 {
			t.Fatal("nobody has to wait")
		}
	}
	if connected != 30 {
		t.Errorf("%d could be connected", connected)
	}
	s.Clock.Advance(2 * time.Minute)
	got, _ := b.visit("/oauth/authorize", link, url.Values{"decision": {"connect"}})
	b.led(got)
}

// Codes and refresh tokens that give nothing, and those that do.
func TestTokens(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	b := seller{t, connect(t, s)}
	agreed := func(path string, pairs ...string) string {
		got, page := b.visit(path, linkOf(clientOf(t, s), pairs...), url.Values{"decision": {"connect"}})
		if got.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d: %s", got.StatusCode, page)
		}
		return b.led(got).Get("code")
	}
	late := agreed("/oauth/authorize")
	s.Clock.Advance(6 * time.Minute)
	sandbox := s.Post("/v1/sandboxes").OK().String("secret_key")
	write, read, other := b.trade(s.Key, "grant_type", "authorization_code", "code", agreed("/oauth/authorize")),
		b.trade(s.Key, "grant_type", "authorization_code", "code", agreed("/oauth/authorize", "scope", "")),
		agreed("/express/oauth/authorize", "scope", "", "response_type", "", "suggested_capabilities[]", "transfers")
	for _, c := range []struct {
		name, key string
		form      []string
		status    int
		field     string // of the answer
		want      string
	}{
		{"no key", "", []string{"grant_type", "authorization_code", "code", other}, 401, "error", "invalid_client"},
		{"a token as the key", write["access_token"], []string{"grant_type", "authorization_code", "code", other}, 401, "error", "invalid_client"},
		{"no grant type", s.Key, []string{"code", other}, 400, "error", "invalid_request"},
		{"another grant type", s.Key, []string{"grant_type", "password"}, 400, "error", "unsupported_grant_type"},
		{"no code", s.Key, []string{"grant_type", "authorization_code"}, 400, "error", "invalid_request"},
		{"a wrong code", s.Key, []string{"grant_type", "authorization_code", "code", "ac_none"}, 400, "error_description", "Authorization code does not exist: ac_none"},
		{"a guessed code", s.Key, []string{"grant_type", "authorization_code", "code", other[:len(other)-1]}, 400, "error", "invalid_grant"},
		{"an old code", s.Key, []string{"grant_type", "authorization_code", "code", late}, 400, "error_description", "Authorization code expired"},
		{"a sandbox", sandbox, []string{"grant_type", "authorization_code", "code", other}, 400, "error", "invalid_grant"},
		{"live mode", s.Account.LiveSecret.Secret, []string{"grant_type", "authorization_code", "code", other}, 400, "error", "invalid_grant"},
		{"express", s.Key, []string{"grant_type", "authorization_code", "code", other, "assert_capabilities[]", "transfers"}, 200, "scope", "express"},
		{"the key as a parameter", "", []string{"grant_type", "refresh_token", "refresh_token", write["refresh_token"], "client_secret", s.Key}, 200, "scope", "read_write"},
		{"less than was granted", s.Key, []string{"grant_type", "refresh_token", "refresh_token", write["refresh_token"], "scope", "read_only"}, 200, "scope", "read_only"},
		{"more than was granted", s.Key, []string{"grant_type", "refresh_token", "refresh_token", read["refresh_token"], "scope", "read_write"}, 400, "error", "invalid_scope"},
		{"another scope", s.Key, []string{"grant_type", "refresh_token", "refresh_token", read["refresh_token"], "scope", "all"}, 400, "error", "invalid_scope"},
		{"a wrong refresh token", s.Key, []string{"grant_type", "refresh_token", "refresh_token", "rt_none"}, 400, "error", "invalid_grant"},
	} {
		status, got := b.post("/oauth/token", c.key, c.form...)
		if status != c.status || got[c.field] != c.want {
			t.Errorf("%s: %d %v, want %d and %s", c.name, status, got, c.status, c.want)
		}
	}
	if read["scope"] != "read_only" || write["scope"] != "read_write" {
		t.Errorf("the scopes are %q and %q", read["scope"], write["scope"])
	}
	s.Do(servertest.Request{Path: "/v1/customers", Key: read["access_token"]}).OK()
	s.Do(servertest.Request{Method: http.MethodPost, Path: "/v1/customers", Key: read["access_token"]}).Fails(http.StatusForbidden, "")
	if status, got := b.post("/oauth/deauthorize", s.Key, "client_id", clientOf(t, s), "stripe_user_id", write["stripe_user_id"]); status != http.StatusOK {
		t.Fatalf("given up: %d %v", status, got)
	}
	s.Do(servertest.Request{Path: "/v1/customers", Key: write["access_token"]}).Fails(http.StatusForbidden, "account_invalid")
}

func (b seller) trade(key string, form ...string) map[string]string {
	b.t.Helper()
	status, got := b.post("/oauth/token", key, form...)
	if status != http.StatusOK {
		b.t.Fatalf("%d %v", status, got)
	}
	return got
}

// post sends what a platform's server sends; of the answer it returns the texts.
func (b seller) post(path, key string, pairs ...string) (int, map[string]string) {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.address+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if key != "" {
		r.SetBasicAuth(key, "")
	}
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	var body map[string]any
	if err := json.NewDecoder(got.Body).Decode(&body); err != nil {
		b.t.Fatal(err)
	}
	texts := map[string]string{}
	for name, v := range body {
		if text, ok := v.(string); ok {
			texts[name] = text
		}
	}
	return got.StatusCode, texts
}
