package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/pquerna/otp/totp"

	"sharesmart/internal/access"
	"sharesmart/internal/audit"
	"sharesmart/internal/billing"
	"sharesmart/internal/clock"
	"sharesmart/internal/store"
)

// Where a secret may be although it is one: the server signs with it, or it is the very thing that a mail brings.
const (
	mayBeKept     = 1 << iota // in the database
	mayBeMailed               // in mails, and so in the database too
	mayBeAnswered             // to whom has just sent it
)

// hush collects secrets, and everything that is said while they are used.
type hush struct {
	*premises
	log     *safeBuffer
	secrets map[string]string // what it is, by the secret
	allowed map[string]int
	refusal []string // answers that say no
}

// safeBuffer is a log that several write.
type safeBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// keep takes a secret, which must be one that nothing else can look like.
func (h *hush) keep(what, secret string, allowed int) string {
	h.t.Helper()
	if len(secret) < 4 {
		h.t.Fatalf("%s is %q", what, secret)
	}
	h.secrets[secret], h.allowed[secret] = what, allowed
	return secret
}

// call sends a request to the API and keeps what it answers if that is a refusal.
func (h *hush) call(method, target, key, form string) map[string]any {
	h.t.Helper()
	r := httptest.NewRequestWithContext(h.t.Context(), method, target, strings.NewReader(form))
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if strings.HasPrefix(form, "{") {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	h.edge.ServeHTTP(w, r)
	if w.Code >= http.StatusBadRequest {
		h.refusal = append(h.refusal, method+" "+w.Body.String())
	}
	var o map[string]any
	_ = json.Unmarshal(w.Body.Bytes(), &o) // some answers are no JSON
	return o
}

// page is do, which keeps what refuses.
func (h *hush) page(method, target string, form url.Values) string {
	h.t.Helper()
	w := h.do(method, target, form)
	if w.Code >= http.StatusBadRequest {
		h.refusal = append(h.refusal, method+" "+target+" "+w.Body.String())
	}
	return w.Header().Get("Location") + w.Body.String()
}

// find is the first group of a pattern in a text.
func (h *hush) find(pattern, text string) string {
	h.t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if m == nil {
		h.t.Fatalf("there is no %s in %.2000s", pattern, text)
	}
	return m[1]
}

// TestSecretsAreKept uses every kind of secret, rightly and wrongly, by the API, the Dashboard and the members' pages, and
// looks for it in all that the server writes: its log, the log of requests, the audit log, refusals, mails and, unless it
// must be there, the files of the database.
func TestSecretsAreKept(t *testing.T) {
	t.Parallel()
	log, data := &safeBuffer{}, t.TempDir()
	h := &hush{premises: newPremisesIn(t, data, log), log: log, secrets: map[string]string{}, allowed: map[string]int{}}
	h.useKeys()
	h.useCards()
	h.useWebhook()
	h.useOAuth()
	h.usePeople()
	h.useMembers()
	if err := h.app.engine.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.look("the log", h.log.String(), 0)
	for _, text := range h.refusal {
		h.look("a refusal", text, mayBeAnswered)
	}
	h.lookInLogs()
	h.lookInMails()
	if err := h.app.close(); err != nil {
		t.Fatal(err)
	}
	h.lookInFiles(data)
}

// look finds secrets in a text. Those of which allowed says so may be there.
func (h *hush) look(where, text string, allowed int) {
	h.t.Helper()
	for secret, what := range h.secrets {
		if h.allowed[secret]&allowed != 0 {
			continue
		}
		if at := strings.Index(text, secret); at >= 0 {
			h.t.Errorf("%s has %s: %q", where, what, text[max(0, at-200):min(len(text), at+len(secret)+40)])
		}
	}
}

func (h *hush) useKeys() {
	for _, spec := range []access.KeySpec{{}, {Env: access.Live}, {Kind: access.RestrictedKey, Rights: access.Rights{"customer": access.Read}}} {
		spec.Account = billing.DemoAccount
		made, err := h.app.registry.CreateKey(h.t.Context(), spec)
		if err != nil {
			h.t.Fatal(err)
		}
		key := h.keep("an API key", made.Secret, 0)
		wrong := h.keep("a mistyped API key", key[:len(key)-1]+"z", 0)
		h.call(http.MethodGet, "/v1/customers", key, "")
		h.call(http.MethodGet, "/v1/customers/"+key, key, "")
		h.call(http.MethodGet, "/v1/customers?key="+key, "", "")
		h.call(http.MethodGet, "/v1/customers?email="+key, key, "")
		h.call(http.MethodPost, "/v1/customers", key, "no_such_parameter="+key)
		h.call(http.MethodPost, "/v1/customers", demoKey, `{"balance":"`+key+`"}`)
		h.call(http.MethodGet, "/v1/customers", wrong, "")
		h.call(http.MethodGet, "/v1/nothing/"+wrong, demoKey, "")
	}
	form := h.page(http.MethodGet, "/dashboard/test/keys/new", nil)
	text := h.page(http.MethodPost, "/dashboard/test/keys", url.Values{"name": {"Made here"}, "kind": {"sk"}, "once": {h.find(`name="once" value="([^"]+)"`, form)}})
	h.keep("a key of the Dashboard", h.find(`(sk_test_5\w{90,})`, text), 0)
	box := h.call(http.MethodPost, "/v1/sandboxes", demoKey, "name=Box")
	secret, _ := box["secret_key"].(string)
	h.keep("the key of a sandbox", secret, 0)
}

func (h *hush) useCards() {
	card, cvc := h.keep("the number of a card", "378282246310005", mayBeAnswered), h.keep("a CVC", "7319", 0)
	typed := "card[number]=" + card + "&card[exp_month]=12&card[exp_year]=2030&card[cvc]=" + cvc
	h.call(http.MethodPost, "/v1/tokens", demoKey, typed)
	h.call(http.MethodPost, "/v1/payment_methods", demoKey, "type=card&"+typed)
	h.call(http.MethodPost, "/v1/payment_methods", demoKey, typed+"&card[wrong]="+card)
	h.call(http.MethodPost, "/v1/payment_methods", demoKey, `{"type":"card","card":{"number":"`+card+`","exp_month":12,"exp_year":2001,"cvc":"`+cvc+`"}}`)
	h.call(http.MethodPost, "/v1/charges", demoKey, "amount=500&currency=usd&source="+card)
	h.call(http.MethodGet, "/v1/customers/"+card, demoKey, "")
	session := h.made("/v1/checkout/sessions", "mode=payment&success_url=https%3A%2F%2Fexample.com&line_items[0][quantity]=1&line_items[0][price_data][currency]=usd&line_items[0][price_data][unit_amount]=500&line_items[0][price_data][product_data][name]=Pro", "url")
	fields := url.Values{"email": {"jenny@example.com"}, "number": {card}, "exp": {"12 / 30"}, "cvc": {cvc}, "name": {"Jenny"}}
	h.page(http.MethodPost, session, fields)
	fields.Set("exp", "12 / 01")
	h.page(http.MethodPost, session, fields)
	intent := h.call(http.MethodPost, "/v1/payment_intents", demoKey, "amount=500&currency=usd")
	secret, _ := intent["client_secret"].(string)
	h.keep("the client secret of a payment", secret, mayBeKept|mayBeAnswered)
	h.call(http.MethodGet, "/v1/payment_intents/"+secret, demoKey, "")
	h.call(http.MethodGet, "/v1/payment_intents?client_secret="+secret, demoKey, "")
}

// useWebhook has an endpoint that fails.
func (h *hush) useWebhook() {
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	h.t.Cleanup(broken.Close)
	made := h.call(http.MethodPost, "/v1/webhook_endpoints", demoKey, "url="+url.QueryEscape(broken.URL)+"&enabled_events[]=customer.created")
	secret, _ := made["secret"].(string)
	h.keep("the secret of an endpoint", secret, mayBeKept)
	h.call(http.MethodGet, "/v1/customers/"+secret, demoKey, "")
	h.call(http.MethodPost, "/v1/customers", demoKey, "name=Jenny")
}

// useOAuth connects an account and trades its code, twice.
func (h *hush) useOAuth() {
	ns, err := h.app.registry.Namespace(billing.DemoAccount, access.Test)
	if err != nil {
		h.t.Fatal(err)
	}
	link := "/oauth/authorize?response_type=code&scope=read_write&redirect_uri=https%3A%2F%2Fexample.com&client_id=" + billing.ClientID(ns)
	code := h.keep("a code of OAuth", h.find(`code=(ac_\w+)`, h.page(http.MethodPost, link, url.Values{"decision": {"connect"}})), 0)
	trade := "grant_type=authorization_code&code=" + code
	tokens := h.call(http.MethodPost, "/oauth/token", demoKey, trade)
	for _, name := range []string{"access_token", "refresh_token"} {
		token, _ := tokens[name].(string)
		h.keep("a token of OAuth", token, 0)
		h.call(http.MethodGet, "/v1/customers", token, "")
		h.call(http.MethodPost, "/oauth/token", demoKey, "grant_type=refresh_token&scope=none&refresh_token="+token)
	}
	h.call(http.MethodPost, "/oauth/token", demoKey, trade)
}

func (h *hush) usePeople() {
	h.keep("a password", password, 0)
	wrong := h.keep("a wrong password", "a horse and no battery", 0)
	page := h.page(http.MethodGet, "/dashboard/profile/totp", nil)
	seed := h.keep("the secret of an app", h.find(`name="secret" value="([A-Z2-7]+)"`, page), mayBeKept|mayBeAnswered)
	code := func() string {
		code, err := totp.GenerateCode(seed, clock.Wall{}.Now())
		if err != nil {
			h.t.Fatal(err)
		}
		return code
	}
	h.page(http.MethodPost, "/dashboard/profile/totp", url.Values{"secret": {seed}, "code": {"nothing"}})
	page = h.page(http.MethodPost, "/dashboard/profile/totp", url.Values{"secret": {seed}, "code": {code()}})
	recovery := strings.Fields(h.find(`data-testid="recovery">([^<]+)<`, page))
	for _, c := range recovery {
		h.keep("a recovery code", c, 0)
	}
	h.keep("a session of the Dashboard", h.cookies["__Host-dashboard"], 0)
	h.page(http.MethodPost, "/dashboard/people/invite", url.Values{"email": {"ben@example.com"}, "role": {"viewer"}})
	h.page(http.MethodPost, "/dashboard/sign-out", url.Values{})
	h.page(http.MethodPost, "/dashboard/sign-in", url.Values{"email": {"ada@example.com"}, "password": {wrong}})
	h.page(http.MethodPost, "/dashboard/sign-in", url.Values{"email": {"ada@example.com"}, "password": {password}})
	h.keep("a sign-in that waits", h.cookies["__Host-dashboard-step"], 0)
	h.page(http.MethodPost, "/dashboard/sign-in/code", url.Values{"code": {"wrong code"}})
	h.page(http.MethodPost, "/dashboard/sign-in/code", url.Values{"code": {recovery[0]}})
	h.keep("a session of the Dashboard", h.cookies["__Host-dashboard"], 0)
	if shown := h.page(http.MethodGet, "/dashboard/people", nil); !strings.Contains(shown, "ada@example.com") {
		h.t.Fatalf("nobody is signed in: %.300s", shown)
	}
	reset, err := h.app.people.ResetToken(h.t.Context(), "ada@example.com")
	if err != nil {
		h.t.Fatal(err)
	}
	h.keep("the link to a new password", reset[strings.IndexByte(reset, '.')+1:], mayBeMailed|mayBeAnswered)
	h.page(http.MethodGet, "/dashboard/reset/new?token="+reset, nil)
	h.page(http.MethodPost, "/dashboard/reset/new", url.Values{"token": {reset}, "password": {"short"}})
}

// useMembers signs up, logs in by mail, and pairs an extension.
func (h *hush) useMembers() {
	form := h.find(`name="form" value="([^"]+)"`, h.page(http.MethodGet, "/signup?plan=free", nil))
	h.page(http.MethodPost, "/signup", url.Values{"form": {form}, "plan": {"free"}, "email": {"frank@example.com"}})
	h.keep("the session of a member", h.cookies["__Host-member"], 0)
	pages := h.page(http.MethodGet, "/after-payment", nil)
	h.keep("the code of a page", h.find(`name="sharesmart-pairing" content="([^"]+)"`, pages), mayBeKept)
	ask := url.Values{"email": {"frank@example.com"}}
	h.cookies["__Host-member"] = ""
	to := h.page(http.MethodPost, "/login", ask)
	h.keep("the secret of a browser that waits", h.cookies["__Host-browser"], 0)
	digits, link := h.mailed()
	id := h.find(`code=(\w+)`, to)
	h.page(http.MethodPost, "/login/code", url.Values{"code": {id}, "digits": {digits}})
	h.page(http.MethodPost, "/login/code", url.Values{"code": {id}, "digits": {digits}}) // it was used
	h.page(http.MethodGet, "/login/link?token="+link, nil)
	h.page(http.MethodPost, "/login/link", url.Values{"token": {link}})
	h.keep("the session of a member", h.cookies["__Host-member"], 0)
	h.pairs()
}

// mailed is what the last mail lets somebody in with.
func (h *hush) mailed() (digits, link string) {
	list := h.call(http.MethodGet, "/v1/mails?limit=1", demoKey, "")
	text := fmt.Sprint(list["data"])
	digits = h.keep("the digits of a mail", h.find(`\b(\d{6})\b`, text), mayBeMailed)
	link = h.find(`/login/link\?token=([\w.%-]+)`, text)
	h.keep("the link of a mail", link[strings.IndexByte(link, '.')+1:], mayBeMailed)
	return digits, link
}

func (h *hush) pairs() {
	keys, err := h.app.registry.ListKeys(h.t.Context(), billing.DemoAccount, access.Test)
	if err != nil {
		h.t.Fatal(err)
	}
	public := ""
	for _, k := range keys {
		if k.Kind == access.PublishableKey {
			public = k.Value
		}
	}
	all := h.call(http.MethodGet, "/v1/extensions", demoKey, "")
	list, _ := all["data"].([]any)
	first, _ := list[0].(map[string]any)
	ext, _ := first["id"].(string)
	made := h.call(http.MethodPost, "/v1/installs", public, "extension="+ext)
	id, _ := made["id"].(string)
	secret, _ := made["client_secret"].(string)
	h.keep("the secret of an install", secret, mayBeKept)
	path := "/v1/installs/" + id
	h.call(http.MethodPost, path+"/login_codes", public, "client_secret="+secret+"&email=frank%40example.com")
	digits, _ := h.mailed()
	h.call(http.MethodPost, path+"/pair", public, "client_secret="+secret+"&code="+digits)
	h.call(http.MethodPost, path+"/pair", public, "client_secret="+secret+"&code="+digits)
	m := h.call(http.MethodPost, path+"/member", public, "client_secret="+secret)
	tokens, _ := m["tokens"].(map[string]any)
	for alg, token := range tokens {
		text, _ := token.(string)
		h.keep("an entitlement token of "+alg, text[strings.LastIndexByte(text, '.')+1:], 0)
	}
	if len(tokens) == 0 {
		h.t.Fatalf("there is no entitlement: %v", m)
	}
	h.call(http.MethodPost, path+"/member", public, "client_secret="+secret+"x")
}

// lookInLogs reads every entry of the log of requests and of the audit log.
func (h *hush) lookInLogs() {
	h.t.Helper()
	spaces := []store.NS{store.Control}
	for _, env := range []string{access.Test, access.Live} {
		ns, err := h.app.registry.Namespace(billing.DemoAccount, env)
		if err != nil {
			h.t.Fatal(err)
		}
		spaces = append(spaces, ns.NS)
	}
	for _, ns := range spaces {
		page, err := h.app.store.Logs(store.LogQuery{NS: ns, Limit: 1000})
		if err != nil || len(page.Entries) == 0 {
			h.t.Fatalf("the log has %d entries, %v", len(page.Entries), err)
		}
		for _, e := range page.Entries {
			e.Time = 0 // whose digits may be those of a CVC
			h.look("the log of requests", fmt.Sprintf("%+v", e), 0)
		}
	}
	entries, _, err := audit.List(h.app.store, audit.Query{Limit: 1000})
	if err != nil || len(entries) < 10 {
		h.t.Fatalf("the audit log has %d entries, %v", len(entries), err)
	}
	h.look("the audit log", fmt.Sprintf("%+v", entries), 0)
}

func (h *hush) lookInMails() {
	h.t.Helper()
	list := h.call(http.MethodGet, "/v1/mails?limit=100", demoKey, "")
	mails, _ := list["data"].([]any)
	if len(mails) == 0 {
		h.t.Fatal("there are no mails")
	}
	h.look("a mail", fmt.Sprint(mails), mayBeMailed)
}

func (h *hush) lookInFiles(data string) {
	h.t.Helper()
	files, err := filepath.Glob(filepath.Join(data, "sharesmart.db*"))
	if err != nil || len(files) == 0 {
		h.t.Fatalf("the database is %v, %v", files, err)
	}
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			h.t.Fatal(err)
		}
		h.look(filepath.Base(name), string(content), mayBeKept|mayBeMailed)
	}
}
