package sqlite

import (
	"bytes"
	"cmp"
	"fmt"
	"strconv"

	"sharesmart/internal/store"
)

// The index is a set of text keys. A key is a prefix, which says what is asked for,
//
//	<space> 01 <field> 01 <value> 01
//
// and a position, which says in which order it is answered: thirteen characters for Created and Seq. Keys compare as
// bytes, so that all keys of a prefix lie together in the order of lists, and the prefixes of a field in the order of
// its values. One text column compares nearly twice as fast as five columns do, and a write to the index is most of
// what a document costs.
//
// Fields are the kind ("customer": all of them), the kind with a filter ("customer:email"), the kind with a sign for
// what lies below a parent ("card<"), and two of our own, fieldID and fieldAnswer.
//
// In the table, a row may stand for many keys of a prefix: see cell.go.

const (
	separator      = 0x01
	afterSeparator = 0x02 // sorts behind all that follow a separator
	escape         = 0x02
	afterPosition  = '{' // sorts behind every position

	fieldID     = "@id"
	fieldAnswer = "@answer"

	createdDigits  = 6
	seqDigits      = 7
	positionLength = createdDigits + seqDigits
	maxCreated     = 1<<(6*createdDigits) - 1
	maxSeq         = 1<<(6*seqDigits) - 1
)

// position is a place in a list.
type position struct{ created, seq int64 }

func (p position) compare(o position) int {
	if c := cmp.Compare(p.created, o.created); c != 0 {
		return c
	}
	return cmp.Compare(p.seq, o.seq)
}

func (p position) less(o position) bool { return p.compare(o) < 0 }

// next and previous are the places directly beside p.
func (p position) next() position     { return position{p.created, p.seq + 1} }
func (p position) previous() position { return position{p.created, p.seq - 1} }

var (
	firstPosition = position{0, 0}
	lastPosition  = position{maxCreated, maxSeq}
)

// entry is one key in two parts.
type entry struct {
	prefix string
	at     position
}

func (e entry) compare(o entry) int {
	if c := cmp.Compare(e.prefix, o.prefix); c != 0 {
		return c
	}
	return e.at.compare(o.at)
}

// digits are those of base 64 in the order of their bytes.
const digits = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"

var digitValue = func() (v [256]int8) {
	for i := range v {
		v[i] = -1
	}
	for i := range len(digits) {
		v[digits[i]] = int8(i)
	}
	return v
}()

func appendDigits(dst []byte, v int64, n int) []byte {
	for shift := 6 * (n - 1); shift >= 0; shift -= 6 {
		dst = append(dst, digits[v>>shift&63])
	}
	return dst
}

func appendPosition(dst []byte, p position) []byte {
	return appendDigits(appendDigits(dst, p.created, createdDigits), p.seq, seqDigits)
}

func appendKey(dst []byte, e entry) []byte {
	return appendPosition(append(dst, e.prefix...), e.at)
}

// keyPosition reads the position at the end of a key.
func keyPosition(key []byte) (position, error) {
	if len(key) < positionLength {
		return position{}, fmt.Errorf("index key %q is too short", key)
	}
	tail := key[len(key)-positionLength:]
	var v [2]int64
	for i, c := range tail {
		d := digitValue[c]
		if d < 0 {
			return position{}, fmt.Errorf("index key %q has no position", key)
		}
		part := 0
		if i >= createdDigits {
			part = 1
		}
		v[part] = v[part]<<6 | int64(d)
	}
	return position{v[0], v[1]}, nil
}

// appendField begins a prefix. mark and name follow the kind: ":", "email".
func appendField(dst []byte, space int64, kind, mark, name string) []byte {
	dst = strconv.AppendInt(dst, space, 10)
	dst = append(dst, separator)
	dst = appendEscaped(dst, kind)
	dst = append(dst, mark...)
	dst = appendEscaped(dst, name)
	return append(dst, separator)
}

// appendValue ends a prefix.
func appendValue(dst []byte, value string) []byte {
	return append(appendEscaped(dst, value), separator)
}

// appendEscaped keeps separators out of a name or value without changing how values compare.
func appendEscaped(dst []byte, s string) []byte {
	for i := range len(s) {
		if s[i] <= escape {
			return appendEscapedSlowly(dst, s)
		}
	}
	return append(dst, s...)
}

func appendEscapedSlowly(dst []byte, s string) []byte {
	for i := range len(s) {
		if s[i] <= escape {
			dst = append(dst, escape, '0'+s[i])
			continue
		}
		dst = append(dst, s[i])
	}
	return dst
}

// unescape takes back appendEscaped.
func unescape(b []byte) string {
	if bytes.IndexByte(b, escape) < 0 {
		return string(b)
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == escape && i+1 < len(b) {
			i++
			out = append(out, b[i]-'0')
			continue
		}
		out = append(out, b[i])
	}
	return string(out)
}

// splitKey takes a key apart. The field is as it is written in keys.
func splitKey(key []byte) (space int64, field, value string, at position, err error) {
	if at, err = keyPosition(key); err != nil {
		return 0, "", "", at, err
	}
	parts := bytes.SplitN(key[:len(key)-positionLength], []byte{separator}, 4)
	if len(parts) != 4 || len(parts[3]) > 0 {
		return 0, "", "", at, fmt.Errorf("index key %q has not three parts", key)
	}
	space, err = strconv.ParseInt(string(parts[0]), 10, 64)
	return space, string(parts[1]), unescape(parts[2]), at, err
}

func appendIDPrefix(dst []byte, space int64, id string) []byte {
	return appendValue(appendField(dst, space, fieldID, "", ""), id)
}

func appendAnswerPrefix(dst []byte, space int64, key string) []byte {
	return appendValue(appendField(dst, space, fieldAnswer, "", ""), key)
}

func appendKindPrefix(dst []byte, space int64, kind string) []byte {
	return appendValue(appendField(dst, space, kind, "", ""), "")
}

func appendParentPrefix(dst []byte, space int64, kind, parent string) []byte {
	return appendValue(appendField(dst, space, kind, "<", ""), parent)
}

func appendRefPrefix(dst []byte, space int64, kind string, field, value string) []byte {
	return appendValue(appendField(dst, space, kind, ":", field), value)
}

// appendEntries appends what a document is found by: its id and, while it lives, its kind, its parent and its refs. The
// prefixes of a document share an allocation.
func appendEntries(dst []entry, space int64, d *store.Doc) []entry {
	var room [512]byte
	var places [16]int
	buf, ends := appendIDPrefix(room[:0], space, d.ID), places[:0]
	if !d.Deleted {
		ends = append(ends, len(buf))
		buf = appendKindPrefix(buf, space, d.Kind)
		if d.Parent != "" {
			ends = append(ends, len(buf))
			buf = appendParentPrefix(buf, space, d.Kind, d.Parent)
		}
		for _, r := range d.Refs {
			ends = append(ends, len(buf))
			buf = appendRefPrefix(buf, space, d.Kind, r.Field, r.Value)
		}
	}
	text, at, begin := string(buf), position{0, d.Seq}, 0
	for _, end := range append(ends, len(buf)) {
		dst = append(dst, entry{text[begin:end], at})
		begin, at.created = end, d.Created
	}
	return dst
}

// fieldOfPrefix is the part of a prefix before the value.
func fieldOfPrefix(prefix string) string {
	seen := 0
	for i := range len(prefix) {
		if prefix[i] == separator {
			if seen++; seen == 2 {
				return prefix[:i+1]
			}
		}
	}
	return prefix
}
