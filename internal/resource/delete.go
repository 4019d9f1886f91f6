package resource

import (
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// remove serves the delete of the object that the path's last parameter names.
func remove(op *Op) error {
	r, err := op.target()
	if err != nil {
		return err
	}
	op.Object = r.object
	if rules := r.kind.rules; rules != nil && rules.Delete != nil {
		if err := rules.Delete(op); err != nil {
			return err
		}
	}
	if op.Result != nil {
		return nil
	}
	return op.delete(r, op.deletedShape(r.kind))
}

// Delete removes an object and writes its deleted event. Lists do not show it any more; events still do.
func (op *Op) Delete(o *object.Object) error {
	r := op.of(o)
	return op.delete(r, spec.Component("deleted_"+r.kind.name))
}

// Remove deletes an object as a client's delete would: the kind's rule, then Delete.
func (op *Op) Remove(o *object.Object) error {
	r := op.of(o)
	if r.kind.rules != nil && r.kind.rules.Delete != nil {
		sub := op.nested(object.New(nil))
		sub.Object = o
		if err := r.kind.rules.Delete(sub); err != nil || sub.Result != nil {
			return err
		}
	}
	return op.delete(r, spec.Component("deleted_"+r.kind.name))
}

// AnswerDeleted answers an object as if it were deleted, though it stays: something that was taken away, and which others
// still name.
func (op *Op) AnswerDeleted(o *object.Object) {
	op.Result = deletedObject(o, spec.Component("deleted_"+op.of(o).kind.name))
}

func (op *Op) delete(r *record, shape *spec.Schema) error {
	if t := r.eventType("deleted"); t != "" {
		if err := op.emit(t, r, nil); err != nil {
			return err
		}
	}
	stone := deletedObject(r.object, shape)
	result := stone
	if shape != nil && !saysDeleted(shape) {
		result = r.object.Clone() // an ephemeral key answers its delete as it was
	}
	before := r.doc.Data
	if r.doc.Version == 0 {
		before = nil
	}
	r.doc.Deleted, r.doc.Refs = true, nil
	r.doc.Data = stone.JSON()
	r.dirty = false
	if !r.standsIn() {
		if err := op.count(r, before, nil); err != nil {
			return err
		}
		if err := op.tx.Put(op.ns.NS, &r.doc); err != nil {
			return err
		}
	}
	if op.Object == r.object {
		op.Result, op.gone = result, true
	}
	return nil
}

// saysDeleted reports whether an answer of that shape may tell that something was deleted.
func saysDeleted(shape *spec.Schema) bool {
	return shape.Prop("deleted") != nil || slices.ContainsFunc(shape.AnyOf(), saysDeleted)
}

// deletedShape is the deleted_ shape that the operation answers for a kind.
func (op *Op) deletedShape(k *kindInfo) *spec.Schema {
	if s := spec.Component("deleted_" + k.name); s != nil {
		return s
	}
	return op.Operation.Response()
}

// deletedObject is what stays of a deleted object: its id, its kind, "deleted": true, and what else the shape asks for.
func deletedObject(o *object.Object, shape *spec.Schema) *object.Object {
	out := object.New(nil)
	out.Set("id", o.ID())
	out.Set("object", o.String("object"))
	if shape != nil {
		for i := range shape.Props {
			p := &shape.Props[i]
			if p.Name != "deleted" && p.Name != "id" && p.Name != "object" && o.Has(p.Name) {
				out.Set(p.Name, o.Get(p.Name))
			}
		}
	}
	out.Set("deleted", true)
	return out
}
