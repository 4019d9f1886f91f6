package spec

import (
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxPath is the longest path that is looked at. Ids are at most 5,000 characters; nothing real comes near it.
const maxPath = 16 << 10

// node is a place in the tree of paths. The way on by a literal segment is func literal; any other segment leads to
// param, which is 0 when nothing else may follow (0 is the root, to which nothing leads).
type node struct {
	param uint16
	ops   [3]uint16 // for GET, POST and DELETE: number of the operation from 1, or 0
}

// Params holds the values of a path's {params}, unescaped, in order.
type Params struct {
	values [4]string
	n      uint8
}

// Len is how many there are.
func (p *Params) Len() int { return int(p.n) }

// At is the value of the i-th.
func (p *Params) At(i int) string { return p.values[:p.n][i] }

// Values are all of them. The slice shares memory with p.
func (p *Params) Values() []string { return p.values[:p.n] }

// Match finds the operation for a method and a path that is still escaped. A literal segment wins over a parameter,
// as long as the rest of the path fits too.
//
// A path with an empty segment, a trailing slash, a wrong escape, or a parameter that cannot be an id ("..", control
// characters, broken UTF-8) matches nothing. An escaped slash belongs to the parameter: it never divides.
func Match(method, escapedPath string) (op *Operation, params Params, found bool) {
	verb := verbOf(method)
	if verb < 0 || !routable(escapedPath) {
		return nil, Params{}, false
	}
	n := walk(0, escapedPath[1:], verb, &params)
	if n == 0 {
		return nil, Params{}, false
	}
	return &operations[n-1], params, true
}

// Allowed returns the methods that a path may be called with; none means that there is no such path.
func Allowed(escapedPath string) []string {
	if !routable(escapedPath) {
		return nil
	}
	var methods []string
	for verb, method := range verbs {
		var p Params
		if walk(0, escapedPath[1:], verb, &p) != 0 {
			methods = append(methods, method)
		}
	}
	return methods
}

var verbs = [...]string{http.MethodGet, http.MethodPost, http.MethodDelete}

func verbOf(method string) int {
	for i, m := range verbs {
		if m == method {
			return i
		}
	}
	return -1
}

func routable(path string) bool {
	return len(path) > 1 && len(path) <= maxPath && path[0] == '/'
}

// walk goes on from a node with the rest of a path and returns the number of the operation, or 0. Where both a literal
// and a parameter fit, it tries the literal first and turns back if that leads nowhere; this tree is too flat for that
// to become dear.
func walk(from uint16, rest string, verb int, p *Params) uint16 {
	escaped := strings.IndexByte(rest, '%') >= 0
	for more := true; more; {
		var segment string
		if i := strings.IndexByte(rest, '/'); i >= 0 {
			segment, rest = rest[:i], rest[i+1:]
		} else {
			segment, rest, more = rest, "", false
		}
		if escaped {
			text, err := url.PathUnescape(segment) // the only allocation
			if err != nil {
				return 0
			}
			segment = text
		}
		param := nodes[from].param
		to := literal(from, segment)
		if to != 0 && param != 0 {
			before := p.n
			if op := onward(to, rest, more, verb, p); op != 0 {
				return op
			}
			p.n = before
			to = 0
		}
		if to == 0 {
			if param == 0 || !possibleID(segment) {
				return 0
			}
			to = param
			p.values[p.n] = segment
			p.n++
		}
		from = to
	}
	return nodes[from].ops[verb]
}

func onward(to uint16, rest string, more bool, verb int, p *Params) uint16 {
	if more {
		return walk(to, rest, verb, p)
	}
	return nodes[to].ops[verb]
}

// possibleID reports whether a segment may be handed on as an id.
func possibleID(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i]-' ' >= 0x7f-' ' { // not printable ASCII
			return utf8.ValidString(s) && strings.IndexFunc(s, unicode.IsControl) < 0
		}
	}
	return s != "" && s != "." && s != ".."
}
