package object

import (
	"errors"
	"fmt"
	"strconv"
	"sync"

	"sharesmart/internal/spec"
)

// maxDepth bounds the nesting of a parsed document, and so the stack that parsing takes.
const maxDepth = 256

// errEnd says that the text stops before the value does.
var errEnd = errors.New("unexpected end")

// Parse reads a document: one JSON object and nothing after it, by the letter of RFC 8259. Names keep their order; of a
// name that comes twice the last value counts. Nested objects get the schemas of their places. Names are not checked:
// a stored document was checked when it was made.
func Parse(data []byte, schema *spec.Schema) (*Object, error) {
	v, err := parse(string(data), schema)
	if err != nil {
		return nil, err
	}
	return document(v)
}

func document(v any) (*Object, error) {
	o, ok := v.(*Object)
	if !ok {
		return nil, errors.New("object: the document is not a JSON object")
	}
	return o, nil
}

// ParseValue reads any JSON value.
func ParseValue(data []byte) (any, error) { return parse(string(data), nil) }

func parse(text string, schema *spec.Schema) (any, error) {
	p := parsers.Get().(*parser)
	defer p.release()
	p.text = text
	p.room.size(p.text)
	return p.whole(schema)
}

// whole reads the one value that the text is.
func (p *parser) whole(schema *spec.Schema) (any, error) {
	v, err := p.value(schema)
	if err == nil && p.space() < len(p.text) {
		err = errors.New("text after the value")
	}
	if err != nil {
		return nil, fmt.Errorf("object: offset %d: %w", p.at, err)
	}
	return v, nil
}

// parsers keeps the stacks of parsers that are done.
var parsers = sync.Pool{New: func() any { return &parser{} }}

// release gives a parser back, unless its stacks have grown beyond what is usual. Nothing of the text is kept.
func (p *parser) release() {
	if cap(p.fields) > most || cap(p.elements) > most {
		return
	}
	clear(p.fields)
	clear(p.elements)
	*p = parser{fields: p.fields[:0], elements: p.elements[:0]}
	parsers.Put(p)
}

// parser reads text from at on. Strings without escapes are parts of text. Fields and elements are gathered on stacks
// until their number is known.
type parser struct {
	text     string
	at       int
	depth    int
	fields   []field
	elements []any
	room     room
}

// space skips white space and returns where it stopped.
func (p *parser) space() int {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\n', '\r', '\t':
			p.at++
		default:
			return p.at
		}
	}
	return p.at
}

// next skips white space and returns the next byte, or 0 at the end (0 itself is valid nowhere).
func (p *parser) next() byte {
	if i := p.space(); i < len(p.text) {
		return p.text[i]
	}
	return 0
}

func (p *parser) value(schema *spec.Schema) (any, error) {
	switch c := p.next(); c {
	case '"':
		s, err := p.str()
		if err != nil {
			return nil, err
		}
		return s, nil
	case '{':
		return p.object(schema)
	case '[':
		return p.list(schema)
	case 't':
		return true, p.word("true")
	case 'f':
		return false, p.word("false")
	case 'n':
		return nil, p.word("null")
	default:
		if c == '-' || isDigit(c) {
			return p.number()
		}
		return nil, p.unexpected()
	}
}

func (p *parser) word(w string) error {
	if len(p.text)-p.at < len(w) {
		p.at = len(p.text)
		return errEnd
	}
	if p.text[p.at:p.at+len(w)] != w {
		return p.unexpected()
	}
	p.at += len(w)
	return nil
}

func (p *parser) unexpected() error {
	if p.at >= len(p.text) {
		return errEnd
	}
	return fmt.Errorf("unexpected %q", p.text[p.at])
}

// enter steps into an object or array.
func (p *parser) enter() error {
	p.at++
	p.depth++
	if p.depth > maxDepth {
		return fmt.Errorf("nested deeper than %d levels", maxDepth)
	}
	return nil
}

// object reads fields up to the closing brace. The schema of its place is settled last, since "object" may decide.
func (p *parser) object(place *spec.Schema) (any, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	shape := shapeOf(place, nil)
	base := len(p.fields)
	if p.next() != '}' {
		for more := true; more; {
			name, err := p.name()
			if err != nil {
				return nil, err
			}
			v, err := p.value(p.place(shape, name))
			if err != nil {
				return nil, err
			}
			p.fields = append(p.fields, field{name, v})
			if more, err = p.separator('}'); err != nil {
				return nil, err
			}
		}
	}
	p.at++
	p.depth--
	o := p.room.object()
	o.schema, o.fields = shape, unique(p.room.list(len(p.fields)-base), p.fields[base:])
	clear(p.fields[base:])
	p.fields = p.fields[:base]
	if shape == nil {
		settle(o, place, false)
	}
	return o, nil
}

// place is the schema for the value that comes next. Only objects and arrays need one.
func (p *parser) place(shape *spec.Schema, name string) *spec.Schema {
	if shape == nil {
		return nil
	}
	if c := p.next(); c != '{' && c != '[' {
		return nil
	}
	return shapeOfProp(shape, name)
}

func (p *parser) name() (string, error) {
	if p.next() != '"' {
		return "", p.unexpected()
	}
	name, err := p.str()
	if err != nil {
		return "", err
	}
	if p.next() != ':' {
		return "", p.unexpected()
	}
	p.at++
	return name, nil
}

// separator steps over a comma and reports that more follows, or stops before the closing bracket.
func (p *parser) separator(closing byte) (more bool, err error) {
	switch p.next() {
	case ',':
		p.at++
		return true, nil
	case closing:
		return false, nil
	}
	return false, p.unexpected()
}

// noElements is the empty array, once for all: it has no room, so nothing can be put into it.
var noElements any = []any{}

func (p *parser) list(place *spec.Schema) (any, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	items := itemsOf(place)
	base := len(p.elements)
	if p.next() != ']' {
		for more := true; more; {
			v, err := p.value(items)
			if err != nil {
				return nil, err
			}
			p.elements = append(p.elements, v)
			if more, err = p.separator(']'); err != nil {
				return nil, err
			}
		}
	}
	p.at++
	p.depth--
	if len(p.elements) == base {
		return noElements, nil
	}
	list := append(make([]any, 0, len(p.elements)-base), p.elements[base:]...)
	clear(p.elements[base:])
	p.elements = p.elements[:base]
	return list, nil
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// number reads a number: an int64 if it has neither fraction nor exponent and fits, else a Number.
func (p *parser) number() (any, error) {
	start := p.at
	if p.text[p.at] == '-' {
		p.at++
	}
	if p.at < len(p.text) && p.text[p.at] == '0' {
		p.at++
	} else if !p.digits() {
		return nil, p.unexpected()
	}
	whole := true
	if p.at < len(p.text) && p.text[p.at] == '.' {
		whole = false
		p.at++
		if !p.digits() {
			return nil, p.unexpected()
		}
	}
	if p.at < len(p.text) && p.text[p.at]|0x20 == 'e' {
		whole = false
		p.at++
		if p.at < len(p.text) && (p.text[p.at] == '+' || p.text[p.at] == '-') {
			p.at++
		}
		if !p.digits() {
			return nil, p.unexpected()
		}
	}
	text := p.text[start:p.at]
	if whole && text != "-0" {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n, nil
		}
	}
	return Number(text), nil
}

func (p *parser) digits() bool {
	start := p.at
	for p.at < len(p.text) && isDigit(p.text[p.at]) {
		p.at++
	}
	return p.at > start
}
