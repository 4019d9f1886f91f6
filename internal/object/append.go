package object

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"unicode/utf8"
)

// JSON is the object as AppendJSON prints it, in a slice that is as long as it must be: for what is kept.
func (o *Object) JSON() []byte {
	buf := buffers.Get().(*[]byte)
	*buf = o.AppendJSON((*buf)[:0], 0)
	doc := bytes.Clone(*buf)
	if cap(*buf) <= mostBuffer {
		buffers.Put(buf)
	}
	return doc
}

// buffers are where documents grow before their length is known.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 8<<10); return &b }}

// mostBuffer is the longest that is kept for the next document.
const mostBuffer = 256 << 10

// AppendJSON appends the object as Stripe prints it: two spaces a level, `"name": value`, each field on its line. Its
// first line is not indented, the others stand at indent levels and more.
func (o *Object) AppendJSON(dst []byte, indent int) []byte {
	if o == nil {
		return append(dst, "null"...)
	}
	if len(o.fields) == 0 {
		return append(dst, "{}"...)
	}
	dst = append(dst, '{')
	for i := 0; i < len(o.fields); i++ {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendLine(dst, indent+1)
		if from, unread := o.fields[i].value.(*source); unread {
			dst, i = o.appendUnread(dst, from, i, indent)
			continue
		}
		dst = AppendString(dst, o.fields[i].name)
		dst = append(dst, ':', ' ')
		dst = AppendValue(dst, o.fields[i].value, indent+1)
	}
	dst = appendLine(dst, indent)
	return append(dst, '}')
}

// AppendValue is AppendJSON for any value.
func AppendValue(dst []byte, v any, indent int) []byte {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...)
	case string:
		return AppendString(dst, v)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case bool:
		return strconv.AppendBool(dst, v)
	case Number:
		return append(dst, v...)
	case *Object:
		return v.AppendJSON(dst, indent)
	case []any:
		return appendList(dst, v, indent)
	}
	panic(fmt.Sprintf("object: a document cannot hold a %T", v))
}

func appendList(dst []byte, list []any, indent int) []byte {
	if len(list) == 0 {
		return append(dst, "[]"...)
	}
	dst = append(dst, '[')
	for i := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendLine(dst, indent+1)
		dst = AppendValue(dst, list[i], indent+1)
	}
	dst = appendLine(dst, indent)
	return append(dst, ']')
}

// AppendIndented appends a document that is already printed, moved right by indent levels; its first line stays where
// it is. This puts stored bytes into a list without reading them: strings hold no raw line breaks.
func AppendIndented(dst, doc []byte, indent int) []byte {
	if indent > 0 {
		dst = slices.Grow(dst, len(doc)+2*indent*bytes.Count(doc, newline))
	}
	return appendIndented(dst, doc, indent)
}

func appendIndented[T []byte | string](dst []byte, doc T, indent int) []byte {
	if indent <= 0 {
		return append(dst, doc...)
	}
	start := 0
	for i := range len(doc) {
		if doc[i] == '\n' {
			dst = append(dst, doc[start:i]...)
			dst = appendLine(dst, indent)
			start = i + 1
		}
	}
	return append(dst, doc[start:]...)
}

var newline = []byte{'\n'}

// blanks is a line break and the indentation that is usual; deeper levels take more than one turn.
const blanks = "\n                                                                "

func appendLine(dst []byte, indent int) []byte {
	n := 2 * indent
	if n < len(blanks) {
		return append(dst, blanks[:1+n]...)
	}
	dst = append(dst, blanks...)
	for n -= len(blanks) - 1; n >= len(blanks); n -= len(blanks) - 1 {
		dst = append(dst, blanks[1:]...)
	}
	return append(dst, blanks[1:1+n]...)
}

// AppendString appends a JSON string. Letters of all scripts stay as they are, and so do < > and &; bytes that are no
// UTF-8 become U+FFFD.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := plainEnd(s, 0); i < len(s); i = plainEnd(s, i) {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(dst, s[start:i]...)
				dst = append(dst, "\uFFFD"...)
				start = i + 1
			}
			i += size
			continue
		}
		dst = append(dst, s[start:i]...)
		dst = appendEscape(dst, c)
		i++
		start = i
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

// plain marks the bytes that stand for themselves in a string.
var plain = func() (t [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

// plainEnd is where the plain bytes end that stand from i on. Eight are looked at together, as nearly all are plain.
func plainEnd(s string, i int) int {
	for ; i+8 <= len(s); i += 8 {
		x := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
			uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
		const ones, tops = 0x0101010101010101, 0x8080808080808080
		quote, backslash := x^ones*'"', x^ones*'\\'
		if (x|(x-ones*' ')|(quote-ones)|(backslash-ones))&tops != 0 {
			break // one of them may not be: below the blank, beyond ASCII, or one of the two
		}
	}
	for i < len(s) && plain[s[i]] {
		i++
	}
	return i
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	}
	const hex = "0123456789abcdef"
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}
