package docs_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
	"sharesmart/internal/version"
	"sharesmart/internal/web/docs/reference"

	"github.com/getkin/kin-openapi/openapi3"
)

// catalog is what the manual's server serves.
func (m *manual) catalog() *reference.Catalog {
	return reference.NewCatalog(func(op *spec.Operation) bool { return m.Engine.Origin(op) != resource.OriginUnsupported })
}

var (
	anchors   = regexp.MustCompile(` id="([^"]+)"`)
	hrefs     = regexp.MustCompile(` href="([^"]+)"`)
	unread    = regexp.MustCompile(`\w\]\([/#h][^)\s]*\)`) // a link in Markdown
	endpoints = regexp.MustCompile(`<p class="endpoint"><span class="method">([A-Z]+)</span> <code>([^<]+)</code>`)
)

// TestReference opens every page of the reference: links and anchors lead somewhere, each operation is on one page, and
// what is sent is light.
func TestReference(t *testing.T) {
	t.Parallel()
	if !thorough {
		t.Skip("the whole reference is read without the race detector")
	}
	m := newManual(t)
	r, c := m.reader(t), m.catalog()
	var ids, links map[string]bool
	all, seen := map[string]map[string]bool{}, map[string]string{}
	waiting := map[string][]string{} // links to other pages, by where they are
	for _, page := range c.Resources() {
		text, _ := r.get(page.Address(), http.StatusOK)
		ids, links = map[string]bool{}, map[string]bool{}
		for _, a := range anchors.FindAllStringSubmatch(text, -1) {
			if ids[a[1]] {
				t.Errorf("%s has %s twice", page.Address(), a[1])
			}
			ids[a[1]] = true
		}
		for _, h := range hrefs.FindAllStringSubmatch(text, -1) {
			links[strings.ReplaceAll(h[1], "&amp;", "&")] = true
		}
		all[page.Address()] = ids
		for link := range links {
			waiting[page.Address()] = append(waiting[page.Address()], link)
		}
		for _, e := range endpoints.FindAllStringSubmatch(text, -1) {
			if at := seen[e[1]+" "+e[2]]; at != "" {
				t.Errorf("%s %s is on %s and on %s", e[1], e[2], at, page.Address())
			}
			seen[e[1]+" "+e[2]] = page.Address()
		}
		if written := unread.FindString(text); written != "" {
			t.Errorf("%s shows how a link is written: %s", page.Address(), written)
		}
		if n := zipped(t, text); n > 100<<10 || len(text) > 600<<10 {
			t.Errorf("%s is %d bytes, and %d as they are sent", page.Address(), len(text), n)
		}
	}
	for _, op := range spec.Operations() {
		if served := m.Engine.Origin(op) != resource.OriginUnsupported; served != (seen[op.Method+" "+op.Path] != "") {
			t.Errorf("%s: served is %t, and it is on %q", op.ID, served, seen[op.Method+" "+op.Path])
		}
	}
	for from, links := range waiting {
		for _, link := range links {
			checkLink(t, r, c, all, from, link)
		}
	}
}

// checkLink follows a link within the documentation.
func checkLink(t *testing.T, r *reader, c *reference.Catalog, pages map[string]map[string]bool, from, link string) {
	t.Helper()
	path, anchor, _ := strings.Cut(link, "#")
	anchor, err := url.PathUnescape(anchor)
	if err != nil {
		t.Errorf("%s leads to %s: %v", from, link, err)
	}
	path, _, _ = strings.Cut(path, "?")
	if path == "" {
		path = from
	}
	slug, part, isPart := strings.Cut(strings.TrimPrefix(path, reference.Prefix+"/"), "/parts/")
	switch {
	case !strings.HasPrefix(path, "/docs"):
	case isPart:
		if on := c.Resource(slug); on == nil || c.Part(on, part) == nil {
			t.Errorf("%s leads to %s, where nothing is", from, link)
		}
	case pages[path] != nil:
		if anchor != "" && len(pages[path]) > 0 && !pages[path][anchor] {
			t.Errorf("%s leads to %s, which has no such anchor", from, link)
		}
	case !strings.HasSuffix(path, ".md") && !strings.HasSuffix(path, ".json"):
		pages[path] = map[string]bool{}
		r.get(path, http.StatusOK)
	}
}

func zipped(t *testing.T, text string) int {
	t.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

func TestReferenceAddresses(t *testing.T) {
	t.Parallel()
	r := newManual(t).reader(t)
	for _, c := range []struct {
		path   string
		status int
		says   []string
	}{
		{"/docs/api", 200, []string{"<h1>API reference</h1>", `href="/docs/api/checkout/sessions"`, "Core resources"}},
		{"/docs/api/nothing", 404, []string{"There is nothing here"}},
		{"/docs/api/customers/parts/create/nothing", 404, []string{"There is nothing here"}},
		{"/docs/api/customers/parts/nothing", 404, []string{"There is nothing here"}},
		{"/docs/api/customers", 200, []string{
			`id="create.email"`, `id="create.address.city"`, `id="object.created"`, `id="create.tax_exempt=exempt"`, "rak_customer_write", "customer=write",
			`href="/docs/errors/resource_missing"`, "stripe.customers.create(", "https://docs.example:9443/v1/customers", "200 OK", "Last passed on 20",
		}},
		{"/docs/api/customers?lang=python", 200, []string{`id="sample-create-python"><pre`, `id="sample-create-curl" hidden><pre`}},
		{"/docs/api/orders", 200, []string{"/v1/orders/{id}/pay", "order=write"}}, // ours
		{"/docs/api/payment_intents", 200, []string{`href="/docs/api/payment_intents/parts/create/payment_method_options"`}},
		{"/docs/api/payment_intents/parts/create/payment_method_options/card", 200, []string{"Create a payment intent", `id="create.payment_method_options.card.capture_method"`}},
		{"/docs/api/payment_intents/parts/create/payment_method_options", 200, []string{`id="create.payment_method_options.card"`}},
		{"/docs/api/charges/parts/object/payment_method_details", 200, []string{"The charge object", `id="object.payment_method_details.card"`}},
		{"/docs/api/confirmation_tokens", 200, []string{"A browser makes confirmation tokens"}},
		{"/docs/api/customers.md", 200, []string{"# Customers\n", "```ruby\n", "`POST /v1/customers`"}},
		{"/docs/api.md", 200, []string{"- [Customers](https://docs.example:9443/docs/api/customers.md): Create a customer"}},
		{"/llms.txt", 200, []string{"(https://docs.example:9443/docs/api/customers.md)"}},
		{"/sitemap.xml", 200, []string{"<loc>https://docs.example:9443/docs/api/issuing/cards</loc>"}},
	} {
		text, _ := r.get(c.path, c.status)
		for _, want := range c.says {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q", c.path, want)
			}
		}
	}
}

// TestOpenAPI reads the document with a library that knows the format, and finds each operation that is served.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	if !thorough {
		t.Skip("the document is validated without the race detector")
	}
	m := newManual(t)
	text, header := m.reader(t).get("/docs/openapi.json", http.StatusOK)
	if got := header.Get("Content-Type"); got != "application/json" {
		t.Errorf("its type is %s", got)
	}
	doc, err := openapi3.NewLoader().LoadFromData([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context(), openapi3.DisableExamplesValidation(), openapi3.DisableSchemaPatternValidation()); err != nil {
		t.Error(err)
	}
	if doc.Servers[0].URL != "https://docs.example:9443" {
		t.Errorf("it is of %s", doc.Servers[0].URL)
	}
	found := 0
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			found++
			if served := m.catalog().Operation(op.OperationID); served == nil || served.Path != path || served.Method != method {
				t.Errorf("%s %s is %s, which is not served there", method, path, op.OperationID)
			}
		}
	}
	if want := len(operationsOf(m.catalog())); found != want {
		t.Errorf("it has %d operations, want %d", found, want)
	}
	if doc.Components.Schemas["charge"].Value.Properties["order"] == nil {
		t.Error("it lacks what the overlay adds")
	}
}

func operationsOf(c *reference.Catalog) (all []*reference.Operation) {
	for _, r := range c.Resources() {
		all = append(all, r.Operations...)
	}
	return all
}

// TestPostman reads the collection: each operation is in it once, and each variable is said what it is.
func TestPostman(t *testing.T) {
	t.Parallel()
	m := newManual(t)
	text, _ := m.reader(t).get("/docs/postman.json", http.StatusOK)
	type part struct {
		Name    string
		Item    []part
		Request *struct {
			Method string
			URL    struct {
				Raw      string
				Path     []string
				Variable []struct{ Key string }
			}
			Body *struct{ Mode string }
		}
	}
	var c struct {
		part
		Info     struct{ Name, Schema string }
		Auth     struct{ Type string }
		Variable []struct{ Key, Value string }
	}
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		t.Fatal(err)
	}
	if c.Auth.Type != "basic" || !strings.HasSuffix(c.Info.Schema, "/collection/v2.1.0/collection.json") || c.Variable[0].Value != "https://docs.example:9443" {
		t.Errorf("its head is %v", c)
	}
	var got []string
	var walk func(part)
	walk = func(p part) {
		for _, inner := range p.Item {
			walk(inner)
		}
		if p.Request == nil {
			return
		}
		path := p.Request.URL.Raw
		for _, v := range p.Request.URL.Variable {
			path = strings.Replace(path, ":"+v.Key, "{"+v.Key+"}", 1)
		}
		got = append(got, p.Request.Method+" "+strings.TrimPrefix(path, "{{base_url}}"))
		if p.Name == "" || (p.Request.Method != http.MethodPost && p.Request.Body != nil) {
			t.Errorf("%s has no name, or a body: %v", path, p)
		}
	}
	walk(c.part)
	var want []string
	for _, op := range operationsOf(m.catalog()) {
		want = append(want, op.Method+" "+op.Path)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("it has %d requests, want %d", len(got), len(want))
	}
}

// TestVersions finds each change of a version on the page of each object that it is about, and on the page of all.
func TestVersions(t *testing.T) {
	t.Parallel()
	m := newManual(t)
	r, c := m.reader(t), m.catalog()
	all, _ := r.get("/docs/versions", http.StatusOK)
	for _, kind := range []string{"subscription", "invoice", "customer", "checkout.session", "payment_intent"} {
		page := c.ByKind(kind)
		text, _ := r.get(page.Address(), http.StatusOK)
		for _, g := range version.Of(kind) {
			if !strings.Contains(text, ` id="versions.`+g.Name+`"`) || !strings.Contains(all, "<strong>"+g.Name+"</strong>") {
				t.Errorf("%s does not tell of %s", page.Address(), g.Name)
			}
		}
	}
	if text, _ := r.get("/docs/api/reviews", http.StatusOK); strings.Contains(text, `id="versions"`) {
		t.Error("reviews have not changed, and the page says so")
	}
}
