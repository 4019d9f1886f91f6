package sqlite

import (
	"time"
)

// When nobody waits, the writer does what has been put off: it folds, indexes for search, and reclaims dropped
// namespaces, a piece at a time, looking for requests in between. Where requests never stop coming it finds gaps between
// them; where there are not even gaps, catchUp sees to it when too much has piled up.

const (
	// idleAfter is how long requests go first before what they put off is done in the gaps between them.
	idleAfter = 50 * time.Millisecond
	// restAfter is when to look again if there is nothing to do.
	restAfter = time.Second
	// garbageLimit is how many dropped namespaces may wait to be reclaimed before that is no longer put off.
	garbageLimit = 100
)

// chores is when to do what has been put off.
type chores struct {
	timer   *time.Timer
	pending bool // there may be something
	since   time.Time
	asked   time.Time // when a request came last
}

// note says that a batch may have put something off.
func (h *chores) note() {
	if !h.pending {
		h.pending, h.since = true, time.Now()
	}
}

// interrupt lets requests go first again.
func (h *chores) interrupt() {
	h.asked = time.Now()
	if h.asked.Sub(h.since) > idleAfter {
		h.since = h.asked
	}
}

// inGap says that requests keep coming.
func (h *chores) inGap() bool { return time.Since(h.asked) < idleAfter }

func (h *chores) wait() time.Duration {
	if !h.pending {
		return restAfter
	}
	return max(0, time.Until(h.since.Add(idleAfter)))
}

// idle waits for requests, and works if none come.
func (w *writer) idle() {
	for {
		w.chores.timer.Reset(w.chores.wait())
		select {
		case <-w.group.Woken():
			w.chores.interrupt()
			return
		case <-w.chores.timer.C:
		}
		work, gap := w.work, w.chores.inGap()
		if gap {
			work = w.workInGap
		}
		switch worked, err := work(); {
		case worked && err == nil:
		case gap && err == nil:
			w.chores.since = time.Now()      // the rest is for when no more requests come
			w.db.checkpoints.tend(w.c, true) // many short ones: a long one makes a batch wait for tens of milliseconds
		default:
			w.chores.pending = err != nil // then it is tried again in a while
			w.chores.since = time.Now().Add(restAfter)
			w.db.checkpoints.tend(w.c, true)
		}
	}
}

// work does one piece of what has been put off. It is false if there is nothing.
func (w *writer) work() (bool, error) {
	return w.first(w.foldPiece, w.mergePiece, w.reindexPiece, w.indexPiece, w.reclaimPiece)
}

// workInGap does one piece of what does not wait until no requests come. Folding does: batches do that by themselves, and a run
// that is cut short shares fewer pages. What is new to the index is made beside the writer, and batches write and merge it.
func (w *writer) workInGap() (bool, error) {
	w.dueInGap()
	return w.first(w.reindexPiece, w.reclaimPiece)
}

// first does the first of some pieces of work that there is.
func (w *writer) first(pieces ...func() (bool, error)) (bool, error) {
	for _, piece := range pieces {
		if worked, err := piece(); worked || err != nil {
			return worked, err
		}
	}
	return false, nil
}

// catchUp sees to what has piled up too high. What fails is tried again after the next batch.
func (w *writer) catchUp() {
	w.catchUpIndex()
	if len(w.db.spaces.state.Load().garbage) > garbageLimit {
		_, _ = w.reclaimPiece()
	}
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

// folded says that all entries are in the table.
func (w *writer) folded() bool { return w.fold.run == nil && w.db.tail.young.count == 0 }

// foldAll writes all entries to the index, so that the next start need not make them again from their documents.
func (db *DB) foldAll() error { return db.repeat((*writer).foldPiece) }

// Settle does now what is otherwise done when nobody asks for anything: it writes all entries to the index, indexes for
// search, and reclaims dropped namespaces. Whoever copies or measures the file may want that; nobody needs it.
func (db *DB) Settle() error { return db.repeat((*writer).work) }

// repeat lets the writer do pieces of work until there is nothing left, with requests in between.
func (db *DB) repeat(piece func(*writer) (bool, error)) error {
	for worked := true; worked; {
		err := db.alone(func(w *writer) (err error) {
			worked, err = piece(w)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
