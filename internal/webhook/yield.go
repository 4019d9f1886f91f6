package webhook

import (
	"context"
	"runtime"
	"time"
)

// Requests of the API have right of way: while more of them are at work than there are processors for, an endpoint gets one
// request at a time, with a pause before each, which leaves deliveries a few hundred a second. What waits for longer than a
// while because of that does not wait any more, so that a server that is always busy delivers all the same.

const (
	// crowd is how many requests for each processor make a crowd.
	crowd = 2
	// pause is what there is between two deliveries then.
	pause = 2 * time.Millisecond
	// patience is how late a delivery may become because of requests.
	patience = time.Minute
)

// crowdedBy reports whether so many requests at work leave nothing to others.
func crowdedBy(requests int) bool { return requests > crowd*runtime.GOMAXPROCS(0) }

// giveWay waits before a delivery.
func giveWay(ctx context.Context) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// canWait reports whether what a line has ready is in time yet.
func (l *line) canWait(now time.Time) bool {
	if len(l.ready) == 0 {
		return true
	}
	head := l.ready[0].head()
	return now.Sub(time.Unix(max(head.created.Unix(), head.due), 0)) < patience
}
