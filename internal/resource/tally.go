package resource

import (
	"errors"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// Nearly every payment changes the same small documents, such as the totals of an account's books. If an operation had to
// know all that is in them, no two payments could be run ahead side by side. So it says instead what of a private part it
// goes by (Consult), and what is to be added to it, whatever else is there (Tally). Ahead of the writer neither counts as
// having read the part: the writer looks whether what was gone by is still so, and adds.

// Consult reads of an object's private part what the operation goes by.
func Consult[T comparable](op *Op, o *object.Object, read func(part *object.Object) T) (T, error) {
	r := op.of(o)
	part, loose, err := op.glance(r)
	var seen T
	if err != nil {
		return seen, err
	}
	seen = read(part)
	if loose {
		t := op.tx.(*aheadTx)
		t.late(r).checks = append(t.late(r).checks, func(now *object.Object) bool { return read(now) == seen })
	}
	return seen, nil
}

// Tally adds to an object's private part, with no regard to what else was added since the operation began. add may set
// timers of the object. It must not depend on anything but the part, and cannot fail.
func (op *Op) Tally(o *object.Object, add func(part *object.Object, timer func(kind string, at time.Time))) error {
	r := op.of(o)
	part, loose, err := op.glance(r)
	if err != nil {
		return err
	}
	if !loose {
		var failed error
		add(part, func(kind string, at time.Time) {
			if err := op.SetTimer(kind, o, at); err != nil {
				failed = err
			}
		})
		if failed != nil {
			return failed
		}
		return op.SetPrivate(o, part)
	}
	r.tallied = true
	change := op.tx.(*aheadTx).late(r)
	change.adds = append(change.adds, func(tx store.Tx, part *object.Object) (failed error) {
		add(part, func(kind string, at time.Time) {
			if err := tx.SetTimer(op.timer(r, kind, at)); err != nil {
				failed = err
			}
		})
		return failed
	})
	return nil
}

// glance reads an object's private part; loose says that this does not count as reading it.
func (op *Op) glance(r *record) (part *object.Object, loose bool, err error) {
	t, ahead := op.tx.(*aheadTx)
	if ahead && r.stored && r.privatePart == nil {
		d, err := t.store.Get(op.ns.NS, privateID(r.doc.ID))
		switch {
		case err == nil && !d.Deleted && op.ns.NS == t.ns:
			part, err = object.Open(d.Data, nil)
			return part, true, err
		case err != nil && !isMissing(err):
			return nil, false, err
		}
	}
	part, err = op.Private(r.object)
	return part, false, err
}

// lateChange is what is left to the writer about a document: what must hold of it, and what is added to it.
type lateChange struct {
	id     string
	checks []func(part *object.Object) bool
	adds   []func(tx store.Tx, part *object.Object) error
	fresh  *store.Doc // what it is made of if it is not there; nil if it has to be
	doc    store.Doc  // as the writer found it
	part   *object.Object
}

// late is what is left to the writer about a record's private part.
func (t *aheadTx) late(r *record) *lateChange { return t.lateOf(privateID(r.doc.ID)) }

// lateOf is what is left to the writer about the document with an id.
func (t *aheadTx) lateOf(id string) *lateChange {
	for _, c := range t.changes {
		if c.id == id {
			return c
		}
	}
	c := &lateChange{id: id}
	t.changes = append(t.changes, c)
	return c
}

// stands reports whether what the operation went by is still so, on the writer.
func (c *lateChange) stands(ns store.NS, now store.Reader) bool {
	var err error
	c.doc, err = now.Get(ns, c.id)
	if c.fresh != nil && errors.Is(err, store.ErrNotFound) {
		c.doc, c.part = *c.fresh, object.New(nil)
		return true
	}
	if err != nil || c.doc.Deleted {
		return false
	}
	if c.part, err = object.Open(c.doc.Data, nil); err != nil {
		return false
	}
	for _, check := range c.checks {
		if !check(c.part) {
			return false
		}
	}
	return true
}

// apply adds to the document that stands found.
func (c *lateChange) apply(ns store.NS, tx store.Tx) error {
	if len(c.adds) == 0 {
		return nil
	}
	for _, add := range c.adds {
		if err := add(tx, c.part); err != nil {
			return err
		}
	}
	c.doc.Data = c.part.JSON()
	return tx.Put(ns, &c.doc)
}
