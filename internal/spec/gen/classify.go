package main

import (
	"fmt"
	"slices"
	"strings"
)

// classifier tells what operations are for from the paths around them and from what they answer. No verb and no
// resource is named here.
type classifier struct {
	ops        []*operation
	paths      map[string][]*operation // anonymous path -> operations on it
	components tree
}

func classify(ops []*operation, components tree) error {
	c := &classifier{ops: ops, paths: map[string][]*operation{}, components: components}
	for _, op := range ops {
		key := anonymous(op.segments)
		c.paths[key] = append(c.paths[key], op)
	}
	for _, op := range ops {
		c.kindsOf(op)
	}
	// What is below an action is one too, so short paths go first.
	byLength := slices.Clone(ops)
	slices.SortStableFunc(byLength, func(a, b *operation) int { return len(a.segments) - len(b.segments) })
	for _, op := range byLength {
		op.form = c.form(op)
		op.class = op.form
		if op.segments[0] == testHelpers {
			op.class = "TestHelper"
		}
	}
	for _, op := range ops {
		if err := c.ownersOf(op); err != nil {
			return err
		}
	}
	return nil
}

const testHelpers = "test_helpers"

// anonymous is a path without the names of its parameters: they differ between the paths of one resource. The
// test_helpers prefix is dropped, because what it helps with lives without it.
func anonymous(segments []string) string {
	out := slices.Clone(segments)
	for i, s := range out {
		if isParam(s) {
			out[i] = "{}"
		}
	}
	if len(out) > 1 && out[0] == testHelpers {
		out = out[1:]
	}
	return strings.Join(out, "/")
}

// kindsOf fills in the live resources of the answer. A deleted shape stands for what it was.
func (c *classifier) kindsOf(op *operation) {
	for _, name := range op.answer.schemas {
		live := strings.TrimPrefix(name, "deleted_")
		if object(c.components[live])["x-resourceId"] != nil && !slices.Contains(op.kinds, live) {
			op.kinds = append(op.kinds, live)
		}
	}
	if len(op.kinds) > 0 {
		op.kind = op.kinds[0]
	}
	for _, segment := range slices.Backward(op.segments) {
		for _, kind := range op.kinds {
			if names(segment, kind) {
				op.kind = kind
				return
			}
		}
	}
}

// names reports whether a path segment is the (plural) name of a kind: "returns" of order_return, "features" of
// entitlements.feature.
func names(segment, kind string) bool {
	name := kind[strings.LastIndexByte(kind, '.')+1:]
	for _, n := range []string{name, name + "s"} {
		if n == segment || strings.HasSuffix(n, "_"+segment) {
			return true
		}
	}
	return false
}

// form is what the operation does, without regard to whether it is a test helper.
func (c *classifier) form(op *operation) string {
	last := op.segments[len(op.segments)-1]
	switch {
	case op.answer.binary:
		return "Download"
	case op.multipart:
		return "Upload"
	case op.answer.search:
		return "Search"
	case isParam(last):
		verb := map[string]string{"GET": "Retrieve", "POST": "Update", "DELETE": "Delete"}[op.method]
		return op.sub(verb, 2)
	case c.isVerb(op):
		return "Action"
	case op.answer.list:
		return op.sub("List", 1)
	case op.method == "POST" && !c.singleton(op):
		return op.sub("Create", 1)
	}
	return "Singleton"
}

// sub is the class for an operation below an object, which has at least that many parameters in its path.
func (op *operation) sub(class string, params int) string {
	if len(op.pathParams) >= params {
		return "Sub" + class
	}
	return class
}

// isVerb tells POST /v1/invoices/{invoice}/pay from POST /v1/customers/{customer}/sources, and
// /v1/tax/associations/find from /v1/tax/settings.
func (c *classifier) isVerb(op *operation) bool {
	last := len(op.segments) - 1
	parent := op.segments[:last]
	switch {
	case op.kind == "":
		return true // it answers nothing in particular
	case c.verb(parent):
		return true // credit_notes/preview/lines
	case names(op.segments[last], op.kind):
		return false
	case len(op.pathParams) > 0:
		return op.method == "POST" && !c.collection(op.segments) && !c.singleton(op)
	}
	return last > 0 && (c.collection(parent) || names(parent[last-1], op.kind))
}

// verb reports whether a path has been found to be an action.
func (c *classifier) verb(segments []string) bool {
	return slices.ContainsFunc(c.paths[anonymous(segments)], func(op *operation) bool { return op.form == "Action" })
}

// collection reports whether objects live at a path: it is a list, or has items below it.
func (c *classifier) collection(segments []string) bool {
	key := anonymous(segments)
	items := len(c.paths[key+"/{}"]) > 0
	lists := slices.ContainsFunc(c.paths[key], func(op *operation) bool { return op.answer.list })
	return items || lists
}

// singleton reports whether there is one object at the path itself, which GET answers or DELETE removes.
func (c *classifier) singleton(op *operation) bool {
	return slices.ContainsFunc(c.paths[anonymous(op.segments)], func(o *operation) bool {
		return o.method != "POST" && !o.answer.list && !o.answer.search
	})
}

// ownersOf fills in what the path's parameters name.
func (c *classifier) ownersOf(op *operation) error {
	var at []int
	for i, s := range op.segments {
		if isParam(s) {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return nil
	}
	owner, err := c.named(op, at[len(at)-1])
	if err != nil {
		return err
	}
	op.target, op.targets = owner.kind, owner.kinds
	if slices.Contains(owner.kinds, op.kind) {
		op.target = op.kind
	}
	if len(at) > 1 || strings.HasPrefix(op.form, "Sub") || op.form == "Singleton" {
		parent, err := c.named(op, at[0])
		if err != nil {
			return err
		}
		op.parent = parent.kind
	}
	return nil
}

// named finds an operation that answers the object which the parameter at that place in the path names.
func (c *classifier) named(op *operation, at int) (*operation, error) {
	prefix := anonymous(op.segments[:at+1])
	var best *operation
	for _, o := range c.paths[prefix] {
		if o.kind != "" && (best == nil || o.method == "GET") {
			best = o
		}
	}
	if best == nil {
		return nil, fmt.Errorf("%s: nothing says what %s is", op.path, op.segments[at])
	}
	return best, nil
}
