package resource_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

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
	ring := func(op *resource.Op) error {
		name := op.Object.String("name")
		if name == "broken" && broken {
			return errors.New("out of order")
		}
		ran[name]++
		return nil
	}
	e, err := resource.New(s, registry, now, []resource.Rules{{Object: "customer", Timers: map[string]resource.Hook{"customer.ring": ring}}}, resource.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"broken", "fine"} {
		if _, err := e.Call(context.Background(), ns, func(op *resource.Op) error {
			params := object.New(nil)
			params.Set("name", name)
			c, err := op.Create("customer", params)
			if err != nil {
				return err
			}
			op.Object = c
			return op.SetTimer("customer.ring", c, op.Now())
		}); err != nil {
			t.Fatal(err)
		}
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
