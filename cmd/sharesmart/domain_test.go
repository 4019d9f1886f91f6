package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/miekg/dns"
)

const testDomain = "pay.example.com"

// authority is a certificate authority that speaks ACME: Pebble, of Let's Encrypt, which asks for a proof as that does.
type authority struct {
	directory, trust string // its address, and the file of what signs its own certificate
	roots            *x509.CertPool
}

// startAuthority starts one that finds the test's domain on this machine, at these ports.
func startAuthority(t *testing.T, httpPort, tlsPort int) *authority {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	t.Setenv("PEBBLE_WFE_NONCEREJECT", "0")
	logger := log.New(io.Discard, "", 0)
	memory := db.NewMemoryStore()
	issuer := ca.New(logger, memory, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "the default"}})
	front := wfe.New(logger, memory, va.New(logger, httpPort, tlsPort, true, startDNS(t), memory), issuer, nil, true, false, 1, 1)
	s := httptest.NewTLSServer(front.Handler())
	t.Cleanup(s.Close)
	a := &authority{directory: s.URL + wfe.DirectoryPath, trust: filepath.Join(t.TempDir(), "trust.pem"), roots: x509.NewCertPool()}
	if err := os.WriteFile(a.trust, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	a.roots.AddCert(issuer.GetRootCert(0).Cert)
	return a
}

// startDNS starts a name server for which every name is this machine.
func startDNS(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &dns.Server{Listener: l, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		a := new(dns.Msg)
		a.SetReply(q)
		if q.Question[0].Qtype == dns.TypeA {
			a.Answer = append(a.Answer, &dns.A{Hdr: dns.RR_Header{Name: q.Question[0].Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 1}, A: net.IPv4(127, 0, 0, 1)})
		}
		_ = w.WriteMsg(a)
	})}
	go func() { _ = s.ActivateAndServe() }()
	t.Cleanup(func() { _ = s.Shutdown() })
	return l.Addr().String()
}

func portOf(t *testing.T, address string) int {
	t.Helper()
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A server with a domain gets its certificate from an authority, by the handshake or over plain HTTP, which it refuses otherwise.
func TestDomain(t *testing.T) {
	for _, overHTTP := range []bool{false, true} {
		address, challenges := freeAddress(t), freeAddress(t)
		args := []string{"serve", "--data", t.TempDir(), "--https", address, "--domain", testDomain, "--acme-email", "jenny@example.com"}
		tlsPort := portOf(t, address)
		if overHTTP {
			args = append(args, "--acme-http", challenges)
			tlsPort = 1 // where nobody listens
		}
		from := startAuthority(t, portOf(t, challenges), tlsPort)
		cmd := program(t, []string{"SSL_CERT_FILE=" + from.trust}, append(args, "--acme-ca", from.directory)...)
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		var stderr strings.Builder
		cmd.Stderr = &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
		greeting := bufio.NewScanner(stdout)
		for greeting.Scan() && !strings.HasPrefix(greeting.Text(), "Use this server") {
			if strings.Contains(greeting.Text(), "  API ") && !strings.Contains(greeting.Text(), "https://"+testDomain+":") {
				t.Errorf("it greets with %s", greeting.Text())
			}
		}
		conn := trusted(t, address, from, &stderr)
		if got := conn.ConnectionState().NegotiatedProtocol; got != "h2" {
			t.Errorf("the protocol is %q", got)
		}
		_ = conn.Close()
		plain := address
		if overHTTP {
			plain = challenges
		}
		for _, path := range []string{"/v1/customers", "/.well-known/acme-challenge/made-up"} {
			if got, err := http.Get("http://" + plain + path); err != nil || got.StatusCode != http.StatusForbidden {
				t.Errorf("plain HTTP at %s: %v, %v", path, got, err)
			} else {
				_ = got.Body.Close()
			}
		}
	}
}

// trusted connects when the certificate is there.
func trusted(t *testing.T, address string, from *authority, log *strings.Builder) *tls.Conn {
	t.Helper()
	var last error
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		conn, err := tls.Dial("tcp", address, &tls.Config{RootCAs: from.roots, ServerName: testDomain, NextProtos: []string{"h2"}})
		if err == nil {
			return conn
		}
		last = err
		time.Sleep(20 * time.Millisecond) // another process works
	}
	t.Fatalf("no certificate: %v\n%s", last, log)
	return nil
}

func TestDomainSettings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"--domain", "https://pay.example.com"}, "--domain has \"https://pay.example.com\""},
		{[]string{"--domain", "localhost"}, "write a name as pay.example.com"},
		{[]string{"--acme-email", "jenny@example.com"}, "need --domain"},
		{[]string{"--domain", testDomain, "--acme-email", "jenny"}, "--acme-email is \"jenny\""},
		{[]string{"--domain", testDomain, "--acme-ca", "http://ca"}, "--acme-ca is"},
		{[]string{"--domain", testDomain, "--acme-http", "80"}, "--acme-http is"},
		{[]string{"--domain", testDomain, "--data", inMemory}, "--domain needs a data directory"},
		{[]string{"--metrics", "9464"}, "--metrics is"},
		{[]string{"--drain-wait", "1h"}, "--drain-wait is 1h0m0s"},
		{[]string{"--retention", "1h"}, "--retention is 1h0m0s: write 24h0m0s or more"},
	} {
		if got := do(t, append([]string{"config", "serve"}, tt.args...)...); got.code != exitFailed || !strings.Contains(got.stderr, tt.want) {
			t.Errorf("%v: %+v", tt.args, got)
		}
	}
}
