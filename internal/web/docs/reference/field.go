package reference

import (
	"html/template"
	"slices"
	"strconv"
	"strings"
)

// Field is a parameter or an attribute, as it is shown.
type Field struct {
	Name       string
	ID         string // its anchor: create.address.city
	Type       string
	Of         *Resource // the page of the object that it holds or refers to; nil for none
	Required   bool
	Nullable   bool
	Expandable bool
	Deprecated bool
	MaxLength  int
	Text       template.HTML
	Values     []Value
	Fields     []*Field // what is in it
	Count      int      // how many there are in it
	More       string   // where they are shown, if not here
	MoreValues string   // where the values are, if there are too many to show them here
}

// Value is one value of an enumeration.
type Value struct{ Value, ID string }

const (
	shownDepth = 1  // levels of fields on a page; those below are on pages of their own
	shownMost  = 30 // fields within another one, and values of one, that are shown at once
)

// builder makes the fields of one operation or object.
type builder struct {
	*reader
	catalog  *Catalog
	resource *Resource
	part     string // what the addresses and anchors begin with: create, or object
	answer   bool   // whether these are attributes
}

// member is a named part of a shape.
type member struct {
	name     string
	schema   tree
	text     string
	required bool
}

// fields shows members, and what is in them down to a depth.
func (b *builder) fields(members []member, path []string, depth int) (out []*Field) {
	for _, m := range members {
		out = append(out, b.field(m, append(slices.Clone(path), m.name), depth))
	}
	return out
}

func (b *builder) field(m member, path []string, depth int) *Field {
	schema := m.schema
	f := &Field{
		Name: m.name, ID: b.part + "." + strings.Join(path, "."), Required: m.required && !b.answer, Type: b.typeOf(schema),
		Nullable: schema.Bool("nullable"), Expandable: schema.Get("x-expansionResources") != nil, Deprecated: schema.Bool("deprecated"),
		MaxLength: b.maxLength(schema), Of: b.about(schema), Text: prose(b.catalog, b.textOf(m)),
	}
	b.values(f, schema, path, depth)
	if f.Of != nil && b.answer {
		return f // it has a page
	}
	inner := b.membersOf(schema)
	f.Count = len(inner)
	switch {
	case f.Count == 0:
	case depth < shownDepth && f.Count <= shownMost:
		f.Fields = b.fields(inner, path, depth+1)
	default:
		f.More = b.address(path)
	}
	return f
}

// address is the page of what is within a field.
func (b *builder) address(path []string) string {
	return b.resource.Address() + "/parts/" + b.part + "/" + strings.Join(path, "/")
}

func (b *builder) values(f *Field, schema tree, path []string, depth int) {
	values := enumOf(schema)
	if len(values) > shownMost && depth > 0 {
		f.MoreValues, f.Count = b.address(path), len(values)
		return
	}
	for _, v := range values {
		f.Values = append(f.Values, Value{v, f.ID + "=" + v})
	}
}

func (r *reader) textOf(m member) string {
	if m.text != "" {
		return m.text
	}
	if text := m.schema.String("description"); text != "" {
		return text
	}
	if items := m.schema.Object("items"); items != nil && refName(items) == "" {
		return items.String("description")
	}
	if name := refName(m.schema); name != "" {
		return r.component(name).String("description")
	}
	return ""
}

// alternatives are the shapes that a value may have, without the empty text that takes a value away.
func alternatives(schema tree) (out []tree) {
	all := schema.Array("anyOf")
	for _, v := range all {
		alt := asTree(v)
		if values := alt.Array("enum"); len(values) == 1 && values[0] == "" {
			continue
		}
		out = append(out, alt)
	}
	return out
}

// membersOf are the parts of a shape: of the objects that it may be, of its elements, or of the values of a map. Those
// that must be sent come first.
func (r *reader) membersOf(schema tree) []member {
	schema = r.resolve(schema)
	var out []member
	required := schema.Array("required")
	for name, v := range schema.Object("properties").All() {
		out = append(out, member{name: name, schema: asTree(v), required: slices.Contains(required, any(name))})
	}
	slices.SortFunc(out, func(a, b member) int { return strings.Compare(a.name, b.name) })
	for _, alt := range append(alternatives(schema), schema.Object("items"), schema.Object("additionalProperties")) {
		if alt == nil {
			continue
		}
		for _, m := range r.membersOf(alt) {
			if !slices.ContainsFunc(out, func(have member) bool { return have.name == m.name }) {
				out = append(out, m)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b member) int { return first(b) - first(a) })
	return out
}

// first says how far up a member is shown: id and type of an object tell what it is.
func first(m member) int {
	switch {
	case m.name == "id":
		return 3
	case m.name == "object" && len(enumOf(m.schema)) == 1:
		return 2
	case m.required:
		return 1
	}
	return 0
}

// enumOf are the values that a shape allows.
func enumOf(schema tree) (out []string) {
	values := schema.Array("enum")
	for _, v := range values {
		switch v := v.(type) {
		case string:
			if v != "" {
				out = append(out, v)
			}
		case bool:
			out = append(out, strconv.FormatBool(v))
		}
	}
	if out == nil && refName(schema) == "" {
		if items := schema.Object("items"); items != nil {
			return enumOf(items)
		}
		for _, alt := range alternatives(schema) {
			out = append(out, enumOf(alt)...)
		}
	}
	return out
}

func (b *builder) maxLength(schema tree) int {
	n := schema.Int("maxLength")
	if n == 5000 { // the limit that every text has
		return 0
	}
	return int(n)
}
