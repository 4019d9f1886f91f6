package site_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/mail"
	"sharesmart/internal/member"
	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
	"sharesmart/internal/web/site"
)

// house is a server with the members' pages.
type house struct {
	*servertest.Server
	pages *site.Pages
	web   *httptest.Server
	said  said
}

func newHouse(t *testing.T) *house {
	t.Helper()
	m := mail.New(mail.Options{})
	h := &house{Server: servertest.New(t, servertest.Mail(m))}
	ns, err := h.Registry.Namespace(h.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	h.pages = site.New(site.Options{
		Engine: h.Engine, Desk: &member.Desk{Mail: m}, Log: slog.New(slog.NewTextHandler(&failing{t, &h.said}, nil)), Clock: h.Clock, Namespace: ns, BaseURL: h.URL,
		PublishableKey: h.Account.TestPublishable.Secret,
	})
	h.web = httptest.NewTLSServer(h.pages)
	t.Cleanup(h.web.Close)
	return h
}

// failing lets a fault of the pages fail the test.
type failing struct {
	t    *testing.T
	said *said
}

// said is what the log has that is no fault.
type said struct {
	mu   sync.Mutex
	text string
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text
}

func (f *failing) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("level=INFO")) {
		f.said.mu.Lock()
		defer f.said.mu.Unlock()
		f.said.text += string(p)
		return len(p), nil
	}
	f.t.Errorf("the pages say %s", p)
	return len(p), nil
}

// browser keeps cookies, and does not follow where it is led.
type browser struct {
	t      *testing.T
	h      *house
	client *http.Client
	header http.Header
}

func (h *house) browser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, h: h, header: http.Header{}, client: &http.Client{
		Transport: h.web.Client().Transport, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// answer is a page that was got.
type answer struct {
	status int
	text   string
	to     string // where it leads
	header http.Header
}

func (b *browser) do(method, path string, form url.Values) *answer {
	b.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(context.Background(), method, b.h.web.URL+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Chrome/140")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for name, values := range b.header {
		r.Header[name] = values
	}
	got, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return &answer{got.StatusCode, string(text), got.Header.Get("Location"), got.Header}
}

func (b *browser) get(path string) *answer { return b.do(http.MethodGet, path, nil) }

// post sends a form; fields are names and values in turn.
func (b *browser) post(path string, fields ...string) *answer {
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return b.do(http.MethodPost, path, form)
}

var formField = regexp.MustCompile(`name="form" value="([^"]+)"`)

// signUp signs up on the page.
func (b *browser) signUp(plan, email string) *answer {
	b.t.Helper()
	m := formField.FindStringSubmatch(b.get("/signup?plan=" + plan).text)
	if m == nil {
		b.t.Fatal("the sign-up has no form")
	}
	return b.post("/signup", "form", m[1], "plan", plan, "email", email)
}

func (a *answer) want(t *testing.T, status int, parts ...string) {
	t.Helper()
	if a.status != status {
		t.Errorf("status %d, want %d: %s", a.status, status, main(a.text))
	}
	for _, part := range parts {
		if !strings.Contains(a.text, part) {
			t.Errorf("the page has no %q: %s", part, main(a.text))
		}
	}
}

func (a *answer) leads(t *testing.T, to string) {
	t.Helper()
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.to, to) {
		t.Errorf("status %d to %q, want %q: %s", a.status, a.to, to, a.text)
	}
}

// customers are the ids of those with an address.
func (h *house) customers(email string) []string { return h.Get("/v1/customers", "email", email).IDs() }

func TestSignUpFree(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browser(t)
	b.get("/signup").want(t, 200, "ShareSmart Free", "$5.00 a month", "$48.00 a year")
	b.signUp("free", "not an address").want(t, 400, "Enter an address such as", `aria-invalid="true"`, "<title>Error: ")
	b.post("/signup", "plan", "free", "email", "jenny@example.com").want(t, 400, "This form is too old")
	b.signUp("free", "Jenny@Example.com").leads(t, "/after-payment")
	b.get("/after-payment").want(t, 200, "Congratulations, you are 1 step away!", "ShareSmart Free", `<meta name="sharesmart-pairing" content="`)
	b.get("/account").want(t, 200, "jenny@example.com", "You are on the free plan.")
	subs := h.Get("/v1/subscriptions", "customer", h.customers("jenny@example.com")[0]).OK().Array("data")
	if len(subs) != 1 || subs[0].(*object.Object).String("status") != "active" {
		t.Errorf("the subscriptions are %v", subs)
	}
	if mail := h.Get("/v1/mails").OK().Array("data")[0].(*object.Object); mail.String("kind") != "welcome" || mail.String("to") != "jenny@example.com" {
		t.Errorf("the mail is %s", mail.AppendJSON(nil, 0))
	}
	b.get("/signup?plan=free").leads(t, "/after-payment")
	b.get("/login").leads(t, "/account")
	b.post("/logout").leads(t, "/")
	b.get("/account").leads(t, "/login?next=%2Faccount")
}

// TestFormCountsOnce sends a form of the sign-up twice, and from another browser.
func TestFormCountsOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b, other := h.browser(t), h.browser(t)
	form := formField.FindStringSubmatch(b.get("/signup").text)[1]
	other.get("/signup")
	send := func(b *browser, email string) *answer {
		return b.post("/signup", "form", form, "plan", "free", "email", email)
	}
	send(b, "jenny@example.com").leads(t, "/after-payment")
	send(b, "jenny@example.com").leads(t, "/after-payment")
	if n := len(h.customers("jenny@example.com")); n != 1 {
		t.Errorf("there are %d customers", n)
	}
	send(b, "frank@example.com").want(t, 400, "This form was sent already")
	send(other, "jenny@example.com").want(t, 400, "This form is too old")
}

func TestSignUpPro(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browser(t)
	to := b.signUp("sharesmart_pro_monthly", "jenny@example.com")
	to.leads(t, h.URL+"/c/pay/cs_test_")
	session := to.to[strings.LastIndexByte(to.to, '/')+1:]
	s := h.Get("/v1/checkout/sessions/" + session).OK()
	if !strings.HasPrefix(s.String("success_url"), h.URL+"/after-payment?") || !strings.HasSuffix(s.String("success_url"), "session_id={CHECKOUT_SESSION_ID}") || s.String("mode") != "subscription" {
		t.Errorf("the session is %s", s.AppendJSON(nil, 0))
	}
	// Coming back without having paid gives nothing.
	b.get("/after-payment?session_id="+session).want(t, 200, "Your payment has not arrived yet", "ShareSmart Free")
	b.get("/account").want(t, 200, "You are on the free plan.")
	stranger := h.browser(t)
	stranger.get("/after-payment?session_id="+session).leads(t, "/login")
	stranger.signUp("free", "frank@example.com")
	stranger.get("/after-payment?session_id="+session).want(t, 403, "This payment is not of this browser")
	stranger.get("/account/card?session_id="+session).leads(t, "/account")

	h.Post("/v1/test_helpers/checkout/sessions/"+session+"/complete", "payment_method", "pm_card_visa").OK()
	stranger.get("/after-payment?session_id="+session).want(t, 403)
	stranger.get("/account").want(t, 200, "You are on the free plan.")
	b.get("/after-payment?session_id="+session).want(t, 200, "Congratulations", "ShareSmart Pro")
	b.get("/account").want(t, 200, "ShareSmart Pro", "Visa", "$5.00", "PDF")
}

// TestTrial signs up for a trial, which an address has once, and lets it end without a card.
func TestTrial(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.browser(t).get("/pricing")
	ext := h.Get("/v1/extensions").IDs()[0]
	h.Post("/v1/extensions/"+ext, "trial_period_days", "14").OK()
	b := h.browser(t)
	b.get("/pricing").want(t, 200, "The first 14 days are free.")
	try := func(b *browser) {
		t.Helper()
		form := formField.FindStringSubmatch(b.get("/signup?trial=1").text)[1]
		b.post("/signup", "form", form, "trial", "1", "plan", "sharesmart_pro_monthly", "email", "jenny@example.com").leads(t, "/after-payment")
	}
	try(b)
	b.get("/account").want(t, 200, "ShareSmart Pro", "Your trial ends on September 15, 2026.")
	again := h.browser(t)
	try(again)
	again.get("/account").want(t, 200, "You are on the free plan.")
	h.Clock.Advance(15 * 24 * time.Hour)
	if err := h.Engine.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.get("/account").want(t, 200, "You are on the free plan.")
	to := b.post("/upgrade", "plan", "sharesmart_pro_monthly").to
	if s := h.Get("/v1/checkout/sessions/" + to[strings.LastIndexByte(to, '/')+1:]).OK(); s.Int("amount_total") != 500 {
		t.Errorf("the second trial costs %d", s.Int("amount_total"))
	}
}

func TestUpgradeAndBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browser(t)
	b.signUp("free", "jenny@example.com").leads(t, "/after-payment")
	b.get("/upgrade").want(t, 200, "Your plan: ShareSmart Free.")
	b.get("/upgrade?plan=sharesmart_pro_monthly").want(t, 200, "What changes", "What is left over of ShareSmart Free", "Due today", "$5.00")
	to := b.post("/upgrade", "plan", "sharesmart_pro_monthly")
	to.leads(t, h.URL+"/c/pay/")
	h.Post("/v1/test_helpers/checkout/sessions/"+to.to[strings.LastIndexByte(to.to, '/')+1:]+"/complete", "payment_method", "pm_card_visa").OK()
	b.get("/account").want(t, 200, "ShareSmart Pro")
	h.Clock.Advance(15 * 24 * time.Hour) // half of September
	b.get("/upgrade?plan=sharesmart_pro_yearly").want(t, 200, "Unused time on ShareSmart Pro", "-$2.50", "$46.03", "Pay $43.53 and change the plan")
	b.post("/upgrade", "plan", "sharesmart_pro_yearly").leads(t, "/account?done=changed")
	b.get("/account").want(t, 200, "$48.00 a year", "$43.53")
	b.get("/upgrade?plan=sharesmart_pro_monthly").want(t, 200, "are left over of your plan so far", `data-testid="due">$0.00`)
	b.post("/upgrade", "plan", "free").leads(t, "/account?done=changed")
	b.get("/account").want(t, 200, "and is not renewed", "Keep the plan")
	b.post("/account/resume").leads(t, "/account?done=resumed")
	b.post("/account/cancel").leads(t, "/account?done=canceled")
	b.get("/account?done=canceled").want(t, 200, "Your plan is canceled", "Keep the plan")
	b.post("/upgrade", "plan", "nonsense").want(t, 400, "Choose a plan")
}

// TestGift gives a member a plan, which is not theirs to change, and has another one canceled where the portal does it.
func TestGift(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browser(t)
	b.signUp("free", "friend@example.com")
	customer := h.customers("friend@example.com")[0]
	g := h.Post("/v1/grants", "extension", h.Get("/v1/extensions").IDs()[0], "customer", customer, "expires_at", fmt.Sprint(servertest.Start.AddDate(0, 2, 0).Unix())).OK()
	page := b.get("/account")
	page.want(t, 200, "ShareSmart Pro", "It was given to you.", "It ends on November 1, 2026")
	if strings.Contains(page.text, "Keep the plan") || strings.Contains(page.text, "Cancel the plan") {
		t.Error("a gift can be changed")
	}
	for _, path := range []string{"/account/resume", "/account/cancel"} {
		b.post(path).leads(t, "/account")
	}
	b.post("/upgrade", "plan", "sharesmart_pro_yearly").want(t, 400, "Your plan was given to you.")
	if s := h.Get("/v1/subscriptions/" + g.Ref("subscription")).OK(); s.Get("cancel_at") == nil {
		t.Error("the gift has no end any more")
	}
	h.Post("/v1/grants/" + g.ID() + "/revoke").OK()
	to := b.post("/upgrade", "plan", "sharesmart_pro_monthly").to
	h.Post("/v1/test_helpers/checkout/sessions/"+to[strings.LastIndexByte(to, '/')+1:]+"/complete", "payment_method", "pm_card_visa").OK()
	sub := h.Get("/v1/subscriptions", "customer", customer).IDs()[0]
	h.Post("/v1/subscriptions/"+sub, "cancel_at", "min_period_end").OK()
	b.get("/account").want(t, 200, "Keep the plan")
	b.post("/account/resume").leads(t, "/account?done=resumed")
	b.get("/account").want(t, 200, "It is renewed on")
}

func TestLogIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := h.browser(t)
	first.signUp("free", "jenny@example.com")
	ask := func(b *browser, email string) string {
		t.Helper()
		b.get("/login")
		a := b.post("/login", "email", email, "next", "/upgrade")
		a.leads(t, "/login/code?")
		u, err := url.Parse(a.to)
		if err != nil {
			t.Fatal(err)
		}
		b.get(a.to).want(t, 200, "If a member has the address "+email)
		return u.Query().Get("code")
	}
	text := func() string {
		return h.Get("/v1/mails", "limit", "1").OK().Array("data")[0].(*object.Object).String("text")
	}
	b, thief := h.browser(t), h.browser(t)
	code := ask(b, "jenny@example.com")
	digits := regexp.MustCompile(`\b\d{6}\b`).FindString(text())
	thief.post("/login/code", "code", code, "digits", digits).want(t, 422, "This code is not right") // another browser did not ask
	b.post("/login/code", "code", code, "digits", "12345").want(t, 422, "This code is not right")
	b.post("/login/code", "code", code, "digits", digits, "next", "/upgrade").leads(t, "/upgrade")
	b.get("/account").want(t, 200, "jenny@example.com")
	h.browser(t).post("/login/code", "code", code, "digits", digits).want(t, 422)
	if said := h.said.String(); strings.Count(said, "a code of a member was refused") != 3 || strings.Count(said, "a member logged in") != 1 || !strings.Contains(said, "customer=cus_") || strings.Contains(said, digits) || strings.Contains(said, "@") {
		t.Errorf("the log says %s", said)
	}
	first.get("/account").leads(t, "/login") // it had not shown that it may read the mail

	c := h.browser(t)
	ask(c, "jenny@example.com")
	link := regexp.MustCompile(`/login/link\?\S+`).FindString(text())
	c.get(link).want(t, 200, "One click and you are in") // what looks into mails does not use it up
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	c.post("/login/link", "token", u.Query().Get("token")+"x").want(t, 410, "This link was used")
	c.post("/login/link", "token", u.Query().Get("token"), "next", "/upgrade").leads(t, "/upgrade")
	h.browser(t).post("/login/link", "token", u.Query().Get("token")).want(t, 410, "This link was used")

	ask(h.browser(t), "nobody@example.com")
	for n := range 6 {
		a := h.browser(t).post("/login", "email", "often@example.com")
		if n < 5 && a.status != 303 || n == 5 && a.status != 429 {
			t.Errorf("request %d for a code: %d", n, a.status)
		}
	}
}

// TestSecurity tries what must not work.
func TestSecurity(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browser(t)
	b.signUp("free", "jenny@example.com")

	t.Run("forms from elsewhere", func(t *testing.T) {
		for _, header := range []http.Header{{"Sec-Fetch-Site": {"cross-site"}}, {"Sec-Fetch-Site": {"same-site"}}, {"Sec-Fetch-Site": nil, "Origin": {"https://evil.example"}}} {
			b.header = header
			for _, path := range []string{"/account/cancel", "/account/delete", "/upgrade", "/logout", "/connect", "/login", "/signup"} {
				b.post(path, "sure", "yes").want(t, 403, "This form did not come from here")
			}
		}
		b.header = http.Header{}
		b.get("/account").want(t, 200)
	})
	t.Run("leading elsewhere", func(t *testing.T) {
		for _, next := range []string{"https://evil.example/", "//evil.example/", `/\evil.example/`, "javascript:alert(1)", "/\t/evil.example", "evil.example"} {
			a := b.post("/settings", "theme", "dark", "next", next)
			a.leads(t, "/")
			if a.to != "/" {
				t.Errorf("%q leads to %q", next, a.to)
			}
		}
	})
	t.Run("what is typed stays text", func(t *testing.T) {
		evil := `"><script>alert(1)</script>`
		for _, path := range []string{"/signup?plan=" + url.QueryEscape(evil), "/login?next=" + url.QueryEscape("/"+evil), "/login/code?email=" + url.QueryEscape(evil) + "&code=" + url.QueryEscape(evil), "/login/link?token=" + url.QueryEscape(evil), "/pricing?pair=" + url.QueryEscape(evil), "/account?done=" + url.QueryEscape(evil), "/" + url.PathEscape(evil)} {
			if text := h.browser(t).get(path).text; strings.Contains(text, "<script>alert") {
				t.Errorf("%s shows the script: %s", path, text)
			}
		}
		other := h.browser(t)
		if text := other.post("/login", "email", evil).text; strings.Contains(text, "<script>alert") {
			t.Errorf("the login shows the script: %s", text)
		}
	})
	t.Run("what sellers and installs write stays text", func(t *testing.T) {
		evil := `<script>alert(1)</script>`
		other := newHouse(t)
		b := other.browser(t)
		other.browser(t).get("/pricing")
		ext := other.Get("/v1/extensions").IDs()[0]
		other.Post("/v1/extensions/"+ext, "name", evil).OK()
		other.Post("/v1/products/sharesmart_free", "name", evil, "marketing_features[0][name]", evil).OK()
		b.signUp("free", "jenny@example.com").leads(t, "/after-payment")
		code := regexp.MustCompile(`sharesmart-pairing" content="([^"]+)"`).FindStringSubmatch(b.get("/after-payment").text)[1]
		install := other.Post("/v1/installs", "extension", ext, "name", evil).OK().ID()
		other.Post("/v1/installs/"+install+"/pair", "code", code).OK()
		other.Post("/v1/shares", "customer", other.customers("jenny@example.com")[0], "title", evil, "items[0][url]", "https://example.com/?"+evil).OK()
		for _, path := range []string{"/", "/pricing", "/signup", "/account", "/upgrade", "/account/shares", "/after-payment", "/download", "/from-extension"} {
			if text := b.get(path).text; strings.Contains(text, "<script>alert") {
				t.Errorf("%s shows the script", path)
			}
		}
		b.get("/account").want(t, 200, "&lt;script&gt;alert(1)&lt;/script&gt;")
	})
	t.Run("others' things", func(t *testing.T) {
		other := h.browser(t)
		other.signUp("free", "frank@example.com")
		sessions := regexp.MustCompile(`name="session" value="([^"]+)"`)
		b2 := h.browser(t)
		b2.signUp("free", "third@example.com")
		if sessions.MatchString(b2.get("/account").text) {
			t.Error("somebody sees others' browsers")
		}
		share := h.Post("/v1/shares", "customer", h.customers("frank@example.com")[0], "items[0][url]", "https://example.com").OK().ID()
		b.post("/account/shares/delete", "share", share).leads(t, "/account/shares")
		h.Get("/v1/shares/" + share).OK()
	})
	t.Run("cookies", func(t *testing.T) {
		a := h.browser(t).signUp("free", "cookie@example.com")
		for _, c := range a.header.Values("Set-Cookie") {
			if strings.HasPrefix(c, "__Host-member=") && (!strings.Contains(c, "HttpOnly") || !strings.Contains(c, "Secure") || !strings.Contains(c, "SameSite=Lax")) {
				t.Errorf("the cookie is %s", c)
			}
		}
		forged := h.browser(t)
		forged.header.Set("Cookie", "__Host-member=msess_x.secret")
		forged.get("/account").leads(t, "/login")
	})
	t.Run("a session begins anew", func(t *testing.T) {
		fixed := h.browser(t)
		fixed.header.Set("Cookie", "__Host-member=msess_fixed.secret; __Host-browser=known")
		form := formField.FindStringSubmatch(fixed.get("/signup").text)[1]
		a := fixed.post("/signup", "form", form, "plan", "free", "email", "fixed@example.com")
		a.leads(t, "/after-payment")
		if c := a.header.Get("Set-Cookie"); strings.Contains(c, "msess_fixed") || !strings.HasPrefix(c, "__Host-member=msess_") {
			t.Errorf("the session is %q", c)
		}
	})
	t.Run("headers", func(t *testing.T) {
		for _, path := range []string{"/", "/pricing", "/account", "/signup", "/nothing"} {
			a := b.get(path)
			if csp := a.header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
				t.Errorf("%s: the policy is %q", path, csp)
			}
			if strings.Contains(a.text, "<script>") || strings.Contains(a.text, " style=") || strings.Contains(a.text, " onclick=") {
				t.Errorf("%s has scripts or styles in it", path)
			}
		}
	})
}

func TestData(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browser(t)
	to := b.signUp("sharesmart_pro_monthly", "jenny@example.com").to
	h.Post("/v1/test_helpers/checkout/sessions/"+to[strings.LastIndexByte(to, '/')+1:]+"/complete", "payment_method", "pm_card_visa").OK()
	customer := h.customers("jenny@example.com")[0]
	share := h.Post("/v1/shares", "customer", customer, "items[0][url]", "https://example.com/x").OK()
	b.get("/account/shares").want(t, 200, share.String("url"))
	b.get("/account/export").want(t, 200, `"email": "jenny@example.com"`, share.ID(), `"invoice": [`)
	b.get("/account/delete").want(t, 200, "This cannot be undone")
	b.post("/account/delete").want(t, 422, "Tick the box to go on")
	b.post("/account/delete", "sure", "yes").want(t, 200, "Your account is deleted")
	if !h.Get("/v1/customers/" + customer).OK().Bool("deleted") {
		t.Error("the customer is still there")
	}
	h.Get("/v1/shares/"+share.ID()).Fails(404, "resource_missing")
	for _, s := range h.Get("/v1/subscriptions", "customer", customer, "status", "all").OK().Array("data") {
		if s.(*object.Object).String("status") != "canceled" {
			t.Error("the subscription goes on")
		}
	}
	b.get("/account").leads(t, "/login")
}

func TestShortLinks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browser(t)
	b.signUp("free", "jenny@example.com")
	customer := h.customers("jenny@example.com")[0]
	one := h.Post("/v1/shares", "customer", customer, "items[0][url]", "https://example.com/a?b=c#d").OK()
	two := h.Post("/v1/shares", "customer", customer, "items[0][url]", "https://example.com/1", "items[1][url]", "https://example.com/2", "items[1][title]", "<b>Two</b>", "title", "Reading").OK()
	path := func(s *object.Object) string { return strings.TrimPrefix(s.String("url"), h.URL) }
	reader := h.browser(t)
	for range 3 {
		if a := reader.get(path(one)); a.status != 302 || a.to != "https://example.com/a?b=c#d" || a.header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("the link leads to %q with %d", a.to, a.status)
		}
	}
	reader.do(http.MethodHead, path(one), nil)
	ahead := h.browser(t)
	ahead.header.Set("Sec-Purpose", "prefetch")
	ahead.get(path(one))
	reader.get(path(one)+"+").want(t, 200, "https://example.com/a?b=c#d")
	reader.get(path(two)).want(t, 200, "<h1>Reading</h1>", "https://example.com/1", "&lt;b&gt;Two&lt;/b&gt;")
	reader.get("/s/nothing").want(t, 404, "There is nothing here")
	h.pages.WriteClicks(t.Context())
	got := h.Get("/v1/shares/" + one.ID()).OK()
	day := got.Array("clicks_by_day")
	if got.Int("clicks") != 3 || len(day) != 1 || day[0].(*object.Object).Int("clicks") != 3 || day[0].(*object.Object).String("day") != "2026-09-01" {
		t.Errorf("the share is %s", got.AppendJSON(nil, 0))
	}
	if n := h.Get("/v1/shares/" + two.ID()).OK().Int("clicks"); n != 1 {
		t.Errorf("the collection has %d clicks", n)
	}
}

func TestGermanPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browser(t)
	b.header.Set("Accept-Language", "de-AT,de;q=0.9,en;q=0.5")
	b.get("/pricing").want(t, 200, `<html lang="de">`, "Preise", "im Monat", "5,00\u00a0$")
	b.post("/settings", "lang", "en", "next", "/pricing").leads(t, "/pricing")
	b.get("/pricing").want(t, 200, `<html lang="en">`, "a month")
	b.post("/settings", "theme", "dark", "next", "/pricing").leads(t, "/pricing")
	b.get("/pricing").want(t, 200, `data-theme="dark"`)
}

// main is the part of a page that is its own.
func main(page string) string {
	_, page, _ = strings.Cut(page, "<main")
	page, _, _ = strings.Cut(page, "</main>")
	return page
}

// TestDigitsAreSlowed types codes until the address is told to wait: not even the right one is taken then.
func TestDigitsAreSlowed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browser(t)
	for range 60 {
		b.post("/login/code", "code", "lc_none", "digits", "123456").want(t, 422)
	}
	b.post("/login/code", "code", "lc_none", "digits", "123456").want(t, 429, "Try again in ten minutes")
	h.Clock.Advance(10 * time.Minute)
	b.post("/login/code", "code", "lc_none", "digits", "123456").want(t, 422)
}

// TestSessionsEnd visits every four weeks: a session lives on by that, but not for ever.
func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browser(t)
	b.signUp("free", "jenny@example.com")
	const visits = 13 // the last of them in the 52nd week
	for range visits {
		h.Clock.Advance(28 * 24 * time.Hour)
		b.get("/account").want(t, 200)
	}
	h.Clock.Advance(28 * 24 * time.Hour)
	b.get("/account").leads(t, "/login?next=%2Faccount")
}
