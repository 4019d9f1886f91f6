package server

import (
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

var limitStart = time.Unix(1_790_000_000, 0)

func TestLimiter(t *testing.T) {
	t.Parallel()
	l, now := newLimiter(RateLimit{Live: 3, Test: 2}), limitStart
	for i, test := range []struct {
		ns   store.NS
		wait time.Duration
		want bool
	}{
		{1, 0, true}, {1, 0, true}, {1, 0, false}, // two at once
		{2, 0, true},                                      // another account
		{1, 400 * time.Millisecond, false},                // not yet one
		{1, 100 * time.Millisecond, true},                 // one every half second
		{1, 0, false},                                     //
		{1, time.Hour, true}, {1, 0, true}, {1, 0, false}, // never more than two
	} {
		now = now.Add(test.wait)
		if got := l.refuses(&access.Namespace{NS: test.ns}, nil, spec.Params{}, now) == ""; got != test.want {
			t.Errorf("request %d is allowed: %t, want %t", i+1, got, test.want)
		}
	}
}

// TestStripeRateLimit sends one kind of request at once until one is refused.
func TestStripeRateLimit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		method, path string
		live         bool
		want         int
		reason       string
	}{
		{"GET", "/v1/customers", true, 25, "endpoint-rate"},
		{"GET", "/v1/customers", false, 25, "global-rate"},
		{"GET", "/v1/nothing", true, 100, "global-rate"},
		{"GET", "/v1/files", true, 20, "endpoint-rate"},
		{"GET", "/v1/customers/search", true, 20, "endpoint-rate"},
		{"POST", "/v1/payouts", true, 15, "endpoint-rate"},
		{"POST", "/v1/accounts", true, 30, "endpoint-rate"},
		{"POST", "/v1/accounts", false, 5, "endpoint-rate"},
	} {
		l, ns := newLimiter(StripeRateLimit), &access.Namespace{NS: 1, Live: test.live}
		op, params, _ := spec.Match(test.method, test.path)
		allowed, reason := 0, ""
		for reason == "" {
			if reason = l.refuses(ns, op, params, limitStart); reason == "" {
				allowed++
			}
		}
		if allowed != test.want || reason != test.reason {
			t.Errorf("%s %s (live: %t) is refused after %d: %s, want %d: %s", test.method, test.path, test.live, allowed, reason, test.want, test.reason)
		}
	}
}

// TestObjectRateLimit changes one payment intent once every tenth of a second, until it has been enough for an hour.
func TestObjectRateLimit(t *testing.T) {
	t.Parallel()
	l, ns := newLimiter(StripeRateLimit), &access.Namespace{NS: 1, Live: true}
	op, params, _ := spec.Match("POST", "/v1/payment_intents/pi_1")
	now, allowed := limitStart, 0
	for ; l.refuses(ns, op, params, now) == ""; now = now.Add(100 * time.Millisecond) {
		allowed++
	}
	if allowed < 1000 || allowed > 1050 {
		t.Errorf("%d changes are allowed", allowed)
	}
	if reason := l.refuses(ns, op, params, now); reason != "resource-specific" {
		t.Errorf("the reason is %q", reason)
	}
	_, other, _ := spec.Match("POST", "/v1/payment_intents/pi_2")
	if reason := l.refuses(ns, op, other, now); reason != "" {
		t.Errorf("another object is refused: %s", reason)
	}
}

func TestRateLimitFlag(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]RateLimit{"stripe": StripeRateLimit, "0": {}, "7": {Live: 7, Test: 7}, "-1": {Live: -1, Test: -1}} {
		var got RateLimit
		if err := got.Set(text); err != nil || got != want || got.String() != text {
			t.Errorf("%s is %+v (%s), %v", text, got, &got, err)
		}
	}
	if err := new(RateLimit).Set("many"); err == nil {
		t.Error("many is taken for a limit")
	}
}

func TestLimiterIsBounded(t *testing.T) {
	t.Parallel()
	l := newLimiter(RateLimit{Test: 1})
	for i := range 3 * maxBuckets {
		l.refuses(&access.Namespace{NS: store.NS(i)}, nil, spec.Params{}, time.Unix(0, 0))
	}
	if len(l.buckets) > maxBuckets {
		t.Errorf("%d namespaces are remembered", len(l.buckets))
	}
}
