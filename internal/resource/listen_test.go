package resource_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/access"
	"sharesmart/internal/clock"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/store"
	"sharesmart/internal/store/sqlite"
)

// named makes the parameters of a customer.
func named(name string) *object.Object {
	params := object.New(nil)
	params.Set("name", name)
	return params
}

// ear is a listener that writes down what it hears of customers.
type ear struct {
	heard []string
	deaf  bool
}

func (l *ear) rules() []resource.Rules {
	return []resource.Rules{{Object: "customer", Listener: &resource.Listener{
		Wants: func(a resource.Announcement) bool {
			return a.Type == "customer.created" || a.Type == "customer.updated" && a.Previous.Has("name")
		},
		Hear: func(_ *resource.Survey, event *object.Object) (resource.Hook, error) {
			if l.deaf {
				return nil, errors.New("nothing to be heard")
			}
			text := event.String("type") + " " + event.Object("data").Object("object").String("name")
			return func(*resource.Op) error {
				l.heard = append(l.heard, text)
				return nil
			}, nil
		},
	}}}
}

// What was committed is heard once, as it was at the time of the event; what was not wanted or not committed, never.
func TestListener(t *testing.T) {
	t.Parallel()
	now := clock.NewFake(time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC))
	l := &ear{}
	s := openStore(t, now)
	e, call := engineOn(t, s, now, l.rules())
	if err := call(func(op *resource.Op) error {
		c, err := op.Create("customer", named("Jenny"))
		if err != nil {
			return err
		}
		c.Set("name", "Rosen")
		if err := op.EmitUpdated(c); err != nil {
			return err
		}
		c.Set("phone", "1")
		op.Object = c
		return op.EmitUpdated(c)
	}); err != nil {
		t.Fatal(err)
	}
	if err := call(func(op *resource.Op) error {
		if _, err := op.Create("customer", named("Nobody")); err != nil {
			return err
		}
		return errors.New("changed its mind")
	}); err == nil {
		t.Fatal("the operation did not fail")
	}
	if len(l.heard) > 0 {
		t.Fatalf("it heard %v before they were due", l.heard)
	}
	for range 2 {
		if err := e.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		// Those that are due at the same moment come in the order of their ids.
		if diff := cmp.Diff([]string{"customer.created Jenny", "customer.updated Rosen"}, slices.Sorted(slices.Values(l.heard))); diff != "" {
			t.Fatalf("what it heard (-want +got):\n%s", diff)
		}
	}
}

// What a listener fails at it hears again, and what a process did not come to, the next one does.
func TestListenerHearsAgain(t *testing.T) {
	t.Parallel()
	now := clock.NewFake(time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC))
	s := openStore(t, now)
	l := &ear{deaf: true}
	e, call := engineOn(t, s, now, l.rules())
	if err := call(func(op *resource.Op) (err error) {
		op.Object, err = op.Create("customer", named("Jenny"))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := e.RunDue(t.Context()); err == nil {
		t.Fatal("the failure was not reported")
	}
	now.Advance(time.Hour)
	next := &ear{}
	e, _ = engineOn(t, s, now, next.rules())
	if err := e.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"customer.created Jenny"}, next.heard); diff != "" {
		t.Errorf("what the next one heard (-want +got):\n%s", diff)
	}
}

// A job of the account runs when it is asked for, and again for what is asked while it ends.
func TestAccountJob(t *testing.T) {
	t.Parallel()
	now := clock.NewFake(time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC))
	s := openStore(t, now)
	var runs atomic.Int32
	rules := []resource.Rules{{Object: "customer", Jobs: map[string]resource.Job{
		"customer.greet": func(ctx context.Context, e *resource.Engine, ns *access.Namespace, id string) error {
			if id != ns.Account {
				t.Errorf("the job runs for %q, want the account", id)
			}
			at := time.Time{}
			if runs.Add(1) == 1 {
				at = now.Now().Add(time.Minute)
			}
			if _, err := e.Call(ctx, ns, func(op *resource.Op) error { return op.SetJob("customer.greet", at) }); err != nil {
				return err
			}
			return resource.ErrSet
		},
	}}}
	e, call := engineOn(t, s, now, rules)
	if err := call(func(op *resource.Op) error { return op.SetJob("customer.greet", op.Now()) }); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int32{1, 1, 2, 2} {
		if err := e.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := runs.Load(); got != want {
			t.Fatalf("it ran %d times, want %d", got, want)
		}
		now.Advance(31 * time.Second)
	}
}

func openStore(t *testing.T, now *clock.Fake) store.Store {
	t.Helper()
	s, err := sqlite.Open(":memory:", store.Options{Now: func() int64 { return now.Now().Unix() }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// engineOn is an engine with rules on a store, which may have been another's before.
func engineOn(t *testing.T, s store.Store, now *clock.Fake, rules []resource.Rules) (*resource.Engine, func(func(op *resource.Op) error) error) {
	t.Helper()
	registry := access.NewRegistry(s, now, access.Options{})
	id, err := registry.DefaultAccount(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if id == "" {
		account, err := registry.CreateAccount(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		id = account.ID
	}
	ns, err := registry.Namespace(id, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	e, err := resource.New(s, registry, now, rules, resource.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return e, func(fn func(op *resource.Op) error) error {
		_, err := e.Call(t.Context(), ns, fn)
		return err
	}
}
