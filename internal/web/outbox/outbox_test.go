package outbox_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/mail"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
	"sharesmart/internal/web/outbox"
)

// development is a server that shows its outbox.
type development struct {
	*servertest.Server
	t      *testing.T
	mailer *mail.Mailer
	pages  *outbox.Pages
}

func newDevelopment(t *testing.T) *development {
	t.Helper()
	m := mail.New(mail.Options{From: netmail.Address{Address: "no-reply@localhost"}, Invoice: billing.InvoicePaper, Receipt: billing.ReceiptPaper})
	s := servertest.New(t, servertest.Mail(m))
	m.Account = s.Account.ID
	return &development{s, t, m, outbox.New(outbox.Options{Engine: s.Engine, Registry: s.Registry, Log: slog.New(slog.NewTextHandler(&bytes.Buffer{}, nil))})}
}

// write writes to an address in an environment, and says where that is shown.
func (d *development) write(env, to string) string {
	d.t.Helper()
	ns, err := d.Registry.Namespace(d.Account.ID, env)
	if err != nil {
		d.t.Fatal(err)
	}
	o, err := d.Engine.Call(d.t.Context(), ns, func(op *resource.Op) (err error) {
		op.Object, err = mail.SignInCode{To: to, Code: "482913", Link: "https://shop.example/in", Valid: time.Minute}.Send(d.mailer, op)
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return outbox.Path + "/" + strconv.FormatInt(int64(ns.NS), 36) + "/" + o.ID()
}

func (d *development) open(path string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	d.t.Helper()
	r := httptest.NewRequest(http.MethodGet, "https://localhost:8443"+path, nil)
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	d.pages.ServeHTTP(w, r)
	return w
}

// shows asserts a status and parts of the page.
func (d *development) shows(w *httptest.ResponseRecorder, status int, parts ...string) {
	d.t.Helper()
	if w.Code != status {
		d.t.Fatalf("status %d, want %d:\n%s", w.Code, status, w.Body)
	}
	for _, part := range parts {
		if !strings.Contains(w.Body.String(), part) {
			d.t.Errorf("the page lacks %q:\n%s", part, w.Body)
		}
	}
}

func TestOutbox(t *testing.T) {
	t.Parallel()
	d := newDevelopment(t)
	d.shows(d.open("/outbox"), http.StatusOK, "No messages yet")
	at := d.write(access.Test, "jenny@example.com")
	d.write(access.Test, "kim@example.org")
	d.shows(d.open("/outbox"), http.StatusOK, `href="`+at+`"`, "jenny@example.com", "kim@example.org", "Sign in to ShareSmart", "held")
	found := d.open("/outbox?to=%20JENNY")
	d.shows(found, http.StatusOK, "jenny@example.com")
	if strings.Contains(found.Body.String(), "kim@") {
		t.Error("the search finds what was not searched for")
	}
	d.shows(d.open("/outbox?to=%3Cb%3E"), http.StatusOK, "Nothing to &lt;b&gt;")
	d.shows(d.open(at), http.StatusOK, "jenny@example.com", "482913", `src="`+at+`/html"`)
	html := d.open(at + "/html")
	d.shows(html, http.StatusOK, "482\u00a0913", `<base target="_blank">`)
	for _, directive := range []string{"sandbox", "default-src 'none'", "frame-ancestors 'self'"} {
		if csp := html.Header().Get("Content-Security-Policy"); !strings.Contains(csp, directive) {
			t.Errorf("the policy of the HTML lacks %s: %s", directive, csp)
		}
	}
	style := regexp.MustCompile(`/outbox/static/[^"]+`).FindString(found.Body.String())
	d.shows(d.open(style), http.StatusOK, "--accent")
}

func TestOutboxOfSandbox(t *testing.T) {
	t.Parallel()
	d := newDevelopment(t)
	box := d.Post("/v1/sandboxes", "name", "Mine & yours").OK().ID()
	at := d.write(box, "jenny@example.com")
	d.shows(d.open("/outbox"), http.StatusOK, "No messages yet", "Mine &amp; yours")
	d.shows(d.open("/outbox?in="+box), http.StatusOK, "jenny@example.com", `href="`+at+`"`)
	d.shows(d.open(at), http.StatusOK, "jenny@example.com")
	d.Delete("/v1/sandboxes/" + box).OK()
	d.shows(d.open("/outbox?in="+box), http.StatusNotFound)
	d.shows(d.open(at), http.StatusNotFound)
}

func TestOlderMessages(t *testing.T) {
	t.Parallel()
	d := newDevelopment(t)
	for i := range 51 {
		d.write(access.Test, fmt.Sprintf("jenny.%d@example.com", i))
	}
	first := d.open("/outbox?to=jenny")
	next := regexp.MustCompile(`href="([^"]+)" rel="next"`).FindStringSubmatch(first.Body.String())
	if next == nil || strings.Contains(first.Body.String(), "jenny.0@") || !strings.Contains(first.Body.String(), "jenny.50@") {
		t.Fatalf("the first page:\n%s", first.Body)
	}
	second := d.open(strings.ReplaceAll(next[1], "&amp;", "&"))
	d.shows(second, http.StatusOK, "jenny.0@", `value="jenny"`)
	if strings.Contains(second.Body.String(), "jenny.1@") || strings.Contains(second.Body.String(), `rel="next"`) {
		t.Errorf("the second page:\n%s", second.Body)
	}
}

// Who may not see it sees nothing, and nobody sees live mode.
func TestOutboxIsClosed(t *testing.T) {
	t.Parallel()
	d := newDevelopment(t)
	at, live := d.write(access.Test, "jenny@example.com"), d.write(access.Live, "rosen@example.com")
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	for name, change := range map[string]func(*http.Request){
		"another name": host("shop.example"), "another name with a port": host("shop.example:8443"), "a name that leads here": host("localhost.evil.example"),
		"a proxy": header("X-Forwarded-For", "203.0.113.7"), "a newer proxy": header("Forwarded", "for=203.0.113.7"),
	} {
		for _, path := range []string{"/outbox", at, at + "/html"} {
			if w := d.open(path, change); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "jenny") {
				t.Errorf("%s: %s: %d\n%s", name, path, w.Code, w.Body)
			}
		}
	}
	for _, path := range []string{live, live + "/html", "/outbox/zz/mail_1", "/outbox/1/cus_1", at + "/pdf", "/outbox?after=mail_none"} {
		d.shows(d.open(path), http.StatusNotFound)
	}
	for _, name := range []string{"127.0.0.1:8443", "[::1]:8443", "LOCALHOST"} {
		d.shows(d.open("/outbox", host(name)), http.StatusOK)
	}
	d.pages.Open = true
	d.shows(d.open("/outbox", host("demo.example")), http.StatusOK, "jenny@example.com")
	if w := d.open("/outbox", func(r *http.Request) { r.Method = http.MethodPost }); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}
