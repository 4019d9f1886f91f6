package stripejs_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"sharesmart/internal/web/stripejs"
)

// get asks the server that is reached at a URL.
func get(t *testing.T, baseURL, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	m := http.NewServeMux()
	for _, pattern := range stripejs.Patterns {
		m.Handle(pattern, stripejs.New(baseURL))
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	return w
}

func TestScript(t *testing.T) {
	t.Parallel()
	const server = "https://pay.example:4242"
	for _, path := range []string{"/v3", "/v3/", "/v3/?advancedFraudSignals=false", "/basil/stripe.js", "/clover/stripe.js", "/dahlia/stripe.js", "/endive/stripe.js"} {
		w := get(t, server, path)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"`+server+`"`) {
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
		if w := get(t, server, path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// TestScriptOnce asks again with the tag of the first answer, and another server, whose script is another.
func TestScriptOnce(t *testing.T) {
	t.Parallel()
	tag := get(t, "https://pay.example", "/v3/").Header().Get("ETag")
	for server, want := range map[string]int{"https://pay.example": http.StatusNotModified, "https://localhost": http.StatusOK} {
		if w := get(t, server, "/v3/", "If-None-Match", tag); w.Code != want {
			t.Errorf("%s with the tag of https://pay.example: %d, want %d", server, w.Code, want)
		}
	}
}
