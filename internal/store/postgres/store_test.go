package postgres

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"sharesmart/internal/store"
	"sharesmart/internal/store/postgres/pgtest"
	"sharesmart/internal/store/storetest"
)

func open(t *testing.T, url string, o store.Options) *DB {
	t.Helper()
	db, err := Open(context.Background(), url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return db
}

// address is where a store can be opened again.
type address struct {
	*DB
	url string
}

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, storetest.Harness{
		Open: func(t *testing.T, o store.Options) store.Store {
			url := pgtest.URL(t)
			return address{open(t, url, o), url}
		},
		Reopen: func(t *testing.T, s store.Store, o store.Options) store.Store {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			url := s.(address).url
			return address{open(t, url, o), url}
		},
		Work: func(t *testing.T, s store.Store) {
			if _, err := s.(address).reclaimPiece(t.Context(), "0s"); err != nil {
				t.Error(err)
			}
		},
	})
}

// TestReclaim drops a namespace of more than is removed at once, fills it again before that is over, and looks at it from a second
// process.
func TestReclaim(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	first, second := open(t, url, store.Options{}), open(t, url, store.Options{})
	const many = pruneChunk + 10
	fill(t, first, many)
	if err := second.Update(t.Context(), func(tx store.Tx) error { return tx.Drop(1) }); err != nil {
		t.Fatal(err)
	}
	left := func(table string) (n int) {
		t.Helper()
		if err := first.pool.QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := left("objects"); n != many {
		t.Errorf("the drop removed %d documents itself", many-n)
	}
	for name, db := range map[string]*DB{"its own": second, "another": first} {
		if err := db.Update(t.Context(), func(tx store.Tx) error { _, err := tx.Get(2, "cus_0"); return only(err, store.ErrNotFound) }); err != nil {
			t.Fatal(err)
		}
		if err := db.alone(func(w *writer) error { return w.catchUp(t.Context(), []store.NS{1}) }); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Get(1, "cus_0"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s process finds what was dropped: %v", name, err)
		}
		if faults, err := db.Check(t.Context()); err != nil || len(faults) > 0 {
			t.Errorf("Check: %v, %v", faults, err)
		}
	}
	if worked, err := first.reclaimPiece(t.Context(), "1h"); worked || err != nil {
		t.Errorf("what was dropped just now is removed: %v", err)
	}
	if worked, err := first.reclaimPiece(t.Context(), "0s"); !worked || err != nil {
		t.Fatalf("nothing is removed: %v", err)
	}
	if n := left("objects"); n != many-pruneChunk {
		t.Errorf("%d documents are left after the first piece", n)
	}
	fill(t, first, 3)
	if err := first.reclaim(t.Context(), "0s"); err != nil {
		t.Fatal(err)
	}
	if n, refs, rest := left("objects"), left("refs"), left("garbage"); n != 3 || refs != 3 || rest != 0 {
		t.Errorf("%d documents, %d entries and %d dropped namespaces are left", n, refs, rest)
	}
	if faults, err := second.Check(t.Context()); err != nil || len(faults) > 0 {
		t.Errorf("Check: %v, %v", faults, err)
	}
}

func only(err, want error) error {
	if errors.Is(err, want) {
		return nil
	}
	return fmt.Errorf("got %w, not %w", err, want)
}

func fill(t *testing.T, db *DB, many int) {
	t.Helper()
	err := db.Update(t.Context(), func(tx store.Tx) error {
		for i := range many {
			if err := tx.Put(1, &store.Doc{ID: fmt.Sprint("cus_", i), Kind: "customer", Data: []byte("{}")}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
