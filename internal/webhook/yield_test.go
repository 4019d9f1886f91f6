package webhook

import (
	"runtime"
	"testing"
	"time"
)

// An endpoint gets all at once that it can take, one at a time while requests crowd, and all again when what waits is late.
func TestYield(t *testing.T) {
	t.Parallel()
	for requests, crowded := range map[int]bool{0: false, crowd * runtime.GOMAXPROCS(0): false, crowd*runtime.GOMAXPROCS(0) + 1: true} {
		if got := crowdedBy(requests); got != crowded {
			t.Errorf("%d requests crowd: %t, want %t", requests, got, crowded)
		}
	}
	begun := time.Unix(1_788_264_000, 0)
	for _, c := range []struct {
		name    string
		after   time.Duration
		due     int64 // unix seconds, for one that is tried again
		crowded bool
		want    int // how many are on their way at once
	}{
		{"nobody else", 0, 0, false, connections},
		{"a crowd", 0, 0, true, 1},
		{"a crowd, a moment later", patience - time.Second, 0, true, 1},
		{"a crowd for long", patience, 0, true, connections},
		{"a crowd, tried again long after", time.Hour, begun.Add(time.Hour).Unix(), true, 1},
		{"a crowd for long after it was to be tried again", time.Hour + patience, begun.Add(time.Hour).Unix(), true, connections},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			now := begun.Add(c.after)
			l := newLine()
			l.endpoint = &endpoint{enabled: true}
			for i := range 2 * connections {
				id := string(rune('a' + i))
				l.add(&item{id: id, related: id, created: begun, due: c.due}, now.Unix())
			}
			taken := 0
			for l.take(now, c.crowded && l.canWait(now)) != nil {
				taken++
			}
			if taken != c.want {
				t.Errorf("%d are on their way, want %d", taken, c.want)
			}
		})
	}
}
