package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sharesmart/internal/store"
)

func put(db *DB, ns store.NS, d *store.Doc) error {
	return db.Update(context.Background(), func(tx store.Tx) error { return tx.Put(ns, d) })
}

// TestDiskFull fills a database that may not grow. What fails must leave nothing behind, neither on disk nor in memory,
// and when there is room again the store goes on.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	db := small(t, open(t, path, store.Options{}))
	limit := func(pages int) {
		t.Helper()
		if err := db.alone(func(w *writer) error { return w.c.exec(fmt.Sprintf("PRAGMA max_page_count = %d", pages)) }); err != nil {
			t.Fatal(err)
		}
	}
	limit(120)
	var kept, lost []string
	for i := range 400 {
		d := store.Doc{
			ID: fmt.Sprint("cus_", i), Kind: "customer", Data: []byte(strings.Repeat("x", 2000)),
			Refs: []store.Ref{{Field: "f", Value: "v"}},
		}
		if err := put(db, 1, &d); err != nil {
			lost = append(lost, d.ID)
			continue
		}
		kept = append(kept, d.ID)
	}
	if len(kept) < 20 || len(lost) < 20 {
		t.Fatalf("%d were kept and %d lost", len(kept), len(lost))
	}
	check := func() {
		t.Helper()
		for _, id := range kept {
			if _, err := db.Get(1, id); err != nil {
				t.Errorf("%s, which was acknowledged: %v", id, err)
			}
		}
		for _, id := range lost {
			if _, err := db.Get(1, id); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s, which failed: %v", id, err)
			}
		}
		p, err := db.List(store.Query{NS: 1, Kind: "customer", Limit: 1000, Where: []store.Cond{{Field: "f", Values: []string{"v"}}}})
		if err != nil || len(p.Docs) != len(kept) {
			t.Errorf("%d are listed, %v; want %d", len(p.Docs), err, len(kept))
		}
		noFaults(t, db)
	}
	check()
	limit(1 << 30)
	for _, id := range lost {
		if err := put(db, 1, &store.Doc{ID: id, Kind: "customer", Refs: []store.Ref{{Field: "f", Value: "v"}}}); err != nil {
			t.Errorf("with room again: %v", err)
		}
	}
	kept, lost = append(kept, lost...), nil
	check()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, path, store.Options{})
	check()
}

// TestBroken lets a rollback be impossible. Then nothing may be written any more, and what is there can be read.
func TestBroken(t *testing.T) {
	t.Parallel()
	db, err := Open(filepath.Join(t.TempDir(), "a.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := put(db, 1, &store.Doc{ID: "cus_1", Kind: "customer"}); err != nil {
		t.Fatal(err)
	}
	err = db.alone(func(w *writer) error {
		w.rollback(w.c, &dbError{code: 1034, text: "disk I/O error"}) // SQLITE_IOERR_FSYNC
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := put(db, 1, &store.Doc{ID: "cus_2", Kind: "customer"}); err == nil || !strings.Contains(err.Error(), "broken") {
		t.Errorf("a broken store writes: %v", err)
	}
	if _, err := db.Get(1, "cus_1"); err != nil {
		t.Errorf("a broken store does not read: %v", err)
	}
	db.Log(store.LogEntry{NS: 1, Seq: 5})
	if err := db.Close(); err == nil {
		t.Error("Close says nothing about entries that could not be written")
	}
}

// TestCheckFindsFaults damages a store behind its back, in each way that Check knows.
func TestCheckFindsFaults(t *testing.T) {
	t.Parallel()
	const someID = `(SELECT key FROM entries WHERE key LIKE '%@id%' LIMIT 1)`
	for _, c := range []struct{ name, damage, want string }{
		{"a missing entry", `DELETE FROM entries WHERE key = ` + someID, "is missing in the index"},
		{"an entry too many", `UPDATE entries SET key = replace(key, 'customer', 'costumer') WHERE key IN (SELECT key FROM entries WHERE key LIKE '%digit%' LIMIT 1)`, "has no document or answer"},
		{"a broken key", `INSERT INTO entries (key) VALUES ('short')`, "too short"},
		{"a missing document", `DELETE FROM objects WHERE seq = 7`, "has no document or answer"},
		{"an id twice", `INSERT INTO objects SELECT 100000, ns, id, kind, parent, version, created, deleted, refs, doc FROM objects WHERE seq = 7;
			UPDATE meta SET value = 100000 WHERE name = 'folded';
			INSERT INTO entries (key) SELECT substr(key, 1, length(key) - 7) || '----NPV' FROM entries WHERE key LIKE '%@id%' AND key LIKE '%cus_00006%'`, "is there twice"},
		{"a version that is not old", `INSERT INTO versions (seq, version, replaced, kind, parent, created, deleted, doc) SELECT seq, version, 0, kind, parent, created, deleted, doc FROM objects WHERE seq = 7`, "is kept, which is at version"},
		{"a version of nothing", `INSERT INTO versions (seq, version, replaced, kind, parent, created, deleted, doc) SELECT 99999, version, 0, kind, parent, created, deleted, doc FROM objects WHERE seq = 7`, "which there is not"},
		{"a version of a lost one", `INSERT INTO versions (seq, version, replaced, kind, parent, created, deleted, doc, differs) SELECT seq, 1, 0, kind, parent, created, deleted, doc, 1 FROM objects WHERE seq = 7;
			UPDATE objects SET version = 3 WHERE seq = 7`, "without the one that it differs from"},
		{"a deleted one with refs", `UPDATE objects SET deleted = 1 WHERE seq = 7`, "is deleted and has refs"},
		{"a lost model", `UPDATE objects SET doc = x'0009' WHERE seq = 7`, "a difference to model 9, which there is not"},
		{"damaged refs", `UPDATE objects SET refs = x'ff' WHERE seq = 7`, "refs column is damaged"},
		{"an answer without entry", `INSERT INTO answers VALUES (3, 1, 'key', 0, '', '', '', 0, '', 0, NULL)`, "is missing in the index"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := open(t, filepath.Join(t.TempDir(), "a.db"), store.Options{})
			fill(t, db, 0, 50)
			if err := db.Settle(); err != nil {
				t.Fatal(err)
			}
			noFaults(t, db)
			if err := db.alone(func(w *writer) error { return w.c.exec(c.damage) }); err != nil {
				t.Fatal(err)
			}
			faults, err := db.Check(context.Background())
			if err != nil || !strings.Contains(strings.Join(faults, "\n"), c.want) {
				t.Errorf("faults %q, %v; want %q", faults, err, c.want)
			}
		})
	}
}

// TestLogIsBounded writes for a while and sees that checkpoints keep the write-ahead log from growing.
func TestLogIsBounded(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	db := open(t, path, store.Options{NoSync: true})
	const limit = 200 // pages
	if err := db.alone(func(w *writer) error { db.checkpoints.limit = limit; return nil }); err != nil {
		t.Fatal(err)
	}
	longest := int64(0)
	for i := range 300 { // each some 35 pages, so about fifty times what makes a checkpoint due
		err := db.Update(context.Background(), func(tx store.Tx) error {
			for j := range 4 {
				d := store.Doc{ID: fmt.Sprintf("cus_%d_%d", i, j), Kind: "customer", Data: []byte(strings.Repeat("x", 30_000))}
				if err := tx.Put(1, &d); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.List(store.Query{NS: 1, Kind: "customer", Limit: 5}); err != nil { // a reader that stays in its transaction
			t.Fatal(err)
		}
		copyLog(t, db)
		info, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		longest = max(longest, info.Size())
	}
	if most := int64(3 * limit * 4096); longest > most {
		t.Errorf("the log grew to %d KB, more than %d KB", longest>>10, most>>10)
	}
	t.Logf("the log grew to %d KB", longest>>10)
}
