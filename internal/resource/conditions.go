package resource

import (
	"maps"
	"math"
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

// conditions turns the filters that were sent to a list operation into conditions on refs.
func (e *Engine) conditions(op *spec.Operation, k *kindInfo, ns namespace, params *object.Object, q *store.Query) error {
	for i := range op.Params().Props {
		name := op.Params().Props[i].Name
		for _, f := range k.params[name] {
			if err := e.condition(k, ns, f, params, q); err != nil {
				return err
			}
		}
	}
	if k.rules != nil && len(k.rules.Listed) > 0 {
		for _, field := range slices.Sorted(maps.Keys(k.rules.Listed)) {
			q.Where = append(q.Where, store.Cond{Field: field, Values: k.rules.Listed[field]})
		}
	}
	return createdBounds(params, q)
}

func (e *Engine) condition(k *kindInfo, ns namespace, f *filter, params *object.Object, q *store.Query) error {
	sent, ok := f.sent(params)
	if !ok {
		if values := k.defaults(f, params); values != nil {
			q.Where = append(q.Where, store.Cond{Field: f.field, Values: values})
		}
		return nil
	}
	if err := e.filterRefExists(ns, f, texts(sent)); err != nil {
		return err
	}
	switch f.kind {
	case hearing: // the whole page goes by it
	case ranged:
		lo, hi, err := bounds(f.name, sent)
		if err != nil {
			return err
		}
		q.Where = append(q.Where, store.Cond{Field: f.field, Min: numberBound(lo), Max: numberBound(hi)})
	case beyond:
		q.Where = append(q.Where, store.Cond{Field: f.field, Min: searchText(sent) + "\x00"})
	case mapped:
		entries, _ := sent.(*object.Object)
		for name, v := range entries.All() {
			q.Where = append(q.Where, store.Cond{Field: f.field, Values: []string{mapValue(name, searchText(v))}})
		}
	case below_:
		q.Parent = searchText(sent)
	case through:
		values, err := e.lookup(ns, f.via, texts(sent))
		if err != nil {
			return err
		}
		q.Where = append(q.Where, store.Cond{Field: f.via.Match, Values: values})
	default:
		if values := k.filterValues(f, texts(sent)); values != nil {
			q.Where = append(q.Where, store.Cond{Field: f.field, Values: values})
		}
	}
	return nil
}

// filterValues are the values that a filter looks for; nil if it shows everything.
func (k *kindInfo) filterValues(f *filter, sent []string) []string {
	if k.rules != nil && k.rules.FilterValues[f.field] != nil {
		return translated(sent, k.rules.FilterValues[f.field])
	}
	return sent
}

// translated are the values that a rule looks up for those that were sent; nil if one of them stands for everything.
func translated(sent []string, rule func(string) []string) []string {
	out := []string{}
	for _, text := range sent {
		values := rule(text)
		if values == nil {
			return nil
		}
		out = append(out, values...)
	}
	if len(out) == 0 {
		return nothing
	}
	return out
}

// nothing are values that no object has.
var nothing = []string{"\x00"}

// defaults are the values that a filter has when it is not sent. No part of a hash has one if another part was sent.
func (k *kindInfo) defaults(f *filter, params *object.Object) []string {
	if k.rules == nil || k.rules.Defaults[f.field] == nil || params.Has(f.name) {
		return nil
	}
	if other := k.rules.NoDefaultWith[f.field]; other != "" && params.Has(other) {
		return nil
	}
	return k.rules.Defaults[f.field]
}

// maxLookup bounds how many objects a Lookup goes through.
const maxLookup = 1000

// lookup finds the values that a Lookup leads to.
func (e *Engine) lookup(ns namespace, via Lookup, sent []string) ([]string, error) {
	k := e.kind(via.Kind)
	page, err := e.store.List(store.Query{NS: e.nsOf(ns, k), Kind: k.name, Where: []store.Cond{{Field: via.Field, Values: sent}}, Limit: maxLookup})
	if err != nil {
		return nil, err
	}
	var out []string
	for _, d := range page.Docs {
		o, err := object.Parse(d.Data, k.schema)
		if err != nil {
			return nil, err
		}
		out = append(out, o.Ref(via.Take))
	}
	if out == nil {
		return nothing, nil
	}
	return out, nil
}

// sent is the value that a request gave for the filter.
func (f *filter) sent(params *object.Object) (any, bool) {
	if f.part != "" {
		v := params.At(f.name, f.part)
		return v, v != nil
	}
	v := params.Get(f.name)
	return v, v != nil
}

func texts(v any) []string {
	items, ok := v.([]any)
	if !ok {
		return []string{searchText(v)}
	}
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = searchText(item)
	}
	if len(out) == 0 {
		return nothing
	}
	return out
}

// Bounds that nothing was said about.
const (
	lowest  = math.MinInt64
	highest = math.MaxInt64
)

func numberBound(n int64) string {
	if n == lowest || n == highest {
		return ""
	}
	return store.Number(n)
}

// bounds reads a range ({gt, gte, lt, lte}) or a single number.
func bounds(name string, v any) (lo, hi int64, err error) {
	lo, hi = lowest, highest
	switch v := v.(type) {
	case int64:
		return v, v, nil
	case *object.Object:
		for key, bound := range v.All() {
			n, ok := bound.(int64)
			if !ok {
				return 0, 0, apierr.Validation("parameter_invalid_integer", name+"["+key+"]", "Invalid integer: %v", bound)
			}
			switch key {
			case "gt":
				lo = max(lo, n+1)
			case "gte":
				lo = max(lo, n)
			case "lt":
				hi = min(hi, n-1)
			case "lte":
				hi = min(hi, n)
			}
		}
	}
	return lo, hi, nil
}

// createdBounds reads the filters of the time of creation, which is what lists are ordered by.
func createdBounds(params *object.Object, q *store.Query) error {
	lo, hi, err := bounds("created", params.Get("created"))
	if err != nil {
		return err
	}
	if v, ok := params.Get("created_after").(int64); ok {
		lo = max(lo, v+1)
	}
	if v, ok := params.Get("created_before").(int64); ok {
		hi = min(hi, v-1)
	}
	if lo > 0 {
		q.CreatedMin = lo
	}
	if hi != highest {
		q.CreatedMax = max(hi, 1)
		if hi < 1 {
			q.CreatedMin = highest // nothing was created before 1970
		}
	}
	return nil
}
