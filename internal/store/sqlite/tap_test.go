package sqlite

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"sharesmart/internal/store"
)

// copied is a copy of a database that is kept by pages.
type copied struct {
	pages    map[uint32][]byte
	size     uint32
	pageSize int
}

func (c *copied) snapshot(t *testing.T, tap *Tap) {
	t.Helper()
	c.pages = map[uint32][]byte{}
	err := tap.Snapshot(t.Context(), func(size uint32, pageSize int) error {
		c.size, c.pageSize = size, pageSize
		return nil
	}, func(number uint32, data []byte) error {
		c.pages[number] = append([]byte(nil), data...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (c *copied) take(t *testing.T, tap *Tap) (changed int) {
	t.Helper()
	p, ok := tap.Take()
	if !ok {
		t.Fatal("something is missing")
	}
	maps.Copy(c.pages, p.Data)
	c.size = p.Size
	return len(p.Data)
}

// open writes the copy to a file and opens it as a store.
func (c *copied) open(t *testing.T) *DB {
	t.Helper()
	path := filepath.Join(t.TempDir(), "copy.db")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for number, data := range c.pages {
		if number <= c.size {
			if _, err := f.WriteAt(data, int64(number-1)*int64(c.pageSize)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return open(t, path, store.Options{})
}

// A copy by pages holds what the store held at each look, whatever the checkpointer does meanwhile.
func TestTap(t *testing.T) {
	t.Parallel()
	for _, noSync := range []bool{true, false} {
		db := open(t, filepath.Join(t.TempDir(), "test.db"), store.Options{NoSync: noSync})
		db.checkpoints.limit = 20 // so that the log begins again often
		fill(t, db, 0, 500)
		tap, err := db.Tap(1 << 20)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := tap.Take(); ok {
			t.Error("there is something to take before the first snapshot")
		}
		if _, err := db.Tap(1); err == nil {
			t.Error("a second tap is given")
		}
		var c copied
		c.snapshot(t, tap)
		turns := map[[8]byte]bool{}
		for round := range 10 {
			for i := range 6 {
				fill(t, db, 10_000+round*300+i*50, 50)
			}
			copyLog(t, db)
			if round == 5 {
				if err := db.Update(t.Context(), func(tx store.Tx) error { return tx.Copy(1, 2, false) }); err != nil {
					t.Fatal(err)
				}
				c.snapshot(t, tap) // a second one begins anew
			}
			c.take(t, tap)
			turns[tap.salt] = true
		}
		if len(turns) < 3 {
			t.Errorf("the log began again %d times: the test shows nothing", len(turns)-1)
		}
		got := c.open(t)
		noFaults(t, got)
		for digit := range 10 {
			if want, n := count(t, db, digit), count(t, got, digit); n != want {
				t.Errorf("of digit %d there are %d, not %d", digit, n, want)
			}
		}
		if changed := c.take(t, tap); changed != 0 {
			t.Logf("%d pages were written meanwhile", changed) // the writer folds when it has nothing else to do
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		c.take(t, tap) // what closing wrote
		noFaults(t, c.open(t))
	}
}

func TestTapLoses(t *testing.T) {
	t.Parallel()
	db := open(t, filepath.Join(t.TempDir(), "test.db"), store.Options{})
	tap, err := db.Tap(50)
	if err != nil {
		t.Fatal(err)
	}
	var c copied
	c.snapshot(t, tap)
	fill(t, db, 0, 10)
	c.take(t, tap)
	fill(t, db, 1000, 5000)
	if _, ok := tap.Take(); ok {
		t.Error("more than may wait has come together and is not lost")
	}
	<-tap.Full()
	c.snapshot(t, tap)
	fill(t, db, 10, 10)
	c.take(t, tap)
	if got := c.open(t); count(t, got, 3) != 502 {
		t.Errorf("%d of digit 3", count(t, got, 3))
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := tap.Snapshot(cancelled, nil, nil); err == nil {
		t.Error("a snapshot is made though nobody wants it any more")
	}
	if _, err := open(t, memoryPath, store.Options{}).Tap(1); err == nil {
		t.Error("a store in memory has a tap")
	}
}
