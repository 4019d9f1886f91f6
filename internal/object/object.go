package object

import (
	"iter"
	"sync/atomic"
	"unsafe"

	"sharesmart/internal/spec"
)

// Number is a JSON number that is no int64, as its text: "12.5", "1e3".
type Number string

// Object is an ordered set of named values. Names are found by walking: objects are small, and that is quicker than a
// map up to a few dozen fields. An Object may be read from many goroutines at once, and changed by one.
type Object struct {
	schema *spec.Schema
	fields []field
}

type field struct {
	name  string
	value any
}

// Strict makes an unknown name panic. Tests set it before anything runs; a server leaves it off and counts instead.
var Strict bool

var unknown atomic.Int64

// Unknown is how many values were refused because their name is not in the schema.
func Unknown() int64 { return unknown.Load() }

// New makes an empty object. A nil schema leaves names unchecked, as does one that stands for several shapes.
func New(schema *spec.Schema) *Object {
	return &Object{schema: shapeOf(schema, nil)}
}

// Of makes an object without a schema from names and values in turn. A value that is nil or an empty text is left out.
func Of(pairs ...any) *Object {
	o := New(nil)
	o.Grow(len(pairs) / 2)
	for i := 0; i < len(pairs); i += 2 {
		if v := pairs[i+1]; v != nil && v != "" {
			o.Set(pairs[i].(string), v)
		}
	}
	return o
}

// Schema is what names are checked against; nil when they are not.
func (o *Object) Schema() *spec.Schema {
	if o == nil {
		return nil
	}
	return o.schema
}

// Len is the number of fields.
func (o *Object) Len() int {
	if o == nil {
		return 0
	}
	return len(o.fields)
}

// Keys are the names, in order.
func (o *Object) Keys() []string {
	keys := make([]string, o.Len())
	for i := range keys {
		keys[i] = o.fields[i].name
	}
	return keys
}

// All yields names and values in order. The object must not gain or lose fields meanwhile.
func (o *Object) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for i := range o.Len() {
			if !yield(o.fields[i].name, o.value(i)) {
				return
			}
		}
	}
}

// find is the place of a name, or -1. A nil object has no names.
func (o *Object) find(name string) int {
	if o == nil {
		return -1
	}
	if len(o.fields) < rememberedFrom {
		return o.walk(name)
	}
	place := &places[placeOf(name, o.schema)]
	if i := int(place.Load()); i < len(o.fields) && o.fields[i].name == name {
		return i
	}
	i := o.walk(name)
	if i >= 0 {
		place.Store(uint32(i))
	}
	return i
}

// places are where names were found last in objects of a shape. Nearly all objects of a shape have a field in the same place,
// and the names that rules ask for are constants, so where a name is kept and the shape tell which was asked for. A wrong place
// costs a walk.
var places [1 << 12]atomic.Uint32

// rememberedFrom is how many fields an object has for which it is worth it.
const rememberedFrom = 8

func placeOf(name string, shape *spec.Schema) uint64 {
	h := uint64(uintptr(unsafe.Pointer(unsafe.StringData(name)))) ^ uint64(uintptr(unsafe.Pointer(shape)))<<7 ^ uint64(len(name))<<17
	return h * 0x9e3779b97f4a7c15 >> (64 - 12) // places has 1 << 12
}

func (o *Object) walk(name string) int {
	n := len(name)
	for i := range o.fields {
		f := o.fields[i].name
		if len(f) == n && (n == 0 || f[n-1] == name[n-1] && f == name) { // most that are as long end in another way
			return i
		}
	}
	return -1
}

// Has reports whether there is a field of that name, null or not.
func (o *Object) Has(name string) bool { return o.find(name) >= 0 }

// Get is the value of a field: nil, bool, int64, Number, string, *Object or []any. It is nil if there is no such field.
func (o *Object) Get(name string) any {
	if i := o.find(name); i >= 0 {
		return o.value(i)
	}
	return nil
}

// At walks through nested objects; nil if any step is absent or no object.
func (o *Object) At(path ...string) any {
	var v any = o
	for _, name := range path {
		inner, ok := v.(*Object)
		if !ok {
			return nil
		}
		v = inner.Get(name)
	}
	return v
}

// String is a field's text, or "" if it holds no string.
func (o *Object) String(name string) string {
	s, _ := o.Get(name).(string)
	return s
}

// Int is a field's integer, or 0 if it holds none.
func (o *Object) Int(name string) int64 {
	n, _ := o.Get(name).(int64)
	return n
}

// Bool reports whether a field is true.
func (o *Object) Bool(name string) bool {
	b, _ := o.Get(name).(bool)
	return b
}

// Object is a nested object, or nil. The nil object can be asked like an empty one.
func (o *Object) Object(name string) *Object {
	inner, _ := o.Get(name).(*Object)
	return inner
}

// Array is a field's elements, or nil if it holds no array.
func (o *Object) Array(name string) []any {
	list, _ := o.Get(name).([]any)
	return list
}

// ID is the object's own id.
func (o *Object) ID() string { return o.String("id") }

// Ref is the id that an expandable field holds: the text itself, or the id of the object in its place.
func (o *Object) Ref(name string) string {
	switch v := o.Get(name).(type) {
	case string:
		return v
	case *Object:
		return v.ID()
	}
	return ""
}
