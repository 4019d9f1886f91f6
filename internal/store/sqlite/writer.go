package sqlite

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	lib "modernc.org/sqlite/lib"

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
	seq     int64 // the last one given to a document or answer
	space   int64 // the last one given to a dropped namespace
	logSeq  int64 // where the log went on at the start
	broken  error
	timer   *time.Timer
	stopped chan struct{}
}

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
	closed  bool
}

func (q *queue) push(r *request) error {
	q.mu.Lock()
	if q.closed {
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
	q.waiting = append(q.waiting[:0], q.waiting[n:]...)
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

func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
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
	return &batch{writer: w, seq: w.seq, space: w.space}
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
	t := &tx{db: w.db, batch: b, view: view{db: w.db, c: w.c, own: w.c != nil, absent: w.filters.now}}
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
	err := w.commit(b)
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
	if w.indexBehind() {
		_, _ = w.indexPiece() // it is tried again after the next batch
	}
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
		return b.apply(c)
	})
}

// transact runs write in a database transaction, commits and publishes. If anything fails, nothing is published.
func (w *writer) transact(b *batch, write func(*conn) error) error {
	if w.broken != nil {
		return w.broken
	}
	c, err := w.borrow()
	if err != nil {
		return err
	}
	defer w.giveBack(c)
	c.endRead()
	if err := c.runInts(stBeginWrite); err != nil {
		return fmt.Errorf("store: begin: %w", err)
	}
	err = write(c)
	if err == nil {
		err = c.runInts(stCommit)
	}
	if err != nil {
		w.rollback(c, err)
		return fmt.Errorf("store: commit: %w", err)
	}
	w.db.gen.Add(1)
	w.publish(b)
	w.db.checkpoints.count(c)
	return nil
}

// rollback undoes a failed transaction. After a failed sync nobody can say what is on disk, so the store stops writing.
func (w *writer) rollback(c *conn, cause error) {
	var failed *dbError
	if errors.As(cause, &failed) && failed.code == lib.SQLITE_IOERR_FSYNC {
		w.broken = fmt.Errorf("store: broken, writes cannot be made durable: %w", cause)
	}
	if !c.inTransaction() {
		return
	}
	if err := c.runInts(stRollback); err != nil {
		w.broken = fmt.Errorf("store: broken, a failed transaction cannot be undone: %w", err)
	}
}

// borrow gives the connection for writing.
func (w *writer) borrow() (*conn, error) {
	if w.c != nil {
		return w.c, nil
	}
	return w.db.pool.get()
}

func (w *writer) giveBack(c *conn) {
	if w.c == nil {
		w.db.pool.put(c)
	}
}

// publish shows a committed batch to readers.
func (w *writer) publish(b *batch) {
	w.seq, w.space = b.seq, b.space
	for _, d := range b.changes.docs {
		w.db.cache.publish(d.key, &d.doc)
	}
	for _, e := range b.stale {
		w.db.tail.young.stale[e] = struct{}{}
	}
	for _, e := range b.dead {
		w.fold.run.generation.stale[e] = struct{}{}
	}
	if b.folded > 0 {
		w.fold.advance(w.db.tail, b.folded)
	}
	if len(b.added) > 0 {
		w.db.tail.add(b.added)
	}
	if len(b.changes.moved) > 0 {
		w.publishDrops(b)
	}
	for _, fn := range b.after {
		fn()
	}
	if w.fold.run == nil && w.db.tail.young.count >= w.fold.size {
		w.fold.start(w.db.tail)
	}
	w.filters.tend(w.db)
}

func (w *writer) publishDrops(b *batch) {
	state := w.db.spaces.state.Load().clone()
	for ns, space := range b.changes.moved {
		state.move(ns, space)
	}
	for _, space := range b.changes.garbage {
		state.garbage[space] = b.seq
	}
	w.db.spaces.state.Store(state)
}

// expectedEntries estimates what the batch will add to the tail.
func (b *batch) expectedEntries() int {
	n := len(b.changes.answers)
	for _, d := range b.changes.docs {
		n += 2 + len(d.doc.Refs)
	}
	return n
}

// foldSome writes a stretch of the run, if there is one.
func (w *writer) foldSome(b *batch, c *conn, limit int) error {
	if !w.fold.ready(false) {
		return nil
	}
	next, err := w.fold.write(c, &w.filters, max(limit, w.fold.least))
	b.folded = next
	return err
}
