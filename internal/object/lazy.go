package object

import (
	"fmt"
	"strconv"
	"strings"
	"unsafe"

	"sharesmart/internal/spec"
)

// An operation looks at a few fields of most documents that it reads, and changes fewer. So the values of a document's
// fields stay text until somebody looks at them: they are not read for nothing, and what nobody looked at is printed,
// compared and copied as it is.

// source is a document as AppendJSON printed it, without indentation: a field on each line, nested values on several. A
// field whose value is a source was not read yet. Its name is a part of the text, so the name's place tells the value's, and
// a field that is not read costs no memory.
type source struct{ text string }

const (
	lineBegin = "\n  \"" // what leads to a field's name
	nameEnd   = `": `    // what leads from there to its value
)

// Open is Parse for a document that AppendJSON printed, without indentation, and that nobody will change: its strings
// are parts of it. Its values are read when they are looked at, so an object that was opened is for one goroutine, unlike
// others, and what is not as it was printed panics then instead of being an error here.
func Open(data []byte, schema *spec.Schema) (*Object, error) {
	o, ok := open(unsafe.String(unsafe.SliceData(data), len(data)), schema)
	if !ok { // somebody else printed it
		return Parse(data, schema)
	}
	return o, nil
}

// Changes is Diff of two documents that AppendJSON printed, without indentation, and that nobody will change. It reads no
// field that stands before the first that differs, or behind the last.
func Changes(old, new []byte, schema *spec.Schema) (*Object, error) {
	a, b := unsafe.String(unsafe.SliceData(old), len(old)), unsafe.String(unsafe.SliceData(new), len(new))
	if a == "" || b == "" || a[0] != '{' || b[0] != '{' {
		return changesOfAll(old, new, schema)
	}
	begin, tail := differing(a, b)
	before, ok1 := openLines(a, begin, len(a)-tail, schema)
	after, ok2 := openLines(b, begin, len(b)-tail, schema)
	if !ok1 || !ok2 || before.schema != after.schema { // their shape may depend on what they say
		return changesOfAll(old, new, schema)
	}
	return Diff(before, after), nil
}

func changesOfAll(old, new []byte, schema *spec.Schema) (*Object, error) {
	before, err := Open(old, schema)
	if err != nil {
		return nil, err
	}
	after, err := Open(new, schema)
	if err != nil {
		return nil, err
	}
	return Diff(before, after), nil
}

// differing is where the fields begin in which two printed documents may differ, and how much follows them in both.
func differing(a, b string) (begin, tail int) {
	n := min(len(a), len(b))
	for begin+stride <= n && a[begin:begin+stride] == b[begin:begin+stride] {
		begin += stride
	}
	for begin < n && a[begin] == b[begin] {
		begin++
	}
	begin = max(strings.LastIndex(a[:begin], lineBegin), 1)
	for n -= begin; tail+stride <= n && a[len(a)-tail-stride:len(a)-tail] == b[len(b)-tail-stride:len(b)-tail]; {
		tail += stride
	}
	for tail < n && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	if i := strings.Index(a[len(a)-tail:], lineBegin); i >= 0 {
		return begin, tail - i
	}
	return begin, len("\n}")
}

// stride is how much is compared at once.
const stride = 64

// open walks over the lines of a document. It is false if they are not as AppendJSON prints them.
func open(text string, schema *spec.Schema) (*Object, bool) {
	if len(text) < len("{\n}") || text[0] != '{' || text[len(text)-len("\n}"):] != "\n}" {
		return nil, false
	}
	return openLines(text, 1, len(text)-len("\n}"), schema)
}

// openLines walks over the lines of a document from one break to another.
func openLines(text string, at, stop int, schema *spec.Schema) (*Object, bool) {
	p := parsers.Get().(*parser)
	defer p.release()
	var made struct {
		object Object
		from   source
	}
	from := &made.from
	from.text = text
	for at != stop {
		name, value, ok := fieldAt(text, at)
		if !ok {
			return nil, false
		}
		p.fields = append(p.fields, field{name, from})
		end := valueEnd(text, value)
		if end == stop && text[end] == '\n' { // the last of all
			break
		}
		if end < 0 || end >= stop || text[end] != ',' {
			return nil, false
		}
		at = end + len(",")
	}
	o := &made.object
	o.fields = append(make([]field, 0, len(p.fields)), p.fields...)
	if o.schema = shapeOf(schema, nil); o.schema == nil {
		settle(o, schema, false)
	}
	return o, true
}

// fieldAt reads the name on the line that begins at a place with its break, and finds where its value stands.
func fieldAt(text string, at int) (name string, value int, ok bool) {
	if !strings.HasPrefix(text[at:], lineBegin) {
		return "", 0, false
	}
	start := at + len(lineBegin)
	for end := start; end < len(text); end++ {
		switch text[end] {
		case '\\': // it would have to be read
			return "", 0, false
		case '"':
			value = end + len(nameEnd)
			return text[start:end], value, end > start && value < len(text) && text[end:value] == nameEnd
		}
	}
	return "", 0, false
}

// valueEnd is where the value that stands at a place of a printed document ends: before a comma or the last line. It is
// negative if it does not end.
func valueEnd(text string, at int) int {
	rest := text[at:]
	if len(rest) > 1 && rest[1] == '\n' && (rest[0] == '{' || rest[0] == '[') {
		closing := rest[0] + 2 // } and ] come two after { and [
		for i := 1; ; {
			n := strings.IndexByte(rest[i:], '\n')
			if n < 0 {
				return -1
			}
			i += n + 1
			if len(rest) > i+3 && rest[i] == ' ' && rest[i+1] == ' ' && rest[i+2] == closing {
				return at + i + 3
			}
		}
	}
	n := strings.IndexByte(rest, '\n')
	if n > 0 && rest[n-1] == ',' {
		n--
	}
	if n < 1 {
		return -1
	}
	return at + n
}

// line is where the line of a field that is not read begins, with the name's quotation mark, and where its value begins and
// ends.
func (s *source) line(name string) (start, value, end int) {
	at := int(uintptr(unsafe.Pointer(unsafe.StringData(name))) - uintptr(unsafe.Pointer(unsafe.StringData(s.text))))
	value = at + len(name) + len(nameEnd)
	return at - 1, value, valueEnd(s.text, value)
}

func (s *source) value(name string) string {
	_, start, end := s.line(name)
	return s.text[start:end]
}

// value is a field's value, read if it was not yet.
func (o *Object) value(i int) any {
	f := &o.fields[i]
	from, unread := f.value.(*source)
	if unread {
		f.value = readValue(from.value(f.name), o.schema, f.name)
	}
	return f.value
}

// readValue reads the value of a field of an object of that shape.
func readValue(text string, shape *spec.Schema, name string) any {
	switch c := text[0]; {
	case c == '"' && strings.IndexByte(text, '\\') < 0:
		return text[1 : len(text)-1]
	case text == "null":
		return nil
	case isDigit(c):
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n
		}
	}
	v, err := parse(text, shapeOfProp(shape, name))
	if err != nil {
		panic(fmt.Sprintf("object: field %q of a document: %v", name, err))
	}
	return v
}

// read reads all values.
func (o *Object) read() {
	for i := range o.fields {
		o.value(i)
	}
}

// sameText reports whether two fields have the same unread text.
func sameText(a, b *field) bool {
	x, ok := a.value.(*source)
	y, ok2 := b.value.(*source)
	return ok && ok2 && x.value(a.name) == y.value(b.name)
}

// appendUnread appends the line of field i, which is not read, and those that follow it in its document and are not read
// either. It returns the last of them.
func (o *Object) appendUnread(dst []byte, from *source, i, indent int) ([]byte, int) {
	start, _, end := from.line(o.fields[i].name)
	for ; i+1 < len(o.fields) && o.fields[i+1].value == any(from); i++ {
		next, _, nextEnd := from.line(o.fields[i+1].name)
		if next != end+len(",\n  ") { // a field between them was deleted
			break
		}
		end = nextEnd
	}
	return appendIndented(dst, from.text[start:end], indent), i
}
