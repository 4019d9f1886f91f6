package billing

import (
	"context"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A test clock is a time of its own for the customers that are made on it, and for all that is theirs.
//
//	(new) --> ready --advance, step--> advancing --> ready
//	                                             --a fault of ours--> internal_failure --advance--> advancing
//	any of these --DELETE, deletes_after passes--> gone, with its customers
//
// While it advances, what is due happens in order of time (resource.Engine.RunClock). An advance that was cut off by a
// crash goes on when the server is back.
//
// Emits test_helpers.test_clock.created, .advancing, .ready, .internal_failure, .deleted; customer.deleted for its
// customers.
func init() {
	register(resource.Rules{
		Object: "test_helpers.test_clock", Create: createTestClock, Delete: deleteClockCustomers,
		States: resource.States{"ready": {"advancing"}, "advancing": {"ready", "internal_failure"}, "internal_failure": {"advancing"}},
		Runs: map[string]resource.Errand{
			"POST /v1/test_helpers/test_clocks/{test_clock}/advance": advanceAction,
			"POST /v1/test_helpers/test_clocks/{test_clock}/step":    stepAction,
		},
		Timers: map[string]resource.Hook{clockEnd: endTestClock},
		Jobs:   map[string]resource.Job{clockAdvance: advanceClock},
	})
}

const (
	clockEnd     = "test_clock.deletes_after"
	clockAdvance = "test_clock.advance"
	// clockDays is how long a clock is kept.
	clockDays = 7
)

func createTestClock(op *resource.Op) error {
	end := op.Now().AddDate(0, 0, clockDays)
	op.Object.Set("deletes_after", end.Unix())
	op.Object.Set("status", "ready")
	op.Object.Set("status_details", object.New(nil))
	return op.SetTimer(clockEnd, op.Object, end)
}

// advanceAction moves a clock on. It answers at once, as Stripe does, or with "wait" when all is done.
func advanceAction(op *resource.Op) (resource.Asking, error) {
	clock, err := op.Target()
	if err != nil {
		return nil, err
	}
	op.Object = clock
	to := unix(op.Params.Int("frozen_time"))
	wait := op.Params.Get("wait") == true || op.Params.Get("wait") == ""
	if !to.After(unix(clock.Int("frozen_time"))) {
		return nil, apierr.Invalid("", "frozen_time", "`frozen_time` must be after the current frozen time of the test clock, which is %d.", clock.Int("frozen_time"))
	}
	if !wait {
		if err := checkReach(op, clock, to); err != nil {
			return nil, err
		}
	}
	if err := beginAdvance(op, clock, to); err != nil {
		return nil, err
	}
	if !wait {
		op.RunSoon()
		return nil, nil
	}
	return op.RunNow(clockAdvance, clock), nil
}

// stepAction moves a clock to what is due next on it, and answers when that is done.
func stepAction(op *resource.Op) (resource.Asking, error) {
	clock, err := op.Target()
	if err != nil {
		return nil, err
	}
	op.Object = clock
	next, ok, err := op.NextOnClock(clock.ID())
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, apierr.Invalid("", "", "Nothing is due on this test clock.")
	}
	if now := unix(clock.Int("frozen_time")); next.Before(now) {
		next = now
	}
	if err := beginAdvance(op, clock, next); err != nil {
		return nil, err
	}
	return op.RunNow(clockAdvance, clock), nil
}

// beginAdvance notes where a clock is to go.
// Emits test_helpers.test_clock.advancing.
func beginAdvance(op *resource.Op, clock *object.Object, to time.Time) error {
	if clock.String("status") == "advancing" {
		return &apierr.Error{Status: 429, Type: apierr.TypeInvalid, Code: "lock_timeout", Message: "The test clock " + clock.ID() + " is advancing already. Wait until it is ready.", Retry: true}
	}
	if err := op.Move(clock, "advancing"); err != nil {
		return err
	}
	clock.Set("status_details", newParams("advancing", newParams("target_frozen_time", to.Unix())))
	if err := op.SetTimer(clockAdvance, clock, op.Now()); err != nil {
		return err
	}
	return op.Emit("test_helpers.test_clock.advancing", clock)
}

const (
	// reachIntervals is how far a clock can be moved at once: so many intervals of its shortest subscription.
	reachIntervals = 2
	// reachYears is how far, if it has none.
	reachYears = 2
	// reachLooks is how many subscriptions are looked at for the shortest.
	reachLooks = 500
)

// checkReach keeps an advance within what Stripe allows: a program that passes here passes there.
func checkReach(op *resource.Op, clock *object.Object, to time.Time) error {
	from := unix(clock.Int("frozen_time"))
	subs, err := op.Oldest("subscription", resource.Selection{Field: "test_clock", Values: []string{clock.ID()}, Limit: reachLooks})
	if err != nil {
		return err
	}
	latest := from.AddDate(reachYears, 0, 0)
	found := false
	for _, s := range subs {
		if hasEnded(s) {
			continue
		}
		for _, item := range subscriptionItems(s) {
			end := intervalOf(item.Object("price")).After(from, reachIntervals)
			if !found || end.Before(latest) {
				latest, found = end, true
			}
		}
	}
	if to.After(latest) {
		return apierr.Invalid("", "frozen_time", "`frozen_time` cannot be more than two intervals of the shortest subscription on this test clock away (%d). Advance it in steps, or with `wait`.", latest.Unix())
	}
	return nil
}

// advanceClock does what is due until a clock's target.
// Emits what that does, then test_helpers.test_clock.ready.
func advanceClock(ctx context.Context, e *resource.Engine, ns *access.Namespace, id string) error {
	var target time.Time
	moving := false
	_, err := e.Call(ctx, ns, func(op *resource.Op) error {
		clock, err := op.Find("test_helpers.test_clock", id)
		if clock == nil || err != nil {
			op.Result = object.New(nil)
			return err
		}
		op.Object, moving = clock, clock.String("status") == "advancing"
		target = unix(clock.Object("status_details").Object("advancing").Int("target_frozen_time"))
		return nil
	})
	if !moving || err != nil {
		return err
	}
	failed := e.RunClock(ctx, ns, id, target)
	if ctx.Err() != nil {
		return failed
	}
	_, err = e.Call(ctx, ns, func(op *resource.Op) error { return endAdvance(op, id, target, failed) })
	if failed != nil {
		return failed
	}
	return err
}

// endAdvance lets a clock stand where it was to go, or says that it did not get there.
func endAdvance(op *resource.Op, id string, target time.Time, failed error) error {
	clock, err := op.Find("test_helpers.test_clock", id)
	if clock == nil || err != nil {
		op.Result = object.New(nil)
		return err
	}
	op.Object = clock
	status := "ready"
	if failed != nil {
		status = "internal_failure"
	} else {
		clock.Set("frozen_time", target.Unix())
	}
	clock.Set("status_details", object.New(nil))
	if err := op.Move(clock, status); err != nil {
		return err
	}
	return op.Emit("test_helpers.test_clock."+status, clock)
}

func deleteClockCustomers(op *resource.Op) error {
	customers, err := op.Lookup("customer", "test_clock", op.Object.ID())
	if err != nil {
		return err
	}
	for _, customer := range customers {
		if err := op.Delete(customer); err != nil {
			return err
		}
	}
	return nil
}

func endTestClock(op *resource.Op) error {
	if err := deleteClockCustomers(op); err != nil {
		return err
	}
	return op.Delete(op.Object)
}
