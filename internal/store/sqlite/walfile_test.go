package sqlite

import (
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// countedSync stands before the sync of a log.
type countedSync struct {
	sync uintptr
	n    atomic.Int64
}

var countedSyncs sync.Map // by the file

func countSync(tls *libc.TLS, file uintptr, flags int32) int32 {
	counted, _ := countedSyncs.Load(file)
	s := counted.(*countedSync)
	s.n.Add(1)
	return goFunction[numberFunction](s.sync)(tls, file, flags)
}

// openCounted opens a database as the writer does and counts the syncs of its log from then on.
func openCounted(t *testing.T, path string) (*conn, *atomic.Int64) {
	t.Helper()
	if err := registerWALVFS(); err != nil {
		t.Fatal(err)
	}
	c, err := openConn("file:"+path, walVFS, `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;
		SELECT * FROM sqlite_schema;`)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.close() })
	out := libc.Xcalloc(c.tls, 1, pointerSize)
	defer libc.Xfree(c.tls, out)
	if rc := lib.Xsqlite3_file_control(c.tls, c.db, 0, lib.SQLITE_FCNTL_JOURNAL_POINTER, out); rc != lib.SQLITE_OK {
		t.Fatal(c.fail(rc))
	}
	file, s := loadPointer(out), &countedSync{}
	f := openWAL(file)
	s.sync, f.original.FxSync = f.original.FxSync, cFunction(countSync)
	countedSyncs.Store(file, s)
	return c, &s.n
}

// TestLogIsSyncedOnce counts syncs of the log: one for each commit, one more where the log begins again, and none for a
// checkpoint, unless the log may have come from a process that did not sync it.
func TestLogIsSyncedOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	c, syncs := openCounted(t, path)
	checkpoint := func(c *conn) {
		t.Helper()
		if pages, done, err := c.checkpoint(); err != nil || pages == 0 || done != pages {
			t.Errorf("%d of %d pages were copied, %v", done, pages, err)
		}
	}
	exec := func(script string) {
		t.Helper()
		if err := c.exec(script); err != nil {
			t.Error(err)
		}
	}
	exec(`CREATE TABLE t (n)`)
	for _, step := range []struct {
		what string
		do   func()
		want int64
	}{
		{"a commit", func() { exec(`INSERT INTO t VALUES (1)`) }, 1},
		{"a checkpoint", func() { checkpoint(c) }, 0},
		{"a commit that begins the log again", func() { exec(`INSERT INTO t VALUES (2)`) }, 2},
	} {
		before := syncs.Load()
		if step.do(); syncs.Load()-before != step.want {
			t.Errorf("%s synced the log %d times, want %d", step.what, syncs.Load()-before, step.want)
		}
	}
	left := filepath.Join(t.TempDir(), "left.db")
	for _, end := range []string{"", "-wal"} {
		copyFile(t, path+end, left+end)
	}
	c, syncs = openCounted(t, left)
	if checkpoint(c); syncs.Load() != 1 {
		t.Errorf("a checkpoint of a log that was left behind synced it %d times, want once", syncs.Load())
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
