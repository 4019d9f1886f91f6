//go:build stripecli

// Package cli runs Stripe's own command line against the server: what it does with Stripe it must be able to do here.
package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stripe/stripe-go/v85/webhook"
)

var update = flag.Bool("update", false, "write the golden file instead of comparing with it")

// base is the server; Stripe's command line takes no other than one on a port of 127.0.0.1.
var base = os.Getenv("SDK_PLAIN_URL")

// sandbox is one user of the command line, with a sandbox and a home of its own.
type sandbox struct {
	t         *testing.T
	key, home string
}

func newSandbox(t *testing.T) *sandbox {
	t.Helper()
	s := &sandbox{t: t, key: os.Getenv("SDK_KEY"), home: t.TempDir()}
	var made struct {
		Key string `json:"secret_key"`
	}
	s.api(http.MethodPost, "/v1/sandboxes", url.Values{"name": {t.Name()}}, &made)
	s.key = made.Key
	return s
}

// api sends a request of the test's own.
func (s *sandbox) api(method, path string, form url.Values, into any) {
	s.t.Helper()
	r, err := http.NewRequest(method, base+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	r.SetBasicAuth(s.key, "")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer got.Body.Close()
	if err := json.NewDecoder(got.Body).Decode(into); err != nil {
		s.t.Fatal(err)
	}
}

// stripe is the command line at work.
func (s *sandbox) stripe(ctx context.Context, args ...string) *exec.Cmd {
	s.t.Helper()
	binaries, err := filepath.Glob("node_modules/@stripe/cli-*/bin/stripe")
	if err != nil || len(binaries) != 1 {
		s.t.Fatalf("the command line is not installed: %v, %v", binaries, err)
	}
	binary, err := filepath.Abs(binaries[0])
	if err != nil {
		s.t.Fatal(err)
	}
	c := exec.CommandContext(ctx, binary, append(args, "--api-base", base, "--api-key", s.key)...)
	c.Dir = s.home
	c.Env = []string{"HOME=" + s.home, "PATH=" + os.Getenv("PATH"), "STRIPE_CLI_TELEMETRY_OPTOUT=1", "DO_NOT_TRACK=1"}
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	c.WaitDelay = 5 * time.Second
	return c
}

// run carries out a command that ends by itself.
func (s *sandbox) run(args ...string) (string, error) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	out, err := s.stripe(ctx, args...).CombinedOutput()
	return string(out), err
}

// start begins a command that goes on, and gives its lines.
func (s *sandbox) start(args ...string) <-chan string {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c := s.stripe(ctx, args...)
	r, w := io.Pipe()
	c.Stdout, c.Stderr = w, w
	if err := c.Start(); err != nil {
		s.t.Fatal(err)
	}
	lines, done := make(chan string, 1000), make(chan struct{})
	go func() {
		defer close(lines)
		for scan := bufio.NewScanner(r); scan.Scan(); {
			lines <- scan.Text()
		}
	}()
	go func() {
		_ = c.Wait() // it ends with the signal
		_ = w.Close()
		close(done)
	}()
	s.t.Cleanup(func() { cancel(); <-done })
	return lines
}

// await reads lines until one matches.
func await(t *testing.T, lines <-chan string, pattern string) []string {
	t.Helper()
	match, seen := regexp.MustCompile(pattern), []string{}
	late := time.After(20 * time.Second)
	for {
		select {
		case line, ok := <-lines:
			if !ok {
				t.Fatalf("the command ended before it said %q: %q", pattern, seen)
			}
			if found := match.FindStringSubmatch(line); found != nil {
				return found
			}
			seen = append(seen, line)
		case <-late:
			t.Fatalf("the command did not say %q, but %q", pattern, seen)
		}
	}
}

// aliases are triggers that cause an event of another name.
var aliases = map[string]string{"subscription.payment_failed": "invoice.payment_failed", "subscription.payment_succeeded": "invoice.payment_succeeded"}

// eventOf is the event that a trigger is to cause.
func eventOf(trigger string) string {
	if other := aliases[trigger]; other != "" {
		return other
	}
	return strings.TrimSuffix(strings.TrimSuffix(trigger, ".eu"), ".gb")
}

// TestTriggers runs each trigger in a sandbox of its own and looks whether its event is there.
func TestTriggers(t *testing.T) {
	help, err := newSandbox(t).run("trigger", "--help")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(help, "Supported events:")
	list, _, _ = strings.Cut(list, "Usage:")
	names := strings.Fields(list)
	outcome := make([]string, len(names))
	t.Run("all", func(t *testing.T) {
		for i, name := range names {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				outcome[i] = name + "\t" + newSandbox(t).trigger(name)
			})
		}
	})
	compare(t, "triggers.golden", outcome)
}

// trigger says how a trigger went: ok, or why not.
func (s *sandbox) trigger(name string) string {
	s.t.Helper()
	// An account has a default configuration of its portal once somebody has saved one.
	var saved json.RawMessage
	s.api(http.MethodPost, "/v1/billing_portal/configurations", url.Values{"features[invoice_history][enabled]": {"true"}}, &saved)
	out, err := s.run("trigger", name)
	if err != nil && strings.Contains(out, "https://meter-events.stripe.com/") {
		return "goes to a host of Stripe's"
	}
	if err != nil {
		reason := regexp.MustCompile(`"message": "(?:[^"\\]|\\.)*"`).FindString(out)
		reason = regexp.MustCompile(`\b([a-z]+_[A-Za-z0-9]{14,})`).ReplaceAllString(strings.TrimPrefix(reason, `"message": `), "ID")
		if reason == "" {
			lines := strings.Split(strings.TrimSpace(out), "\n")
			reason = regexp.MustCompile(`\d+`).ReplaceAllString(lines[len(lines)-1], "N")
		}
		return reason
	}
	for range 80 { // some events come when the server's timers run, which they do every second
		var page struct{ Data []struct{ ID string } }
		s.api(http.MethodGet, "/v1/events?limit=1&type="+eventOf(name), nil, &page)
		if len(page.Data) > 0 {
			return "ok"
		}
		time.Sleep(100 * time.Millisecond)
	}
	return "no event"
}

func compare(t *testing.T, file string, lines []string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(strings.TrimSpace(string(want)), "\n"), lines); diff != "" {
		t.Errorf("%s has changed; if that is right, run this with -update:\n%s", file, diff)
	}
}

// TestFixtures runs a file that uses what its requests were answered, the environment and .env.
func TestFixtures(t *testing.T) {
	t.Parallel()
	s := newSandbox(t)
	fixture := `{"_meta": {"template_version": 0}, "fixtures": [
		{"name": "customer", "path": "/v1/customers", "method": "post", "params": {"email": "${.env:EMAIL}", "metadata": {"plan": "pro"}}},
		{"name": "product", "path": "/v1/products", "method": "post", "params": {"name": "For ${customer:email}"}},
		{"name": "price", "path": "/v1/prices", "method": "post", "params": {"product": "${product:id}", "unit_amount": 1500, "currency": "usd"}},
		{"name": "again", "path": "/v1/customers/${customer:id}", "method": "get"}],
		"env": {"PRICE": "${price:id}"}}`
	for name, text := range map[string]string{"shop.json": fixture, ".env": "EMAIL=jenny@example.com\nPRICE=none\n"} {
		if err := os.WriteFile(filepath.Join(s.home, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := s.run("fixtures", "shop.json", "--override", "price:unit_amount=700"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var prices struct {
		Data []struct {
			ID     string
			Amount int `json:"unit_amount"`
		}
	}
	s.api(http.MethodGet, "/v1/prices", nil, &prices)
	env, err := os.ReadFile(filepath.Join(s.home, ".env"))
	if err != nil {
		t.Fatal(err)
	}
	if len(prices.Data) != 1 || prices.Data[0].Amount != 700 || !bytes.Contains(env, []byte(prices.Data[0].ID)) {
		t.Errorf("made %+v, .env is %s", prices, env)
	}
}

// TestListen forwards events to an endpoint, whose library takes their signatures.
func TestListen(t *testing.T) {
	t.Parallel()
	s := newSandbox(t)
	got, signatures := make(chan string, 100), make(chan string, 100)
	endpoint := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got <- string(body)
		signatures <- r.Header.Get("Stripe-Signature")
	}))
	t.Cleanup(endpoint.Close)
	lines := s.start("listen", "--all-snapshot", "--forward-to", endpoint.URL+"/hook")
	secret := await(t, lines, `Ready.*(whsec_[0-9a-f]{64})`)[1]
	if out, err := s.run("trigger", "customer.created"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	event, err := webhook.ConstructEventWithOptions([]byte(<-got), <-signatures, secret, webhook.ConstructEventOptions{IgnoreAPIVersionMismatch: true})
	if err != nil || event.Type != "customer.created" {
		t.Errorf("forwarded %v, %v", event.Type, err)
	}
	await(t, lines, `--> customer\.created \[evt_`)
	await(t, lines, fmt.Sprintf(`<--  \[200\] POST %s/hook`, regexp.QuoteMeta(endpoint.URL)))
	if out, err := s.run("listen", "--print-secret"); err != nil || !strings.Contains(out, secret) {
		t.Errorf("--print-secret: %v: %s", err, out)
	}
}

// TestListenThin forwards thin events, which the library's signature check takes as well.
func TestListenThin(t *testing.T) {
	t.Parallel()
	s := newSandbox(t)
	type delivery struct{ body, signature string }
	got := make(chan delivery, 100)
	endpoint := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got <- delivery{string(body), r.Header.Get("Stripe-Signature")}
	}))
	t.Cleanup(endpoint.Close)
	lines := s.start("listen", "--all-thin", "--forward-to", endpoint.URL+"/thin")
	secret := await(t, lines, `Ready.*(whsec_[0-9a-f]{64})`)[1]
	var customer struct{ ID string }
	s.api(http.MethodPost, "/v1/customers", url.Values{}, &customer)
	await(t, lines, `--> v1\.customer\.created \[evt_`)
	d := <-got
	if err := webhook.ValidatePayload([]byte(d.body), d.signature, secret); err != nil {
		t.Error(err)
	}
	var event struct {
		Type    string
		Related struct{ ID, URL string } `json:"related_object"`
	}
	if err := json.Unmarshal([]byte(d.body), &event); err != nil || event.Type != "v1.customer.created" || event.Related.ID != customer.ID {
		t.Errorf("forwarded %s: %v", d.body, err)
	}
	await(t, lines, fmt.Sprintf(`<--  \[200\] POST %s/thin`, regexp.QuoteMeta(endpoint.URL)))
}

// TestLogsTail shows the requests that fit.
func TestLogsTail(t *testing.T) {
	t.Parallel()
	s := newSandbox(t)
	lines := s.start("logs", "tail", "--filter-http-method", "POST", "--filter-status-code-type", "4XX")
	await(t, lines, "Ready")
	var customer, refused json.RawMessage
	s.api(http.MethodPost, "/v1/customers", url.Values{}, &customer)
	s.api(http.MethodPost, "/v1/customers", url.Values{"email": {"none"}}, &refused)
	if line := await(t, lines, `\[(\d+)\] POST /v1/customers \[req_`); line[1] != "400" {
		t.Errorf("shown first: %s", line[0])
	}
	await(t, lines, "Code: email_invalid")
}
