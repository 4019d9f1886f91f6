package cli_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"sharesmart/internal/servertest"
)

// front stands before a server and can be away.
type front struct {
	*httptest.Server
	away  atomic.Bool
	mu    sync.Mutex
	conns map[net.Conn]bool
}

func newFront(t *testing.T, s *servertest.Server) *front {
	t.Helper()
	target, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	f := &front{conns: map[net.Conn]bool{}}
	proxy := httputil.NewSingleHostReverseProxy(target)
	f.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f.away.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	f.Config.ConnState = func(c net.Conn, state http.ConnState) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.conns[c] = state != http.StateClosed
	}
	f.Start()
	t.Cleanup(func() { f.hangUp(); f.Close() })
	return f
}

// hangUp ends all connections, those of websockets too.
func (f *front) hangUp() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for c := range f.conns {
		_ = c.Close()
	}
}
