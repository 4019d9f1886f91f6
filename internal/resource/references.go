package resource

import (
	"slices"
	"strings"

	"sharesmart/internal/apierr"
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

// filterRefExists refuses a list that asks for an object that is not there: Stripe says so rather than to answer an
// empty list.
func (e *Engine) filterRefExists(k *kindInfo, ns namespace, f *filter, ids []string) error {
	p := k.schema.Prop(f.name)
	if e.options.Mock || f.part != "" || f.rule != nil || p == nil || !p.Schema().CanExpand() {
		return nil
	}
	for _, id := range ids {
		found := slices.ContainsFunc(p.Schema().Expansion(), func(s *spec.Schema) bool {
			target := e.kind(s.Name)
			d, err := e.getDoc(e.store, ns, target, target.docID(id))
			return err == nil && d.Kind == target.name || target.isSelf(ns, id)
		})
		if !found {
			return apierr.MissingRef(p.Schema().Expansion()[0].Name, id, f.name)
		}
	}
	return nil
}

// filterParentExists checks the object that a filter names below which the listed ones live, where the filter has the
// name of its kind. A deleted one will do.
func (e *Engine) filterParentExists(ns namespace, f *filter, id string) error {
	target := e.kinds[f.name]
	if target == nil || e.options.Mock {
		return nil
	}
	if d, err := e.getDoc(e.store, ns, target, target.docID(id)); err != nil || d.Kind != target.name {
		return apierr.MissingRef(target.name, id, f.name)
	}
	return nil
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
