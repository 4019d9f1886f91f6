package postgres

import (
	"context"
	"errors"
	"fmt"

	"sharesmart/internal/store"
	"sharesmart/internal/store/carry"
)

// The table unfinished_copy is in a database that is being filled in several steps, until Finish. It stands in no migration, as
// it is never there where a server runs.

// Unfinished says whether the database is a copy that is not finished.
func (db *DB) Unfinished(ctx context.Context) (unfinished bool, err error) {
	err = db.pool.QueryRow(ctx, `SELECT to_regclass('unfinished_copy') IS NOT NULL`).Scan(&unfinished)
	return unfinished, db.failed("look for an unfinished copy", err)
}

// Finish makes a copy a database like any other.
func (db *DB) Finish(ctx context.Context) error {
	if _, err := db.pool.Exec(ctx, `DROP TABLE IF EXISTS unfinished_copy`); err != nil {
		return db.failed("finish the copy", err)
	}
	_, err := db.pool.Exec(ctx, `ANALYZE`)
	return db.failed("finish the copy", err)
}

// Amend begins a transaction that changes a copy, or fills a database that is empty.
func (db *DB) Amend(ctx context.Context) (carry.Amending, error) {
	if err := db.ready(ctx); err != nil {
		return nil, err
	}
	l, err := db.newLoading(ctx)
	if err != nil {
		return nil, err
	}
	if err := l.beginAmending(); err != nil {
		return nil, errors.Join(err, l.Abort())
	}
	return l, nil
}

func (l *loading) beginAmending() error {
	begun, err := l.db.Unfinished(l.context)
	if err != nil {
		return err
	}
	if begun {
		l.old = &replaced{}
		return l.lock()
	}
	if err := l.begin(); err != nil {
		return err
	}
	_, err = l.conn.Exec(l.context, `CREATE TABLE unfinished_copy (begun timestamptz NOT NULL DEFAULT now())`)
	return l.db.failed("load", err)
}

// replaced is what must go from a copy before what was told is written: rows that are gone, and those that come anew.
type replaced struct {
	docs               seqRows
	named              keyRows // documents by their ids
	answers            keyRows
	timerNS            []int64
	timerKind, timerID []string
	blocks             blockPlaces
	counters           seqRows // of namespaces; they are not removed, but raised
}

type seqRows struct{ ns, seq []int64 }

func (r *seqRows) add(ns store.NS, seq int64) {
	r.ns, r.seq = append(r.ns, int64(ns)), append(r.seq, seq)
}

type keyRows struct {
	ns  []int64
	key []string
}

func (r *keyRows) add(ns store.NS, id string) {
	r.ns, r.key = append(r.ns, int64(ns)), append(r.key, key(id))
}

func (r *replaced) timer(ns store.NS, kind, id string) {
	r.timerNS, r.timerKind, r.timerID = append(r.timerNS, int64(ns)), append(r.timerKind, text(kind)), append(r.timerID, text(id))
}

// Remove takes a row away.
func (l *loading) Remove(r carry.Row) error {
	switch r.Table {
	case carry.Documents:
		l.old.docs.add(r.NS, r.Seq)
	case carry.Answers:
		l.old.answers.add(r.NS, r.Key)
	case carry.Timers:
		kind, id := r.TimerKey()
		l.old.timer(r.NS, kind, id)
	case carry.LogBlocks:
		l.old.blocks.add(r.NS, r.Seq, r.First())
	default:
		return fmt.Errorf("store: there is no table of %s", r.Table)
	}
	return l.waits()
}

// removeOld makes room for what is written next.
func (l *loading) removeOld() error {
	if err := l.removeDocuments(); err != nil {
		return err
	}
	o := l.old
	for _, remove := range []struct {
		rows int
		sql  string
		args []any
	}{
		{len(o.answers.ns), `DELETE FROM answers a USING unnest($1::bigint[], $2::text[]) AS u(ns, key) WHERE a.ns = u.ns AND a.key = u.key`,
			[]any{o.answers.ns, o.answers.key}},
		{len(o.timerNS), deleteTimers, []any{o.timerNS, o.timerKind, o.timerID}},
		{len(o.blocks.ns), `DELETE FROM log_blocks b USING ` + unnestBlocks + ` WHERE b.ns = u.ns AND b.last_seq = u.last AND b.first_seq = u.first`,
			[]any{o.blocks.ns, o.blocks.last, o.blocks.first}},
		{len(o.counters.ns), `INSERT INTO namespaces (ns, seq) SELECT u.ns, u.seq FROM ` + unnestPlaces + ` ON CONFLICT (ns) DO UPDATE SET seq = excluded.seq`,
			[]any{o.counters.ns, o.counters.seq}},
	} {
		if remove.rows == 0 {
			continue
		}
		if _, err := l.conn.Exec(l.context, remove.sql, remove.args...); err != nil {
			return err
		}
	}
	*o = replaced{}
	return nil
}

// removeDocuments removes documents, by place and by id, with their versions, entries and terms.
func (l *loading) removeDocuments() error {
	o := l.old
	if len(o.docs.ns)+len(o.named.ns) == 0 {
		return nil
	}
	docs, err := placedDocs(l.context, l.conn, `SELECT o.ns, `+docColumns+` FROM `+unnestPlaces+` JOIN objects o ON o.ns = u.ns AND o.seq = u.seq
		UNION ALL SELECT o.ns, `+docColumns+` FROM unnest($3::bigint[], $4::text[]) AS u(ns, id) JOIN objects o ON o.ns = u.ns AND o.id = u.id`,
		o.docs.ns, o.docs.seq, o.named.ns, o.named.key)
	if err != nil || len(docs) == 0 {
		return err
	}
	var at seqRows
	var kinds []string
	var entries entryRows
	for _, p := range docs {
		at.add(p.ns, p.doc.Seq)
		kinds = append(kinds, text(p.doc.Kind))
		for _, e := range appendEntries(nil, p.doc) {
			entries.add(p.ns, e)
		}
	}
	for _, remove := range []struct {
		sql  string
		args []any
	}{
		{deleteEntries, []any{entries.ns, entries.field, entries.value, entries.created, entries.seq}},
		{deleteTerms, []any{at.ns, kinds, at.seq}},
		{deleteDocuments("objects"), []any{at.ns, at.seq}},
		{deleteDocuments("versions"), []any{at.ns, at.seq}},
	} {
		if _, err := l.conn.Exec(l.context, remove.sql, remove.args...); err != nil {
			return err
		}
	}
	return nil
}
