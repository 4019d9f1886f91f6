package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/store"
)

// fill writes n customers with a ref each, into namespace 1.
func fill(t *testing.T, s store.Store, from, n int) {
	t.Helper()
	err := s.Update(context.Background(), func(tx store.Tx) error {
		for i := from; i < from+n; i++ {
			d := store.Doc{
				ID: fmt.Sprintf("cus_%05d", i), Kind: "customer", Created: int64(i), Data: []byte("{}"),
				Refs: []store.Ref{{Field: "digit", Value: fmt.Sprint(i % 10)}},
			}
			if err := tx.Put(1, &d); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// copyLog waits until what is due of the log has been copied, however busy the machine is, so that the next commits
// can let it begin again.
func copyLog(t *testing.T, db *DB) {
	t.Helper()
	for copying := true; copying; runtime.Gosched() {
		if err := db.alone(func(*writer) error {
			k := db.checkpoints
			copying = k.running.Load() && !k.copied.Load() && k.attempts == 0
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// count lists what has a digit and looks each up, too.
func count(t *testing.T, s store.Store, digit int) int {
	t.Helper()
	p, err := s.List(store.Query{NS: 1, Kind: "customer", Limit: 100_000,
		Where: []store.Cond{{Field: "digit", Values: []string{fmt.Sprint(digit)}}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range p.Docs {
		if _, err := s.Get(1, d.ID); err != nil {
			t.Errorf("%s is listed, but: %v", d.ID, err)
		}
	}
	return len(p.Docs)
}

func noFaults(t *testing.T, db *DB) {
	t.Helper()
	faults, err := db.Check(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Errorf("Check: %s", f)
	}
}

// schemaOf is the text of everything that migrations made.
func schemaOf(t *testing.T, c *conn) []string {
	t.Helper()
	var all []string
	err := c.each(`SELECT type, name, sql FROM sqlite_schema
		WHERE name NOT LIKE 'goose%' AND name NOT LIKE 'sqlite_%' ORDER BY name`, func(s *stmt) error {
		all = append(all, s.columnText(0)+" "+s.columnText(1)+" "+s.columnText(2))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestMemoryHasTheSchemaOfFiles(t *testing.T) {
	t.Parallel()
	var got [2][]string
	for i, path := range []string{memoryPath, filepath.Join(t.TempDir(), "a.db")} {
		db := open(t, path, store.Options{})
		if err := db.alone(func(w *writer) error {
			c, err := w.borrow()
			if err != nil {
				return err
			}
			defer w.giveBack(c)
			got[i] = schemaOf(t, c)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if len(got[0]) < 10 {
		t.Fatalf("only %d tables and indexes", len(got[0]))
	}
	if diff := cmp.Diff(got[0], got[1]); diff != "" {
		t.Errorf("memory and file differ (-memory +file):\n%s", diff)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	newer := filepath.Join(dir, "newer.db")
	db := open(t, newer, store.Options{})
	if err := db.alone(func(w *writer) error {
		return w.c.exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`)
	}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	text := filepath.Join(dir, "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("this is no database. ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, path, want string
		options          store.Options
	}{
		{"a newer schema", newer, "newer release", store.Options{}},
		{"another kind of file", text, "not a database", store.Options{}},
		{"no directory", filepath.Join(dir, "none", "a.db"), "unable to open", store.Options{}},
		{"read only, no file", filepath.Join(dir, "none.db"), "unable to open", store.Options{ReadOnly: true}},
		{"read only, in memory", memoryPath, "cannot be read only", store.Options{ReadOnly: true}},
	} {
		db, err := Open(c.path, c.options)
		if err == nil {
			_ = db.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

func TestReadOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	live := small(t, open(t, path, store.Options{}))
	fill(t, live, 0, 100)
	view := open(t, path, store.Options{ReadOnly: true})
	fill(t, live, 100, 100)
	for range 30 {
		work(t, live)
	}
	if n := count(t, live, 3); n != 20 {
		t.Errorf("the live store has %d", n)
	}
	if n := count(t, view, 3); n != 10 {
		t.Errorf("the view has %d of what there was when it was opened", n)
	}
	if _, err := view.Get(1, "cus_00150"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the view finds what came later: %v", err)
	}
	noFaults(t, view)
	err := view.Update(context.Background(), func(store.Tx) error { return nil })
	if !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("Update: %v", err)
	}
	if err := view.Prune(1); err != nil && !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("Prune: %v", err)
	}
	view.Log(store.LogEntry{Seq: view.NextLogSeq()})
	later := open(t, path, store.Options{ReadOnly: true})
	if n := count(t, later, 3); n != 20 {
		t.Errorf("a later view has %d", n)
	}
	noFaults(t, later)
}

func TestReadOnlyOfAClosedFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	db := open(t, path, store.Options{})
	fill(t, db, 0, 50)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	view := open(t, path, store.Options{ReadOnly: true})
	if n := count(t, view, 3); n != 5 {
		t.Errorf("the view has %d", n)
	}
	noFaults(t, view)
}

func TestBackup(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := small(t, open(t, filepath.Join(t.TempDir(), "a.db"), store.Options{}))
	fill(t, db, 0, 100) // some of it folded, some not
	work(t, db)
	fill(t, db, 100, 100)
	copied := filepath.Join(t.TempDir(), "copy ? of.db")
	if err := db.Backup(ctx, copied); err != nil {
		t.Fatal(err)
	}
	fill(t, db, 200, 100)
	again := open(t, copied, store.Options{})
	if n := count(t, again, 3); n != 20 {
		t.Errorf("the copy has %d", n)
	}
	noFaults(t, again)
	if err := db.Backup(ctx, copied); err == nil {
		t.Error("a backup overwrites a file")
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if err := db.Backup(cancelled, copied+"2"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := open(t, memoryPath, store.Options{}).Backup(ctx, copied+"3"); err == nil {
		t.Error("a store in memory is backed up")
	}
}
