package object

import "sharesmart/internal/spec"

// checkUnion is for a schema that stands for several: an anyOf, or a place that holds an id or what the id stands for.
func checkUnion(s *spec.Schema, v any) *fault {
	if v == nil && s.Nullable {
		return nil
	}
	if o, ok := v.(*Object); ok {
		return checkAlternatives(s, o)
	}
	var first *fault
	for _, alternative := range s.AnyOf() {
		if v == nil && !alternative.Nullable || v != nil && !mayFit(alternative, v) {
			continue
		}
		f := check(alternative, v)
		if f == nil {
			return nil
		}
		if first == nil {
			first = f
		}
	}
	if id, ok := v.(string); ok && len(s.AnyOf()) == 0 && s.Kind == spec.String {
		return checkString(s, id)
	}
	if first == nil {
		return wrong("must not be %s", nameOf(v))
	}
	return first
}

// mayFit reports whether a value is of the alternative's type, or whether that takes a closer look.
func mayFit(s *spec.Schema, v any) bool {
	return s.Kind == spec.Any || fits(s.Kind, v)
}

// checkAlternatives checks an object against the alternative that it says it is, and only then against any.
func checkAlternatives(s *spec.Schema, o *Object) *fault {
	if shape := shapeOf(s, o); shape != nil {
		return check(shape, o)
	}
	var first *fault
	for _, alternatives := range [...][]*spec.Schema{s.AnyOf(), s.Expansion()} {
		for _, alternative := range alternatives {
			if !mayFit(alternative, o) {
				continue
			}
			f := check(alternative, o)
			if f == nil {
				return nil
			}
			if first == nil {
				first = f
			}
		}
	}
	if first == nil {
		return wrong("must not be an object")
	}
	return first
}
