// Package ratelimit bounds how often somebody may do something: try a password, ask for mail, bring a wrong key. It is there
// to slow down who tries many, and keeps nothing on disk: a restart forgives everybody, and each process counts for itself.
package ratelimit

import (
	"net/http"
	"net/netip"
	"sync"
	"time"

	"sharesmart/internal/clock"
)

// maxNames bounds a limiter's memory; past it, it starts over, which forgives everybody once.
const maxNames = 100_000

// siteBits is how much of an IPv6 address names the place that it is at: whoever has one address there has all of them.
const siteBits = 64

// Limiter lets each name do something so many times in a window, which begins anew when it is over. It is safe for
// concurrent use.
type Limiter struct {
	clock  clock.Clock
	most   int
	window time.Duration

	mu    sync.Mutex
	since time.Time
	seen  map[string]int
}

// New returns one.
func New(c clock.Clock, most int, window time.Duration) *Limiter {
	return &Limiter{clock: c, most: most, window: window, seen: map[string]int{}}
}

// Allow counts what the address of a request does, and reports whether it may.
func (l *Limiter) Allow(r *http.Request) bool { return l.AllowKey(place(r.RemoteAddr)) }

// place is what addresses on the network are counted by.
func place(remote string) string {
	from, err := netip.ParseAddrPort(remote)
	if err != nil {
		return remote
	}
	a := from.Addr().Unmap().WithZone("")
	if a.Is4() {
		return a.String()
	}
	site, _ := a.Prefix(siteBits)
	return site.String()
}

// AllowKey counts what is done by whoever has a name, and reports whether it may be.
func (l *Limiter) AllowKey(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turn()
	l.seen[name]++
	return l.seen[name] <= l.most
}

// Full reports whether whoever has a name has done it as often as they may, and counts nothing.
func (l *Limiter) Full(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turn()
	return l.seen[name] >= l.most
}

// turn begins a new window when one is over.
func (l *Limiter) turn() {
	if now := l.clock.Now(); now.Sub(l.since) >= l.window || len(l.seen) >= maxNames {
		l.since = now
		clear(l.seen)
	}
}
