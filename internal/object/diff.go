package object

// Equal compares two values deeply. The order of fields does not matter, that of elements does; numbers are compared
// as they are written.
func Equal(a, b any) bool {
	switch a := a.(type) {
	case *Object:
		b, ok := b.(*Object)
		return ok && equalObjects(a, b)
	case []any:
		b, ok := b.([]any)
		return ok && equalLists(a, b)
	case nil, bool, int64, string, Number:
		switch b.(type) {
		case *Object, []any:
			return false
		}
		return a == b
	}
	return false
}

func equalObjects(a, b *Object) bool {
	if a == nil || b == nil {
		return a == b
	}
	if len(a.fields) != len(b.fields) {
		return false
	}
	for i := range a.fields {
		j := b.findNear(a.fields[i].name, i)
		if j < 0 || !sameText(&a.fields[i], &b.fields[j]) && !Equal(a.value(i), b.value(j)) {
			return false
		}
	}
	return true
}

// findNear is find for a field that most likely is at place i.
func (o *Object) findNear(name string, i int) int {
	if o != nil && i < len(o.fields) && o.fields[i].name == name {
		return i
	}
	return o.find(name)
}

func equalLists(a, b []any) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

// Diff is what Stripe sends as previous_attributes: what old said where new says otherwise, or nil if they are equal.
//
// Of a nested object only the names that changed are shown, however deep. An array, or an embedded list, is shown
// whole. A name that is new is shown as null. The result is a copy without a schema.
func Diff(old, new *Object) *Object {
	var changed []field
	for i := range old.Len() {
		f := &old.fields[i]
		j := -1
		if new != nil {
			j = new.findNear(f.name, i)
		}
		switch {
		case j < 0:
			changed = append(changed, field{f.name, cloneValue(old.value(i))})
		case sameText(f, &new.fields[j]):
		default:
			if was, differs := previous(old.value(i), new.value(j)); differs {
				changed = append(changed, field{f.name, was})
			}
		}
	}
	for i := range new.Len() {
		if name := new.fields[i].name; old.findNear(name, i) < 0 {
			changed = append(changed, field{name, nil})
		}
	}
	if changed == nil {
		return nil
	}
	return &Object{fields: changed}
}

// previous is what to show of a value that may have changed.
func previous(was, is any) (shown any, differs bool) {
	from, ok1 := was.(*Object)
	to, ok2 := is.(*Object)
	if ok1 && ok2 && !from.isList() && !to.isList() {
		inner := Diff(from, to)
		return inner, inner != nil
	}
	if Equal(was, is) {
		return nil, false
	}
	return cloneValue(was), true
}

func (o *Object) isList() bool { return o.String("object") == "list" }
