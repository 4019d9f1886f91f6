package resource

import (
	"context"
	"errors"
	"testing"

	"sharesmart/internal/store"
)

var errDisk = errors.New("the disk is full")

// fullDisk runs so many transactions, and then fails to commit each that follows.
type fullDisk struct {
	store.Store
	room int
}

func (d *fullDisk) Update(_ context.Context, fn func(store.Tx) error) error {
	fits := d.room > 0
	d.room--
	if err := fn(anyTimer{}); err != nil || fits {
		return err
	}
	return errDisk
}

type anyTimer struct{ store.Tx }

func (anyTimer) SetTimer(store.Timer) error { return nil }

// A clock whose commits fail ends with that error, whichever of them is the first; it hung when it waited for one twice.
func TestClockRunThatCannotCommit(t *testing.T) {
	t.Parallel()
	due := make([]store.Timer, 3*clockSteps)
	for i := range due {
		due[i].Due = int64(i)
	}
	groups := len(clockGroups(due))
	for room := range groups {
		run := &clockRun{engine: &Engine{store: &fullDisk{room: room}}, luck: map[string]*luck{}}
		if _, err := run.all(t.Context(), due); !errors.Is(err, errDisk) {
			t.Errorf("with room for %d of %d commits it ended with %v", room, groups, err)
		}
	}
}
