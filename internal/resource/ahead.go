package resource

import (
	"cmp"
	"errors"
	"math"
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
	store  store.Store
	ns     store.NS
	base   int64                // what the journal had when the operation began
	own    map[string]store.Doc // the newest of what was put
	puts   []store.Doc          // as they were when they were put, with the version before
	timers []store.Timer
	read   []string // documents that were looked for
	lists  []store.Query
}

// errAttached says that an operation needs a real transaction.
var errAttached = errors.New("resource: the operation does what must be done in its place")

func (e *Engine) newAheadTx(ns namespace) *aheadTx {
	return &aheadTx{store: e.store, ns: ns.NS, base: e.journal.published.Load(), own: map[string]store.Doc{}}
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
	if d, ok := t.own[id]; ok {
		return d, nil
	}
	t.read = append(t.read, id)
	return t.store.Get(ns, id)
}

// Put collects a document.
func (t *aheadTx) Put(ns store.NS, d *store.Doc) error {
	if ns != t.ns {
		return errAttached
	}
	t.puts = append(t.puts, *d)
	d.Version++ // what the store will give, if nobody comes between
	t.own[d.ID] = *d
	return nil
}

// SetTimer collects a timer.
func (t *aheadTx) SetTimer(timer store.Timer) error {
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

// List merges what is committed with what was put here. Pages beyond the first are left to the writer, if anything was
// put that could be on them.
func (t *aheadTx) List(q store.Query) (store.Page, error) {
	if q.NS != t.ns {
		return store.Page{}, errAttached
	}
	var mine []store.Doc
	touched := 0
	for _, d := range t.own {
		if d.Kind == q.Kind {
			touched++
			if answers(&d, &q) {
				mine = append(mine, d)
			}
		}
	}
	if touched > 0 && (q.After != nil || q.Before != nil) {
		return store.Page{}, errAttached
	}
	t.lists = append(t.lists, q)
	wanted := q.Limit
	q.Limit += touched
	page, err := t.store.List(q)
	for i := range page.Docs {
		if d := &page.Docs[i]; t.own[d.ID].Version == 0 {
			t.read = append(t.read, d.ID)
		}
	}
	if err != nil || touched == 0 {
		return page, err
	}
	docs := slices.DeleteFunc(slices.Clone(page.Docs), func(d store.Doc) bool { _, own := t.own[d.ID]; return own })
	docs = append(docs, mine...)
	slices.SortFunc(docs, func(a, b store.Doc) int {
		order := cmp.Or(cmp.Compare(b.Created, a.Created), cmp.Compare(t.place(&b), t.place(&a)))
		if q.Ascending {
			return -order
		}
		return order
	})
	if len(docs) > wanted {
		return store.Page{Docs: docs[:wanted], More: true}, nil
	}
	return store.Page{Docs: docs, More: page.More}, nil
}

// place is where a document stands among those of one second: new ones come after all others, in the order of their
// making.
func (t *aheadTx) place(d *store.Doc) int64 {
	if d.Seq > 0 {
		return d.Seq
	}
	return math.MaxInt64 - int64(len(t.puts)) + int64(slices.IndexFunc(t.puts, func(p store.Doc) bool { return p.ID == d.ID }))
}

// answers reports whether a document is one that a query asks for, leaving its page aside.
func answers(d *store.Doc, q *store.Query) bool {
	if d.Deleted || d.Kind != q.Kind || q.Parent != "" && d.Parent != q.Parent ||
		q.CreatedMin > 0 && d.Created < q.CreatedMin || q.CreatedMax > 0 && d.Created > q.CreatedMax {
		return false
	}
	for i := range q.Where {
		c := &q.Where[i]
		if !slices.ContainsFunc(d.Refs, func(r store.Ref) bool { return r.Field == c.Field && accepts(c, r.Value) }) {
			return false
		}
	}
	return true
}

func accepts(c *store.Cond, value string) bool {
	if c.Values != nil {
		return slices.Contains(c.Values, value)
	}
	return (c.Min == "" || value >= c.Min) && (c.Max == "" || value <= c.Max)
}

// holds reports whether what was read is still so. It is asked on the writer.
func (t *aheadTx) holds(j *journal) bool {
	return j.reaches(t.base) &&
		!slices.ContainsFunc(t.read, func(id string) bool { return j.wrote(t.ns, id, t.base) }) &&
		!slices.ContainsFunc(t.lists, func(q store.Query) bool { return j.answered(&q, t.base) })
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
	return nil
}

// luck learns whether it is worth to run operations of a kind ahead. Where it hardly ever helps, it is tried now and
// then, so that a rush to one object is not remembered for ever.
type luck struct{ score atomic.Int32 }

const (
	luckMost = 64
	luckLost = 32 // by one that was run in vain
)

func (l *luck) worth() bool {
	if l.score.Load() >= 0 {
		return true
	}
	l.score.Add(1)
	return false
}

func (l *luck) learn(held bool) {
	switch {
	case !held:
		l.score.Add(-luckLost)
	case l.score.Load() < luckMost:
		l.score.Add(1)
	}
}
