package resource

import (
	"slices"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

// maxExpand is how deep an expand path may go.
const maxExpand = 4

// expansion is what a request asks to expand, as a tree of names.
type expansion struct {
	name string
	into []*expansion
}

// expansion reads expand[] and checks every path against the answer's shape. It is nil when nothing is asked.
func (e *Engine) expansion(c *call, isList bool) (*expansion, error) {
	if c.in == nil {
		return nil, nil
	}
	paths := c.in.Params.Array("expand")
	var root *expansion
	for _, v := range paths {
		path, _ := v.(string)
		if path == "" {
			continue
		}
		names := strings.Split(path, ".")
		if isList && path == "total_count" {
			continue
		}
		if isList {
			if names[0] != "data" {
				return nil, cannotExpand(path)
			}
			names = names[1:]
		}
		if len(names) > maxExpand {
			return nil, apierr.Validation("", "expand", "You cannot expand more than %d levels of a property. Property: %s", maxExpand, path)
		}
		if !e.expandable(c.Op, names) && e.options.Mock {
			continue
		}
		if !e.expandable(c.Op, names) {
			return nil, cannotExpand(path)
		}
		if len(names) == 0 {
			continue
		}
		if root == nil {
			root = &expansion{}
		}
		root.add(names)
	}
	return root, root.permit(c.Grant, c.Namespace, kindShapes(c.Op))
}

// kindShapes are the shapes of the objects that an operation answers.
func kindShapes(op *spec.Operation) []*spec.Schema {
	shapes := make([]*spec.Schema, len(op.Kinds))
	for i, kind := range op.Kinds {
		shapes[i] = spec.Component(kind)
	}
	return shapes
}

func cannotExpand(path string) error {
	return apierr.Validation("", "expand", "This property cannot be expanded (%s).", path)
}

func (x *expansion) add(names []string) {
	for _, name := range names {
		i := slices.IndexFunc(x.into, func(n *expansion) bool { return n.name == name })
		if i < 0 {
			x.into = append(x.into, &expansion{name: name})
			i = len(x.into) - 1
		}
		x = x.into[i]
	}
}

// expandable reports whether a path may be expanded in some of the kinds that the operation answers. An operation that
// answers anything at all is checked object by object.
func (e *Engine) expandable(op *spec.Operation, names []string) bool {
	if len(op.Kinds) == 0 {
		return true
	}
	for _, kind := range op.Kinds {
		if walkExpandable([]*spec.Schema{spec.Component(kind)}, names) {
			return true
		}
	}
	return false
}

// walkExpandable follows a path through the shapes; every step must be among its shape's expandable fields.
func walkExpandable(shapes []*spec.Schema, names []string) bool {
	if len(names) == 0 {
		return true
	}
	for _, s := range shapes {
		if s == nil {
			continue
		}
		if s.Kind == spec.Array {
			if walkExpandable([]*spec.Schema{s.Items()}, names) {
				return true
			}
			continue
		}
		if len(s.AnyOf()) > 0 && walkExpandable(s.AnyOf(), names) {
			return true
		}
		p := s.Prop(names[0])
		if p == nil || !mayExpand(s, p) {
			continue
		}
		if walkExpandable(append(p.Schema().Expansion(), p.Schema()), names[1:]) {
			return true
		}
	}
	return false
}

// mayExpand reports whether a path may go through a property: the spec names it, or it is an array or list of things
// that have something to expand.
func mayExpand(s *spec.Schema, p *spec.Prop) bool {
	_, named := slices.BinarySearch(s.Expandable, p.Name)
	return named || p.Schema().CanExpand()
}

// apply expands a rendered document.
func (x *expansion) apply(e *Engine, r store.Reader, ns namespace, k *kindInfo, body []byte) ([]byte, error) {
	o, err := object.Parse(body, k.schema)
	if err != nil {
		return nil, err
	}
	if err := x.object(&expander{e, r, ns}, o, k.schema); err != nil {
		return nil, err
	}
	return o.AppendJSON(make([]byte, 0, 2*len(body)), 0), nil
}

// expander looks up what is expanded.
type expander struct {
	engine *Engine
	reader store.Reader
	ns     namespace
}

func (x *expansion) object(ex *expander, o *object.Object, schema *spec.Schema) error {
	return x.part(ex, part{o: o, of: o}, schema)
}

// part is an object inside another one, which has an id, and the way there from that one. Where the way leads through
// an array, nothing that is left out can be told apart, and of is nil.
type part struct {
	o, of *object.Object
	path  []string
}

// inside is the part in a field of this one. What has an id stands on its own.
func (p part) inside(name string, o *object.Object) part {
	if o.Schema() != nil && o.Schema().Resource != "" || o.ID() != "" {
		return part{o: o, of: o}
	}
	return part{o, p.of, append(slices.Clone(p.path), name)}
}

func (x *expansion) part(ex *expander, in part, schema *spec.Schema) error {
	o := in.o
	for _, step := range x.into {
		p := propOf(schema, o, step.name)
		if p == nil {
			continue
		}
		v, err := step.value(ex, in, p.Schema(), o.Get(step.name))
		if err != nil {
			return err
		}
		if v != nil {
			o.Set(step.name, v)
		}
	}
	return nil
}

// propOf finds a property in a shape or in the alternative that fits the object.
func propOf(s *spec.Schema, o *object.Object, name string) *spec.Prop {
	if p := s.Prop(name); p != nil {
		return p
	}
	for _, alt := range slices.Concat(s.AnyOf(), s.Expansion()) {
		if p := alt.Prop(name); p != nil && (o.String("object") == "" || objectKind(alt) == o.String("object")) {
			return p
		}
	}
	return nil
}

// value expands one value; nil leaves it as it is.
func (x *expansion) value(ex *expander, in part, s *spec.Schema, v any) (any, error) {
	switch v := v.(type) {
	case string:
		return x.id(ex, s, v)
	case *object.Object:
		return v, x.part(ex, in.inside(x.name, v), s)
	case []any:
		items := s.Items()
		if items == nil {
			return nil, nil
		}
		for i, item := range v {
			expanded, err := x.value(ex, part{}, items, item)
			if err != nil {
				return nil, err
			}
			if expanded != nil {
				v[i] = expanded
			}
		}
		return v, nil
	}
	return x.include(ex, in, s, v)
}

// id replaces an id by its object. An id whose object is gone stays an id.
func (x *expansion) id(ex *expander, s *spec.Schema, id string) (any, error) {
	for _, target := range s.Expansion() {
		if strings.HasPrefix(target.Name, "deleted_") {
			continue
		}
		k := ex.engine.kind(target.Name)
		d, err := ex.engine.getDoc(ex.reader, ex.ns, k, k.docID(id))
		if isMissing(err) || (err == nil && d.Kind != k.name) {
			continue
		}
		if err != nil {
			return nil, err
		}
		o, err := object.Parse(d.Data, k.schema)
		if err != nil {
			return nil, err
		}
		return o, x.object(ex, o, k.schema)
	}
	return ex.engine.mockExpand(s, id)
}

// include shows what is left out until it is asked for: what a rule makes, a field of the object's private part
// (price.tiers), or an embedded list (charge.refunds, customer.sources). Of a part without an id, it is in the private
// part at the same place (total_details.breakdown).
func (x *expansion) include(ex *expander, in part, s *spec.Schema, v any) (any, error) {
	if v != nil || in.of == nil || in.o.Has(x.name) || in.of.Schema() == nil || in.of.Schema().Resource == "" {
		return nil, nil
	}
	parent := ex.engine.kind(in.of.Schema().Name)
	at := append(slices.Clone(in.path), x.name)
	var rule func(Glance, *object.Object, *object.Object) (any, error)
	if parent.rules != nil {
		rule = parent.rules.Include[strings.Join(at, ".")]
	}
	if data := s.Prop("data"); rule == nil && len(at) == 1 && data != nil && data.Schema().Items() != nil {
		return x.includeList(ex, parent, in.o, s)
	}
	private, err := privateOf(ex.reader, ex.ns, parent.docID(in.of.ID()))
	if err != nil {
		return nil, err
	}
	shown := private.At(at...)
	if rule != nil {
		if shown, err = rule(Glance{ex}, in.of, private); err != nil {
			return nil, err
		}
		if shown, err = ex.engine.mockIncluded(s, shown); err != nil {
			return nil, err
		}
	}
	if len(x.into) == 0 || shown == nil {
		return shown, nil
	}
	return x.value(ex, part{}, s, shown)
}

func (x *expansion) includeList(ex *expander, parent *kindInfo, owner *object.Object, s *spec.Schema) (any, error) {
	data := s.Prop("data")
	var page store.Page
	for _, kind := range itemKinds(data.Schema().Items()) {
		k := ex.engine.kind(kind)
		q := store.Query{NS: ex.ns.NS, Kind: k.name, Limit: defaultLimit}
		if link := linkField(k.schema, parent.name); link != "" && k.filters[link] != nil {
			q.Where = []store.Cond{{Field: link, Values: []string{owner.ID()}}}
		} else {
			q.Parent = parent.docID(owner.ID())
		}
		part, err := ex.reader.List(q)
		if err != nil {
			return nil, err
		}
		page.Docs, page.More = append(page.Docs, part.Docs...), page.More || part.More
	}
	page = mergePages(page, store.Query{Limit: defaultLimit})
	items := make([]any, 0, len(page.Docs))
	for _, d := range page.Docs {
		o, err := object.Parse(d.Data, ex.engine.kind(d.Kind).schema)
		if err != nil {
			return nil, err
		}
		items = append(items, o)
	}
	if len(items) == 0 && ex.engine.options.Mock {
		o, err := ex.engine.fixtureOf(itemKinds(data.Schema().Items())[0], "")
		if err != nil {
			return nil, err
		}
		items = append(items, o)
	}
	l := NewList(ex.engine.listURL(parent, owner.ID(), x.name), items, page.More)
	return l, x.object(ex, l, s)
}

// itemKinds are the kinds that the elements of a list may be.
func itemKinds(items *spec.Schema) []string {
	if items.Resource != "" {
		return []string{items.Name}
	}
	var kinds []string
	for _, alt := range items.AnyOf() {
		if alt.Resource != "" && !strings.HasPrefix(alt.Name, "deleted_") {
			kinds = append(kinds, alt.Name)
		}
	}
	return kinds
}

// listURL is where an embedded list can be read on its own: the spec's list below the object, or the kind's.
func (e *Engine) listURL(parent *kindInfo, id, name string) string {
	for _, op := range spec.Operations() {
		if op.Class == spec.SubList && op.Parent == parent.name && lastSegment(op.Path) == name {
			return strings.Replace(op.Path, "{"+op.PathParams[0]+"}", id, 1)
		}
	}
	return "/v1/" + name + "?" + lastName(parent.name) + "=" + id
}
