package people

import (
	"sync"
	"time"

	"sharesmart/internal/clock"
)

// pending keeps what has begun and waits for the browser's next step: a password that was right and needs a second factor,
// a passkey that was asked for. It is kept in memory, so that nothing is written before somebody has proved who they are; a
// restart lets them begin anew.
type pending[T any] struct {
	clock clock.Clock
	life  time.Duration

	mu    sync.Mutex
	begun map[string]begun[T]
}

type begun[T any] struct {
	value   T
	expires time.Time
}

// maxPending bounds how much can wait at once; then what is over goes, and all if that is not enough.
const maxPending = 10_000

func newPending[T any](c clock.Clock, life time.Duration) *pending[T] {
	return &pending[T]{clock: c, life: life, begun: map[string]begun[T]{}}
}

// put keeps a value and makes the token that it is found by.
func (p *pending[T]) put(value T) string {
	token, now := clock.Secret(p.clock, secretSize), p.clock.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.begun) >= maxPending {
		for t, b := range p.begun {
			if !now.Before(b.expires) {
				delete(p.begun, t)
			}
		}
		if len(p.begun) >= maxPending {
			clear(p.begun)
		}
	}
	p.begun[token] = begun[T]{value, now.Add(p.life)}
	return token
}

// use calls fn with what a token stands for, which fn may change; it is kept on if fn says so. It reports whether there was
// any.
func (p *pending[T]) use(token string, fn func(value *T) (keep bool)) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	b, found := p.begun[token]
	if !found || !p.clock.Now().Before(b.expires) {
		delete(p.begun, token)
		return false
	}
	if fn(&b.value) {
		p.begun[token] = b
	} else {
		delete(p.begun, token)
	}
	return true
}

// take is what a token stands for, which it does no longer.
func (p *pending[T]) take(token string) (value T, found bool) {
	found = p.use(token, func(v *T) bool {
		value = *v
		return false
	})
	return value, found
}
