package sqlite

import (
	"path/filepath"
	"testing"

	"sharesmart/internal/store"

	lib "modernc.org/sqlite/lib"
)

// TestPlansAreKept binds what a plan might go by, and expects that no statement is prepared twice.
func TestPlansAreKept(t *testing.T) {
	t.Parallel()
	db := open(t, filepath.Join(t.TempDir(), "db"), store.Options{})
	c, err := db.pool.get()
	if err != nil {
		t.Fatal(err)
	}
	defer db.pool.put(c)
	s, err := c.stmt(stEntriesDown)
	if err != nil {
		t.Fatal(err)
	}
	for limit := range int64(3) {
		err := s.each(func() {
			s.textBytes(1, []byte("a"))
			s.textBytes(2, []byte("b"))
			s.int(3, limit+1)
		}, func() error { return nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	if n := lib.Xsqlite3_stmt_status(c.tls, s.p, lib.SQLITE_STMTSTATUS_REPREPARE, 0); n > 0 {
		t.Errorf("it was prepared again %d times", n)
	}
}
