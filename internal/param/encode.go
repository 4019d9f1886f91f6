package param

import (
	"iter"
	"slices"
	"strconv"

	"sharesmart/internal/object"
)

// Encode writes parameters as a form: metadata[key]=value, items[0][price]=..., as the official SDKs do. It is
// canonical: names are sorted, so that equal parameters have one text. Null and what is empty have no text after the
// equals sign.
func Encode(o *object.Object) string {
	e := encoder{sorted: true}
	e.emit = e.pair
	e.object(o)
	return string(e.out)
}

// Pairs yields the parameters as names and values, unescaped and in their order: the lines of a sample or of a log.
func Pairs(o *object.Object) iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		done := false
		e := encoder{raw: true}
		e.emit = func(value string) {
			done = done || !yield(string(e.path), value)
		}
		e.object(o)
	}
}

// encoder walks parameters; path is the name of the value at which it stands.
type encoder struct {
	sorted bool // by name
	raw    bool // names are not escaped
	path   []byte
	names  []string // the last is the value's own; an array's elements have that of the array
	emit   func(value string)
	out    []byte
}

// pair writes one parameter to out.
func (e *encoder) pair(value string) {
	if len(e.out) > 0 {
		e.out = append(e.out, '&')
	}
	e.out = append(e.out, e.path...)
	e.out = append(e.out, '=')
	e.out = appendEscaped(e.out, value)
}

func (e *encoder) object(o *object.Object) {
	if !e.sorted {
		for name, v := range o.All() {
			e.field(name, v)
		}
		return
	}
	names := o.Keys()
	slices.Sort(names)
	for _, name := range names {
		e.field(name, o.Get(name))
	}
}

func (e *encoder) field(name string, v any) {
	before := len(e.path)
	if before > 0 {
		e.path = append(e.path, '[')
	}
	if e.raw {
		e.path = append(e.path, name...)
	} else {
		e.path = appendEscaped(e.path, name)
	}
	if before > 0 {
		e.path = append(e.path, ']')
	}
	e.names = append(e.names, name)
	e.value(v)
	e.names = e.names[:len(e.names)-1]
	e.path = e.path[:before]
}

func (e *encoder) value(v any) {
	switch v := v.(type) {
	case nil:
		e.emit("")
	case string:
		e.emit(v)
	case bool:
		e.emit(strconv.FormatBool(v))
	case int64:
		e.emit(strconv.FormatInt(v, 10))
	case object.Number:
		e.emit(string(v))
	case *object.Object:
		if v.Len() == 0 {
			e.emit("")
			return
		}
		e.object(v)
	case []any:
		e.array(v)
	}
}

func (e *encoder) array(list []any) {
	if len(list) == 0 {
		e.emit("")
		return
	}
	before := len(e.path)
	for i, v := range list {
		e.path = append(e.path, '[')
		e.path = strconv.AppendInt(e.path, int64(i), 10)
		e.path = append(e.path, ']')
		e.value(v)
		e.path = e.path[:before]
	}
}

// appendEscaped percent-encodes what is not a letter, a digit or one of -_.~* ; a blank becomes a plus.
func appendEscaped(dst []byte, s string) []byte {
	const hex = "0123456789ABCDEF"
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.' || c == '~' || c == '*':
			dst = append(dst, c)
		case c == ' ':
			dst = append(dst, '+')
		default:
			dst = append(dst, '%', hex[c>>4], hex[c&15])
		}
	}
	return dst
}
