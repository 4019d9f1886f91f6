package sqlite

import (
	"fmt"

	"sharesmart/internal/store"
)

// Names of the counters and marks in meta.
const (
	metaCelled  = "celled"  // entries of rows from this seq on are in cells
	metaFolded  = "folded"  // rows up to this seq have all their entries in the table
	metaIndexed = "indexed" // documents up to this seq are indexed for search
	metaLogSeq  = "log_seq" // log positions below this may have been given out
	metaSpace   = "space"   // the last space given to a dropped namespace
)

func setMeta(c *conn, name string, value int64) error {
	s, err := c.stmt(stSetMeta)
	if err != nil {
		return err
	}
	s.text(1, name)
	s.int(2, value)
	if err := s.run(); err != nil {
		return fmt.Errorf("set %s: %w", name, err)
	}
	return nil
}

func getMeta(c *conn, name string) (int64, error) {
	s, err := c.stmt(stMeta)
	if err != nil {
		return 0, err
	}
	defer s.reset()
	s.text(1, name)
	found, err := s.step()
	if err != nil {
		return 0, fmt.Errorf("read %s: %w", name, err)
	}
	if !found {
		return 0, nil
	}
	return s.columnInt(0), nil
}

// load reads what the writer must know: counters, marks, spaces, and the entries that are not folded.
func (w *writer) load(c *conn) (err error) {
	if w.fold.mark, err = getMeta(c, metaFolded); err != nil {
		return err
	}
	if w.db.celled, err = getMeta(c, metaCelled); err != nil {
		return err
	}
	if w.indexed.mark, err = getMeta(c, metaIndexed); err != nil {
		return err
	}
	if w.space, err = getMeta(c, metaSpace); err != nil {
		return err
	}
	w.space = max(w.space, firstSpace)
	if w.logSeq, err = getMeta(c, metaLogSeq); err != nil {
		return err
	}
	w.indexed.terms, w.indexed.dirty, w.indexed.backlog = w.db.options.Terms, true, indexBacklog
	w.indexed.merging.pending = true
	w.seq = max(w.fold.mark, w.indexed.mark)
	for _, id := range []statement{stMaxSeq, stMaxAnswer} {
		last, _, err := c.queryInt(id)
		if err != nil {
			return fmt.Errorf("read last seq: %w", err)
		}
		w.seq = max(w.seq, last)
	}
	if err := w.loadSpaces(c); err != nil {
		return err
	}
	return w.loadTail(c)
}

func (w *writer) loadSpaces(c *conn) error {
	state := w.db.spaces.state.Load().clone()
	err := c.each(`SELECT ns, space FROM spaces`, func(s *stmt) error {
		state.move(store.NS(s.columnInt(0)), s.columnInt(1))
		return nil
	})
	if err != nil {
		return fmt.Errorf("read spaces: %w", err)
	}
	err = c.each(`SELECT space, dropped FROM garbage`, func(s *stmt) error {
		state.garbage[s.columnInt(0)] = s.columnInt(1)
		return nil
	})
	if err != nil {
		return fmt.Errorf("read garbage: %w", err)
	}
	w.db.spaces.state.Store(state)
	return nil
}

// loadTail makes the entries of all rows beyond the mark again. They become a run at once: some of them may be in the
// table already, and only those of a run are also removed there when they cease to hold.
func (w *writer) loadTail(c *conn) error {
	// Most documents have two or three prefixes of their own.
	w.db.tail.young = newGeneration(int(min(3*(w.seq-w.fold.mark), 4*runSize)))
	young := w.db.tail.young
	var entries []entry
	err := c.each(fmt.Sprintf(`SELECT seq, ns, id, kind, parent, created, deleted, refs FROM objects WHERE seq > %d`,
		w.fold.mark), func(s *stmt) (err error) {
		d := store.Doc{
			Seq: s.columnInt(0), ID: s.columnText(2), Kind: s.columnText(3), Parent: s.columnText(4),
			Created: s.columnInt(5), Deleted: s.columnBool(6),
		}
		if d.Refs, err = decodeRefs(s.columnView(7)); err != nil {
			return err
		}
		entries = appendEntries(entries[:0], s.columnInt(1), &d)
		for _, e := range entries {
			young.add(e)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read documents that are not indexed: %w", err)
	}
	var buf [160]byte
	err = c.each(fmt.Sprintf(`SELECT seq, ns, key FROM answers WHERE seq > %d`, w.fold.mark), func(s *stmt) error {
		young.add(entry{string(appendAnswerPrefix(buf[:0], s.columnInt(1), s.columnText(2))), position{0, s.columnInt(0)}})
		return nil
	})
	if err != nil {
		return fmt.Errorf("read answers that are not indexed: %w", err)
	}
	if young.count > 0 && !w.db.options.ReadOnly {
		w.fold.start(w.db.tail)
	}
	return nil
}

// each runs a statement that is used once and shows its rows.
func (c *conn) each(text string, row func(*stmt) error) error {
	s, err := c.prepare(text)
	if err != nil {
		return err
	}
	defer s.finalize()
	for {
		more, err := s.step()
		if err != nil || !more {
			return err
		}
		if err := row(s); err != nil {
			return err
		}
	}
}
