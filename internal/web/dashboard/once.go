package dashboard

import (
	"sync"

	"sharesmart/internal/clock"
)

// once knows which forms were sent already, so that one that is sent again by a reload does not do its deed again. It is
// kept in memory: after a restart a reload makes a second key, which is seen.
type once struct {
	mu   sync.Mutex
	seen map[string]bool
}

// maxOnce bounds how many are known; then it begins anew.
const maxOnce = 10_000

// take reports whether a form is sent for the first time.
func (o *once) take(token string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if token == "" || o.seen[token] {
		return false
	}
	if len(o.seen) >= maxOnce {
		clear(o.seen)
	}
	o.seen[token] = true
	return true
}

// Once is a new token for a form that must do its deed once.
func (v *Visit) Once() string { return clock.Secret(v.Clock, 16) }
