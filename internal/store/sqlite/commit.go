package sqlite

import (
	"errors"
	"fmt"
	"slices"

	lib "modernc.org/sqlite/lib"
)

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
	w.db.noteCommit(err)
	if err != nil {
		w.db.models.loaded = false
		w.rollback(c, err)
		return fmt.Errorf("store: commit: %w", err)
	}
	w.db.gen.Add(1)
	if w.tap != nil {
		w.tap.follow()
	}
	w.publish(b)
	w.db.checkpoints.count(c)
	return nil
}

// rollback undoes a failed transaction. After a failed sync nobody can say what is on disk, so the store stops writing.
func (w *writer) rollback(c *conn, cause error) {
	var failed *dbError
	if errors.As(cause, &failed) && failed.code == lib.SQLITE_IOERR_FSYNC {
		w.giveUp(fmt.Errorf("store: broken, writes cannot be made durable: %w", cause))
	}
	if !c.inTransaction() {
		return
	}
	if err := c.runInts(stRollback); err != nil {
		w.giveUp(fmt.Errorf("store: broken, a failed transaction cannot be undone: %w", err))
	}
}

// giveUp writes nothing any more.
func (w *writer) giveUp(why error) {
	if w.broken == nil && w.db.options.Broken != nil {
		w.db.options.Broken(why)
	}
	w.broken = why
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
		switch {
		case d.doc.Erased:
			w.db.cache.forget(d.key, d.doc.Seq)
		case d.base == nil && !d.doc.Warm && slices.Contains(w.db.options.Cold, d.doc.Kind): // nobody can have it
		default:
			w.db.cache.publish(d.key, &d.doc)
		}
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
		w.entries = b.added[:0]
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
	w.chores.note()
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
	next, err := w.fold.write(c, w.db, &w.filters, max(limit, w.fold.least))
	b.folded = next
	return err
}
