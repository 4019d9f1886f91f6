package resource

import (
	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// An object may have a private part: what belongs to it and is not in its answer, such as a signing secret that was
// shown once, or fields that are shown only when they are expanded. It is a document of its own beside the object's, so
// that the object's stored bytes stay exactly what is sent.

const privateKind = "private"

func privateID(docID string) string { return privateKind + ":" + docID }

// Private is the object's private part, empty if it has none. There is one of it in an operation; changes count once
// SetPrivate is called.
func (op *Op) Private(o *object.Object) (*object.Object, error) {
	r := op.of(o)
	switch {
	case r.privatePart != nil:
		return r.privatePart, nil
	case r.tallied: // what it comes to only the writer knows
		return nil, errAttached
	}
	d, err := op.private(r)
	if err != nil {
		return object.New(nil), err
	}
	part := object.New(nil)
	if !d.Deleted && len(d.Data) > 0 {
		if part, err = object.Open(d.Data, nil); err != nil {
			return nil, err
		}
	}
	r.privatePart = part
	return part, nil
}

// private is the document of a record's private part: the one that was read or written last.
func (op *Op) private(r *record) (*store.Doc, error) {
	if r.private != nil {
		return r.private, nil
	}
	r.private = &store.Doc{ID: privateID(r.doc.ID), Kind: privateKind}
	if !r.stored {
		return r.private, nil
	}
	d, err := op.tx.Get(op.ns.NS, r.private.ID)
	if isMissing(err) {
		return r.private, nil
	}
	if err == nil {
		*r.private = d
	}
	return r.private, err
}

func privateOf(r store.Reader, ns namespace, docID string) (*object.Object, error) {
	d, err := r.Get(ns.NS, privateID(docID))
	if isMissing(err) || (err == nil && d.Deleted) {
		return object.New(nil), nil
	}
	if err != nil {
		return nil, err
	}
	return object.Parse(d.Data, nil)
}

// SetPrivate keeps the object's private part; an empty one removes it.
func (op *Op) SetPrivate(o, private *object.Object) error {
	r := op.of(o)
	if _, err := op.private(r); err != nil {
		return err
	}
	r.privatePart, r.privateDirty = private, true
	return nil
}

// writePrivate stores a record's private part, if it changed.
func (op *Op) writePrivate(r *record) error {
	d := r.private
	if !r.privateDirty {
		return nil
	}
	r.privateDirty = false
	if r.privatePart.Len() == 0 && d.Version == 0 {
		return nil
	}
	if d.Version == 0 {
		d.Created = op.now.Unix() // it stays, so that the index need not follow each change
	}
	d.Data = r.privatePart.JSON()
	d.Deleted = r.privatePart.Len() == 0
	return op.tx.Put(op.ns.NS, d)
}

// Hide moves fields into the object's private part. They are shown when a request expands them.
func (op *Op) Hide(o *object.Object, names ...string) error {
	private, err := op.Private(o)
	if err != nil {
		return err
	}
	changed := false
	for _, name := range names {
		if o.Has(name) {
			private.Set(name, o.Get(name))
			o.Delete(name)
			changed = true
		}
	}
	if !changed {
		return nil
	}
	return op.SetPrivate(o, private)
}
