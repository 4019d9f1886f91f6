package postgres

import (
	"errors"
	"slices"

	"sharesmart/internal/store"
	"sharesmart/internal/store/group"
)

// A process that needs namespaces of which another one has some takes those that are free and lets the requests for the
// others wait for a later batch, so that two processes are at work on different accounts at the same time. It waits for
// somebody else only if it has nothing else to do, or if a request was passed over several times. What comes while it waits
// joins the batch: the more often a namespace goes from one process to another, the more is done each time.

// patience is how often a request is passed over before its namespaces are waited for.
const patience = 2

// begin locks the namespaces of the requests, or some of them, and fetches what the plans say. Without plans there is
// nothing to do yet. A connection that turns out to be lost costs nobody a transaction: nothing ran yet.
func (b *batch) begin(requests []*group.Request) (run, later []*group.Request, err error) {
	all := planOf(requests)
	if len(all.Spaces) == 0 {
		return requests, nil, nil
	}
	must := all.Spaces
	if len(must) > 1 {
		must = planOf(slices.DeleteFunc(slices.Clone(requests), func(r *group.Request) bool { return r.PutBacks < patience })).Spaces
	}
	if err := b.take(all, must); err != nil {
		return requests, nil, err
	}
	if run, later = b.fitting(requests); !slices.ContainsFunc(run, planned) {
		if err := b.waitFor(requests, all); err != nil {
			return requests, nil, err
		}
		run, later = b.fitting(requests)
	}
	late, others := b.fitting(b.writer.group.Late(len(requests)))
	return append(run, late...), append(later, others...), b.fetchLate(planOf(slices.Concat(run, late)))
}

// take locks some namespaces of a plan, and those of the others that are free then.
func (b *batch) take(all *store.Plan, must []store.NS) error {
	p, free := *all, slices.DeleteFunc(slices.Clone(all.Spaces), func(ns store.NS) bool { return slices.Contains(must, ns) })
	p.Spaces = must
	return b.hold(&p, free)
}

// waitFor waits for what the first request needs, after nothing was free, and then takes what is free of the rest: whoever
// had it has ended a batch by then. It lets go of what it has, so that nobody waits for this process while it waits.
func (b *batch) waitFor(requests []*group.Request, all *store.Plan) error {
	if len(b.held) > 0 {
		if _, err := b.conn().Exec(b.context, "ROLLBACK"); err != nil {
			return b.lost(err)
		}
		b.begun = false
		b.cleaned = nil
		clear(b.held)
		clear(b.docs)
		clear(b.answers)
		clear(b.timers)
	}
	first := slices.IndexFunc(requests, planned)
	return b.take(all, planOf(requests[first:first+1]).Spaces)
}

func planned(r *group.Request) bool {
	return r.Plan != nil && len(r.Plan.Spaces)+len(r.Plan.Docs)+len(r.Plan.Answers)+len(r.Plan.Timers) > 0
}

// planOf joins the plans of requests. Its spaces are all that it speaks of, in order.
func planOf(requests []*group.Request) *store.Plan {
	var all store.Plan
	for _, r := range requests {
		if r.Plan != nil {
			all.Spaces = append(all.Spaces, r.Plan.Spaces...)
			all.Docs = append(all.Docs, r.Plan.Docs...)
			all.Answers = append(all.Answers, r.Plan.Answers...)
			all.Timers = append(all.Timers, r.Plan.Timers...)
		}
	}
	for _, k := range slices.Concat(all.Docs, all.Answers) {
		all.Spaces = append(all.Spaces, k.NS)
	}
	for _, t := range all.Timers {
		all.Spaces = append(all.Spaces, t.NS)
	}
	slices.Sort(all.Spaces)
	all.Spaces = slices.Compact(all.Spaces)
	return &all
}

// fitting tells those requests apart whose namespaces are all held.
func (b *batch) fitting(requests []*group.Request) (run, later []*group.Request) {
	for _, r := range requests {
		if r.Plan == nil || b.has(r.Plan) {
			run = append(run, r)
		} else {
			later = append(later, r)
		}
	}
	return run, later
}

func (b *batch) has(p *store.Plan) bool {
	strange := func(ns store.NS) bool { return b.held[ns] == nil }
	strangeKey := func(k store.Key) bool { return strange(k.NS) }
	return !slices.ContainsFunc(p.Spaces, strange) && !slices.ContainsFunc(p.Docs, strangeKey) && !slices.ContainsFunc(p.Answers, strangeKey) &&
		!slices.ContainsFunc(p.Timers, func(t store.Timer) bool { return strange(t.NS) })
}

// fetchLate fetches what is not fetched yet.
func (b *batch) fetchLate(p *store.Plan) error {
	p.Docs = slices.DeleteFunc(p.Docs, func(k store.Key) bool { _, ok := b.docs[k]; return ok })
	p.Answers = slices.DeleteFunc(p.Answers, func(k store.Key) bool { _, ok := b.answers[k]; return ok })
	p.Timers = slices.DeleteFunc(p.Timers, func(t store.Timer) bool { _, ok := b.timers[timerKey{t.NS, t.Kind, t.ID}]; return ok })
	l := &locking{batch: b, plan: p}
	l.fetch()
	l.fetchTimers()
	if len(l.readers) == 0 {
		return nil
	}
	results := b.conn().SendBatch(b.context, &l.pipe)
	if err := errors.Join(l.read(results), results.Close()); err != nil {
		return b.lost(err)
	}
	return nil
}
