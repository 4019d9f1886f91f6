package postgres

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"sharesmart/internal/store"
)

// maxBatch bounds how long the first of a batch waits for the last.
const maxBatch = 256

// request is a transaction that waits: a caller's fn, or a task of the engine itself.
type request struct {
	fn    func(store.Tx) error
	plan  *store.Plan
	task  func(*writer) error
	err   error
	state atomic.Int32
	done  chan struct{}
}

const (
	waiting = iota
	taken
	abandoned
)

// queue is where requests wait.
type queue struct {
	mu      sync.Mutex
	waiting []*request
	wake    chan struct{}
	closed  bool
}

func (q *queue) push(r *request) error {
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return store.ErrClosed
	}
	q.waiting = append(q.waiting, r)
	q.mu.Unlock()
	q.signal()
	return nil
}

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take waits for something and gives what waits, at most maxBatch; nothing at the end.
func (q *queue) take() []*request {
	for {
		q.mu.Lock()
		n := min(len(q.waiting), maxBatch)
		got := slices.Clone(q.waiting[:n])
		q.waiting = slices.Delete(q.waiting, 0, n)
		closed := q.closed
		q.mu.Unlock()
		if n > 0 || closed {
			return got
		}
		<-q.wake
	}
}

// close lets nothing in any more.
func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.signal()
}

// Update runs fn and returns when its writes are on disk.
func (db *DB) Update(ctx context.Context, fn func(store.Tx) error) error {
	return db.submit(ctx, &request{fn: fn, plan: store.PlanOf(ctx)})
}

// alone runs the engine's own work on the writer, after a batch.
func (db *DB) alone(task func(*writer) error) error {
	return db.submit(context.Background(), &request{task: task})
}

func (db *DB) submit(ctx context.Context, r *request) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if db.options.ReadOnly {
		return store.ErrReadOnly
	}
	r.done = make(chan struct{})
	if err := db.writer.queue.push(r); err != nil {
		return err
	}
	select {
	case <-r.done:
		return r.err
	case <-ctx.Done():
		if r.state.CompareAndSwap(waiting, abandoned) {
			return ctx.Err()
		}
		<-r.done
		return r.err
	}
}
