package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"sharesmart/internal/store"
)

// querier is what reads: the pool, or the writer's connection.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// docColumns are what scanDoc reads, in its order.
const docColumns = "o.seq, o.id, o.long_id, o.kind, o.parent, o.version, o.created, o.deleted, o.refs, o.doc"

func scanDoc(row pgx.Row, before ...any) (*store.Doc, error) {
	var d store.Doc
	var long []byte
	var refs []string
	err := row.Scan(append(before, &d.Seq, &d.ID, &long, &d.Kind, &d.Parent, &d.Version, &d.Created, &d.Deleted, &refs, &d.Data)...)
	if err != nil {
		return nil, err
	}
	if long != nil {
		d.ID = string(long)
	}
	d.Kind, d.Parent = untext(d.Kind), untext(d.Parent)
	for i := 0; i+1 < len(refs); i += 2 {
		d.Refs = append(d.Refs, store.Ref{Field: untext(refs[i]), Value: untext(refs[i+1])})
	}
	return &d, nil
}

// packRefs puts fields and values in turn.
func packRefs(refs []store.Ref) []string {
	if len(refs) == 0 {
		return nil
	}
	out := make([]string, 0, 2*len(refs))
	for _, r := range refs {
		out = append(out, text(r.Field), text(r.Value))
	}
	return out
}

// longID is what an id is kept as beside its key, if that is not the id.
func longID(id, key string) []byte {
	if id == key {
		return nil
	}
	return []byte(id)
}

const selectDoc = `SELECT ` + docColumns + ` FROM objects o WHERE o.ns = $1 AND o.id = $2`

// readDoc finds a document by its id.
func readDoc(ctx context.Context, q querier, ns store.NS, id string) (*store.Doc, error) {
	d, err := scanDoc(q.QueryRow(ctx, selectDoc, int64(ns), key(id)))
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, store.ErrNotFound
	}
	return d, err
}

// Get finds a document, deleted ones included.
func (db *DB) Get(ns store.NS, id string) (store.Doc, error) {
	if db.closed.Load() {
		return store.Doc{}, store.ErrClosed
	}
	if db.garbage.has(ns) {
		return store.Doc{}, store.ErrNotFound
	}
	ctx, cancel := db.reading()
	defer cancel()
	d, err := readDoc(ctx, db.from, ns, id)
	if err != nil {
		return store.Doc{}, db.failed("read "+id, err)
	}
	return *d, nil
}

// entry is one row of refs.
type entry struct {
	field, value string
	created, seq int64
}

// appendEntries appends what lists find a document by.
func appendEntries(dst []entry, d *store.Doc) []entry {
	if d.Deleted {
		return dst
	}
	dst = append(dst, entry{key(d.Kind), "", d.Created, d.Seq})
	if d.Parent != "" {
		dst = append(dst, entry{parentField(d.Kind), key(d.Parent), d.Created, d.Seq})
	}
	for _, r := range d.Refs {
		dst = append(dst, entry{refField(d.Kind, r.Field), key(r.Value), d.Created, d.Seq})
	}
	return dst
}
