package sqlite

import (
	"errors"
	"maps"
)

// While requests come, pieces of the index are made beside the writer and written in commits of requests: reading and
// dividing 128 documents takes most of a millisecond, writing them a third of one, and a commit of their own would cost
// as much again.

// ahead is what is made beside the writer. Only the writer uses it.
type ahead struct {
	due int64 // documents up to here are to be indexed without waiting until nobody asks for anything
	// made gives the piece that is being made, once; nil if none is. changed are the documents beyond the mark that were
	// replaced since it was begun.
	made    chan *indexPiece
	changed map[int64]struct{}
}

// forget lets go of the piece that is or was made.
func (a *ahead) forget() { a.made, a.changed = nil, nil }

// dueInGap has the index catch up with what is there now, if that fills a piece. Less waits until nobody asks for
// anything: a segment for a few documents is merged all the more often.
func (w *writer) dueInGap() {
	if x := &w.indexed; x.terms != nil && w.seq-x.mark >= indexRows {
		x.ahead.due = w.seq
		w.prepareIndex()
	}
}

// catchUpIndex begins to make the next piece if that no longer waits.
func (w *writer) catchUpIndex() {
	x := &w.indexed
	if x.terms != nil && (x.mark < x.ahead.due || w.seq-x.mark > x.backlog) {
		w.prepareIndex()
	}
}

// prepareIndex begins to make the next piece, for one of the next commits.
func (w *writer) prepareIndex() {
	x := &w.indexed
	if x.ahead.made != nil {
		return
	}
	made, mark, end, unsearchable := make(chan *indexPiece, 1), x.mark, w.seq, maps.Clone(x.unsearchable)
	x.ahead.made, x.ahead.changed = made, map[int64]struct{}{}
	w.db.background.Go(func() {
		v := w.db.view()
		defer v.close()
		made <- x.collect(v, mark, end, unsearchable)
	})
}

// writeAhead adds to a commit the piece that was made beside the writer, if it is ready, and some merging, if that is
// owed. It comes after what the commit itself replaces. An index that cannot be written to fails nobody's transaction: it
// stays behind.
func (x *indexed) writeAhead(b *batch, c *conn) error {
	var piece *indexPiece
	select {
	case piece = <-x.ahead.made:
		defer x.ahead.forget()
	default:
		if x.merging.owed == 0 {
			return nil
		}
	}
	if err := c.runInts(stSavepoint); err != nil {
		return err
	}
	after := len(b.after)
	if err := x.mergeAndWrite(b, c, piece); err != nil {
		b.after = b.after[:after]
		return errors.Join(c.runInts(stRollbackTo), c.runInts(stRelease))
	}
	return c.runInts(stRelease)
}

func (x *indexed) mergeAndWrite(b *batch, c *conn, piece *indexPiece) error {
	if x.merging.owed > 0 {
		if _, err := x.merge(b, c); err != nil {
			return err
		}
	}
	if piece == nil {
		return nil
	}
	_, err := x.write(b, c, piece)
	return err
}
