package sqlite

import (
	"path/filepath"
	"testing"

	"sharesmart/internal/store"
)

func TestLogSeqSurvivesAKill(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	db := open(t, path, store.Options{})
	last := db.NextLogSeq()
	// Another process that opens the file sees what this one would have left behind.
	copied := filepath.Join(t.TempDir(), "b.db")
	if err := db.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		last = db.NextLogSeq()
	}
	again := open(t, copied, store.Options{})
	if next := again.NextLogSeq(); next <= last {
		t.Errorf("after a kill, place %d is given out again; the last was %d", next, last)
	}
}
