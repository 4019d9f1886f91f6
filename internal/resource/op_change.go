package resource

import (
	"bytes"
	"slices"
	"time"

	"sharesmart/internal/object"
)

// Merge puts parameters into an object as an update does, without the kind's rule and without an event.
func (op *Op) Merge(o *object.Object, params *object.Object) error {
	return op.mergeParams(op.of(o).kind, o, params)
}

// mergeParams merges all parameters but those that the kind's rule reads itself.
func (op *Op) mergeParams(k *kindInfo, o, params *object.Object) error {
	if k.rules != nil && len(k.rules.Unmerged) > 0 {
		rest := object.New(nil)
		for name, v := range params.All() {
			if !slices.Contains(k.rules.Unmerged, name) {
				rest.Set(name, v)
			}
		}
		params = rest
	}
	return merge{op: op}.into(o, k.schema, params)
}

// Draft makes an object as Create does, without the kind's rule, and keeps nothing of it: for previews.
func (op *Op) Draft(kind string, params *object.Object) (*object.Object, error) {
	k := op.engine.kind(kind)
	o, err := op.engine.instantiate(k, op.ns, op.chooseID(k), op.now)
	if err != nil {
		return nil, err
	}
	return o, op.mergeParams(k, o, params)
}

// Changes is what an object's last stored version said where it says otherwise now: the previous_attributes of an
// event. It is nil if nothing changed; else the object is marked as changed, and its time of change is set.
//
// A rule that writes several events about one change asks first, as each event stores the object.
func (op *Op) Changes(o *object.Object) (*object.Object, error) {
	previous, _, err := op.changes(op.of(o))
	return previous, err
}

// changes also gives the object as it is printed. What changed is found in the texts: lines that are the same need not be
// read.
func (op *Op) changes(r *record) (previous *object.Object, printed []byte, err error) {
	if r.awaited {
		return nil, nil, op.write(r)
	}
	printed = r.object.JSON()
	if previous, err = r.difference(printed); previous == nil || err != nil {
		return nil, nil, err
	}
	r.dirty = true
	if r.kind.schema.Prop("updated") != nil {
		r.object.Set("updated", op.now.Unix())
		printed = r.object.JSON()
		previous, err = r.difference(printed)
	}
	return previous, printed, err
}

// difference is what the stored document says where another one says otherwise.
func (r *record) difference(printed []byte) (*object.Object, error) {
	if bytes.Equal(r.doc.Data, printed) {
		return nil, nil
	}
	return object.Changes(r.doc.Data, printed, r.kind.schema)
}

// EmitChanged writes an event that announces an object and says what changed.
func (op *Op) EmitChanged(eventType string, o, previous *object.Object) error {
	return op.emit(eventType, op.of(o), previous)
}

// Choose gives the next object of a kind that the operation makes, itself or through a rule, that id.
func (op *Op) Choose(kind, id string) {
	if op.chosen == nil {
		op.chosen = map[string]string{}
	}
	op.chosen[kind] = id
}

// Backdate runs fn as if it were t: for examples that tell of the past.
func (op *Op) Backdate(t time.Time, fn func() error) error {
	now := op.now
	op.now = t
	defer func() { op.now = now }()
	return fn()
}

// PlaceAt puts an object into the lists of its kind as if it was made at that time (unix seconds), whatever it says of that
// itself. The operation must have just made it, as one that has no events.
func (op *Op) PlaceAt(o *object.Object, listed int64) { op.of(o).doc.Created = listed }

// ListedAt is the time that lists have an object at, in unix seconds; zero if there is none of that kind and id.
func (op *Op) ListedAt(kind, id string) (int64, error) {
	k := op.engine.kind(kind)
	d, err := op.engine.getDoc(op.tx, op.ns, k, k.docID(id))
	if isMissing(err) {
		return 0, nil
	}
	return d.Created, err
}
