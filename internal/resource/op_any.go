package resource

import (
	"maps"
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
)

// FindAny loads an object by its id alone, of whatever kind, or returns nil. What a caller named itself (a coupon, a
// plan) is looked for after the kinds that the id's prefix stands for. The result's schema tells its kind.
func (op *Op) FindAny(id string) (*object.Object, error) {
	for _, k := range op.engine.kindsOf(id) {
		o, err := op.findAny(k, id)
		if o != nil || err != nil {
			return o, err
		}
	}
	return nil, nil
}

// MissingAny is the error for an id in a parameter that FindAny does not find.
func (op *Op) MissingAny(id, param string) *apierr.Error {
	for _, k := range op.engine.kindsOf(id) {
		if k.prefixOf(id) != "" {
			return op.engine.missing(op.ns, k, id, param, true)
		}
	}
	return apierr.MissingRef("object", id, param)
}

// idKinds are the kinds whose ids have a form of their own.
var idKinds = slices.Sorted(maps.Keys(idForms))

// kindsOf are the kinds that an id may be of, the likeliest first: those with the longest fitting prefix, then those
// whose ids anybody may choose.
func (e *Engine) kindsOf(id string) []*kindInfo {
	var byPrefix, chosen []*kindInfo
	for _, name := range idKinds {
		switch k := e.kind(name); {
		case k.schema == nil:
		case k.prefixOf(id) != "":
			byPrefix = append(byPrefix, k)
		case k.id.own:
			chosen = append(chosen, k)
		}
	}
	slices.SortStableFunc(byPrefix, func(a, b *kindInfo) int { return len(b.prefixOf(id)) - len(a.prefixOf(id)) })
	return append(byPrefix, chosen...)
}

// KindOf is the kind that the beginning of an id stands for; empty if it stands for none.
func (e *Engine) KindOf(id string) string {
	if kinds := e.kindsOf(id); len(kinds) > 0 && kinds[0].prefixOf(id) != "" {
		return kinds[0].name
	}
	return ""
}

func (op *Op) findAny(k *kindInfo, id string) (*object.Object, error) {
	switch {
	case k.rules != nil && k.rules.Reference != nil:
		return k.everyones()[id].Clone(), nil
	case k.name == eventKind:
		return op.findEvent(k, id)
	}
	r, err := op.record(k, id)
	if r != nil {
		return r.object, err
	}
	if err == nil && k.isSelf(op.ns, id) {
		return op.engine.instantiate(k, op.ns, id, op.now)
	}
	return nil, err
}

// byID are the objects that nobody creates, whether they were stored already or not.
func byID(objects []*object.Object) map[string]*object.Object {
	all := make(map[string]*object.Object, len(objects))
	for _, o := range objects {
		all[o.ID()] = o
	}
	return all
}

// findEvent reads an event with the object that it announces.
func (op *Op) findEvent(k *kindInfo, id string) (*object.Object, error) {
	d, err := op.tx.Get(op.ns.NS, id)
	if isMissing(err) || (err == nil && (d.Deleted || d.Kind != k.name)) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	body, err := op.engine.renderEvent(op.tx, op.ns.NS, d)
	if err != nil {
		return nil, err
	}
	return object.Parse(body, k.schema)
}

// CanTag reports whether an object has metadata of its own that can be changed.
func (op *Op) CanTag(o *object.Object) bool {
	s := o.Schema()
	if s == nil || s.Prop("metadata") == nil {
		return false
	}
	k := op.engine.kind(s.Name)
	return k.name != eventKind && (k.rules == nil || k.rules.Reference == nil) && op.loaded[k.docID(o.ID())] != nil
}
