package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	links        = regexp.MustCompile(`(?:href|action)="([^"#]+)`)
	inlineScript = regexp.MustCompile(`(?i)<script(?:\s[^>]*)?>`)
	handlers     = regexp.MustCompile(`(?i)<[a-z][^>]*\son[a-z]+=`)
	inlineStyle  = regexp.MustCompile(`(?i)<style|<[a-z][^>]*\sstyle=`)
)

// mostPages bounds how many pages the test looks at, each kind of address coming before more of the same.
const mostPages = 100

// Every page that can be reached from the starts of all parts forbids inline scripts and styles, and has none.
func TestPagesAreSecure(t *testing.T) {
	t.Parallel()
	r := start(t, serveArgs(inMemory, "--demo")...)
	queue := []string{"/", "/pricing", "/docs", "/docs/api", "/docs/search", "/dashboard", "/dashboard/sign-in", "/status", "/outbox", "/log-in", "/nowhere"}
	known, kinds := map[string]bool{}, map[string]int{}
	for _, path := range queue {
		known[path] = true
	}
	seen := 0
	for ; len(queue) > 0 && seen < mostPages; seen++ {
		path := queue[0]
		queue = queue[1:]
		_, header, body := r.request(http.MethodGet, r.url+path, "", "")
		if !strings.HasPrefix(header.Get("Content-Type"), "text/html") {
			continue
		}
		checkPage(t, path, header, body)
		for _, found := range links.FindAllStringSubmatch(body, -1) {
			u, err := url.Parse(strings.ReplaceAll(found[1], "&amp;", "&"))
			if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/") || known[u.Path] {
				continue
			}
			known[u.Path] = true
			kind := u.Path[:strings.LastIndexByte(u.Path, '/')+1]
			if kinds[kind]++; kinds[kind] <= 4 {
				queue = append(queue, u.Path)
			}
		}
	}
	if seen < mostPages {
		t.Errorf("only %d pages were found: the test shows little", seen)
	}
	if _, header, _ := r.request(http.MethodGet, r.url+"/status", "", ""); header.Get("Strict-Transport-Security") != "" {
		t.Error("localhost, which others share, is bound to HTTPS")
	}
	r.stop()
}

func TestStrictTransport(t *testing.T) {
	t.Parallel()
	r := start(t, serveArgs(inMemory, "--url", "https://pay.example.com")...)
	if _, header, _ := r.request(http.MethodGet, r.plain+"/status", "", ""); header.Get("Strict-Transport-Security") != "max-age=31536000" {
		t.Errorf("the headers are %v", header)
	}
	r.stop()
}

func checkPage(t *testing.T, path string, header http.Header, body string) {
	t.Helper()
	policy := header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "base-uri 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("%s: the policy %q has no %s", path, policy, want)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("%s: the policy %q lets in what is unsafe", path, policy)
	}
	if header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Referrer-Policy") == "" {
		t.Errorf("%s has the headers %v", path, header)
	}
	for _, tag := range inlineScript.FindAllString(body, -1) {
		if !strings.Contains(tag, "src=") && !strings.Contains(tag, "application/") {
			t.Errorf("%s has an inline script: %s", path, tag)
		}
	}
	for what, pattern := range map[string]*regexp.Regexp{"handler": handlers, "style": inlineStyle} {
		if found := pattern.FindString(body); found != "" {
			t.Errorf("%s has an inline %s: %.200s", path, what, found)
		}
	}
}

// The log of a busy server, at its most talkative, holds no keys, card numbers, passwords, secrets of webhooks or tokens.
func TestLogHoldsNoSecrets(t *testing.T) {
	t.Parallel()
	r := start(t, serveArgs(t.TempDir(), "--log-level", "debug", "--log-format", "json",
		"--smtp", "smtp://shop:pass-word-of-mail@127.0.0.1:1", "--mail-from", "shop@example.com", "--mail-test")...)
	var endpoint, customer struct{ ID, Secret string }
	decodeInto := func(body string, v any) {
		t.Helper()
		if err := json.Unmarshal([]byte(body), v); err != nil {
			t.Fatalf("%v: %s", err, body)
		}
	}
	_, _, body := r.request(http.MethodPost, r.url+"/v1/webhook_endpoints", r.secret, "enabled_events[]=*&url=http://127.0.0.1:1/hook-token-4711")
	decodeInto(body, &endpoint)
	_, _, body = r.request(http.MethodPost, r.url+"/v1/customers", r.secret, "email=jenny@example.com")
	decodeInto(body, &customer)
	const wrongKey, card, password, token = "sk_live_thisKeyOpensNothing00000000000000000000000000000000", "4242424242424242", "hunter22-hunter22", "tok_ofNobody4711"
	r.request(http.MethodGet, r.url+"/v1/customers/"+customer.ID, wrongKey, "")
	r.request(http.MethodGet, r.url+"/v1/customers?api_key="+wrongKey, "", "")
	for _, form := range []string{"type=card&card[number]=" + card + "&card[exp_month]=12&card[exp_year]=2034&card[cvc]=987", "type=card&card[number]=" + card + "&card[exp_month]=99"} {
		r.request(http.MethodPost, r.url+"/v1/payment_methods", r.secret, form)
	}
	r.request(http.MethodPost, r.url+"/v1/tokens/"+card, r.secret, "")
	r.request(http.MethodPost, r.url+"/v1/customers/"+customer.ID, r.secret, "source="+token)
	r.request(http.MethodPost, r.url+"/dashboard/sign-in", "", "email=jenny@example.com&password="+password)
	r.request(http.MethodPost, r.url+"/log-in", "", "email=jenny@example.com")
	setUp := regexp.MustCompile(`https://\S+/dashboard/set-up\S*`).FindString(r.greeting)
	u, err := url.Parse(setUp)
	if err != nil || setUp == "" {
		t.Fatalf("no link in %s", r.greeting)
	}
	r.request(http.MethodGet, setUp, "", "")
	r.stopLoud()
	secrets := []string{r.secret, wrongKey, card, password, "pass-word-of-mail", endpoint.Secret, "hook-token-4711", token, "cvc"}
	for _, values := range u.Query() {
		secrets = append(secrets, values...)
	}
	if last := u.Path[strings.LastIndexByte(u.Path, '/')+1:]; last != "set-up" {
		secrets = append(secrets, last)
	}
	log := r.stderr.String()
	if !strings.Contains(log, `"msg":"request"`) {
		t.Fatalf("the log tells of no requests: %s", log)
	}
	if slices.Contains(secrets, "") {
		t.Fatalf("a secret is missing in %q", secrets)
	}
	for _, secret := range secrets {
		if at := strings.Index(log, secret); at >= 0 {
			t.Errorf("the log holds %s: %.300s", secret, log[max(0, at-150):])
		}
	}
}
