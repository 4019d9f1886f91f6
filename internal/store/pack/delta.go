package pack

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/bits"
)

// A delta is what it takes to make a document of another one: its length, and then, until that is reached, how many
// bytes of the other to pass over, how many to copy, and a text that follows. Documents are printed with a field on each
// line, and the versions of one differ in a few of them, so lines are what is compared.

// deltaWindow is how many lines ahead the same line is looked for.
const deltaWindow = 24

// AppendDelta appends what makes doc of other. It costs some microseconds.
func AppendDelta(dst, doc, other []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(doc)))
	tail := commonSuffix(doc, other)
	a, b := doc[:len(doc)-tail], other[:len(other)-tail]
	passed := 0
	for len(a) > 0 {
		n := commonPrefix(a, b)
		a, b = a[n:], b[n:]
		text, pass := len(a), len(b)
		if p, q, ok := nextLines(a, b); ok {
			text, pass = p, q
		} else if p, q, ok := nextCommonLine(a, b); ok {
			text, pass = p, q
		}
		dst = appendPiece(dst, passed, n, a[:text])
		a, b, passed = a[text:], b[pass:], pass
	}
	if tail > 0 {
		dst = appendPiece(dst, passed+len(b), tail, nil)
	}
	return dst
}

func appendPiece(dst []byte, pass, same int, text []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(pass))
	dst = binary.AppendUvarint(dst, uint64(same))
	dst = binary.AppendUvarint(dst, uint64(len(text)))
	return append(dst, text...)
}

func commonPrefix(a, b []byte) int {
	n := 0
	for len(a)-n >= 8 && len(b)-n >= 8 {
		if x := binary.LittleEndian.Uint64(a[n:]) ^ binary.LittleEndian.Uint64(b[n:]); x != 0 {
			return n + bits.TrailingZeros64(x)/8
		}
		n += 8
	}
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func commonSuffix(a, b []byte) int {
	n := 0
	for len(a)-n >= 8 && len(b)-n >= 8 {
		if x := binary.LittleEndian.Uint64(a[len(a)-n-8:]) ^ binary.LittleEndian.Uint64(b[len(b)-n-8:]); x != 0 {
			return n + bits.LeadingZeros64(x)/8
		}
		n += 8
	}
	for n < len(a) && n < len(b) && a[len(a)-n-1] == b[len(b)-n-1] {
		n++
	}
	return n
}

// nextLines are the lines after those that both begin in, if they have the same field: then nothing has to be looked for,
// and only values differ.
func nextLines(a, b []byte) (p, q int, ok bool) {
	p, q = bytes.IndexByte(a, '\n')+1, bytes.IndexByte(b, '\n')+1
	if p == 0 || q == 0 {
		return 0, 0, false
	}
	n := commonPrefix(a[p:], b[q:])
	return p, q, bytes.IndexByte(a[p:p+n], ':') > 0
}

// nextCommonLine finds the nearest line that both have, not counting those that they begin in.
func nextCommonLine(a, b []byte) (p, q int, ok bool) {
	var starts [2][deltaWindow]int
	from, to := lineStarts(&starts[0], a), lineStarts(&starts[1], b)
	for steps := range len(from) + len(to) {
		for i := max(0, steps-len(to)+1); i <= steps && i < len(from); i++ {
			p, q = from[i], to[steps-i]
			if sameLine(a[p:], b[q:]) {
				return p, q, true
			}
		}
	}
	return 0, 0, false
}

func lineStarts(starts *[deltaWindow]int, text []byte) []int {
	n, at := 0, 0
	for n < deltaWindow {
		i := bytes.IndexByte(text[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
		starts[n] = at
		n++
	}
	return starts[:n]
}

func sameLine(a, b []byte) bool {
	i := bytes.IndexByte(a, '\n') + 1
	return i > 0 && len(b) >= i && bytes.Equal(a[:i], b[:i])
}

var errDelta = errors.New("a version is damaged")

// ApplyDelta makes the document that a delta tells of.
func ApplyDelta(delta, other []byte) ([]byte, error) {
	next := func() (int, bool) {
		n, w := binary.Uvarint(delta)
		if w <= 0 || n > maxDoc {
			return 0, false
		}
		delta = delta[w:]
		return int(n), true
	}
	length, ok := next()
	if !ok {
		return nil, errDelta
	}
	doc := make([]byte, 0, length)
	for len(delta) > 0 {
		pass, ok1 := next()
		same, ok2 := next()
		text, ok3 := next()
		if !ok1 || !ok2 || !ok3 || pass+same > len(other) || text > len(delta) {
			return nil, errDelta
		}
		doc = append(doc, other[pass:pass+same]...)
		doc = append(doc, delta[:text]...)
		other, delta = other[pass+same:], delta[text:]
	}
	if len(doc) != length {
		return nil, errDelta
	}
	return doc, nil
}

// maxDoc is more than any engine takes.
const maxDoc = 1 << 31
