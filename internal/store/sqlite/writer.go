package sqlite

import (
	"errors"
	"fmt"
	"runtime/debug"

	"sharesmart/internal/store"
)

// writer is the one goroutine that writes. It takes all transactions that wait, runs their functions one after the
// other, writes what they changed in one database transaction, commits, publishes to the cache and the tail, and only
// then answers. Nobody holds a lock meanwhile.
type writer struct {
	db      *DB
	c       *conn // nil in memory, where the pool's one connection is shared
	queue   queue
	fold    fold
	indexed indexed
	filters filters
	seq     int64   // the last one given to a document or answer
	space   int64   // the last one given to a dropped namespace
	logSeq  int64   // where the log went on at the start
	delta   []byte  // where deltas are made
	entries []entry // where a batch collects entries
	broken  error
	chores  chores
	tap     *Tap // nil if nobody keeps a copy
	stopped chan struct{}
}

// loop runs until the queue is closed and empty.
func (w *writer) loop() {
	var requests []*request
	for {
		var more, closed bool
		requests, more, closed = w.queue.take(requests[:0])
		if len(requests) > 0 {
			w.process(requests)
			w.queue.gather()
			continue
		}
		if closed && !more {
			close(w.stopped)
			return
		}
		w.idle()
	}
}

// process runs a batch. If a function ends the goroutine (runtime.Goexit, as testing.T.FailNow does), another one goes
// on with the rest.
func (w *writer) process(requests []*request) {
	b := w.newBatch()
	ran := make([]*request, 0, len(requests))
	finished := false
	defer func() {
		if finished {
			return
		}
		rest := requests[len(ran):]
		go func() {
			w.finish(b, ran)
			if len(rest) > 0 {
				w.process(append([]*request(nil), rest...))
			}
			w.loop()
		}()
	}()
	for _, r := range requests {
		ran = append(ran, r)
		if r.state.CompareAndSwap(waiting, taken) && r.fn != nil {
			r.err = errExited
			r.err = w.runFunction(b, r.fn)
		}
	}
	finished = true
	w.finish(b, ran)
}

var errExited = errors.New("store: transaction function ended its goroutine")

func (w *writer) newBatch() *batch {
	return &batch{writer: w, seq: w.seq, space: w.space, added: w.entries}
}

// runFunction runs one transaction's function and keeps its changes if it succeeds.
func (w *writer) runFunction(b *batch, fn func(store.Tx) error) error {
	if w.broken != nil {
		return w.broken
	}
	if w.c != nil && !w.c.inRead { // one read transaction serves all functions of the batch
		if err := w.c.beginRead(w.db.gen.Load()); err != nil {
			return fmt.Errorf("store: begin read: %w", err)
		}
	}
	t := &tx{db: w.db, batch: b, view: view{db: w.db, c: w.c, own: w.c != nil}}
	defer func() { t.done = true }()
	if err := guard(t, fn); err != nil {
		return err
	}
	b.changes.merge(&t.own)
	return nil
}

// guard turns a panic into an error.
func guard(t *tx, fn func(store.Tx) error) (err error) {
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

// finish commits a batch, answers its transactions, and then runs its tasks.
func (w *writer) finish(b *batch, requests []*request) {
	err := w.timedCommit(b, len(requests))
	for _, r := range requests {
		if r.task == nil && r.state.Load() == taken {
			if r.err == nil {
				r.err = err
			}
			close(r.done)
		}
	}
	for _, r := range requests {
		if r.task != nil && r.state.Load() == taken {
			r.err = r.task(w)
			close(r.done)
		}
	}
	w.db.checkpoints.tend(w.c, false)
	w.catchUp()
}

func (w *writer) commit(b *batch) error {
	if b.changes.empty() {
		if w.c != nil {
			w.c.endRead()
		}
		return nil
	}
	return w.transact(b, func(c *conn) error {
		if err := w.foldSome(b, c, 2*b.expectedEntries()); err != nil {
			return err
		}
		if err := b.apply(c); err != nil {
			return err
		}
		return w.indexed.writeAhead(b, c)
	})
}
