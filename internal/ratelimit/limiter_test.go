package ratelimit_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"sharesmart/internal/clock"
	"sharesmart/internal/ratelimit"
)

func TestLimiter(t *testing.T) {
	t.Parallel()
	c := clock.NewFake(time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC))
	l := ratelimit.New(c, 2, time.Minute)
	for i, step := range []struct {
		from string
		wait time.Duration
		want bool
	}{
		{from: "192.0.2.1:1000", want: true},
		{from: "192.0.2.1:1001", want: true},
		{from: "192.0.2.1:1002", want: false},
		{from: "[::ffff:192.0.2.1]:1003", want: false}, // the same in the form of IPv6
		{from: "192.0.2.2:1000", want: true},
		{from: "[2001:db8:0:1::1]:1000", want: true},
		{from: "[2001:db8:0:1::2]:1000", want: true},
		{from: "[2001:db8:0:1:ffff::3]:1000", want: false}, // another address at the same place
		{from: "[2001:db8:0:2::1]:1000", want: true},
		{from: "192.0.2.1:1000", wait: 59 * time.Second, want: false},
		{from: "192.0.2.1:1000", wait: time.Second, want: true},
		{from: "a name", want: true},
	} {
		c.Advance(step.wait)
		if got := l.Allow(&http.Request{RemoteAddr: step.from}); got != step.want {
			t.Errorf("step %d, %s: %v, want %v", i, step.from, got, step.want)
		}
	}
}

// TestLimiterForgets gives it more names than it holds: it starts over instead of growing.
func TestLimiterForgets(t *testing.T) {
	t.Parallel()
	l := ratelimit.New(clock.NewFake(time.Unix(0, 0)), 1, time.Hour)
	for i := range 100_000 {
		if !l.AllowKey(strconv.Itoa(i)) {
			t.Fatalf("%d is new and refused", i)
		}
	}
	if !l.AllowKey("0") {
		t.Error("the limiter has not started over")
	}
}
