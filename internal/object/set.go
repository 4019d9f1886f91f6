package object

import (
	"fmt"
	"slices"
	"sort"
)

// Set gives a field its value: in its place if there is one of that name, else at the end. Besides the types of Get it
// takes int, int32, uint32, []string, []*Object and map[string]string. The value belongs to the object from now on.
//
// A name that the schema does not know panics if Strict is set; otherwise it is ignored and counted.
func (o *Object) Set(name string, v any) {
	v = normalise(v)
	i := o.find(name)
	if i < 0 && !o.admits(name) {
		return
	}
	switch v.(type) {
	case *Object, []any:
		adopt(v, shapeOfProp(o.schema, name))
	}
	if i >= 0 {
		o.fields[i].value = v
		return
	}
	if cap(o.fields) == 0 {
		o.fields = make([]field, 0, firstFields)
	}
	o.fields = append(o.fields, field{name, v})
}

// firstFields is the room that the first Set makes: few objects have fewer fields, and each doubling on the way there
// would be an allocation.
const firstFields = 4

// Add appends a field that the caller knows to be new, with a value of one of Get's types. It is Set without any look
// at names or values, for whoever builds a large object from parts that are checked already.
func (o *Object) Add(name string, v any) {
	o.fields = append(o.fields, field{name, v})
}

// Grow makes room for n more fields.
func (o *Object) Grow(n int) { o.fields = slices.Grow(o.fields, n) }

// Delete removes a field, if it is there. The others keep their order.
func (o *Object) Delete(name string) {
	if i := o.find(name); i >= 0 {
		o.fields = slices.Delete(o.fields, i, i+1)
	}
}

// Sub is the nested object of that name. One is made and set where there is none, or null, or another value.
func (o *Object) Sub(name string) *Object {
	if inner := o.Object(name); inner != nil {
		return inner
	}
	inner := &Object{}
	o.Set(name, inner)
	return inner
}

// admits reports whether a new field may have that name.
func (o *Object) admits(name string) bool {
	if o.schema == nil || o.schema.Additional() != nil || o.schema.Prop(name) != nil {
		return true
	}
	if Strict {
		panic(fmt.Sprintf("object: %s has no field %q", describe(o.schema), name))
	}
	unknown.Add(1)
	return false
}

// normalise turns a Go value into one of those that a document holds. Another type is a mistake in our code.
func normalise(v any) any {
	switch v := v.(type) {
	case nil, bool, int64, string, Number:
		return v
	case *Object:
		if v == nil {
			return nil
		}
		return v
	case []any:
		for i := range v {
			v[i] = normalise(v[i])
		}
		return v
	case int:
		return int64(v)
	case int32:
		return int64(v)
	case uint32:
		return int64(v)
	case []string:
		return listOf(v)
	case []*Object:
		return listOf(v)
	case map[string]string:
		return sorted(v)
	}
	panic(fmt.Sprintf("object: a document cannot hold a %T", v))
}

func listOf[T any](values []T) []any {
	list := make([]any, len(values))
	for i, v := range values {
		list[i] = normalise(any(v))
	}
	return list
}

// sorted is a map as an object. Go's maps have no order, so the names are sorted.
func sorted(m map[string]string) *Object {
	o := &Object{fields: make([]field, 0, len(m))}
	for name, value := range m {
		o.fields = append(o.fields, field{name, value})
	}
	sort.Slice(o.fields, func(i, j int) bool { return o.fields[i].name < o.fields[j].name })
	return o
}
