package server_test

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"sharesmart/internal/servertest"
)

// TestAnswersAreInert looks at the headers of every kind of answer that is no page with headers of its own.
func TestAnswersAreInert(t *testing.T) {
	t.Parallel()
	e := newEdge(t, "https://localhost")
	for name, w := range map[string]*httptest.ResponseRecorder{
		"an object":     e.from("192.0.2.1:4000", http.MethodPost, "/v1/customers", e.Key),
		"an error":      e.from("192.0.2.1:4000", http.MethodGet, "/v1/customers/cus_none", e.Key),
		"no key":        e.from("192.0.2.1:4000", http.MethodGet, "/v1/customers", ""),
		"no such path":  e.from("192.0.2.1:4000", http.MethodGet, "/nothing", ""),
		"a preflight":   e.from("192.0.2.1:4000", http.MethodOptions, "/v1/customers", ""),
		"a plain page":  e.from("192.0.2.1:4000", http.MethodGet, "/page", ""),
		"a shared file": e.from("192.0.2.1:4000", http.MethodGet, "/links/none", ""),
	} {
		h := w.Header()
		policy := h.Get("Content-Security-Policy")
		if h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") || !strings.Contains(policy, "base-uri 'none'") {
			t.Errorf("%s: the headers are %v", name, h)
		}
	}
}

// TestStrictTransport: browsers are held to TLS where the server has a name of its own, and nowhere else.
func TestStrictTransport(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		baseURL   string
		tls       bool
		forwarded string
		want      string
	}{
		{"https://pay.example.com", true, "", "max-age=63072000; includeSubDomains"},
		{"https://pay.example.com", false, "https", "max-age=63072000; includeSubDomains"},
		{"https://pay.example.com", false, "", ""},
		{"https://localhost:8443", true, "", ""},
		{"https://shop.localhost", true, "", ""},
		{"https://127.0.0.1:8443", true, "", ""},
		{"https://[::1]:8443", true, "", ""},
	} {
		e := newEdge(t, test.baseURL)
		for _, path := range []string{"/v1/customers", "/page"} {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			if test.tls {
				r.TLS = &tls.ConnectionState{}
			} else {
				r.TLS = nil
			}
			if test.forwarded != "" {
				r.Header.Set("X-Forwarded-Proto", test.forwarded)
			}
			w := httptest.NewRecorder()
			e.handler.ServeHTTP(w, r)
			if got := w.Header().Get("Strict-Transport-Security"); got != test.want {
				t.Errorf("%s at %s (TLS: %v): %q, want %q", path, test.baseURL, test.tls, got, test.want)
			}
		}
	}
}

// TestRefusedRequestsAreInert sends what is no HTTP request.
func TestRefusedRequestsAreInert(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.Write([]byte("nonsense\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 2048)
	n, err := conn.Read(answer)
	if text := string(answer[:n]); err != nil || !strings.Contains(text, "\r\nX-Content-Type-Options: nosniff\r\n") || !strings.Contains(text, "\r\nContent-Security-Policy: default-src 'none';") {
		t.Errorf("the answer is %q, %v", text, err)
	}
}
