package param

import (
	"strings"

	"sharesmart/internal/apierr"
)

// shape is what a name turned out to be.
type shape uint8

const (
	unset  shape = iota
	scalar       // a=
	hash         // a[b]=, and a[0]= too: only the schema tells an array from a hash
	list         // a[]=
)

// node is one name in the tree of what was sent. The root is node 0. Children hang in the order of their first mention;
// those of a list have no names.
type node struct {
	name  string
	value string // of a scalar

	parent, first, last, next int32
	at                        int32 // among its siblings, from 0
	count                     int32 // children
	shape                     shape
	fromBody                  bool
	dead                      bool // sent in the query and again in the body
}

// place is a name below a node.
type place struct {
	parent int32
	name   string
}

// indexed is the number of nodes from which on children are found through a map.
const indexed = 64

func (d *decoder) countPair() *apierr.Error {
	d.total++
	if d.total > maxPairs {
		return errTooMany()
	}
	return nil
}

// put adds one parameter: a, a[b][c], a[0], a[] or a[][b].
func (d *decoder) put(name, value string) *apierr.Error {
	head, rest, ok := splitHead(name)
	if !ok {
		return errName(name)
	}
	n, err := d.step(0, head)
	for depth := 0; err == nil && rest != ""; depth++ {
		var segment string
		if segment, rest, ok = splitSegment(rest); !ok {
			return errName(name)
		}
		if depth == maxDepth {
			return errTooDeep(head)
		}
		if segment == "" {
			n, err = d.element(n, rest)
		} else {
			n, err = d.step(n, segment)
		}
	}
	if err != nil {
		return err
	}
	at := &d.nodes[n]
	if at.shape != unset && at.shape != scalar {
		return d.conflict(n, false)
	}
	at.shape, at.value = scalar, value
	return nil
}

// splitHead cuts a name before its first bracket.
func splitHead(name string) (head, rest string, ok bool) {
	for i := 0; i < len(name); i++ {
		switch name[i] {
		case '[':
			return name[:i], name[i:], i > 0
		case ']':
			return "", "", false
		}
	}
	return name, "", name != ""
}

// splitSegment cuts "[b]" off "[b][c]".
func splitSegment(rest string) (segment, after string, ok bool) {
	end := strings.IndexByte(rest, ']')
	if rest[0] != '[' || end < 0 || strings.IndexByte(rest[1:end], '[') >= 0 {
		return "", "", false
	}
	return rest[1:end], rest[end+1:], true
}

// step goes from a hash to its child of that name, which is made if it is not there.
func (d *decoder) step(parent int32, name string) (int32, *apierr.Error) {
	switch at := &d.nodes[parent]; at.shape {
	case unset:
		at.shape = hash
	case scalar, list:
		return 0, d.conflict(parent, isIndex(name))
	}
	if n := d.find(parent, name); n != 0 {
		if parent != 0 || d.nodes[n].fromBody == d.inBody {
			return n, nil
		}
		d.nodes[n].dead = true
		d.nodes[0].count--
	}
	n := d.grow(parent)
	d.nodes[n].name = name
	if d.index != nil {
		d.index[place{parent, name}] = n
	} else if len(d.nodes) == indexed {
		d.startIndex()
	}
	return n, nil
}

func (d *decoder) startIndex() {
	d.index = make(map[place]int32, 2*indexed)
	for i := 1; i < len(d.nodes); i++ {
		if n := &d.nodes[i]; n.name != "" && !n.dead {
			d.index[place{n.parent, n.name}] = int32(i)
		}
	}
}

// find is a child by name, or 0.
func (d *decoder) find(parent int32, name string) int32 {
	if d.index != nil {
		return d.index[place{parent, name}]
	}
	for n := d.nodes[parent].first; n != 0; n = d.nodes[n].next {
		if c := &d.nodes[n]; c.name == name && !c.dead {
			return n
		}
	}
	return 0
}

// grow hangs a new node below its parent, behind its siblings.
func (d *decoder) grow(parent int32) int32 {
	n := int32(len(d.nodes))
	d.nodes = append(d.nodes, node{parent: parent, at: d.nodes[parent].count, fromBody: d.inBody})
	at := &d.nodes[parent]
	if at.last == 0 {
		at.first = n
	} else {
		d.nodes[at.last].next = n
	}
	at.last = n
	at.count++
	return n
}

// element goes from a list to the element that "[]" means: the last one as long as it lacks what rest names, or else a
// new one. So a[][x]=1&a[][y]=2&a[][x]=3 makes two elements. This is Rack's rule.
func (d *decoder) element(parent int32, rest string) (int32, *apierr.Error) {
	switch at := &d.nodes[parent]; at.shape {
	case unset:
		at.shape = list
	case scalar, hash:
		return 0, d.conflict(parent, true)
	}
	last := d.nodes[parent].last
	if last == 0 || rest == "" {
		return d.grow(parent), nil
	}
	next, _, ok := splitSegment(rest)
	if !ok {
		return d.grow(parent), nil // the caller finds the fault in the name
	}
	wanted := hash
	if next == "" {
		wanted = list
	}
	if d.nodes[last].shape == wanted && !d.has(last, rest) {
		return last, nil
	}
	return d.grow(parent), nil
}

// has reports whether there is something at that place below a node. Below another [] there is always room.
func (d *decoder) has(n int32, rest string) bool {
	for rest != "" {
		segment, after, ok := splitSegment(rest)
		if !ok || segment == "" {
			return false
		}
		if n = d.find(n, segment); n == 0 {
			return false
		}
		rest = after
	}
	return true
}

// conflict is a name that was sent in two ways that exclude each other.
func (d *decoder) conflict(n int32, wantsArray bool) *apierr.Error {
	if wantsArray || d.nodes[n].shape == list || d.nodes[n].shape == hash && d.isArray(n) {
		return errArray(d.path(n))
	}
	return errObject(d.path(n))
}

// isIndex reports whether a name is a place in an array.
func isIndex(name string) bool {
	for i := 0; i < len(name); i++ {
		if name[i] < '0' || name[i] > '9' {
			return false
		}
	}
	return name != ""
}
