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
	// Record stands in the place of both for who is told of very many events: in the event's own transaction it makes
	// objects of the rules' kind, one for each who is to be told, with the event's id in their field "event", who that is in
	// the field that Who names, and Pending as their "status" until that was done, Failed if it was given up. Each must be
	// placed at the event's time (Op.PlaceAt). All else is up to the listener. At most one of an engine's listeners has it.
	Record               func(op *Op, a Announcement) (Recorded, error)
	Who, Pending, Failed string
	// Settle makes the records that events of a namespace owe (owed.go), before somebody reads records.
	Settle func(ctx context.Context, e *Engine, ns *access.Namespace) error
}

// Recorded is who is to be told of an event.
type Recorded struct {
	Made int      // records
	Owed []string // values of Who for which a record is made later
}

func (r Recorded) pending() int { return r.Made + len(r.Owed) }

// Announcement is an event that is about to be committed.
type Announcement struct {
	ID        string // of the event
	Namespace *access.Namespace
	Account   string // whose event it is: a connected account's own object lives with its platform
	// Platform is the namespace of the account that this one is connected to; nil if it is not.
	Platform *access.Namespace
	Type     string
	Object   *object.Object
	Document string         // under which Object is kept; most often its id. Empty for what is no event of version 1
	Previous *object.Object // previous_attributes; nil if there are none
	Listed   int64          // the time that lists of events go by, unix seconds
}

// listener is one with the timer by which it hears.
type listener struct {
	*Listener
	timer, kind string
}

// tell sets the timers of those who want an event, or has them record it.
func (op *Op) tell(a Announcement) (recorded Recorded, err error) {
	for _, l := range op.engine.listeners {
		if l.Record != nil {
			if recorded, err = l.Record(op, a); err != nil {
				return recorded, err
			}
			continue
		}
		if !l.Wants(a) {
			continue
		}
		t := store.Timer{NS: op.ns.NS, Kind: l.timer, ID: a.ID, Due: op.engine.clock.Now().Unix()}
		if err := op.tx.SetTimer(t); err != nil {
			return recorded, err
		}
		op.wish()
	}
	return recorded, nil
}

// Announce tells the listeners of an object that stands for an event and is none of version 1: its id and its type are the
// event's.
func (op *Op) Announce(o *object.Object) error {
	a := Announcement{ID: o.ID(), Namespace: op.ns, Account: op.ns.Account, Type: o.String("type"), Object: o, Listed: op.happened()}
	if err := op.platformOf(&a); err != nil {
		return err
	}
	_, err := op.tell(a)
	return err
}

func (op *Op) platformOf(a *Announcement) (err error) {
	if op.ns.Platform != "" {
		a.Platform, err = op.engine.registry.Known(op.ns.Platform, op.ns.Env)
	}
	return err
}

// pending counts who was to be told of an event that was recorded, and was not. Those of a connected account's events may
// be with its platform.
func (e *Engine) pending(r store.Reader, number store.NS, event string, owed []string) (n int, err error) {
	if n, err = e.unpaid(r, number, event, owed); err != nil {
		return 0, err
	}
	ns, err := e.registry.ByNS(number)
	if err != nil {
		return 0, err
	}
	places := []namespace{ns}
	if ns.Platform != "" {
		platform, err := e.registry.Known(ns.Platform, ns.Env)
		if err != nil {
			return 0, err
		}
		places = append(places, platform)
	}
	for _, l := range e.listeners {
		for _, place := range places {
			if l.Record == nil {
				continue
			}
			page, err := r.List(store.Query{NS: place.NS, Kind: l.kind, Limit: maxLookup, Where: []store.Cond{
				{Field: "event", Values: []string{event}}, {Field: "status", Values: []string{l.Pending}}}})
			if err != nil {
				return 0, err
			}
			n += len(page.Docs)
		}
	}
	return n, nil
}

// Told is what somebody is told of, as it is sent: an event, or another object.
type Told struct {
	Body []byte // what the API answers
	Kind string
	// Sequence grows with each event of a namespace, and so with each of an object.
	Sequence int64
}

// Tell reads an event to be sent to somebody who recorded it and was not told yet, or another object of which somebody is
// told; nil if it is gone, or the version that the event announces is.
func (e *Engine) Tell(ns *access.Namespace, id string) (*Told, error) {
	d, err := e.store.Get(ns.NS, id)
	if isMissing(err) || err == nil && d.Deleted {
		return nil, nil
	}
	t := &Told{Body: d.Data, Kind: d.Kind, Sequence: d.Seq}
	if err != nil || d.Kind != eventKind {
		return t, err
	}
	if t.Body, err = e.renderEventTo(e.store, ns.NS, d, true); isMissing(err) {
		return nil, nil
	}
	return t, err
}

// hear tells a listener of an event, unless that is forgotten by now, and does what it wants.
func (e *Engine) hear(ctx context.Context, ns *access.Namespace, grant *access.Grant, t store.Timer) error {
	var do Hook
	event, err := e.eventAt(e.store, ns, t.ID)
	if err == nil && event != nil {
		do, err = e.timers[t.Kind].listener.Hear(e.Survey(ctx, ns), event)
	}
	if err != nil {
		return err
	}
	return e.commit(e.planTimers(ctx, []store.Timer{t}, nil), func(tx store.Tx) error {
		if ok, err := e.stands(tx, t); !ok {
			return err
		}
		op := &Op{work: &work{}, engine: e, tx: tx, ns: ns, grant: grant, Params: object.New(nil), now: time.Unix(t.Due, 0)}
		t.Due = 0
		if err := tx.SetTimer(t); err != nil || do == nil {
			return err
		}
		return e.run(op, do)
	})
}

// eventAt reads an event as it is committed; nil if there is none.
func (e *Engine) eventAt(from store.Reader, ns *access.Namespace, id string) (*object.Object, error) {
	d, err := from.Get(ns.NS, id)
	if isMissing(err) || err == nil && d.Deleted {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	body, err := e.renderEvent(from, ns.NS, d)
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

// Stands reports whether a namespace is still that of its account, which a reset or a restored snapshot gives another one.
func (e *Engine) Stands(ns *access.Namespace) bool {
	now, err := e.registry.Known(ns.Account, ns.Env)
	return err != nil && !isMissing(err) || now == ns
}

// PlaceOf is the namespace of an account that is connected to the one of another namespace, or that namespace itself; nil if
// there is none.
func (e *Engine) PlaceOf(ns *access.Namespace, account string) (*access.Namespace, error) {
	if account == ns.Account {
		return ns, nil
	}
	connected, err := e.registry.Known(account, ns.Env)
	if isMissing(err) || err == nil && connected.Platform != ns.Account {
		return nil, nil
	}
	return connected, err
}
