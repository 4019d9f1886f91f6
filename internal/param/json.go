package param

import (
	"strconv"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// decodeJSON reads a v2 body. Values have their types already and are only checked; null takes a value away. All
// parameters are in the body, so a query is unknown.
func decodeJSON(op *spec.Operation, query string, body []byte) (*Input, error) {
	v, err := object.ParseValue(body)
	if err != nil {
		return nil, errBody("is not valid JSON: " + strings.TrimPrefix(err.Error(), "object: "))
	}
	sent, ok := v.(*object.Object)
	if !ok {
		return nil, errBody("is not a JSON object")
	}
	s := op.Params()
	if s == nil {
		s = nothing
	}
	j := jsonWalk{}
	if problem := j.refuseQuery(query); problem != nil {
		return nil, problem
	}
	params := j.object(s, sent, "")
	if problem := j.verdict(); problem != nil {
		return nil, problem
	}
	return &Input{Params: params}, nil
}

func errBody(what string) *apierr.Error {
	return apierr.Validation("", "", "Invalid request: the body %s.", elide(what, 2*longValue))
}

// jsonWalk checks values against schemas, as decoder does for forms.
type jsonWalk struct{ report }

func (j *jsonWalk) refuseQuery(query string) *apierr.Error {
	var d decoder
	if err := d.read(query, noBody, "", nil); err != nil {
		return err
	}
	for n := d.nodes[0].first; n != 0; n = d.nodes[n].next {
		if j.roomForUnknown() {
			j.noteUnknown(d.path(n), d.nodes[n].name, nil)
		}
	}
	return nil
}

func (j *jsonWalk) object(s *spec.Schema, sent *object.Object, path string) *object.Object {
	for i := range s.Props {
		if p := &s.Props[i]; p.Required && sent.Get(p.Name) == nil {
			j.noteMissing(below(path, p.Name))
		}
	}
	o := object.New(nil)
	if s.Additional() != nil && isMetadata(lastName(path)) && !j.checkMetadata(sent, path) {
		return o
	}
	o.Grow(sent.Len())
	for name, v := range sent.All() {
		at := below(path, name)
		switch prop := s.Prop(name); {
		case prop != nil:
			o.Add(name, j.value(prop.Schema(), v, at))
		case s.Additional() != nil:
			o.Add(name, j.value(s.Additional(), v, at))
		default:
			if j.roomForUnknown() {
				j.noteUnknown(at, name, s)
			}
		}
	}
	return o
}

// below is the path of a name within another one.
func below(path, name string) string {
	name = elide(name, longName)
	if path == "" {
		return name
	}
	return path + "[" + name + "]"
}

// lastName is the name at the end of a path.
func lastName(path string) string {
	return strings.TrimSuffix(path[strings.LastIndexByte(path, '[')+1:], "]")
}

// inspectJSON shows a value on one line.
func inspectJSON(v any) string {
	return strings.Join(strings.Fields(string(object.AppendValue(nil, v, 0))), " ")
}

func (j *jsonWalk) value(s *spec.Schema, v any, path string) any {
	switch {
	case v == nil:
		return nil
	case len(s.AnyOf()) > 0:
		return j.union(s, v, path)
	case !takes(s, v):
		j.noteWrong(errKind(s, path, inspectJSON(v)))
		return nil
	case s.Kind == spec.Any:
		return v
	}
	switch v := v.(type) {
	case *object.Object:
		return j.object(s, v, path)
	case []any:
		return j.array(s, v, path)
	case string:
		text, ok := typedString(s, v)
		if !ok && v != "" {
			j.noteWrong(errScalar(s, path, v))
		}
		return text
	}
	if problem := errBound(lastName(path), v); problem != nil {
		j.noteWrong(problem(path))
	}
	return v
}

// takes reports whether a value is of the schema's type.
func takes(s *spec.Schema, v any) bool {
	kind := s.Kind
	switch v.(type) {
	case *object.Object:
		return kind == spec.Object || kind == spec.Any
	case []any:
		return kind == spec.Array || kind == spec.Any
	case string:
		return kind == spec.String || kind == spec.Any
	case bool:
		return kind == spec.Boolean || kind == spec.Any
	case int64:
		return kind == spec.Integer || kind == spec.Number || kind == spec.Any
	}
	return kind == spec.Number || kind == spec.Any
}

func (j *jsonWalk) array(s *spec.Schema, sent []any, path string) any {
	values := make([]any, len(sent))
	for i, v := range sent {
		values[i] = v
		if items := s.Items(); items != nil {
			values[i] = j.value(items, v, path+"["+strconv.Itoa(i)+"]")
		}
	}
	return values
}

// union takes, of the alternatives that are of the value's type, the one in which the least is wrong.
func (j *jsonWalk) union(s *spec.Schema, v any, path string) any {
	before := j.report
	var best any
	var least *report
	for _, alternative := range s.AnyOf() {
		if len(alternative.AnyOf()) == 0 && !takes(alternative, v) {
			continue
		}
		j.report = report{}
		typed := j.value(alternative, v, path)
		if found := j.report; least == nil || found.badness() < least.badness() {
			best, least = typed, &found
		}
	}
	j.report = before
	if least == nil {
		j.noteWrong(errKind(s, path, inspectJSON(v)))
		return nil
	}
	j.add(least)
	return best
}
