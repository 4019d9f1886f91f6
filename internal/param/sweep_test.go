package param

import (
	"strings"
	"testing"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/spec"

	"github.com/google/go-cmp/cmp"
)

// example makes a value of a schema with every parameter that there is. turn says which alternative of a union, and
// which value of an enum, it takes.
func example(s *spec.Schema, turn int) any {
	if alternatives := s.AnyOf(); len(alternatives) > 0 {
		v := example(alternatives[turn%len(alternatives)], turn)
		if o, ok := v.(*object.Object); ok && o.Len() == 0 {
			return "" // a form cannot tell an empty hash from nothing
		}
		return v
	}
	switch s.Kind {
	case spec.Object:
		o := object.New(nil)
		for i := range s.Props {
			if p := &s.Props[i]; p.Schema().Format != spec.Binary {
				o.Set(p.Name, within(p.Name, example(p.Schema(), turn)))
			}
		}
		if values := s.Additional(); values != nil {
			o.Set("key", example(values, turn))
		}
		return o
	case spec.Array:
		return []any{example(s.Items(), turn), example(s.Items(), turn)}
	case spec.Integer:
		return int64(7 - 20*turn)
	case spec.Number:
		return object.Number("2.5")
	case spec.Boolean:
		return turn%2 == 0
	}
	switch {
	case len(s.Enum) > 0:
		return s.Enum[turn%len(s.Enum)]
	case s.Format == spec.Currency:
		return "usd"
	case s.Format == spec.Decimal:
		return "1.50"
	}
	text := []rune("ü & [=] %00 " + strings.Repeat("x", 20))
	if s.MaxLength > 0 {
		text = text[:min(len(text), int(s.MaxLength))]
	}
	return string(text)
}

// within moves an integer to the nearest one that may have the name.
func within(name string, v any) any {
	n, isInteger := v.(int64)
	if b, ok := bounds[name]; ok && isInteger {
		return min(max(n, b.least), b.most)
	}
	return v
}

// send decodes parameters as a client would send them to that operation.
func send(op *spec.Operation, params *object.Object) (*Input, error) {
	form := Encode(params)
	switch {
	case op.Method == "GET":
		return Decode(op, form, "", nil)
	case op.JSON():
		return Decode(op, "", "application/json", params.JSON())
	}
	return Decode(op, "", "", []byte(form))
}

// TestEveryOperation sends all parameters of each operation of the spec, in several variants, and expects them back.
func TestEveryOperation(t *testing.T) {
	t.Parallel()
	if len(spec.Operations()) < 500 {
		t.Fatalf("only %d operations", len(spec.Operations()))
	}
	for _, op := range spec.Operations() {
		if op.Multipart || op.Params() == nil {
			continue
		}
		for turn := range 3 {
			params := example(op.Params(), turn).(*object.Object)
			in, err := send(op, params)
			if err != nil {
				t.Errorf("%s, variant %d: %v", op.ID, turn, err)
				continue
			}
			if !object.Equal(params, in.Params) {
				t.Errorf("%s, variant %d (-want +got):\n%s", op.ID, turn,
					cmp.Diff(string(params.AppendJSON(nil, 0)), string(in.Params.AppendJSON(nil, 0))))
			}
		}
	}
}

// TestEveryRequiredParameter leaves out each required parameter of each operation.
func TestEveryRequiredParameter(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, op := range spec.Operations() {
		if op.Multipart || op.Params() == nil {
			continue
		}
		for _, p := range op.Params().Props {
			if !p.Required {
				continue
			}
			seen++
			params := example(op.Params(), 0).(*object.Object)
			params.Delete(p.Name)
			_, err := send(op, params)
			if problem := apierr.As(err); problem == nil || problem.Code != "parameter_missing" || problem.Param != p.Name {
				t.Errorf("%s without %s: %v", op.ID, p.Name, err)
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d required parameters", seen)
	}
}
