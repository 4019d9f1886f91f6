package spec

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// RightKind is the kind of object whose right a restricted key needs for the operation: what it answers, if that can be
// had on its own, else what it belongs to. The lines of an invoice need the right to the invoice; a customer's
// subscriptions need the right to subscriptions.
func (o *Operation) RightKind() string {
	switch {
	case ownKinds()[o.Kind]:
		return o.Kind
	case o.Parent != "":
		return o.Parent
	case o.Target != "":
		return o.Target
	}
	return o.Kind
}

// Permission is Stripe's name of that right: rak_customer_read.
func (o *Operation) Permission() string {
	level := "_read"
	if o.Method != http.MethodGet {
		level = "_write"
	}
	return "rak_" + strings.ReplaceAll(o.RightKind(), ".", "_") + level
}

// owned are the kinds that have a collection of their own, found when they are first asked for.
var (
	owned     map[string]bool
	findOwned sync.Once
)

func ownKinds() map[string]bool {
	findOwned.Do(func() {
		owned = map[string]bool{}
		for _, op := range Operations() {
			switch op.Class {
			case Create, Retrieve, List, Search, Upload:
				owned[op.Kind] = op.Kind != ""
			}
		}
	})
	return owned
}

// Right is one that a restricted key can have. Read and Write say which levels there are operations for.
type Right struct {
	Kind        string
	Read, Write bool
}

// Rights are all that a restricted key can have, in order of their kinds.
func Rights() []Right {
	all := map[string]Right{}
	for _, op := range Operations() {
		kind := op.RightKind()
		if kind == "" {
			continue
		}
		r := all[kind]
		r.Kind = kind
		if op.Method == http.MethodGet {
			r.Read = true
		} else {
			r.Write = true
		}
		all[kind] = r
	}
	return slices.SortedFunc(maps.Values(all), func(a, b Right) int { return strings.Compare(a.Kind, b.Kind) })
}
