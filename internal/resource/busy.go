package resource

import "sync/atomic"

// busyness is how many requests are at work at once, as the most of the last moments: batches end together, and for an
// instant nothing is at work then. Moments are counted in looks and not in time: each look lets the most sink by a part of
// itself, so that who looks before each piece of work beside requests waits while they keep coming, and hardly longer.
type busyness struct{ now, most atomic.Int64 }

// begin counts a request. It costs two atomic operations, with end one more.
func (b *busyness) begin() {
	n := b.now.Add(1)
	for {
		most := b.most.Load()
		if n <= most || b.most.CompareAndSwap(most, n) {
			return
		}
	}
}

func (b *busyness) end() { b.now.Add(-1) }

// busySinks is which part of the most a look takes away.
const busySinks = 16

func (b *busyness) look() int64 {
	now, most := b.now.Load(), b.most.Load()
	if most <= now {
		return now
	}
	sunk := max(now, most-most/busySinks-1)
	b.most.CompareAndSwap(most, sunk)
	return sunk
}

// Busy is how many requests of the API are at work at once these moments: for who works beside them and can wait. Each call
// makes the past count for less.
func (e *Engine) Busy() int { return int(e.busy.look()) }
