package resource

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// watchBacklog is how many changes a Watch keeps for somebody who is slow. Then it forgets them and says so.
const watchBacklog = 4096

// Change is a document that was written.
type Change struct {
	NS   store.NS
	Kind string
	// ID is empty if anything of the namespace may have changed, in another process and too long ago.
	ID string
	// New says that there was none before.
	New bool
	// data is what was written; nil if that is not known, or the document is gone.
	data             []byte
	placed, sequence int64 // see store.Doc: Created, Seq
}

// Watch tells what is committed of a kind, in the order of the commits, from when it was made on. It lives with this
// process and may miss things: who must not miss any goes by what is stored, and takes this as a hint to look there.
type Watch struct {
	stop   func()
	behind func() bool // something is written that is not told yet
	signal chan struct{}

	mu      sync.Mutex
	changes []Change
	missed  bool
}

// changeOf is the Change that a write makes.
func changeOf(ns store.NS, d *store.Doc, isNew bool) Change {
	c := Change{NS: ns, Kind: d.Kind, ID: d.ID, New: isNew, placed: d.Created, sequence: d.Seq}
	if !d.Deleted && !d.Erased {
		c.data = d.Data
	}
	return c
}

// Watch begins to watch a kind, in one namespace or, with nil, in all. What it does not tell of can be read when it
// returns: it waits for the transactions that were begun before it, and so must not be called from within one. It must be
// closed.
func (e *Engine) Watch(kind string, ns *access.Namespace) *Watch {
	return e.watch([]string{kind}, func(c *Change) bool { return ns == nil || c.NS == ns.NS })
}

// WatchOwed watches the records of a kind in a namespace together with the events that owe such.
func (e *Engine) WatchOwed(kind string, ns *access.Namespace) *Watch {
	return e.watch([]string{kind, eventKind}, func(c *Change) bool {
		return c.NS == ns.NS && (c.Kind == kind || c.ID == "" || owes(c.data))
	})
}

func (e *Engine) watch(kinds []string, wants func(c *Change) bool) *Watch {
	w := &Watch{signal: make(chan struct{}, 1), behind: func() bool { return e.journal.feed.holds(kinds, wants) }}
	w.stop = e.observe(kinds, func(changes []Change) {
		changes = slices.DeleteFunc(changes, func(c Change) bool { return !wants(&c) })
		if len(changes) > 0 {
			w.add(changes)
		}
	})
	_ = e.store.Update(context.Background(), func(store.Tx) error { return nil }) // if that fails, nothing is committed any more
	return w
}

// Close ends it.
func (w *Watch) Close() { w.stop() }

// Observe calls fn with what was committed of a kind, in the order of the commits and before any of it is answered: for
// what is cached. fn must be quick, and must not ask the engine for anything.
func (e *Engine) Observe(kind string, fn func([]Change)) (stop func()) {
	return e.observe([]string{kind}, fn)
}

func (e *Engine) observe(kinds []string, fn func([]Change)) (stop func()) {
	o := &observer{kinds, fn}
	e.journal.feed.change(o, true)
	return func() { e.journal.feed.change(o, false) }
}

// Signal receives when there may be changes to Take.
func (w *Watch) Signal() <-chan struct{} { return w.signal }

// Take returns the changes that there are. missed says that there were so many others before them that they are forgotten.
func (w *Watch) Take() (changes []Change, missed bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	changes, missed, w.changes, w.missed = w.changes, w.missed, nil, false
	return changes, missed
}

// Behind reports, in a transaction, whether there is something to take, or will be, that was written before it.
func (w *Watch) Behind() bool {
	if w.behind() {
		return true
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.changes) > 0 || w.missed
}

// Next waits for changes and takes them.
func (w *Watch) Next(ctx context.Context) (changes []Change, missed bool, err error) {
	for {
		if changes, missed = w.Take(); len(changes) > 0 || missed {
			return changes, missed, nil
		}
		select {
		case <-w.signal:
		case <-ctx.Done():
			return nil, false, ctx.Err()
		}
	}
}

// add keeps changes that are committed.
func (w *Watch) add(all []Change) {
	w.mu.Lock()
	if len(w.changes)+len(all) > watchBacklog || slices.ContainsFunc(all, func(c Change) bool { return c.ID == "" }) {
		w.changes, w.missed = nil, true
	} else {
		w.changes = append(w.changes, all...)
	}
	w.mu.Unlock()
	select {
	case w.signal <- struct{}{}:
	default:
	}
}

// EventOf reads the event that a Change of the kind event tells of, and whose it is; nil if it is gone already.
func (e *Engine) EventOf(c Change) (*access.Namespace, *object.Object, error) {
	ns, err := e.registry.ByNS(c.NS)
	if err != nil {
		return nil, nil, err
	}
	event, err := e.eventAt(e.store, ns, c.ID)
	return ns, event, err
}

// Changed is the object of a kind as a Change left it, without a look at the store; nil if it is gone.
func (s *Survey) Changed(kind string, c Change) (*object.Object, error) {
	if c.data == nil {
		return s.Find(kind, c.ID)
	}
	return object.Parse(c.data, s.engine.kind(kind).schema)
}

// Retell lets those who watch events hear of one again.
func (op *Op) Retell(event *object.Object) error { return op.tx.Put(op.ns.NS, &op.of(event).doc) }

// feed holds back what transactions wrote until it is committed. Nobody who watches costs a write one look.
type feed struct {
	kinds     atomic.Pointer[[]string] // what anybody observes; nil for nothing
	mu        sync.Mutex
	observers []*observer
	written   []writtenChange // not known to be committed, in the order of the writer
}

type observer struct {
	kinds []string
	fn    func([]Change)
}

type writtenChange struct {
	Change
	at int64 // the number of the write in the journal
}

func (f *feed) change(o *observer, there bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	observers := slices.DeleteFunc(slices.Clone(f.observers), func(other *observer) bool { return other == o })
	if there {
		observers = append(observers, o)
	}
	f.observers = observers
	f.kinds.Store(nil)
	if len(observers) > 0 {
		var kinds []string
		for _, other := range observers {
			kinds = append(kinds, other.kinds...)
		}
		slices.Sort(kinds)
		kinds = slices.Compact(kinds)
		f.kinds.Store(&kinds)
	}
}

// watches reports whether anybody wants to know of a kind.
func (f *feed) watches(kind string) bool {
	kinds := f.kinds.Load()
	return kinds != nil && slices.Contains(*kinds, kind)
}

// write holds back what a transaction wrote.
func (f *feed) write(changes []writtenChange) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.written = append(f.written, changes...)
}

// holds reports whether something of some kinds is held back that somebody wants.
func (f *feed) holds(kinds []string, wants func(c *Change) bool) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.ContainsFunc(f.written, func(c writtenChange) bool { return slices.Contains(kinds, c.Kind) && wants(&c.Change) })
}

// lost are the changes that say of all kinds that anything may have changed.
func (f *feed) lost(ns store.NS, at int64) (changes []writtenChange) {
	kinds := f.kinds.Load()
	if kinds == nil {
		return nil
	}
	for _, kind := range *kinds {
		changes = append(changes, writtenChange{Change{NS: ns, Kind: kind}, at})
	}
	return changes
}

// undo forgets what a transaction wrote that was not committed.
func (f *feed) undo(changes []writtenChange) {
	f.mu.Lock()
	defer f.mu.Unlock()
	kept := f.written[:0]
	for _, c := range f.written {
		if c.at < changes[0].at || c.at > changes[len(changes)-1].at {
			kept = append(kept, c)
		}
	}
	f.written = kept
}

// commit tells all up to a number of the journal.
func (f *feed) commit(at int64) {
	if f.kinds.Load() == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for n < len(f.written) && f.written[n].at <= at {
		n++
	}
	if n == 0 {
		return
	}
	for _, o := range f.observers {
		var all []Change
		for _, c := range f.written[:n] {
			if slices.Contains(o.kinds, c.Kind) {
				all = append(all, c.Change)
			}
		}
		if len(all) > 0 {
			o.fn(all)
		}
	}
	f.written = append(f.written[:0], f.written[n:]...)
}
