package sqlite

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"sharesmart/internal/store"
)

// indexed is what the writer knows about the full-text index. Only the writer uses it.
type indexed struct {
	mark  int64 // documents up to here are indexed or marked as dirty
	dirty bool  // there may be documents that are marked
	terms func(kind string, data []byte) []string
	// unsearchable are the kinds that have no terms at all.
	unsearchable map[string]bool
	backlog      int64 // indexBacklog; tests have less
	ahead        ahead
	merging      merging
}

// indexPiece is a stretch of documents with what the index is to say of them.
type indexPiece struct {
	last         int64 // the stretch ends here
	seen         int   // documents in it
	rows         []indexRow
	unsearchable map[string]bool
	err          error
}

type indexRow struct {
	seq    int64
	tokens string
}

const (
	// indexRows is how many documents are looked at for a piece, which takes a millisecond or two, for which requests wait: that
	// is seen in the slowest hundredth of them. Larger pieces cost less in all, by some hundredths. Most kinds are not
	// searched, and to pass over one costs little.
	indexRows = 128
	// reindexRows is how many changed documents are indexed again at once.
	reindexRows = 32
	// indexBacklog is how many documents may wait for the index before that is no longer left to idle times. Those that wait
	// are still in the cache, and those that are settled a second after they were made are not indexed twice. A search
	// asks all of them.
	indexBacklog = 25_000
)

// has says whether the index has, or should have, an earlier state of the document.
func (x *indexed) has(d *store.Doc) bool {
	return d.Seq <= x.mark && !x.unsearchable[d.Kind]
}

// replaced notes that a document changed.
func (x *indexed) replaced(c *conn, d *store.Doc) error {
	switch {
	case x.has(d):
		x.dirty = true
		return c.runInts(stAddDirty, d.Seq)
	case x.ahead.made != nil && d.Seq > x.mark:
		x.ahead.changed[d.Seq] = struct{}{}
	}
	return nil
}

// indexPiece indexes the next documents.
func (w *writer) indexPiece() (worked bool, err error) {
	x := &w.indexed
	if x.terms == nil || x.mark >= w.seq {
		return false, nil
	}
	var made *indexPiece
	if x.ahead.made != nil {
		made = <-x.ahead.made
	}
	b := w.newBatch()
	err = w.transact(b, func(c *conn) error {
		if made == nil {
			made = x.collect(&view{db: w.db, c: c, own: true}, x.mark, b.seq, x.unsearchable)
		}
		worked, err = x.write(b, c, made)
		return err
	})
	x.ahead.forget()
	return worked, err
}

// reindexPiece takes some documents that changed since they were indexed.
func (w *writer) reindexPiece() (worked bool, err error) {
	x := &w.indexed
	if x.terms == nil || !x.dirty {
		return false, nil
	}
	b := w.newBatch()
	err = w.transact(b, func(c *conn) error {
		worked, err = x.reindex(b, c)
		return err
	})
	return worked, err
}

func (x *indexed) reindex(b *batch, c *conn) (bool, error) {
	seqs, err := dirtySeqs(c, reindexRows)
	if err != nil {
		return false, fmt.Errorf("read what changed since it was indexed: %w", err)
	}
	rows, err := x.unindex(b, c, seqs)
	if err != nil {
		return false, err
	}
	if err := x.indexDocs(b, c, rows); err != nil {
		return false, err
	}
	b.after = append(b.after, func() {
		x.dirty = len(seqs) == reindexRows
		x.merging.pending = true // what a document left behind in the index takes room until it is merged
	})
	return len(seqs) > 0, nil
}

// unindex removes documents from the index and works out what it is to say of them now.
func (x *indexed) unindex(b *batch, c *conn, seqs []int64) ([]indexRow, error) {
	v := &view{db: b.writer.db, c: c, own: true}
	var rows []indexRow
	for _, seq := range seqs {
		for _, id := range []statement{stUnindexDoc, stDeleteDirty} {
			if err := c.runInts(id, seq); err != nil {
				return nil, err
			}
		}
		space, d, err := v.known(seq)
		switch {
		case errors.Is(err, store.ErrNotFound): // it has been reclaimed
			continue
		case err != nil:
			return nil, err
		}
		if tokens, _ := x.tokens(space, d); tokens != "" {
			rows = append(rows, indexRow{seq, tokens})
		}
	}
	return rows, nil
}

// dirtySeqs are some documents that changed, ascending: FTS5 begins another segment whenever it is given a lower one than
// the last.
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
	slices.Reverse(seqs)
	return seqs, err
}

// collect reads the next documents beyond a mark, none of which is beyond end, and works out what the index is to say of
// them. It may run beside the writer.
func (x *indexed) collect(v *view, mark, end int64, unsearchable map[string]bool) *indexPiece {
	p := &indexPiece{last: mark, unsearchable: unsearchable}
	if p.unsearchable == nil {
		p.unsearchable = map[string]bool{}
	}
	rows, err := unindexed(v, mark, unsearchable)
	if err != nil {
		p.err = fmt.Errorf("find documents from %d: %w", mark, err)
		return p
	}
	p.seen = len(rows)
	for _, r := range rows {
		p.last = r.seq
		if r.kind == "" || p.unsearchable[r.kind] {
			continue
		}
		if p.err = x.add(p, v, r.seq); p.err != nil {
			return p
		}
	}
	if len(rows) < indexRows { // whatever has no row up to here never will
		p.last = max(p.last, end)
	}
	return p
}

// kindRow is a document of which only the kind was read, and not even that if it is not searched.
type kindRow struct {
	seq  int64
	kind string
}

// unindexed finds the next documents beyond a mark.
func unindexed(v *view, mark int64, unsearchable map[string]bool) ([]kindRow, error) {
	c, err := v.conn()
	if err != nil {
		return nil, err
	}
	s, err := c.stmt(stKindsFrom)
	if err != nil {
		return nil, err
	}
	rows := make([]kindRow, 0, indexRows)
	err = s.each(func() { s.int(1, mark); s.int(2, indexRows) }, func() error {
		row := kindRow{seq: s.columnInt(0)}
		if kind := s.columnView(1); !unsearchable[string(kind)] {
			row.kind = string(kind)
		}
		rows = append(rows, row)
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

// add works out what the index is to say of one document.
func (x *indexed) add(p *indexPiece, v *view, seq int64) error {
	space, d, err := v.known(seq)
	if errors.Is(err, store.ErrNotFound) { // it has just been reclaimed
		return nil
	}
	if err != nil {
		return fmt.Errorf("index document %d: %w", seq, err)
	}
	tokens, searched := x.tokens(space, d)
	switch {
	case !searched:
		p.unsearchable[d.Kind] = true
	case tokens != "":
		p.rows = append(p.rows, indexRow{seq, tokens})
	}
	return nil
}

// tokens is what the index is to say of a document, nothing if it was deleted, and whether its kind is searched at all.
func (x *indexed) tokens(space int64, d *store.Doc) (text string, searched bool) {
	if d.Deleted {
		return "", true
	}
	terms := x.terms(d.Kind, d.Data)
	if terms == nil {
		return "", false
	}
	kind := tokensOf(space, d.Kind)
	b := kind.append(make([]byte, 0, usualToken*(len(terms)+1)), allTerm)
	for _, term := range terms {
		b = kind.append(append(b, ' '), term)
	}
	return string(b), true
}

// usualToken is how long a token is, with a blank.
const usualToken = 14

// write writes a piece. What changed since it was made is marked.
func (x *indexed) write(b *batch, c *conn, p *indexPiece) (bool, error) {
	if p.err != nil {
		return false, p.err
	}
	if err := x.indexDocs(b, c, p.rows); err != nil {
		return false, err
	}
	for seq := range x.ahead.changed {
		if seq > p.last { // a later piece will find it as it is
			continue
		}
		x.dirty = true
		if err := c.runInts(stAddDirty, seq); err != nil {
			return false, err
		}
	}
	b.after = append(b.after, func() { x.mark, x.unsearchable = p.last, p.unsearchable })
	if p.seen == 0 { // the mark on disk may stay where it is
		return false, nil
	}
	return true, setMeta(c, metaIndexed, p.last)
}

// indexDocs adds documents to the index.
func (x *indexed) indexDocs(b *batch, c *conn, rows []indexRow) error {
	size := 0
	for _, r := range rows {
		if err := indexDoc(c, r); err != nil {
			return err
		}
		size += len(r.tokens)
	}
	if size > 0 {
		b.after = append(b.after, func() { x.merging.grown(size) })
	}
	return nil
}

func indexDoc(c *conn, r indexRow) error {
	s, err := c.stmt(stIndexDoc)
	if err != nil {
		return err
	}
	s.int(1, r.seq)
	s.text(2, r.tokens)
	if err := s.run(); err != nil {
		return fmt.Errorf("index document %d: %w", r.seq, err)
	}
	return nil
}
