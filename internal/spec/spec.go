// Package spec owns what the API looks like: Stripe's OpenAPI document and our own overlay, compiled by go generate
// into static tables. Nothing is parsed at start, and nothing here knows about storage or HTTP.
//
// The *_gen.go files are written by ./gen; the types they fill are in this file, look-ups in lookup.go, routing in
// route.go.
package spec

import (
	"slices"
	"strings"
)

//go:generate go run ./gen

// Kind is the JSON type of a schema.
type Kind uint8

// The kinds. Any stands for a schema without a type: an anyOf, or anything at all.
const (
	Any Kind = iota
	Object
	Array
	String
	Integer
	Number
	Boolean
)

// Format narrows a Kind.
type Format uint8

// The formats that the document uses.
const (
	NoFormat Format = iota
	UnixTime
	Currency
	Decimal
	Binary
)

// Schema is one shape: of a parameter, of a part of an answer, or of a whole resource. Schemas are shared: equal
// shapes are one Schema, so they must not be changed.
type Schema struct {
	Name       string // component name ("customer"), empty for an inline shape
	Resource   string // x-resourceId, empty for a shape that is not a resource
	Kind       Kind
	Format     Format
	Nullable   bool
	Open       bool // x-stripeBypassValidation: Stripe adds enum values without notice, so objects may hold unknown ones; what is sent may not
	MaxLength  int32
	Pattern    string
	Enum       []string // the allowed values as text: a boolean's is "true"
	Props      []Prop   // of an object, sorted by name
	Expandable []string // x-expandableFields: the names that an expand path may go through, sorted

	items      int32
	additional int32 // shape of the values of a map; 0 when unnamed properties are not allowed
	anyOf      span
	expansion  span // x-expansionResources: what an id in this place may be replaced by
}

// span is a part of links. Schemas name each other by number and not by pointer, since a Go variable may not refer to
// itself in its initialiser; links turns lists of numbers into pointers without work at run time.
type span struct{ first, last uint16 }

// Prop is one named part of an object.
type Prop struct {
	Name     string
	Required bool
	schema   int32
}

// Operation is one method on one path.
type Operation struct {
	ID     string // Stripe's operationId: "GetCustomersCustomer"
	Method string
	Path   string // template: "/v1/customers/{customer}"
	Class  Class
	// Form is Class, but for a TestHelper it is what the operation would be without the test_helpers prefix: test
	// clocks are created, retrieved and listed like everything else.
	Form Class
	// Kind is the resource that the operation answers (for a list: its items; for a delete: what is deleted). Where
	// the answer may be one of several, it is the one that the path names (bank_account in
	// /v1/customers/{customer}/bank_accounts), or else the first. It is never a deleted_ shape, and empty for
	// answers that are no resource.
	Kind string
	// Kinds are all live resources that the answer may be; it holds Kind.
	Kinds []string
	// Target is the kind of object that the last {param} of Path names: what an action acts on, what a retrieve
	// finds. Empty when the path has no {param}.
	Target string
	// Targets are all kinds that the last {param} may name; it holds Target.
	Targets []string
	// Parent is the kind of object that the first {param} names, for operations on sub-resources and singletons.
	Parent     string
	PathParams []string // names in order
	// AnswersDeleted says that a deleted object is answered (as deleted_*) instead of 404.
	AnswersDeleted bool
	Multipart      bool
	Deprecated     bool
	Overlay        bool // ours, not Stripe's
	params         int32
	response       int32 // 0 for a binary answer, and for one that may be anything
}

// Items is the shape of an array's elements, or nil.
func (s *Schema) Items() *Schema { return at(s.items) }

// Additional is the shape of a map's values, or nil when only named properties are allowed.
func (s *Schema) Additional() *Schema { return at(s.additional) }

// AnyOf returns the alternatives; an empty result means that s itself is the shape. It must not be changed.
func (s *Schema) AnyOf() []*Schema { return links[s.anyOf.first:s.anyOf.last:s.anyOf.last] }

// Concrete is the alternative of a parameter that says most: another than a text with few values, such as the empty one that
// clears. It is s itself where there are none.
func (s *Schema) Concrete() *Schema {
	alternatives := s.AnyOf()
	for _, alt := range alternatives {
		if alt.Kind != String || len(alt.Enum) == 0 {
			return alt.Concrete()
		}
	}
	if len(alternatives) > 0 {
		return alternatives[0].Concrete()
	}
	return s
}

// Expansion returns the resources that an id in this place may be expanded to. It must not be changed.
func (s *Schema) Expansion() []*Schema {
	return links[s.expansion.first:s.expansion.last:s.expansion.last]
}

// CanExpand reports whether an id in this place may be expanded.
func (s *Schema) CanExpand() bool { return s.expansion.last > s.expansion.first }

// CanExpandField reports whether an expand path may go through that property.
func (s *Schema) CanExpandField(name string) bool {
	_, found := slices.BinarySearch(s.Expandable, name)
	return found
}

// Schema is the shape of the property.
func (p Prop) Schema() *Schema { return at(p.schema) }

// Prop finds a property by name. A nil result means that the object has none of that name.
func (s *Schema) Prop(name string) *Prop {
	lo, hi := 0, len(s.Props)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if s.Props[mid].Name < name {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(s.Props) && s.Props[lo].Name == name {
		return &s.Props[lo]
	}
	return nil
}

// Params is the object of all parameters, of query and body together. Those in the path are not in it.
func (o *Operation) Params() *Schema { return at(o.params) }

// Response is the shape of a 200 answer; nil for a binary one and for one that may be any object.
func (o *Operation) Response() *Schema { return at(o.response) }

// JSON reports whether the operation takes JSON and not a form, as those of version 2 of the API do.
func (o *Operation) JSON() bool { return strings.HasPrefix(o.Path, "/v2/") }

func at(i int32) *Schema {
	if i == 0 {
		return nil
	}
	return &schemas[i]
}
