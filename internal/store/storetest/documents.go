package storetest

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/store"
)

func testDocuments(t *testing.T, h Harness) {
	s := h.Open(t, options())
	want := customer("cus_1", 1000, ref("email", "jenny@example.com"))
	want.Parent = "acct_1"
	want = put(t, s, 1, want)[0]
	if want.Version != 1 || want.Seq <= 0 {
		t.Fatalf("a new document has version %d and seq %d", want.Version, want.Seq)
	}

	t.Run("get", func(t *testing.T) {
		got, err := s.Get(1, "cus_1")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Get (-want +got):\n%s", diff)
		}
	})
	t.Run("not found", func(t *testing.T) {
		for _, c := range []struct {
			ns store.NS
			id string
		}{{1, "cus_2"}, {2, "cus_1"}, {1, ""}, {1, "cus"}, {1, "cus_10"}, {0, "cus_1"}} {
			_, err := s.Get(c.ns, c.id)
			wantError(t, err, store.ErrNotFound)
			_, err = s.Version(c.ns, c.id, 1)
			wantError(t, err, store.ErrNotFound)
		}
	})
	t.Run("put refuses", func(t *testing.T) { testPutRefuses(t, s) })
	t.Run("versions", func(t *testing.T) { testVersions(t, s) })
	t.Run("odd bytes", func(t *testing.T) { testOddBytes(t, s) })
	t.Run("deleted", func(t *testing.T) { testDeleted(t, s) })
	t.Run("same id elsewhere", func(t *testing.T) {
		other := put(t, s, 2, customer("cus_1", 5))[0]
		got, err := s.Get(2, "cus_1")
		if err != nil || got.Created != other.Created {
			t.Errorf("got %+v, %v", got, err)
		}
	})
	sound(t, s)
}

func testPutRefuses(t *testing.T, s store.Store) {
	for _, c := range []struct {
		name string
		doc  store.Doc
		want error // nil: any
	}{
		{"taken", customer("cus_1", 1), store.ErrExists},
		{"replacing what is not there", store.Doc{ID: "cus_none", Kind: "customer", Version: 1}, store.ErrNotFound},
		{"replacing an old version", store.Doc{ID: "cus_1", Kind: "customer", Version: 7}, store.ErrConflict},
		{"no id", store.Doc{Kind: "customer"}, nil},
		{"no kind", store.Doc{ID: "cus_kindless"}, nil},
		{"before time", store.Doc{ID: "cus_early", Kind: "customer", Created: -1}, nil},
	} {
		err := s.Update(context.Background(), func(tx store.Tx) error { return tx.Put(1, &c.doc) })
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: got error %v, want %v", c.name, err, c.want)
		}
	}
}

func testVersions(t *testing.T, s store.Store) {
	d := put(t, s, 1, customer("cus_v", 10, ref("email", "a")))[0]
	texts := []string{string(d.Data)}
	for _, text := range []string{"second", "third", ""} {
		d.Data = []byte(text)
		d.Refs = []store.Ref{ref("email", text)}
		seq := d.Seq
		d = put(t, s, 1, d)[0]
		if d.Seq != seq {
			t.Fatalf("seq went from %d to %d", seq, d.Seq)
		}
		texts = append(texts, text)
	}
	for i, text := range texts {
		got, err := s.Version(1, "cus_v", int64(i+1))
		if err != nil || string(got.Data) != text || got.Version != int64(i+1) || got.Seq != d.Seq || got.Kind != "customer" {
			t.Errorf("version %d: got %+v, %v; want %q", i+1, got, err, text)
		}
	}
	for _, version := range []int64{0, 5, -1} {
		_, err := s.Version(1, "cus_v", version)
		wantError(t, err, store.ErrNotFound)
	}
	if got, err := s.Get(1, "cus_v"); err != nil || got.Version != 4 {
		t.Errorf("Get: version %d, %v", got.Version, err)
	}
}

// testOddBytes uses what separates or ends strings in many encodings.
func testOddBytes(t *testing.T, s store.Store) {
	odd := []string{
		"plain", "\x00", "\x01", "\x02", "\x020", "a\x00b", "a\x01b", "a\x02b", "a", "a\x00", "ä", "\xff\xfe", "%", "'", "",
		strings.Repeat("long", 1000),
	}
	for i, text := range odd {
		d := store.Doc{ID: "odd_" + text, Kind: "odd", Parent: "p" + text, Created: int64(i), Data: []byte(text)}
		d.Refs = []store.Ref{ref("f", text), ref(text, "v")}
		put(t, s, 3, d)
	}
	for i, text := range odd {
		got, err := s.Get(3, "odd_"+text)
		if err != nil || string(got.Data) != text || got.Created != int64(i) {
			t.Errorf("%q: got %+v, %v", text, got, err)
		}
		q := store.Query{NS: 3, Kind: "odd", Limit: 5}
		for name, where := range map[string]store.Cond{
			"value": {Field: "f", Values: []string{text}}, "field": {Field: text, Values: []string{"v"}},
		} {
			q.Where = []store.Cond{where}
			if p := list(t, s, q); len(p.Docs) != 1 || p.Docs[0].ID != "odd_"+text {
				t.Errorf("%q by %s: got %q", text, name, ids(p.Docs))
			}
		}
		q.Where, q.Parent = nil, "p"+text
		if p := list(t, s, q); len(p.Docs) != 1 || p.Docs[0].ID != "odd_"+text {
			t.Errorf("%q by parent: got %q", text, ids(p.Docs))
		}
	}
	q := store.Query{NS: 3, Kind: "odd", Limit: 100, Where: []store.Cond{{Field: "f", Min: "a", Max: "a\x01b"}}}
	wantIDs(t, list(t, s, q), "odd_a\x00 odd_a odd_a\x01b odd_a\x00b", false)
}

func testDeleted(t *testing.T, s store.Store) {
	d := put(t, s, 4, customer("cus_gone", 1, ref("email", "x")))[0]
	d.Deleted, d.Data = true, []byte("deleted")
	put(t, s, 4, d)
	got, err := s.Get(4, "cus_gone")
	if err != nil || !got.Deleted || string(got.Data) != "deleted" || len(got.Refs) != 0 {
		t.Errorf("Get: %+v, %v", got, err)
	}
	if old, err := s.Version(4, "cus_gone", 1); err != nil || old.Deleted {
		t.Errorf("Version: %+v, %v", old, err)
	}
	for _, q := range []store.Query{
		{NS: 4, Kind: "customer", Limit: 1},
		{NS: 4, Kind: "customer", Limit: 1, Where: []store.Cond{{Field: "email", Values: []string{"x"}}}},
	} {
		wantIDs(t, list(t, s, q), "", false)
	}
	again := customer("cus_gone", 2)
	err = s.Update(context.Background(), func(tx store.Tx) error { return tx.Put(4, &again) })
	wantError(t, err, store.ErrExists)
}

// testErased proves that nothing is left of what is erased: no row, version, ref or term, also after a start.
func testErased(t *testing.T, h Harness) {
	s := h.Open(t, options())
	d := put(t, s, 1, customer("cus_old", 1, ref("email", "x")))[0]
	d = put(t, s, 1, d)[0]
	kept := put(t, s, 1, customer("cus_new", 2, ref("email", "x")))[0]
	gone := store.Doc{ID: d.ID, Kind: d.Kind, Created: d.Created, Version: d.Version, Deleted: true, Erased: true}
	put(t, s, 1, gone)
	update(t, s, func(tx store.Tx) error {
		short := customer("cus_short", 3, ref("email", "x"))
		if err := tx.Put(1, &short); err != nil {
			return err
		}
		short.Deleted, short.Erased = true, true
		return tx.Put(1, &short)
	})
	check := func(s store.Store) {
		t.Helper()
		for _, id := range []string{"cus_old", "cus_short"} {
			_, err := s.Get(1, id)
			wantError(t, err, store.ErrNotFound)
			_, err = s.Version(1, id, 1)
			wantError(t, err, store.ErrNotFound)
		}
		wantIDs(t, list(t, s, store.Query{NS: 1, Kind: "customer", Limit: 9}), "cus_new", false)
		wantIDs(t, list(t, s, store.Query{NS: 1, Kind: "customer", Limit: 9, Where: []store.Cond{{Field: "email", Values: []string{"x"}}}}), "cus_new", false)
		if got, err := s.Get(1, kept.ID); err != nil || got.Seq != kept.Seq {
			t.Errorf("what stays is %+v, %v", got, err)
		}
		sound(t, s)
	}
	check(s)
	if h.Work != nil {
		h.Work(t, s)
		check(s)
	}
	if h.Reopen != nil {
		s = h.Reopen(t, s, options())
		check(s)
	}
	again := put(t, s, 1, customer("cus_old", 4))[0]
	if again.Version != 1 {
		t.Errorf("the id is free, but its version is %d", again.Version)
	}
	sound(t, s)
}

func testTransactions(t *testing.T, h Harness) {
	s := h.Open(t, options())
	ctx := context.Background()
	boom := errors.New("boom")

	t.Run("failure leaves nothing", func(t *testing.T) {
		old := put(t, s, 1, customer("cus_old", 1))[0]
		err := s.Update(ctx, func(tx store.Tx) error {
			d := customer("cus_new", 1)
			if err := errors.Join(
				tx.Put(1, &d), tx.SetTimer(store.Timer{NS: 1, Due: 1, Kind: "k", ID: "i"}),
				tx.SaveAnswer(1, store.Answer{Key: "key"}), tx.Drop(2),
			); err != nil {
				return err
			}
			changed := old
			changed.Data = []byte("changed")
			if err := tx.Put(1, &changed); err != nil {
				return err
			}
			return boom
		})
		wantError(t, err, boom)
		_, err = s.Get(1, "cus_new")
		wantError(t, err, store.ErrNotFound)
		_, err = s.Answer(1, "key")
		wantError(t, err, store.ErrNotFound)
		if got, err := s.Get(1, "cus_old"); err != nil || got.Version != 1 {
			t.Errorf("the old document is %+v, %v", got, err)
		}
		if due, err := s.Due(store.TimerQuery{Until: 10, Limit: 10}); err != nil || len(due) != 0 {
			t.Errorf("timers: %v, %v", due, err)
		}
	})
	t.Run("reads see own writes", func(t *testing.T) { testOwnWrites(t, s) })
	t.Run("one after the other", func(t *testing.T) { testSerial(t, s) })
	t.Run("panic", func(t *testing.T) {
		err := s.Update(ctx, func(store.Tx) error { panic("ouch") })
		if err == nil || !strings.Contains(err.Error(), "ouch") {
			t.Errorf("got error %v", err)
		}
		put(t, s, 1, customer("cus_after_panic", 1))
	})
	t.Run("goexit", func(t *testing.T) {
		if err := s.Update(ctx, func(store.Tx) error { runtime.Goexit(); return nil }); err == nil {
			t.Error("no error from a function that ended its goroutine")
		}
		put(t, s, 1, customer("cus_after_exit", 1))
	})
	t.Run("cancelled", func(t *testing.T) {
		done, cancel := context.WithCancel(ctx)
		cancel()
		err := s.Update(done, func(store.Tx) error { t.Error("fn was called"); return nil })
		wantError(t, err, context.Canceled)
	})
	t.Run("over", func(t *testing.T) {
		var kept store.Tx
		update(t, s, func(tx store.Tx) error { kept = tx; return nil })
		d := customer("cus_late", 1)
		if err := kept.Put(1, &d); err == nil {
			t.Error("a transaction that is over still writes")
		}
	})
	sound(t, s)
}

func testOwnWrites(t *testing.T, s store.Store) {
	update(t, s, func(tx store.Tx) error {
		d := customer("cus_own", 1)
		for i := range 3 {
			d.Data = []byte{byte('a' + i)}
			if err := tx.Put(1, &d); err != nil {
				return err
			}
			if d.Version != int64(i+1) {
				t.Errorf("version is %d after %d puts", d.Version, i+1)
			}
		}
		if got, err := tx.Get(1, "cus_own"); err != nil || string(got.Data) != "c" {
			t.Errorf("Get: %+v, %v", got, err)
		}
		if got, err := tx.Version(1, "cus_own", 2); err != nil || string(got.Data) != "b" {
			t.Errorf("Version: %+v, %v", got, err)
		}
		twice := customer("cus_own", 1)
		wantError(t, tx.Put(1, &twice), store.ErrExists)
		_, err := tx.Get(1, "cus_none")
		wantError(t, err, store.ErrNotFound)
		if err := tx.SaveAnswer(1, store.Answer{Key: "own", Status: 200}); err != nil {
			return err
		}
		if a, err := tx.Answer(1, "own"); err != nil || a.Status != 200 {
			t.Errorf("Answer: %+v, %v", a, err)
		}
		return nil
	})
	for version, want := range []string{1: "a", 2: "b", 3: "c"} {
		if version == 0 {
			continue
		}
		if got, err := s.Version(1, "cus_own", int64(version)); err != nil || string(got.Data) != want {
			t.Errorf("version %d: %q, %v", version, got.Data, err)
		}
	}
}

// testSerial counts in a document with many transactions at once.
func testSerial(t *testing.T, s store.Store) {
	put(t, s, 1, store.Doc{ID: "counter", Kind: "counter", Data: []byte{0}})
	const callers, rounds = 8, 25
	errs := make(chan error, callers)
	for range callers {
		go func() {
			var err error
			for range rounds {
				err = errors.Join(err, s.Update(context.Background(), func(tx store.Tx) error {
					d, err := tx.Get(1, "counter")
					if err != nil {
						return err
					}
					d.Data = []byte{d.Data[0] + 1}
					return tx.Put(1, &d)
				}))
			}
			errs <- err
		}()
	}
	for range callers {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	got, err := s.Get(1, "counter")
	if err != nil || got.Data[0] != callers*rounds || got.Version != callers*rounds+1 {
		t.Errorf("counted to %d in version %d, %v; want %d", got.Data[0], got.Version, err, callers*rounds)
	}
	for version := int64(1); version <= got.Version; version++ { // also those that were replaced within one commit
		if old, err := s.Version(1, "counter", version); err != nil || int64(old.Data[0]) != version-1 {
			t.Errorf("version %d holds %v, %v", version, old.Data, err)
		}
	}
}
