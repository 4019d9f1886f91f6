package resource

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// Retention is how long old versions of objects, saved answers and the request log are kept: as long as Stripe keeps
// events, which point at versions.
const Retention = 30 * 24 * time.Hour

const (
	// timerTick is how often the store is asked for due work.
	timerTick = time.Second
	// timerBatch is how much of it is taken at once.
	timerBatch = 100
	// timerWorkers is how many timers of a kind run at once when there are more than that.
	timerWorkers = 16
	// timerGroup is how many of them share a transaction then.
	timerGroup = 8
	// timerGroupAhead is how many share one where they are run ahead of the writer. They change alike what else would be
	// changed under their feet, such as the books, so there is one such group at a time.
	timerGroupAhead = 32
	// timerRetry is when a timer that failed is tried again.
	timerRetry = 5 * time.Minute
	pruneTick  = time.Hour
)

// RunTimers runs what is due every second and forgets what is old every hour, until ctx ends. What goes wrong is
// reported, and does not stop it.
func (e *Engine) RunTimers(ctx context.Context, report func(error)) {
	tick, prune := time.NewTicker(timerTick), time.NewTicker(pruneTick)
	defer tick.Stop()
	defer prune.Stop()
	var jobs sync.WaitGroup
	var forgetting sync.Mutex
	defer jobs.Wait()
	check := func(err error) {
		if err != nil && ctx.Err() == nil && !errors.Is(err, store.ErrClosed) && !isKept(err) {
			report(err)
		}
	}
	due := func(found []store.Timer, err error) {
		for _, t := range found {
			if !e.jobs.runs(t) {
				jobs.Go(func() { check(e.runJob(ctx, t)) })
			}
		}
		check(err)
	}
	due(e.interruptedJobs())
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			due(e.runDue(ctx))
		case <-e.jobs.soon:
			due(e.runDue(ctx))
		case <-prune.C:
			jobs.Go(func() {
				if forgetting.TryLock() {
					defer forgetting.Unlock()
					check(e.Forget(ctx))
				}
			})
		}
	}
}

// RunDue runs every timer that is due, in order of time, each in its own transaction. Where many of a kind are due, such
// as the settlements of charges, they share commits and their order is not kept. One that fails is put off and tried
// again later, so that it holds up no other. Jobs are over when it returns.
func (e *Engine) RunDue(ctx context.Context) error {
	for {
		jobs, err := e.runDue(ctx)
		for _, t := range jobs {
			if failed := e.runJob(ctx, t); !isKept(failed) { // a decline is written down
				err = errors.Join(err, failed)
			}
		}
		if len(jobs) == 0 || err != nil {
			return err
		}
	}
}

// runDue runs what is due and returns the jobs among it.
func (e *Engine) runDue(ctx context.Context) (jobs []store.Timer, err error) {
	e.due.Lock()
	defer e.due.Unlock()
	ctx, release, ok, err := e.hold(ctx, roleDue)
	if err != nil {
		return nil, err
	}
	if !ok { // another process is at it, and may have looked just before what this one is to run was set
		time.AfterFunc(rolePause, e.runSoon)
		return nil, nil
	}
	defer release()
	return e.runAllDue(ctx)
}

// runAllDue runs what is due, for who has the role to do so.
func (e *Engine) runAllDue(ctx context.Context) (jobs []store.Timer, err error) {
	var failed []error
	for {
		due, err := e.store.Due(store.TimerQuery{Until: e.clock.Now().Unix(), Limit: timerBatch})
		if err != nil || len(due) == 0 {
			return jobs, errors.Join(append(failed, err)...)
		}
		for len(due) > 0 {
			n := 1
			for n < len(due) && due[n].Kind == due[0].Kind {
				n++
			}
			errs := e.fireKind(ctx, due[:n], &jobs)
			failed = append(failed, errs...)
			if i := slices.IndexFunc(errs, func(err error) bool { return errors.Is(err, errStuck) }); i >= 0 {
				return jobs, errors.Join(failed...)
			}
			if due = due[n:]; len(due) > 0 && !e.comesNext(due[0]) {
				break // what ran asked for something sooner
			}
		}
	}
}

// comesNext reports whether a timer is still the first of those that are due.
func (e *Engine) comesNext(t store.Timer) bool {
	due, err := e.store.Due(store.TimerQuery{Until: e.clock.Now().Unix(), Limit: 1})
	return err == nil && len(due) > 0 && due[0] == t
}

// fireKind runs timers of one kind, or adds them to the jobs that are to be run.
func (e *Engine) fireKind(ctx context.Context, due []store.Timer, jobs *[]store.Timer) []error {
	if e.jobOf(due[0].Kind) == nil {
		return e.fireAll(ctx, due)
	}
	for _, t := range due {
		if err := e.putOff(ctx, t, jobLease); err != nil { // until it runs, it must not be found again
			return []error{errors.Join(errStuck, err)}
		}
		*jobs = append(*jobs, t)
	}
	return nil
}

// fireAll runs timers of one kind: a few one after the other, many side by side. Those of one account that are due at
// the same moment share a transaction, and with it what they change alike, such as the books.
func (e *Engine) fireAll(ctx context.Context, due []store.Timer) []error {
	size, workers, ahead := e.share(due)
	groups := groupsOf(due, size)
	workers = min(workers, len(groups))
	errs := make([][]error, workers)
	var work sync.WaitGroup
	for w := range workers {
		work.Go(func() {
			for i := w; i < len(groups); i += workers {
				errs[w] = append(errs[w], e.fireGroup(ctx, groups[i], ahead)...)
			}
		})
	}
	work.Wait()
	return slices.Concat(errs...)
}

// share is how many timers of a kind share a transaction, how many transactions there are at once, and whether they are
// run ahead of the writer. A few timers have each its own, one after the other. So have those of a listener, side by side.
func (e *Engine) share(due []store.Timer) (size, workers int, ahead bool) {
	rule := e.timers[due[0].Kind]
	switch {
	case len(due) <= timerWorkers:
		return 1, 1, false
	case rule.listener != nil:
		return 1, timerWorkers, false
	case rule.luck != nil && rule.luck.worth():
		return timerGroupAhead, 1, true
	}
	return timerGroup, timerWorkers, false
}

// groupsOf cuts timers of a kind into groups that can share a transaction.
func groupsOf(due []store.Timer, size int) [][]store.Timer {
	var groups [][]store.Timer
	for len(due) > 0 {
		n := 1
		for n < len(due) && n < size && due[n].NS == due[0].NS && due[n].Due == due[0].Due {
			n++
		}
		groups, due = append(groups, due[:n]), due[n:]
	}
	return groups
}

// fireGroup runs timers together, and each by itself if one of them fails.
func (e *Engine) fireGroup(ctx context.Context, group []store.Timer, ahead bool) (errs []error) {
	if len(group) > 1 && e.fire(ctx, ahead, group...) == nil {
		return nil
	}
	for _, t := range group {
		if err := e.fireOrPutOff(ctx, t); err != nil {
			errs = append(errs, fmt.Errorf("timer %s of %s: %w", t.Kind, t.ID, err))
		}
	}
	return errs
}

// errStuck says that a timer failed and could not even be put off.
var errStuck = errors.New("it could not be put off")

// fireOrPutOff runs a timer. What it wrote is gone if it fails.
func (e *Engine) fireOrPutOff(ctx context.Context, t store.Timer) error {
	failed := e.fire(ctx, false, t)
	if failed == nil {
		return nil
	}
	t.Due = e.clock.Now().Add(timerRetry).Unix()
	if err := e.store.Update(ctx, func(tx store.Tx) error { return tx.SetTimer(t) }); err != nil {
		return errors.Join(failed, errStuck, err)
	}
	return failed
}

// fire runs timers of one kind, account and time in one transaction. They are removed in it, so that each runs once.
func (e *Engine) fire(ctx context.Context, early bool, group ...store.Timer) error {
	t := group[0]
	if t.NS == store.Control && t.Kind == access.SandboxTimer {
		return e.registry.ExpireSandbox(ctx, t.ID)
	}
	ns, err := e.registry.ByNS(t.NS)
	if err != nil && !isMissing(err) {
		return err
	}
	var grant *access.Grant
	if ns != nil {
		if grant, err = e.selfGrant(ns); err != nil {
			return err
		}
	}
	if ns != nil && e.timers[t.Kind].listener != nil {
		return e.hear(ctx, ns, grant, t)
	}
	var ahead *aheadTx
	if early && ns != nil {
		ahead = e.fireAhead(ns, grant, group)
	}
	return e.commit(e.planTimers(ctx, group, ahead), func(tx store.Tx) error {
		standing, err := e.standing(tx, group)
		if err != nil || len(standing) == 0 {
			return err
		}
		if ahead != nil && len(standing) == len(group) {
			held := ahead.holds(e.journal, tx)
			e.timers[t.Kind].luck.learnAll(held, len(group))
			if held {
				e.wishes.Add(ahead.wishes)
				return ahead.apply(tx)
			}
		}
		return e.fireOn(tx, ns, grant, standing)
	})
}

// standing are those of timers that no other process ran meanwhile.
func (e *Engine) standing(tx store.Tx, group []store.Timer) ([]store.Timer, error) {
	out := make([]store.Timer, 0, len(group))
	for _, t := range group {
		ok, err := e.stands(tx, t)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, t)
		}
	}
	return out, nil
}

// fireAhead runs timers beside the writer; nil means that they must be run in their place.
func (e *Engine) fireAhead(ns namespace, grant *access.Grant, group []store.Timer) (tx *aheadTx) {
	defer func() { // as for steps of clocks
		if recover() != nil {
			tx = nil
		}
	}()
	tx = e.newAheadTx(ns)
	err := e.fireOn(tx, ns, grant, group)
	if errors.Is(err, errAttached) {
		e.timers[group[0].Kind].luck.learn(false)
	}
	if err != nil {
		return nil
	}
	return tx
}

func (e *Engine) fireOn(tx store.Tx, ns namespace, grant *access.Grant, group []store.Timer) error {
	op := &Op{work: &work{}, engine: e, tx: tx, ns: ns, grant: grant, now: time.Unix(group[0].Due, 0)}
	for _, t := range group {
		if err := op.fire(t); err != nil {
			return err
		}
	}
	return op.flush()
}

// fire removes a timer and runs its rule.
func (op *Op) fire(t store.Timer) error {
	done := t
	done.Due = 0
	if err := op.tx.SetTimer(done); err != nil || op.ns == nil {
		return err
	}
	return op.ring(t)
}

// ring runs the rule of a timer on the object that it was set for, if that is still there.
func (op *Op) ring(t store.Timer) error {
	rule, known := op.engine.timers[t.Kind]
	if !known {
		return nil
	}
	k := op.engine.kind(rule.object)
	r, err := op.recordAt(k, t.ID)
	if r == nil || err != nil {
		return err
	}
	one := op.nested(object.New(nil))
	one.Object = r.object
	if t.Clock == "" && k.toClock != offClock {
		if err := one.KeepTimeOf(r.object); err != nil {
			return err
		}
		if one.clockMoves { // it was due when the clock still stood
			return one.SetTimer(t.Kind, r.object, one.now)
		}
	}
	if err := rule.hook(one); !isKept(err) {
		return translate(err, one)
	}
	return nil // a decline, say, which the rule has written down
}
