package object

import (
	"slices"
	"strconv"

	"sharesmart/internal/spec"
)

// shapeOf is the one object schema that s can stand for, seen from the object that is in its place (nil if it is not
// made yet), or nil when that is not certain.
//
// Where there are several, as in a field that may hold a customer or a deleted customer, the object itself tells by its
// "object" field which one it is.
func shapeOf(s *spec.Schema, o *Object) *spec.Schema {
	if s == nil {
		return nil
	}
	alternatives := s.AnyOf()
	if len(alternatives) == 0 {
		if s.Kind == spec.Object {
			return s
		}
		return nil
	}
	var only *spec.Schema
	count := 0
	for _, alternative := range alternatives {
		shape := shapeOf(alternative, o)
		if shape == nil {
			continue
		}
		if o != nil && claims(shape, o) {
			return shape
		}
		only = shape
		count++
	}
	if count == 1 {
		return only
	}
	return nil
}

// claims reports whether the constants of a shape say that o is one of that shape: its "object" is named, and it says
// that it is deleted exactly if the shape demands it.
func claims(s *spec.Schema, o *Object) bool {
	kind := s.Prop("object")
	if kind == nil || !slices.Contains(kind.Schema().Enum, o.String("object")) {
		return false
	}
	deleted := s.Prop("deleted")
	return (deleted != nil && deleted.Required) == o.Bool("deleted")
}

// shapeOfProp is the schema of what a field of an object of schema s holds, or nil if that is free.
func shapeOfProp(s *spec.Schema, name string) *spec.Schema {
	if s == nil {
		return nil
	}
	if prop := s.Prop(name); prop != nil {
		return prop.Schema()
	}
	return s.Additional()
}

// itemsOf is the schema of the elements where s stands, or nil.
func itemsOf(s *spec.Schema) *spec.Schema {
	if s == nil {
		return nil
	}
	if items := s.Items(); items != nil {
		return items
	}
	for _, alternative := range s.AnyOf() {
		if items := alternative.Items(); items != nil {
			return items
		}
	}
	return nil
}

// adopt gives objects that have no schema the one of the place where they are put, and takes from them what that schema
// does not know. What has a schema is left as it is.
func adopt(v any, s *spec.Schema) { settle(v, s, true) }

func settle(v any, s *spec.Schema, check bool) {
	if s == nil {
		return
	}
	switch v := v.(type) {
	case *Object:
		if shape := shapeOf(s, v); v.schema == nil && shape != nil {
			v.take(shape, check)
		}
	case []any:
		items := itemsOf(s)
		for _, element := range v {
			settle(element, items, check)
		}
	}
}

func (o *Object) take(shape *spec.Schema, check bool) {
	o.read()
	o.schema = shape
	if check {
		o.fields = slices.DeleteFunc(o.fields, func(f field) bool { return !o.admits(f.name) })
	}
	for i := range o.fields {
		switch v := o.value(i).(type) {
		case *Object, []any:
			settle(v, shapeOfProp(shape, o.fields[i].name), check)
		}
	}
}

// Prune takes out, at any depth, what the schemas do not know, and returns the paths. Parse takes a document as it is;
// one that somebody else wrote, such as an example, is pruned before its use.
func (o *Object) Prune() []string {
	var gone []string
	o.prune("", &gone)
	return gone
}

func (o *Object) prune(path string, gone *[]string) {
	o.fields = slices.DeleteFunc(o.fields, func(f field) bool {
		if o.schema == nil || shapeOfProp(o.schema, f.name) != nil {
			return false
		}
		*gone = append(*gone, path+f.name)
		return true
	})
	for i := range o.fields {
		pruneValue(o.value(i), path+o.fields[i].name, gone)
	}
}

func pruneValue(v any, path string, gone *[]string) {
	switch v := v.(type) {
	case *Object:
		v.prune(path+".", gone)
	case []any:
		for i := range v {
			pruneValue(v[i], path+"["+strconv.Itoa(i)+"]", gone)
		}
	}
}

// describe names a schema in a message.
func describe(s *spec.Schema) string {
	if s.Name != "" {
		return s.Name
	}
	return "the nested object"
}
