package resource

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// filter is one parameter of a list, or one part of a parameter that is a hash, and what it looks at in an object.
type filter struct {
	name  string // of the parameter: "recurring"
	part  string // of a nested one: "interval"
	field string // of the refs: "recurring.interval"
	path  []string
	rule  func(*object.Object) []string
	kind  filterKind
	via   Lookup
	// targets are the kinds of what the filter names by its id; see filterTargets.
	targets []*kindInfo
}

type filterKind uint8

const (
	exact   filterKind = iota
	ranged             // {gt, gte, lt, lte} or a number
	beyond             // objects whose text is greater
	mapped             // a hash of free names, each of which must have its value
	below_             // objects that were created below that one
	through            // a Lookup
	hearing            // whether all were told of an event; see heard.go
)

// paging are the parameters of every list; they are no filters of a field. For those of time see conditions.go, for the
// order see order.go.
var paging = []string{"limit", "starting_after", "ending_before", "expand", "page", "query", "created", "created_after", "created_before", "order_by"}

// addFilters learns the filters of a list operation, for every kind that it lists.
func (e *Engine) addFilters(op *spec.Operation) {
	if op.Class == spec.Singleton && op.Target != "" && spec.Component(op.Kind).Prop("id") != nil {
		if k := e.kind(op.Kind); linkField(k.schema, op.Target) != "" {
			link := linkField(k.schema, op.Target)
			k.index(&filter{name: link, field: link, path: []string{link}}) // see newestBelow
		}
	}
	if op.Form != spec.List && op.Form != spec.SubList || e.ruled[op].origin != "" {
		return
	}
	for _, name := range op.Kinds {
		k := e.kind(name)
		if link := linkField(k.schema, op.Parent); op.Parent != "" && link != "" {
			k.index(&filter{name: link, field: link, path: []string{link}})
		}
		for i := range op.Params().Props {
			if p := &op.Params().Props[i]; !slices.Contains(paging, p.Name) {
				e.addFilter(op, k, p)
			}
		}
	}
}

func (e *Engine) addFilter(op *spec.Operation, k *kindInfo, p *spec.Prop) {
	filters := k.filtersFor(p)
	if len(filters) == 0 {
		e.unserved = append(e.unserved, op.Method+" "+op.Path+" "+p.Name)
	}
	k.params[p.Name] = filters
	for _, f := range filters {
		f.targets = e.filterTargets(k, p, f)
		switch f.kind {
		case below_, hearing:
		case through:
			e.kind(f.via.Kind).index(&filter{name: f.via.Field, field: f.via.Field, path: strings.Split(f.via.Field, ".")})
			k.index(&filter{name: f.via.Match, field: f.via.Match, path: strings.Split(f.via.Match, ".")})
		default:
			k.index(f)
		}
	}
}

// checkFilterRules refuses rules for filters that no list has.
func (e *Engine) checkFilterRules() error {
	for kind, r := range e.rules {
		names := slices.Concat(r.ParentFilters, slices.Collect(maps.Keys(r.Filters)), slices.Collect(maps.Keys(r.FilterValues)),
			slices.Collect(maps.Keys(r.Defaults)), slices.Collect(maps.Keys(r.NoDefaultWith)), slices.Collect(maps.Keys(r.Lookups)))
		for _, name := range names {
			param, _, _ := strings.Cut(name, ".")
			if e.kind(kind).params[param] == nil {
				return fmt.Errorf("rules for %q: its lists have no filter %q", kind, name)
			}
		}
		for field := range r.Listed {
			if r.Index[field] == nil {
				return fmt.Errorf("rules for %q: lists show what has a value in %q, which is not indexed", kind, field)
			}
		}
	}
	return nil
}

// UnservedFilters names the list parameters of the spec that nothing serves. There should be none.
func (e *Engine) UnservedFilters() []string { return e.unserved }

// index makes the objects of the kind to be found by what the filter looks at.
func (k *kindInfo) index(f *filter) {
	if _, known := k.filters[f.field]; !known {
		k.filters[f.field] = f
		k.indexed = append(k.indexed, f)
	}
}

// filtersFor works out what a list parameter looks at: a rule, the parts of a hash, the field of the same name, or the
// field whose plural it is.
func (k *kindInfo) filtersFor(p *spec.Prop) []*filter {
	if k.name == eventKind && p.Name == heardFilter {
		return []*filter{{name: p.Name, field: p.Name, kind: hearing}}
	}
	if f := k.ruledFilter(p); f != nil {
		return []*filter{f}
	}
	s := p.Schema()
	if parts := hashParts(s); parts != nil {
		return k.partFilters(p, parts)
	}
	for _, field := range []string{p.Name, strings.TrimSuffix(p.Name, "s")} {
		if k.schema.Prop(field) != nil {
			return []*filter{{name: p.Name, field: field, path: []string{field}, kind: kindOf(s)}}
		}
	}
	return nil
}

// ruledFilter is the filter that the kind's rules make for a parameter, if they do.
func (k *kindInfo) ruledFilter(p *spec.Prop) *filter {
	if k.rules == nil {
		return nil
	}
	if via, ok := k.rules.Lookups[p.Name]; ok {
		return &filter{name: p.Name, field: p.Name, kind: through, via: via}
	}
	if slices.Contains(k.rules.ParentFilters, p.Name) {
		return &filter{name: p.Name, field: p.Name, kind: below_}
	}
	if rule := k.rules.Filters[p.Name]; rule != nil {
		return &filter{name: p.Name, field: p.Name, rule: rule, kind: kindOf(p.Schema())}
	}
	return nil
}

// partFilters are the filters of a hash: one for each of its parts, or one for all if its names are free.
func (k *kindInfo) partFilters(p *spec.Prop, parts *spec.Schema) []*filter {
	if len(parts.Props) == 0 {
		return []*filter{{name: p.Name, field: p.Name, path: []string{p.Name}, kind: mapped}}
	}
	var out []*filter
	for i := range parts.Props {
		part := &parts.Props[i]
		f := &filter{name: p.Name, part: part.Name, field: p.Name + "." + part.Name, path: []string{p.Name, part.Name}, kind: kindOf(part.Schema())}
		if k.rules != nil {
			f.rule = k.rules.Filters[f.field]
		}
		if f.rule == nil && !hasPath(k.schema, f.path) {
			if part.Name != "after" {
				return nil
			}
			f.path, f.kind = f.path[:1], beyond
		}
		out = append(out, f)
	}
	return out
}

// hasPath reports whether an object of a shape may have a value at a path.
func hasPath(s *spec.Schema, path []string) bool {
	if len(path) == 0 {
		return true
	}
	if p := s.Prop(path[0]); p != nil {
		return hasPath(p.Schema(), path[1:])
	}
	return slices.ContainsFunc(s.AnyOf(), func(alt *spec.Schema) bool { return hasPath(alt, path) })
}

// hashParts is the shape of a filter that is a hash of filters ({interval, usage_type}), or nil for other filters.
func hashParts(s *spec.Schema) *spec.Schema {
	if s.Kind == spec.Object && s.Prop("gt") == nil {
		return s
	}
	return nil
}

func kindOf(s *spec.Schema) filterKind {
	if s.Prop("gte") != nil || slices.ContainsFunc(s.AnyOf(), func(alt *spec.Schema) bool { return alt.Prop("gte") != nil }) {
		return ranged
	}
	return exact
}
