package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"sharesmart/internal/store"
)

func TestFilter(t *testing.T) {
	t.Parallel()
	f := newFilter(10_000)
	key := func(i int) []byte { return appendIDPrefix(nil, 1, fmt.Sprint("cus_", i)) }
	for i := range 10_000 {
		f.add(key(i))
	}
	if !f.mayHave(key(20_000)) {
		t.Error("a filter that is not complete denies something")
	}
	f.complete.Store(true)
	for i := range 10_000 {
		if !f.mayHave(key(i)) {
			t.Fatalf("%s is denied", key(i))
		}
	}
	wrong := 0
	for i := 10_000; i < 20_000; i++ {
		if f.mayHave(key(i)) {
			wrong++
		}
	}
	if wrong > 100 {
		t.Errorf("%d of 10,000 are not denied", wrong)
	}
}

// TestFilterOfAFile makes the filter from a file with several namespaces and sees that it denies nothing that is there.
func TestFilterOfAFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	db := open(t, path, store.Options{NoSync: true})
	const each = filterScan + 100
	for _, ns := range []store.NS{0, 1, 15} {
		err := db.Update(context.Background(), func(tx store.Tx) error {
			for i := range each {
				d := store.Doc{ID: fmt.Sprint("cus_", i), Kind: "customer", Refs: []store.Ref{{Field: "f", Value: fmt.Sprint(i)}}}
				if err := tx.Put(ns, &d); err != nil {
					return err
				}
			}
			return tx.SaveAnswer(ns, store.Answer{Key: "key"})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Settle(); err != nil {
		t.Fatal(err)
	}
	f := newFilter(0)
	db.fillFilter(f)
	if !f.complete.Load() || f.added.Load() != 3*(each+1) {
		t.Fatalf("the filter has %d keys, complete %v; want %d", f.added.Load(), f.complete.Load(), 3*(each+1))
	}
	if f.mayHave(appendIDPrefix(nil, 1, "cus_none")) && f.mayHave(appendIDPrefix(nil, 1, "cus_none2")) && f.mayHave(appendIDPrefix(nil, 2, "cus_1")) {
		t.Error("the filter denies nothing")
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, path, store.Options{})
	for i := range each {
		err := put(db, 15, &store.Doc{ID: fmt.Sprint("cus_", i), Kind: "customer"})
		if !errors.Is(err, store.ErrExists) {
			t.Fatalf("cus_%d is taken, but: %v", i, err)
		}
		if i > 50 {
			break
		}
	}
}

// TestFilterGrows puts more into a filter than it was made for.
func TestFilterGrows(t *testing.T) {
	t.Parallel()
	db := open(t, filepath.Join(t.TempDir(), "a.db"), store.Options{NoSync: true})
	if err := db.alone(func(w *writer) error {
		full := newFilter(0)
		full.capacity = 50
		full.complete.Store(true)
		w.filters.now.Store(full)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	small(t, db)
	first := db.writer.filters.now.Load()
	for i := range 20 {
		fill(t, db, 20*i, 20)
		if err := db.Settle(); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 400 {
		if err := put(db, 1, &store.Doc{ID: fmt.Sprintf("cus_%05d", i), Kind: "customer"}); !errors.Is(err, store.ErrExists) {
			t.Fatalf("cus_%05d is taken, but: %v", i, err)
		}
	}
	err := db.alone(func(w *writer) error {
		if w.filters.now.Load() == first && w.filters.next == nil {
			return errors.New("the filter did not grow")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
