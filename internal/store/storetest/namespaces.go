package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"sharesmart/internal/store"
)

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
			if err := tx.Copy(1, 2, false); err != nil {
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
		if d, err := s.Version(2, "cus_04", 1); err != nil || string(d.Data) == "changed" {
			t.Errorf("its first version: got %+v, %v", d, err)
		}
		_, err := s.Answer(2, "k")
		wantError(t, err, store.ErrNotFound)
		if due, err := s.Due(store.TimerQuery{Until: 10, Limit: 10}); err != nil || len(due) != 2 {
			t.Errorf("timers: %v, %v", due, err)
		}
		wantError(t, s.Update(context.Background(), func(tx store.Tx) error { return tx.Copy(1, 2, false) }), store.ErrExists)
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
	due, err := s.Due(store.TimerQuery{Until: 10, Limit: 10})
	for _, timer := range due {
		if timer.NS == 1 {
			t.Errorf("timer %+v", timer)
		}
	}
	if err != nil {
		t.Error(err)
	}
}
