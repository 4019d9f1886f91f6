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
