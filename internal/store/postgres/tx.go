package postgres

import (
	"errors"
	"fmt"

	"sharesmart/internal/store"
)

// tx is one unit of work. Its writes collect in own; reads look there first, then at what earlier transactions of the same
// batch wrote, then at the database, in whose transaction all of the batch is.
type tx struct {
	batch *batch
	own   changes
	busy  error // why a namespace could not be had; then nothing of the transaction counts
	done  bool
}

var errDone = errors.New("store: transaction is over")

// enter makes sure that a namespace is locked.
func (t *tx) enter(ns store.NS) error {
	switch {
	case t.done:
		return errDone
	case t.busy != nil:
		return t.busy
	case ns < 0:
		return fmt.Errorf("store: namespace %d is out of range", ns)
	}
	err := t.batch.enter(ns)
	if err != nil {
		t.busy = err
	}
	return err
}

// emptied says whether what the database has of a namespace counts no more.
func (t *tx) emptied(ns store.NS) bool { return t.own.emptied[ns] || t.batch.changes.emptied[ns] }

// staged finds a document that this transaction or one before it in the batch wrote.
func (t *tx) staged(k store.Key) (*docChange, bool) {
	if c, ok := t.own.byKey[k]; ok {
		return c, true
	}
	if t.own.emptied[k.NS] {
		return nil, false
	}
	c, ok := t.batch.changes.byKey[k]
	return c, ok
}

// doc finds the document as this transaction sees it. The result must not be changed.
func (t *tx) doc(k store.Key) (*store.Doc, error) {
	if err := t.enter(k.NS); err != nil {
		return nil, err
	}
	if c, ok := t.staged(k); ok {
		return &c.doc, nil
	}
	if t.emptied(k.NS) {
		return nil, store.ErrNotFound
	}
	return t.batch.doc(k)
}

// Get finds a document, deleted ones included.
func (t *tx) Get(ns store.NS, id string) (store.Doc, error) {
	d, err := t.doc(store.Key{NS: ns, ID: id})
	if err != nil {
		return store.Doc{}, err
	}
	return *d, nil
}

// Version finds a document as it was.
func (t *tx) Version(ns store.NS, id string, version int64) (store.Doc, error) {
	d, err := t.Get(ns, id)
	if err != nil || d.Version == version {
		return d, err
	}
	k := store.Key{NS: ns, ID: id}
	for _, c := range t.stages(k) {
		for _, old := range c.superseded {
			if old.Version == version {
				old.Refs = nil
				return old, nil
			}
		}
	}
	if t.emptied(ns) {
		return store.Doc{}, store.ErrNotFound
	}
	return readVersion(t.batch.context, t.batch.conn(), ns, &d, version)
}

// stages are the states of a document that are not in the database, the older ones first.
func (t *tx) stages(k store.Key) (out []*docChange) {
	if c, ok := t.batch.changes.byKey[k]; ok && !t.own.emptied[k.NS] {
		out = append(out, c)
	}
	if c, ok := t.own.byKey[k]; ok {
		out = append(out, c)
	}
	return out
}

// Answer finds what an idempotency key was answered.
func (t *tx) Answer(ns store.NS, key string) (store.Answer, error) {
	if err := t.enter(ns); err != nil {
		return store.Answer{}, err
	}
	k := store.Key{NS: ns, ID: key}
	if a, ok := t.own.answers[k]; ok {
		return *a, nil
	}
	if t.own.emptied[ns] {
		return store.Answer{}, store.ErrNotFound
	}
	if a, ok := t.batch.changes.answers[k]; ok {
		return *a, nil
	}
	if t.emptied(ns) {
		return store.Answer{}, store.ErrNotFound
	}
	a, err := t.batch.answer(k)
	if err != nil {
		return store.Answer{}, err
	}
	return *a, nil
}

// Put writes a document.
func (t *tx) Put(ns store.NS, d *store.Doc) error {
	switch {
	case d.ID == "" || d.Kind == "":
		return fmt.Errorf("store: a document needs an id and a kind (id %q, kind %q)", d.ID, d.Kind)
	case d.Created < 0:
		return fmt.Errorf("store: %s: created %d is out of range", d.ID, d.Created)
	}
	k := store.Key{NS: ns, ID: d.ID}
	old, err := t.doc(k)
	switch {
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return err
	case d.Version == 0 && old != nil:
		return store.ErrExists
	case d.Version == 0:
		d.Seq, d.Version = t.batch.nextSeq(ns), 1
	case old == nil:
		return store.ErrNotFound
	case old.Version != d.Version:
		return fmt.Errorf("%w: %s is at version %d, not %d", store.ErrConflict, d.ID, old.Version, d.Version)
	default:
		d.Seq, d.Version = old.Seq, old.Version+1
	}
	t.own.put(k, old, d)
	return nil
}

// SetTimer creates, moves or, with Due 0, removes a timer.
func (t *tx) SetTimer(timer store.Timer) error {
	if err := t.enter(timer.NS); err != nil {
		return err
	}
	if len(timer.ID) > longKey {
		return fmt.Errorf("store: a timer's id has %d bytes, and %d at most", len(timer.ID), longKey)
	}
	t.own.setTimer(timerKey{timer.NS, timer.Kind, timer.ID}, timing{timer.Due, timer.Clock})
	return nil
}

// SaveAnswer keeps what a key was answered; an earlier answer is replaced.
func (t *tx) SaveAnswer(ns store.NS, a store.Answer) error {
	if err := t.enter(ns); err != nil {
		return err
	}
	t.own.saveAnswer(store.Key{NS: ns, ID: a.Key}, &a)
	return nil
}

// Drop empties a namespace.
func (t *tx) Drop(ns store.NS) error {
	if err := t.enter(ns); err != nil {
		return err
	}
	t.own.drop(ns)
	return nil
}
