package webhook

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// catchUp lets go of what is past its retention, and of what another process delivered since the last run: then all that is
// pending is read again.
func (q *queue) catchUp(ctx context.Context) error {
	if q.gone {
		q.readAnew()
	}
	if q.engine.Alone() {
		return nil
	}
	if err := q.engine.CatchUp(ctx, q.ns); err != nil {
		return err
	}
	survey := q.engine.Survey(ctx, q.ns)
	changes, missed := q.watch.Take()
	for _, c := range changes {
		if c.Kind == kindEvent {
			continue // it owes nothing here
		}
		if q.own[c.ID] > 0 {
			q.own[c.ID]--
			continue
		}
		if missed = missed || q.items[c.ID] != nil; missed {
			continue
		}
		o, err := survey.Changed(kindDelivery, c)
		if err != nil {
			return err
		}
		if o.String("status") == pending {
			q.lineOf(o.String("webhook_endpoint")).more = true
		}
	}
	if missed {
		q.readAnew()
	}
	clear(q.own)
	return nil
}

// readAnew lets all that is pending be read again. Nothing may be on its way.
func (q *queue) readAnew() {
	clear(q.items)
	clear(q.lines)
	clear(q.owed.items)
	q.known, q.more, q.gone = nil, true, false
}

// takeIn queues what was committed, in the order of the commits, and learns which endpoints there are now.
func (q *queue) takeIn(ctx context.Context) error {
	survey := q.engine.Survey(context.Background(), q.ns)
	if err := q.refresh(survey); err != nil {
		return err
	}
	changes, missed := q.watch.Take()
	if missed {
		if err := q.lookAgain(ctx); err != nil {
			return err
		}
	}
	for _, c := range changes {
		if c.Kind == kindEvent {
			w := c.Owed()
			q.oweMore(&w)
			continue
		}
		if err := q.takeChange(survey, c); err != nil {
			return err
		}
	}
	q.owed.safe = q.owed.next
	q.keepUp()
	return q.readMore(survey)
}

// lookAgain lets be found what there was too much of to be told.
func (q *queue) lookAgain(ctx context.Context) error {
	clear(q.own)
	for _, e := range q.known {
		q.lineOf(e.id).more = true
	}
	return q.settleAll(ctx)
}

// takeChange takes a delivery that was written.
func (q *queue) takeChange(survey *resource.Survey, c resource.Change) error {
	if q.own[c.ID] > 0 {
		if q.own[c.ID]--; q.own[c.ID] == 0 {
			delete(q.own, c.ID)
		}
		return nil
	}
	o, err := survey.Changed(kindDelivery, c)
	switch {
	case err != nil:
		return err
	case o == nil:
		q.gone = q.gone || q.items[c.ID] != nil
	case o.String("status") == pending:
		q.offer(o)
	}
	return nil
}

// readMore queues what is pending and not in memory, oldest first, where there is room.
func (q *queue) readMore(survey *resource.Survey) error {
	if q.more {
		q.more = false
		return survey.Lookup(kindDelivery, "status", pending, func(o *object.Object) error { return q.read(survey, o) })
	}
	for id, l := range q.lines {
		if !l.more || l.size > few {
			continue
		}
		l.more = false
		err := survey.LookupAll(kindDelivery, map[string]string{"status": pending, "webhook_endpoint": id}, func(o *object.Object) error {
			if err := q.read(survey, o); err != nil || l.more {
				return cmp.Or(err, errFull)
			}
			return nil
		})
		if err != nil && !errors.Is(err, errFull) {
			return err
		}
	}
	return nil
}

// read queues a delivery that was found in the store, in the order of the events and if there is room.
func (q *queue) read(survey *resource.Survey, o *object.Object) (err error) {
	l, sequence := q.lineOf(o.String("webhook_endpoint")), o.Int("sequence")
	if sequence == 0 && q.items[o.ID()] == nil {
		if sequence, err = survey.SequenceOf(o.String("event")); err != nil {
			return err
		}
		o.Set("sequence", sequence)
	}
	if l.more = l.more || l.size >= most || l.unmade > 0 && sequence > l.firstUnmade; !l.more {
		q.add(o)
	}
	return nil
}

// errFull ends the reading of what is pending.
var errFull = errors.New("webhook: no more fits")

// offer queues a delivery if there is room, and if no older one is to be read yet. Else it is read later, in its order.
func (q *queue) offer(o *object.Object) {
	if q.more {
		return
	}
	l := q.lineOf(o.String("webhook_endpoint"))
	if l.full() && q.items[o.ID()] == nil {
		l.more = true
		return
	}
	q.add(o)
}

// lineOf is the line of an endpoint.
func (q *queue) lineOf(endpoint string) *line {
	l := q.lines[endpoint]
	if l == nil {
		l = newLine()
		q.lines[endpoint] = l
		q.equip(endpoint, l)
	}
	return l
}

func (q *queue) add(o *object.Object) {
	it := newItem(o)
	if known := q.items[it.id]; known != nil {
		if it.manual {
			q.lines[it.endpoint].hurry(known)
		}
		return
	}
	q.enqueue(q.lineOf(it.endpoint), it)
}

func (q *queue) enqueue(l *line, it *item) {
	q.items[it.id] = it
	l.size++
	l.add(it, q.Clock.Now().Unix())
}

// refresh gives the lines their endpoints as they are now.
func (q *queue) refresh(survey *resource.Survey) error {
	all, err := q.endpointsOf(survey, q.ns)
	if err != nil || q.known != nil && slices.Equal(all, q.known) {
		return err
	}
	q.known = append([]*endpoint{}, all...)
	for id, l := range q.lines {
		q.equip(id, l)
	}
	return nil
}

func (q *queue) equip(id string, l *line) {
	before := l.endpoint
	l.endpoint = nil
	for _, e := range q.known {
		if e.id == id {
			l.endpoint = e
		}
	}
	switch {
	case l.endpoint == nil:
	case before == nil || before.url != l.endpoint.url || !before.enabled: // what failed elsewhere says nothing of it
		l.succeeded()
		l.standing = l.endpoint.standing
	case l.endpoint.chaos != nil && (before.chaos == nil || *before.chaos != *l.endpoint.chaos):
		l.drawn = 0
	}
}
