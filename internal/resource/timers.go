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
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			err = e.RunDue(ctx)
		case <-prune.C:
			err = e.store.Prune(e.clock.Now().Add(-Retention).Unix())
		}
		if err != nil && ctx.Err() == nil && !errors.Is(err, store.ErrClosed) {
			report(err)
		}
	}
}

// RunDue runs every timer that is due, in order of time, each in its own transaction. Where many of a kind are due, such
// as the settlements of charges, they share commits and their order is not kept. One that fails is put off and tried
// again later, so that it holds up no other.
func (e *Engine) RunDue(ctx context.Context) error {
	var failed []error
	for {
		due, err := e.store.Due(e.clock.Now().Unix(), timerBatch)
		if err != nil || len(due) == 0 {
			return errors.Join(append(failed, err)...)
		}
		for len(due) > 0 {
			n := 1
			for n < len(due) && due[n].Kind == due[0].Kind {
				n++
			}
			errs := e.fireAll(ctx, due[:n])
			failed = append(failed, errs...)
			if i := slices.IndexFunc(errs, func(err error) bool { return errors.Is(err, errStuck) }); i >= 0 {
				return errors.Join(failed...)
			}
			due = due[n:]
		}
	}
}

// fireAll runs timers of one kind: a few one after the other, many side by side.
func (e *Engine) fireAll(ctx context.Context, due []store.Timer) []error {
	workers := 1
	if len(due) > timerWorkers {
		workers = timerWorkers
	}
	errs := make([][]error, workers)
	var work sync.WaitGroup
	for w := range workers {
		work.Go(func() {
			for i := w; i < len(due); i += workers {
				if err := e.fireOrPutOff(ctx, due[i]); err != nil {
					errs[w] = append(errs[w], fmt.Errorf("timer %s of %s: %w", due[i].Kind, due[i].ID, err))
				}
			}
		})
	}
	work.Wait()
	return slices.Concat(errs...)
}

// errStuck says that a timer failed and could not even be put off.
var errStuck = errors.New("it could not be put off")

// fireOrPutOff runs a timer. What it wrote is gone if it fails.
func (e *Engine) fireOrPutOff(ctx context.Context, t store.Timer) error {
	failed := e.fire(ctx, t)
	if failed == nil {
		return nil
	}
	t.Due = e.clock.Now().Add(timerRetry).Unix()
	if err := e.store.Update(ctx, func(tx store.Tx) error { return tx.SetTimer(t) }); err != nil {
		return errors.Join(failed, errStuck, err)
	}
	return failed
}

// fire runs one timer. It is removed in the same transaction, so that it runs once.
func (e *Engine) fire(ctx context.Context, t store.Timer) error {
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
	return e.store.Update(ctx, func(tx store.Tx) error {
		done := t
		done.Due = 0
		if err := tx.SetTimer(done); err != nil || ns == nil {
			return err
		}
		rule, known := e.timers[t.Kind]
		if !known {
			return nil
		}
		d, err := tx.Get(t.NS, t.ID)
		if isMissing(err) || (err == nil && d.Deleted) {
			return nil
		}
		if err != nil {
			return err
		}
		k := e.kind(rule.object)
		o, err := object.Parse(d.Data, k.schema)
		if err != nil {
			return err
		}
		op := &Op{work: &work{}, engine: e, tx: tx, ns: ns, grant: grant, Object: o, Params: object.New(nil), now: time.Unix(t.Due, 0)}
		op.track(&record{kind: k, object: o, doc: d})
		if err := e.run(op, rule.hook); !isKept(err) {
			return err
		}
		return nil // a decline, say, which the rule has written down
	})
}
