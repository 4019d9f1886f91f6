package access_test

import (
	"testing"

	"sharesmart/internal/store"
	"sharesmart/internal/store/sqlite"
)

// openStore opens a database in memory that ends with the test.
func openStore(t testing.TB) store.Store {
	t.Helper()
	s, err := sqlite.Open(":memory:", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return s
}
