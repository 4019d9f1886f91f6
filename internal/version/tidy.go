package version

import (
	"slices"

	"sharesmart/internal/object"
)

// printed is the text of a document, with the fields of objects in their usual order: id and object, then by name.
func printed(v any, room int) []byte {
	tidy(v)
	return object.AppendValue(make([]byte, 0, 2*room), v, 0)
}

func tidy(v any) {
	switch v := v.(type) {
	case []any:
		for _, part := range v {
			tidy(part)
		}
	case *object.Object:
		if v.String("object") != "" {
			order(v)
		}
		for _, part := range v.All() {
			tidy(part)
		}
	}
}

// order sorts what gates have added at the end.
func order(o *object.Object) {
	names := o.Keys()
	head := min(2, len(names))
	if slices.IsSorted(names[head:]) {
		return
	}
	values := make(map[string]any, len(names))
	for name, v := range o.All() {
		values[name] = v
	}
	for _, name := range names[head:] {
		o.Delete(name)
	}
	slices.Sort(names[head:])
	for _, name := range names[head:] {
		o.Set(name, values[name])
	}
}
