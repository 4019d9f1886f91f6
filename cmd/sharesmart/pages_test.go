package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/brand"
	"sharesmart/internal/clock"
	"sharesmart/internal/live"
	"sharesmart/internal/server"
	"sharesmart/internal/web/checkout"
	"sharesmart/internal/web/dashboard"
	"sharesmart/internal/web/docs"
	"sharesmart/internal/web/hooks"
	"sharesmart/internal/web/oauth"
	"sharesmart/internal/web/outbox"
	"sharesmart/internal/web/stripejs"
)

// premises is a demo server with all its pages, as serve puts them together, at a name of its own.
type premises struct {
	t       *testing.T
	app     *app
	edge    *server.Server
	pages   map[string]http.Handler
	match   *http.ServeMux  // of the same patterns
	visited map[string]bool // patterns
	cookies map[string]string
}

// password is that of the owner.
const password = "a horse and a battery"

func newPremises(t *testing.T) *premises {
	t.Helper()
	return newPremisesIn(t, inMemory, io.Discard)
}

// newPremisesIn keeps its data in a directory and logs to a writer.
func newPremisesIn(t *testing.T, data string, to io.Writer) *premises {
	t.Helper()
	config := &Config{Data: data, Demo: true, URL: "https://pay.example.com", SecurityContact: "mailto:security@example.com"}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	listeners := &server.Listeners{HTTPS: l}
	a, err := openApp(config, config.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.close() })
	log := slog.New(slog.NewTextHandler(to, nil))
	a.mailer.Log, a.webhooks.Log, a.live.Log = log, log, log
	p := &premises{t: t, app: a, pages: a.pages(config, listeners, log), match: http.NewServeMux(), visited: map[string]bool{}, cookies: map[string]string{}}
	if _, err := a.firstStart(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	p.pages[live.SocketPath] = a.live.Handler(t.Context())
	office, setUp, err := a.dashboard(t.Context(), config, config.URL, log, p.pages)
	if err != nil {
		t.Fatal(err)
	}
	members, manual, err := a.readable(t.Context(), config, config.URL, log, office, p.pages)
	if err != nil {
		t.Fatal(err)
	}
	p.edge = server.New(server.Options{
		Engine: a.engine, Shared: a.engine.SharedFile, Registry: a.registry, Store: a.store, Clock: clock.Wall{}, BaseURL: config.URL, Pages: p.pages, Nowhere: members, Log: log,
	})
	office.API, manual.API, manual.Dashboard = p.edge, p.edge, true
	for pattern, h := range p.pages {
		p.match.Handle(pattern, h)
	}
	p.do(http.MethodPost, "/dashboard/set-up", url.Values{"token": {tokenIn(t, setUp)}, "name": {"Ada"}, "email": {"ada@example.com"}, "password": {password}})
	if p.cookies["__Host-dashboard"] == "" {
		t.Fatal("nobody is signed in")
	}
	return p
}

// do sends a request with the cookies that there are, and keeps those that come back.
func (p *premises) do(method, target string, form url.Values) *httptest.ResponseRecorder {
	p.t.Helper()
	ctx, end := context.WithCancel(p.t.Context())
	defer end()
	if strings.HasSuffix(target, "/logs/tail") {
		end() // it would go on for ever
	}
	r := httptest.NewRequestWithContext(ctx, method, target, strings.NewReader(form.Encode()))
	r.TLS, r.Host, r.RemoteAddr = &tls.ConnectionState{}, "pay.example.com", "127.0.0.1:4000"
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range p.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	if _, pattern := p.match.Handler(r); pattern != "" {
		p.visited[pattern] = true
	}
	w := httptest.NewRecorder()
	p.edge.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		p.checkCookie(target, c)
		p.cookies[c.Name] = c.Value
	}
	return w
}

// made creates an object with the demo's key and returns a field of it.
func (p *premises) made(path, form string, field ...string) string {
	p.t.Helper()
	r := httptest.NewRequestWithContext(p.t.Context(), http.MethodPost, path, strings.NewReader(form))
	r.Header.Set("Authorization", "Bearer "+demoKey)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	p.edge.ServeHTTP(w, r)
	var o any
	if err := json.Unmarshal(w.Body.Bytes(), &o); err != nil || w.Code != http.StatusOK {
		p.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	for _, name := range field {
		inner, _ := o.(map[string]any)
		o = inner[name]
	}
	text, _ := o.(string)
	if text == "" {
		p.t.Fatalf("%s has no %v: %s", path, field, w.Body)
	}
	return strings.TrimPrefix(text, "https://pay.example.com")
}

// scriptMayRead are the cookies that scripts set and read: the language of samples.
var scriptMayRead = map[string]bool{"__Host-sample": true}

func (p *premises) checkCookie(from string, c *http.Cookie) {
	p.t.Helper()
	if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || c.Path != "/" || c.Domain != "" || c.SameSite < http.SameSiteLaxMode || !c.HttpOnly && !scriptMayRead[c.Name] {
		p.t.Errorf("%s sets the cookie %s", from, c)
	}
}

var (
	inlineScript = regexp.MustCompile(`(?i)<script(?:\s[^>]*)?>\s*\S|<[^>]+\son[a-z]+\s*=|(?:href|src|action)="javascript:`)
	srcScript    = regexp.MustCompile(`(?is)<script\s[^>]*src="[^"]*"[^>]*>\s*</script>|<script\s[^>]*type="application/json"[^>]*>.*?</script>`)
	wildcards    = regexp.MustCompile(`\{[^}]*\}`)
)

// check holds the headers of an answer against what every page must have.
func (p *premises) check(target string, w *httptest.ResponseRecorder) {
	p.t.Helper()
	h := w.Header()
	fault := func(what string) { p.t.Errorf("%s (%d): %s: %v", target, w.Code, what, h) }
	policy := h.Get("Content-Security-Policy")
	mail := strings.HasPrefix(target, outbox.Path+"/") && strings.HasSuffix(target, "/html")
	switch {
	case !strings.Contains(policy, "default-src 'none'"):
		fault("something may run or load that is not named")
	case mail:
		if !strings.HasPrefix(policy, "sandbox") || strings.Contains(policy, "allow-scripts") || !strings.Contains(policy, "frame-ancestors 'self'") {
			fault("a mail may do too much")
		}
	case strings.Contains(policy, "unsafe"), !strings.Contains(policy, "base-uri 'none'"):
		fault("scripts may be in the page")
	case !strings.Contains(policy, "frame-ancestors 'none'") && !strings.Contains(target, checkout.Prefix):
		fault("it may be framed")
	}
	if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Strict-Transport-Security") != "max-age=63072000; includeSubDomains" {
		fault("a header is missing")
	}
	if r := h.Get("Referrer-Policy"); r != "same-origin" && r != "no-referrer" {
		fault("the address of the page is told")
	}
	kind, kept := h.Get("Content-Type"), h.Get("Cache-Control")
	if strings.HasPrefix(kind, "text/") && kind != "text/event-stream" && !strings.Contains(kind, "charset=utf-8") {
		fault("a text does not say how it is written")
	}
	switch {
	case w.Code/100 == 3:
	case strings.HasPrefix(kind, "text/html"):
		if !strings.Contains(kept, "no-store") {
			fault("a page is kept")
		}
		if found := inlineScript.FindString(srcScript.ReplaceAllString(w.Body.String(), "")); found != "" && !mail {
			fault("there is a script in the page: " + found)
		}
	case strings.HasPrefix(kept, "public") && (strings.Contains(target, "/account") || strings.Contains(target, "/invoices/") || strings.HasPrefix(target, "/dashboard/test") || strings.HasPrefix(target, "/p/session")):
		fault("what is private may be kept by a proxy")
	}
}

// private are pages that nobody but their owner may see, and files of them.
func privateOf(p *premises) []string {
	customer := p.made("/v1/customers", "email=jenny%40example.com&name=Jenny&payment_method=pm_card_visa&invoice_settings[default_payment_method]=pm_card_visa", "id")
	session := p.made("/v1/checkout/sessions", "mode=payment&success_url=https%3A%2F%2Fexample.com&line_items[0][quantity]=1&line_items[0][price_data][currency]=usd&line_items[0][price_data][unit_amount]=500&line_items[0][price_data][product_data][name]=Pro", "url")
	price := p.made("/v1/prices", "currency=usd&unit_amount=500&product_data[name]=Pro", "id")
	link := p.made("/v1/payment_links", "line_items[0][price]="+price+"&line_items[0][quantity]=1", "url")
	p.made("/v1/billing_portal/configurations", "features[customer_update][enabled]=true&features[customer_update][allowed_updates][0]=email", "id")
	visit := p.made("/v1/billing_portal/sessions", "customer="+customer, "url")
	charge := p.made("/v1/charges", "amount=500&currency=usd&source=tok_visa", "receipt_url")
	p.made("/v1/invoiceitems", "customer="+customer+"&amount=500&currency=usd", "id")
	invoice := p.made("/v1/invoices", "customer="+customer+"&pending_invoice_items_behavior=include", "id")
	page := p.made("/v1/invoices/"+invoice+"/finalize", "", "hosted_invoice_url")
	challenge := p.made("/v1/payment_intents", "amount=500&currency=usd&confirm=true&payment_method=pm_card_threeDSecureRequired&payment_method_types[]=card&return_url=https%3A%2F%2Fexample.com", "next_action", "redirect_to_url", "url")
	source := p.made("/v1/sources", "type=ideal&amount=500&currency=eur&redirect[return_url]=https%3A%2F%2Fexample.com", "redirect", "url")
	return []string{session, link, visit, visit + "/customer", charge, charge + "/pdf", page, page + "/pdf", page + "/receipt", "/credit_notes/none/pdf", challenge, source, "/r/none"}
}

// TestEveryPageIsGuarded visits every page that the server has and holds its headers, its cookies and its scripts against
// what docs/security.md says. A page at a new address fails it until it is visited here.
func TestEveryPageIsGuarded(t *testing.T) {
	t.Parallel()
	p := newPremises(t)
	targets := append([]string{
		"/", "/pricing", "/from-extension", "/signup", "/signup?plan=free", "/after-payment", "/download", "/download/chromium", "/login", "/login/code", "/login/link?token=x", "/account", "/account/card",
		"/account/shares", "/account/export", "/account/delete", "/upgrade", "/connect", "/logout", "/settings", "/e/none/pricing", "/s/none", "/assets/none.css",
		docs.Prefix, docs.Prefix + "/", docs.Prefix + "/quick-start", docs.Prefix + "/api", docs.Prefix + "/api/customers?lang=python", docs.Prefix + "/search?q=invoice", docs.Prefix + "/search/hits?q=x",
		docs.Prefix + "/try/PostCustomers", docs.Prefix + "/openapi.json", docs.Prefix + "/changelog", "/llms.txt", "/llms-full.txt", "/robots.txt", "/sitemap.xml",
		dashboard.Path, outbox.Path, outbox.Path + "/", contactPath, live.SocketPath, checkout.AgainPrefix + "none",
		brand.SheetPrefix + "none.css", hooks.Prefix, hooks.Prefix + "/none",
	}, privateOf(p)...)
	targets = append(targets, oauth.Patterns...)
	for _, pattern := range stripejs.Patterns {
		targets = append(targets, strings.TrimSuffix(strings.TrimPrefix(pattern, "GET "), "{$}"))
	}
	for _, page := range dashboard.Registered() {
		method, path, _ := strings.Cut(page.Pattern, " ")
		if method == http.MethodGet {
			path = wildcards.ReplaceAllString(strings.ReplaceAll(strings.ReplaceAll(path, "{$}", ""), "{kind}", "customer"), "none")
			targets = append(targets, dashboard.Path+path, dashboard.Path+"/test"+path)
		}
	}
	if err := p.app.engine.RunDue(t.Context()); err != nil { // mails are written
		t.Fatal(err)
	}
	for i := 0; i < len(targets); i++ {
		w := p.do(http.MethodGet, targets[i], nil)
		p.check(targets[i], w)
		if targets[i] == outbox.Path {
			targets = append(targets, mailsIn(t, w.Body.String())...)
		}
	}
	for pattern := range p.pages {
		if !p.visited[pattern] {
			t.Errorf("nothing of %s was visited", pattern)
		}
	}
	p.signsUp()
}

// mailsIn are the pages of the first mail of the outbox.
func mailsIn(t *testing.T, list string) []string {
	t.Helper()
	found := regexp.MustCompile(`href="(` + outbox.Path + `/[^"/]+/mail_[^"]+)"`).FindStringSubmatch(list)
	if found == nil {
		t.Fatal("the outbox is empty")
	}
	return []string{found[1], found[1] + "/html"}
}

// signsUp makes a member, asks for a code and votes, to see the cookies that forms set.
func (p *premises) signsUp() {
	form := regexp.MustCompile(`name="form" value="([^"]+)"`).FindStringSubmatch(p.do(http.MethodGet, "/signup?plan=free", nil).Body.String())
	if form == nil {
		p.t.Fatal("the sign-up has no form")
	}
	for _, sent := range []struct {
		to     string
		form   url.Values
		cookie string
	}{
		{"/login", url.Values{"email": {"jenny@example.com"}}, "__Host-browser"},
		{"/signup", url.Values{"form": {form[1]}, "plan": {"free"}, "email": {"frank@example.com"}}, "__Host-member"},
		{"/settings", url.Values{"theme": {"dark"}, "lang": {"de"}}, "__Host-theme"},
		{docs.Prefix + "/votes", url.Values{"section": {"quick-start"}, "helpful": {"yes"}}, ""},
		{"/dashboard/theme", url.Values{"theme": {"dark"}}, "__Host-theme"},
	} {
		w := p.do(http.MethodPost, sent.to, sent.form)
		p.check("POST "+sent.to, w)
		if sent.cookie != "" && p.cookies[sent.cookie] == "" {
			p.t.Errorf("%s sets no %s: %d %s", sent.to, sent.cookie, w.Code, w.Body)
		}
	}
}

// TestContact reads whom to tell of a hole, and names contacts that are none.
func TestContact(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	contact("mailto:security@example.com", clock.NewFake(time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC))).ServeHTTP(w, httptest.NewRequest(http.MethodGet, contactPath, nil))
	if got := w.Body.String(); got != "Contact: mailto:security@example.com\nExpires: 2027-02-28T12:00:00Z\nPreferred-Languages: en, de\n" {
		t.Errorf("it says %q", got)
	}
	for text, good := range map[string]bool{
		"": true, "mailto:a@example.com": true, "https://example.com/security": true, "a@example.com": false, "http://example.com": false, "https:": false, "javascript:x": false,
	} {
		if err := checkContact(text); (err == nil) != good {
			t.Errorf("%q: %v", text, err)
		}
	}
}
