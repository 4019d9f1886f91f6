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

// gapRows is how many documents are indexed for each gap, of which there are up to twenty a second: 8,000 documents a
// second. Requests that bring more leave gaps, too, but would rather have the processor.
const gapRows = 4 * indexRows

// dueInGap has some documents indexed, if they fill a piece. Fewer wait until nobody asks for anything: a segment for a few
// documents is merged all the more often.
func (w *writer) dueInGap() {
	if x := &w.indexed; x.terms != nil && w.seq-x.mark >= indexRows {
		x.ahead.due = min(x.mark+gapRows, w.seq)
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

// writeAhead adds to a commit some merging, if that is owed, or the piece that was made beside the writer, if it is ready.
// It comes after what the commit itself replaces. An index that cannot be written to fails nobody's transaction: it stays
// behind.
func (x *indexed) writeAhead(b *batch, c *conn) error {
	if x.merging.owed == 0 && len(x.ahead.made) == 0 {
		return nil
	}
	if err := c.runInts(stSavepoint); err != nil {
		return err
	}
	after := len(b.after)
	if err := x.mergeOrWrite(b, c); err != nil {
		b.after = b.after[:after]
		return errors.Join(c.runInts(stRollbackTo), c.runInts(stRelease))
	}
	return c.runInts(stRelease)
}

// mergeOrWrite does one of the two, so that requests wait for one at a time, or both if too many documents have piled up, but
// not too many segments.
func (x *indexed) mergeOrWrite(b *batch, c *conn) error {
	if owed := x.merging.owed; owed > 0 {
		worked, err := x.merge(b, c)
		if err != nil || worked && (owed == mostOwed || b.seq-x.mark <= x.backlog) {
			return err
		}
	}
	select {
	case piece := <-x.ahead.made:
		defer x.ahead.forget()
		_, err := x.write(b, c, piece)
		return err
	default:
		return nil
	}
}
