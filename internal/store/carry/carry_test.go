package carry_test

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"sharesmart/internal/store"
	"sharesmart/internal/store/carry"
	"sharesmart/internal/store/postgres"
	"sharesmart/internal/store/postgres/pgtest"
	"sharesmart/internal/store/sqlite"
)

// engine is a store that can be carried and filled.
type engine interface {
	store.Store
	carry.Source
	carry.Target
}

func options() store.Options {
	byPath := func(e *store.LogEntry) iter.Seq[store.Ref] {
		return func(yield func(store.Ref) bool) { yield(store.Ref{Field: "path", Value: e.Path}) }
	}
	return store.Options{
		Terms: func(_ string, data []byte) []string { return strings.Fields(string(data)) }, LogTerms: byPath, LogCounts: byPath,
		Unversioned: []string{"session"},
	}
}

func openSQLite(t *testing.T, path string) engine {
	t.Helper()
	db, err := sqlite.Open(path, options())
	if err != nil {
		t.Fatal(err)
	}
	return closing(t, db)
}

func openPostgres(t *testing.T, url string) engine {
	t.Helper()
	db, err := postgres.Open(context.Background(), url, options())
	if err != nil {
		t.Fatal(err)
	}
	return closing(t, db)
}

func closing(t *testing.T, e engine) engine {
	t.Cleanup(func() { _ = e.Close() }) // most are closed by then
	return e
}

// fill writes documents of many versions in several namespaces, one of which is dropped, with odd ids and bytes.
func fill(t *testing.T, s store.Store) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	update := func(fn func(tx store.Tx) error) { t.Helper(); must(s.Update(t.Context(), fn)) }
	for i := range 300 {
		ns := store.NS(i % 4)
		update(func(tx store.Tx) error {
			d := store.Doc{ID: fmt.Sprintf("cus_%d", i), Kind: "customer", Created: int64(1000 + i/3), Data: fmt.Appendf(nil, "name %d\x00%s", i, strings.Repeat("a line\n", 40)),
				Refs: []store.Ref{{Field: "email", Value: fmt.Sprintf("%d@example.com\xff", i%7)}}}
			if i%5 == 0 {
				d.Parent, d.Kind = "acct_1", "session"
			}
			if i == 7 {
				d.ID = strings.Repeat("long\x01", 120)
			}
			if err := tx.Put(ns, &d); err != nil {
				return err
			}
			for n := range i % 12 {
				d.Data = fmt.Appendf(nil, "name %d, %d\n%s", i, n, strings.Repeat("a line\n", 40))
				d.Deleted = i%11 == 0 && n == i%12-1
				if err := tx.Put(ns, &d); err != nil {
					return err
				}
			}
			if err := tx.SetTimer(store.Timer{NS: ns, Due: int64(i + 1), Kind: "due", ID: d.ID[:min(len(d.ID), 20)], Clock: []string{"", "clock_1"}[i%2]}); err != nil {
				return err
			}
			return tx.SaveAnswer(ns, store.Answer{Key: fmt.Sprintf("key-%d", i), Fingerprint: "f", Path: "/v1/customers", RequestID: "req_1", Status: 200, ObjectID: d.ID, ObjectVersion: d.Version, Created: 5})
		})
		s.Log(store.LogEntry{NS: ns, Seq: s.NextLogSeq(), ID: fmt.Sprintf("req_%d", i), Time: int64(i + 1), Method: "POST", Path: "/v1/customers", Status: 200})
	}
	update(func(tx store.Tx) error { return tx.Copy(1, 9, true) })
	update(func(tx store.Tx) error { return tx.Drop(3) })
}

// TestCarry carries a store over, there and back, and looks at what came.
func TestCarry(t *testing.T) {
	t.Parallel()
	url, dir := pgtest.URL(t), t.TempDir()
	first := filepath.Join(dir, "first.db")
	source := openSQLite(t, first)
	fill(t, source)
	closed(t, source) // what was logged is in the file then
	source = openSQLite(t, first)
	target := openPostgres(t, url)
	sums := carried(t, source, target)
	if n := sums.Total("documents"); n < 250 || sums.Total("versions") < n || sums.Total("blocks of the log") == 0 {
		t.Fatalf("the sums show nothing: %v", sums)
	}
	same(t, source, target, true)
	sameCounts(t, source, target)
	if a, b := source.NextLogSeq(), target.NextLogSeq(); b <= a-1 {
		t.Errorf("place %d in the log follows %d", b, a-1)
	}
	back := openSQLite(t, filepath.Join(dir, "back.db"))
	carried(t, target, back)
	same(t, source, back, false)
	sameCounts(t, source, back)
	if _, err := back.Load(t.Context()); err == nil {
		t.Error("a store that is not empty is filled")
	}
	if _, err := target.Load(t.Context()); err == nil {
		t.Error("a database that is not empty is filled")
	}
}

func carried(t *testing.T, from carry.Source, to engine) carry.Sums {
	t.Helper()
	sums, err := carry.Copy(t.Context(), from, to, func() {})
	if err != nil {
		t.Fatal(err)
	}
	got, err := carry.SumsOf(t.Context(), to, func() {})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range sums.Differences(got) {
		t.Error(d)
	}
	faults, err := to.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Errorf("Check: %s", f)
	}
	return sums
}

// same compares what two stores answer; numbered says that places in the order of creation are the same, too.
func same(t *testing.T, a, b store.Store, numbered bool) {
	t.Helper()
	for ns := range store.NS(10) {
		for _, kind := range []string{"customer", "session"} {
			q := store.Query{NS: ns, Kind: kind, Limit: 1000}
			x, err := a.List(q)
			if err != nil {
				t.Fatal(err)
			}
			y, err := b.List(q)
			if err != nil {
				t.Fatal(err)
			}
			if len(x.Docs) != len(y.Docs) {
				t.Fatalf("namespace %d has %d, not %d", ns, len(y.Docs), len(x.Docs))
			}
			for i := range x.Docs {
				if x.Docs[i].ID != y.Docs[i].ID || numbered && x.Docs[i].Seq != y.Docs[i].Seq {
					t.Fatalf("namespace %d: %s is at place %d (%d), where %s is (%d)", ns, y.Docs[i].ID, i, y.Docs[i].Seq, x.Docs[i].ID, x.Docs[i].Seq)
				}
				past(t, a, b, ns, &x.Docs[i])
			}
		}
	}
}

// sameCounts compares what the logs of two stores count, of which everything is on disk.
func sameCounts(t *testing.T, a, b store.Store) {
	t.Helper()
	for ns := range store.NS(10) {
		x, errX := a.LogCounts(ns, "path", 0)
		y, errY := b.LogCounts(ns, "path", 0)
		if errX != nil || errY != nil || !maps.Equal(x, y) || ns < 3 && len(x) == 0 {
			t.Errorf("the log of namespace %d counts %v, not %v: %v, %v", ns, y, x, errX, errY)
		}
	}
}

func past(t *testing.T, a, b store.Store, ns store.NS, d *store.Doc) {
	t.Helper()
	for v := int64(1); v <= d.Version; v++ {
		x, errX := a.Version(ns, d.ID, v)
		y, errY := b.Version(ns, d.ID, v)
		if string(x.Data) != string(y.Data) || x.Deleted != y.Deleted || (errX == nil) != (errY == nil) {
			t.Errorf("version %d of %s: %q, %v; want %q, %v", v, d.ID, y.Data, errY, x.Data, errX)
		}
	}
}

func closed(t *testing.T, e engine) {
	t.Helper()
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

// broken fails after some documents.
type broken struct {
	carry.Source
	after int
}

// Carry stops in the middle.
func (b broken) Carry(ctx context.Context, to carry.Sink, known carry.Known) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	return b.Source.Carry(ctx, &stopping{Sink: to, left: b.after, stop: cancel}, known)
}

type stopping struct {
	carry.Sink
	left int
	stop func()
}

// Document stops when there were enough.
func (s *stopping) Document(ns store.NS, d *store.Doc, past []carry.Past) error {
	if s.left--; s.left < 0 {
		s.stop()
	}
	return s.Sink.Document(ns, d, past)
}

// TestCarryBrokenOff leaves nothing in a database of many processes, so that the same can be done again.
func TestCarryBrokenOff(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	source := openSQLite(t, ":memory:")
	fill(t, source)
	target := openPostgres(t, url)
	if _, err := carry.Copy(t.Context(), broken{source, 100}, target, func() {}); err == nil {
		t.Fatal("what was broken off succeeded")
	}
	carried(t, source, target)
}

// TestDifferences tells one changed byte.
func TestDifferences(t *testing.T) {
	t.Parallel()
	sums := func(data string, ids ...string) carry.Sums {
		s := openSQLite(t, ":memory:")
		for _, id := range ids {
			if err := s.Update(t.Context(), func(tx store.Tx) error {
				return tx.Put(1, &store.Doc{ID: id, Kind: "customer", Data: []byte(data)})
			}); err != nil {
				t.Fatal(err)
			}
		}
		got, err := carry.SumsOf(t.Context(), s, func() {})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	base := sums("abc", "a", "b")
	for name, other := range map[string]struct {
		sums carry.Sums
		want int
	}{
		"the same":         {sums("abc", "a", "b"), 0},
		"another byte":     {sums("abd", "a", "b"), 1},
		"one less":         {sums("abc", "a"), 1},
		"in another order": {sums("abc", "b", "a"), 1},
		"nothing":          {sums("abc"), 1},
	} {
		if got := base.Differences(other.sums); len(got) != other.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
