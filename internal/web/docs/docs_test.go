package docs_test

import (
	"context"
	"encoding/xml"
	"html"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/servertest"
	"sharesmart/internal/web/docs"
	"sharesmart/internal/web/docs/reference"
	"sharesmart/internal/web/docs/try"
)

// manual is a server with the documentation.
type manual struct {
	*servertest.Server
	pages *docs.Pages
	web   *httptest.Server
}

func newManual(t testing.TB) *manual {
	t.Helper()
	m := &manual{Server: servertest.New(t)}
	ns, err := m.Registry.Namespace(m.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	m.pages = docs.New(docs.Options{Engine: m.Engine, Log: slog.New(slog.NewTextHandler(failing{t}, nil)), Clock: m.Clock, Namespace: ns, BaseURL: "https://docs.example:9443", API: m.Handler, Sandboxes: m.sandboxes()})
	m.web = httptest.NewTLSServer(m.pages)
	t.Cleanup(m.web.Close)
	return m
}

// sandboxes are those of everybody who sends the header that stands for being signed in.
func (m *manual) sandboxes() *try.Sandboxes {
	return try.New(try.Options{
		Registry: m.Registry, Clock: m.Clock,
		Account: func(r *http.Request) string { return r.Header.Get("Test-Account") },
		Seed:    func(ctx context.Context, ns *access.Namespace) error { return billing.SeedSamples(ctx, m.Engine, ns) },
	})
}

// failing lets a fault of the pages fail the test.
type failing struct{ t testing.TB }

func (f failing) Write(p []byte) (int, error) {
	f.t.Errorf("the pages say %s", p)
	return len(p), nil
}

// reader is a browser that keeps cookies and does not follow where it is led.
type reader struct {
	t *testing.T
	*http.Client
	url string
}

func (m *manual) reader(t *testing.T) *reader {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &reader{t, &http.Client{Transport: m.web.Client().Transport, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, m.web.URL}
}

// do sends a request and returns what is answered.
func (r *reader) do(method, path, site string, form url.Values) (status int, text string, header http.Header) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		r.t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", site)
	}
	got, err := r.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return got.StatusCode, string(body), got.Header
}

// get opens a page that must answer a status.
func (r *reader) get(path string, want int) (string, http.Header) {
	r.t.Helper()
	status, text, header := r.do(http.MethodGet, path, "", nil)
	if status != want {
		r.t.Fatalf("%s answers %d, want %d:\n%s", path, status, want, text)
	}
	return text, header
}

// say posts a vote, which must answer a status; fields are names and values in turn.
func (r *reader) say(want int, fields ...string) (string, http.Header) {
	r.t.Helper()
	status, text, header := r.do(http.MethodPost, "/docs/votes", "same-origin", formOf(fields))
	if status != want {
		r.t.Fatalf("the vote %v answers %d, want %d:\n%s", fields, status, want, text)
	}
	return text, header
}

func formOf(fields []string) url.Values {
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return form
}

var links = regexp.MustCompile(`(?:href|src)="(/(?:docs|llms)[^"]*|#[^"]*)"`)

// walk opens pages, from the first on, by the links that lead to them. Those of the reference have a test of their own, and
// are opened only where a link leads to a place on one.
type walk struct {
	*reader
	places map[string]map[string]bool // the ids on each page that was opened
	led    map[string][]string        // the pages with a link to a place, by its address
}

// open opens a page and returns the pages that its links lead to.
func (w *walk) open(path string) (on []string) {
	w.t.Helper()
	text, header := w.get(path, http.StatusOK)
	w.places[path] = map[string]bool{"": true}
	if strings.HasPrefix(header.Get("Content-Type"), "text/html") {
		w.check(path, text)
	}
	for _, id := range anchors.FindAllStringSubmatch(text, -1) {
		w.places[path][html.UnescapeString(id[1])] = true
	}
	for _, m := range links.FindAllStringSubmatch(text, -1) {
		to, place, _ := strings.Cut(html.UnescapeString(m[1]), "#")
		to, _, _ = strings.Cut(to, "?")
		if to == "" {
			to = path
		}
		if place != "" && !strings.HasPrefix(path, reference.Prefix+"/") {
			w.led[to+"#"+place] = append(w.led[to+"#"+place], path)
		}
		if !strings.HasPrefix(to, reference.Prefix+"/") {
			on = append(on, to)
		}
	}
	return on
}

// check looks at what each page of a section must be.
func (w *walk) check(path, text string) {
	if len(text) > 80<<10 && !strings.HasPrefix(path, reference.Prefix+"/") {
		w.t.Errorf("%s weighs %d bytes", path, len(text))
	}
	if strings.Contains(text, "8443") || strings.Contains(strings.ReplaceAll(text, "localhost:", ""), "localhost") {
		w.t.Errorf("%s does not name this server", path)
	}
	if n := strings.Count(text, "<h1"); n != 1 {
		w.t.Errorf("%s has %d headings", path, n)
	}
}

// TestPages opens every page: it has one heading, weighs little, names this server, and its links into the documentation
// lead somewhere, to the very place.
func TestPages(t *testing.T) {
	t.Parallel()
	w := &walk{newManual(t).reader(t), map[string]map[string]bool{}, map[string][]string{}}
	for waiting := []string{"/docs"}; len(waiting) > 0; waiting = waiting[1:] {
		if w.places[waiting[0]] == nil {
			waiting = append(waiting, w.open(waiting[0])...)
		}
	}
	for _, p := range pages(t) {
		if path := "/docs/" + p.Slug; p.Slug != "index" && w.places[path] == nil {
			t.Errorf("no link leads to %s", path)
		}
	}
	for _, address := range slices.Sorted(maps.Keys(w.led)) {
		to, place, _ := strings.Cut(address, "#")
		if w.places[to] == nil {
			w.open(to)
		}
		if !w.places[to][place] {
			t.Errorf("%v lead to %s, which has no such place", w.led[address], address)
		}
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	r := newManual(t).reader(t)
	for _, c := range []struct {
		path   string
		status int
		says   string // or where it leads
	}{
		{"/docs/", 200, "<h1>Documentation</h1>"},
		{"/docs/nothing", 404, "There is nothing here"},
		{"/docs/nothing.md", 404, "There is nothing here"},
		{"/docs/error-codes", 301, "/docs/errors"},
		{"/docs/error-codes/card-declined", 301, "/docs/errors/card_declined"},
		{"/docs/errors/card-declined", 301, "/docs/errors/card_declined"},
		{"/docs/errors/card_declined", 200, "<h1>card_declined</h1>"},
		{"/docs/authentication.md", 200, "# Authentication\n"},
		{"/docs/authentication.md", 200, "curl https://docs.example:9443/v1/balance"},
		{"/docs/authentication.md", 200, "```ruby\n"},
		{"/docs/authentication.md", 200, `"object": "balance"`},
		{"/docs/index.md", 200, "# Documentation\n"},
		{"/llms-full.txt", 200, "# Pagination\n"},
		{"/llms-full.txt", 200, "# card_declined\n"},
		{"/llms-full.txt", 200, "- [Customers](https://docs.example:9443/docs/api/customers.md)"},
		{"/llms.txt", 200, "- [Authentication](https://docs.example:9443/docs/authentication.md): API keys"},
		{"/robots.txt", 200, "Sitemap: https://docs.example:9443/sitemap.xml\n"},
		{"/docs/pagination", 200, "Last passed on 20"},
		{"/docs/errors/card_declined", 200, "Last passed on 20"},
		{"/docs/errors/api_key_expired", 200, "The steps last passed on 20"},
		{"/llms.txt", 200, "(https://docs.example:9443/docs/errors/card_declined.md)"},
	} {
		text, header := r.get(c.path, c.status)
		if !strings.Contains(text, c.says) && header.Get("Location") != c.says {
			t.Errorf("%s does not say %q:\n%s", c.path, c.says, text)
		}
	}
}

func TestSitemap(t *testing.T) {
	t.Parallel()
	text, _ := newManual(t).reader(t).get("/sitemap.xml", http.StatusOK)
	var all struct {
		URLs []string `xml:"url>loc"`
	}
	if err := xml.Unmarshal([]byte(text), &all); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"/pricing", "/docs", "/docs/upgrade", "/docs/errors/rate_limit"} {
		if !slices.Contains(all.URLs, "https://docs.example:9443"+want) {
			t.Errorf("%s is not in the sitemap", want)
		}
	}
}

// TestLanguage follows the links of the tabs: the language of the samples is in the address, and kept for other pages.
func TestLanguage(t *testing.T) {
	t.Parallel()
	r := newManual(t).reader(t)
	shown := func(path string) []string {
		text, _ := r.get(path, http.StatusOK)
		var langs []string
		for _, m := range regexp.MustCompile(`id="sample-(?:create-)?([a-z]+)">`).FindAllStringSubmatch(text, -1) {
			langs = append(langs, m[1])
		}
		return langs
	}
	for _, c := range []struct{ path, lang string }{
		{"/docs/upgrade", "curl"}, {"/docs/upgrade?lang=cobol", "curl"}, {"/docs/upgrade?lang=ruby", "ruby"},
		{"/docs/pagination", "ruby"}, {"/docs/pagination?lang=go", "go"}, {"/docs/errors/card_declined", "curl"}, {"/docs/upgrade", "go"},
		{"/docs/api/customers?lang=cli", "cli"}, {"/docs/upgrade", "curl"}, // which has none in that language
	} {
		if got := shown(c.path); !slices.Equal(got, []string{c.lang}) {
			t.Errorf("%s shows %v, want %s", c.path, got, c.lang)
		}
	}
}

// TestErrorCodes: there is a page for every code in the source, and none for others.
func TestErrorCodes(t *testing.T) {
	t.Parallel()
	found := answered(t)
	delete(found, "")
	if len(found) < 80 {
		t.Errorf("only %d codes were found in the source", len(found))
	}
	for _, p := range pages(t) {
		if !strings.HasPrefix(p.Slug, "errors/") {
			continue
		}
		if found[p.Title] == "" {
			t.Errorf("%s has a page, and nothing answers it", p.Title)
		}
		delete(found, p.Title)
	}
	for _, code := range slices.Sorted(maps.Keys(found)) {
		t.Errorf("%s, which %s answers, has no page: add it to content/errors.yaml", code, found[code])
	}
}
