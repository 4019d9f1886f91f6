package resource

import (
	"net/http"
	"strings"
	"sync"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

// A singleton is there without having been created: one for each account (balance, tax settings) or one below an
// object (a customer's cash balance). Until something changes it, it is its template and nothing is stored.

// singletonHandler chooses between the three things that Stripe's singletons are: a part of the object that the path
// names (its discount), the newest object that refers to it (a charge's dispute), or an object of their own.
func (e *Engine) singletonHandler(op *spec.Operation) handler {
	kind := spec.Component(op.Kind)
	switch {
	case op.Target == "" || kind.Prop("id") == nil:
		return ownSingleton(op)
	case spec.Component(op.Target).Prop(lastSegment(op.Path)) != nil:
		return partHandler(op)
	case op.Method == http.MethodGet && linkField(kind, op.Target) != "":
		return handler{read: newestBelow}
	}
	return handler{}
}

// ownSingleton serves an object without an id of its own.
func ownSingleton(op *spec.Operation) handler {
	switch op.Method {
	case http.MethodGet:
		return handler{read: readSingleton}
	case http.MethodPost:
		return handler{write: updateSingleton}
	}
	return handler{}
}

// partHandler serves what is kept in a field of the object that the path names.
func partHandler(op *spec.Operation) handler {
	switch op.Method {
	case http.MethodGet:
		return handler{read: readPart}
	case http.MethodDelete:
		return handler{write: removePart}
	}
	return handler{}
}

func lastSegment(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// lastName is the last part of a dotted kind.
func lastName(kind string) string { return kind[strings.LastIndexByte(kind, '.')+1:] }

// singletonID is the document id of a singleton: its kind, and the object that it lives below.
func singletonID(k *kindInfo, ns namespace, path []string) string {
	switch {
	case k.isSelf(ns, ns.Account):
		return ns.Account
	case len(path) > 0:
		return k.name + ":" + path[0]
	}
	return k.name + ":"
}

func readSingleton(e *Engine, c *call) (*Answer, error) {
	if c.Op.Target != "" {
		if _, err := e.liveDoc(c, e.kind(c.Op.Target), 0); err != nil && !e.options.Mock {
			return nil, err
		}
	}
	x, err := e.expansion(c, false)
	if err != nil {
		return nil, err
	}
	d, err := e.singletonDoc(c)
	if err != nil {
		return nil, err
	}
	body, err := e.renderDoc(e.store, c.Namespace, d, x)
	return &Answer{Status: 200, Body: body}, err
}

// singletonDoc is the stored singleton or the template that stands for it. A connected account's own object lives
// with its platform.
func (e *Engine) singletonDoc(c *call) (store.Doc, error) {
	id := singletonID(e.kind(c.Op.Kind), c.Namespace, c.Path)
	for _, ns := range []namespace{c.Namespace, c.Grant.Namespace} {
		d, err := e.store.Get(ns.NS, id)
		if err == nil || !isMissing(err) {
			return d, err
		}
	}
	k := e.kind(c.Op.Kind)
	o, err := e.newSingleton(k, c.Namespace, c.Op, c.Path)
	if err != nil {
		return store.Doc{}, err
	}
	return store.Doc{ID: id, Kind: k.name, Data: o.JSON()}, nil
}

func (e *Engine) newSingleton(k *kindInfo, ns namespace, op *spec.Operation, path []string) (*object.Object, error) {
	o, err := e.instantiate(k, ns, ns.Account, e.clock.Now())
	if err == nil && k.isSelf(ns, ns.Account) {
		k.rules.Self(o, ns.Live)
	}
	if err != nil || len(path) == 0 {
		return o, err
	}
	if link := linkField(k.schema, op.Target); link != "" {
		o.Set(link, path[0])
	}
	return o, nil
}

func updateSingleton(op *Op) error {
	k := op.engine.kind(op.Operation.Kind)
	if op.Operation.Target != "" {
		parent := op.engine.kind(op.Operation.Target)
		r, err := op.record(parent, op.Path[0])
		if err != nil {
			return err
		}
		if r == nil && !op.engine.options.Mock {
			return op.engine.missing(op.ns, parent, op.Path[0], "id", false)
		}
	}
	r, err := op.singleton(k, op.Operation, op.Path)
	if err != nil {
		return err
	}
	r.dirty = true
	return op.update(r)
}

// Singleton is the one object of a kind that the account has, or that the object below has which path names. It is its
// template until something saves it.
func (op *Op) Singleton(kind string, path ...string) (*object.Object, error) {
	r, err := op.singleton(op.engine.kind(kind), singletonOperation(kind), path)
	if err != nil {
		return nil, err
	}
	return r.object, nil
}

func singletonOperation(kind string) *spec.Operation {
	o := singletonOperations()[kind]
	if o == nil {
		panic("resource: " + kind + " is no singleton")
	}
	return o
}

// singletonOperations are the operations that retrieve singletons, by kind.
var singletonOperations = sync.OnceValue(func() map[string]*spec.Operation {
	operations := map[string]*spec.Operation{}
	for _, o := range spec.Operations() {
		if o.Class == spec.Singleton && o.Method == http.MethodGet && operations[o.Kind] == nil {
			operations[o.Kind] = o
		}
	}
	return operations
})

func (op *Op) singleton(k *kindInfo, operation *spec.Operation, path []string) (*record, error) {
	id := singletonID(k, op.ns, path)
	if r := op.loaded[id]; r != nil {
		return r, nil
	}
	d, err := op.tx.Get(op.ns.NS, id)
	if isMissing(err) {
		o, err := op.engine.newSingleton(k, op.ns, operation, path)
		if err != nil {
			return nil, err
		}
		return op.track(&record{kind: k, object: o, doc: store.Doc{ID: id, Kind: k.name, Created: op.now.Unix(), Data: o.JSON()}}), nil
	}
	if err != nil {
		return nil, err
	}
	o, err := object.Parse(d.Data, k.schema)
	if err != nil {
		return nil, err
	}
	return op.track(&record{kind: k, object: o, doc: d}), nil
}

// newestBelow answers the newest object that refers to the one in the path: the dispute of a charge.
func newestBelow(e *Engine, c *call) (*Answer, error) {
	parent, last := e.kind(c.Op.Target), len(c.Path)-1
	if _, err := e.liveDoc(c, parent, last); err != nil {
		if e.options.Mock {
			return e.mockAnswer(c)
		}
		return nil, err
	}
	k := e.kind(c.Op.Kind)
	link := linkField(k.schema, parent.name)
	page, err := e.store.List(store.Query{NS: c.Namespace.NS, Kind: k.name, Limit: 1, Where: []store.Cond{{Field: link, Values: []string{c.Path[last]}}}})
	if err != nil {
		return nil, err
	}
	if len(page.Docs) == 0 {
		if e.options.Mock {
			return e.mockAnswer(c)
		}
		return nil, e.missing(c.Namespace, k, c.Path[last], pathParam(c.Op, last), false)
	}
	x, err := e.expansion(c, false)
	if err != nil {
		return nil, err
	}
	body, err := e.renderDoc(e.store, c.Namespace, page.Docs[0], x)
	return &Answer{Status: 200, Body: body}, err
}

// readPart answers a field of the object that the path names; null is 404.
func readPart(e *Engine, c *call) (*Answer, error) {
	k := e.kind(c.Op.Target)
	last := len(c.Path) - 1
	d, err := e.liveDoc(c, k, last)
	if err != nil {
		if e.options.Mock {
			return e.mockAnswer(c)
		}
		return nil, err
	}
	o, err := object.Parse(d.Data, k.schema)
	if err != nil {
		return nil, err
	}
	part := o.Object(lastSegment(c.Op.Path))
	if part == nil {
		if e.options.Mock {
			return e.mockAnswer(c)
		}
		return nil, e.missing(c.Namespace, e.kind(c.Op.Kind), c.Path[last], pathParam(c.Op, last), false)
	}
	return &Answer{Status: 200, Body: part.JSON()}, nil
}

// removePart clears a field of the object that the path names, and answers what was there as deleted.
func removePart(op *Op) error {
	k := op.engine.kind(op.Operation.Target)
	last := len(op.Path) - 1
	r, err := op.record(k, op.Path[last])
	if err != nil {
		return err
	}
	if r == nil {
		if op.engine.options.Mock {
			return mockAction(op)
		}
		return op.engine.missing(op.ns, k, op.Path[last], pathParam(op.Operation, last), false)
	}
	field := lastSegment(op.Operation.Path)
	part := r.object.Object(field)
	if part == nil {
		if op.engine.options.Mock {
			return mockAction(op)
		}
		return op.engine.missing(op.ns, op.engine.kind(op.Operation.Kind), op.Path[last], pathParam(op.Operation, last), false)
	}
	op.Object = r.object
	op.Result = deletedObject(part, op.Operation.Response())
	r.object.Set(field, nil)
	return op.EmitUpdated(r.object)
}
