package resource

import (
	"context"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// Listener is told of events once they are committed: to write to a customer, to call an endpoint. It reads and thinks
// beside the writer, and what it does of that happens in a transaction of its own, so it delays no request and fails none.
// It is told of each event that it wants until that transaction is committed, also after a crash: the wish is a timer that
// the event's transaction sets and the listener's removes. One that fails is told again later, and holds up no other
// event.
//
// A wish costs a row while it waits, and an event that nobody wants costs nothing. A cursor over all events would have no
// such row; but it reads all that it skips, and after a snapshot was restored it would find old events that are new to it,
// where timers go back with the rest.
type Listener struct {
	// Wants is asked in the transaction that writes the event, so it only looks at what it is given.
	Wants func(a Announcement) bool
	// Hear is told of the event, which has the object as it was then, and returns what it does; nil for nothing. That
	// goes by the wall clock.
	Hear func(s *Survey, event *object.Object) (Hook, error)
}

// Announcement is an event that is about to be committed.
type Announcement struct {
	Namespace *access.Namespace
	Type      string
	Object    *object.Object
	Previous  *object.Object // previous_attributes; nil if there are none
}

// listener is one with the timer by which it hears.
type listener struct {
	*Listener
	timer string
}

// tell sets the timers of those who want an event.
func (op *Op) tell(id string, a Announcement) error {
	for _, l := range op.engine.listeners {
		if !l.Wants(a) {
			continue
		}
		t := store.Timer{NS: op.ns.NS, Kind: l.timer, ID: id, Due: op.engine.clock.Now().Unix()}
		if err := op.tx.SetTimer(t); err != nil {
			return err
		}
		op.wish()
	}
	return nil
}

// hear tells a listener of an event, unless that is forgotten by now, and does what it wants.
func (e *Engine) hear(ctx context.Context, ns *access.Namespace, grant *access.Grant, t store.Timer) error {
	var do Hook
	event, err := e.eventAt(ns, t.ID)
	if err == nil && event != nil {
		do, err = e.timers[t.Kind].listener.Hear(e.Survey(ctx, ns), event)
	}
	if err != nil {
		return err
	}
	return e.commit(ctx, func(tx store.Tx) error {
		op := &Op{work: &work{}, engine: e, tx: tx, ns: ns, grant: grant, Params: object.New(nil), now: time.Unix(t.Due, 0)}
		t.Due = 0
		if err := tx.SetTimer(t); err != nil || do == nil {
			return err
		}
		return e.run(op, do)
	})
}

// eventAt reads an event as it is committed; nil if there is none.
func (e *Engine) eventAt(ns *access.Namespace, id string) (*object.Object, error) {
	d, err := e.store.Get(ns.NS, id)
	if isMissing(err) || err == nil && d.Deleted {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	body, err := e.renderEvent(e.store, ns.NS, d)
	if isMissing(err) {
		return nil, nil // the version that it announces is not kept any more
	}
	if err != nil {
		return nil, err
	}
	return object.Parse(body, e.kind(eventKind).schema)
}

// wish counts what is due at once, when it can be seen.
func (op *Op) wish() {
	if ahead, ok := op.tx.(*aheadTx); ok {
		ahead.wishes++
		return
	}
	op.engine.wishes.Add(1)
}

// commit is store.Update, after which what fn made due at once does not wait for the next tick. What was run ahead on a
// test clock does.
func (e *Engine) commit(ctx context.Context, fn func(tx store.Tx) error) error {
	before := e.wishes.Load()
	err := e.store.Update(ctx, fn)
	if err == nil && e.wishes.Load() != before {
		e.runSoon()
	}
	return err
}
