package sqlite

import (
	"fmt"

	"sharesmart/internal/store"
	"sharesmart/internal/store/group"
)

// writer is the one goroutine that writes. It takes all transactions that wait, runs their functions one after the
// other, writes what they changed in one database transaction, commits, publishes to the cache and the tail, and only
// then answers (package group). Nobody holds a lock meanwhile.
type writer struct {
	db      *DB
	c       *conn // nil in memory, where the pool's one connection is shared
	group   *group.Writer
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
}

// Begin begins a batch, which takes all that waits.
func (w *writer) Begin(requests []*group.Request) (b group.Batch, run, later []*group.Request) {
	w.chores.request() // also if the writer was never idle in between
	return w.newBatch(), requests, nil
}

// Idle does what has been put off, until something waits.
func (w *writer) Idle() { w.idle() }

// Ended is called when nothing more comes.
func (w *writer) Ended() {}

func (w *writer) newBatch() *batch {
	return &batch{writer: w, seq: w.seq, space: w.space, added: w.entries}
}

// Run runs one transaction's function and keeps its changes if it succeeds.
func (b *batch) Run(fn func(store.Tx) error) error {
	w := b.writer
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
	if err := group.Guard(t, fn); err != nil {
		return err
	}
	b.changes.merge(&t.own)
	return nil
}

// Commit writes the batch and commits it.
func (b *batch) Commit(transactions int) error { return b.writer.timedCommit(b, transactions) }

// After sees to what the batch left to do.
func (b *batch) After() {
	b.writer.db.checkpoints.tend(b.writer.c)
	b.writer.catchUp()
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
