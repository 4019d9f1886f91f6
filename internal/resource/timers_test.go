package resource_test

import (
	"errors"
	"strings"
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

// A timer that fails is put off, and the others run.
func TestTimerFails(t *testing.T) {
	t.Parallel()
	broken, ran := true, map[string]int{}
	now := clock.NewFake(time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC))
	ring := func(op *resource.Op) error {
		name := op.Object.String("name")
		if name == "broken" && broken {
			return errors.New("out of order")
		}
		ran[name]++
		return nil
	}
	e, call := timerEngine(t, now, []resource.Rules{{Object: "customer", Timers: map[string]resource.Hook{"customer.ring": ring}}})
	for _, name := range []string{"broken", "fine"} {
		call(func(op *resource.Op) error {
			params := object.New(nil)
			params.Set("name", name)
			c, err := op.Create("customer", params)
			if err != nil {
				return err
			}
			op.Object = c
			return op.SetTimer("customer.ring", c, op.Now())
		})
	}
	if err := e.RunDue(t.Context()); err == nil || !strings.Contains(err.Error(), "out of order") {
		t.Errorf("the failure was reported as %v", err)
	}
	if ran["fine"] != 1 || ran["broken"] != 0 {
		t.Errorf("ran %v, want the fine one alone", ran)
	}
	broken = false
	for _, wait := range []time.Duration{time.Minute, 5 * time.Minute, time.Hour} {
		now.Advance(wait)
		if err := e.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if ran["fine"] != 1 || ran["broken"] != 1 {
		t.Errorf("ran %v, want each once", ran)
	}
}

// A timer that asks for another one runs before what is due later, however late all of them run.
func TestTimersInOrder(t *testing.T) {
	t.Parallel()
	now := clock.NewFake(time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC))
	start := now.Now()
	var ran []string
	note := func(op *resource.Op, what string) error {
		ran = append(ran, what+" after "+op.Now().Sub(start).String())
		return nil
	}
	rules := []resource.Rules{{Object: "customer", Timers: map[string]resource.Hook{
		"customer.hourly": func(op *resource.Op) error {
			if err := op.SetTimer("customer.hourly", op.Object, op.Now().Add(time.Hour)); err != nil {
				return err
			}
			return note(op, "hourly")
		},
		"customer.once": func(op *resource.Op) error { return note(op, "once") },
		"customer.stop": func(op *resource.Op) error {
			if err := op.SetTimer("customer.hourly", op.Object, time.Time{}); err != nil {
				return err
			}
			return note(op, "stop")
		},
	}}}
	e, call := timerEngine(t, now, rules)
	call(func(op *resource.Op) error {
		c, err := op.Create("customer", object.New(nil))
		if err != nil {
			return err
		}
		op.Object = c
		for kind, wait := range map[string]time.Duration{"customer.hourly": time.Hour, "customer.once": 150 * time.Minute, "customer.stop": 4 * time.Hour} {
			if err := op.SetTimer(kind, c, op.Now().Add(wait)); err != nil {
				return err
			}
		}
		return nil
	})
	now.Advance(10 * time.Hour)
	if err := e.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{"hourly after 1h0m0s", "hourly after 2h0m0s", "once after 2h30m0s", "hourly after 3h0m0s", "hourly after 4h0m0s", "stop after 4h0m0s"}
	if diff := cmp.Diff(want, ran); diff != "" {
		t.Errorf("ran (-want +got):\n%s", diff)
	}
}

// timerEngine is an engine with one account, and what acts in it.
func timerEngine(t *testing.T, now *clock.Fake, rules []resource.Rules) (e *resource.Engine, call func(func(op *resource.Op) error)) {
	t.Helper()
	s, err := sqlite.Open(":memory:", store.Options{Now: func() int64 { return now.Now().Unix() }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	registry := access.NewRegistry(s, now, access.Options{})
	account, err := registry.CreateAccount(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	ns, err := registry.Namespace(account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	e, err = resource.New(s, registry, now, rules, resource.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return e, func(fn func(op *resource.Op) error) {
		t.Helper()
		if _, err := e.Call(t.Context(), ns, fn); err != nil {
			t.Fatal(err)
		}
	}
}
