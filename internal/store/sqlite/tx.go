package sqlite

import (
	"errors"
	"fmt"

	"sharesmart/internal/store"
)

// tx is one unit of work. Its writes collect in own; reads look there first, then at what earlier transactions of the
// same batch wrote, then at the database.
type tx struct {
	db    *DB
	batch *batch
	own   changes
	view  view
	done  bool
}

var errDone = errors.New("store: transaction is over")

func (t *tx) space(ns store.NS) int64 {
	if m, ok := t.own.moved[ns]; ok {
		return m
	}
	if m, ok := t.batch.changes.moved[ns]; ok {
		return m
	}
	return t.db.spaces.of(ns)
}

// doc finds the document as this transaction sees it. The result must not be changed.
func (t *tx) doc(k docKey) (*store.Doc, error) {
	if c, ok := t.own.doc(k); ok {
		return &c.doc, nil
	}
	if c, ok := t.batch.changes.doc(k); ok {
		return &c.doc, nil
	}
	defer t.view.close()
	return t.view.doc(k)
}

// Get finds a document, deleted ones included.
func (t *tx) Get(ns store.NS, id string) (store.Doc, error) {
	if t.done {
		return store.Doc{}, errDone
	}
	d, err := t.doc(docKey{t.space(ns), id})
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
	k := docKey{t.space(ns), id}
	for _, layer := range [...]*changes{&t.own, &t.batch.changes} {
		if c, ok := layer.doc(k); ok {
			for i := range c.superseded {
				if old := c.superseded[i]; old.Version == version {
					old.Refs = nil
					return old, nil
				}
			}
		}
	}
	defer t.view.close()
	return t.view.version(&d, version)
}

// Answer finds what an idempotency key was answered.
func (t *tx) Answer(ns store.NS, key string) (store.Answer, error) {
	if t.done {
		return store.Answer{}, errDone
	}
	a, _, err := t.answer(docKey{t.space(ns), key})
	return a, err
}

func (t *tx) answer(k docKey) (store.Answer, int64, error) {
	if a, ok := t.own.answer(k); ok {
		return a.answer, a.seq, nil
	}
	if a, ok := t.batch.changes.answer(k); ok {
		return a.answer, a.seq, nil
	}
	defer t.view.close()
	return t.view.answer(k)
}

// Put writes a document.
func (t *tx) Put(ns store.NS, d *store.Doc) error {
	if t.done {
		return errDone
	}
	if err := checkDoc(ns, d); err != nil {
		return err
	}
	k := docKey{t.space(ns), d.ID}
	old, err := t.doc(k)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if d.Version == 0 {
		if old != nil {
			return store.ErrExists
		}
		d.Seq, d.Version = t.batch.nextSeq(), 1
		t.own.put(k, nil, d)
		return nil
	}
	if old == nil {
		return store.ErrNotFound
	}
	if old.Version != d.Version {
		return fmt.Errorf("%w: %s is at version %d, not %d", store.ErrConflict, d.ID, old.Version, d.Version)
	}
	d.Seq, d.Version = old.Seq, old.Version+1
	t.own.put(k, old, d)
	return nil
}

func checkDoc(ns store.NS, d *store.Doc) error {
	switch {
	case ns < 0 || ns >= firstSpace:
		return fmt.Errorf("store: namespace %d is out of range", ns)
	case d.ID == "" || d.Kind == "":
		return fmt.Errorf("store: a document needs an id and a kind (id %q, kind %q)", d.ID, d.Kind)
	case d.Created < 0 || d.Created > maxCreated:
		return fmt.Errorf("store: %s: created %d is out of range", d.ID, d.Created)
	}
	return nil
}

// SetTimer creates, moves or, with Due 0, removes a timer.
func (t *tx) SetTimer(timer store.Timer) error {
	if t.done {
		return errDone
	}
	k := timerKey{t.space(timer.NS), timer.Kind, timer.ID}
	t.own.setTimer(k, timing{timer.Due, timer.Clock})
	return nil
}

// SaveAnswer keeps what a key was answered; an earlier answer is replaced.
func (t *tx) SaveAnswer(ns store.NS, a store.Answer) error {
	if t.done {
		return errDone
	}
	k := docKey{t.space(ns), a.Key}
	_, replaces, err := t.answer(k)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	t.own.saveAnswer(k, a, t.batch.nextSeq(), replaces)
	return nil
}

// Drop empties a namespace.
func (t *tx) Drop(ns store.NS) error {
	if t.done {
		return errDone
	}
	space := t.space(ns)
	t.own.drop(ns, space, t.batch.nextSpace())
	return nil
}
