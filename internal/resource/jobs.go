package resource

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/clock"
	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// Job is the work of a timer that takes many transactions, on the object with an id. A job that was interrupted, by a
// crash too, runs again, so it must go on from what is stored.
//
// While it runs its timer is put off again and again, so that a job whose process died is taken up soon after.
type Job func(ctx context.Context, e *Engine, ns *access.Namespace, id string) error

// jobLease is how long after the death of its process a job is taken up again.
const jobLease = 15 * time.Second

// jobs are those that run in this process.
type jobs struct {
	running sync.Map // jobKey -> chan struct{}, closed at the end
	soon    chan struct{}
}

type jobKey struct {
	ns       store.NS
	kind, id string
}

// runs reports whether the job of a timer is at work in this process.
func (j *jobs) runs(t store.Timer) bool {
	_, running := j.running.Load(jobKey{t.NS, t.Kind, t.ID})
	return running
}

// jobOf is the job of a kind of timer, or nil.
func (e *Engine) jobOf(kind string) Job {
	rule := e.timers[kind]
	return rule.job
}

// runJob runs the job of a timer, or waits until the one that runs already is over.
func (e *Engine) runJob(ctx context.Context, t store.Timer) error {
	over := make(chan struct{})
	key := jobKey{t.NS, t.Kind, t.ID}
	if other, running := e.jobs.running.LoadOrStore(key, over); running {
		select {
		case <-other.(chan struct{}):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	defer close(over)
	defer e.jobs.running.Delete(key)
	ns, err := e.registry.ByNS(t.NS)
	if isMissing(err) {
		return e.putOff(ctx, t, 0)
	}
	if err != nil {
		return err
	}
	held, giveBack, err := e.await(ctx, fmt.Sprintf("job %d %s %s", t.NS, t.Kind, t.ID))
	if err != nil {
		return err
	}
	defer giveBack()
	release, err := e.lease(held, t)
	if err != nil {
		return err
	}
	ctx = held
	err = e.jobOf(t.Kind)(ctx, e, ns, t.ID)
	release()
	var again Again
	switch {
	case errors.As(err, &again):
		return again.Err
	case errors.Is(err, ErrSet):
		return nil
	case ctx.Err() != nil:
		return err // it is taken up again when the lease is over
	case isKept(err):
		return errors.Join(err, e.putOff(ctx, t, 0))
	case err != nil:
		return errors.Join(err, e.putOff(ctx, t, timerRetry))
	}
	return e.putOff(ctx, t, 0)
}

// interruptedJobs are those that a process which died was at. They need not wait for its leases to end.
func (e *Engine) interruptedJobs() (jobs []store.Timer, err error) {
	due, err := e.store.Due(store.TimerQuery{Until: e.clock.Now().Add(jobLease).Unix(), Limit: timerBatch})
	for _, t := range due {
		if e.jobOf(t.Kind) != nil {
			jobs = append(jobs, t)
		}
	}
	return jobs, err
}

// runOthers runs what is due by the wall clock while a job is at work, and leaves other jobs for the next tick. A timer
// that fails is of no concern to the job: it was put off, and is reported when it fails again.
func (e *Engine) runOthers(ctx context.Context) (err error) {
	e.due.Lock()
	held, release, err := e.await(ctx, roleDue)
	var jobs []store.Timer
	if err == nil {
		jobs, _ = e.runAllDue(held)
		release()
	}
	e.due.Unlock()
	for _, t := range jobs {
		err = errors.Join(err, e.putOff(ctx, t, timerTick))
	}
	return err
}

// lease keeps a job's timer from coming due. release ends that.
func (e *Engine) lease(ctx context.Context, t store.Timer) (release func(), err error) {
	if err := e.putOff(ctx, t, jobLease); err != nil {
		return nil, err
	}
	stop := make(chan struct{})
	var renewing sync.WaitGroup
	renewing.Go(func() {
		tick := time.NewTicker(jobLease / 3)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				if e.putOff(ctx, t, jobLease) != nil {
					return // the job will hear of it
				}
			}
		}
	})
	return func() { close(stop); renewing.Wait() }, nil
}

// putOff sets a timer for some time from now; zero removes it.
func (e *Engine) putOff(ctx context.Context, t store.Timer, by time.Duration) error {
	t.Due, t.Clock = 0, ""
	if by > 0 {
		t.Due = e.clock.Now().Add(by).Unix()
	}
	return e.store.Update(ctx, func(tx store.Tx) error { return tx.SetTimer(t) })
}

// RunNow is the asking of an operation that answers when a job of its object is over. The job's timer must have been set;
// it goes on if the caller does not wait.
func (op *Op) RunNow(kind string, o *object.Object) Asking {
	e, t := op.engine, store.Timer{NS: op.ns.NS, Kind: kind, ID: op.of(o).doc.ID}
	return func(ctx context.Context, _ clock.Clock) Hook {
		err := e.runJob(context.WithoutCancel(ctx), t)
		return func(*Op) error { return err }
	}
}

// RunSoon lets the job of a timer that was set just now not wait for the next tick.
func (op *Op) RunSoon() { op.wish() }

func (e *Engine) runSoon() {
	select {
	case e.jobs.soon <- struct{}{}:
	default:
	}
}

// SetJob asks for a job of the whole account, such as the sending of all that waits, to run at a time; the zero time
// takes that back. Such a job ends with this, in the transaction in which it saw that nothing is left to do: what is asked
// for after that runs it again. It then returns ErrSet.
func (op *Op) SetJob(kind string, at time.Time) error {
	t := store.Timer{NS: op.ns.NS, Kind: kind, ID: op.ns.Account}
	if !at.IsZero() {
		t.Due = at.Unix()
		if !op.engine.jobs.runs(t) { // else it finds by itself what there is to do, or the next tick does
			op.wish()
		}
	}
	return op.tx.SetTimer(t)
}

// Again is ErrSet of a job that did not come to its end: Err says why, and is reported.
type Again struct{ Err error }

func (a Again) Error() string { return a.Err.Error() }

// Unwrap is why.
func (a Again) Unwrap() error { return a.Err }

// ErrSet ends a job that has said itself when it runs again.
var ErrSet = errors.New("resource: the job has set its timer")
