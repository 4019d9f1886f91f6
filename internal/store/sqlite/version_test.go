package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"sharesmart/internal/store"
)

// rewrite puts a document of many lines that says which version it is.
func rewrite(t *testing.T, s store.Store, from, to int) {
	t.Helper()
	for version := from; version <= to; version++ {
		err := s.Update(context.Background(), func(tx store.Tx) error {
			d := store.Doc{ID: "a", Kind: "customer", Version: int64(version - 1), Data: versionText(version)}
			return tx.Put(1, &d)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func versionText(version int) []byte {
	return []byte(strings.Repeat("  \"field\": null,\n", 50) + fmt.Sprint(version))
}

// TestVersionsAreSmall expects that an old version takes no more than what it says otherwise.
func TestVersionsAreSmall(t *testing.T) {
	t.Parallel()
	db := open(t, ":memory:", store.Options{})
	rewrite(t, db, 1, 40)
	var whole, deltas, bytes int
	err := db.alone(func(w *writer) error {
		c, err := w.borrow()
		if err != nil {
			return err
		}
		defer w.giveBack(c)
		return c.each(`SELECT differs, length(doc) FROM versions`, func(s *stmt) error {
			if s.columnBool(0) {
				deltas++
				bytes += int(s.columnInt(1))
			} else {
				whole++
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if whole != 4 || deltas != 35 || bytes > 35*16 {
		t.Errorf("%d versions are whole, %d are deltas of %d bytes", whole, deltas, bytes)
	}
}

// TestVersionsOfOldFiles opens a file of before there were deltas, and goes on with it.
func TestVersionsOfOldFiles(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	db, err := Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rewrite(t, db, 1, 1)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	downTo(t, path, 2)
	old, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	for version := 1; version < 3; version++ {
		if _, err := old.Exec(`INSERT INTO versions SELECT seq, version, 0, kind, parent, created, deleted, doc FROM objects`); err != nil {
			t.Fatal(err)
		}
		if _, err := old.Exec(`UPDATE objects SET version = ?, doc = ?`, version+1, versionText(version+1)); err != nil {
			t.Fatal(err)
		}
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, path, store.Options{})
	rewrite(t, db, 4, 12)
	for version := 1; version <= 12; version++ {
		d, err := db.Version(1, "a", int64(version))
		if err != nil || string(d.Data) != string(versionText(version)) {
			t.Errorf("version %d is %q, %v", version, d.Data, err)
		}
	}
	noFaults(t, db)
}

// downTo takes migrations back.
func downTo(t *testing.T, path string, version int64) {
	t.Helper()
	pool, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = pool.Close() }()
	dir, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, pool, dir, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.DownTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
}

// TestVersionsAfterTheTimeWentBack loses a version in the middle, and expects that only those are missing that cannot be
// read without it.
func TestVersionsAfterTheTimeWentBack(t *testing.T) {
	t.Parallel()
	now := int64(100)
	db := open(t, ":memory:", store.Options{Now: func() int64 { return now }})
	rewrite(t, db, 1, 4)
	now = 50
	rewrite(t, db, 5, 5) // replaces the fourth
	now = 100
	rewrite(t, db, 6, 6)
	if err := db.Prune(60); err != nil {
		t.Fatal(err)
	}
	for version, kept := range map[int64]bool{3: false, 4: false, 5: true, 6: true} {
		_, err := db.Version(1, "a", version)
		if (err == nil) != kept {
			t.Errorf("version %d: %v; is it kept: %t", version, err, kept)
		}
	}
	err := db.Update(t.Context(), func(tx store.Tx) error { return tx.Copy(1, 2, false) })
	if err != nil {
		t.Fatal(err)
	}
	if d, err := db.Version(2, "a", 5); err != nil || string(d.Data) != string(versionText(5)) {
		t.Errorf("the copy's version 5 is %q, %v", d.Data, err)
	}
}
