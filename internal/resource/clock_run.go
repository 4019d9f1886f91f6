package resource

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/store"
)

const (
	// clockFirst is how many of a clock's timers are looked up at first, clockMost how many in the end. The first commit of each
	// look runs its steps in their place, so more are looked up as long as all of them come next, and fewer where steps set
	// timers that come before the rest.
	clockFirst, clockMost = 512, 8192
	// clockSteps is how many of them share a commit. Others wait for the writer as long as that takes.
	clockSteps = 128
	// clockAhead is how many commits' steps may be run ahead while the writer syncs. It begins with one of them, as what is
	// run ahead is in vain when a step sets a timer that comes before the rest.
	clockAhead = 3
)

// RunClock runs what is due on a test clock until a time, and what comes due by that: strictly in order of time, each at
// its own time. Steps that follow each other share commits. A crash loses no step and repeats none: what was done is no
// longer due. The first that fails ends the run.
func (e *Engine) RunClock(ctx context.Context, ns *access.Namespace, clock string, until time.Time) error {
	grant, err := e.selfGrant(ns)
	if err != nil {
		return err
	}
	// What was due at once while the clock stood still was left to the wall clock. It comes before all that follows.
	if err := e.runOthers(ctx); err != nil {
		return err
	}
	run := &clockRun{engine: e, ns: ns, grant: grant, luck: map[string]*luck{}}
	for limit := clockFirst; ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		due, err := e.store.Due(store.TimerQuery{NS: ns.NS, Clock: clock, Until: until.Unix(), Limit: limit})
		if len(due) == 0 || err != nil {
			return err
		}
		done, err := run.all(ctx, due)
		if err != nil {
			return err
		}
		limit = min(max(2*done, clockFirst), clockMost)
	}
}

// NextOnClock is when the next work is due on a test clock, if there is any. It reads what is committed.
func (op *Op) NextOnClock(clock string) (at time.Time, ok bool, err error) {
	due, err := op.engine.store.Due(store.TimerQuery{NS: op.ns.NS, Clock: clock, Until: math.MaxInt64, Limit: 1})
	if len(due) == 0 || err != nil {
		return time.Time{}, false, err
	}
	return time.Unix(due[0].Due, 0), true, nil
}

// clockRun is a clock on its way.
type clockRun struct {
	engine  *Engine
	ns      *access.Namespace
	grant   *access.Grant
	soonest int64            // the earliest time at which the steps so far have set a timer
	luck    map[string]*luck // of running steps ahead, by kind of timer
}

// all runs timers until one of them has set another that comes before the rest, and says how many that were. A commit is
// begun as soon as the steps of the one before have run; if that fails, so do all behind it.
func (r *clockRun) all(ctx context.Context, due []store.Timer) (ran int, err error) {
	r.soonest = math.MaxInt64
	groups := clockGroups(due)
	ahead := make([]*aheadSteps, 1, len(groups)) // the first is not worth waiting for
	defer func() {
		if last := ahead[len(ahead)-1]; last != nil {
			<-last.done
		}
	}()
	turn, before := new(store.Turn), (*clockCommit)(nil)
	defer func() { err = errors.Join(before.wait(), err) }()
	for i, group := range groups {
		if r.soonest < group[0].Due {
			return ran, nil
		}
		for n := min(len(groups), 2*(i+1), i+1+clockAhead); len(ahead) < n; {
			ahead = append(ahead, r.prepare(groups[len(ahead)], ahead[len(ahead)-1]))
		}
		now := r.begin(store.InTurn(ctx, turn), group, ahead[i].wait())
		ahead[i] = nil
		outcome := <-now.ran
		failed := before.wait()
		if before = now; failed != nil {
			return ran, failed
		}
		if outcome.failed != nil { // one of them failed, and took the others with it
			_, before = now.wait(), nil
			return r.alone(ctx, group[0], ran)
		}
		if ran += outcome.done; outcome.done < len(group) {
			return ran, nil // what was prepared does not come next
		}
	}
	return ran, nil
}

// clockGroups cuts timers into those that share commits. The first run in their place while the others are run ahead, so
// they are few.
func clockGroups(due []store.Timer) [][]store.Timer {
	n := min(len(due), clockSteps/8)
	return slices.AppendSeq([][]store.Timer{due[:n]}, slices.Chunk(due[n:], clockSteps))
}

// alone runs the first timer of a group that failed, after so many others.
func (r *clockRun) alone(ctx context.Context, t store.Timer, ran int) (int, error) {
	now := r.begin(ctx, []store.Timer{t}, nil)
	outcome, failed := <-now.ran, now.wait()
	if failed != nil {
		return ran, fmt.Errorf("timer %s of %s: %w", t.Kind, t.ID, failed)
	}
	return ran + outcome.done, nil
}

// clockCommit is timers on their way to the disk.
type clockCommit struct {
	ran       chan clockOutcome // is told when the steps have run, or will not
	committed chan error
}

// clockOutcome is how many of a commit's timers were the next ones and ran.
type clockOutcome struct {
	done   int
	failed error
}

// wait waits until the timers are on disk. It is called once.
func (c *clockCommit) wait() error {
	if c == nil {
		return nil
	}
	return <-c.committed
}

// begin runs timers in one transaction, each as an operation of its own, as long as they are the next ones.
func (r *clockRun) begin(ctx context.Context, due []store.Timer, prepared []*aheadStep) *clockCommit {
	c := &clockCommit{make(chan clockOutcome, 1), make(chan error, 1)}
	go func() {
		told := false
		err := r.engine.store.Update(r.engine.planTimers(ctx, due, nil), func(tx store.Tx) error {
			outcome := r.together(tx, due, prepared)
			told = true
			c.ran <- outcome
			return outcome.failed
		})
		if !told {
			c.ran <- clockOutcome{failed: err}
		}
		c.committed <- err
	}()
	return c
}

func (r *clockRun) together(tx store.Tx, due []store.Timer, prepared []*aheadStep) (out clockOutcome) {
	for i, t := range due {
		if r.soonest < t.Due {
			return out
		}
		var a *aheadStep
		if prepared != nil {
			a = prepared[i]
		}
		if out.failed = r.step(tx, t, a); out.failed != nil {
			return out
		}
		out.done++
	}
	return out
}

func (r *clockRun) step(tx store.Tx, t store.Timer, a *aheadStep) error {
	if ok, err := r.engine.stands(tx, t); !ok {
		return err
	}
	if a != nil {
		held := a.tx != nil && a.tx.holds(r.engine.journal, tx)
		r.luck[t.Kind].learn(held)
		if held {
			err := a.tx.apply(tx)
			r.soonest = min(r.soonest, a.soonest)
			return err
		}
	}
	op := r.newOp(tx, t, &r.soonest)
	if err := op.fire(t); err != nil {
		return err
	}
	return op.flush()
}

func (r *clockRun) newOp(tx store.Tx, t store.Timer, soonest *int64) *Op {
	return &Op{work: &work{}, engine: r.engine, tx: tx, ns: r.ns, grant: r.grant, now: time.Unix(t.Due, 0).UTC(), clock: t.Clock, clockMoves: true, soonest: soonest}
}

// aheadStep is a step that was run ahead.
type aheadStep struct {
	tx      *aheadTx // nil if it cannot be run so
	soonest int64    // the earliest time at which it set a timer on the clock
}

// aheadSteps are those of a commit.
type aheadSteps struct {
	steps []*aheadStep // nil stands for those of which it is not worth trying
	done  chan struct{}
}

// wait gives the steps when all are run; none of nil.
func (a *aheadSteps) wait() []*aheadStep {
	if a == nil {
		return nil
	}
	<-a.done
	return a.steps
}

// aheadWorkers is how many run steps ahead at once. The writer, for which all of them wait, has a processor for itself if
// there are two.
func aheadWorkers() int { return max(1, runtime.GOMAXPROCS(0)-1) }

// prepare runs steps ahead, beside the writer, once those before them are run.
func (r *clockRun) prepare(due []store.Timer, before *aheadSteps) *aheadSteps {
	a := &aheadSteps{make([]*aheadStep, len(due)), make(chan struct{})}
	worth := make([]bool, len(due))
	for i, t := range due {
		if r.luck[t.Kind] == nil {
			r.luck[t.Kind] = &luck{}
		}
		worth[i] = r.luck[t.Kind].worth()
	}
	go func() {
		defer close(a.done)
		before.wait()
		var work sync.WaitGroup
		workers := aheadWorkers()
		for w := range workers {
			work.Go(func() {
				for i := w; i < len(due); i += workers {
					if worth[i] {
						a.steps[i] = r.runAhead(due[i])
					}
				}
			})
		}
		work.Wait()
	}()
	return a
}

func (r *clockRun) runAhead(t store.Timer) *aheadStep {
	a := &aheadStep{soonest: math.MaxInt64}
	defer func() { _ = recover() }() // a rule saw half of what another step wrote; in its place it will see all
	tx := r.engine.newAheadTx(r.ns)
	op := r.newOp(tx, t, &a.soonest)
	if op.fire(t) == nil && op.flush() == nil {
		a.tx = tx
	}
	return a
}
