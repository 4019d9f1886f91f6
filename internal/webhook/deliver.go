package webhook

import (
	"context"
	"errors"
	"time"

	"sharesmart/internal/resource"
)

const (
	// batch is how many outcomes are written in one transaction, and batchBeside how many while requests are at work, which
	// wait for it.
	batch       = 128
	batchBeside = 32
	// gather is how long fewer wait for others then: each commit is one that requests wait for as well. Nobody waits for what
	// is gathered; a crash that comes first sends it again.
	gather = 100 * time.Millisecond
	// idleFor is how long a queue is kept in which nothing is pending.
	idleFor = 10 * time.Second
	// backlog is how many outcomes may wait to be written before no more is sent.
	backlog = 2048
	// most is how many deliveries of an endpoint are kept in memory. Others are read when few are left.
	most = 50_000
	few  = most / 4
)

// queue has what is pending in an account. One job at a time works on it; between its runs it stays in memory.
type queue struct {
	*Sender
	engine *resource.Engine
	ns     namespace
	watch  *resource.Watch // of deliveries, and events that owe such
	owed   debts
	items  map[string]*item
	lines  map[string]*line // by the endpoint's id
	known  []*endpoint      // what the lines go by
	more   bool             // there may be others, of any endpoint, also of one that is gone
	own    map[string]int   // writes of our own that the watch will tell
	ended  time.Time        // when the last run did; zero while one goes on
	gone   bool             // some items are past their retention
	beside time.Time        // when requests were at work last

	sending  int
	attempts chan attempting
	arrived  chan *outcome
	outcomes []*outcome
	gathered <-chan time.Time // receives when outcomes have waited for others long enough; nil while none wait
	ripe     bool             // they have
	lull     <-chan time.Time // receives when nothing was to be done for long enough; nil while there is something
	waited   bool             // it was
	writing  int              // how many outcomes are being written
	written  chan written
}

// written is what came of writing outcomes.
type written struct {
	batch []*outcome
	after int64 // see resource.Op.Owe
	err   error
}

// deliver is the job of an account: it sends what is pending, until nothing is due.
func (s *Sender) deliver(ctx context.Context, e *resource.Engine, ns namespace, _ string) error {
	q := s.queueOf(e, ns)
	err := q.run(ctx)
	s.keep(q, err)
	return err
}

// queueOf is the queue that the last run left, or a new one.
func (s *Sender) queueOf(e *resource.Engine, ns namespace) *queue {
	s.mu.Lock()
	defer s.mu.Unlock()
	if q := s.queues[ns]; q != nil {
		q.ended = time.Time{}
		return q
	}
	now := s.Clock.Now()
	for other, q := range s.queues { // what was reset or restored has another namespace, and no job any more
		if !e.Stands(other) || q.idle(now) {
			s.drop(q)
		}
	}
	s.known.Delete(ns) // the last queue may have changed what deliveries made of the endpoints
	q := &queue{Sender: s, engine: e, ns: ns, watch: e.WatchOwed(kindDelivery, ns), more: true,
		owed: debts{items: map[string]*item{}}, items: map[string]*item{}, lines: map[string]*line{}, own: map[string]int{}}
	s.queues[ns] = q
	return q
}

// keep keeps a queue for the next run if something is pending, or nobody else writes what it would have to read; else, and
// after a failure, that begins anew.
func (s *Sender) keep(q *queue, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if errors.Is(err, resource.ErrSet) && (len(q.items) > 0 || s.alone) {
		q.ended = s.Clock.Now()
		return
	}
	s.drop(q)
}

// idle reports whether nothing was pending for some time. Each queue looks at all that is committed.
func (q *queue) idle(now time.Time) bool {
	return !q.ended.IsZero() && len(q.items) == 0 && now.Sub(q.ended) > idleFor
}

func (s *Sender) drop(q *queue) {
	delete(s.queues, q.ns)
	s.behind.Delete(q.ns)
	q.watch.Close()
}

// run sends until nothing is due, and says when something will be.
func (q *queue) run(ctx context.Context) error {
	q.arrived, q.written = make(chan *outcome, 256), make(chan written, 1)
	q.lull, q.waited = nil, false
	q.attempts = make(chan attempting)
	defer close(q.attempts)
	tick := time.NewTicker(time.Second) // what is due later is looked for that often
	defer tick.Stop()
	if err := q.catchUp(ctx); err != nil {
		return err
	}
	if q.more {
		if err := q.settleAll(ctx); err != nil {
			return err
		}
	}
	for {
		err := q.takeIn(ctx)
		if err != nil {
			return q.finish(err)
		}
		q.send(ctx)
		q.write(ctx)
		if q.sending+q.writing+q.unwritten() > 0 {
			q.lull, q.waited = nil, false
		} else if !q.lingers() {
			if q.age(0) {
				continue
			}
			if over, err := q.rest(ctx); over || err != nil {
				return err
			}
			continue
		}
		select {
		case <-ctx.Done():
			return q.finish(ctx.Err())
		case <-q.watch.Signal():
		case <-tick.C:
			q.age(q.owedFor())
		case <-q.gathered:
			q.ripe = true
		case <-q.lull:
			q.waited = true
		case o := <-q.arrived:
			q.arrive(o)
		case w := <-q.written:
			if err := q.wrote(w); err != nil {
				return q.finish(err)
			}
		}
	}
}

// lingers reports whether a run waits for more before it ends, as requests are at work: to end and begin again costs as much
// as many deliveries.
func (q *queue) lingers() bool {
	if !q.isBeside() || q.waited {
		return false
	}
	if q.lull == nil {
		q.lull = time.After(gather)
	}
	return true
}

// finish waits for what is on its way, writes what came of it and what is owed, and ends a run with an error.
func (q *queue) finish(err error) error {
	q.beside = time.Time{}
	q.age(0)
	for q.sending+q.writing+q.unwritten() > 0 {
		q.write(context.Background())
		select {
		case o := <-q.arrived:
			q.arrive(o)
		case w := <-q.written:
			if failed := q.wrote(w); failed != nil {
				q.outcomes, q.owed.making = nil, nil
				err = errors.Join(err, failed)
			}
		}
	}
	return err
}

// rest ends the run if nothing is pending that it does not know of, and says when something is due.
func (q *queue) rest(ctx context.Context) (over bool, err error) {
	now := q.Clock.Now()
	var at time.Time
	for _, l := range q.lines {
		if due := l.nextDue(now); !due.IsZero() && (at.IsZero() || due.Before(at)) {
			at = due
		}
	}
	if !at.IsZero() && at.Truncate(time.Second).Before(at) { // timers know seconds
		at = at.Truncate(time.Second).Add(time.Second)
	}
	unknown, behind := false, false
	_, err = q.engine.Call(context.WithoutCancel(ctx), q.ns, func(op *resource.Op) error {
		if behind = q.watch.Behind(); behind {
			return op.SetJob(jobDeliver, op.WallNow())
		}
		if err := q.closeBooks(op); err != nil {
			return err
		}
		if len(q.items) == 0 {
			found, err := op.Oldest(kindDelivery, resource.Selection{Field: "status", Values: []string{pending}, Limit: 1})
			if err != nil {
				return err
			}
			if unknown = len(found) > 0; unknown {
				return op.SetJob(jobDeliver, op.WallNow())
			}
		}
		return op.SetJob(jobDeliver, at)
	})
	if err != nil {
		return true, err
	}
	before := len(q.items)
	if err := q.takeIn(ctx); err != nil { // all that was committed before is told by now
		return true, err
	}
	if !unknown && !behind && len(q.items) == before && !q.due() {
		return true, resource.ErrSet
	}
	if unknown && len(q.items) == 0 {
		q.more = true
	}
	return false, ctx.Err()
}

// due reports whether something can be sent now.
func (q *queue) due() bool {
	now := q.Clock.Now()
	for _, l := range q.lines {
		if due := l.nextDue(now); !due.IsZero() && !due.After(now) {
			return true
		}
	}
	return false
}
