package billing_test

import (
	"slices"
	"strconv"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// note keeps the parameters of a form that the object made from it does not show.
func (w *world) note(op *spec.Operation, form []string, made *object.Object) {
	for i := 0; i < len(form); i += 2 {
		line := op.ID + "\t" + form[i]
		if valueAt(made, form[i]) != form[i+1] && !slices.Contains(w.unmerged, line) {
			w.unmerged = append(w.unmerged, line)
		}
	}
}

// valueAt is the text of the value at a bracket path, of an object its id; empty if there is none.
func valueAt(o *object.Object, path string) string {
	var v any = o
	for _, name := range strings.FieldsFunc(path, func(r rune) bool { return r == '[' || r == ']' }) {
		switch at := v.(type) {
		case *object.Object:
			v = at.Get(name)
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(at) {
				return ""
			}
			v = at[i]
		default:
			return ""
		}
	}
	switch v := v.(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		return strconv.FormatBool(v)
	case object.Number:
		return string(v)
	case *object.Object:
		return v.ID()
	}
	return ""
}
