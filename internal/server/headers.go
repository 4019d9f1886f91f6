package server

import (
	"net"
	"net/http"
	"net/url"
	"strings"
)

// Headers by which browsers hold back what an answer could do to its reader. Pages set stricter or wider ones of their
// own; what sets none is shown in no frame, runs and loads nothing.
var (
	noSniff    = []string{"nosniff"}
	inertOnly  = []string{"default-src 'none'; frame-ancestors 'none'; base-uri 'none'"}
	sameOrigin = []string{"same-origin"}
	// strictTransport lets browsers use nothing but TLS here for two years, as Stripe does.
	strictTransport = []string{"max-age=63072000; includeSubDomains"}
)

// isNamed reports whether a server's address is a name of its own. Browsers that were told once to use TLS alone at
// localhost would do so for every other program on the machine.
func isNamed(baseURL string) bool {
	u, err := url.Parse(baseURL)
	if err != nil || u.Scheme != "https" {
		return false
	}
	host := u.Hostname()
	return host != "" && host != "localhost" && !strings.HasSuffix(host, ".localhost") && net.ParseIP(host) == nil
}

// strict adds the header that keeps browsers to TLS, to an answer that goes over it.
func (s *Server) strict(h http.Header, r *http.Request) {
	if s.named && (r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https") {
		h["Strict-Transport-Security"] = strictTransport
	}
}

// secure sets the headers of an answer of the API. What strangers uploaded has a policy of its own already.
func (x *exchange) secure(h http.Header) {
	h["X-Content-Type-Options"] = noSniff
	if h["Content-Security-Policy"] == nil {
		h["Content-Security-Policy"] = inertOnly
	}
	x.strict(h, x.r)
}

// securePage sets the headers that a page begins with.
func (s *Server) securePage(h http.Header, r *http.Request) {
	h["X-Content-Type-Options"] = noSniff
	h["Content-Security-Policy"] = inertOnly
	h["Referrer-Policy"] = sameOrigin
	s.strict(h, r)
}
