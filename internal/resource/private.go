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

// Private is the object's private part, empty if it has none. Changes count once SetPrivate is called.
func (op *Op) Private(o *object.Object) (*object.Object, error) {
	r := op.of(o)
	if r.doc.Version == 0 {
		return object.New(nil), nil
	}
	return privateOf(op.tx, op.ns, r.doc.ID)
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
	d := store.Doc{ID: privateID(r.doc.ID), Kind: privateKind}
	if r.doc.Version > 0 {
		old, err := op.tx.Get(op.ns.NS, d.ID)
		if err != nil && !isMissing(err) {
			return err
		}
		d.Version, d.Seq = old.Version, old.Seq
	}
	d.Created = op.now.Unix()
	d.Data = private.AppendJSON(nil, 0)
	d.Deleted = private.Len() == 0
	if d.Deleted && d.Version == 0 {
		return nil
	}
	return op.tx.Put(op.ns.NS, &d)
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
