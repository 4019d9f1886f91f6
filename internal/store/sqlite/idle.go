package sqlite

import (
	"time"
)

// When nobody waits, the writer does what has been put off: it folds, indexes for search, and reclaims dropped
// namespaces, a little at a time, looking for requests in between.

const (
	// idleAfter is how long nobody must have asked before work of that kind begins.
	idleAfter = 50 * time.Millisecond
	// restAfter is when to look again if there is nothing to do.
	restAfter = time.Second
)

// idle waits for requests, and works if none come.
func (w *writer) idle() {
	wait := idleAfter
	for {
		w.timer.Reset(wait)
		select {
		case <-w.queue.wake:
			w.timer.Stop()
			return
		case <-w.timer.C:
		}
		worked, err := w.work()
		switch {
		case err != nil || !worked:
			w.db.checkpoints.tend(w.c, true)
			wait = restAfter
		default:
			wait = 0
		}
	}
}

// work does one piece of what has been put off. It is false if there is nothing.
func (w *writer) work() (bool, error) {
	for _, piece := range []func() (bool, error){w.foldPiece, w.indexPiece, w.reclaimPiece} {
		if worked, err := piece(); worked || err != nil {
			return worked, err
		}
	}
	return false, nil
}

// foldPiece writes the next entries of the run, or makes one of what is in the tail.
func (w *writer) foldPiece() (bool, error) {
	if w.fold.run == nil {
		if w.db.tail.young.count == 0 {
			return false, nil
		}
		w.fold.start(w.db.tail)
	}
	w.fold.ready(true)
	b := w.newBatch()
	return true, w.transact(b, func(c *conn) error { return w.foldSome(b, c, w.fold.chunk) })
}

// Settle does now what is otherwise done when nobody asks for anything: it writes all entries to the index, indexes for
// search, and reclaims dropped namespaces. Whoever copies or measures the file may want that; nobody needs it.
func (db *DB) Settle() error {
	for {
		var worked bool
		err := db.alone(func(w *writer) (err error) {
			worked, err = w.work()
			return err
		})
		if err != nil || !worked {
			return err
		}
	}
}
