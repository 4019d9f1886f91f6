package server

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

// RateLimit says how many requests a second a namespace may send; 0 is no limit.
type RateLimit struct {
	Live, Test int // Test is for sandboxes too
	// Endpoints are the limits of single endpoints and objects as well, as Stripe's are.
	Endpoints bool
}

// StripeRateLimit are the limits of Stripe.
var StripeRateLimit = RateLimit{Live: 100, Test: 25, Endpoints: true}

// String is how the limit is written in a flag.
func (r *RateLimit) String() string {
	if *r == StripeRateLimit {
		return "stripe"
	}
	return strconv.Itoa(r.Test)
}

// Set reads "stripe", or a number for every namespace.
func (r *RateLimit) Set(text string) error {
	if text == "stripe" {
		*r = StripeRateLimit
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return fmt.Errorf("%q is neither a number nor stripe", text)
	}
	*r = RateLimit{Live: n, Test: n}
	return nil
}

// Limits a second of endpoints, where they are not limited as all others are. By operation id.
const (
	endpointRate = 25
	fileRate     = 20
	searchRate   = 20
	payoutRate   = 15
	// What one object may be changed in an hour.
	objectRate = 1000
	hour       = 3600
)

var accountRate = map[bool]float64{true: 30, false: 5} // by live

// rateReasons are the values of Stripe-Rate-Limited-Reason, as the header's slices.
var rateReasons = map[string][]string{
	globalRate: {globalRate}, endpointLimit: {endpointLimit}, "resource-specific": {"resource-specific"},
}

const (
	globalRate    = "global-rate"
	endpointLimit = "endpoint-rate"
)

// limiter lets each namespace send so many requests a second, with as many at once after a rest.
type limiter struct {
	limits  RateLimit
	mu      sync.Mutex
	buckets map[bucketKey]*bucket
}

// bucketKey is what is limited: a namespace, one of its endpoints (by operation id), or one of its objects.
type bucketKey struct {
	ns       store.NS
	endpoint string
	object   string
}

type bucket struct {
	tokens float64
	filled time.Time
}

// bound is a limit that concerns a request.
type bound struct {
	key       bucketKey
	size      float64 // how many at once after a rest
	perSecond float64
	reason    string
}

// maxBuckets bounds the limiter's memory; past it, it starts over, which forgives everybody once.
const maxBuckets = 10_000

func newLimiter(limits RateLimit) *limiter {
	return &limiter{limits: limits, buckets: map[bucketKey]*bucket{}}
}

// refuses names the limit that a request would pass; empty if it may go on. What is refused counts for no limit. A
// request of no operation has a nil op.
func (l *limiter) refuses(ns *access.Namespace, op *spec.Operation, path spec.Params, now time.Time) string {
	var room [3]bound
	bounds := l.boundsOf(room[:0], ns, op, path)
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range bounds {
		if l.fill(&bounds[i], now).tokens < 1 {
			return bounds[i].reason
		}
	}
	for i := range bounds {
		l.fill(&bounds[i], now).tokens--
	}
	return ""
}

// fill finds the bucket of a limit and puts in what came since it was last looked at.
func (l *limiter) fill(of *bound, now time.Time) *bucket {
	b := l.buckets[of.key]
	if b == nil {
		if len(l.buckets) >= maxBuckets {
			clear(l.buckets)
		}
		b = &bucket{tokens: of.size, filled: now}
		l.buckets[of.key] = b
	}
	if rest := now.Sub(b.filled); rest > 0 {
		b.tokens, b.filled = min(of.size, b.tokens+rest.Seconds()*of.perSecond), now
	}
	return b
}

// boundsOf appends the limits that concern a request.
func (l *limiter) boundsOf(to []bound, ns *access.Namespace, op *spec.Operation, path spec.Params) []bound {
	account := float64(l.limits.Test)
	if ns.Live {
		account = float64(l.limits.Live)
	}
	if account > 0 {
		to = append(to, bound{bucketKey{ns: ns.NS}, account, account, globalRate})
	}
	if !l.limits.Endpoints || op == nil {
		return to
	}
	rate := rateOf(op, ns.Live)
	to = append(to, bound{bucketKey{ns: ns.NS, endpoint: op.ID}, rate, rate, endpointLimit})
	if ids := path.Values(); op.Kind == "payment_intent" && op.Method == http.MethodPost && len(ids) > 0 {
		to = append(to, bound{bucketKey{ns: ns.NS, object: ids[0]}, objectRate, objectRate / float64(hour), "resource-specific"})
	}
	return to
}

func rateOf(op *spec.Operation, live bool) float64 {
	switch {
	case op.Kind == "file":
		return fileRate
	case op.Form == spec.Search:
		return searchRate
	case op.ID == "PostPayouts":
		return payoutRate
	case op.ID == "PostAccounts":
		return accountRate[live]
	}
	return endpointRate
}
