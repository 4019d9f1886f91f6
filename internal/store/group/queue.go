// Package group is what engines share that commit the transactions which wait together: the queue in which these wait, and
// the one goroutine that runs their functions one after the other. It knows no database.
package group

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"sharesmart/internal/store"
)

// most bounds how long the first of a batch waits for the last.
const most = 256

// Request is something that waits for the writer: a caller's transaction, or a task of the engine itself, which runs after
// a batch. Either Fn or Task is set.
type Request struct {
	Fn       func(store.Tx) error
	Plan     *store.Plan // what Fn will probably touch; nil if nobody knows
	Turn     *store.Turn // that Fn is of; nil if it follows none
	Task     func() error
	PutBacks int // how often it had to wait for a later batch
	err      error
	state    atomic.Int32
	done     chan struct{}
}

const (
	waiting = iota
	taken
	abandoned
)

// queue is where requests wait.
type queue struct {
	mu      sync.Mutex
	waiting []*Request
	wake    chan struct{}
	closing bool // only tasks are taken
	closed  bool // nothing is taken
}

func (q *queue) push(r *Request) error {
	q.mu.Lock()
	if q.closed || q.closing && r.Task == nil {
		q.mu.Unlock()
		return store.ErrClosed
	}
	q.waiting = append(q.waiting, r)
	first := len(q.waiting) == 1
	q.mu.Unlock()
	if first {
		q.signal()
	}
	return nil
}

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take gives what waits, at most so many, appended to dst.
func (q *queue) take(dst []*Request, atMost int) (got []*Request, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(len(q.waiting), atMost)
	dst = append(dst, q.waiting[:n]...)
	q.waiting = slices.Delete(q.waiting, 0, n)
	return dst, q.closed
}

// putBack lets requests that were taken wait again, before all others.
func (q *queue) putBack(requests []*Request) {
	if len(requests) == 0 {
		return
	}
	for _, r := range requests {
		r.PutBacks++
		r.state.Store(waiting)
	}
	q.mu.Lock()
	q.waiting = slices.Insert(q.waiting, 0, requests...)
	q.mu.Unlock()
	q.signal()
}

func (q *queue) len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}

// gather lets those run who were just answered, as long as more and more of them come with their next transaction. The
// larger a batch is the less each transaction pays for the sync.
func (q *queue) gather() {
	for before := -1; ; {
		n := q.len()
		if n <= before || n >= most {
			return
		}
		before = n
		runtime.Gosched()
	}
}

// Waiting is how many requests are in the queue.
func (w *Writer) Waiting() int { return w.queue.len() }

// Woken is told when a request comes to an empty queue.
func (w *Writer) Woken() <-chan struct{} { return w.queue.wake }

// Close lets nothing but the engine's own tasks in any more, or, with tasks, nothing at all; then the loop ends when the
// queue is empty.
func (w *Writer) Close(tasks bool) {
	w.queue.mu.Lock()
	w.queue.closing, w.queue.closed = true, tasks
	w.queue.mu.Unlock()
	w.queue.signal()
}

// Do puts a request into the queue and waits for its outcome. A request that nobody has begun with is given up when the
// context ends.
func (w *Writer) Do(ctx context.Context, r *Request) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r.done = make(chan struct{})
	if err := w.queue.push(r); err != nil {
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
