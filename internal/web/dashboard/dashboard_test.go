package dashboard_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"sharesmart/internal/billing"
	"sharesmart/internal/mail"
	"sharesmart/internal/people"
	"sharesmart/internal/servertest"
	"sharesmart/internal/web/dashboard"
)

const password = "a horse and a battery"

// office is a server with its Dashboard.
type office struct {
	*servertest.Server
	t      *testing.T
	people *people.Registry
	pages  *dashboard.Pages
	log    *bytes.Buffer
}

func newOffice(t *testing.T, change ...func(*dashboard.Options)) *office {
	t.Helper()
	m := mail.New(mail.Options{From: netmail.Address{Address: "no-reply@localhost"}, Server: &mail.Server{}})
	s := servertest.New(t, servertest.Mail(m))
	m.Account = s.Account.ID
	o := &office{Server: s, t: t, log: &bytes.Buffer{}}
	o.people = people.New(people.Options{Store: s.Store, Clock: s.Clock, Access: s.Registry, Engine: s.Engine, Mail: m, BaseURL: "https://dash.example"})
	options := dashboard.Options{
		Engine: s.Engine, Registry: s.Registry, People: o.people, Store: s.Store, Log: slog.New(slog.NewTextHandler(o.log, nil)), Clock: s.Clock,
		BaseURL: "https://dash.example", Account: s.Account.ID, Mail: m, ClientID: billing.ClientID, Redirects: billing.Redirects, SetRedirects: billing.SetRedirects,
	}
	for _, c := range change {
		c(&options)
	}
	options.API = s.Handler
	o.pages = dashboard.New(options)
	o.pages.API = s.Handler
	t.Cleanup(func() {
		if o.log.Len() > 0 {
			t.Errorf("the log has\n%s", o.log)
		}
	})
	return o
}

// browser keeps cookies, as one does.
type browser struct {
	*office
	jar map[string]string
}

func (o *office) browser() *browser { return &browser{o, map[string]string{}} }

// send sends a request, of the page itself if it is a form.
func (b *browser) send(method, path string, form url.Values, change ...func(*http.Request)) *httptest.ResponseRecorder {
	b.t.Helper()
	r := httptest.NewRequest(method, "https://dash.example"+path, strings.NewReader(form.Encode()))
	if method != http.MethodGet {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for name, value := range b.jar {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	ctx, leave := context.WithCancel(r.Context())
	defer leave()
	b.pages.ServeHTTP(&glance{w, leave}, r.WithContext(ctx))
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.jar, c.Name)
			continue
		}
		b.jar[c.Name] = c.Value
	}
	return w
}

// glance leaves a page that goes on for ever as soon as it has sent something.
type glance struct {
	*httptest.ResponseRecorder
	leave func()
}

func (g *glance) Flush() {
	g.ResponseRecorder.Flush()
	g.leave()
}

func (b *browser) get(path string) *httptest.ResponseRecorder {
	return b.send(http.MethodGet, path, nil)
}

// post sends a form of pairs of names and values.
func (b *browser) post(path string, pairs ...string) *httptest.ResponseRecorder {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.send(http.MethodPost, path, form)
}

// shows asserts a status and parts of the page.
func (o *office) shows(w *httptest.ResponseRecorder, status int, parts ...string) string {
	o.t.Helper()
	if w.Code != status {
		o.t.Fatalf("status %d, want %d:\n%s", w.Code, status, w.Body)
	}
	for _, part := range parts {
		if !strings.Contains(w.Body.String(), part) {
			o.t.Errorf("the page lacks %q:\n%s", part, w.Body)
		}
	}
	return w.Body.String()
}

// leads asserts where the answer leads to.
func (o *office) leads(w *httptest.ResponseRecorder, to string) {
	o.t.Helper()
	if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != to {
		o.t.Fatalf("status %d to %q, want to %q:\n%s", w.Code, got, to, w.Body)
	}
}

// owner is the browser of the first owner.
func (o *office) owner() *browser {
	o.t.Helper()
	token, err := o.people.SetUpToken(o.t.Context(), o.Account.ID)
	if err != nil || token == "" {
		o.t.Fatalf("the token to set up is %q, %v", token, err)
	}
	b := o.browser()
	o.leads(b.post("/dashboard/set-up", "token", token, "name", "Ada Owner", "email", "Ada@Example.com", "password", password), "/dashboard/test/")
	return b
}

func TestSetUp(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.browser()
	o.leads(b.get("/dashboard/test/keys?x=1"), "/dashboard/sign-in?next="+url.QueryEscape("/dashboard/test/keys?x=1"))
	old, _ := o.people.SetUpToken(t.Context(), o.Account.ID)
	token, _ := o.people.SetUpToken(t.Context(), o.Account.ID)
	o.shows(b.get("/dashboard/set-up?token="+old), http.StatusGone)
	o.shows(b.get("/dashboard/set-up?token="+token), http.StatusOK, "Become the owner", token)
	for field, value := range map[string]string{"name": " ", "email": "ada", "password": "short"} {
		form := map[string]string{"name": "Ada", "email": "ada@example.com", "password": password}
		form[field] = value
		o.shows(b.post("/dashboard/set-up", "token", token, "name", form["name"], "email", form["email"], "password", form["password"]), http.StatusUnprocessableEntity, `id="`+field+`-fault"`)
	}
	o.leads(b.post("/dashboard/set-up", "token", token, "name", "Ada", "email", "ada@example.com", "password", password), "/dashboard/test/")
	o.shows(b.get("/dashboard/test/"), http.StatusOK, "Ada", "TEST")
	if page := b.get("/dashboard/").Body.String(); strings.Contains(page, "TEST") {
		t.Error("live mode says TEST")
	}
	o.shows(o.browser().post("/dashboard/set-up", "token", token, "name", "Eve", "email", "eve@example.com", "password", password), http.StatusGone)
	if again, err := o.people.SetUpToken(t.Context(), o.Account.ID); again != "" || err != nil {
		t.Errorf("there is a second token: %q, %v", again, err)
	}
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.owner()
	b := o.browser()
	for _, wrong := range [][2]string{{"ada@example.com", "wrong horse"}, {"eve@example.com", password}, {"ada@example.com", ""}} {
		o.shows(b.post("/dashboard/sign-in", "email", wrong[0], "password", wrong[1]), http.StatusUnprocessableEntity, "The address or the password is not right")
	}
	o.leads(b.post("/dashboard/sign-in", "email", " ADA@example.com ", "password", password, "next", "/dashboard/test/search?q=x"), "/dashboard/test/search?q=x")
	first := b.jar["__Host-dashboard"]
	o.shows(b.get("/dashboard/"), http.StatusOK)
	o.leads(b.post("/dashboard/sign-in", "email", "ada@example.com", "password", password, "next", "//evil.example/dashboard/"), "/dashboard/")
	if b.jar["__Host-dashboard"] == first {
		t.Error("the session did not change with the sign-in")
	}
	stale := o.browser()
	stale.jar["__Host-dashboard"] = first
	o.leads(stale.get("/dashboard/"), "/dashboard/sign-in?next=%2Fdashboard%2F")
	token := b.jar["__Host-dashboard"]
	o.leads(b.post("/dashboard/sign-out"), "/dashboard/sign-in")
	b.jar["__Host-dashboard"] = token
	o.leads(b.get("/dashboard/"), "/dashboard/sign-in?next=%2Fdashboard%2F")
}

func TestSignInIsSlowedDown(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.owner()
	b := o.browser()
	for range 10 {
		o.shows(b.post("/dashboard/sign-in", "email", "ada@example.com", "password", "wrong horse"), http.StatusUnprocessableEntity)
	}
	o.shows(b.post("/dashboard/sign-in", "email", "ada@example.com", "password", password), http.StatusTooManyRequests)
}

func TestAssets(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.browser()
	page := o.shows(b.get("/dashboard/sign-in"), http.StatusOK)
	for _, path := range regexp.MustCompile(`/dashboard/assets/[^"]+`).FindAllString(page, -1) {
		w := b.get(path)
		o.shows(w, http.StatusOK)
		if cache := w.Header().Get("Cache-Control"); !strings.Contains(cache, "immutable") {
			t.Errorf("%s is kept as %q", path, cache)
		}
	}
	o.shows(b.get("/dashboard/assets/none.css"), http.StatusNotFound)
}
