package sqlite

import (
	"context"
	"fmt"
	"hash/maphash"
	"slices"

	"sharesmart/internal/store"
	"sharesmart/internal/store/pack"
)

// Check proves that the index and the documents agree, that versions lie below their documents, that the log was counted
// rightly, and that SQLite finds the file whole. It reads one state of the database while others go on. Everything is read once, and only if the sums
// do not agree is each entry looked up to find the fault, so it costs some microseconds for each document.
func (db *DB) Check(ctx context.Context) ([]string, error) {
	if err := db.ready(ctx); err != nil {
		return nil, err
	}
	k := &checker{ctx: ctx, seed: maphash.MakeSeed(), counted: db.options.LogCounts}
	if err := db.check(k); err != nil {
		return nil, fmt.Errorf("store: check: %w", err)
	}
	return k.faults, nil
}

func (db *DB) check(k *checker) error {
	whole := func(w *writer) (err error) {
		if k.c, err = w.borrow(); err != nil {
			return err
		}
		defer w.giveBack(k.c)
		if err := k.freeze(w); err != nil {
			return err
		}
		return k.run()
	}
	switch {
	case db.options.ReadOnly:
		return whole(db.writer)
	case db.inMemory(): // there is one connection, so nobody else can go on
		return db.alone(whole)
	}
	c, err := openConn(db.uri(), "", db.setup(readerPages))
	if err != nil {
		return err
	}
	defer func() { _ = c.close() }()
	if err := c.beginRead(0); err != nil {
		return err
	}
	defer c.endRead()
	k.c = c
	if err := db.alone(k.freeze); err != nil {
		return err
	}
	return k.run()
}

// checker looks for faults.
type checker struct {
	ctx     context.Context
	c       *conn
	seed    maphash.Seed
	counted pack.Terms // what entries of the log are counted by
	mark    int64
	garbage map[int64]int64
	models  map[int64]bool
	tail    map[string]struct{} // keys in memory
	fresh   map[string]struct{} // keys in the table of rows beyond the mark
	// Of everything up to the mark: what the rows say must be in the table, and what is.
	expected, present tally
	faults            []string
}

// tally is a number of keys and the sum of their hashes, which does not depend on their order.
type tally struct{ count, sum uint64 }

func (t *tally) add(h uint64) {
	t.count++
	t.sum += h
}

// freeze begins the snapshot and notes what is in memory at that moment. It runs on the writer.
func (k *checker) freeze(w *writer) (err error) {
	if k.mark, err = getMeta(k.c, metaFolded); err != nil {
		return err
	}
	k.garbage = w.db.spaces.state.Load().garbage
	k.tail = make(map[string]struct{})
	var buf [192]byte
	for _, g := range []*generation{w.db.tail.young, w.db.tail.old} {
		if g == nil {
			continue
		}
		for _, e := range g.sorted() {
			if _, stale := g.stale[e]; !stale {
				k.tail[string(appendKey(buf[:0], e))] = struct{}{}
			}
		}
	}
	return nil
}

// faultLimit is how many faults are told.
const faultLimit = 100

func (k *checker) fault(format string, args ...any) {
	if len(k.faults) < faultLimit {
		k.faults = append(k.faults, fmt.Sprintf(format, args...))
	}
}

func (k *checker) run() error {
	for _, step := range []func() error{k.checkFile, k.readKeys, k.readRows, k.checkVersions, k.checkLog} {
		if err := k.ctx.Err(); err != nil {
			return err
		}
		if err := step(); err != nil {
			return err
		}
	}
	for key := range k.fresh {
		k.fault("entry %q in the index has no document or answer", key)
	}
	for key := range k.tail {
		if space, _, _, _, err := splitKey([]byte(key)); err == nil && !k.reclaimed(space) {
			k.fault("entry %q in memory has no document or answer", key)
		}
	}
	if k.expected != k.present {
		return k.compare()
	}
	return nil
}

func (k *checker) reclaimed(space int64) bool {
	_, dropped := k.garbage[space]
	return dropped
}

func (k *checker) checkFile() error {
	return k.c.each(fmt.Sprintf("PRAGMA integrity_check(%d)", faultLimit), func(s *stmt) error {
		if line := s.columnText(0); line != "ok" {
			k.fault("sqlite: %s", line)
		}
		return k.ctx.Err()
	})
}

// readKeys reads the whole index. Ids and answers' keys must not repeat.
func (k *checker) readKeys() error {
	k.fresh = make(map[string]struct{})
	var last string
	return k.eachEntry(func(key []byte, space int64, field, value string, at position) error {
		if at.seq > k.mark {
			k.fresh[string(key)] = struct{}{}
			return nil
		}
		if field == fieldID || field == fieldAnswer {
			prefix := string(key[:len(key)-positionLength])
			if prefix == last {
				k.fault("%s %q of namespace %d is there twice", field, value, space)
			}
			last = prefix
		}
		k.present.add(maphash.Bytes(k.seed, key))
		return k.ctx.Err()
	})
}

// eachEntry reads the index, and shows each entry of a cell as if it had a row of its own. A key that cannot be read is a fault.
func (k *checker) eachEntry(entry func(key []byte, space int64, field, value string, at position) error) error {
	var positions []position
	var buf [192]byte
	return k.c.each(`SELECT key, seqs FROM entries ORDER BY key`, func(s *stmt) error {
		key, seqs := s.columnView(0), s.columnView(1)
		space, field, value, at, err := splitKey(key)
		if err != nil {
			k.fault("%v", err)
			return nil
		}
		if k.reclaimed(space) {
			return nil
		}
		if seqs == nil {
			return entry(key, space, field, value, at)
		}
		if at != cellOf(at) || !slices.IsSorted(seqs) {
			k.fault("cell %q in the index is damaged", key)
		}
		if positions, err = appendPositions(positions[:0], key, seqs, everything); err != nil {
			return err
		}
		prefix := key[:len(key)-positionLength]
		for _, at := range positions {
			if err := entry(appendPosition(append(buf[:0], prefix...), at), space, field, value, at); err != nil {
				return err
			}
		}
		return nil
	})
}

// readRows goes through documents and answers.
func (k *checker) readRows() error {
	k.models = map[int64]bool{}
	err := k.c.each(`SELECT id FROM models`, func(s *stmt) error { k.models[s.columnInt(0)] = true; return nil })
	if err != nil {
		return err
	}
	var entries []entry
	err = k.eachDoc(func(space int64, d *store.Doc) error {
		if d.Deleted && len(d.Refs) > 0 {
			k.fault("%s of namespace %d is deleted and has refs", d.ID, space)
		}
		if d.Version < 1 {
			k.fault("%s of namespace %d is at version %d", d.ID, space, d.Version)
		}
		entries = appendEntries(entries[:0], space, d)
		k.expect(entries)
		return k.ctx.Err()
	})
	if err != nil {
		return err
	}
	return k.eachAnswer(func(e entry) error {
		k.expect([]entry{e})
		return k.ctx.Err()
	})
}

func (k *checker) expect(entries []entry) {
	var buf [192]byte
	for _, e := range entries {
		key := appendKey(buf[:0], e)
		if e.at.seq <= k.mark {
			k.expected.add(maphash.Bytes(k.seed, key))
			continue
		}
		_, written := k.fresh[string(key)]
		_, kept := k.tail[string(key)]
		if !written && !kept {
			k.fault("entry %q is neither in the index nor in memory", key)
		}
		delete(k.fresh, string(key))
		delete(k.tail, string(key))
	}
}

func (k *checker) eachDoc(row func(space int64, d *store.Doc) error) error {
	const columns = "seq, ns, id, kind, parent, version, created, deleted, refs, substr(doc, 1, 10)"
	return k.c.each(`SELECT `+columns+` FROM objects ORDER BY seq`, func(s *stmt) (err error) {
		if k.reclaimed(s.columnInt(1)) {
			return nil
		}
		d := store.Doc{
			Seq: s.columnInt(0), ID: s.columnText(2), Kind: s.columnText(3), Parent: s.columnText(4),
			Version: s.columnInt(5), Created: s.columnInt(6), Deleted: s.columnBool(7),
		}
		if d.Refs, err = decodeRefs(s.columnView(8)); err != nil {
			k.fault("%s of namespace %d: %v", d.ID, s.columnInt(1), err)
			return nil
		}
		if id, ok := modelOf(s.columnView(9)); !ok || id != 0 && !k.models[id] {
			k.fault("%s of namespace %d is stored as a difference to model %d, which there is not", d.ID, s.columnInt(1), id)
		}
		return row(s.columnInt(1), &d)
	})
}

func (k *checker) eachAnswer(row func(e entry) error) error {
	var buf [160]byte
	return k.c.each(`SELECT seq, ns, key FROM answers ORDER BY seq`, func(s *stmt) error {
		if k.reclaimed(s.columnInt(1)) {
			return nil
		}
		return row(entry{string(appendAnswerPrefix(buf[:0], s.columnInt(1), s.columnText(2))), position{0, s.columnInt(0)}})
	})
}

// checkVersions finds versions that are not below their document's, or cannot be read.
func (k *checker) checkVersions() error {
	err := k.c.each(`SELECT v.seq, v.version, coalesce(o.version, 0), o.seq IS NULL FROM versions v
		LEFT JOIN objects o ON o.seq = v.seq WHERE o.seq IS NULL OR v.version >= o.version`, func(s *stmt) error {
		if s.columnBool(3) {
			k.fault("version %d of document %d, which there is not", s.columnInt(1), s.columnInt(0))
		} else {
			k.fault("version %d of document %d is kept, which is at version %d", s.columnInt(1), s.columnInt(0), s.columnInt(2))
		}
		return k.ctx.Err()
	})
	if err != nil {
		return err
	}
	return k.c.each(`SELECT v.seq, v.version FROM versions v WHERE v.differs
		AND NOT EXISTS (SELECT 1 FROM versions n WHERE n.seq = v.seq AND n.version = v.version + 1)
		AND NOT EXISTS (SELECT 1 FROM objects o WHERE o.seq = v.seq AND o.version = v.version + 1)`, func(s *stmt) error {
		k.fault("version %d of document %d is kept without the one that it differs from", s.columnInt(1), s.columnInt(0))
		return k.ctx.Err()
	})
}

// compare finds which entries of rows up to the mark are missing, and which are too many.
func (k *checker) compare() error {
	before := len(k.faults)
	expected := make(map[string]struct{}, k.expected.count)
	var buf [192]byte
	note := func(entries []entry) {
		for _, e := range entries {
			if e.at.seq <= k.mark {
				expected[string(appendKey(buf[:0], e))] = struct{}{}
			}
		}
	}
	if err := k.eachDoc(func(space int64, d *store.Doc) error {
		note(appendEntries(nil, space, d))
		return k.ctx.Err()
	}); err != nil {
		return err
	}
	if err := k.eachAnswer(func(e entry) error { note([]entry{e}); return k.ctx.Err() }); err != nil {
		return err
	}
	err := k.eachEntry(func(key []byte, _ int64, _, _ string, at position) error {
		if at.seq > k.mark {
			return nil
		}
		if _, ok := expected[string(key)]; !ok {
			k.fault("entry %q in the index has no document or answer", key)
		}
		delete(expected, string(key))
		return k.ctx.Err()
	})
	for key := range expected {
		k.fault("entry %q is missing in the index", key)
	}
	if err == nil && len(k.faults) == before {
		k.fault("the index holds %d entries where documents and answers have %d", k.present.count, k.expected.count)
	}
	return err
}
