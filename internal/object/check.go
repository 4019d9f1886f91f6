package object

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"sharesmart/internal/spec"
)

// Check says whether a value is of the shape that the schema describes, and if not, where it differs:
//
//	customer.shipping.name: must be a string, not an integer
//
// It costs no allocation when all is well. A nil schema admits everything.
func Check(schema *spec.Schema, v any) error {
	if f := check(schema, v); f != nil {
		return f
	}
	return nil
}

// fault is what Check found. Its path grows from the inside out while the calls return, so that no path is built for
// what is right.
type fault struct {
	path   string
	reason string
}

// Error names the path, then what is wrong there.
func (f *fault) Error() string {
	if f.path == "" {
		return f.reason
	}
	return strings.TrimPrefix(f.path, ".") + ": " + f.reason
}

func wrong(format string, args ...any) *fault { return &fault{reason: fmt.Sprintf(format, args...)} }

func (f *fault) below(name string) *fault {
	f.path = "." + name + f.path
	return f
}

func (f *fault) within(i int) *fault {
	f.path = "[" + strconv.Itoa(i) + "]" + f.path
	return f
}

func check(s *spec.Schema, v any) *fault {
	if s == nil {
		return nil
	}
	if len(s.AnyOf()) > 0 || s.CanExpand() {
		return checkUnion(s, v)
	}
	if v == nil && (s.Nullable || s.Kind == spec.Any) {
		return nil
	}
	if s.Kind != spec.Any && !fits(s.Kind, v) {
		return wrong("must be %s, not %s", article(s.Kind), nameOf(v))
	}
	switch v := v.(type) {
	case string:
		return checkString(s, v)
	case bool:
		return checkEnum(s, strconv.FormatBool(v))
	case int64:
		if len(s.Enum) > 0 {
			return checkEnum(s, strconv.FormatInt(v, 10))
		}
	case []any:
		return checkList(s, v)
	case *Object:
		return checkObject(s, v)
	}
	return nil
}

// fits reports whether a value is of that JSON type. An integer is a number too.
func fits(kind spec.Kind, v any) bool {
	switch v.(type) {
	case string:
		return kind == spec.String
	case int64:
		return kind == spec.Integer || kind == spec.Number
	case Number:
		return kind == spec.Number
	case bool:
		return kind == spec.Boolean
	case []any:
		return kind == spec.Array
	case *Object:
		return kind == spec.Object
	}
	return false
}

func checkString(s *spec.Schema, v string) *fault {
	if most := int(s.MaxLength); most > 0 && len(v) > most && utf8.RuneCountInString(v) > most {
		return wrong("must have at most %d characters, not %d", most, utf8.RuneCountInString(v))
	}
	return checkEnum(s, v)
}

func checkEnum(s *spec.Schema, text string) *fault {
	if len(s.Enum) == 0 || s.Open {
		return nil
	}
	for _, allowed := range s.Enum {
		if allowed == text {
			return nil
		}
	}
	return wrong("must be one of %s, not %q", strings.Join(s.Enum, ", "), text)
}

func checkList(s *spec.Schema, list []any) *fault {
	items := s.Items()
	for i := range list {
		if f := check(items, list[i]); f != nil {
			return f.within(i)
		}
	}
	return nil
}

func checkObject(s *spec.Schema, o *Object) *fault {
	if s.Kind == spec.Any {
		return nil
	}
	additional := s.Additional()
	required := 0
	for i := range o.fields {
		f := &o.fields[i]
		shape := additional
		if prop := s.Prop(f.name); prop != nil {
			shape = prop.Schema()
			if prop.Required {
				required++
			}
		} else if shape == nil {
			return wrong("%s has no such property", describe(s)).below(f.name)
		}
		if wrong := check(shape, o.value(i)); wrong != nil {
			return wrong.below(f.name)
		}
	}
	return checkRequired(s, o, required)
}

// checkRequired looks for what is missing, given how many of the required properties are there.
func checkRequired(s *spec.Schema, o *Object, present int) *fault {
	for i := range s.Props {
		if s.Props[i].Required {
			present--
		}
	}
	if present == 0 {
		return nil
	}
	for i := range s.Props {
		if s.Props[i].Required && !o.Has(s.Props[i].Name) {
			return wrong("%s requires this property", describe(s)).below(s.Props[i].Name)
		}
	}
	return nil
}

func article(k spec.Kind) string {
	return [...]string{"anything", "an object", "an array", "a string", "an integer", "a number", "a boolean"}[k]
}

func nameOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "a string"
	case int64:
		return "an integer"
	case Number:
		return "a number"
	case bool:
		return "a boolean"
	case []any:
		return "an array"
	case *Object:
		return "an object"
	}
	return fmt.Sprintf("a %T", v)
}
