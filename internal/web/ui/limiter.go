package ui

import (
	"net"
	"net/http"
	"sync"
	"time"

	"sharesmart/internal/clock"
)

// Limiter bounds how often an address on the network may do something: so many times in a window, which begins anew when
// it is over. It is kept in memory, as it is only there to slow down who tries many.
type Limiter struct {
	clock  clock.Clock
	most   int
	window time.Duration

	mu    sync.Mutex
	since time.Time
	seen  map[string]int
}

// NewLimiter returns one.
func NewLimiter(c clock.Clock, most int, window time.Duration) *Limiter {
	return &Limiter{clock: c, most: most, window: window, seen: map[string]int{}}
}

// Allow counts what the address of a request does, and reports whether it may.
func (l *Limiter) Allow(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	return l.AllowKey(host)
}

// AllowKey counts what is done by whoever has a name, and reports whether it may be.
func (l *Limiter) AllowKey(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := l.clock.Now(); now.Sub(l.since) >= l.window {
		l.since = now
		clear(l.seen)
	}
	l.seen[name]++
	return l.seen[name] <= l.most
}
