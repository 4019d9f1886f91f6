package stripejs_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"sharesmart/internal/web/stripejs"
)

// mux serves the script as the server does.
func mux() *http.ServeMux {
	m := http.NewServeMux()
	for _, pattern := range stripejs.Patterns {
		m.HandleFunc(pattern, stripejs.Serve)
	}
	return m
}

func get(t *testing.T, target string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, http.NoBody)
	if r.URL.Scheme == "https" {
		r.TLS = &tls.ConnectionState{}
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	mux().ServeHTTP(w, r)
	return w
}

func TestServe(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/v3", "/v3/", "/v3/?advancedFraudSignals=false", "/basil/stripe.js", "/clover/stripe.js", "/dahlia/stripe.js", "/endive/stripe.js"} {
		w := get(t, "https://pay.example:4242"+path)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"https://pay.example:4242"`) {
			t.Errorf("%s: %d, without the address of the server: %.200s", path, w.Code, w.Body)
		}
		for name, want := range map[string]string{
			"Content-Type": "text/javascript; charset=utf-8", "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "public, max-age=60",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
	}
	for _, path := range []string{"/v3/other", "/invoices/stripe.js"} {
		if w := get(t, "https://pay.example"+path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// TestServeOnce asks again with the tag of the first answer, by the same name and by another, which is told another
// address.
func TestServeOnce(t *testing.T) {
	t.Parallel()
	tag := get(t, "https://pay.example/v3/").Header().Get("ETag")
	for target, want := range map[string]int{"https://pay.example/v3/": http.StatusNotModified, "https://localhost/v3/": http.StatusOK, "http://pay.example/v3/": http.StatusOK} {
		if w := get(t, target, "If-None-Match", tag); w.Code != want {
			t.Errorf("%s with the tag of https://pay.example: %d, want %d", target, w.Code, want)
		}
	}
}

// TestServeHostileHost asks by a name that would end the text in the script.
func TestServeHostileHost(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v3/", http.NoBody)
	r.Host = `x";alert(1)//</script>`
	w := httptest.NewRecorder()
	mux().ServeHTTP(w, r)
	if got := w.Body.String(); strings.Contains(got, `x";alert`) || strings.Contains(got, "</script>") {
		t.Error("the script has what the host's name said")
	}
}
