package server_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"sharesmart/internal/server"
	"sharesmart/internal/servertest"
)

// Only trusted proxies say for whom they ask, and nobody puts an address in their mouth.
func TestTrustedProxies(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	seen := ""
	page := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = r.RemoteAddr })
	edge := server.New(server.Options{
		Engine: s.Engine, Registry: s.Registry, Store: s.Store, Clock: s.Clock, BaseURL: s.URL, Pages: map[string]http.Handler{"/page": page},
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")},
	})
	const proxy, stranger = "127.0.0.1:4711", "203.0.113.50:4711"
	type headers map[string][]string
	const xff, fwd, proto = "X-Forwarded-For", "Forwarded", "X-Forwarded-Proto"
	for name, test := range map[string]struct {
		peer    string
		headers headers
		want    string // empty if it is refused
	}{
		"no header":                         {proxy, nil, "127.0.0.1:0"},
		"one client":                        {proxy, headers{xff: {"203.0.113.9"}}, "203.0.113.9:0"},
		"a stranger claims":                 {stranger, headers{xff: {"10.0.0.1"}}, stranger},
		"a stranger claims to be here":      {stranger, headers{xff: {"127.0.0.1"}, fwd: {"for=127.0.0.1"}}, stranger},
		"a stranger says http":              {stranger, headers{proto: {"http"}}, stranger},
		"the client wrote the first":        {proxy, headers{xff: {"127.0.0.1, 203.0.113.9"}}, "203.0.113.9:0"},
		"the client wrote a line":           {proxy, headers{xff: {"10.0.0.7", "203.0.113.9"}}, "203.0.113.9:0"},
		"two proxies":                       {proxy, headers{xff: {"198.51.100.1, 203.0.113.9, 10.1.2.3"}}, "203.0.113.9:0"},
		"only proxies":                      {proxy, headers{xff: {"10.0.0.7, 10.1.2.3"}}, "10.0.0.7:0"},
		"with a port":                       {proxy, headers{xff: {"203.0.113.9:5555"}}, "203.0.113.9:0"},
		"IPv6":                              {proxy, headers{xff: {"2001:db8::9"}}, "[2001:db8::9]:0"},
		"IPv6 with a port":                  {proxy, headers{xff: {"[2001:db8::9]:5555"}}, "[2001:db8::9]:0"},
		"IPv4 in IPv6":                      {proxy, headers{xff: {"203.0.113.9, ::ffff:10.0.0.1"}}, "203.0.113.9:0"},
		"a proxy in IPv6":                   {"[fd00::1]:4711", headers{xff: {"203.0.113.9"}}, "203.0.113.9:0"},
		"a mapped peer":                     {"[::ffff:127.0.0.1]:4711", headers{xff: {"203.0.113.9"}}, "203.0.113.9:0"},
		"nonsense":                          {proxy, headers{xff: {"203.0.113.9, <script>"}}, "127.0.0.1:0"},
		"nonsense before the client":        {proxy, headers{xff: {"<script>, 203.0.113.9"}}, "203.0.113.9:0"},
		"an empty one":                      {proxy, headers{xff: {""}}, "127.0.0.1:0"},
		"Forwarded":                         {proxy, headers{fwd: {`for="[2001:db8::9]:4711";proto=https;by=10.0.0.1`}}, "[2001:db8::9]:0"},
		"Forwarded, the client wrote first": {proxy, headers{fwd: {"for=127.0.0.1, for=203.0.113.9"}}, "203.0.113.9:0"},
		"Forwarded hides the client":        {proxy, headers{fwd: {"for=_hidden, for=10.0.0.2"}}, "10.0.0.2:0"},
		"Forwarded was the client's":        {proxy, headers{xff: {"203.0.113.9"}, fwd: {"for=10.0.0.1"}}, "203.0.113.9:0"},
		"https":                             {proxy, headers{xff: {"203.0.113.9"}, proto: {"https"}}, "203.0.113.9:0"},
		"http":                              {proxy, headers{xff: {"203.0.113.9"}, proto: {"http"}}, ""},
		"the client says https":             {proxy, headers{xff: {"203.0.113.9"}, proto: {"https, http"}}, ""},
		"Forwarded says http":               {proxy, headers{fwd: {"for=203.0.113.9;proto=http"}}, ""},
	} {
		r := httptest.NewRequest(http.MethodGet, "https://pay.example/page", nil)
		r.RemoteAddr = test.peer
		for header, values := range test.headers {
			r.Header[header] = values
		}
		seen = ""
		w := httptest.NewRecorder()
		edge.ServeHTTP(w, r)
		if want := map[bool]int{true: http.StatusForbidden, false: http.StatusOK}[test.want == ""]; w.Code != want {
			t.Errorf("%s: status %d, want %d", name, w.Code, want)
		}
		if seen != test.want {
			t.Errorf("%s: the address is %q, want %q", name, seen, test.want)
		}
	}
}
