package carry_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"sharesmart/internal/store"
	"sharesmart/internal/store/carry"
	"sharesmart/internal/store/postgres"
	"sharesmart/internal/store/postgres/pgtest"
	"sharesmart/internal/store/sqlite"
)

// change writes, in each round, what a copy that follows must take over: new versions, ids that others had, what is gone,
// namespaces that were dropped and filled again, answers that were given again, timers, requests.
func change(t *testing.T, s store.Store, round int) {
	t.Helper()
	err := s.Update(t.Context(), func(tx store.Tx) error {
		put := func(ns store.NS, id string, change func(d *store.Doc)) error {
			d, err := tx.Get(ns, id)
			if errors.Is(err, store.ErrNotFound) {
				d = store.Doc{ID: id, Kind: "customer", Created: int64(2000 + round)}
			}
			change(&d)
			return tx.Put(ns, &d)
		}
		words := func(d *store.Doc) {
			d.Data, d.Refs = fmt.Appendf(nil, "word%d", round), []store.Ref{{Field: "email", Value: fmt.Sprint(round)}}
		}
		deleted := func(d *store.Doc) { d.Deleted, d.Refs = true, nil }
		erased := func(d *store.Doc) { d.Deleted, d.Erased, d.Refs = true, true, nil }
		other := func(d *store.Doc) { words(d); d.Kind, d.Parent, d.Created = "session", "acct_2", 7 }
		err := errors.Join(
			put(1, "cus_1", words), put(1, "cus_5", other), put(1, fmt.Sprint("cus_9", round), words), put(1, fmt.Sprint("new_", round), words),
			put(2, "cus_6", erased), put(1, fmt.Sprint("cus_", 101+4*round), deleted), put(2, fmt.Sprint("cus_", 102+4*round), erased),
			tx.SetTimer(store.Timer{NS: 1, Kind: "due", ID: "cus_1", Due: int64(50 + round), Clock: "clock_2"}),
			tx.SetTimer(store.Timer{NS: 2, Kind: "due", ID: fmt.Sprint("cus_", 102+4*round)}),
			tx.SaveAnswer(1, store.Answer{Key: "key-1", Status: 200 + round, Body: []byte("again")}),
			tx.SaveAnswer(1, store.Answer{Key: fmt.Sprint("more-", round), Status: 200}),
		)
		if err != nil {
			return err
		}
		return put(2, "cus_10", words)
	})
	for _, next := range []func(tx store.Tx) error{
		func(tx store.Tx) error { // the id that was erased is given to another
			return tx.Put(2, &store.Doc{ID: "cus_6", Kind: "customer", Data: fmt.Appendf(nil, "another %d", round)})
		},
		func(tx store.Tx) error { return tx.Drop(9) },
		func(tx store.Tx) error { return tx.Copy(2, 9, round%2 == 0) },
	} {
		err = errors.Join(err, s.Update(t.Context(), next))
	}
	if err != nil {
		t.Fatal(err)
	}
	s.Log(store.LogEntry{NS: 1, Seq: s.NextLogSeq(), ID: fmt.Sprint("req_more", round), Time: int64(1000 + round), Method: "GET", Path: "/v1/customers", Status: 200})
}

// followed is a store that is written to, how it is seen while that is so, and how once it is closed. Still says that it is
// seen as it was then, and not with what it logged since.
type followed struct {
	store engine
	view  func() engine
	ended func() engine
	still bool
}

func followedSQLite(t *testing.T) followed {
	path := filepath.Join(t.TempDir(), "live.db")
	view := func() engine {
		o := options()
		o.ReadOnly = true
		db, err := sqlite.Open(path, o)
		if err != nil {
			t.Fatal(err)
		}
		return closing(t, db)
	}
	return followed{openSQLite(t, path), view, view, true}
}

func followedPostgres(t *testing.T) followed {
	url := pgtest.URL(t)
	db := openPostgres(t, url)
	view := func() engine { return db }
	return followed{db, view, func() engine { return openPostgres(t, url) }, false}
}

// TestMirror follows a store through rounds of changes, one of which is broken off, and ends with the same on both sides.
func TestMirror(t *testing.T) {
	t.Parallel()
	for name, from := range map[string]func(*testing.T) followed{"SQLite": followedSQLite, "PostgreSQL": followedPostgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := openPostgres(t, pgtest.URL(t)).(*postgres.DB)
			source := from(t)
			fill(t, source.store)
			mirror := resumed(t, target)
			for round := range 4 {
				if round == 2 {
					if _, err := mirror.Pass(t.Context(), broken{source.view(), 5}, target, func() {}); err == nil {
						t.Error("what was broken off succeeded")
					}
					mirror = resumed(t, target)
				}
				followedTo(t, mirror, source.view(), target, source.still)
				change(t, source.store, round)
			}
			closed(t, source.store) // then what was logged is on disk
			last := source.ended()
			followedTo(t, mirror, last, target, source.still)
			finished(t, mirror, last, target)
		})
	}
}

func resumed(t *testing.T, target *postgres.DB) *carry.Mirror {
	t.Helper()
	m, err := carry.Resume(t.Context(), target, func() {})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// followedTo makes a pass and looks whether another would find nothing.
func followedTo(t *testing.T, m *carry.Mirror, from carry.Source, to *postgres.DB, still bool) {
	t.Helper()
	if changed, err := m.Pass(t.Context(), from, to, func() {}); err != nil || changed == 0 {
		t.Fatalf("a pass changes %d, %v", changed, err)
	}
	if changed, err := m.Pass(t.Context(), from, to, func() {}); err != nil || still && changed != 0 {
		t.Errorf("the same again changes %d, %v", changed, err)
	}
	if differ, err := m.Prove(t.Context(), to, func() {}); err != nil || len(differ) > 0 {
		t.Errorf("the copy differs: %q, %v", differ, err)
	}
	if unfinished, err := to.Unfinished(t.Context()); err != nil || !unfinished {
		t.Errorf("the copy is unfinished: %v, %v", unfinished, err)
	}
}

func finished(t *testing.T, m *carry.Mirror, source engine, target *postgres.DB) {
	t.Helper()
	want, err := carry.SumsOf(t.Context(), source, func() {})
	got, err2 := carry.SumsOf(t.Context(), target, func() {})
	if err := errors.Join(err, err2, target.Finish(t.Context())); err != nil {
		t.Fatal(err)
	}
	for _, d := range want.Differences(got) {
		t.Error(d)
	}
	for _, table := range carry.Tables() {
		if m.Total(table) != got.Total(table) || got.Total(table) == 0 {
			t.Errorf("there are %d %s, the mirror says %d", got.Total(table), table, m.Total(table))
		}
	}
	same(t, source, target, true)
	faults, err := target.Check(t.Context())
	if err != nil || len(faults) > 0 {
		t.Errorf("Check: %q, %v", faults, err)
	}
	if _, err := target.Amend(t.Context()); !errors.Is(err, store.ErrExists) {
		t.Errorf("a database that is whole is changed: %v", err)
	}
}

// TestMirrorTellsDifferences changes a copy behind the mirror's back.
func TestMirrorTellsDifferences(t *testing.T) {
	t.Parallel()
	target := openPostgres(t, pgtest.URL(t)).(*postgres.DB)
	source := openSQLite(t, ":memory:")
	fill(t, source)
	m := resumed(t, target)
	if _, err := m.Pass(t.Context(), source, target, func() {}); err != nil {
		t.Fatal(err)
	}
	err := target.Update(t.Context(), func(tx store.Tx) error {
		d, err := tx.Get(1, "cus_1")
		if err != nil {
			return err
		}
		d.Data = []byte("other")
		return errors.Join(tx.Put(1, &d), tx.SetTimer(store.Timer{NS: 1, Kind: "due", ID: "cus_5"}), tx.Put(2, &store.Doc{ID: "more", Kind: "customer"}))
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := m.Prove(t.Context(), target, func() {})
	want := []string{"documents of namespace 1: 1 are not the same", "timers of namespace 1: 1 are missing", "documents of namespace 2: 1 are too much"}
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("Prove says %q, %v; want %q", got, err, want)
	}
}
