package resource

import (
	"context"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// Listener is told of events once they are committed: to write to a customer, to call an endpoint. What it does happens in
// a transaction of its own, so it delays no request and fails none. It is told of each event that it wants exactly once as
// far as its transaction goes, also after a crash: the wish is a timer that the event's transaction sets and the
// listener's removes. One that fails is told again later, and holds up no other event.
//
// A wish costs a row while it waits, and an event that nobody wants costs nothing. A cursor over all events would have no
// such row; but it reads all that it skips, and after a snapshot was restored it would find old events that are new to it,
// where timers go back with the rest.
type Listener struct {
	// Wants is asked in the transaction that writes the event, so it only looks at what it is given.
	Wants func(a Announcement) bool
	// Hear is told of the event, which names the object as it was then. The operation goes by the wall clock.
	Hear func(op *Op, event *object.Object) error
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
		op.engine.wishes.Add(1)
	}
	return nil
}

// hear tells a listener of an event, unless it is forgotten by now.
func (op *Op) hear(l *Listener, id string) error {
	event, err := op.findEvent(op.engine.kind(eventKind), id)
	if event == nil || err != nil {
		return err
	}
	return l.Hear(op.nested(object.New(nil)), event)
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
