package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"sharesmart/internal/store"
	"sharesmart/internal/store/pack"
)

// Check proves that the index and the documents agree that versions lie below their documents, and that the log was
// counted rightly. It reads one state of the database while others go on.
func (db *DB) Check(ctx context.Context) (faults []string, err error) {
	s, err := db.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return s.Check(ctx)
}

// checker looks for faults.
type checker struct {
	ctx     context.Context
	tx      pgx.Tx
	counted pack.Terms // what entries of the log are counted by
	faults  []string
}

// faultLimit is how many faults are told.
const faultLimit = 100

func (k *checker) fault(format string, args ...any) {
	if len(k.faults) < faultLimit {
		k.faults = append(k.faults, fmt.Sprintf(format, args...))
	}
}

func (k *checker) run() (err error) {
	if err := wholeTables(k.ctx, k.tx, "on"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, wholeTables(k.ctx, k.tx, "off")) }()
	for _, step := range []func() error{k.documents, k.orphans, k.log} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// wholeTables allows plans that read whole tables, which are no good for single rows.
func wholeTables(ctx context.Context, tx pgx.Tx, allowed string) error {
	for _, plan := range []string{"seqscan", "hashjoin", "mergejoin"} {
		if _, err := tx.Exec(ctx, "SET LOCAL enable_"+plan+" = "+allowed); err != nil {
			return err
		}
	}
	return nil
}

const documentsQuery = `SELECT o.ns, o.seq, o.id, o.long_id, o.kind, o.parent, o.version, o.created, o.deleted, o.refs, ''::bytea AS doc,
	array_agg(r.field ORDER BY r.field, r.value) FILTER (WHERE r.seq IS NOT NULL),
	array_agg(r.value ORDER BY r.field, r.value) FILTER (WHERE r.seq IS NOT NULL)
	FROM objects o LEFT JOIN refs r ON r.ns = o.ns AND r.seq = o.seq AND r.created = o.created WHERE o.ns NOT IN (SELECT ns FROM garbage) GROUP BY o.ns, o.seq`

// documents compares each document with its entries.
func (k *checker) documents() error {
	rows, err := k.tx.Query(k.ctx, documentsQuery)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var ns store.NS
		var fields, values []string
		d, err := scanDoc(tailed{rows, []any{&fields, &values}}, &ns)
		if err != nil {
			return err
		}
		if d.Deleted && len(d.Refs) > 0 {
			k.fault("%s of namespace %d is deleted and has refs", d.ID, ns)
		}
		if d.Version < 1 {
			k.fault("%s of namespace %d is at version %d", d.ID, ns, d.Version)
		}
		k.compare(ns, d, fields, values)
	}
	return rows.Err()
}

// tailed scans some columns more.
type tailed struct {
	pgx.Row
	more []any
}

func (t tailed) Scan(dest ...any) error { return t.Row.Scan(append(dest, t.more...)...) }

func (k *checker) compare(ns store.NS, d *store.Doc, fields, values []string) {
	var want, got []string
	for _, e := range appendEntries(nil, d) {
		want = append(want, e.field+"="+e.value)
	}
	for i := range fields {
		got = append(got, fields[i]+"="+values[i])
	}
	slices.Sort(want)
	slices.Sort(got)
	if want = slices.Compact(want); !slices.Equal(want, got) {
		k.fault("%s of namespace %d has the entries %q in the index, not %q", d.ID, ns, strings.Join(got, " "), strings.Join(want, " "))
	}
}

// orphans finds what belongs to no document, and numbers that are not below the counters.
func (k *checker) orphans() error {
	for _, c := range []struct{ fault, query string }{
		{"entry %d of namespace %d in the index has no document", `SELECT r.seq, r.ns FROM refs r
			LEFT JOIN objects o ON o.ns = r.ns AND o.seq = r.seq AND o.created = r.created WHERE o.ns IS NULL AND r.ns NOT IN (SELECT ns FROM garbage) LIMIT 100`},
		{"version %d of a document of namespace %d that there is not, or is not beyond it", `SELECT v.version, v.ns FROM versions v
			LEFT JOIN objects o ON o.ns = v.ns AND o.seq = v.seq WHERE (o.ns IS NULL OR v.version >= o.version) AND v.ns NOT IN (SELECT ns FROM garbage) LIMIT 100`},
		{"version %d of a document of namespace %d is kept without the one that it differs from", `SELECT v.version, v.ns FROM versions v
			WHERE v.differs AND NOT EXISTS (SELECT 1 FROM versions n WHERE n.ns = v.ns AND n.seq = v.seq AND n.version = v.version + 1)
			AND NOT EXISTS (SELECT 1 FROM objects o WHERE o.ns = v.ns AND o.seq = v.seq AND o.version = v.version + 1)
			AND v.ns NOT IN (SELECT ns FROM garbage) LIMIT 100`},
		{"document %d of namespace %d has a place that was not given out", `SELECT o.seq, o.ns FROM objects o
			LEFT JOIN namespaces n ON n.ns = o.ns WHERE (n.ns IS NULL OR o.seq > n.seq) AND o.ns NOT IN (SELECT ns FROM garbage) LIMIT 100`},
		{"search terms of document %d of namespace %d, which there is not", `SELECT s.seq, s.ns FROM search s
			LEFT JOIN objects o ON o.ns = s.ns AND o.seq = s.seq AND NOT o.deleted
			WHERE o.ns IS NULL AND s.ns NOT IN (SELECT ns FROM garbage) LIMIT 100`},
	} {
		rows, err := k.tx.Query(k.ctx, c.query)
		if err != nil {
			return err
		}
		var n, ns int64
		if _, err := pgx.ForEachRow(rows, []any{&n, &ns}, func() error { k.fault(c.fault, n, ns); return nil }); err != nil {
			return err
		}
	}
	return nil
}
