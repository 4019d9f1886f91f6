package status

import (
	"net/http"
	"sync"
	"time"

	"sharesmart/internal/store"
)

const (
	// window is how many minutes of requests count.
	window = 5
	// disturbed is the share of requests that fail by fault of the server from which on it says so.
	disturbed = 0.01
)

// tally counts requests by the minute.
type tally struct {
	mu      sync.Mutex
	minutes [window]minute
}

type minute struct{ at, all, failed int64 }

// Answered counts a request to the API.
func (b *Board) Answered(e store.LogEntry) {
	at := e.Time / int64(time.Minute/time.Microsecond)
	b.tally.mu.Lock()
	m := &b.tally.minutes[at%window]
	if m.at != at {
		*m = minute{at: at}
	}
	m.all++
	if e.Status >= http.StatusInternalServerError && e.Status != http.StatusNotImplemented {
		m.failed++
	}
	b.tally.mu.Unlock()
}

// failed is the share of the last minutes' requests that failed by fault of the server.
func (t *tally) failed(now time.Time) float64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all, failed int64
	for _, m := range t.minutes {
		if m.at > now.Unix()/60-window {
			all += m.all
			failed += m.failed
		}
	}
	return float64(failed) / float64(max(all, 1))
}
