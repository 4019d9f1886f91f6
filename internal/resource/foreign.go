package resource

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/store"
)

// Several processes may have one database. Each runs operations as if it were alone: what others wrote is told to the journal
// before any transaction of this process can see it, so that what was run ahead on an older state is run again, and to those
// who watch. What only one process may do at a time, it does with a lease.

// Link tells an engine of other processes. It is there before the engine, as the store is opened with it.
type Link struct{ engine atomic.Pointer[Engine] }

// Options adds the link to what a store is opened with.
func (l *Link) Options(o store.Options) store.Options {
	o.Foreign = l.foreign
	return o
}

// To begins to tell an engine. Before that nothing must be read through it.
func (l *Link) To(e *Engine) { l.engine.Store(e) }

func (l *Link) foreign(all []store.Foreign) {
	if e := l.engine.Load(); e != nil {
		e.learn(all)
	}
}

// learn takes in what other processes wrote. It runs on the writer, between transactions, so all that the journal has is
// committed or never will be.
func (e *Engine) learn(all []store.Foreign) {
	var watched []writtenChange
	for _, f := range all {
		if f.Doc == nil {
			e.journal.noteAll(f.NS)
			e.forget(f)
			watched = append(watched, e.journal.feed.lost(f.NS, e.journal.at)...)
			continue
		}
		e.journal.note(f.NS, f.Doc)
		if f.Doc.Kind == clockKind {
			e.clocks.Store(f.NS, true)
		}
		if e.journal.feed.watches(f.Doc.Kind) {
			watched = append(watched, writtenChange{changeOf(f.NS, f.Doc, f.New), e.journal.at})
		}
		if f.NS == store.Control {
			e.registry.Learn(f.Doc)
		}
	}
	e.journal.publish(e.journal.at)
	if len(watched) > 0 {
		e.journal.feed.write(watched)
		e.journal.feed.commit(e.journal.at)
	}
}

// forget drops what is cached of a namespace.
func (e *Engine) forget(f store.Foreign) {
	e.clocks.Delete(f.NS)
	if f.NS == store.Control {
		e.registry.Learn(nil)
	}
	if f.Emptied {
		e.emptied.Store(f.NS, true)
		e.registry.Left(f.NS)
	}
}

// left refuses to write to a namespace that another process has dropped, which its account has left for another one: what is
// written there nobody would find. Sent again, the request goes where it belongs.
func (e *Engine) left(ns namespace) error {
	if e.shared == nil {
		return nil
	}
	if _, emptied := e.emptied.Load(ns.NS); emptied {
		return store.ErrBusy
	}
	return nil
}

// Alone reports whether no other process can have the database.
func (e *Engine) Alone() bool { return e.shared == nil }

// CatchUp makes sure that what was committed in a namespace before, by any process, was told to who watches it.
func (e *Engine) CatchUp(ctx context.Context, ns namespace) error {
	return e.store.Update(store.WithPlan(ctx, &store.Plan{Spaces: []store.NS{ns.NS}}), func(store.Tx) error { return nil })
}

const (
	// rolePause is how long somebody waits who wants a role that another process has, before he asks again.
	rolePause = 50 * time.Millisecond
	roleDue   = "due" // of who runs what is due
)

// hold takes a role for work that ends when the context does; ok is false if another process has it. The context ends when
// the role is lost.
func (e *Engine) hold(ctx context.Context, role string) (held context.Context, release func(), ok bool, err error) {
	if e.shared == nil {
		return ctx, func() {}, true, nil
	}
	lease, err := e.shared.Lease(ctx, role)
	if lease == nil || err != nil {
		return nil, nil, false, err
	}
	held, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-lease.Done():
			cancel()
		case <-held.Done():
		}
	}()
	return held, func() { cancel(); lease.Release() }, true, nil
}

// await is hold for who waits until he has the role.
func (e *Engine) await(ctx context.Context, role string) (held context.Context, release func(), err error) {
	for {
		held, release, ok, err := e.hold(ctx, role)
		if ok || err != nil {
			return held, release, err
		}
		select {
		case <-time.After(rolePause):
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
	}
}

// stands reports whether a timer is still set as it was found. In a process that has the database alone nobody else can have
// run it.
func (e *Engine) stands(tx store.Tx, t store.Timer) (bool, error) {
	r, ok := tx.(store.TimerReader)
	if !ok {
		return true, nil
	}
	now, err := r.Timer(t.NS, t.Kind, t.ID)
	if isMissing(err) {
		return false, nil
	}
	return now == t, err
}

// planTimers is the plan of a transaction that runs timers.
func (e *Engine) planTimers(ctx context.Context, timers []store.Timer, ahead *aheadTx) context.Context {
	if e.shared == nil {
		return ctx
	}
	p := &store.Plan{}
	if ahead != nil {
		p = ahead.plan()
	}
	p.Timers = timers
	return store.WithPlan(ctx, p)
}

// busy gives Stripe's error for what another process kept from being done in time, and says so where nobody knows whether
// something was done.
func busy(err error) error {
	switch {
	case errors.Is(err, store.ErrOutcome):
		return &apierr.Error{Status: http.StatusInternalServerError, Type: apierr.TypeAPI, Early: true,
			Message: "The database was lost while this request was written, so it is not known whether it was carried out. With an idempotency key, send it again to find out."}
	case !errors.Is(err, store.ErrBusy):
		return err
	}
	return &apierr.Error{Status: http.StatusTooManyRequests, Type: apierr.TypeInvalid, Code: "lock_timeout", Early: true, Retry: true,
		Message: "This object cannot be accessed right now because another API request or Stripe process is currently accessing it. If you see this error intermittently, retry the request."}
}
