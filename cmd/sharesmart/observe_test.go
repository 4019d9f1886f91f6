package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// freeAddress is an address on which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// A server tells how it is, to machines and to people, and its figures hold what was done and no names that clients chose.
func TestObserve(t *testing.T) {
	t.Parallel()
	metrics := freeAddress(t)
	data := t.TempDir()
	r := start(t, serveArgs(data, "--metrics", metrics, "--backup-to", t.TempDir(), "--backup-every", "1s")...)
	id := r.create(r.secret)
	r.has(r.secret, id)
	r.request(http.MethodGet, r.url+"/v1/customers/nobody-of-that-name", r.secret, "")
	r.request(http.MethodGet, r.url+"/v1/elephants", r.secret, "")
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\n"} {
		for _, base := range []string{r.url, r.plain, "http://" + metrics} {
			if status, _, body := r.request(http.MethodGet, base+path, "", ""); status != http.StatusOK || body != want {
				t.Errorf("%s%s: %d %q", base, path, status, body)
			}
		}
	}
	if got := must(t, "health", "--data", data); got != "ready\n" {
		t.Errorf("health says %q", got)
	}
	status, header, body := r.request(http.MethodGet, r.url+"/status", "", "")
	if status != http.StatusOK || !strings.Contains(body, "All is well") || !strings.Contains(header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("/status: %d %s", status, body)
	}
	for _, part := range []string{"API", "Deliveries", "Mail", "Backup"} {
		if !strings.Contains(body, `data-part="`+part+`"`) {
			t.Errorf("/status does not tell of %s", part)
		}
	}
	_, _, body = r.request(http.MethodGet, "http://"+metrics+"/metrics", "", "")
	for _, want := range []string{
		`sharesmart_requests_total{operation="PostCustomers",status="200"} 1`,
		`sharesmart_requests_total{operation="GetCustomersCustomer",status="200"} 1`,
		`sharesmart_requests_total{operation="GetCustomersCustomer",status="404"} 1`,
		`sharesmart_requests_total{operation="none",status="404"} 1`,
		`sharesmart_request_duration_seconds_count{operation="PostCustomers"} 1`,
		`sharesmart_build_info{version="`, `sharesmart_store_commit_duration_seconds_count `, `sharesmart_store_wal_bytes `,
		`sharesmart_store_queue_transactions 0`, `sharesmart_timers_lag_seconds 0`, `sharesmart_backup_age_seconds `, `go_goroutines `,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the metrics have no %s", want)
		}
	}
	if strings.Contains(body, "nobody") || strings.Contains(body, "elephants") || strings.Contains(body, r.secret) {
		t.Error("the metrics hold what clients wrote")
	}
	r.stop()
	if got := do(t, "health", "--data", data); got.code != exitFailed || !strings.Contains(got.stderr, "no server runs") {
		t.Errorf("health of no server: %+v", got)
	}
}

// A server that was told to stop says so, answers for a while yet, and then ends.
func TestDrain(t *testing.T) {
	t.Parallel()
	r := start(t, serveArgs(t.TempDir(), "--drain-wait", "1500ms", "--log-format", "json")...)
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	deadline := time.NewTimer(20 * time.Second)
	defer deadline.Stop()
	for said := false; !said; {
		select {
		case <-deadline.C:
			t.Fatal("/readyz goes on to say yes")
		default:
		}
		status, _, body := r.request(http.MethodGet, r.url+"/readyz", "", "")
		said = status == http.StatusServiceUnavailable && body == "draining\n"
	}
	if status, _, _ := r.request(http.MethodGet, r.url+"/healthz", "", ""); status != http.StatusOK {
		t.Errorf("/healthz: %d", status)
	}
	if id := r.create(r.secret); id == "" {
		t.Error("nothing is answered any more")
	}
	if err := r.cmd.Wait(); err != nil {
		t.Error(err)
	}
	if log := r.stderr.String(); !strings.Contains(log, `"msg":"draining","wait":"1.5s"`) || !strings.Contains(log, `"msg":"stopped answering"`) {
		t.Errorf("the log says %s", log)
	}
}

// collector is a collector of OpenTelemetry's: it keeps what is sent.
type collector struct {
	mu   sync.Mutex
	body bytes.Buffer
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var from io.Reader = r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		from, _ = gzip.NewReader(r.Body)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.URL.Path == "/v1/traces" {
		_, _ = io.Copy(&c.body, from)
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
}

// Traces go to where OpenTelemetry's variables say, and hold no secrets.
func TestTraces(t *testing.T) {
	t.Parallel()
	var c collector
	to := httptest.NewServer(&c)
	t.Cleanup(to.Close)
	r := startWith(t, []string{"OTEL_EXPORTER_OTLP_ENDPOINT=" + to.URL, "OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=drill"}, serveArgs(t.TempDir(), "--log-level", "debug")...)
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Traceparent") == "" {
			t.Error("the delivery names no trace")
		}
	}))
	t.Cleanup(hook.Close)
	if status, _, body := r.request(http.MethodPost, r.url+"/v1/webhook_endpoints", r.secret, "enabled_events[]=*&url="+hook.URL+"/hook-token-4711"); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	r.create(r.secret)
	r.has(r.secret, "cus_nobody")
	deadline := time.NewTimer(20 * time.Second)
	defer deadline.Stop()
	last := ""
	for delivered := false; !delivered; {
		select {
		case <-deadline.C:
			t.Fatal("no delivery: " + last)
		default:
		}
		_, _, body := r.request(http.MethodGet, r.url+"/v1/webhook_deliveries", r.secret, "")
		delivered, last = strings.Contains(body, `"delivered"`), body
	}
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := r.cmd.Wait(); err != nil {
		t.Error(err)
	}
	sent := c.body.String()
	for _, want := range []string{"POST /v1/customers", "GET /v1/customers/{customer}", "operation", "commit", "delivery", "PostCustomers", "sharesmart.request_id", "resource_missing", "drill"} {
		if !strings.Contains(sent, want) {
			t.Errorf("the traces have no %s", want)
		}
	}
	if strings.Contains(sent, r.secret) || strings.Contains(sent, "jenny@example.com") || strings.Contains(sent, "hook-token-4711") {
		t.Error("the traces hold secrets")
	}
	if log := r.stderr.String(); !regexp.MustCompile(`level=DEBUG msg=request request=req_\w+ method=POST path=/v1/customers status=200`).MatchString(log) || strings.Contains(log, r.secret) {
		t.Errorf("the log of requests: %s", log)
	}
}
