package server_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"sharesmart/internal/server"
	"sharesmart/internal/servertest"
)

// TestNowhere opens addresses that are none: a person is told so, and a program that it needs a key or an address that is one.
func TestNowhere(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	edge := server.New(server.Options{
		Engine: s.Engine, Registry: s.Registry, Store: s.Store, Clock: s.Clock, Log: slog.New(slog.DiscardHandler),
		Pages:   map[string]http.Handler{"/page": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })},
		Nowhere: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }),
	})
	const browser = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"
	for _, c := range []struct {
		method, path, accept, key string
		want                      int
	}{
		{"GET", "/prices", browser, "", 404},
		{"HEAD", "/prices", browser, "", 404},
		{"GET", "/page", browser, "", 418},
		{"GET", "/prices", "*/*", "", 401},
		{"GET", "/prices", "application/json", "", 401},
		{"POST", "/prices", browser, "", 401},
		{"GET", "/prices", browser, "Bearer " + s.Key, 404},
		{"GET", "/v1/customers", browser, "", 401},
		{"GET", "/v2/core/events", browser, "", 401},
	} {
		r := httptest.NewRequestWithContext(context.Background(), c.method, c.path, http.NoBody)
		r.Header.Set("Accept", c.accept)
		if c.key != "" {
			r.Header.Set("Authorization", c.key)
		}
		w := httptest.NewRecorder()
		edge.ServeHTTP(w, r)
		if asked := w.Header().Get("Www-Authenticate") != ""; w.Code != c.want || asked != (c.want == 401) {
			t.Errorf("%s %s for %q: %d, want %d; it asks for a password: %v", c.method, c.path, c.accept, w.Code, c.want, asked)
		}
	}
}

// TestPages asks for what is a page and for what is not, and has a page panic.
func TestPages(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	var log bytes.Buffer
	edge := server.New(server.Options{
		Engine: s.Engine, Registry: s.Registry, Store: s.Store, Clock: s.Clock, Log: slog.New(slog.NewTextHandler(&log, nil)),
		Pages: map[string]http.Handler{
			"/page/": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/broken") {
					panic("made to")
				}
				w.WriteHeader(http.StatusTeapot)
			}),
		},
	})
	for path, want := range map[string]int{"/page/": 418, "/page/a/b": 418, "/page": 307, "/": 401, "/v1/customers": 401} {
		w := httptest.NewRecorder()
		edge.ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), http.MethodGet, path, http.NoBody))
		if w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
	func() {
		defer func() {
			if p := recover(); p != http.ErrAbortHandler { //nolint:errorlint // what was panicked with is this very value
				t.Errorf("the panic is %v", p)
			}
		}()
		edge.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/page/broken", http.NoBody))
	}()
	// The address of a page may be what opens it.
	if !strings.Contains(log.String(), "made to") || strings.Contains(log.String(), "/broken") {
		t.Errorf("the log is %s", log.String())
	}
}
