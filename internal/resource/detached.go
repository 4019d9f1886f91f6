package resource

import (
	"errors"
	"slices"
	"sync/atomic"

	"sharesmart/internal/store"
)

// Operations run one after the other on the store's writer, so every microsecond there counts for all of them. A create
// that reads nothing does not need that place: it is run outside, in parallel, on a detached transaction that only
// collects what is to be written, and the writer merely applies it. An operation that turns out to need the store is
// given up and run again on the writer.

// errAttached says that an operation needs a real transaction.
var errAttached = errors.New("resource: the operation reads the store")

// detachedTx collects writes of new documents, later versions of them, and timers. It refuses everything else.
type detachedTx struct {
	puts   []store.Doc // as they were when they were put, with the version before
	timers []store.Timer
}

func (t *detachedTx) Put(_ store.NS, d *store.Doc) error {
	if d.Version > 0 && !t.made(d.ID) {
		return errAttached
	}
	t.puts = append(t.puts, *d)
	d.Version++ // what the store will give, as nobody else knows the document yet
	return nil
}

// made reports whether a document was put here before. There are few.
func (t *detachedTx) made(id string) bool {
	return slices.ContainsFunc(t.puts, func(d store.Doc) bool { return d.ID == id })
}

func (t *detachedTx) SetTimer(timer store.Timer) error {
	t.timers = append(t.timers, timer)
	return nil
}

func (t *detachedTx) Get(store.NS, string) (store.Doc, error) { return store.Doc{}, errAttached }

func (t *detachedTx) Version(store.NS, string, int64) (store.Doc, error) {
	return store.Doc{}, errAttached
}

func (t *detachedTx) List(store.Query) (store.Page, error) { return store.Page{}, errAttached }

func (t *detachedTx) Answer(store.NS, string) (store.Answer, error) {
	return store.Answer{}, errAttached
}

func (t *detachedTx) SaveAnswer(store.NS, store.Answer) error { return errAttached }

func (t *detachedTx) Copy(store.NS, store.NS, bool) error { return errAttached }

func (t *detachedTx) Drop(store.NS) error { return errAttached }

// apply writes what was collected.
func (t *detachedTx) apply(tx store.Tx, ns store.NS) error {
	for i := range t.puts {
		if err := tx.Put(ns, &t.puts[i]); err != nil {
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

// detachment learns whether it is worth to try an operation outside.
type detachment struct{ score atomic.Int32 }

const (
	detachFloor  = -32
	detachCredit = 8
)

func (d *detachment) worth() bool { return d.score.Load() > detachFloor }

func (d *detachment) learn(worked bool) {
	switch {
	case !worked:
		d.score.Add(-4)
	case d.score.Load() < detachCredit:
		d.score.Add(1)
	}
}

// runDetached runs an operation outside the writer. A nil Op means that it must be run inside.
func (e *Engine) runDetached(c *call, h handler) (*Op, *detachedTx, error) {
	if h.outside == nil || !h.outside.worth() || e.hasClocks(c.Namespace) {
		return nil, nil, nil
	}
	tx := &detachedTx{puts: make([]store.Doc, 0, 2)}
	op := e.newOp(tx, c)
	op.Params = c.in.Params.Clone() // a rule may change them, and may have to run again
	err := e.run(op, h.write)
	h.outside.learn(!errors.Is(err, errAttached))
	if errors.Is(err, errAttached) || isKept(err) {
		return nil, nil, nil
	}
	return op, tx, err
}
