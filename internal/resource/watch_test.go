package resource_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"sharesmart/internal/clock"
	"sharesmart/internal/resource"
)

// Who watches events is told of each that was committed, in the order of the commits, and of no other.
func TestWatch(t *testing.T) {
	t.Parallel()
	now := clock.NewFake(time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC))
	e, call := engineOn(t, openStore(t, now), now, nil)
	create := func(name string, fails error) error {
		return call(func(op *resource.Op) (err error) {
			op.Object, err = op.Create("customer", named(name))
			return errors.Join(err, fails)
		})
	}
	if err := create("before", nil); err != nil {
		t.Fatal(err)
	}
	w := e.Watch("event", nil)
	defer w.Close()
	if err := create("nobody", errors.New("changed its mind")); err == nil {
		t.Fatal("the operation did not fail")
	}
	const many = 50
	var work sync.WaitGroup
	for i := range many {
		work.Go(func() {
			if err := create(strconv.Itoa(i), nil); err != nil {
				t.Error(err)
			}
		})
	}
	work.Wait()
	seen := map[string]bool{}
	for len(seen) < many {
		changes, missed, err := w.Next(t.Context())
		if err != nil || missed {
			t.Fatalf("missed %v, error %v", missed, err)
		}
		for _, c := range changes {
			_, event, err := e.EventOf(c)
			if err != nil || !c.New {
				t.Fatalf("%+v: error %v", c, err)
			}
			name := event.Object("data").Object("object").String("name")
			if seen[name] || name == "before" || name == "nobody" {
				t.Errorf("it was told of %s", name)
			}
			seen[name] = true
		}
	}
}

// Who is slow hears that something was missed, and goes on from there.
func TestWatchMisses(t *testing.T) {
	t.Parallel()
	now := clock.NewFake(time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC))
	e, call := engineOn(t, openStore(t, now), now, nil)
	w := e.Watch("event", nil)
	defer w.Close()
	const each = 1000
	for range 5 {
		if err := call(func(op *resource.Op) (err error) {
			for range each {
				if op.Object, err = op.Create("customer", named("x")); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if changes, missed, err := w.Next(t.Context()); len(changes) > 0 || !missed || err != nil {
		t.Errorf("%d changes, missed %v, error %v", len(changes), missed, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := w.Next(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}
