package postgres

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5"

	"sharesmart/internal/store"
)

// writer is the one goroutine of the process that writes.
type writer struct {
	db      *DB
	conn    *pgx.Conn // nil when it was lost
	queue   queue
	stopped chan struct{}
}

func newWriter(db *DB) *writer {
	return &writer{db: db, queue: queue{wake: make(chan struct{}, 1)}, stopped: make(chan struct{})}
}

// loop runs until the queue is closed and empty.
func (w *writer) loop() {
	for {
		requests := w.queue.take()
		if len(requests) == 0 {
			w.disconnect()
			close(w.stopped)
			return
		}
		w.process(requests)
	}
}

// errExited is the error of a function that ended the goroutine.
var errExited = errors.New("store: transaction function ended its goroutine")

// process runs a batch. If a function ends the goroutine (runtime.Goexit, as testing.T.FailNow does), another one goes
// on with the rest.
func (w *writer) process(requests []*request) {
	b := newBatch(w)
	var mine []*request
	for _, r := range requests {
		if r.state.CompareAndSwap(waiting, taken) {
			mine = append(mine, r)
		}
	}
	begun := b.begin(mine)
	ran, finished := 0, false
	defer func() {
		if finished {
			return
		}
		rest := mine[ran:]
		w.db.work.Go(func() {
			w.finish(b, mine[:ran])
			for _, r := range rest {
				r.state.Store(waiting)
			}
			if len(rest) > 0 {
				w.process(rest)
			}
			w.loop()
		})
	}()
	for _, r := range mine {
		ran++
		switch {
		case r.task != nil:
		case begun != nil:
			r.err = begun
		default:
			r.err = errExited
			r.err = b.run(r.fn)
		}
	}
	finished = true
	w.finish(b, mine)
}

// run runs one transaction's function and keeps its changes if it succeeds.
func (b *batch) run(fn func(store.Tx) error) error {
	t := &tx{batch: b}
	defer func() { t.done = true }()
	err := guard(t, fn)
	if t.busy != nil { // whatever the function made of that
		return t.busy
	}
	if err != nil {
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
	err := b.commit()
	for _, r := range requests {
		if r.task == nil {
			if r.err == nil {
				r.err = err
			}
			close(r.done)
		}
	}
	for _, r := range requests {
		if r.task != nil {
			r.err = r.task(w)
			close(r.done)
		}
	}
}

// connected gives the writer's connection, which it opens when it was lost.
func (w *writer) connected(ctx context.Context) (*pgx.Conn, error) {
	if w.conn != nil && !w.conn.IsClosed() {
		return w.conn, nil
	}
	var err error
	w.conn, err = connect(ctx, w.db.config)
	if err != nil {
		w.conn = nil
		return nil, fmt.Errorf("store: the database cannot be reached: %w", err)
	}
	return w.conn, nil
}

func (w *writer) disconnect() {
	if w.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = w.conn.Close(ctx) // it is given up
	w.conn = nil
}
