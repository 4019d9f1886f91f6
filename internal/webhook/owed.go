package webhook

import (
	"context"
	"slices"
	"strings"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// Most events reach their endpoint at once, so their deliveries are not made with them: the event owes them (resource.Owed),
// and each is made together with what came of it. That is half of what a delivery costs those who cause events. What does not
// arrive at once, and what somebody asks for, is made as pending.

const (
	// owedFor is how long a delivery may be owed before it is made as pending.
	owedFor = 5 * time.Second
	// settleChunk is how many deliveries are made in one transaction for somebody who asks.
	settleChunk = 64
	// boundEvery is how often it is written down which events owe nothing any more. After a crash those that came since then
	// are looked through, which takes some ten microseconds each.
	boundEvery = time.Second
)

// mayOwe reports whether an event may owe deliveries to endpoints of its own account.
func (s *Sender) mayOwe(op *resource.Op, a resource.Announcement, foreign bool) (bool, error) {
	if !s.alone || foreign || a.Document != a.Object.ID() {
		return false, nil
	}
	return op.MayOwe(kindDelivery, a.Listed)
}

// deliveryID is the id of a delivery that an event owes: always the same one, so that it is made once. Like other ids it
// begins with the second; then come what makes the endpoint's id its own, and the event's.
func deliveryID(event, endpoint string) string {
	const second, own, body = 6, 8, 24
	e, to := event[strings.LastIndexByte(event, '_')+1:], endpoint[strings.LastIndexByte(endpoint, '_')+1:]
	if len(e) != body || len(to) != body {
		return "whd_" + e + to
	}
	return "whd_" + e[:second] + to[body-own-2:] + e[body-own:]
}

// owedItem is a delivery that an event owes.
func owedItem(w *resource.Owed, endpoint string, now time.Time) *item {
	return &item{
		id: deliveryID(w.Event, endpoint), event: w.Event, endpoint: endpoint, related: w.Subject, kind: w.Type,
		created: now, placed: w.Placed, sequence: w.Sequence,
	}
}

// make makes the delivery, as pending; nil if its event is gone.
func (it *item) make(op *resource.Op) (*object.Object, error) {
	listed, err := op.ListedAt(kindEvent, it.event)
	if listed == 0 || err != nil {
		return nil, err
	}
	op.Choose(kindDelivery, it.id)
	d, err := makeDelivery(op, object.Of("event", it.event, "related_object", it.related, "type", it.kind, "webhook_endpoint", it.endpoint), listed)
	if err == nil {
		d.Set("sequence", it.sequence)
		d.Set("created", it.created.Unix())
	}
	return d, err
}

// pay makes a delivery unless it is made.
func (it *item) pay(op *resource.Op) error {
	d, err := op.Find(kindDelivery, it.id)
	if d != nil || err != nil {
		return err
	}
	_, err = it.make(op)
	return err
}

// payFor makes what an event owes.
func payFor(op *resource.Op, event string) error {
	w, err := op.Owed(event)
	if err != nil {
		return err
	}
	for _, endpoint := range w.Who {
		if err := owedItem(&w, endpoint, op.WallNow()).pay(op); err != nil {
			return err
		}
	}
	return nil
}

// settle makes all that the events of a namespace owe.
func (s *Sender) settle(ctx context.Context, e *resource.Engine, ns namespace) error {
	var todo []*item
	now, survey := s.Clock.Now(), e.Survey(ctx, ns)
	bounds, err := survey.Owing(kindDelivery)
	if err != nil {
		return err
	}
	err = survey.Owed(kindDelivery, func(w resource.Owed) error {
		for _, endpoint := range w.Who {
			todo = append(todo, owedItem(&w, endpoint, now))
		}
		return nil
	})
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(todo, settleChunk) {
		if _, err := e.Call(ctx, ns, func(op *resource.Op) error { return payAll(op, chunk) }); err != nil {
			return err
		}
	}
	if s.alone || len(todo) == 0 {
		return nil
	}
	_, err = e.Call(ctx, ns, func(op *resource.Op) error { return op.Owe(kindDelivery, bounds.Last(), bounds.After) }) // here nothing is owed any more
	return err
}

func payAll(op *resource.Op, all []*item) error {
	for _, it := range all {
		if err := it.pay(op); err != nil {
			return err
		}
	}
	return nil
}

// debts are the deliveries that a queue knows to be owed.
type debts struct {
	items map[string]*item
	// safe is a place in lists up to which all that is owed is among them. next is what it becomes when all is taken in that
	// is committed by now.
	safe, next int64
	bound      time.Time // was written down last
	any        bool      // something was owed since it was written down that nothing is
}

// oweMore queues what an event owes.
func (q *queue) oweMore(w *resource.Owed) {
	now := q.Clock.Now()
	for _, endpoint := range w.Who {
		it := owedItem(w, endpoint, now)
		if q.items[it.id] != nil || q.owed.items[it.id] != nil {
			continue
		}
		q.owed.items[it.id], q.owed.any = it, true
		l := q.lineOf(endpoint)
		if q.more || l.full() {
			l.spill(it)
			q.outcomes = append(q.outcomes, &outcome{line: l, item: it, status: pending, made: true})
			continue
		}
		q.enqueue(l, it)
	}
}

// age makes what was owed for some time, in the order of the events. It reports whether there is any.
func (q *queue) age(by time.Duration) bool {
	until := q.Clock.Now().Add(-by)
	var old []*item
	for _, it := range q.owed.items {
		if !it.created.After(until) && !it.aged {
			it.aged = true
			old = append(old, it)
		}
	}
	slices.SortFunc(old, func(a, b *item) int { return int(a.sequence - b.sequence) })
	for _, it := range old {
		q.outcomes = append(q.outcomes, &outcome{line: q.lineOf(it.endpoint), item: it, status: pending, made: true})
	}
	return len(old) > 0
}

// settleAll makes all that is owed, so that it is read with what is pending.
func (q *queue) settleAll(ctx context.Context) error {
	o, err := q.engine.Survey(ctx, q.ns).Owing(kindDelivery)
	if err == nil {
		err = q.settle(ctx, q.engine, q.ns)
	}
	if err == nil {
		q.owed.safe, q.owed.next = o.After, o.After
	}
	return err
}

// paid forgets a debt.
func (q *queue) paid(o *outcome) {
	delete(q.owed.items, o.item.id)
	if o.made && o.item.spilled {
		o.line.unmade--
		o.line.firstUnmade = o.item.sequence + 1
		o.line.more = true
	}
}

// bounds are which events owe nothing any more, and which will owe nothing from now on; zero if that was written down just
// now.
func (q *queue) bounds() (paid, after int64) {
	now := q.Clock.Now()
	if !q.alone || now.Sub(q.owed.bound) < boundEvery {
		return 0, 0
	}
	q.owed.bound = now
	paid = q.owed.safe
	for _, it := range q.owed.items {
		paid = min(paid, it.placed-1)
	}
	return paid, now.Unix() - 1
}

// closeBooks writes down that nothing is owed, when the operation sees that nothing is and no event is that the queue does not know.
func (q *queue) closeBooks(op *resource.Op) error {
	if !q.owed.any || !q.alone || len(q.owed.items) > 0 {
		return nil
	}
	q.owed.any = false
	now := op.WallNow().Unix()
	q.owed.next = max(q.owed.next, now)
	return op.Owe(kindDelivery, now, now)
}
