package version

import (
	"slices"
	"strings"
	"sync"

	"sharesmart/internal/spec"
)

// cut finds where an expand path of an older version leaves the newest shape: newer is the part before that, and through
// reports whether a gate brings the rest back.
func cut(gates []Gate, shapes []*spec.Schema, names []string) (newer []string, through bool) {
	for i, name := range names {
		var next []*spec.Schema
		for _, s := range shapes {
			if brought(gates, s.Name, name) {
				return names[:i], true
			}
			if p := s.Prop(name); p != nil {
				next = append(next, within(p.Schema(), nil)...)
			}
		}
		shapes = next
	}
	return names, false
}

// reached are the kinds of objects that an expand path of an older version leads through. Without ok, it leads nowhere.
func reached(gates []Gate, shapes []*spec.Schema, names []string) (kinds []string, ok bool) {
	for _, name := range names {
		next, found := step(gates, shapes, name)
		switch {
		case !found && name == "data": // of a list that was brought back
			continue
		case !found:
			return kinds, false
		case len(next) == 0: // no kind of its own was brought back, but something that names one
			return kinds, true
		}
		shapes = next
		for _, s := range shapes {
			if s.Resource != "" && !shown[name] {
				kinds = append(kinds, s.Name)
			}
		}
	}
	return kinds, true
}

// step are the shapes that an expand path goes on in after a name, if there is something to expand.
func step(gates []Gate, shapes []*spec.Schema, name string) (next []*spec.Schema, found bool) {
	for _, s := range shapes {
		if brought(gates, s.Name, name) {
			next, found = append(next, shapesOf(restoredKinds[name])...), true
		} else if p := s.Prop(name); p != nil && (s.CanExpandField(name) || p.Schema().CanExpand()) {
			next, found = within(p.Schema(), next), true
		}
	}
	return next, found
}

// restoredKinds are what stands in the fields that gates bring back.
var restoredKinds = map[string]string{
	"charge": "charge", "charges": "charge", "coupon": "coupon", "discount": "discount", "invoice": "invoice", "invoice_item": "invoiceitem",
	"payment_intent": "payment_intent", "plan": "plan", "price": "price", "quote": "quote", "refund": "refund", "subscription": "subscription",
	"subscription_item": "subscription_item",
}

// shown are those that an older version shows in full to everybody.
var shown = map[string]bool{"coupon": true, "discount": true, "plan": true, "price": true}

// brought reports whether a gate brings back a field of a kind.
func brought(gates []Gate, kind, name string) bool {
	return slices.ContainsFunc(gates, func(g Gate) bool { return slices.Contains(g.restores[kind], name) })
}

// within are the shapes that an expand path goes on in from a place.
func within(s *spec.Schema, out []*spec.Schema) []*spec.Schema {
	if s == nil || strings.HasPrefix(s.Name, "deleted_") {
		return out
	}
	for _, other := range slices.Concat(s.AnyOf(), s.Expansion()) {
		out = within(other, out)
	}
	if s.Kind == spec.Array {
		return within(s.Items(), out)
	}
	return append(out, s)
}

func shapesOf(kinds ...string) []*spec.Schema {
	var shapes []*spec.Schema
	for _, kind := range kinds {
		if s := spec.Component(kind); s != nil {
			shapes = append(shapes, s)
		}
	}
	return shapes
}

// paths are where objects can be read by their ids alone, by kind.
var paths = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, op := range spec.Operations() {
		if op.Method == "GET" && op.Form == spec.Retrieve && len(op.PathParams) == 1 && len(op.Kinds) > 0 {
			path := strings.Replace(op.Path, "{"+op.PathParams[0]+"}", "{}", 1)
			if known := all[op.Kind]; known == "" || len(path) < len(known) {
				all[op.Kind] = path
			}
		}
	}
	return all
})

func pathOf(kind string) string { return paths()[kind] }
