package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// routes is the tree of all paths, one node for each place that a path may have come to.
type routes struct{ nodes []*place }

type place struct {
	number   int
	literals map[string]*place
	param    *place
	ops      map[string]int // method -> number of the operation, from 1
}

// maxParams is how many parameters a path may have: spec.Params has as many places.
const maxParams = 4

func buildRoutes(ops []*operation) (*routes, error) {
	r := &routes{}
	root := r.node()
	for i, op := range ops {
		if len(op.pathParams) > maxParams {
			return nil, fmt.Errorf("%s: more than %d parameters", op.path, maxParams)
		}
		at := root
		for _, s := range strings.Split(op.path[1:], "/") {
			at = r.step(at, s)
		}
		if at.ops[op.method] != 0 {
			return nil, fmt.Errorf("%s %s: two operations", op.method, op.path)
		}
		at.ops[op.method] = i + 1
	}
	return r, nil
}

func (r *routes) node() *place {
	p := &place{number: len(r.nodes), literals: map[string]*place{}, ops: map[string]int{}}
	r.nodes = append(r.nodes, p)
	return p
}

func (r *routes) step(at *place, segment string) *place {
	if isParam(segment) {
		if at.param == nil {
			at.param = r.node()
		}
		return at.param
	}
	if at.literals[segment] == nil {
		at.literals[segment] = r.node()
	}
	return at.literals[segment]
}

// file is the tree as Go: what is at each node is a table, the way to a node by a literal is a switch, which the
// compiler turns into something quicker than any search through a table.
func (r *routes) file() string {
	var table, ways strings.Builder
	for _, n := range r.nodes {
		var f fields
		if n.param != nil {
			f.raw("param", strconv.Itoa(n.param.number), true)
		}
		ops := fmt.Sprintf("[3]uint16{%d, %d, %d}", n.ops["GET"], n.ops["POST"], n.ops["DELETE"])
		f.raw("ops", ops, len(n.ops) > 0)
		table.WriteString(f.literal() + ",\n")
		if len(n.literals) == 0 {
			continue
		}
		fmt.Fprintf(&ways, "case %d:\nswitch segment {\n", n.number)
		for _, s := range slices.Sorted(maps.Keys(n.literals)) {
			fmt.Fprintf(&ways, "case %q:\nreturn %d\n", s, n.literals[s].number)
		}
		ways.WriteString("}\n")
	}
	return "var nodes = [...]node{\n" + table.String() + "}\n\n" +
		"// literal is the node that a literal segment leads to, or 0.\n" +
		"func literal(from uint16, segment string) uint16 {\nswitch from {\n" + ways.String() + "}\nreturn 0\n}\n"
}
