package sqlite

import (
	"context"
	"fmt"

	"sharesmart/internal/store"
	"sharesmart/internal/store/carry"
	"sharesmart/internal/store/pack"
)

// Carry tells a sink all that the store holds, but for what it knows. It reads the store as it is now, which must be opened for reading only, or
// nobody may write.
func (db *DB) Carry(ctx context.Context, to carry.Sink, known carry.Known) error {
	if err := db.ready(ctx); err != nil {
		return err
	}
	v := db.view()
	defer v.close()
	t := &teller{context: ctx, view: v, to: to, known: known, spaces: db.spaces.state.Load(), seen: map[store.NS]bool{}}
	for _, tell := range []func() error{t.documents, t.answers, t.timers, t.logBlocks, t.numbers} {
		if err := tell(); err != nil {
			return fmt.Errorf("store: carry: %w", err)
		}
	}
	return nil
}

// Size is about how many rows Carry tells of: documents and answers share their numbers.
func (db *DB) Size(ctx context.Context) (int64, error) {
	if err := db.ready(ctx); err != nil {
		return 0, err
	}
	v := db.view()
	defer v.close()
	c, err := v.conn()
	if err != nil {
		return 0, err
	}
	n := db.writer.seq
	err = c.each(`SELECT (SELECT count(*) FROM timers) + (SELECT count(*) FROM log_blocks)`, func(s *stmt) error {
		n += s.columnInt(0)
		return nil
	})
	return n, err
}

type teller struct {
	context context.Context
	view    *view
	to      carry.Sink
	known   carry.Known // nil knows nothing
	spaces  *spaceState
	seen    map[store.NS]bool // namespaces that have something
}

// each shows rows whose first column is the space, but for those of dropped namespaces.
func (t *teller) each(text string, row func(ns store.NS, s *stmt) error) error {
	c, err := t.view.conn()
	if err != nil {
		return err
	}
	return c.each(text, func(s *stmt) error {
		if err := t.context.Err(); err != nil {
			return err
		}
		ns, ok := t.spaces.nsOf(s.columnInt(0))
		if !ok {
			return nil
		}
		t.seen[ns] = true
		return row(ns, s)
	})
}

func (t *teller) documents() error {
	return t.each(`SELECT ns, seq, version FROM objects ORDER BY seq`, func(ns store.NS, s *stmt) error {
		if t.known != nil && t.known.HasDocument(ns, s.columnInt(1), s.columnInt(2)) {
			return nil
		}
		_, d, err := t.view.row(s.columnInt(1))
		if err != nil {
			return err
		}
		past, err := t.past(d)
		if err != nil {
			return fmt.Errorf("versions of %s: %w", d.ID, err)
		}
		return t.to.Document(ns, d, past)
	})
}

// past reads what a document was.
func (t *teller) past(d *store.Doc) (out []carry.Past, err error) {
	if d.Version == 1 {
		return nil, nil
	}
	old, err := t.view.versions(d, 0, false)
	if err != nil || len(old) == 0 {
		return nil, err
	}
	replaced := map[int64]int64{}
	err = t.view.c.each(fmt.Sprintf(`SELECT version, replaced FROM versions WHERE seq = %d`, d.Seq), func(s *stmt) error {
		replaced[s.columnInt(0)] = s.columnInt(1)
		return nil
	})
	for _, v := range old {
		out = append(out, carry.Past{Doc: v, Replaced: replaced[v.Version]})
	}
	return out, err
}

func (t *teller) answers() error {
	return t.each(`SELECT ns, key, created, fingerprint, path, request_id, status, object_id, object_version, body FROM answers ORDER BY seq`,
		func(ns store.NS, s *stmt) error {
			a := scanAnswer(s)
			return t.to.Answer(ns, &a)
		})
}

func (t *teller) timers() error {
	return t.each(`SELECT ns, kind, id, due, clock FROM timers`, func(ns store.NS, s *stmt) error {
		return t.to.Timer(&store.Timer{NS: ns, Kind: s.columnText(1), ID: s.columnText(2), Due: s.columnInt(3), Clock: s.columnText(4)})
	})
}

// logBlocks leaves out blocks that are there twice, as after a write of which nobody knew that it was made.
func (t *teller) logBlocks() error {
	var before [3]int64
	return t.each(`SELECT b.ns, b.last_seq, b.first_seq, b.last_time, coalesce(f.first_time, 0), f.terms, b.data
		FROM log_blocks b LEFT JOIN log_filters f ON f.id = b.id ORDER BY b.ns, b.last_seq, b.first_seq`, func(ns store.NS, s *stmt) error {
		at := [3]int64{s.columnInt(0), s.columnInt(1), s.columnInt(2)}
		if at == before {
			return nil
		}
		before = at
		if t.known != nil && t.known.HasLogBlock(ns, at[1], at[2]) {
			return nil
		}
		b := &pack.Block{Last: at[1], First: at[2], Ended: s.columnInt(3), Began: s.columnInt(4), Data: s.columnBytes(6)}
		if b.Filter = s.columnBytes(5); len(b.Filter) == 0 {
			b.Filter = nil
		}
		return t.to.LogBlock(ns, b)
	})
}

// numbers tells what was given out. Seqs are given for all namespaces together.
func (t *teller) numbers() error {
	for ns := range t.seen {
		if err := t.to.Namespace(ns, t.view.db.writer.seq); err != nil {
			return err
		}
	}
	return t.to.LogPlaces(t.view.db.writer.logSeq)
}
