package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"sharesmart/internal/clock"
	"sharesmart/internal/terminal"
)

// loopback are addresses with ports that the system chooses.
var loopback = []string{"--https", "127.0.0.1:0", "--http", "127.0.0.1:0"}

func serveArgs(data string, more ...string) []string {
	return append(append([]string{"serve", "--data", data}, loopback...), more...)
}

func TestServeKeepsWhatItIsTold(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	r := start(t, serveArgs(data)...)
	if !strings.HasPrefix(r.secret, "sk_test_") || !strings.Contains(r.greeting, "pk_test_") || !strings.Contains(r.greeting, r.ca) {
		t.Fatalf("the first start does not show its keys:\n%s", r.greeting)
	}
	id := r.create(r.secret)
	if status, _, body := r.request(http.MethodGet, r.plain+"/v1/customers/"+id, r.secret, ""); status != http.StatusOK {
		t.Errorf("over plain HTTP: %d %s", status, body)
	}
	if status, _, body := r.request(http.MethodGet, strings.Replace(r.url, "https", "http", 1)+"/v1/customers", r.secret, ""); status != http.StatusForbidden || !strings.Contains(body, "HTTPS") {
		t.Errorf("plain HTTP on the port for HTTPS: %d %s", status, body)
	}
	ca, secret := r.ca, r.secret
	r.stop()

	r = start(t, serveArgs(data)...)
	if strings.Contains(r.greeting, "sk_test_5") || r.ca != ca {
		t.Errorf("the second start greets:\n%s", r.greeting)
	}
	if !r.has(secret, id) {
		t.Error("the object is gone after a restart")
	}
	r.stop()
	if runtime.GOOS != "windows" {
		for _, name := range []string{"tls/ca.pem", "tls/ca-key.pem", "sharesmart.db", "sharesmart.db.lock"} {
			if info, err := os.Stat(filepath.Join(data, name)); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v, %v", name, info, err)
			}
		}
	}
}

func TestServeAfterKill(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	r := start(t, serveArgs(data)...)
	secret, id := r.secret, r.create(r.secret)
	if err := r.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = r.cmd.Wait()
	if got := must(t, "verify", "--data", data); got != "The database is sound.\n" {
		t.Errorf("verify says %q", got)
	}
	r = start(t, serveArgs(data)...)
	if !r.has(secret, id) {
		t.Error("the object is gone after a kill")
	}
	if keys := decode[[]map[string]any](t, "keys", "list", "--data", data); len(keys) != 4 {
		t.Errorf("there are %d keys", len(keys))
	}
	r.stop()
}

func TestServeInMemory(t *testing.T) {
	t.Parallel()
	r := start(t, serveArgs(":memory:")...)
	if id := r.create(r.secret); !r.has(r.secret, id) {
		t.Error("the object is not found")
	}
	ca := r.ca
	r.stop()
	if left, err := os.ReadDir(r.cmd.Dir); err != nil || len(left) > 0 {
		t.Errorf("a server that keeps nothing left %v, %v", left, err)
	}
	if exists(ca) {
		t.Errorf("a server that keeps nothing left %s", ca)
	}
}

func TestServeFromTheEnvironment(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	env := []string{"SHARESMART_DATA=" + data, "SHARESMART_HTTPS=127.0.0.1:0", "SHARESMART_HTTP=localhost:0", "SHARESMART_RATE_LIMIT=2"}
	r := startWith(t, env, "serve")
	limited := false
	for range 20 {
		status, header, _ := r.request(http.MethodGet, r.plain+"/v1/customers", r.secret, "")
		limited = limited || status == http.StatusTooManyRequests && header.Get("Stripe-Rate-Limited-Reason") == "global-rate"
	}
	if !limited {
		t.Error("the rate limit from the environment does not hold")
	}
	r.stop()
	r = startWith(t, append(env, "SHARESMART_HTTPS=nonsense"), "serve", "--https", "127.0.0.1:0")
	r.stop()
}

// Fees come from a flag and a variable: 10 % + 7 of 1000 are 107.
func TestServeFees(t *testing.T) {
	t.Parallel()
	r := startWith(t, []string{"SHARESMART_FEE_FIXED=7"}, serveArgs(":memory:", "--fee-percent", "10")...)
	r.request(http.MethodPost, r.plain+"/v1/charges", r.secret, "amount=1000&currency=usd&source=tok_visa")
	if status, _, body := r.request(http.MethodGet, r.plain+"/v1/balance_transactions", r.secret, ""); status != http.StatusOK || !strings.Contains(body, `"fee": 107,`) {
		t.Errorf("the transactions are %d %s", status, body)
	}
	r.stop()
}

func TestServeDemo(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	const key = "sk_test_4eC39HqLyjWDarjtT1zdp7dc"
	r := start(t, serveArgs(data, "--demo")...)
	if r.secret != key {
		t.Errorf("the greeting shows the key %q", r.secret)
	}
	id := r.create(key)
	r.stop()
	r = start(t, serveArgs(data, "--demo")...)
	if !r.has(key, id) {
		t.Error("the object is gone after a restart")
	}
	r.stop()
	r = start(t, serveArgs(data)...)
	if !r.has(key, id) {
		t.Error("the demo is gone without --demo")
	}
	r.stop()
}

func TestMock(t *testing.T) {
	t.Parallel()
	r := start(t, "mock", "--http-port", "0", "--https-port", "0")
	for _, url := range []string{r.url, r.plain} {
		for _, test := range []struct{ path, key string }{{"/", ""}, {"/v1/customers/cus_123", "sk_test_123"}, {"/v1/charges", "whatever"}} {
			status, header, body := r.request(http.MethodGet, url+test.path, test.key, "")
			if status != http.StatusOK || header.Get("Stripe-Mock-Version") != "0.203.0" {
				t.Errorf("GET %s%s answers %d with version %q: %s", url, test.path, status, header.Get("Stripe-Mock-Version"), body)
			}
		}
	}
	if id := r.create("sk_test_123"); !r.has("another", id) {
		t.Error("a mock keeps no state")
	}
	r.stop()
	if left, err := os.ReadDir(r.cmd.Dir); err != nil || len(left) > 0 {
		t.Errorf("a mock left %v, %v", left, err)
	}
}

// TestTerminationDrains sends SIGTERM while half of a request is there, then the other half.
func TestTerminationDrains(t *testing.T) {
	t.Parallel()
	r := start(t, serveArgs(t.TempDir())...)
	address := strings.TrimPrefix(r.plain, "http://")
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(clock.Wall{}.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	const body = "email=jenny@example.com"
	_, err = fmt.Fprintf(conn, "POST /v1/customers HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nAuthorization: Basic %s\r\nContent-Length: %d\r\n\r\n",
		base64.StdEncoding.EncodeToString([]byte(r.secret+":")), len(body))
	if err != nil {
		t.Fatal(err)
	}
	answers := bufio.NewReader(conn)
	if line, err := answers.ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 100") {
		t.Fatalf("the server does not want the body: %q, %v", line, err)
	}
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for { // until it accepts no connections any more
		probe, err := net.Dial("tcp", address)
		if err != nil {
			break
		}
		_ = probe.Close()
		runtime.Gosched()
	}
	if _, err := answers.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write([]byte(body)); err != nil {
		t.Fatal(err)
	}
	got, err := http.ReadResponse(answers, nil)
	if err != nil || got.StatusCode != http.StatusOK {
		t.Fatalf("the request at work was answered %v, %v", got, err)
	}
	_ = got.Body.Close()
	r.ends()
}

func TestOneServerForOneDatabase(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	r := start(t, serveArgs(data)...)
	got := do(t, serveArgs(data)...)
	if got.code != exitFailed || !strings.Contains(got.stderr, "another sharesmart process has this database open") {
		t.Errorf("a second server ended with %d: %s", got.code, got.stderr)
	}
	got = do(t, "serve", "--data", t.TempDir(), "--https", strings.TrimPrefix(r.url, "https://"))
	if got.code != exitFailed || !strings.Contains(got.stderr, "--https") {
		t.Errorf("a server on a taken port ended with %d: %s", got.code, got.stderr)
	}
	if !r.has(r.secret, r.create(r.secret)) {
		t.Error("the first server is disturbed")
	}
	r.stop()
}

// TestBehindProxy: what the server says of itself is where people reach it, and not where it listens.
func TestBehindProxy(t *testing.T) {
	t.Parallel()
	r := startWith(t, nil, serveArgs(":memory:", "--demo", "--http", "127.0.0.1:0", "--url", "https://pay.example.com/")...)
	if r.url != "https://pay.example.com" {
		t.Errorf("the server says that it is at %q", r.url)
	}
	for path, says := range map[string]string{
		"/v1/customers/cus_nobody":      `"doc_url": "https://pay.example.com/docs/errors/resource_missing"`,
		"/docs/errors/resource_missing": `<link rel="canonical" href="https://pay.example.com/docs/errors/resource_missing">`,
		"/docs/authentication.md":       "curl https://pay.example.com/v1/balance",
	} {
		_, _, body := r.request(http.MethodGet, r.plain+path, r.secret, "")
		if !strings.Contains(body, says) {
			t.Errorf("%s does not say %q:\n%s", path, says, body)
		}
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "nothing")
	for _, test := range []struct {
		name string
		env  []string
		args []string
		code int
		want string
	}{
		{"plain HTTP for everybody", nil, []string{"serve", "--http", "0.0.0.0:0"}, exitFailed, "loopback addresses only"},
		{"plain HTTP without a host", nil, []string{"serve", "--http", ":0"}, exitFailed, "loopback addresses only"},
		{"no port", nil, []string{"serve", "--https", "localhost"}, exitFailed, "HOST:PORT"},
		{"port by name", nil, []string{"serve", "--https", "localhost:https"}, exitFailed, "HOST:PORT"},
		{"plain address", nil, []string{"serve", "--url", "http://pay.example.com"}, exitFailed, "--url"},
		{"address with a path", nil, []string{"serve", "--url", "https://example.com/pay"}, exitFailed, "--url"},
		{"address without a host", nil, []string{"serve", "--url", "https://:443"}, exitFailed, "--url"},
		{"no data", nil, []string{"serve", "--data", ""}, exitFailed, "--data is empty"},
		{"another database", nil, []string{"serve", "--database", "mysql://localhost/x"}, exitFailed, "sqlite:"},
		{"negative rate", nil, []string{"serve", "--rate-limit", "-1"}, exitFailed, "--rate-limit"},
		{"proxies that are no networks", nil, []string{"serve", "--trusted-proxies", "everyone"}, exitFailed, "--trusted-proxies"},
		{"no percentage", nil, []string{"serve", "--fee-percent", "2,9"}, exitFailed, "--fee-percent"},
		{"more than all", nil, []string{"serve", "--fee-percent", "100.1"}, exitFailed, "--fee-percent"},
		{"negative fee", []string{"SHARESMART_FEE_FIXED=-1"}, []string{"serve"}, exitFailed, "--fee-fixed"},
		{"unknown flag", nil, []string{"serve", "--nonsense"}, exitUsage, "nonsense"},
		{"bad flag", nil, []string{"serve", "--rate-limit", "many"}, exitUsage, "rate-limit"},
		{"bad variable", []string{"SHARESMART_RATE_LIMIT=many"}, []string{"serve"}, exitUsage, "SHARESMART_RATE_LIMIT"},
		{"unknown command", nil, []string{"server"}, exitUsage, `"server"`},
		{"help for nothing", nil, []string{"help", "nothing"}, exitUsage, `"nothing"`},
		{"argument too many", nil, []string{"keys", "list", "x"}, exitUsage, `"x" is one argument too many`},
		{"argument missing", nil, []string{"keys", "roll"}, exitUsage, "KEY is missing"},
		{"no database", nil, []string{"keys", "list", "--data", missing}, exitFailed, "no database"},
		{"nothing kept", nil, []string{"keys", "list", "--data", ":memory:"}, exitFailed, "in memory"},
		{"bad rights", nil, []string{"keys", "create", "--kind", "rk", "--rights", "customer"}, exitUsage, "KIND=LEVEL"},
		{"bad level", nil, []string{"keys", "create", "--kind", "rk", "--rights", "customer=all"}, exitUsage, "none, read or write"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := doWith(t, test.env, test.args...)
			if got.code != test.code || !strings.Contains(got.stderr, test.want) || got.stdout != "" {
				t.Errorf("ended with %d: %s%s\nwant %d and %q", got.code, got.stdout, got.stderr, test.code, test.want)
			}
		})
	}
	if exists(missing) {
		t.Error("a question made a data directory")
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	overview := must(t)
	for _, args := range [][]string{{"help"}, {"--help"}, {"-h"}} {
		if got := must(t, args...); got != overview {
			t.Errorf("sharesmart %v prints\n%s", args, got)
		}
	}
	for _, cmd := range commands() {
		if !strings.Contains(overview, "\n  "+cmd.name+" ") || !strings.Contains(overview, cmd.summary) {
			t.Errorf("the overview does not name %s", cmd.name)
		}
		got := must(t, append(strings.Fields(cmd.name), "--help")...)
		if !strings.Contains(got, cmd.summary) {
			t.Errorf("%s --help prints\n%s", cmd.name, got)
		}
		for line := range strings.Lines(got) {
			if len(line)-1 > terminal.Width {
				t.Errorf("%s --help has a line of %d columns: %s", cmd.name, len(line)-1, line)
			}
		}
		if other := must(t, append([]string{"help"}, strings.Fields(cmd.name)...)...); other != got {
			t.Errorf("help %s differs from %s --help", cmd.name, cmd.name)
		}
	}
	flags := must(t, "serve", "--help")
	for _, want := range []string{"--data DIR", "SHARESMART_DATA", "./sharesmart-data", "--https ADDR", "127.0.0.1:8443", "--http ADDR", "--demo", "--database URL", "SHARESMART_RATE_LIMIT"} {
		if !strings.Contains(flags, want) {
			t.Errorf("serve --help lacks %q:\n%s", want, flags)
		}
	}
	if got := must(t, "mock", "--help"); !strings.Contains(got, "12111") || !strings.Contains(got, "12112") {
		t.Errorf("mock --help prints\n%s", got)
	}
	for _, name := range []string{"version", "--version"} {
		if got := must(t, name); !strings.HasPrefix(got, "sharesmart "+version+", Stripe API 20") {
			t.Errorf("%s prints %q", name, got)
		}
	}
}
