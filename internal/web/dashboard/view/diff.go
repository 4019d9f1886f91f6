package view

import (
	"strconv"

	"sharesmart/internal/object"
)

// Change is a value that differs between two versions of an object.
type Change struct {
	Path          string // "address.city"
	Before, After string // as JSON; empty where there was none
	Added, Gone   bool
}

// mostChanges is how many are shown of one object, and longestValue how long a value may be.
const (
	mostChanges  = 200
	longestValue = 300
)

// Diff lists what differs, in the order of the newer version's fields, with what is gone behind that.
func Diff(before, after *object.Object) []Change {
	old := flatten(before)
	was := make(map[string]string, len(old))
	for _, f := range old {
		was[f.path] = f.value
	}
	var out []Change
	kept := map[string]bool{}
	for _, f := range flatten(after) {
		kept[f.path] = true
		value, had := was[f.path]
		if !had || value != f.value {
			out = append(out, Change{Path: f.path, Before: value, After: f.value, Added: !had})
		}
	}
	for _, f := range old {
		if !kept[f.path] {
			out = append(out, Change{Path: f.path, Before: f.value, Gone: true})
		}
	}
	return out[:min(len(out), mostChanges)]
}

type leaf struct{ path, value string }

// flatten lists the plain values of an object by the way to them.
func flatten(o *object.Object) []leaf {
	var out []leaf
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case *object.Object:
			if v == nil || v.Len() == 0 {
				out = append(out, leaf{path, "{}"})
				return
			}
			for name, field := range v.All() {
				walk(join(path, name), field)
			}
		case []any:
			if len(v) == 0 {
				out = append(out, leaf{path, "[]"})
			}
			for i, item := range v {
				walk(join(path, strconv.Itoa(i)), item)
			}
		default:
			text := string(object.AppendValue(nil, v, 0))
			if len(text) > longestValue {
				text = text[:longestValue] + "…"
			}
			out = append(out, leaf{path, text})
		}
	}
	if o != nil {
		walk("", o)
	}
	return out
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
