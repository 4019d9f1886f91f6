package docs_test

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/servertest"
	"sharesmart/internal/web/docs/try"
)

// signedIn is a reader who may have sandboxes of an account.
func (m *manual) signedIn(t *testing.T, account string) *reader {
	t.Helper()
	r := m.reader(t)
	r.Transport = as{r.Transport, account}
	return r
}

// as sends the header that stands for being signed in.
type as struct {
	http.RoundTripper
	account string
}

func (a as) RoundTrip(r *http.Request) (*http.Response, error) {
	r.Header.Set("Test-Account", a.account)
	return a.RoundTripper.RoundTrip(r)
}

// try sends a form, whose answer must have a status; fields are names and values in turn.
func (r *reader) try(want int, operation string, fields ...string) string {
	r.t.Helper()
	status, text, _ := r.do(http.MethodPost, "/docs/try/"+operation, "same-origin", formOf(fields))
	if status != want {
		r.t.Fatalf("%s %v answers %d, want %d:\n%s", operation, fields, status, want, text)
	}
	return text
}

// sandboxKey is the key in the reader's cookie; empty for none.
func (r *reader) sandboxKey() string {
	u, _ := url.Parse(r.url)
	for _, c := range r.Jar.Cookies(u) {
		if c.Name == try.Cookie {
			return c.Value
		}
	}
	return ""
}

// setKey puts a key into the reader's cookie.
func (r *reader) setKey(key string) {
	u, _ := url.Parse(r.url)
	r.Jar.SetCookies(u, []*http.Cookie{{Name: try.Cookie, Value: key, Path: "/", Secure: true}})
}

var customerID = regexp.MustCompile(`cus_\w+`)

func TestTry(t *testing.T) {
	t.Parallel()
	m := newManual(t)
	r := m.signedIn(t, m.Account.ID)

	if text, _ := r.get("/docs/try/PostCustomers", http.StatusOK); !strings.Contains(text, "The first call makes a sandbox") || r.sandboxKey() != "" {
		t.Fatal("opening a form makes a sandbox, or does not say that the first call does")
	}
	text := r.try(http.StatusOK, "PostCustomers", "p:email", "jordan@example.com", "p:name", "", "p:metadata[team]", "7", "retry", "once")
	for _, want := range []string{"200 OK", "<code>customer.created</code>", "jordan@example.com", "Request-Id", "once", "-d email=jordan@example.com", "&#34;team&#34;"} {
		if !strings.Contains(text, want) {
			t.Errorf("the answer does not say %q:\n%s", want, text)
		}
	}
	id := customerID.FindString(text)

	// It is a call like any other: the same key answers the same, and it is in the log under its id.
	if again := r.try(http.StatusOK, "PostCustomers", "p:email", "jordan@example.com", "p:metadata[team]", "7", "retry", "once"); !strings.Contains(again, id) || !strings.Contains(again, "Idempotent-Replayed") {
		t.Errorf("the same call again is another one:\n%s", again)
	}
	if got := m.Do(servertest.Request{Key: r.sandboxKey(), Path: "/v1/customers/" + id}).OK().String("email"); got != "jordan@example.com" {
		t.Errorf("the sandbox has the customer %q", got)
	}

	// What was made is proposed for an address, its id leads to it, and an event shows what has changed.
	page, _ := r.get("/docs/try/PostCustomersCustomer", http.StatusOK)
	if !strings.Contains(page, `<option value="`+id+`">`) {
		t.Errorf("%s is not proposed", id)
	}
	text = r.try(http.StatusOK, "PostCustomersCustomer", "path:customer", id, "p:name", "Jordan")
	for _, want := range []string{"customer.updated", "<td><code>null</code></td><td><code>&#34;Jordan&#34;</code></td>", `href="/docs/try/GetCustomersCustomer?path%3Acustomer=` + id} {
		if !strings.Contains(text, want) {
			t.Errorf("the change does not say %q:\n%s", want, text)
		}
	}

	// An error of the API is an answer.
	text = r.try(http.StatusOK, "PostPaymentIntents", "p:amount", "1", "p:currency", "usd")
	if !strings.Contains(text, "400 Bad Request") || !strings.Contains(text, `href="/docs/errors/amount_too_small"`) || !strings.Contains(text, "This call caused no events.") {
		t.Errorf("an error is not explained:\n%s", text)
	}
	if text := r.try(http.StatusBadRequest, "GetCustomersCustomer", "path:customer", " "); !strings.Contains(text, "The address needs an ID.") {
		t.Errorf("an address without an id is not told:\n%s", text)
	}

	// The objects of the samples are there, and a form has what its sample sends.
	page, _ = r.get("/docs/post-responses", http.StatusOK)
	link := regexp.MustCompile(`href="(/docs/try/[^"]+)"`).FindStringSubmatch(page)
	if link == nil {
		t.Fatal("a section has no form for its sample")
	}
	form, _ := r.get(html.UnescapeString(link[1]), http.StatusOK)
	if !strings.Contains(form, `value="cn_1FWqvi2eZvKYlo2CZd3TwT6n"`) || !strings.Contains(form, `name="p:metadata[order_id]" value="6735"`) {
		t.Errorf("the form of a sample has not what that sends:\n%s", form)
	}
	r.try(http.StatusOK, "PostCreditNotesId", "path:id", "cn_1FWqvi2eZvKYlo2CZd3TwT6n", "p:metadata[order_id]", "6735")
}

// TestTryForm adds parameters to a form by its address.
func TestTryForm(t *testing.T) {
	t.Parallel()
	m := newManual(t)
	r := m.signedIn(t, m.Account.ID)
	for _, c := range []struct{ address, says string }{
		{"/docs/try/PostPaymentIntents?add=capture_method", `<select id="try-capture_method" name="p:capture_method"`},
		{"/docs/try/PostPaymentIntents?add=amount", `name="p:amount"`},
		{"/docs/try/PostPaymentIntents?p:amount=5", `id="try-amount" name="p:amount" value="5"`},
		{"/docs/try/PostPaymentIntents?p:amount=5", `<code>currency</code> <span class="tag tag-required">required</span>`},
		{"/docs/try/PostPaymentIntents?p:amount=5", `<option value="shipping[name]">`},
		{"/docs/try/PostPaymentIntents?add=shipping[name]", `href="/docs/api/payment_intents#create.shipping.name"`},
		{"/docs/try/PostCustomers?add=nonsense", `name="p:nonsense"`},
		{"/docs/try/GetCustomersCustomer?path:customer=%22%3E%3Cscript%3E", `value="&#34;&gt;&lt;script&gt;"`},
	} {
		if text, _ := r.get(c.address, http.StatusOK); !strings.Contains(text, c.says) {
			t.Errorf("%s does not say %s:\n%s", c.address, c.says, text)
		}
	}
	for _, operation := range []string{"Nothing", "PostFiles", "PostSandboxes"} {
		r.get("/docs/try/"+operation, http.StatusNotFound)
		r.try(http.StatusNotFound, operation)
	}
}

// TestTryNotAllowed sends forms that nobody may send. Nothing is made by any of them.
func TestTryNotAllowed(t *testing.T) {
	t.Parallel()
	m := newManual(t)
	other := m.signedIn(t, m.Account.ID)
	other.try(http.StatusOK, "PostCustomers", "p:email", "other@example.com")
	live := m.Account.LiveSecret.Secret
	someSandbox := m.Post("/v1/sandboxes", "name", "of a test").OK().String("secret_key")
	account, err := m.Registry.CreateAccount(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}

	if text := m.reader(t).try(http.StatusForbidden, "PostCustomers"); !strings.Contains(text, "You are not signed in, so nothing was sent.") || !strings.Contains(text, "https://docs.example:9443/v1/customers") {
		t.Errorf("who is not signed in is told:\n%s", text)
	}
	for name, site := range map[string]string{"another site": "cross-site", "another host of the site": "same-site"} {
		if status, _, _ := other.do(http.MethodPost, "/docs/try/PostCustomers", site, nil); status != http.StatusForbidden {
			t.Errorf("a form from %s answers %d", name, status)
		}
	}

	// A cookie that holds anything but the key of a reader's sandbox of that account is as good as none: a new one is made.
	for _, c := range []struct{ name, account, key string }{
		{"nonsense", m.Account.ID, "nonsense"},
		{"a forged key", m.Account.ID, forged(other.sandboxKey())},
		{"the account's own key", m.Account.ID, m.Key},
		{"a live key", m.Account.ID, live},
		{"the key of a sandbox for something else", m.Account.ID, someSandbox},
		{"the key of another account's reader", account.ID, other.sandboxKey()},
	} {
		r := m.signedIn(t, c.account)
		r.setKey(c.key)
		if page, _ := r.get("/docs/authentication", http.StatusOK); strings.Contains(page, "key-full") {
			t.Errorf("%s is shown in samples", c.name)
		}
		text := r.try(http.StatusOK, "GetCustomers")
		if strings.Contains(text, "other@example.com") || r.sandboxKey() == c.key {
			t.Errorf("%s opens what is not the reader's", c.name)
		}
	}
	if n := len(m.Get("/v1/customers").OK().Array("data")); n != 0 {
		t.Errorf("the account itself has %d customers", n)
	}
}

// forged is a key with another letter in it.
func forged(key string) string {
	b := []byte(key)
	if b[40]++; b[40] > 'y' || b[40] == ':' {
		b[40] = 'a'
	}
	return string(b)
}

func TestTryLimits(t *testing.T) {
	t.Parallel()
	m := newManual(t)
	r := m.signedIn(t, m.Account.ID)
	for range try.CallsAtOnce {
		r.try(http.StatusOK, "GetBalance")
	}
	if text := r.try(http.StatusTooManyRequests, "GetBalance"); !strings.Contains(text, "wait a moment") {
		t.Errorf("who sends too much is told:\n%s", text)
	}
	m.Clock.Advance(time.Minute)
	r.try(http.StatusOK, "GetBalance")

	// One address can only make so many.
	for range try.MadePerDay - 1 {
		m.signedIn(t, m.Account.ID).try(http.StatusOK, "GetBalance")
	}
	m.signedIn(t, m.Account.ID).try(http.StatusTooManyRequests, "GetBalance")

	// There are only so many at all.
	m.Clock.Advance(24*time.Hour - 2*time.Minute)
	r.try(http.StatusOK, "GetBalance") // keeps it
	for range try.Most {
		if _, err := m.Registry.CreateSandbox(t.Context(), access.SandboxSpec{Account: m.Account.ID, Metadata: map[string]string{"purpose": "documentation"}}); err != nil {
			t.Fatal(err)
		}
	}
	m.Clock.Advance(2 * time.Minute)
	if text := m.signedIn(t, m.Account.ID).try(http.StatusServiceUnavailable, "GetBalance"); !strings.Contains(text, "Too many people") {
		t.Errorf("who finds the server full is told:\n%s", text)
	}
}

// settle does what is due.
func (m *manual) settle(t *testing.T) {
	t.Helper()
	if err := m.Engine.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestTryEnds lets a sandbox end a day after it was used last.
func TestTryEnds(t *testing.T) {
	t.Parallel()
	m := newManual(t)
	r := m.signedIn(t, m.Account.ID)
	r.try(http.StatusOK, "PostCustomers", "p:email", "first@example.com")
	key := r.sandboxKey()
	for range 3 {
		m.Clock.Advance(23*time.Hour + 30*time.Minute)
		m.settle(t)
		if text := r.try(http.StatusOK, "GetCustomers"); !strings.Contains(text, "first@example.com") {
			t.Fatal("a sandbox that is used is gone")
		}
	}
	m.Clock.Advance(24*time.Hour + time.Minute)
	m.settle(t)
	if _, err := m.Registry.Authenticate(key); err == nil {
		t.Error("a sandbox that nobody used for a day is still there")
	}
	if text := r.try(http.StatusOK, "GetCustomers"); strings.Contains(text, "first@example.com") || r.sandboxKey() == key {
		t.Error("who comes back has not another one")
	}
}

func TestTryStartOver(t *testing.T) {
	t.Parallel()
	m := newManual(t)
	r := m.signedIn(t, m.Account.ID)
	r.try(http.StatusOK, "PostCustomers", "p:email", "first@example.com")
	key := r.sandboxKey()
	if status, _, header := r.do(http.MethodPost, "/docs/try/start-over", "same-origin", formOf([]string{"operation", "GetCustomers"})); status != http.StatusSeeOther || header.Get("Location") != "/docs/try/GetCustomers" {
		t.Fatalf("starting over answers %d and leads to %q", status, header.Get("Location"))
	}
	if text := r.try(http.StatusOK, "GetCustomers"); strings.Contains(text, "first@example.com") || r.sandboxKey() != key {
		t.Error("what was there is still there, or the key is another")
	}
	r.try(http.StatusOK, "GetCreditNotesId", "path:id", "cn_1FWqvi2eZvKYlo2CZd3TwT6n")
}

// TestKeysInSamples puts the reader's own key into samples, once they have a sandbox, and nowhere else.
func TestKeysInSamples(t *testing.T) {
	t.Parallel()
	m := newManual(t)
	r := m.signedIn(t, m.Account.ID)
	const published = "sk_test_4eC39HqLyjWDarjtT1zdp7dc"
	if page, _ := r.get("/docs/authentication", http.StatusOK); !strings.Contains(page, published) || strings.Contains(page, "key-full") {
		t.Error("who has no sandbox sees another key than the published one")
	}
	r.try(http.StatusOK, "GetBalance")
	full := `<span class="key-full">` + r.sandboxKey() + `</span>`
	for _, path := range []string{"/docs/authentication", "/docs/api/customers", "/docs/try/GetBalance"} {
		page, _ := r.get(path, http.StatusOK)
		blocks := strings.Join(regexp.MustCompile(`(?s)<pre.*?</pre>`).FindAllString(page, -1), "")
		if !strings.Contains(blocks, full) || strings.Contains(blocks, published) || strings.Count(page, r.sandboxKey()) != strings.Count(blocks, r.sandboxKey()) {
			t.Errorf("%s has not the reader's key in its code, or has it elsewhere", path)
		}
	}
	if text, _ := r.get("/docs/authentication.md", http.StatusOK); strings.Contains(text, r.sandboxKey()) {
		t.Error("the Markdown has the reader's key")
	}
	res, err := r.Get(r.url + "/docs/authentication")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	if res.Header.Get("Cache-Control") != "no-store" {
		t.Error("a page with a key may be kept by caches")
	}
}
