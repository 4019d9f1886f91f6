package server

import (
	"testing"
	"time"

	"sharesmart/internal/store"
)

func TestLimiter(t *testing.T) {
	t.Parallel()
	l, now := newLimiter(2), time.Unix(1_790_000_000, 0)
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
		if got := l.allow(test.ns, now); got != test.want {
			t.Errorf("request %d is allowed: %t, want %t", i+1, got, test.want)
		}
	}
}

func TestLimiterIsBounded(t *testing.T) {
	t.Parallel()
	l := newLimiter(1)
	for i := range 3 * maxBuckets {
		l.allow(store.NS(i), time.Unix(0, 0))
	}
	if len(l.buckets) > maxBuckets {
		t.Errorf("%d namespaces are remembered", len(l.buckets))
	}
}
