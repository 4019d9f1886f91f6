package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"sharesmart/internal/store"
	"sharesmart/internal/store/pack"
)

// Old versions are kept backwards: each as a delta against the next one, the last against the document itself.

// Version finds a document as it was.
func (db *DB) Version(ns store.NS, id string, version int64) (store.Doc, error) {
	if db.closed.Load() {
		return store.Doc{}, store.ErrClosed
	}
	if db.garbage.has(ns) {
		return store.Doc{}, store.ErrNotFound
	}
	ctx, cancel := db.reading()
	defer cancel()
	d, err := readDoc(ctx, db.from, ns, id)
	if err == nil && d.Version != version {
		old, err := readVersion(ctx, db.from, ns, d, version)
		return old, db.failed("read a version of "+id, err)
	}
	if err != nil {
		return store.Doc{}, db.failed("read "+id, err)
	}
	return *d, nil
}

func readVersion(ctx context.Context, q querier, ns store.NS, d *store.Doc, version int64) (store.Doc, error) {
	old, err := readVersions(ctx, q, ns, d, version, true)
	if err != nil {
		return store.Doc{}, err
	}
	if len(old) == 0 || old[0].Version != version {
		return store.Doc{}, store.ErrNotFound
	}
	return old[0], nil
}

// readVersions reads what a document was before, from a version on, the oldest first; with first only as many as that one
// needs. The document is read with them, as deltas lead to the one that is there at that moment.
func readVersions(ctx context.Context, q querier, ns store.NS, d *store.Doc, from int64, first bool) ([]store.Doc, error) {
	limit := int64(1 << 62)
	if first {
		limit = wholeVersions
	}
	found, err := q.Query(ctx, `(SELECT version, differs, kind, parent, created, deleted, doc FROM versions
			WHERE ns = $1 AND seq = $2 AND version >= $3 ORDER BY version LIMIT $4)
		UNION ALL SELECT version, false, kind, parent, created, deleted, doc FROM objects WHERE ns = $1 AND seq = $2 ORDER BY version`,
		int64(ns), d.Seq, from, limit)
	if err != nil {
		return nil, err
	}
	var deltas []bool
	old, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (store.Doc, error) {
		v, delta := store.Doc{ID: d.ID, Seq: d.Seq}, false
		err := row.Scan(&v.Version, &delta, &v.Kind, &v.Parent, &v.Created, &v.Deleted, &v.Data)
		v.Kind, v.Parent, deltas = untext(v.Kind), untext(v.Parent), append(deltas, delta)
		return v, err
	})
	if err != nil || len(old) == 0 {
		return nil, err
	}
	if whole := slices.Index(deltas, false); first {
		old = old[:whole+1]
	}
	old, err = resolve(old, deltas)
	if n := len(old); n > 0 && !first {
		old = old[:n-1] // the document itself
	}
	return old, err
}

// resolve makes documents of deltas. Versions whose next one is not kept any more, because the time went back between
// them, are left out.
func resolve(old []store.Doc, deltas []bool) ([]store.Doc, error) {
	for i := len(old) - 2; i >= 0; i-- {
		if !deltas[i] {
			continue
		}
		next := &old[i+1]
		if next.Version != old[i].Version+1 {
			return old[i+1:], nil
		}
		var err error
		if old[i].Data, err = pack.ApplyDelta(old[i].Data, next.Data); err != nil {
			return nil, fmt.Errorf("version %d: %w", old[i].Version, err)
		}
	}
	return old, nil
}
