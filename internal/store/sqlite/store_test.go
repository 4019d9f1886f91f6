package sqlite

import (
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"sharesmart/internal/store"
	"sharesmart/internal/store/storetest"
)

// small makes everything that happens after thousands of entries happen after a few.
func small(t *testing.T, db *DB) *DB {
	t.Helper()
	err := db.alone(func(w *writer) error {
		w.fold.size, w.fold.least, w.fold.chunk = 24, 2, 7
		w.indexed.backlog = 20
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// patient keeps the writer from doing by itself what is put off.
func patient(t *testing.T, db *DB) *DB {
	t.Helper()
	err := db.alone(func(w *writer) error {
		w.chores.pending, w.chores.since = true, time.Now().Add(time.Hour)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func open(t *testing.T, path string, o store.Options) *DB {
	t.Helper()
	db, err := Open(path, o)
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

var pieces atomic.Int64

// work does one piece of what is put off, each time of another kind.
func work(t *testing.T, s store.Store) {
	t.Helper()
	n := int(pieces.Add(1))
	err := s.(*DB).alone(func(w *writer) error {
		kinds := []func() (bool, error){w.foldPiece, w.reindexPiece, w.indexPiece, w.mergePiece, w.reclaimPiece}
		for i := range kinds {
			if worked, err := kinds[(n+i)%len(kinds)](); worked || err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Errorf("work: %v", err)
	}
}

func TestStoreInFile(t *testing.T) {
	t.Parallel()
	storetest.Run(t, storetest.Harness{
		Open: func(t *testing.T, o store.Options) store.Store {
			return small(t, open(t, filepath.Join(t.TempDir(), "store?.db"), o))
		},
		Reopen: func(t *testing.T, s store.Store, o store.Options) store.Store {
			db := s.(*DB)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			return small(t, open(t, db.path, o))
		},
		Work: work,
	})
}

func TestStoreInMemory(t *testing.T) {
	t.Parallel()
	storetest.Run(t, storetest.Harness{
		Open: func(t *testing.T, o store.Options) store.Store { return small(t, open(t, memoryPath, o)) },
		Work: work,
	})
}
