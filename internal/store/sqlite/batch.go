package sqlite

import (
	"fmt"
	"slices"

	"sharesmart/internal/store"
)

// batch is the transactions that are committed together. What it decides is the writer's own until it is published.
type batch struct {
	writer  *writer
	changes changes
	seq     int64 // the last one given
	space   int64 // the last one given
	// What publish does when the commit has succeeded.
	added  []entry // to the tail
	stale  []entry // of the young generation
	dead   []entry // of the old generation
	folded int     // entries of the run written to the table
	after  []func()
}

func (b *batch) nextSeq() int64 {
	b.seq++
	return b.seq
}

func (b *batch) nextSpace() int64 {
	b.space++
	return b.space
}

// apply writes all changes. It runs inside a database transaction.
func (b *batch) apply(c *conn) error {
	for _, d := range b.changes.docs {
		if err := b.applyDoc(c, d); err != nil {
			return fmt.Errorf("write %s: %w", d.doc.ID, err)
		}
	}
	for _, a := range b.changes.answers {
		if err := b.applyAnswer(c, a); err != nil {
			return fmt.Errorf("write answer: %w", err)
		}
	}
	if err := b.applyTimers(c); err != nil {
		return fmt.Errorf("write timer: %w", err)
	}
	if len(b.changes.moved) == 0 {
		return nil
	}
	return b.applyDrops(c)
}

func (b *batch) applyDoc(c *conn, d *docChange) error {
	if d.doc.Erased {
		return b.erase(c, d)
	}
	if len(d.superseded) > 0 && slices.Contains(b.writer.db.options.Unversioned, d.doc.Kind) {
		d.superseded = nil
	}
	for i := range d.superseded {
		next := &d.doc
		if i+1 < len(d.superseded) {
			next = &d.superseded[i+1]
		}
		replaced := b.writer.db.now()
		if d.replaced != nil {
			replaced = d.replaced[i]
		}
		if err := b.insertVersion(c, &d.superseded[i], next, replaced); err != nil {
			return err
		}
	}
	if d.base == nil {
		b.added = appendEntries(b.added, d.key.space, &d.doc)
		return b.insertDoc(c, d.key.space, &d.doc)
	}
	if err := b.replaceDoc(c, &d.doc); err != nil {
		return err
	}
	if !d.sameTerms {
		if err := b.writer.indexed.replaced(c, &d.doc); err != nil {
			return err
		}
	}
	if sameEntries(d.base, &d.doc) {
		return nil
	}
	return b.moveEntries(c, appendEntries(nil, d.key.space, d.base), appendEntries(nil, d.key.space, &d.doc))
}

// erase removes all that the database has of a document.
func (b *batch) erase(c *conn, d *docChange) error {
	if d.base == nil {
		return nil
	}
	if err := b.moveEntries(c, appendEntries(nil, d.key.space, d.base), nil); err != nil {
		return err
	}
	b.writer.indexed.ahead.forget() // it may tell of what goes now
	return c.runAllInts(rowsOfDoc, d.base.Seq)
}

// sameEntries says whether a document is found by the same things as before; it nearly always is.
func sameEntries(old, new *store.Doc) bool {
	return old.Created == new.Created && old.Deleted == new.Deleted && old.Parent == new.Parent &&
		old.Kind == new.Kind && slices.Equal(old.Refs, new.Refs)
}

// moveEntries takes a document's old entries away and adds its new ones.
func (b *batch) moveEntries(c *conn, old, new []entry) error {
	for _, e := range old {
		if !slices.Contains(new, e) {
			if err := b.removeEntry(c, e); err != nil {
				return err
			}
		}
	}
	for _, e := range new {
		if !slices.Contains(old, e) {
			if err := b.addEntry(c, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// addEntry and removeEntry put an entry where those of its document are. Up to the end of the run, that is the table:
// the document's entries are there already, or are being written there in this or the next batches.
func (b *batch) addEntry(c *conn, e entry) error {
	if e.at.seq > b.writer.fold.end() {
		b.added = append(b.added, e)
		return nil
	}
	return b.writer.db.writeEntries(c, e)
}

func (b *batch) removeEntry(c *conn, e entry) error {
	if e.at.seq > b.writer.fold.end() {
		b.stale = append(b.stale, e)
		return nil
	}
	if e.at.seq > b.writer.fold.mark {
		b.dead = append(b.dead, e)
	}
	return b.writer.db.removeEntry(c, e)
}

func (b *batch) insertDoc(c *conn, space int64, d *store.Doc) error {
	data, err := b.pack(c, d)
	if err != nil {
		return err
	}
	s, err := c.stmt(stInsertDoc)
	if err != nil {
		return err
	}
	s.int(1, d.Seq)
	s.int(2, space)
	s.text(3, d.ID)
	s.text(4, d.Kind)
	s.text(5, d.Parent)
	s.int(6, d.Version)
	s.int(7, d.Created)
	s.bool(8, d.Deleted)
	s.blob(9, encodeRefs(d.Refs))
	s.blob(10, data)
	return s.run()
}

func (b *batch) replaceDoc(c *conn, d *store.Doc) error {
	data, err := b.pack(c, d)
	if err != nil {
		return err
	}
	s, err := c.stmt(stReplaceDoc)
	if err != nil {
		return err
	}
	s.int(1, d.Seq)
	s.text(2, d.Kind)
	s.text(3, d.Parent)
	s.int(4, d.Version)
	s.int(5, d.Created)
	s.bool(6, d.Deleted)
	s.blob(7, encodeRefs(d.Refs))
	s.blob(8, data)
	return s.run()
}

func (b *batch) applyAnswer(c *conn, a *answerChange) error {
	if a.replaces != 0 {
		if err := b.removeAnswer(c, a.key, a.replaces); err != nil {
			return err
		}
	}
	var buf [160]byte
	b.added = append(b.added, entry{string(appendAnswerPrefix(buf[:0], a.key.space, a.key.id)), position{0, a.seq}})
	s, err := c.stmt(stInsertAnswer)
	if err != nil {
		return err
	}
	s.int(1, a.seq)
	s.int(2, a.key.space)
	s.text(3, a.answer.Key)
	s.int(4, a.answer.Created)
	s.text(5, a.answer.Fingerprint)
	s.text(6, a.answer.Path)
	s.text(7, a.answer.RequestID)
	s.int(8, int64(a.answer.Status))
	s.text(9, a.answer.ObjectID)
	s.int(10, a.answer.ObjectVersion)
	s.blob(11, a.answer.Body)
	return s.run()
}

func (b *batch) removeAnswer(c *conn, k docKey, seq int64) error {
	var buf [160]byte
	e := entry{string(appendAnswerPrefix(buf[:0], k.space, k.id)), position{0, seq}}
	if err := b.removeEntry(c, e); err != nil {
		return err
	}
	return c.runInts(stDeleteAnswer, seq)
}

func (b *batch) applyTimers(c *conn) error {
	for k, when := range b.changes.timers {
		id := stSetTimer
		if when.due == 0 {
			id = stDeleteTimer
		}
		s, err := c.stmt(id)
		if err != nil {
			return err
		}
		s.int(1, k.space)
		s.text(2, k.kind)
		s.text(3, k.id)
		if when.due != 0 {
			s.int(4, when.due)
			s.text(5, when.clock)
		}
		if err := s.run(); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) applyDrops(c *conn) error {
	for ns, space := range b.changes.moved {
		if err := c.runInts(stSetSpace, int64(ns), space); err != nil {
			return fmt.Errorf("drop namespace %d: %w", ns, err)
		}
	}
	for _, space := range b.changes.garbage {
		if err := c.runInts(stSetGarbage, space, b.seq); err != nil {
			return fmt.Errorf("drop space %d: %w", space, err)
		}
	}
	return setMeta(c, metaSpace, b.space)
}
