package sqlite

import (
	"path/filepath"
	"testing"

	"sharesmart/internal/store"
)

// A timer that has its time already writes nothing, which matters where each request sets the same one.
func TestTimerSetAgain(t *testing.T) {
	t.Parallel()
	db := open(t, filepath.Join(t.TempDir(), "a.db"), store.Options{})
	pages := func(timer store.Timer) (n int) {
		t.Helper()
		if err := db.Update(t.Context(), func(tx store.Tx) error { return tx.SetTimer(timer) }); err != nil {
			t.Fatal(err)
		}
		if err := db.alone(func(w *writer) error {
			n, w.db.checkpoints.pages = w.db.checkpoints.pages, 0
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	timer := store.Timer{NS: 1, Kind: "job", ID: "a", Due: 10}
	later, onClock := timer, timer
	later.Due, onClock.Clock = 11, "clock_1"
	pages(timer)
	for _, c := range []struct {
		name  string
		timer store.Timer
		wrote bool
	}{{"the same time", timer, false}, {"another time", later, true}, {"another clock", onClock, true}, {"the same clock", onClock, false}} {
		n := pages(c.timer)
		for range 5 { // what was put off may be written in between
			if n > 0 && !c.wrote {
				n = pages(c.timer)
			}
		}
		if (n > 0) != c.wrote {
			t.Errorf("%s: %d pages were written, want some: %t", c.name, n, c.wrote)
		}
	}
}
