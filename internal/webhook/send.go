package webhook

import (
	"context"
)

// send begins as many attempts as there is room for.
func (q *queue) send(ctx context.Context) {
	now, busy := q.Clock.Now(), q.engine.Busy()
	if busy > 0 {
		q.beside = now
	}
	crowded := crowdedBy(busy)
	for _, l := range q.lines {
		if l.endpoint == nil {
			q.cancel(l)
			continue
		}
		for len(q.outcomes)+q.sending < backlog {
			yields := crowded && l.canWait(now)
			on := l.take(now, yields)
			if on == nil {
				break
			}
			q.sending++
			it := on.head()
			if !it.manual && scheduleOf(q.ns.Live).old(it.created, now) {
				o := &outcome{line: l, lane: on, item: it, endpoint: l.endpoint, status: failed}
				go func() { q.arrived <- o }()
				continue
			}
			q.hand(ctx, attempting{&outcome{line: l, lane: on, item: it, endpoint: l.endpoint}, yields})
		}
	}
}

// attempting is a delivery that is to be sent, after a pause if it yields to requests.
type attempting struct {
	*outcome
	yields bool
}

// hand gives an attempt to a sender that has nothing to do, or to a new one. They stay to the end of the run, as each new one
// pays for the growth of its stack.
func (q *queue) hand(ctx context.Context, a attempting) {
	attempts := q.attempts
	select {
	case attempts <- a:
	default:
		go func() {
			for more := true; more; a, more = <-attempts {
				if a.yields {
					giveWay(ctx)
				}
				a.try(ctx, q)
				q.arrived <- a.outcome
			}
		}()
	}
}

// cancel gives up what was meant for an endpoint that is gone. What is on its way goes on.
func (q *queue) cancel(l *line) {
	if l.inFlight > 0 {
		return
	}
	l.ready, l.waiting, l.held = nil, nil, nil
	for _, on := range l.byObject {
		for _, it := range on.items {
			if !it.canceled {
				it.canceled = true
				q.outcomes = append(q.outcomes, &outcome{line: l, lane: on, item: it, status: canceled})
			}
		}
	}
}

// arrive takes what came of an attempt, and of all others that are over.
func (q *queue) arrive(o *outcome) {
	for {
		q.sending--
		o.line.inFlight--
		if o.judge(q.Clock.Now(), q.ns.Live); o.cut {
			o.line.settle(o.lane, o.item, false, 0)
		} else {
			q.outcomes = append(q.outcomes, o)
		}
		select {
		case o = <-q.arrived:
		default:
			return
		}
	}
}
