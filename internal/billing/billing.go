// Package billing holds the rules: what is special about one kind of object, in a file of its own that registers it.
// What every kind has in common is in package resource, and storage and HTTP are below and above that.
//
// A new rule is a new file with a call of register in its init; nothing else changes. The order of registration never
// matters. Objects that act on each other do so by calling each other by name; nothing listens in secret.
//
// How lists are filtered and what can be searched is the same kind of thing for every object, and so stands together in
// list_filters.go and search_fields.go.
package billing

import (
	"maps"
	"slices"
	"sync"

	"sharesmart/internal/resource"
)

var all []resource.Rules

// register adds the rules of a kind. Two for the same kind are a mistake in the program.
func register(r resource.Rules) {
	if slices.ContainsFunc(all, func(known resource.Rules) bool { return known.Object == r.Object }) {
		panic("billing: rules for " + r.Object + " are registered twice")
	}
	all = append(all, r)
}

// Rules are all rules, for the engine. The result must not be changed.
func Rules() []resource.Rules { return collected() }

var collected = sync.OnceValue(func() []resource.Rules {
	rules := slices.Clone(all)
	for _, more := range slices.Concat(listFilters, searchFields) {
		i := slices.IndexFunc(rules, func(r resource.Rules) bool { return r.Object == more.Object })
		if i < 0 {
			rules = append(rules, more)
			continue
		}
		r := &rules[i]
		r.Filters = joined(r.Object, r.Filters, more.Filters)
		r.FilterValues = joined(r.Object, r.FilterValues, more.FilterValues)
		r.Defaults = joined(r.Object, r.Defaults, more.Defaults)
		r.NoDefaultWith = joined(r.Object, r.NoDefaultWith, more.NoDefaultWith)
		r.Lookups = joined(r.Object, r.Lookups, more.Lookups)
		r.Search = joined(r.Object, r.Search, more.Search)
		r.SearchValues = joined(r.Object, r.SearchValues, more.SearchValues)
		r.ParentFilters = slices.Concat(r.ParentFilters, more.ParentFilters)
	}
	return rules
})

// joined is both maps as one. A name in both is a mistake in the program.
func joined[V any](object string, a, b map[string]V) map[string]V {
	if len(b) == 0 {
		return a
	}
	out := make(map[string]V, len(a)+len(b))
	maps.Copy(out, a)
	for name, v := range b {
		if _, twice := out[name]; twice {
			panic("billing: " + object + " has two rules for " + name)
		}
		out[name] = v
	}
	return out
}
