package resource

import (
	"context"
	"errors"
	"fmt"
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
	pruneTick    = time.Hour
)

// timerLoop runs what is due every second and forgets what is old every hour. It returns when ctx ends.
func (e *Engine) timerLoop(ctx context.Context) error {
	tick, prune := time.NewTicker(timerTick), time.NewTicker(pruneTick)
	defer tick.Stop()
	defer prune.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			err = e.RunDue(ctx)
		case <-prune.C:
			err = e.store.Prune(e.clock.Now().Add(-Retention).Unix())
		}
		if err != nil && !errors.Is(err, store.ErrClosed) {
			return err
		}
	}
}

// RunDue runs every timer that is due, in order of time, each in its own transaction. Where many of a kind are due, such
// as the settlements of charges, they share commits and their order is not kept.
func (e *Engine) RunDue(ctx context.Context) error {
	for {
		due, err := e.store.Due(e.clock.Now().Unix(), timerBatch)
		if err != nil || len(due) == 0 {
			return err
		}
		for len(due) > 0 {
			n := 1
			for n < len(due) && due[n].Kind == due[0].Kind {
				n++
			}
			if err := e.fireAll(ctx, due[:n]); err != nil {
				return err
			}
			due = due[n:]
		}
	}
}

// fireAll runs timers of one kind: a few one after the other, many side by side.
func (e *Engine) fireAll(ctx context.Context, due []store.Timer) error {
	workers := 1
	if len(due) > timerWorkers {
		workers = timerWorkers
	}
	errs := make([]error, workers)
	var work sync.WaitGroup
	for w := range workers {
		work.Go(func() {
			for i := w; i < len(due) && errs[w] == nil; i += workers {
				if err := e.fire(ctx, due[i]); err != nil {
					errs[w] = fmt.Errorf("timer %s of %s: %w", due[i].Kind, due[i].ID, err)
				}
			}
		})
	}
	work.Wait()
	return errors.Join(errs...)
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
		return e.run(op, rule.hook)
	})
}
