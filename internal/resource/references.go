package resource

import (
	"cmp"
	"slices"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// resolveRef checks that an id in a parameter names something that exists, of a kind that the field may hold.
func (op *Op) resolveRef(s *spec.Schema, id, param string) (string, error) {
	var first string
	for _, target := range s.Expansion() {
		if strings.HasPrefix(target.Name, "deleted_") {
			continue
		}
		if first == "" {
			first = target.Name
		}
		k := op.engine.kind(target.Name)
		if k.rules != nil && k.rules.Resolve != nil {
			resolved, err := k.rules.Resolve(op, id)
			if resolved != "" || err != nil {
				return resolved, err
			}
		}
		if r := op.loaded[k.docID(id)]; r != nil && r.kind == k && !r.doc.Deleted {
			return id, nil
		}
		d, err := op.engine.getDoc(op.tx, op.ns, k, k.docID(id))
		if err == nil && !d.Deleted && d.Kind == k.name {
			return id, nil
		}
		if err != nil && !isMissing(err) {
			return "", err
		}
		if k.isSelf(op.ns, id) {
			return id, nil
		}
	}
	if op.engine.options.Mock || first == "" {
		return id, nil
	}
	return "", op.engine.missing(op.ns, op.engine.kind(first), id, param, true)
}

// embed is the object that a parameter names by its id and that goes whole into another one, as it is now.
func (op *Op) embed(kind, id, param string) (*object.Object, error) {
	o, err := op.Find(kind, id)
	switch {
	case err != nil:
		return nil, err
	case o != nil:
		return o.Clone(), nil
	case op.engine.options.Mock:
		return op.engine.fixtureOf(kind, id)
	}
	return nil, op.engine.missing(op.ns, op.engine.kind(kind), id, param, true)
}

// isSelf reports whether an id is that of the caller's own account.
func (k *kindInfo) isSelf(ns namespace, id string) bool {
	return k.rules != nil && k.rules.Self != nil && id == ns.Account
}

// filterTargets are the kinds of what a filter names by its id: those that its field expands to, or the one that the parameter
// is named after. A plain string counts only where the list is of that one object, because the parameter is required, and
// where the id is deeper in the objects: a delivery's event and a fee's charge may be another account's, so that none here
// means nothing.
func (e *Engine) filterTargets(k *kindInfo, p *spec.Prop, f *filter) []*kindInfo {
	field := k.schema.Prop(f.name)
	switch {
	case f.part != "" || k.rules != nil && k.rules.FilterValues[f.field] != nil:
		return nil
	case f.rule == nil && field != nil && field.Schema().CanExpand():
		var out []*kindInfo
		for _, s := range field.Schema().Expansion() {
			out = append(out, e.kind(s.Name))
		}
		return out
	case p.Required || field == nil:
		family := strings.TrimSuffix(k.name, lastName(k.name)) // "card" of issuing.authorization is issuing.card
		if target := cmp.Or(e.kinds[family+f.name], e.kinds[f.name]); target != nil {
			return []*kindInfo{target}
		}
	}
	return nil
}

// filterRefExists refuses a list that asks for an object that is not there: Stripe says so rather than to answer an
// empty list. A deleted one will do.
func (e *Engine) filterRefExists(ns namespace, f *filter, ids []string) error {
	if e.options.Mock || len(f.targets) == 0 {
		return nil
	}
	for _, id := range ids {
		if !slices.ContainsFunc(f.targets, func(k *kindInfo) bool { return e.everWas(ns, k, id) }) {
			return e.missing(ns, f.targets[0], id, f.name, true)
		}
	}
	return nil
}

func (e *Engine) everWas(ns namespace, k *kindInfo, id string) bool {
	d, err := e.getDoc(e.store, ns, k, k.docID(id))
	return err == nil && d.Kind == k.name || k.isSelf(ns, id)
}

// inOtherMode reports whether the id that was not found here exists in the account's other mode.
func (e *Engine) inOtherMode(ns namespace, k *kindInfo, id string) bool {
	sibling := e.registry.Sibling(ns)
	if sibling == nil {
		return false
	}
	d, err := e.store.Get(sibling.NS, k.docID(id))
	return err == nil && !d.Deleted && d.Kind == k.name
}
