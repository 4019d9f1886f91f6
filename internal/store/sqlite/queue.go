package sqlite

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"sharesmart/internal/store"
)

// maxBatch bounds how long the first of a batch waits for the last.
const maxBatch = 256

// request is a transaction that waits: a caller's fn, or a task of the engine itself, which runs alone.
type request struct {
	fn    func(store.Tx) error
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
	closing bool // only tasks are taken
	closed  bool // nothing is taken
}

func (q *queue) push(r *request) error {
	q.mu.Lock()
	if q.closed || q.closing && r.task == nil {
		q.mu.Unlock()
		return store.ErrClosed
	}
	q.waiting = append(q.waiting, r)
	first := len(q.waiting) == 1
	q.mu.Unlock()
	if first {
		select {
		case q.wake <- struct{}{}:
		default:
		}
	}
	return nil
}

// take gives what waits, at most maxBatch, appended to dst.
func (q *queue) take(dst []*request) (got []*request, more, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(len(q.waiting), maxBatch)
	dst = append(dst, q.waiting[:n]...)
	q.waiting = slices.Delete(q.waiting, 0, n)
	return dst, len(q.waiting) > 0, q.closed
}

// gather lets those run who were just answered, as long as more and more of them come with their next transaction. The
// larger a batch is the less each transaction pays for the sync.
func (q *queue) gather() {
	for before := -1; ; {
		q.mu.Lock()
		n := len(q.waiting)
		q.mu.Unlock()
		if n <= before || n >= maxBatch {
			return
		}
		before = n
		runtime.Gosched()
	}
}

// close lets nothing but the engine's own tasks in any more, or, in the end, nothing at all.
func (q *queue) close(tasks bool) {
	q.mu.Lock()
	q.closing, q.closed = true, tasks
	q.mu.Unlock()
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// Update runs fn and returns when its writes are on disk.
func (db *DB) Update(ctx context.Context, fn func(store.Tx) error) error {
	return db.submit(ctx, &request{fn: fn})
}

// alone runs the engine's own work on the writer, between two batches.
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
