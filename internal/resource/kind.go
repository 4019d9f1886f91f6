package resource

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// kindInfo is what the engine knows of one kind of object, worked out once from the spec.
type kindInfo struct {
	name    string
	schema  *spec.Schema
	id      idForm
	rules   *Rules
	filters map[string]*filter   // by field
	params  map[string][]*filter // by list parameter
	indexed []*filter            // the filters, in the order of the spec
	events  string               // "customer" for customer.created; empty if the kind has no events
	// ownIDs says that callers choose ids, or that ids are only unique below a parent, so that a stored id must
	// carry its kind.
	ownIDs bool

	toClock    int         // how many links it is from a test clock; see clock.go
	clockLinks []clockLink // what leads there
	clockField string      // the field that says on which clock it is, if it has one

	everyones  func() map[string]*object.Object // reference data by id, for kinds that nobody can create
	changeable bool                             // it can be updated all the same

	once     sync.Once
	template *object.Object // what a new object starts from
	own      []*spec.Prop   // its fields that differ from object to object
	fixture  *object.Object
	err      error
}

// kind returns what is known of a kind. A name that is no resource has no documents, whatever is asked of it.
func (e *Engine) kind(name string) *kindInfo {
	if k, ok := e.kinds[name]; ok {
		return k
	}
	return e.newKind(name)
}

func (e *Engine) newKind(name string) *kindInfo {
	k := &kindInfo{name: name, schema: spec.Component(name), id: idFormOf(name), rules: e.rules[name], filters: map[string]*filter{}, params: map[string][]*filter{}}
	k.events = eventPrefix(name)
	k.ownIDs = k.id.prefix == "" || k.id.own || (k.rules != nil && k.rules.ID != nil)
	if k.rules != nil && k.rules.Reference != nil {
		k.everyones = sync.OnceValue(func() map[string]*object.Object { return byID(k.rules.Reference()) })
		k.changeable = slices.ContainsFunc(spec.Operations(), func(op *spec.Operation) bool { return op.Class == spec.Update && op.Kind == name })
	}
	if k.rules != nil {
		for _, field := range slices.Sorted(maps.Keys(k.rules.Index)) {
			k.index(&filter{name: field, field: field, rule: k.rules.Index[field]})
		}
	}
	return k
}

// docID is the id that a document is stored under. It is the object's own id where that tells its kind; where callers
// choose ids ("gold" may be a coupon and a plan), the kind leads.
func (k *kindInfo) docID(id string) string {
	if !k.ownIDs || (k.id.prefix != "" && strings.HasPrefix(id, k.id.prefix)) {
		return id
	}
	return k.name + ":" + id
}

// objectKind is the kind of a stored object: the value of its "object" field, which differs from the name of its
// resource in a few places.
func objectKind(schema *spec.Schema) string {
	if p := schema.Prop("object"); p != nil {
		if enum := p.Schema().Enum; len(enum) == 1 {
			return enum[0]
		}
	}
	return schema.Name
}

// linkField is the field of a kind that holds the id of the parent: "charge" on a refund. Empty if it has none; then
// the document's Parent is the only link.
func linkField(schema *spec.Schema, parent string) string {
	if schema == nil {
		return ""
	}
	if p := schema.Prop(parent); p != nil && holdsID(p.Schema(), parent) {
		return parent
	}
	for i := range schema.Props {
		if p := &schema.Props[i]; slices.ContainsFunc(p.Schema().Expansion(), func(s *spec.Schema) bool { return s.Name == parent }) {
			return p.Name
		}
	}
	return ""
}

// holdsID reports whether a field can hold the id of a kind: an expandable field of that kind, or a plain string.
func holdsID(s *spec.Schema, kind string) bool {
	if s.CanExpand() {
		return slices.ContainsFunc(s.Expansion(), func(x *spec.Schema) bool { return x.Name == kind })
	}
	return s.Kind == spec.String
}
