package resource

import (
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// Expansion of what a rule answers itself (Op.Result, Op.List), and of an operation that may answer anything: what can
// be expanded there is only known once the objects are.

// expandResult expands an answer that is one object.
func (op *Op) expandResult(x *expansion) error {
	if x == nil || op.gone || op.Result.Schema() == nil {
		return nil
	}
	shape := []*spec.Schema{op.Result.Schema()}
	if len(op.Operation.Kinds) == 0 {
		if err := x.check(shape, ""); err != nil {
			return err
		}
	}
	if err := x.permit(op.grant, op.ns, shape); err != nil {
		return err
	}
	return x.object(op.expander(), op.Result, op.Result.Schema())
}

// expandList expands an answer that is a list. Of objects of several kinds, each is expanded as far as it has what was
// asked for; one of them must have it.
func (op *Op) expandList(x *expansion) error {
	if x == nil {
		return nil
	}
	items := op.List.Array("data")
	shapes := make([]*spec.Schema, 0, len(items))
	for _, item := range items {
		if o, ok := item.(*object.Object); ok && o.Schema() != nil {
			shapes = append(shapes, o.Schema())
		}
	}
	if len(op.Operation.Kinds) == 0 {
		var err error
		if x, err = x.below("data"); err != nil {
			return err
		}
		if err := x.check(shapes, "data."); err != nil {
			return err
		}
	}
	if err := x.permit(op.grant, op.ns, shapes); err != nil {
		return err
	}
	for _, item := range items {
		if o, ok := item.(*object.Object); ok && o.Schema() != nil {
			if err := x.object(op.expander(), o, o.Schema()); err != nil {
				return err
			}
		}
	}
	return nil
}

func (op *Op) expander() *expander { return &expander{op.engine, op.tx, op.ns} }

// below is what is asked for inside a field; nothing may be asked for elsewhere.
func (x *expansion) below(name string) (*expansion, error) {
	inside := &expansion{}
	for _, step := range x.into {
		if step.name != name {
			return nil, cannotExpand(step.name)
		}
		inside = step
	}
	return inside, nil
}

// check refuses what cannot be expanded in any of the shapes.
func (x *expansion) check(shapes []*spec.Schema, prefix string) error {
	for _, path := range x.paths() {
		if !walkExpandable(shapes, path) {
			return cannotExpand(prefix + strings.Join(path, "."))
		}
	}
	return nil
}

// paths are the expansion's leaves.
func (x *expansion) paths() [][]string {
	var all [][]string
	for _, step := range x.into {
		if len(step.into) == 0 {
			all = append(all, []string{step.name})
		}
		for _, path := range step.paths() {
			all = append(all, append([]string{step.name}, path...))
		}
	}
	return all
}

// permit refuses to show, in the place of an id, an object that a restricted key may not read.
func (x *expansion) permit(g *access.Grant, ns namespace, shapes []*spec.Schema) error {
	if x == nil || g.Key == nil || g.Key.Rights == nil {
		return nil
	}
	for _, step := range x.into {
		var reached []*spec.Schema
		for _, s := range shapes {
			if p := s.Prop(step.name); p != nil {
				reached = standsFor(reached, p.Schema())
			}
		}
		for _, s := range reached {
			if s.Resource != "" && !g.Key.Rights.Allows(rightKind(s.Name), false) {
				return forbidden(g, ns, s.Name, false)
			}
		}
		if err := step.permit(g, ns, reached); err != nil {
			return err
		}
	}
	return nil
}

// standsFor appends every shape that an object in the place of a schema may have. Tombstones are nobody's secret.
func standsFor(out []*spec.Schema, s *spec.Schema) []*spec.Schema {
	if s == nil || strings.HasPrefix(s.Name, "deleted_") {
		return out
	}
	for _, alt := range s.AnyOf() {
		out = standsFor(out, alt)
	}
	for _, target := range s.Expansion() {
		out = standsFor(out, target)
	}
	if s.Kind == spec.Array {
		return standsFor(out, s.Items())
	}
	if s.Kind == spec.Object {
		out = append(out, s)
		if data := s.Prop("data"); data != nil {
			return standsFor(out, data.Schema().Items())
		}
	}
	return out
}
