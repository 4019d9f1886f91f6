package sqlite

import (
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"

	"sharesmart/internal/store"
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

// countSyncs counts those of the writer's log from now on.
func countSyncs(t *testing.T, db *DB) *atomic.Int64 {
	t.Helper()
	s := &countedSync{}
	alone(t, db, func(w *writer) {
		out := libc.Xcalloc(w.c.tls, 1, pointerSize)
		defer libc.Xfree(w.c.tls, out)
		if rc := lib.Xsqlite3_file_control(w.c.tls, w.c.db, 0, lib.SQLITE_FCNTL_JOURNAL_POINTER, out); rc != lib.SQLITE_OK {
			t.Error(w.c.fail(rc))
			return
		}
		file := loadPointer(out)
		f := openWAL(file)
		s.sync, f.original.FxSync = f.original.FxSync, cFunction(countSync)
		countedSyncs.Store(file, s)
	})
	return &s.n
}

// TestLogIsSyncedOnce counts syncs of the log: one for each commit, one more where the log begins again, and none for a
// checkpoint, unless the log may have come from a process that did not sync it.
func TestLogIsSyncedOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	db := patient(t, open(t, path, store.Options{}))
	syncs := countSyncs(t, db)
	checkpoint := func(db *DB) {
		t.Helper()
		alone(t, db, func(w *writer) {
			w.db.pool.release() // no reader needs the log
			if pages, done, err := w.c.checkpoint(); err != nil || pages == 0 || done != pages {
				t.Errorf("%d of %d pages were copied, %v", done, pages, err)
			}
		})
	}
	write := func(id string) { putAll(t, db, []store.Doc{{ID: id, Kind: "customer", Created: 1, Data: []byte("x")}}) }
	for _, step := range []struct {
		what string
		do   func()
		want int64
	}{
		{"the first commit", func() { write("a") }, 1},
		{"another commit", func() { write("b") }, 1},
		{"a checkpoint", func() { checkpoint(db) }, 0},
		{"a commit that begins the log again", func() { write("c") }, 2},
	} {
		before := syncs.Load()
		if step.do(); syncs.Load()-before != step.want {
			t.Errorf("%s synced the log %d times, want %d", step.what, syncs.Load()-before, step.want)
		}
	}
	left := filepath.Join(t.TempDir(), "left.db")
	alone(t, db, func(*writer) {
		for _, end := range []string{"", "-wal"} {
			copyFile(t, path+end, left+end)
		}
	})
	db = patient(t, open(t, left, store.Options{}))
	syncs = countSyncs(t, db)
	if checkpoint(db); syncs.Load() != 1 {
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
