package postgres

import (
	"context"
	"encoding/binary"
	"errors"
	"sync"

	"github.com/jackc/pgx/v5"

	"sharesmart/internal/store"
)

// follow knows up to which change this process knows each namespace. All changes up to that were its own, or were there when
// it began, or were told to Options.Foreign and taken out of the cache. Only the writer moves it on. It costs some forty
// bytes for each namespace that there is.
type follow struct {
	mu    sync.RWMutex
	known map[store.NS]int64
}

func newFollow() *follow { return &follow{known: map[store.NS]int64{}} }

// load notes where all namespaces are. What comes to be later began after that.
func (f *follow) load(ctx context.Context, pool querier) error {
	rows, err := pool.Query(ctx, `SELECT ns, change FROM namespaces WHERE change > 0`)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var ns store.NS
	var change int64
	_, err = pgx.ForEachRow(rows, []any{&ns, &change}, func() error { f.known[ns] = change; return nil })
	return err
}

func (f *follow) at(ns store.NS) int64 {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.known[ns]
}

func (f *follow) set(ns store.NS, change int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.known[ns] = change
}

// changeRow is a row of the table changes.
type changeRow struct {
	ns      store.NS
	change  int64
	process int64
	data    []byte
}

// feedQuery reads what came after what is known.
const feedQuery = `SELECT c.ns, c.change, c.process, c.data FROM unnest($1::bigint[], $2::bigint[]) AS k(ns, known)
	JOIN changes c ON c.ns = k.ns AND c.change > k.known ORDER BY c.ns, c.change`

func scanChanges(rows pgx.Rows) ([]changeRow, error) {
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (c changeRow, err error) {
		return c, row.Scan(&c.ns, &c.change, &c.process, &c.data)
	})
}

// learn takes in what others changed in a namespace up to a change; rows may be more than that asks for, of this namespace
// and in order. If some are missing, because they were tidied away, everything is forgotten.
func (db *DB) learn(ns store.NS, upTo int64, rows []changeRow) error {
	known := db.follow.at(ns)
	if known >= upTo {
		return nil
	}
	var told []store.Foreign
	for _, row := range rows {
		if row.change <= known {
			continue
		}
		if row.change != known+1 || row.change > upTo {
			break
		}
		known = row.change
		all, err := unpackChanges(ns, row.data)
		if err != nil {
			return err
		}
		told = append(told, all...)
	}
	if known < upTo {
		told = []store.Foreign{{NS: ns}}
	}
	if err := db.forget(ns, told); err != nil {
		return err
	}
	if len(told) > 0 && db.options.Foreign != nil {
		db.options.Foreign(told)
	}
	db.follow.set(ns, upTo)
	return nil
}

// forget drops what is known of what others changed.
func (db *DB) forget(ns store.NS, told []store.Foreign) error {
	for _, f := range told {
		if f.Doc == nil {
			db.garbage.set(ns, f.Emptied)
			db.cache.forgetAll(ns)
		} else {
			db.garbage.set(ns, false)
			db.cache.forget(store.Key{NS: ns, ID: f.Doc.ID})
		}
	}
	if len(told) == 1 && told[0].Doc == nil && !told[0].Emptied {
		ctx, cancel := db.reading()
		defer cancel()
		return db.garbage.relook(ctx, db.pool, ns)
	}
	return nil
}

// catchUp learns of namespaces without locking them.
func (w *writer) catchUp(ctx context.Context, spaces []store.NS) error {
	var nss, known []int64
	for _, ns := range spaces {
		nss, known = append(nss, int64(ns)), append(known, w.db.follow.at(ns))
	}
	found, err := w.db.pool.Query(ctx, feedQuery, nss, known)
	if err != nil {
		return err
	}
	rows, err := scanChanges(found)
	if err != nil {
		return err
	}
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].ns == rows[0].ns {
			n++
		}
		if err := w.db.learn(rows[0].ns, rows[n-1].change, rows[:n]); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// packChanges writes what a transaction changed in a namespace.
func packChanges(emptied bool, docs []*docChange) []byte {
	b := []byte{}
	if emptied {
		b = append(b, changedAll)
	}
	for _, c := range docs {
		kind := byte(changedDoc)
		if c.base == nil {
			kind = changedNew
		}
		b = append(b, kind)
		b = appendText(b, c.doc.ID)
		b = appendText(b, c.doc.Kind)
		b = appendText(b, c.doc.Parent)
		b = binary.AppendVarint(b, c.doc.Seq)
		b = binary.AppendVarint(b, c.doc.Version)
		b = binary.AppendVarint(b, c.doc.Created)
		if c.doc.Deleted {
			b = append(b, 1)
		} else {
			b = append(b, 0)
		}
		b = binary.AppendUvarint(b, uint64(len(c.doc.Refs)))
		for _, r := range c.doc.Refs {
			b = appendText(appendText(b, r.Field), r.Value)
		}
	}
	return b
}

const (
	changedAll = iota
	changedDoc
	changedNew
)

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

var errChanges = errors.New("a row of changes is damaged")

// unpackChanges reads what packChanges wrote.
func unpackChanges(ns store.NS, b []byte) (out []store.Foreign, err error) {
	r := changeReader{b: b}
	for len(r.b) > 0 && !r.failed {
		kind := r.byte()
		if kind == changedAll {
			out = append(out, store.Foreign{NS: ns, Emptied: true})
			continue
		}
		d := &store.Doc{ID: r.text(), Kind: r.text(), Parent: r.text(), Seq: r.int(), Version: r.int(), Created: r.int(), Deleted: r.byte() == 1}
		for range r.count() {
			d.Refs = append(d.Refs, store.Ref{Field: r.text(), Value: r.text()})
		}
		out = append(out, store.Foreign{NS: ns, Doc: d, New: kind == changedNew})
	}
	if r.failed {
		return nil, errChanges
	}
	return out, nil
}

type changeReader struct {
	b      []byte
	failed bool
}

func (r *changeReader) byte() byte {
	if len(r.b) == 0 {
		r.failed = true
		return 0
	}
	c := r.b[0]
	r.b = r.b[1:]
	return c
}

func (r *changeReader) int() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.failed, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

// count reads a number that is at most the bytes that are left.
func (r *changeReader) count() int {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || v > uint64(len(r.b)-n) {
		r.failed, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return int(v)
}

func (r *changeReader) text() string {
	n := r.count()
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}
