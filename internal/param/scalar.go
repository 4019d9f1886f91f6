package param

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// scalar gives a text its type.
func (d *decoder) scalar(s *spec.Schema, n int32, required bool) any {
	text := d.nodes[n].value
	if text == "" {
		v, ok := empty(s, required)
		if !ok {
			d.refuse(n, errEmpty)
		}
		return v
	}
	v, ok := typed(s, text)
	if !ok {
		d.refuse(n, func(path string) *apierr.Error { return errScalar(s, path, text) })
	} else if problem := errBound(d.nodes[n].name, v); problem != nil {
		d.refuse(n, problem)
	}
	return v
}

// empty is what an empty text means: nothing in an array, or "", which takes a value away. It is not ok where a value
// cannot be taken away.
func empty(s *spec.Schema, required bool) (v any, ok bool) {
	if alternatives := s.AnyOf(); len(alternatives) > 0 {
		return emptyUnion(alternatives, required)
	}
	switch s.Kind {
	case spec.Any:
		return "", true
	case spec.Array:
		return []any{}, true
	case spec.Object:
		return emptyObject(s)
	case spec.String:
		if len(s.Enum) > 0 {
			return "", slices.Contains(s.Enum, "")
		}
		return "", !required && s.Format == spec.NoFormat
	}
	return nil, false
}

// emptyObject: a map of texts can be taken away, and an object without properties is there by being named.
func emptyObject(s *spec.Schema) (v any, ok bool) {
	if values := s.Additional(); values != nil {
		return "", values.Kind == spec.String
	}
	return object.New(nil), len(s.Props) == 0
}

// emptyUnion prefers the alternative that is there for the empty text.
func emptyUnion(alternatives []*spec.Schema, required bool) (v any, ok bool) {
	for _, a := range alternatives {
		if slices.Contains(a.Enum, "") {
			return "", true
		}
	}
	for _, a := range alternatives {
		if v, ok = empty(a, required); ok {
			return v, true
		}
	}
	return nil, false
}

// typed is a text, which is not empty, as a value of the schema.
func typed(s *spec.Schema, text string) (v any, ok bool) {
	if alternatives := s.AnyOf(); len(alternatives) > 0 {
		return typedUnion(alternatives, text)
	}
	switch s.Kind {
	case spec.Any:
		return text, true
	case spec.String:
		return typedString(s, text)
	case spec.Integer:
		return integer(text)
	case spec.Number:
		return number(text)
	case spec.Boolean:
		return boolean(text)
	}
	return nil, false
}

// boolean reads a boolean. Older SDKs for Python and .NET write it with a capital.
func boolean(text string) (v any, ok bool) {
	switch text {
	case "true", "True":
		return true, true
	case "false", "False":
		return false, true
	}
	return nil, false
}

// typedUnion tries free text last, as it takes everything.
func typedUnion(alternatives []*spec.Schema, text string) (v any, ok bool) {
	for _, a := range alternatives {
		if isFreeText(a) {
			continue
		}
		if v, ok = typed(a, text); ok {
			return v, true
		}
	}
	for _, a := range alternatives {
		if !isFreeText(a) {
			continue
		}
		if v, ok = typed(a, text); ok {
			return v, true
		}
	}
	return nil, false
}

func isFreeText(s *spec.Schema) bool {
	return s.Kind == spec.String && len(s.Enum) == 0 || s.Kind == spec.Any && len(s.AnyOf()) == 0
}

func typedString(s *spec.Schema, text string) (any, bool) {
	switch {
	case len(s.Enum) > 0:
		return text, slices.Contains(s.Enum, text)
	case tooLong(s, text):
		return nil, false
	}
	switch s.Format {
	case spec.Currency:
		return strings.ToLower(text), true
	case spec.Decimal:
		_, ok := number(text)
		return text, ok
	case spec.Binary:
		return nil, false
	}
	return text, true
}

func tooLong(s *spec.Schema, text string) bool {
	return s.MaxLength > 0 && tooMany(text, int(s.MaxLength))
}

// integer reads a decimal number with or without a sign.
func integer(text string) (any, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}

// errScalar says what is wrong with a text that is no value of the schema. For a union it speaks of the most special
// alternative.
func errScalar(s *spec.Schema, path, text string) *apierr.Error {
	if alternatives := s.AnyOf(); len(alternatives) > 0 {
		best := alternatives[0]
		for _, a := range alternatives[1:] {
			if rank(a) > rank(best) {
				best = a
			}
		}
		return errScalar(best, path, text)
	}
	switch {
	case s.Kind == spec.String && len(s.Enum) > 0:
		return errEnum(path, s.Enum)
	case s.Kind == spec.String && tooLong(s, text):
		return TooLong(path, text, s.MaxLength)
	case s.Format == spec.Decimal:
		return errDecimal(path, text)
	case s.Format == spec.Binary:
		return errFile(path)
	}
	return errKind(s, path, text)
}

// rank orders the alternatives of a union for messages.
func rank(s *spec.Schema) int {
	switch s.Kind {
	case spec.Integer, spec.Number, spec.Boolean:
		return 3
	case spec.String:
		if len(s.Enum) == 1 && s.Enum[0] == "" {
			return 0
		}
		return 2
	}
	return 1
}

// errKind says that something is not of the schema's type at all.
func errKind(s *spec.Schema, path, shown string) *apierr.Error {
	for alternatives := s.AnyOf(); len(alternatives) > 0; alternatives = s.AnyOf() {
		s = slices.MaxFunc(alternatives, func(a, b *spec.Schema) int { return rank(a) - rank(b) })
	}
	switch s.Kind {
	case spec.Object:
		return errObject(path)
	case spec.Array:
		return errArray(path)
	case spec.Integer:
		if s.Format == spec.UnixTime {
			return errTimestamp(path)
		}
		return errInteger(path, shown)
	case spec.Number:
		return errDecimal(path, shown)
	case spec.Boolean:
		return errBoolean(path, shown)
	}
	return errString(path, shown)
}

// number reads a decimal number: an integer if it is one, else an object.Number as JSON writes it, without zeros at the
// end. "+5", ".5", "05" and "1e3" are numbers too.
func number(text string) (any, bool) {
	digits := strings.TrimLeft(text, "+-")
	if len(text)-len(digits) > 1 || digits == "" || strings.IndexByte("0123456789.", digits[0]) < 0 || strings.ContainsAny(text, "xX_") {
		return nil, false
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil, false
	}
	if strings.ContainsAny(text, "eE") {
		digits = strconv.FormatFloat(math.Abs(f), 'g', -1, 64)
		if strings.IndexByte(digits, 'e') >= 0 {
			return object.Number(strconv.FormatFloat(f, 'g', -1, 64)), true
		}
	}
	whole, fraction, _ := strings.Cut(digits, ".")
	whole, fraction = trimZeros(whole), strings.TrimRight(fraction, "0")
	if whole == "" {
		whole = "0"
	}
	if text[0] == '-' && (whole != "0" || fraction != "") {
		whole = "-" + whole
	}
	if fraction != "" {
		return object.Number(whole + "." + fraction), true
	}
	if n, err := strconv.ParseInt(whole, 10, 64); err == nil {
		return n, true
	}
	return object.Number(whole), true
}
