package sqlite

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"sharesmart/internal/store"
)

// indexed is what the writer knows about the full-text index.
type indexed struct {
	mark  int64 // documents up to here are indexed or marked as dirty
	dirty bool  // there may be documents that are marked
	terms func(kind string, data []byte) []string
	// unsearchable are the kinds that have no terms at all.
	unsearchable map[string]bool
}

const (
	// indexChunk is how many documents are indexed at once: a few milliseconds' work.
	indexChunk = 32
	// indexRows is how many are looked at for that. Most kinds are not searched, and to pass over one costs little.
	indexRows = 32 * indexChunk
	// indexBacklog is how many documents may wait for the index before that is no longer left to idle times. A search
	// asks all of them.
	indexBacklog = 50_000
)

// has says whether the index has, or should have, an earlier state of the document.
func (x *indexed) has(d *store.Doc) bool {
	return d.Seq <= x.mark && !x.unsearchable[d.Kind]
}

// indexPiece indexes the next documents.
func (w *writer) indexPiece() (worked bool, err error) {
	x := &w.indexed
	if x.terms == nil || x.mark >= w.seq && !x.dirty {
		return false, nil
	}
	b := w.newBatch()
	err = w.transact(b, func(c *conn) error {
		again, err := x.reindex(b, c)
		if err != nil {
			return err
		}
		more, err := x.index(b, c)
		worked = again || more
		return err
	})
	return worked, err
}

// reindex takes up to a chunk of documents that changed.
func (x *indexed) reindex(b *batch, c *conn) (bool, error) {
	if !x.dirty {
		return false, nil
	}
	seqs, err := dirtySeqs(c, indexChunk)
	if err != nil {
		return false, fmt.Errorf("read what changed since it was indexed: %w", err)
	}
	v := &view{db: b.writer.db, c: c, own: true}
	for _, seq := range seqs {
		space, d, err := v.known(seq)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return false, err
		}
		found := err == nil // else it has been reclaimed
		for _, id := range []statement{stUnindexDoc, stDeleteDirty} {
			if err := c.runInts(id, seq); err != nil {
				return false, err
			}
		}
		if !found {
			continue
		}
		if err := x.add(c, space, d); err != nil {
			return false, err
		}
	}
	if len(seqs) < indexChunk {
		b.after = append(b.after, func() { x.dirty = false })
	}
	return len(seqs) > 0, nil
}

func dirtySeqs(c *conn, limit int64) ([]int64, error) {
	s, err := c.stmt(stDirtyDown)
	if err != nil {
		return nil, err
	}
	var seqs []int64
	err = s.each(func() { s.int(1, math.MaxInt64); s.int(2, limit) }, func() error {
		seqs = append(seqs, s.columnInt(0))
		return nil
	})
	return seqs, err
}

// index takes up to a chunk of documents beyond the mark.
func (x *indexed) index(b *batch, c *conn) (bool, error) {
	rows, err := x.unindexed(c)
	if err != nil {
		return false, fmt.Errorf("find documents from %d: %w", x.mark, err)
	}
	v := &view{db: b.writer.db, c: c, own: true}
	last, added := x.mark, 0
	for _, r := range rows {
		if added == indexChunk {
			break
		}
		last = r.seq
		if x.unsearchable[r.kind] {
			continue
		}
		space, d, err := v.known(r.seq)
		if err != nil {
			return false, err
		}
		if err := x.add(c, space, d); err != nil {
			return false, fmt.Errorf("index document %d: %w", r.seq, err)
		}
		added++
	}
	if len(rows) < indexRows && added < indexChunk { // whatever has no row up to here never will
		last = max(last, b.seq)
	}
	b.after = append(b.after, func() { x.mark = last })
	if len(rows) == 0 { // the mark on disk may stay where it is
		return false, nil
	}
	return true, setMeta(c, metaIndexed, last)
}

// kindRow is a document of which only the kind was read.
type kindRow struct {
	seq  int64
	kind string
}

// unindexed finds the next documents beyond the mark.
func (x *indexed) unindexed(c *conn) ([]kindRow, error) {
	s, err := c.stmt(stKindsFrom)
	if err != nil {
		return nil, err
	}
	var rows []kindRow
	err = s.each(func() { s.int(1, x.mark); s.int(2, indexRows) }, func() error {
		rows = append(rows, kindRow{s.columnInt(0), s.columnText(1)})
		return nil
	})
	return rows, err
}

// known gives a document from the cache or reads its row. Unlike docBySeq it leaves the cache to those that are asked
// for.
func (v *view) known(seq int64) (int64, *store.Doc, error) {
	if d, space, ok := v.db.cache.getSeq(seq); ok {
		return space, d, nil
	}
	return v.row(seq)
}

// add indexes one document.
func (x *indexed) add(c *conn, space int64, d *store.Doc) error {
	if d.Deleted || x.unsearchable[d.Kind] {
		return nil
	}
	terms := x.terms(d.Kind, d.Data)
	if terms == nil {
		if x.unsearchable == nil {
			x.unsearchable = make(map[string]bool)
		}
		x.unsearchable[d.Kind] = true
		return nil
	}
	var text strings.Builder
	text.WriteString(allToken(space, d.Kind))
	for _, term := range terms {
		text.WriteByte(' ')
		text.WriteString(token(space, d.Kind, term))
	}
	s, err := c.stmt(stIndexDoc)
	if err != nil {
		return err
	}
	s.int(1, d.Seq)
	s.text(2, text.String())
	return s.run()
}
