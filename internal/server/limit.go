package server

import (
	"net/http"
	"sync"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/store"
)

// limiter lets each namespace send so many requests a second, with as many at once after a rest.
type limiter struct {
	perSecond float64
	mu        sync.Mutex
	buckets   map[store.NS]*bucket
}

type bucket struct {
	tokens float64
	filled time.Time
}

// maxBuckets bounds the limiter's memory; past it, it starts over, which forgives everybody once.
const maxBuckets = 10_000

func newLimiter(perSecond int) *limiter {
	return &limiter{perSecond: float64(perSecond), buckets: map[store.NS]*bucket{}}
}

func (l *limiter) allow(ns store.NS, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[ns]
	if b == nil {
		if len(l.buckets) >= maxBuckets {
			clear(l.buckets)
		}
		b = &bucket{tokens: l.perSecond, filled: now}
		l.buckets[ns] = b
	}
	if rest := now.Sub(b.filled); rest > 0 {
		b.tokens, b.filled = min(l.perSecond, b.tokens+rest.Seconds()*l.perSecond), now
	}
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

func rateLimited() error {
	return &apierr.Error{
		Status: http.StatusTooManyRequests, Type: apierr.TypeInvalid, Code: "rate_limit", Early: true,
		Message: "Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits.",
	}
}
