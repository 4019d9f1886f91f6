package sqlite

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"sharesmart/internal/store"
)

// rush writes documents in a few seconds' time, many to a cell, and changes and removes some of those that are there.
func rush(t *testing.T, db *DB, r *rand.Rand, docs []store.Doc, n int) []store.Doc {
	t.Helper()
	err := db.Update(t.Context(), func(tx store.Tx) error {
		for range n {
			ref := []store.Ref{{Field: "day", Value: store.Number(r.Int64N(3))}, {Field: "n", Value: fmt.Sprint(r.IntN(50))}}
			d := store.Doc{ID: fmt.Sprintf("doc_%05d", len(docs)), Kind: "doc", Created: 1000 + r.Int64N(3), Data: []byte("{}"), Refs: ref}
			if err := tx.Put(1, &d); err != nil {
				return err
			}
			docs = append(docs, d)
			switch old := &docs[r.IntN(len(docs))]; {
			case old.Deleted || r.IntN(3) > 0:
				continue
			case r.IntN(2) > 0:
				old.Refs = ref
			default:
				old.Deleted, old.Refs = true, nil
			}
		}
		for i := range docs {
			now, err := tx.Get(1, docs[i].ID)
			if err != nil {
				return err
			}
			if now.Deleted != docs[i].Deleted || !slices.Equal(now.Refs, docs[i].Refs) {
				if err := tx.Put(1, &docs[i]); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

// wantPages goes through the list of a query in pages, and compares it with the documents that which accepts.
func wantPages(t *testing.T, db *DB, q store.Query, docs []store.Doc, which func(d *store.Doc) bool) {
	t.Helper()
	var want, got []string
	for _, d := range slices.SortedFunc(slices.Values(docs), func(a, b store.Doc) int {
		c := cmp.Or(cmp.Compare(a.Created, b.Created), cmp.Compare(a.Seq, b.Seq))
		if !q.Ascending {
			c = -c
		}
		return c
	}) {
		if !d.Deleted && which(&d) {
			want = append(want, d.ID)
		}
	}
	for {
		page, err := db.List(q)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range page.Docs {
			got = append(got, d.ID)
			q.After = &store.Position{Created: d.Created, Seq: d.Seq}
		}
		if !page.More {
			break
		}
	}
	if !slices.Equal(want, got) {
		t.Errorf("%+v gives\n%v, want\n%v", q, got, want)
	}
}

func wantLists(t *testing.T, db *DB, docs []store.Doc) {
	t.Helper()
	noFaults(t, db)
	for _, limit := range []int{3, 1000} {
		for _, up := range []bool{false, true} {
			q := store.Query{NS: 1, Kind: "doc", Limit: limit, Ascending: up}
			wantPages(t, db, q, docs, func(*store.Doc) bool { return true })
			q.Where = []store.Cond{{Field: "n", Values: []string{"7"}}}
			wantPages(t, db, q, docs, func(d *store.Doc) bool { return slices.Contains(d.Refs, store.Ref{Field: "n", Value: "7"}) })
			day := store.Number(1)
			q.Where = []store.Cond{{Field: "day", Min: day, Max: day}}
			wantPages(t, db, q, docs, func(d *store.Doc) bool { return slices.Contains(d.Refs, store.Ref{Field: "day", Value: day}) })
			q.Where, q.CreatedMin, q.CreatedMax = nil, 1001, 1001
			wantPages(t, db, q, docs, func(d *store.Doc) bool { return d.Created == 1001 })
		}
	}
}

// TestCells writes and changes documents that share cells, lists them at each stage, and goes on with what an older release
// left behind.
func TestCells(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		r := rand.New(rand.NewPCG(seed, 1))
		path := filepath.Join(t.TempDir(), fmt.Sprint(seed, ".db"))
		db := small(t, open(t, path, store.Options{}))
		docs := rush(t, db, r, nil, 300)
		for range 3 {
			docs = rush(t, db, r, docs, 100)
			wantLists(t, db, docs)
			work(t, db)
		}
		if seed%2 == 0 {
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			downTo(t, path, 5) // which leaves entries that are still to be written
			db = small(t, open(t, path, store.Options{}))
			if db.celled < int64(len(docs)) {
				t.Errorf("cells begin at %d, within the %d documents of the older release", db.celled, len(docs))
			}
			wantLists(t, db, docs)
		}
		for range 3 {
			docs = rush(t, db, r, docs, 200)
			if err := db.Settle(); err != nil {
				t.Fatal(err)
			}
			wantLists(t, db, docs)
		}
		wantShared(t, db)
	}
}

// wantShared expects that cells have many entries.
func wantShared(t *testing.T, db *DB) {
	t.Helper()
	var cells, entries int64
	err := db.alone(func(w *writer) error {
		return w.c.each(`SELECT count(*), sum(length(seqs)) FROM entries WHERE seqs IS NOT NULL`, func(s *stmt) error {
			cells, entries = s.columnInt(0), s.columnInt(1)
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if cells == 0 || entries < 2*cells {
		t.Errorf("%d cells have %d entries", cells, entries)
	}
}
