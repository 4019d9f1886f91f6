package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/store"
)

func testSearch(t *testing.T, h Harness) {
	s := h.Open(t, options())
	m := newModel()
	write := func(ns store.NS, docs ...store.Doc) {
		for _, d := range put(t, s, ns, docs...) {
			m.set(ns, d)
		}
	}
	text := func(id, kind, words string) store.Doc {
		return store.Doc{ID: id, Kind: kind, Created: 1, Data: []byte(words)}
	}
	write(1, text("a", "customer", "red round"), text("b", "customer", "red square"), text("c", "customer", ""),
		text("d", "charge", "red round"))
	write(2, text("a", "customer", "red"))
	queries := []store.SearchQuery{
		{NS: 1, Kind: "customer", Limit: 10},
		{NS: 1, Kind: "customer", Limit: 2},
		{NS: 1, Kind: "customer", Any: [][]string{{"red"}}, Limit: 10},
		{NS: 1, Kind: "customer", Any: [][]string{{"red", "round"}}, Limit: 10},
		{NS: 1, Kind: "customer", Any: [][]string{{"round"}, {"square"}}, Limit: 10},
		{NS: 1, Kind: "customer", Any: [][]string{{"round"}, {}}, Limit: 10},
		{NS: 1, Kind: "customer", Any: [][]string{{"red"}}, Limit: 1, Count: true},
		{NS: 1, Kind: "customer", Any: [][]string{{"red"}}, Limit: 0, Count: true},
		{NS: 1, Kind: "charge", Any: [][]string{{"red"}}, Limit: 10},
		{NS: 1, Kind: "invoice", Limit: 10},
		{NS: 2, Kind: "customer", Any: [][]string{{"red"}}, Limit: 10},
		{NS: 3, Kind: "customer", Limit: 10},
	}
	for i := range queries { // the terms narrow, Match decides
		any := queries[i].Any
		queries[i].Match = func(d store.Doc) bool { return hasTerms(d, any) }
	}
	compare := func(when string) {
		t.Run(when, func(t *testing.T) {
			for _, q := range queries {
				compareSearch(t, s, m, q)
				if d, ok := m.docs[modelKey{q.NS, "b"}]; ok {
					q.After = d.Seq
					compareSearch(t, s, m, q)
				}
			}
		})
	}
	work := func() {
		if h.Work != nil {
			for range 20 {
				h.Work(t, s)
			}
		}
	}
	compare("at once")
	work()
	compare("later")
	b := m.docs[modelKey{1, "b"}]
	b.Data = []byte("round")
	a := m.docs[modelKey{1, "a"}]
	a.Deleted = true
	write(1, a, b, text("e", "customer", "red"))
	compare("after changes")
	work()
	compare("long after changes")
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := s.Search(ctx, queries[0])
		wantError(t, err, context.Canceled)
	})
	sound(t, s)
}

func testAnswers(t *testing.T, h Harness) {
	s := h.Open(t, options())
	first := store.Answer{
		Key: "key", Fingerprint: "f", Path: "/v1/customers", RequestID: "req_1", Status: 200,
		ObjectID: "cus_1", ObjectVersion: 3, Created: 77,
	}
	second := store.Answer{Key: "key2", Status: 400, Body: []byte("{}"), Created: 78}
	empty := store.Answer{Key: "\x01odd", Status: 204, Body: []byte{}}
	update(t, s, func(tx store.Tx) error {
		return errors.Join(tx.SaveAnswer(1, first), tx.SaveAnswer(1, second), tx.SaveAnswer(1, empty))
	})
	for _, want := range []store.Answer{first, second, empty} {
		got, err := s.Answer(1, want.Key)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%q: %v (-want +got):\n%s", want.Key, err, diff)
		}
	}
	for _, c := range []struct {
		ns  store.NS
		key string
	}{{2, "key"}, {1, "ke"}, {1, ""}} {
		_, err := s.Answer(c.ns, c.key)
		wantError(t, err, store.ErrNotFound)
	}
	again := first
	again.Status, again.RequestID = 500, "req_2"
	update(t, s, func(tx store.Tx) error { return tx.SaveAnswer(1, again) })
	if got, err := s.Answer(1, "key"); err != nil || got.Status != 500 || got.RequestID != "req_2" {
		t.Errorf("saved again: %+v, %v", got, err)
	}
	sound(t, s)
}

func testTimers(t *testing.T, h Harness) {
	s := h.Open(t, options())
	set := func(timers ...store.Timer) {
		update(t, s, func(tx store.Tx) error {
			for _, timer := range timers {
				if err := tx.SetTimer(timer); err != nil {
					return err
				}
			}
			return nil
		})
	}
	want := func(now int64, limit int, want string) {
		t.Helper()
		due, err := s.Due(now, limit)
		var got []string
		for _, timer := range due {
			got = append(got, fmt.Sprintf("%d/%d/%s/%s", timer.NS, timer.Due, timer.Kind, timer.ID))
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("due at %d: got %q, %v; want %q", now, got, err, want)
		}
	}
	set(store.Timer{NS: 1, Due: 30, Kind: "pay", ID: "a"}, store.Timer{NS: 2, Due: 10, Kind: "pay", ID: "a"},
		store.Timer{NS: 1, Due: 20, Kind: "end", ID: "a"}, store.Timer{NS: 1, Due: -5, Kind: "pay", ID: "b"})
	want(-6, 10, "")
	want(20, 10, "1/-5/pay/b 2/10/pay/a 1/20/end/a")
	want(30, 2, "1/-5/pay/b 2/10/pay/a")
	set(store.Timer{NS: 1, Due: 40, Kind: "pay", ID: "b"}, store.Timer{NS: 2, Kind: "pay", ID: "a"}, store.Timer{NS: 9, Kind: "pay", ID: "none"})
	want(39, 10, "1/20/end/a 1/30/pay/a")
	want(40, 10, "1/20/end/a 1/30/pay/a 1/40/pay/b")
	update(t, s, func(tx store.Tx) error { return tx.Drop(1) })
	want(100, 10, "")
	set(store.Timer{NS: 1, Due: 5, Kind: "pay", ID: "a"})
	want(100, 1, "1/5/pay/a")
}

func testNamespaces(t *testing.T, h Harness) {
	s := h.Open(t, options())
	var docs []store.Doc
	for i := range 20 {
		docs = append(docs, customer(fmt.Sprintf("cus_%02d", i), int64(i/4), ref("parity", fmt.Sprint(i%2))))
	}
	docs = put(t, s, 1, docs...)
	docs[3].Deleted = true
	docs[4].Data = []byte("changed")
	put(t, s, 1, docs[3], docs[4])
	update(t, s, func(tx store.Tx) error {
		return errors.Join(tx.SetTimer(store.Timer{NS: 1, Due: 5, Kind: "k", ID: "i"}), tx.SaveAnswer(1, store.Answer{Key: "k"}))
	})
	odd := func(ns store.NS) store.Query {
		return store.Query{NS: ns, Kind: "customer", Limit: 100, Where: []store.Cond{{Field: "parity", Values: []string{"1"}}}}
	}
	want := ids(list(t, s, odd(1)).Docs)

	t.Run("copy", func(t *testing.T) {
		update(t, s, func(tx store.Tx) error {
			if err := tx.Copy(1, 2); err != nil {
				return err
			}
			if got := ids(list(t, tx, odd(2)).Docs); got != want {
				t.Errorf("in the transaction: got %q, want %q", got, want)
			}
			return nil
		})
		if got := ids(list(t, s, odd(2)).Docs); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if d, err := s.Get(2, "cus_04"); err != nil || string(d.Data) != "changed" || d.Version != 2 {
			t.Errorf("got %+v, %v", d, err)
		}
		if d, err := s.Get(2, "cus_03"); err != nil || !d.Deleted {
			t.Errorf("deleted: got %+v, %v", d, err)
		}
		_, err := s.Version(2, "cus_04", 1)
		wantError(t, err, store.ErrNotFound)
		_, err = s.Answer(2, "k")
		wantError(t, err, store.ErrNotFound)
		if due, err := s.Due(10, 10); err != nil || len(due) != 2 {
			t.Errorf("timers: %v, %v", due, err)
		}
		wantError(t, s.Update(context.Background(), func(tx store.Tx) error { return tx.Copy(1, 2) }), store.ErrExists)
	})
	t.Run("copies are independent", func(t *testing.T) {
		d, err := s.Get(2, "cus_05")
		if err != nil {
			t.Fatal(err)
		}
		d.Refs = nil
		put(t, s, 2, d)
		if got := ids(list(t, s, odd(1)).Docs); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
	t.Run("drop", func(t *testing.T) {
		update(t, s, func(tx store.Tx) error {
			if err := tx.Drop(1); err != nil {
				return err
			}
			_, err := tx.Get(1, "cus_00")
			wantError(t, err, store.ErrNotFound)
			wantIDs(t, list(t, tx, odd(1)), "", false)
			return nil
		})
		gone(t, s)
	})
	t.Run("after the drop", func(t *testing.T) {
		again := put(t, s, 1, customer("cus_00", 1, ref("parity", "1")))[0]
		if again.Version != 1 {
			t.Errorf("a new document has version %d", again.Version)
		}
		if h.Work != nil {
			for range 50 {
				h.Work(t, s)
			}
		}
		wantIDs(t, list(t, s, odd(1)), "cus_00", false)
		update(t, s, func(tx store.Tx) error { return errors.Join(tx.Drop(1), tx.Drop(1), tx.Drop(7)) })
		gone(t, s)
		if h.Work != nil {
			for range 50 {
				h.Work(t, s)
			}
		}
		gone(t, s)
		put(t, s, 1, customer("cus_00", 1, ref("parity", "1")))
		wantIDs(t, list(t, s, odd(1)), "cus_00", false)
		if got := len(list(t, s, odd(2)).Docs); got != 8 {
			t.Errorf("the copy has %d documents", got)
		}
	})
	sound(t, s)
}

// gone proves that there is nothing in namespace 1.
func gone(t *testing.T, s store.Store) {
	t.Helper()
	_, err := s.Get(1, "cus_00")
	wantError(t, err, store.ErrNotFound)
	_, err = s.Version(1, "cus_04", 1)
	wantError(t, err, store.ErrNotFound)
	_, err = s.Answer(1, "k")
	wantError(t, err, store.ErrNotFound)
	wantIDs(t, list(t, s, store.Query{NS: 1, Kind: "customer", Limit: 1}), "", false)
	p, err := s.Search(context.Background(), store.SearchQuery{NS: 1, Kind: "customer", Limit: 1})
	if err != nil || len(p.Docs) > 0 {
		t.Errorf("Search: %+v, %v", p, err)
	}
	due, err := s.Due(10, 10)
	for _, timer := range due {
		if timer.NS == 1 {
			t.Errorf("timer %+v", timer)
		}
	}
	if err != nil {
		t.Error(err)
	}
}

func testPrune(t *testing.T, h Harness) {
	o := options()
	now := int64(1000)
	o.Now = func() int64 { return now }
	s := h.Open(t, o)
	d := put(t, s, 1, customer("cus_1", 1))[0]
	d = put(t, s, 1, d)[0] // version 1 was replaced at 1000
	now = 2000
	d = put(t, s, 1, d)[0]
	update(t, s, func(tx store.Tx) error {
		return errors.Join(tx.SaveAnswer(1, store.Answer{Key: "old", Created: 1000}), tx.SaveAnswer(1, store.Answer{Key: "new", Created: 2000}))
	})
	has := func(when string, versions []bool, old, new bool) {
		t.Helper()
		for i, want := range versions {
			_, err := s.Version(1, "cus_1", int64(i+1))
			if (err == nil) != want || err != nil && !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s: version %d: %v", when, i+1, err)
			}
		}
		for key, want := range map[string]bool{"old": old, "new": new} {
			_, err := s.Answer(1, key)
			if (err == nil) != want || err != nil && !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s: answer %s: %v", when, key, err)
			}
		}
	}
	for _, c := range []struct {
		before   int64
		versions []bool
		old, new bool
	}{
		{1000, []bool{true, true, true}, true, true},
		{1001, []bool{false, true, true}, false, true},
		{1001, []bool{false, true, true}, false, true},
		{3000, []bool{false, false, true}, false, false},
	} {
		if err := s.Prune(c.before); err != nil {
			t.Fatal(err)
		}
		has(fmt.Sprint("pruned before ", c.before), c.versions, c.old, c.new)
	}
	update(t, s, func(tx store.Tx) error { return tx.SaveAnswer(1, store.Answer{Key: "old", Created: 4000, Status: 201}) })
	if a, err := s.Answer(1, "old"); err != nil || a.Status != 201 {
		t.Errorf("a key that is used again: %+v, %v", a, err)
	}
	sound(t, s)
}

func testClosed(t *testing.T, h Harness) {
	s := h.Open(t, options())
	put(t, s, 1, customer("cus_1", 1))
	if _, err := s.Get(1, "cus_1"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	ctx := context.Background()
	for name, call := range map[string]func() error{
		"Get":     func() error { _, err := s.Get(1, "cus_1"); return err },
		"Version": func() error { _, err := s.Version(1, "cus_1", 1); return err },
		"List":    func() error { _, err := s.List(store.Query{NS: 1, Kind: "customer", Limit: 1}); return err },
		"Answer":  func() error { _, err := s.Answer(1, "k"); return err },
		"Search": func() error {
			_, err := s.Search(ctx, store.SearchQuery{NS: 1, Kind: "customer", Limit: 1})
			return err
		},
		"Update":   func() error { return s.Update(ctx, func(store.Tx) error { return nil }) },
		"Due":      func() error { _, err := s.Due(1, 1); return err },
		"Logs":     func() error { _, err := s.Logs(store.LogQuery{NS: 1, Limit: 1}); return err },
		"LogEntry": func() error { _, err := s.LogEntry(1, 1); return err },
		"Prune":    func() error { return s.Prune(1) },
		"Check":    func() error { _, err := s.Check(ctx); return err },
	} {
		if err := call(); !errors.Is(err, store.ErrClosed) {
			t.Errorf("%s after Close: %v", name, err)
		}
	}
}
