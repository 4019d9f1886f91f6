package param

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// nothing is the schema of an operation without parameters.
var nothing = &spec.Schema{Kind: spec.Object}

// params is the walk over all that was sent.
func (d *decoder) params(op *spec.Operation) *object.Object {
	s := op.Params()
	if s == nil {
		s = nothing
	}
	if len(d.files) > 0 {
		d.checkFiles(s)
	}
	return d.object(s, 0)
}

// value gives what was sent at a node the type that its schema asks for. It is nil after an error.
func (d *decoder) value(s *spec.Schema, n int32, required bool) any {
	if s == nil {
		return d.free(n)
	}
	if len(s.AnyOf()) > 0 {
		return d.union(s, n, required)
	}
	at := &d.nodes[n]
	switch {
	case at.shape == scalar:
		return d.scalar(s, n, required)
	case s.Kind == spec.Any, s.Kind == spec.String && s.Open && len(s.Enum) == 0 && at.shape == hash:
		// An open text is a token or, as Stripe takes it and does not write down, the details that it stands for.
		return d.free(n)
	case s.Kind == spec.Array:
		return d.array(s, n)
	case s.Kind == spec.Object && at.shape == hash:
		return d.object(s, n)
	}
	d.refuseKind(s, n)
	return nil
}

// refuse notes what is wrong at a node. Only the first is told, so only its message is made.
func (d *decoder) refuse(n int32, problem func(path string) *apierr.Error) {
	if d.wrong == nil {
		d.wrong = problem(d.path(n))
	}
}

func (d *decoder) refuseKind(s *spec.Schema, n int32) {
	d.refuse(n, func(path string) *apierr.Error { return errKind(s, path, d.inspect(n)) })
}

// object is a hash with the names that the schema knows, or a map.
func (d *decoder) object(s *spec.Schema, n int32) *object.Object {
	o := object.New(nil)
	d.checkRequired(s, n)
	additional := s.Additional()
	if additional != nil && isMetadata(d.nodes[n].name) && !d.checkMetadata(n) {
		return o
	}
	o.Grow(int(d.nodes[n].count))
	for child := d.nodes[n].first; child != 0; child = d.nodes[child].next {
		c := &d.nodes[child]
		if c.dead {
			continue
		}
		prop := s.Prop(c.name)
		switch {
		case prop != nil:
			o.Add(c.name, d.value(prop.Schema(), child, prop.Required))
		case additional != nil:
			o.Add(c.name, d.value(additional, child, false))
		case n == 0 && isTransport(c.name):
		default:
			if d.roomForUnknown() {
				d.noteUnknown(d.path(child), c.name, s)
			}
		}
	}
	return o
}

// isTransport names what Stripe.js sends in a form because it cannot set headers. The edge reads them (Lookup).
func isTransport(name string) bool {
	return name == "key" || name == "_stripe_version" || name == "_stripe_account"
}

// checkRequired looks for required names that were not sent. It runs before the children are walked, so that the
// outermost one is reported.
func (d *decoder) checkRequired(s *spec.Schema, n int32) {
	for i := range s.Props {
		p := &s.Props[i]
		if !p.Required || d.find(n, p.Name) != 0 {
			continue
		}
		if _, uploaded := d.files[p.Name]; uploaded && n == 0 {
			continue
		}
		if d.missing == "" {
			d.missing = below(d.path(n), p.Name)
		}
	}
}

// array is a list, or a hash whose names are numbers: its order is theirs, and gaps close.
func (d *decoder) array(s *spec.Schema, n int32) any {
	at := &d.nodes[n]
	children := make([]int32, 0, at.count)
	sorted := true
	for child := at.first; child != 0; child = d.nodes[child].next {
		name := d.nodes[child].name
		if at.shape == hash && !isIndex(name) {
			d.refuse(n, errArray)
			return nil
		}
		if k := len(children); k > 0 && compareIndexes(d.nodes[children[k-1]].name, name) > 0 {
			sorted = false
		}
		children = append(children, child)
	}
	if !sorted {
		slices.SortStableFunc(children, func(a, b int32) int { return compareIndexes(d.nodes[a].name, d.nodes[b].name) })
	}
	items := s.Items()
	values := make([]any, 0, len(children))
	for _, child := range children {
		values = append(values, d.value(items, child, false))
	}
	return values
}

// compareIndexes orders numbers of any length. Elements of a list have no names, so they are all equal.
func compareIndexes(a, b string) int {
	a, b = trimZeros(a), trimZeros(b)
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func trimZeros(s string) string {
	for len(s) > 1 && s[0] == '0' {
		s = s[1:]
	}
	return s
}

// free is a value in a place where anything may be: text, objects of free values, and arrays where names are numbers.
func (d *decoder) free(n int32) any {
	at := &d.nodes[n]
	if at.shape == scalar {
		return at.value
	}
	if at.shape == list || d.isArray(n) {
		return d.array(anything, n)
	}
	o := object.New(nil)
	o.Grow(int(at.count))
	for child := at.first; child != 0; child = d.nodes[child].next {
		o.Add(d.nodes[child].name, d.free(child))
	}
	return o
}

var anything = &spec.Schema{}

// isArray reports whether all names below a node are numbers.
func (d *decoder) isArray(n int32) bool {
	for child := d.nodes[n].first; child != 0; child = d.nodes[child].next {
		if !isIndex(d.nodes[child].name) {
			return false
		}
	}
	return true
}
