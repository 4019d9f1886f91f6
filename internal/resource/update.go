package resource

import "sharesmart/internal/object"

// update serves the update of the object that the path's last parameter names.
func update(op *Op) error {
	r, err := op.target()
	if err != nil {
		return err
	}
	return op.update(r)
}

// Update changes an object as a client's update would: parameters, the kind's rule, its event.
func (op *Op) Update(o *object.Object, params *object.Object) error {
	return op.nested(params).update(op.of(o))
}

func (op *Op) update(r *record) error {
	op.Object, op.Before = r.object, r.object.Clone()
	if err := op.mergeParams(r.kind, r.object, op.Params); err != nil {
		return err
	}
	if rules := r.kind.rules; rules != nil && rules.Update != nil {
		if err := rules.Update(op); err != nil {
			return err
		}
	}
	return op.EmitUpdated(r.object)
}

// emitUpdated writes a changed object and its updated event. An update that changes nothing writes nothing.
func (op *Op) emitUpdated(r *record) error {
	previous, printed, err := op.changes(r)
	if previous == nil || err != nil {
		r.dirty = false
		return err
	}
	r.printed = printed // nothing changes it before it is written
	if t := r.eventType("updated"); t != "" {
		return op.emit(t, r, previous)
	}
	return op.write(r)
}

// target loads the object that the path's last parameter names, and checks that it lives below the first one's.
func (op *Op) target() (*record, error) {
	e := op.engine
	last := len(op.Path) - 1
	parentID := ""
	if op.Operation.Parent != "" && last > 0 {
		parent, err := op.parent()
		if err != nil {
			return nil, err
		}
		parentID = parent.doc.ID
	}
	for _, name := range op.Operation.Targets {
		k := e.kind(name)
		r, err := op.resolved(k, belowID(k, op.Path))
		if err != nil {
			return nil, err
		}
		if r != nil && (parentID == "" || isBelow(r.object, r.doc.Parent, k, op.Operation.Parent, parentID)) {
			return r, nil
		}
		if r == nil {
			o, err := e.inborn(k, op.ns, op.Path, parentID)
			if err != nil {
				return nil, err
			}
			if o != nil {
				d := op.newDoc(k, o, o.ID(), parentID)
				d.Data = o.JSON()
				return op.track(&record{kind: k, object: o, doc: d}), nil
			}
		}
	}
	k := e.kind(targetKind(op.Operation, op.Path[last]))
	if e.options.Mock {
		return op.mockRecord(k, belowID(k, op.Path))
	}
	return nil, e.missing(op.ns, k, op.Path[last], pathParam(op.Operation, last), false)
}

// resolved loads a live document of a kind, or makes what the id stands for; nil if there is neither.
func (op *Op) resolved(k *kindInfo, id string) (*record, error) {
	r, err := op.record(k, id)
	if r != nil || err != nil || k.rules == nil || k.rules.Resolve == nil {
		return r, err
	}
	made, err := k.rules.Resolve(op, id)
	if err != nil || made == "" {
		return nil, err
	}
	return op.record(k, made)
}
