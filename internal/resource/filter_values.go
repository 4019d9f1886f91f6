package resource

import (
	"strconv"

	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// objectValue is what filters read.
type objectValue = *object.Object

// append appends what the filter finds an object by. An absent or null field gives nothing: it is found by nothing.
func (f *filter) append(out []string, o objectValue) []string {
	switch {
	case f.rule != nil:
		return append(out, f.rule(o)...)
	case f.kind == mapped:
		return append(out, mapValues(o.Object(f.name))...)
	}
	return appendValues(out, o.At(f.path...), f.kind == ranged)
}

func appendValues(out []string, v any, number bool) []string {
	switch v := v.(type) {
	case string:
		if v != "" {
			return append(out, v)
		}
	case bool:
		return append(out, strconv.FormatBool(v))
	case int64:
		if number {
			return append(out, store.Number(v))
		}
		return append(out, strconv.FormatInt(v, 10))
	case *object.Object:
		if id := v.ID(); id != "" {
			return append(out, id)
		}
	case []any:
		for _, item := range v {
			out = appendValues(out, item, number)
		}
	}
	return out
}

func mapValues(o *object.Object) []string {
	var out []string
	for name, v := range o.All() {
		for _, text := range appendValues(nil, v, false) {
			out = append(out, mapValue(name, text))
		}
	}
	return out
}

func mapValue(name, text string) string { return name + "\x00" + text }

// Number is the value of a ranged filter for a number.
func Number(n int64) string { return store.Number(n) }
