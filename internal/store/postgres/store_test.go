package postgres

import (
	"context"
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
	})
}
