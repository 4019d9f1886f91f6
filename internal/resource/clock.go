package resource

import (
	"net/http"
	"slices"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

// Test clocks. A customer can be made on one, and all that is the customer's goes by it: an operation finds the clock of
// what it is about, and takes its time from there. That is worked out from the spec: some kinds say on which clock they
// are, others name an object that does, or that names one that does.
//
// What belongs to an account and to no customer, such as its balance, goes by the wall clock.

const clockKind = "test_helpers.test_clock"

// clockLink is a field that leads to a kind which is nearer to a clock.
type clockLink struct {
	field string
	kinds []*kindInfo
}

// offClock is the distance of a kind that is on no clock.
const offClock = 1 << 10

// linkClocks finds for each kind how far it is from a clock, and what leads there.
func (e *Engine) linkClocks() {
	for _, k := range e.kinds {
		k.toClock = offClock
		if k.clockField = linkField(k.schema, clockKind); k.clockField != "" {
			k.toClock = 0
		}
	}
	for distance, found := 1, true; found; distance++ {
		found = false
		for _, k := range e.kinds {
			if k.toClock != offClock || k.schema == nil {
				continue
			}
			if k.clockLinks = e.clockLinks(k, distance); len(k.clockLinks) > 0 {
				k.toClock, found = distance, true
			}
		}
	}
}

// clockLinks are the fields of a kind that lead to kinds which are nearer to a clock than it is.
func (e *Engine) clockLinks(k *kindInfo, distance int) (links []clockLink) {
	for i := range k.schema.Props {
		p := &k.schema.Props[i]
		names := []string{p.Name}
		if p.Schema().CanExpand() {
			names = names[:0]
			for _, s := range p.Schema().Expansion() {
				names = append(names, s.Name)
			}
		} else if p.Schema().Kind != spec.String {
			continue
		}
		link := clockLink{field: p.Name}
		for _, name := range names {
			if target := e.kinds[name]; target != nil && target.toClock < distance {
				link.kinds = append(link.kinds, target)
			}
		}
		if len(link.kinds) > 0 {
			links = append(links, link)
		}
	}
	slices.SortStableFunc(links, func(a, b clockLink) int { return a.kinds[0].toClock - b.kinds[0].toClock })
	return links
}

// hasClocks reports whether there ever was a test clock in the operation's namespace. It costs a map look-up, so that
// those who have none pay nothing for them.
func (e *Engine) hasClocks(ns namespace) bool {
	if ns.Live {
		return false
	}
	if known, ok := e.clocks.Load(ns.NS); ok {
		return known.(bool)
	}
	page, err := e.store.List(store.Query{NS: ns.NS, Kind: clockKind, Limit: 1})
	if err != nil {
		return true // whoever looks for one will fail in the same way
	}
	known, _ := e.clocks.LoadOrStore(ns.NS, len(page.Docs) > 0)
	return known.(bool)
}

// findClock lets a request go by the clock of what its path or its parameters name.
func (op *Op) findClock() error {
	if !op.engine.hasClocks(op.ns) {
		return nil
	}
	if id := op.Params.String("test_clock"); id != "" {
		return op.goBy(id)
	}
	if done, err := op.clockOfPath(); done || err != nil {
		return err
	}
	if err := op.clockOfParams(); op.clock != "" || err != nil {
		return err
	}
	return op.clockByRule()
}

// clockOfParams goes by the clock of the first object that a parameter names and that is on one.
func (op *Op) clockOfParams() error {
	for _, v := range op.Params.All() {
		id, _ := v.(string)
		for _, k := range op.engine.kindsOf(id) {
			if k.prefixOf(id) == "" || k.toClock == offClock {
				continue
			}
			r, err := op.record(k, id)
			if err != nil {
				return err
			}
			if r == nil {
				continue
			}
			if err := op.KeepTimeOf(r.object); op.clock != "" || err != nil {
				return err
			}
		}
	}
	return nil
}

// clockOfPath goes by the clock of what the path names, if that is on one.
func (op *Op) clockOfPath() (done bool, err error) {
	if len(op.Path) == 0 {
		return false, nil
	}
	names, id := op.Operation.Targets, belowID(op.engine.kind(op.Operation.Target), op.Path)
	if op.Operation.Parent != "" {
		names, id = []string{op.Operation.Parent}, op.Path[0]
	}
	for _, name := range names {
		r, err := op.record(op.engine.kind(name), id)
		if err != nil {
			return false, err
		}
		if r != nil && r.kind.toClock != offClock {
			return true, op.KeepTimeOf(r.object)
		}
	}
	return false, nil
}

// clockByRule asks the rule of what is made, which may know a customer that no parameter names.
func (op *Op) clockByRule() error {
	if op.Operation.Form != spec.Create {
		return nil
	}
	rules := op.engine.kind(op.Operation.Kind).rules
	if rules == nil || rules.Customer == nil {
		return nil
	}
	id, err := rules.Customer(op)
	if id == "" || err != nil {
		return err
	}
	r, err := op.record(op.engine.kind("customer"), id)
	if r == nil || err != nil {
		return err
	}
	return op.KeepTimeOf(r.object)
}

// KeepTimeOf lets the operation go by the clock of an object from now on, if that is on one. Requests do so by
// themselves, and so do timers; what pages and other work inside the server do begins with it.
func (op *Op) KeepTimeOf(o *object.Object) error {
	if !op.engine.hasClocks(op.ns) {
		return nil
	}
	id, err := op.clockOf(op.of(o).kind, o)
	if id == "" || err != nil {
		return err
	}
	return op.goBy(id)
}

// clockOf is the clock that an object is on; empty if it is on none.
func (op *Op) clockOf(k *kindInfo, o *object.Object) (string, error) {
	if k.toClock == 0 {
		return o.Ref(k.clockField), nil
	}
	for _, link := range k.clockLinks {
		id := o.Ref(link.field)
		if id == "" {
			continue
		}
		for _, target := range link.kinds {
			r, err := op.record(target, id)
			if err != nil {
				return "", err
			}
			if r != nil {
				return op.clockOf(target, r.object)
			}
		}
	}
	return "", nil
}

// goBy takes the time from a clock. While that moves on, nobody else can change what is on it.
func (op *Op) goBy(id string) error {
	r, err := op.record(op.engine.kind(clockKind), id)
	if r == nil || err != nil {
		return err
	}
	busy := r.object.String("status") == "advancing"
	if busy && op.request != nil {
		return &apierr.Error{Status: http.StatusTooManyRequests, Type: apierr.TypeInvalid, Code: "lock_timeout", Early: true, Retry: true,
			Message: "The test clock " + id + " is advancing; its objects cannot be changed until it is ready."}
	}
	op.clock, op.clockMoves, op.now = id, busy, time.Unix(r.object.Int("frozen_time"), 0).UTC()
	return nil
}

// timing says when a timer is due and by which clock. What is due at once on a clock that stands still would wait until
// it moves, so that is left to the wall clock.
func (op *Op) timing(k *kindInfo, at time.Time) (due int64, clock string) {
	switch {
	case op.clock == "" || k.toClock == offClock:
		return at.Unix(), ""
	case !op.clockMoves && !at.After(op.now):
		return op.engine.clock.Now().Unix(), ""
	}
	return at.Unix(), op.clock
}
