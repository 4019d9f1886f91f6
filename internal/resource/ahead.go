package resource

import (
	"errors"
	"slices"
	"sync/atomic"

	"sharesmart/internal/store"
)

// Operations run one after the other on the store's writer, which also commits them, so every microsecond there counts
// for all. Most of them are of different customers and have nothing to do with each other. So they are run ahead, beside
// the writer, on what is committed: the writer then only looks whether what they read is still so, and writes what they
// wrote. An operation for which that is not so is run again in its place. The outcome is that of running all in their
// order.

// aheadTx collects what an operation writes and notes what it read. It refuses what operations hardly ever do.
type aheadTx struct {
	store  store.Reader
	ns     store.NS
	base   int64       // what the journal had when the operation began
	puts   []store.Doc // as they were when they were put, with the version before
	own    map[string]ownPut
	timers []store.Timer
	wishes int64    // see Op.wish
	read   []string // documents that were looked for
	lists  []store.Query
	// changes are what is left to the writer; see Op.Tally.
	changes []*lateChange
}

// ownPut is where a document was put last, and whether the operation made it.
type ownPut struct {
	last int
	made bool
}

// errAttached says that an operation needs a real transaction.
var errAttached = errors.New("resource: the operation does what must be done in its place")

func (e *Engine) newAheadTx(ns namespace) *aheadTx {
	return &aheadTx{store: e.stale, ns: ns.NS, base: e.journal.published.Load(), own: map[string]ownPut{}}
}

// plan is what the writer will have to look at for it.
func (t *aheadTx) plan() *store.Plan {
	p := &store.Plan{Spaces: []store.NS{t.ns}}
	for id := range t.own {
		p.Docs = append(p.Docs, store.Key{NS: t.ns, ID: id})
	}
	for _, c := range t.changes {
		p.Docs = append(p.Docs, store.Key{NS: t.ns, ID: c.id})
	}
	return p
}

// put is a document as it was put.
func (t *aheadTx) put(i int) store.Doc {
	d := t.puts[i]
	d.Version++ // what the store will give, if nobody comes between
	return d
}

// outside reports whether a transaction is not a real one: what is read and written then is this namespace alone.
func outside(tx store.Tx) bool {
	_, ahead := tx.(*aheadTx)
	return ahead
}

// Get finds a document, as it was written here or as it is committed.
func (t *aheadTx) Get(ns store.NS, id string) (store.Doc, error) {
	if ns != t.ns {
		return store.Doc{}, errAttached
	}
	if own, ok := t.own[id]; ok {
		return t.put(own.last), nil
	}
	t.read = append(t.read, id)
	return t.store.Get(ns, id)
}

// Put collects a document.
func (t *aheadTx) Put(ns store.NS, d *store.Doc) error {
	if ns != t.ns {
		return errAttached
	}
	switch len(t.puts) {
	case 0:
		t.puts = make([]store.Doc, 0, fewPuts)
	case fewPuts:
		t.puts = slices.Grow(t.puts, manyPuts)
	}
	before, known := t.own[d.ID]
	t.own[d.ID] = ownPut{len(t.puts), before.made || !known && d.Version == 0}
	t.puts = append(t.puts, *d)
	d.Version++
	return nil
}

// fewPuts is the room that the first Put makes, manyPuts what is added when that is not enough.
const (
	fewPuts  = 4
	manyPuts = 28
)

// SetTimer collects a timer. What the operation made has no timers but those that are collected already.
func (t *aheadTx) SetTimer(timer store.Timer) error {
	if timer.NS == t.ns && t.own[timer.ID].made {
		t.timers = slices.DeleteFunc(t.timers, func(o store.Timer) bool { return o.NS == timer.NS && o.Kind == timer.Kind && o.ID == timer.ID })
		if timer.Due == 0 {
			return nil
		}
	}
	t.timers = append(t.timers, timer)
	return nil
}

// Version is refused.
func (t *aheadTx) Version(store.NS, string, int64) (store.Doc, error) {
	return store.Doc{}, errAttached
}

// Answer is refused.
func (t *aheadTx) Answer(store.NS, string) (store.Answer, error) { return store.Answer{}, errAttached }

// SaveAnswer is refused.
func (t *aheadTx) SaveAnswer(store.NS, store.Answer) error { return errAttached }

// Copy is refused.
func (t *aheadTx) Copy(store.NS, store.NS, bool) error { return errAttached }

// Drop is refused.
func (t *aheadTx) Drop(store.NS) error { return errAttached }

// holds reports whether what was read is still so. It is asked on the writer, in the transaction that apply is to write in.
func (t *aheadTx) holds(j *journal, now store.Reader) bool {
	return j.reaches(t.base) && !j.changedAll(t.ns, t.base) &&
		!slices.ContainsFunc(t.read, func(id string) bool { return j.wrote(t.ns, id, t.base) }) &&
		!slices.ContainsFunc(t.lists, func(q store.Query) bool { return j.answered(&q, t.base) }) &&
		!slices.ContainsFunc(t.changes, func(c *lateChange) bool { return !c.stands(t.ns, now) })
}

// apply writes what was collected.
func (t *aheadTx) apply(tx store.Tx) error {
	for i := range t.puts {
		if err := tx.Put(t.ns, &t.puts[i]); err != nil {
			return err
		}
	}
	for _, timer := range t.timers {
		if err := tx.SetTimer(timer); err != nil {
			return err
		}
	}
	for _, c := range t.changes {
		if err := c.apply(t.ns, tx); err != nil {
			return err
		}
	}
	return nil
}

// luck learns whether it is worth to run operations of a kind ahead. Where it hardly ever helps, it is tried now and
// then, so that a rush to one object is not remembered for ever.
type luck struct{ score atomic.Int32 }

const (
	luckMost  = 64
	luckLost  = 32 // by one that was run in vain
	luckLeast = -128
)

func (l *luck) worth() bool {
	if l.score.Load() >= 0 {
		return true
	}
	l.score.Add(1)
	return false
}

func (l *luck) learn(held bool) { l.learnAll(held, 1) }

// learnAll learns from n operations that held together or were run in vain together.
func (l *luck) learnAll(held bool, n int) {
	if !held {
		if l.score.Add(-luckLost) < luckLeast {
			l.score.Store(luckLeast)
		}
		return
	}
	if l.score.Add(int32(n)) > luckMost {
		l.score.Store(luckMost)
	}
}
