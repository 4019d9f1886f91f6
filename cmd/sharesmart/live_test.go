package main

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// seller is a server in live mode and the one that stands for Stripe, both as processes, with HTTP alone between them.
type seller struct {
	*running
	t       *testing.T
	bank    *running
	key     string // of live mode
	browser *http.Client
}

// askAPI calls the API of a server and decodes what it says.
func askAPI(t *testing.T, r *running, method, path, key, form string) map[string]any {
	t.Helper()
	status, _, body := r.request(method, r.url+path, key, form)
	var o map[string]any
	if err := json.Unmarshal([]byte(body), &o); err != nil || status != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, path, status, body)
	}
	return o
}

// freePort is an address on this machine that nobody listens at.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

func newSeller(t *testing.T) *seller {
	t.Helper()
	s := &seller{t: t, bank: start(t, "serve", "--https", "127.0.0.1:0", "--http", "127.0.0.1:0")}
	plain, data := freePort(t), t.TempDir()
	endpoint := askAPI(t, s.bank, http.MethodPost, "/v1/webhook_endpoints", s.bank.secret, "url=http://"+plain+"/hooks/stripe&enabled_events[]=*")
	s.running = startWith(t, []string{"SHARESMART_STRIPE_KEY=" + s.bank.secret, "SHARESMART_STRIPE_WEBHOOK_SECRET=" + endpoint["secret"].(string)},
		"serve", "--data", data, "--https", "127.0.0.1:0", "--http", plain, "--live", "--stripe-publishable-key", s.bank.shown("Publishable"), "--stripe-url", s.bank.plain)
	t.Cleanup(func() {
		s.kill()
		for _, secret := range []string{s.bank.secret, endpoint["secret"].(string)} {
			if strings.Contains(s.greeting+s.stderr.String(), secret) {
				t.Error("a secret of Stripe is in what the server says")
			}
		}
	})
	s.key = decode[struct{ Secret string }](t, "keys", "create", "--env", "live", "--data", data).Secret
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s.browser = &http.Client{Transport: s.client.Transport, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return s
}

func (s *seller) api(method, path, form string) map[string]any {
	s.t.Helper()
	return askAPI(s.t, s.running, method, path, s.key, form)
}

// visited is what a page answered, read.
type visited struct {
	StatusCode int
	Header     http.Header
}

// visit opens a page as a browser does, or sends a form.
func (s *seller) visit(address string, form url.Values) (text string, got visited) {
	s.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = s.url + address
	}
	method, body := http.MethodGet, ""
	if form != nil {
		method, body = http.MethodPost, form.Encode()
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	answer, err := s.browser.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(raw), visited{answer.StatusCode, answer.Header}
}

// typed is a card that the customer types into the field of Stripe's script on the page.
func (s *seller) typed(token string) string {
	s.t.Helper()
	pm := askAPI(s.t, s.bank, http.MethodPost, "/v1/payment_methods", s.bank.secret, "type=card&card[token]="+token)
	return pm["id"].(string)
}

var hiddenField = regexp.MustCompile(`name="(form|seen)" value="([^"]*)"`)

// signUp goes from the sign-up to the checkout of Pro, whose address it returns.
func (s *seller) signUp(email string) string {
	s.t.Helper()
	page, _ := s.visit("/signup?plan=sharesmart_pro_monthly", nil)
	m := hiddenField.FindStringSubmatch(page)
	if m == nil {
		s.t.Fatalf("the sign-up has no form: %s", page)
	}
	_, got := s.visit("/signup", url.Values{"form": {m[2]}, "plan": {"sharesmart_pro_monthly"}, "email": {email}})
	return got.Header.Get("Location")
}

// pay pays on the page of a checkout.
func (s *seller) pay(checkout, pm string) (string, visited) {
	s.t.Helper()
	page, got := s.visit(checkout, nil)
	policy := got.Header.Get("Content-Security-Policy")
	for _, part := range []string{`<script src="` + s.bank.plain + `/v3/"`, "data-remote", `name="remote_method"`, `data-key="pk_test_`} {
		if !strings.Contains(page, part) {
			s.t.Fatalf("the page has no %s: %s", part, page)
		}
	}
	if strings.Contains(page, `name="number"`) || !strings.Contains(policy, "script-src 'self' "+s.bank.plain+";") || !strings.Contains(policy, "connect-src "+s.bank.plain) {
		s.t.Errorf("the page asks for the number of a card, or may load what it need not: %s", policy)
	}
	seen := hiddenField.FindStringSubmatch(page)
	return s.visit(checkout, url.Values{"seen": {seen[2]}, "method": {"card"}, "name": {"Jenny Rosen"}, "country": {"US"}, "billing-country": {"US"}, "billing-postal_code": {"10001"}, "remote_method": {pm}})
}

// isPro reports whether the account's page says so.
func (s *seller) isPro() bool {
	page, _ := s.visit("/account", nil)
	return strings.Contains(page, "ShareSmart Pro") && !strings.Contains(page, "You are on the free plan.")
}

// wait waits until something is so: webhooks take a moment.
func (s *seller) wait(what string, so func() bool) {
	s.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !so() {
		if time.Now().After(deadline) {
			s.t.Fatalf("in vain waited for: %s", what)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// TestLivePurchase buys Pro for real money, with another server in the place of Stripe: a card is declined, a bank wants to
// see its holder, Pro is there, it renews, and is given back.
func TestLivePurchase(t *testing.T) {
	t.Parallel()
	s := newSeller(t)
	checkout := s.signUp("jenny@example.com")
	if !strings.HasPrefix(checkout, s.url+"/c/pay/cs_live_") {
		t.Fatalf("the sign-up leads to %q", checkout)
	}
	if page, got := s.pay(checkout, s.typed("tok_chargeDeclined")); got.StatusCode != http.StatusPaymentRequired || s.isPro() {
		t.Fatalf("a declined card: %d %s", got.StatusCode, page)
	}
	page, got := s.pay(checkout, s.typed("tok_threeDSecure2Required"))
	bank := strings.TrimPrefix(got.Header.Get("Refresh"), "0; url=")
	if got.StatusCode != http.StatusOK || !strings.HasPrefix(bank, s.bank.url+"/authenticate/") || s.isPro() {
		t.Fatalf("a card whose bank asks: %d, to %q: %s", got.StatusCode, bank, page)
	}
	back := s.authenticate(bank)
	if _, got = s.visit(back, nil); !strings.HasPrefix(got.Header.Get("Location"), checkout) {
		t.Fatalf("from the bank at %q the customer is led to %q", back, got.Header.Get("Location"))
	}
	if _, got = s.visit(got.Header.Get("Location"), nil); !strings.Contains(got.Header.Get("Location"), "/after-payment") {
		t.Fatalf("after the payment the customer is led to %q", got.Header.Get("Location"))
	}
	if page, _ = s.visit(got.Header.Get("Location"), nil); !strings.Contains(page, "Congratulations") || !s.isPro() {
		t.Fatalf("there is no Pro: %s", page)
	}
	s.renew()
	s.giveBack()
}

// authenticate is what a customer does on the page of the bank. It returns where they come back to.
func (s *seller) authenticate(bank string) string {
	s.t.Helper()
	client := &http.Client{Transport: s.bank.client.Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, bank, strings.NewReader("outcome=succeeded"))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got, err := client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = got.Body.Close()
	return got.Header.Get("Location")
}

// renew bills the subscription anew with a card that needs nobody, which Stripe has kept.
func (s *seller) renew() {
	s.t.Helper()
	sub := s.api(http.MethodGet, "/v1/subscriptions", "")["data"].([]any)[0].(map[string]any)
	customer, id := sub["customer"].(string), sub["id"].(string)
	pm := s.typed("tok_visa")
	s.api(http.MethodPost, "/v1/setup_intents", "customer="+customer+"&payment_method="+pm+"&payment_method_types[]=card&confirm=true")
	s.api(http.MethodPost, "/v1/subscriptions/"+id, "default_payment_method="+pm+"&billing_cycle_anchor=now&proration_behavior=none")
	in := s.api(http.MethodGet, "/v1/invoices?limit=1", "")["data"].([]any)[0].(map[string]any)
	if in["status"] != "paid" || in["amount_paid"] != float64(500) {
		s.t.Fatalf("the renewal is %v", in)
	}
}

// giveBack refunds at Stripe what the renewal took, of which the webhook tells.
func (s *seller) giveBack() {
	s.t.Helper()
	latest := askAPI(s.t, s.bank, http.MethodGet, "/v1/payment_intents?limit=1", s.bank.secret, "")["data"].([]any)[0].(map[string]any)
	askAPI(s.t, s.bank, http.MethodPost, "/v1/refunds", s.bank.secret, "payment_intent="+latest["id"].(string))
	s.wait("the refund", func() bool {
		all := s.api(http.MethodGet, "/v1/refunds", "")["data"].([]any)
		return len(all) == 1 && all[0].(map[string]any)["status"] == "succeeded"
	})
}
