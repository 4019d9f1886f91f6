package resource

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"sharesmart/internal/store"
)

// Steps of a test clock run one after the other on the store's writer, which also commits them. Most of them are of
// different customers and have nothing to do with each other, so the next ones are run ahead, beside the writer, on what
// is committed: the writer then only looks whether what they read is still so, and writes what they wrote. A step for
// which that is not so is run again in its place. The outcome is that of running all in their order.

// aheadTx collects what a step writes and notes what it read. It refuses what steps hardly ever do.
type aheadTx struct {
	detachedTx
	store store.Store
	ns    store.NS
	own   map[string]store.Doc // the newest of what was put
	read  map[string]int64     // the version of each document that was read; 0 where there is none
	lists []store.Query
}

func newAheadTx(s store.Store, ns store.NS) *aheadTx {
	return &aheadTx{store: s, ns: ns, own: map[string]store.Doc{}, read: map[string]int64{}}
}

// outside reports whether a transaction is not a real one: what is read and written then is this namespace alone.
func outside(tx store.Tx) bool {
	switch tx.(type) {
	case *detachedTx, *aheadTx:
		return true
	}
	return false
}

func (t *aheadTx) Get(ns store.NS, id string) (store.Doc, error) {
	if ns != t.ns {
		return store.Doc{}, errAttached
	}
	if d, ok := t.own[id]; ok {
		return d, nil
	}
	d, err := t.store.Get(ns, id)
	switch {
	case err == nil:
		t.read[id] = d.Version
	case errors.Is(err, store.ErrNotFound):
		t.read[id] = 0
	}
	return d, err
}

func (t *aheadTx) Put(ns store.NS, d *store.Doc) error {
	if ns != t.ns {
		return errAttached
	}
	t.puts = append(t.puts, *d)
	d.Version++ // what the store will give, if nobody comes between
	t.own[d.ID] = *d
	return nil
}

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
			t.read[d.ID] = d.Version
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

// holds reports whether what was read is still so. written are documents that steps wrote which could not be seen.
func (t *aheadTx) holds(tx store.Tx, written []store.Doc) (bool, error) {
	for id, version := range t.read {
		d, err := tx.Get(t.ns, id)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return false, err
		}
		if d.Version != version {
			return false, nil
		}
	}
	for i := range t.lists {
		if slices.ContainsFunc(written, func(d store.Doc) bool { return answers(&d, &t.lists[i]) }) {
			return false, nil
		}
	}
	return true, nil
}

// noteWrite counts what is written to a namespace beside the steps of its clocks. It is called on the writer.
func (e *Engine) noteWrite(ns namespace) {
	if e.hasClocks(ns) {
		e.writesOf(ns).Add(1)
	}
}

func (e *Engine) writesOf(ns namespace) *atomic.Int64 {
	n, ok := e.writes.Load(ns.NS)
	if !ok {
		n, _ = e.writes.LoadOrStore(ns.NS, new(atomic.Int64))
	}
	return n.(*atomic.Int64)
}

// ahead is a step that was run ahead.
type ahead struct {
	tx      *aheadTx // nil if it cannot be run so
	soonest int64    // the earliest time at which it set a timer on the clock
	base    int64    // what had been written by others when what it read was committed
}

// prepare runs steps ahead, beside the writer; nil stands for those of which it is not worth trying.
func (r *clockRun) prepare(due []store.Timer) <-chan []*ahead {
	out := make(chan []*ahead, 1)
	base, steps := r.seen, make([]*ahead, len(due))
	worth := make([]bool, len(due))
	for i, t := range due {
		worth[i] = base >= 0 && r.luck[t.Kind] > detachFloor
	}
	go func() {
		var work sync.WaitGroup
		for w := range aheadWorkers {
			work.Go(func() {
				for i := w; i < len(due); i += aheadWorkers {
					if worth[i] {
						steps[i] = r.runAhead(due[i], base)
					}
				}
			})
		}
		work.Wait()
		out <- steps
	}()
	return out
}

// aheadWorkers run steps ahead at once; the writer is at work beside them.
const aheadWorkers = 2

func (r *clockRun) runAhead(t store.Timer, base int64) *ahead {
	a := &ahead{soonest: math.MaxInt64, base: base}
	defer func() { _ = recover() }() // a rule saw half of what another step wrote; in its place it will see all
	tx := newAheadTx(r.engine.store, r.ns.NS)
	op := r.newOp(tx, t, &a.soonest)
	if op.fire(t) == nil && op.flush() == nil {
		a.tx = tx
	}
	return a
}

// use writes what a step that was run ahead wrote, if it still holds.
func (r *clockRun) use(tx store.Tx, kind string, a *ahead) (bool, error) {
	if a == nil {
		return false, nil
	}
	held := a.tx != nil && a.base == r.engine.writesOf(r.ns).Load()
	if held {
		var err error
		if held, err = a.tx.holds(tx, r.unseen); err != nil {
			return false, err
		}
	}
	if !held {
		r.luck[kind] -= 4
		return false, nil
	}
	r.luck[kind] = min(r.luck[kind]+1, detachCredit)
	r.soonest = min(r.soonest, a.soonest)
	return true, a.tx.apply(tx, r.ns.NS)
}

// noted is the writer's transaction, which keeps what steps write.
type noted struct {
	store.Tx
	written *[]store.Doc
}

func (n noted) Put(ns store.NS, d *store.Doc) error {
	err := n.Tx.Put(ns, d)
	*n.written = append(*n.written, *d)
	return err
}
