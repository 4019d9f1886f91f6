package group

import (
	"errors"
	"fmt"
	"runtime/debug"
	"slices"

	"sharesmart/internal/store"
)

// Engine commits batches. Its methods are called by one goroutine at a time.
type Engine interface {
	// Begin begins a batch. It gives what is to be run in it, which may be more than it was given (Writer.Late), and what
	// has to wait for a later one.
	Begin(requests []*Request) (b Batch, run, later []*Request)
	// Idle waits until the writer is woken, and may do something meanwhile.
	Idle()
	// Ended is called when nothing more comes.
	Ended()
}

// Batch is transactions that are committed together.
type Batch interface {
	// Run runs a transaction's function and keeps what it changed if that returns nil.
	Run(fn func(store.Tx) error) error
	// Commit makes durable what the functions changed of which there were so many.
	Commit(transactions int) error
	// After is called when all were answered.
	After()
}

// Writer takes all requests that wait, runs their functions one after the other, commits what they changed, and only then
// answers.
type Writer struct {
	queue   queue
	engine  Engine
	Stopped chan struct{} // is closed when the loop has ended
}

// NewWriter makes a writer; Loop runs it.
func NewWriter(e Engine) *Writer {
	return &Writer{queue: queue{wake: make(chan struct{}, 1)}, engine: e, Stopped: make(chan struct{})}
}

// Loop runs until the queue is closed and empty.
func (w *Writer) Loop() {
	var requests []*Request
	for {
		var closed bool
		requests, closed = w.queue.take(requests[:0], most)
		switch {
		case len(requests) > 0:
			w.process(requests)
			w.queue.gather()
		case closed:
			w.engine.Ended()
			close(w.Stopped)
			return
		default:
			w.engine.Idle()
		}
	}
}

// errExited is the error of a function that ended the goroutine.
var errExited = errors.New("store: transaction function ended its goroutine")

// process runs a batch. If a function ends the goroutine (runtime.Goexit, as testing.T.FailNow does), another one goes
// on with the rest.
func (w *Writer) process(requests []*Request) {
	b, mine, later := w.engine.Begin(claimed(requests))
	ran, finished := 0, false
	defer func() {
		if finished {
			return
		}
		done, rest := append([]*Request(nil), mine[:ran]...), append([]*Request(nil), mine[ran:]...)
		go func() {
			w.finish(b, done)
			w.queue.putBack(append(rest, later...))
			w.Loop()
		}()
	}()
	for _, r := range mine {
		ran++
		if r.Fn != nil {
			r.run(b)
		}
	}
	finished = true
	w.finish(b, mine)
	w.queue.putBack(later)
}

// run runs a transaction's function, unless it follows one that failed.
func (r *Request) run(b Batch) {
	if r.err = r.Turn.Err(); r.err != nil {
		return
	}
	r.err = errExited
	if r.err = b.Run(r.Fn); r.err != nil {
		r.Turn.Fail()
	}
}

// claimed leaves those of the requests that nobody gave up.
func claimed(requests []*Request) []*Request {
	return slices.DeleteFunc(requests, func(r *Request) bool { return !r.state.CompareAndSwap(waiting, taken) })
}

// Late gives what came since a batch of so many requests was taken, for an engine that had to wait for its turn.
func (w *Writer) Late(taken int) []*Request {
	late, _ := w.queue.take(nil, most-taken)
	return claimed(late)
}

// finish commits a batch, answers its transactions, and then runs its tasks.
func (w *Writer) finish(b Batch, requests []*Request) {
	err := b.Commit(len(requests))
	for _, r := range requests {
		if r.Task == nil {
			if r.err == nil {
				r.err = err
			}
			if r.err != nil {
				r.Turn.Fail()
			}
			close(r.done)
		}
	}
	for _, r := range requests {
		if r.Task != nil {
			r.err = r.Task()
			close(r.done)
		}
	}
	b.After()
}

// Guard runs a transaction's function and turns a panic into an error.
func Guard(t store.Tx, fn func(store.Tx) error) (err error) {
	returned := false
	defer func() {
		if returned {
			return
		}
		if p := recover(); p != nil {
			err = fmt.Errorf("store: transaction panicked: %v\n%s", p, debug.Stack())
		}
	}()
	err = fn(t)
	returned = true
	return err
}
