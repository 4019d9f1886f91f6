package object

import (
	"fmt"
	"strings"
	"unsafe"

	"sharesmart/internal/spec"
)

// An operation looks at a few fields of most documents that it reads, and changes fewer. So the objects and arrays in a
// document's fields may stay text until somebody looks at them: they are not read for nothing, and what nobody looked at
// is printed and copied as it is.

// lazy is the text of a field's object or array, as AppendJSON prints it in a document that is not indented. Fields hold
// pointers to it, as many of which share an allocation.
type lazy struct{ text string }

// Open is Parse for a document that AppendJSON printed, without indentation, and that nobody will change: its strings
// are parts of it. Its nested values are read when they are looked at, so an object that was opened is for one
// goroutine, unlike others, and what is not as it was printed panics then instead of being an error here.
func Open(data []byte, schema *spec.Schema) (*Object, error) {
	p := parsers.Get().(*parser)
	defer p.release()
	p.text, p.lazy = unsafe.String(unsafe.SliceData(data), len(data)), true
	p.room.objects, p.room.fields = make([]Object, 1), make([]field, min(most, strings.Count(p.text, "\n  \"")))
	v, err := p.whole(schema)
	if err != nil {
		return nil, err
	}
	return document(v)
}

// later steps over an object or array that can be read later.
func (p *parser) later() (any, bool) {
	rest := p.text[p.at:]
	end := "\n  }"
	if rest[0] == '[' {
		end = "\n  ]"
	}
	if !strings.HasPrefix(rest[1:], "\n    ") {
		return nil, false
	}
	n := strings.Index(rest, end)
	if n < 0 {
		return nil, false
	}
	n += len(end)
	p.at += n
	return p.room.text(rest[:n]), true
}

// value is a field's value, read if it was not yet.
func (o *Object) value(i int) any {
	f := &o.fields[i]
	unread, ok := f.value.(*lazy)
	if !ok {
		return f.value
	}
	v, err := parse(unread.text, shapeOfProp(o.schema, f.name))
	if err != nil {
		panic(fmt.Sprintf("object: field %q of a document: %v", f.name, err))
	}
	f.value = v
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
	x, ok := a.value.(*lazy)
	y, ok2 := b.value.(*lazy)
	return ok && ok2 && x.text == y.text
}
