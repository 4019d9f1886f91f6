package webhook

import (
	"context"
	"slices"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What becomes of a delivery, beside pending.
const (
	delivered = "delivered"
	failed    = "failed"
	canceled  = "canceled"
)

const (
	triggerAutomatic = "automatic"
	triggerManual    = "manual"
	triggerChaos     = "chaos"
)

// Fields of an endpoint's private part.
const (
	failingSince = "failing_since"
	warnedAt     = "warned_at"
	disabledFor  = "disabled_for" // "gone" or "failing"
)

const (
	// warnAfter is how long an endpoint fails before its owner is told, and disableAfter before nothing is sent any more.
	warnAfter    = 3 * 24 * time.Hour
	disableAfter = 7 * 24 * time.Hour
	// keptAttempts is how many attempts a delivery tells of.
	keptAttempts = 40
)

// outcome is what came of sending a delivery.
type outcome struct {
	line     *line
	lane     *lane
	item     *item
	endpoint *endpoint

	attempts []attempt
	sequence int64
	status   string // pending if it is tried again
	next     time.Time
	cut      bool   // nothing came of it, as the server stops
	made     bool   // it was not sent: the delivery is to be made, as it is owed for long
	disable  string // why the endpoint gets nothing any more
	warn     bool   // the owner is to be told that it fails
}

// judge works out what follows from the attempts.
func (o *outcome) judge(now time.Time, live bool) {
	l := o.line
	if o.cut || len(o.attempts) == 0 {
		return
	}
	if o.attempts[0].succeeded() {
		o.status = delivered
		l.succeeded()
		l.letGo(o.lane)
		if l.failing != 0 {
			l.failing, l.warned, l.changed = 0, false, true
		}
		return
	}
	o.status = pending
	if o.attempts[0].trigger == triggerChaos {
		o.item.fate.dropped = false
		o.next = now.Add(dropRetry * time.Second)
		return
	}
	l.failed(now)
	o.item.attempts++
	o.blame(now)
	if o.next = scheduleOf(live).next(o.item.id, o.item.created, now, o.item.attempts); o.next.IsZero() || o.disable == "gone" {
		o.status = failed
	}
}

// blame counts a failure against the endpoint.
func (o *outcome) blame(now time.Time) {
	l := o.line
	if l.failing == 0 {
		l.failing, l.changed = now.Unix(), true
	}
	since := now.Sub(time.Unix(l.failing, 0))
	switch {
	case o.attempts[0].status == 410:
		o.disable = "gone"
	case since >= disableAfter:
		o.disable = "failing"
	case since >= warnAfter && !l.warned:
		o.warn, l.warned, l.changed = true, true, true
	}
}

// write writes outcomes, unless some are being written.
func (q *queue) write(ctx context.Context) {
	if q.writing > 0 || len(q.outcomes) == 0 || q.gathers() {
		return
	}
	q.gathered, q.ripe = nil, false
	n := min(len(q.outcomes), batch)
	if q.isBeside() {
		n = min(n, batchBeside)
	}
	b := q.outcomes[:n:n]
	q.outcomes = append([]*outcome(nil), q.outcomes[n:]...)
	q.writing = n
	standings := map[string]standing{}
	for _, o := range b {
		if o.made {
			continue
		}
		q.own[o.item.id]++
		if l := o.line; l.endpoint != nil && (l.changed || l.endpoint.chaos != nil) {
			standings[o.item.endpoint], l.changed = l.standing, false
		}
	}
	paid, after := q.bounds()
	go func() {
		_, err := q.engine.Call(context.WithoutCancel(ctx), q.ns, func(op *resource.Op) error {
			if err := q.record(op, b); err != nil {
				return err
			}
			if after != 0 {
				if err := op.Owe(kindDelivery, paid, after); err != nil {
					return err
				}
			}
			return q.rate(op, b, standings)
		})
		q.written <- written{b, after, err}
	}()
}

// isBeside reports whether requests come. Between two of them there are moments at which none is at work.
func (q *queue) isBeside() bool { return q.Clock.Now().Sub(q.beside) < gather }

// gathers reports whether outcomes are to wait for others. One that another delivery waits for does not.
func (q *queue) gathers() bool {
	if !q.isBeside() || q.ripe || len(q.outcomes) >= batchBeside || slices.ContainsFunc(q.outcomes, (*outcome).awaited) {
		return false
	}
	if q.gathered == nil {
		q.gathered = time.After(gather)
	}
	return true
}

// awaited reports whether the next delivery of the same object can go once this is on disk.
func (o *outcome) awaited() bool { return o.status != pending && len(o.lane.items) > 1 }

// wrote lets the next delivery of each object go.
func (q *queue) wrote(w written) error {
	q.writing = 0
	if w.err != nil {
		return w.err
	}
	now := q.Clock.Now().Unix()
	q.owed.next = max(q.owed.next, w.after)
	for _, o := range w.batch {
		q.paid(o)
		if o.made {
			continue
		}
		done := o.status != pending
		if done {
			delete(q.items, o.item.id)
			o.line.size--
		} else {
			o.item.due, o.item.manual = o.next.Unix(), false
		}
		o.line.settle(o.lane, o.item, done, now)
	}
	return nil
}

// record writes what came of deliveries.
func (q *queue) record(op *resource.Op, b []*outcome) error {
	for _, o := range b {
		d, err := op.Find(kindDelivery, o.item.id)
		if d == nil && err == nil && o.item.kind != "" {
			d, err = o.item.make(op)
		}
		if err != nil {
			return err
		}
		if d == nil || o.made || o.status == canceled && d.String("status") != pending {
			continue // it went with its sandbox, or a snapshot was restored, or it arrived before its endpoint went
		}
		made := d.Array("attempts")
		for i := range o.attempts {
			made = append(made, o.attempts[i].object())
		}
		d.Set("attempts", made[max(0, len(made)-keptAttempts):])
		if o.sequence != 0 {
			d.Set("sequence", o.sequence)
		}
		d.Set("status", o.status)
		d.Set("next_attempt_at", nil)
		if o.status == pending {
			d.Set("next_attempt_at", o.next.Unix())
		}
		op.Save(d)
	}
	return nil
}

// Warning is what the owner of an endpoint is told.
type Warning struct {
	Endpoint string // its id
	URL      string
	Since    time.Time // of the first failure since the last success
	Disabled bool
	Reason   string // what came of the last attempt
}

// rate writes what deliveries say of their endpoints.
func (q *queue) rate(op *resource.Op, b []*outcome, standings map[string]standing) error {
	for id, s := range standings {
		o, private, err := find(op, id)
		if o == nil || err != nil {
			return err
		}
		s.write(private, op.WallNow())
		if err := op.SetPrivate(o, private); err != nil {
			return err
		}
	}
	for _, o := range b {
		if o.disable == "" && !o.warn {
			continue
		}
		if err := q.warnOrDisable(op, o); err != nil {
			return err
		}
	}
	return nil
}

func (s standing) write(private *object.Object, now time.Time) {
	private.Delete(failingSince)
	if s.failing != 0 {
		private.Set(failingSince, s.failing)
	}
	if s.drawn != 0 {
		private.Set("drawn", s.drawn)
	}
	switch {
	case !s.warned:
		private.Delete(warnedAt)
	case !private.Has(warnedAt):
		private.Set(warnedAt, now.Unix())
	}
}

// warnOrDisable tells the owner, and disables the endpoint if it is time.
func (q *queue) warnOrDisable(op *resource.Op, o *outcome) error {
	e, private, err := find(op, o.item.endpoint)
	if e == nil || err != nil || e.String("status") == "disabled" {
		return err
	}
	if o.disable != "" {
		e.Set("status", "disabled")
		if e.String("object") == kindDestination {
			e.Set("status_details", object.Of("disabled", object.Of("reason", "user"))) // Stripe knows no better one
		}
		private.Set(disabledFor, o.disable)
		op.Save(e)
		if err := op.SetPrivate(e, private); err != nil {
			return err
		}
	}
	last := o.attempts[0]
	q.Log.Warn("a webhook endpoint fails", "endpoint", e.ID(), "disabled", o.disable != "", "error", last.err)
	if q.Warn == nil {
		return nil
	}
	return q.Warn(op, Warning{
		Endpoint: e.ID(), URL: o.endpoint.url, Since: time.Unix(private.Int(failingSince), 0), Disabled: o.disable != "", Reason: last.err,
	})
}

// find loads an endpoint with its private part; nil if it is gone.
func find(op *resource.Op, id string) (o, private *object.Object, err error) {
	for _, kind := range []string{kindEndpoint, kindDestination} {
		if o, err = op.Find(kind, id); o != nil || err != nil {
			break
		}
	}
	if o == nil || err != nil {
		return nil, nil, err
	}
	private, err = op.Private(o)
	return o, private, err
}
