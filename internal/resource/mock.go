package resource

import (
	"net/http"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

// Mock answers stand in for what is not stored, as stripe-mock's do: they come from the spec's fixtures. With
// Options.Mock state goes before them: only what was never created is answered from a fixture.

// fixtureOf is the kind's fixture with another id.
func (e *Engine) fixtureOf(kind, id string) (*object.Object, error) {
	k := e.kind(kind)
	if err := k.load(); err != nil {
		return nil, err
	}
	if k.fixture == nil {
		return object.New(k.schema), nil
	}
	o := k.fixture.Clone()
	if id != "" && k.schema.Prop("id") != nil {
		o.Set("id", id)
	}
	return o, nil
}

// mockDoc is the fixture that stands for the object that the path names.
func (e *Engine) mockDoc(c *call) (store.Doc, error) {
	kind := mockKind(c.Op, c.Path[len(c.Path)-1])
	o, err := e.fixtureOf(kind, c.Path[len(c.Path)-1])
	if err != nil {
		return store.Doc{}, err
	}
	return store.Doc{ID: o.ID(), Kind: kind, Data: o.JSON()}, nil
}

// mockKind chooses among the kinds that an operation may answer: the one that the id looks like.
func mockKind(op *spec.Operation, id string) string {
	for _, kind := range op.Kinds {
		if f := idFormOf(kind); f.prefix != "" && strings.HasPrefix(id, f.prefix) {
			return kind
		}
	}
	return op.Kind
}

// mockRecord stands in for an object that an operation acts on and that nobody created: the fixture with that id. It is
// not stored, whatever the operation does to it, so that an id which nobody created is always the fixture.
func (op *Op) mockRecord(k *kindInfo, id string) (*record, error) {
	o, err := op.engine.fixtureOf(k.name, id)
	if err != nil {
		return nil, err
	}
	d := store.Doc{ID: k.docID(id), Kind: k.name, Parent: standIn, Created: op.now.Unix(), Data: o.JSON()}
	return op.track(&record{kind: k, object: o, doc: d, dirty: true}), nil
}

// standIn is the parent of a document that is a fixture.
const standIn = "fixture"

func (r *record) standsIn() bool { return r.doc.Parent == standIn }

// usesStandIn reports whether an operation looked at an object that nobody created. What its rule thinks of that object
// is of no interest then.
func (op *Op) usesStandIn() bool {
	if op == nil {
		return false
	}
	for _, r := range op.loaded {
		if r.standsIn() {
			return true
		}
	}
	return false
}

// isLoose reports whether a mistake in a request's form is one that stripe-mock lets pass: it looks at the names of
// parameters at the top only, and does not mind one that is a hash and a text at once.
func isLoose(err error) bool {
	api := apierr.As(err)
	return api != nil && (api.Code == "parameter_unknown" && strings.Contains(api.Param, "[") || api.Message == "Invalid object")
}

// mocks reports whether a refusal gives way to a fixture: stripe-mock looks at the form of a request alone, so what a
// rule thinks of a fixture, or of the bare values that an object is to be made from, is of no interest there.
func (e *Engine) mocks(c *call, op *Op, failed error) bool {
	api := apierr.As(failed)
	if api == nil || !e.options.Mock {
		return false
	}
	badValue := api.Status == http.StatusBadRequest || api.Code == "invalid_expiry_year"
	return op.usesStandIn() || badValue && !op.usesStored() && (c.Op.Form == spec.Create || c.Op.Form == spec.SubCreate)
}

// usesStored reports whether an operation looked at an object that a client created. Then its rule has the last word.
func (op *Op) usesStored() bool {
	if op == nil {
		return false
	}
	for _, r := range op.loaded {
		if r.stored {
			return true
		}
	}
	return false
}

// mockDownload answers a binary operation that has no rule with stripe-mock's words.
func mockDownload(*Engine, *call) (*Answer, error) {
	return &Answer{Status: http.StatusOK, ContentType: "application/pdf", Body: []byte("Stripe binary response")}, nil
}

// Mocks reports whether ids that nobody made are to be taken for real.
func (op *Op) Mocks() bool { return op.engine.options.Mock }

// mockReply answers an operation whose rule refused to work on a fixture.
func (e *Engine) mockReply(c *call) (*Answer, error) {
	if isList(c.Op) {
		return e.mockList(c)
	}
	return e.mockAnswer(c)
}

// mockAnswer is the fixture of what the operation answers.
func (e *Engine) mockAnswer(c *call) (*Answer, error) {
	o, err := e.mockObject(c.Op, c.Path)
	if err != nil {
		return nil, err
	}
	a := &Answer{Status: 200, Body: o.JSON()}
	x, err := e.expansion(c, false)
	if x == nil || err != nil {
		return a, err
	}
	a.Body, err = x.apply(e, e.store, c.Namespace, e.kind(c.Op.Kind), a.Body)
	return a, err
}

// mockIncluded puts one fixture where a list that is expanded would be empty.
func (e *Engine) mockIncluded(s *spec.Schema, shown any) (any, error) {
	list, _ := shown.(*object.Object)
	data := s.Prop("data")
	if !e.options.Mock || list == nil || data == nil || data.Schema().Items() == nil || len(list.Array("data")) > 0 {
		return shown, nil
	}
	o, err := e.fixtureOf(itemKinds(data.Schema().Items())[0], "")
	list.Set("data", []any{o})
	return list, err
}

func (e *Engine) mockObject(op *spec.Operation, path []string) (*object.Object, error) {
	if op.Kind == "" {
		if response := op.Response(); response != nil {
			return deletedObject(object.New(nil), response), nil
		}
		return object.New(nil), nil
	}
	id := ""
	if op.Target == op.Kind && len(path) > 0 {
		id = path[len(path)-1]
	}
	return e.fixtureOf(op.Kind, id)
}

// mockList answers one fixture where a list would be empty.
func (e *Engine) mockList(c *call) (*Answer, error) {
	o, err := e.fixtureOf(c.Op.Kind, "")
	if err != nil {
		return nil, err
	}
	return &Answer{Status: 200, Body: appendList([][]byte{o.JSON()}, false, c.RawPath)}, nil
}

// fillList puts one fixture where a mock server's rule would list nothing.
func (op *Op) fillList() error {
	if !op.engine.options.Mock || op.Operation.Method != http.MethodGet || len(op.List.Array("data")) > 0 {
		return nil
	}
	o, err := op.engine.fixtureOf(op.Operation.Kind, "")
	op.List = NewList(op.request.RawPath, []any{o}, false)
	return err
}

// mockAction answers an action that has no rule: the object that it names as it is, or the fixture.
func mockAction(op *Op) error {
	if op.Operation.Target == op.Operation.Kind && len(op.Path) > 0 {
		r, err := op.record(op.engine.kind(op.Operation.Kind), op.Path[len(op.Path)-1])
		if err != nil {
			return err
		}
		if r != nil {
			op.Object = r.object
			return nil
		}
	}
	if isList(op.Operation) {
		o, err := op.engine.fixtureOf(op.Operation.Kind, "")
		op.List = NewList(op.request.RawPath, []any{o}, false)
		return err
	}
	o, err := op.engine.mockObject(op.Operation, op.Path)
	op.Result = o
	return err
}

// mockExpand stands in for an object that is to be expanded and was never created.
func (e *Engine) mockExpand(s *spec.Schema, id string) (any, error) {
	if !e.options.Mock || len(s.Expansion()) == 0 {
		return nil, nil
	}
	o, err := e.fixtureOf(s.Expansion()[0].Name, id)
	if err != nil {
		return nil, err
	}
	return o, nil
}
