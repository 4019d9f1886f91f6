package resource

import (
	"bytes"
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// Model is what documents of a kind have in common, for the store (store.Options.Model): the fields of one, with the values
// that the spec itself names, and nothing of what somebody put in. It is nil for kinds that the spec does not know.
func Model(kind string, data []byte) []byte {
	schema := spec.Component(kind)
	if schema == nil {
		return nil
	}
	if kind == eventKind { // the first line names what it announces
		begin := bytes.IndexByte(data, '{')
		data = data[max(begin, 0):]
	}
	o, err := object.Parse(data, schema)
	if err != nil {
		return nil
	}
	model := modelOf(o).JSON()
	if kind == eventKind {
		return append([]byte("\n"), model...)
	}
	return model
}

// modelOf is an object without what differs. What the spec says nothing of may be anybody's, names included.
func modelOf(o *object.Object) *object.Object {
	schema, out := o.Schema(), object.New(nil)
	for name, v := range o.All() {
		if schema == nil {
			break
		}
		if prop := schema.Prop(name); prop != nil {
			out.Add(name, modelValue(prop.Schema(), v))
		}
	}
	return out
}

func modelValue(schema *spec.Schema, v any) any {
	switch v := v.(type) {
	case string:
		if !named(schema, v) {
			return ""
		}
	case int64, object.Number:
		return int64(0)
	case *object.Object:
		return modelOf(v)
	case []any:
		return modelList(schema, v)
	}
	return v
}

func modelList(schema *spec.Schema, list []any) []any {
	items := schema.Concrete().Items()
	out := make([]any, len(list))
	for i, v := range list {
		if out[i] = v; items != nil {
			out[i] = modelValue(items, v)
		} else if _, text := v.(string); text {
			out[i] = ""
		}
	}
	return out
}

// named reports whether the spec itself names a text.
func named(schema *spec.Schema, text string) bool {
	return slices.Contains(schema.Enum, text) || slices.ContainsFunc(schema.AnyOf(), func(s *spec.Schema) bool { return named(s, text) })
}
