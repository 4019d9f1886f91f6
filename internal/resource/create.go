package resource

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

// Create makes an object of a kind as a client's create would: template, parameters, the kind's rule, its event.
func (op *Op) Create(kind string, params *object.Object) (*object.Object, error) {
	return op.CreateBelow(kind, "", params)
}

// CreateBelow is Create for an object that lives below another one, such as a line of a credit note. With an ErrKept
// the object is there as well.
func (op *Op) CreateBelow(kind, parent string, params *object.Object) (*object.Object, error) {
	sub := op.nested(params)
	err := sub.create(op.engine.kind(kind), place{doc: parent})
	if err != nil && !isKept(err) {
		return nil, err
	}
	return sub.Object, err
}

// Make is Create with another rule in the place of the kind's own, for objects that rules make in ways that clients
// cannot. Parameters are what the spec's create takes, and fields of the object.
func (op *Op) Make(kind, below string, params *object.Object, rule Hook) (*object.Object, error) {
	sub := op.nested(params)
	sub.rule = rule
	err := sub.create(op.engine.kind(kind), place{doc: below})
	if err != nil && !isKept(err) {
		return nil, err
	}
	return sub.Object, err
}

// nested is an operation inside this one: the same transaction and objects, its own parameters.
func (op *Op) nested(params *object.Object) *Op {
	sub := *op
	sub.Params, sub.Object, sub.Before, sub.Result, sub.List = params, nil, nil, nil, nil
	sub.created, sub.gone, sub.rule = false, false, nil
	return &sub
}

// createNew serves the create of a top-level object.
func createNew(op *Op) error { return op.create(op.engine.kind(op.Operation.Kind), place{}) }

// createBelow serves the create of an object below another one, whose id is in the path.
func createBelow(op *Op) error {
	parent, err := op.parent()
	if err != nil {
		return err
	}
	k := op.engine.kind(op.Operation.Kind)
	return op.create(k, place{parent.doc.ID, linkField(k.schema, op.Operation.Parent), parent.object.ID()})
}

// place is where an object is made: the document that it lives below, and the field that holds that object's id, if the
// kind has one.
type place struct{ doc, field, id string }

// create fills op.Object and writes it.
func (op *Op) create(k *kindInfo, at place) error {
	rules := k.rules
	if op.rule != nil {
		rules = &Rules{Create: op.rule}
	}
	if rules != nil && rules.Prepare != nil {
		if err := rules.Prepare(op); err != nil {
			return err
		}
	}
	id := op.chooseID(k)
	o, err := op.engine.instantiate(k, op.ns, id, op.now)
	if err != nil {
		return err
	}
	if at.field != "" {
		o.Set(at.field, at.id)
	}
	op.Object, op.under = o, at.doc
	r := op.track(&record{kind: k, object: o, doc: op.newDoc(k, o, id, at.doc)})
	if err := op.mergeParams(k, o, op.Params); err != nil {
		return err
	}
	if op.clock != "" && k.toClock == 0 {
		o.Set(k.clockField, op.clock)
	}
	if k.name == clockKind {
		op.engine.clocks.Store(op.ns.NS, true)
	}
	if rules != nil && rules.Create != nil {
		if err := rules.Create(op); err != nil {
			return err
		}
	}
	r.doc.Created = created(o, op.now.Unix())
	if err := op.EmitCreated(); err != nil {
		return err
	}
	if rules != nil && rules.Created != nil {
		return rules.Created(op)
	}
	return nil
}

// newDoc is the document of a new object. What does not show its id, such as the link to a page, has one as a document.
func (op *Op) newDoc(k *kindInfo, o *object.Object, id, parent string) store.Doc {
	if parent != "" && o.ID() != "" {
		id = belowID(k, []string{parent, id})
	}
	return store.Doc{ID: k.docID(id), Kind: k.name, Parent: parent, Created: created(o, op.now.Unix())}
}

// created is the time that lists order the object by.
func created(o *object.Object, now int64) int64 {
	if t := o.Int("created"); t > 0 {
		return t
	}
	return now
}

// chooseID takes the caller's id where Stripe lets callers choose, else makes one.
func (op *Op) chooseID(k *kindInfo) string {
	if id := op.chosen[k.name]; id != "" {
		delete(op.chosen, k.name)
		return id
	}
	if k.rules != nil && k.rules.ID != nil {
		if id := k.rules.ID(op); id != "" {
			return id
		}
	}
	if k.id.own {
		if id := op.Params.String("id"); id != "" {
			return id
		}
	}
	return op.newID(k)
}

// EmitCreated writes the new object and its created event, if its kind has one. The engine does this after the Create
// rule; a rule calls it when other events must follow it. What no event will ever show is written once, with all that
// the operation makes of it.
func (op *Op) EmitCreated() error {
	if op.created {
		return nil
	}
	op.created = true
	r := op.of(op.Object)
	r.dirty = true
	if t := r.eventType("created"); t != "" {
		return op.emit(t, r, nil)
	}
	if r.kind.silent() {
		r.awaited = true
		return nil
	}
	return op.write(r)
}

// parent loads the object that the path's first parameter names.
func (op *Op) parent() (*record, error) {
	k := op.engine.kind(op.Operation.Parent)
	id := op.Path[0]
	r, err := op.record(k, id)
	if err != nil {
		return nil, err
	}
	switch {
	case r != nil:
		return r, nil
	case op.engine.options.Mock:
		return op.mockRecord(k, id)
	}
	return nil, op.engine.missing(op.ns, k, id, pathParam(op.Operation, 0), false)
}

// pathParam is what Stripe calls a path parameter in an error: most often just "id".
func pathParam(o *spec.Operation, i int) string {
	switch name := o.PathParams[i]; name {
	case "intent", "invoice", "price", "payment_method":
		return name
	}
	return "id"
}

// missing is the error for an id that is not there: in a parameter (400) or in the path (404).
func (e *Engine) missing(ns namespace, k *kindInfo, id, param string, inParam bool) *apierr.Error {
	err := apierr.Missing(k.name, id, param)
	if inParam {
		err = apierr.MissingRef(k.name, id, param)
	}
	if e.inOtherMode(ns, k, id) {
		here, there := "test", "live"
		if ns.Live {
			here, there = "live", "test"
		}
		err.Message += "; a similar object exists in " + there + " mode, but a " + here + " mode key was used to make this request."
	}
	return err
}
