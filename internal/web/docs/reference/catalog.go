package reference

import (
	"cmp"
	"slices"
	"strings"

	"sharesmart/internal/spec"
)

// Prefix is what the addresses of the reference begin with.
const Prefix = "/docs/api"

// Catalog is all that there is a reference of.
type Catalog struct {
	Families []*Family
	bySlug   map[string]*Resource
	byKind   map[string]*Resource
	byID     map[string]*Operation
}

// Family is a group of resources, as one looks for them.
type Family struct {
	Slug, Title string
	Resources   []*Resource
}

// Resource is one page: a path with the operations on it and on what is found by it.
type Resource struct {
	Slug, Title string
	Kind        string // of the object that is described; empty where the answer is none
	Family      *Family
	Operations  []*Operation
	Below       []*Resource // the pages of its child resources
	// Previous and Next are the pages beside it, in the order of the contents; nil for none.
	Previous, Next *Resource
}

// Operation is one operation, on the page that it belongs to.
type Operation struct {
	*spec.Operation
	Slug     string // what its anchor is on the page: create
	Title    string
	Resource *Resource
}

// Address is where the page is.
func (r *Resource) Address() string { return Prefix + "/" + r.Slug }

// Singular is what one of the objects is called.
func (r *Resource) Singular() string { return singular(r.Slug) }

// Summary says in a line what is on the page.
func (r *Resource) Summary() string {
	titles := make([]string, len(r.Operations))
	for i, op := range r.Operations {
		titles[i] = op.Title
	}
	return strings.Join(titles, ", ") + "."
}

// Version is the version of the API.
func (c *Catalog) Version() string { return spec.Version }

// Address is where the operation is.
func (o *Operation) Address() string { return o.Resource.Address() + "#" + o.Slug }

// NewCatalog sorts operations into pages. Only those are in it that served reports true of.
func NewCatalog(served func(*spec.Operation) bool) *Catalog {
	c := &Catalog{bySlug: map[string]*Resource{}, byKind: map[string]*Resource{}, byID: map[string]*Operation{}}
	collections := map[string]bool{}
	for _, op := range spec.Operations() {
		if op.Class != spec.TestHelper && op.Class != spec.Action && op.Class != spec.Search {
			collections[strings.Join(literals(op.Path), "/")] = true
		}
	}
	for _, op := range spec.Operations() {
		if served(op) {
			r := c.resource(slugOf(op, collections))
			r.Operations = append(r.Operations, &Operation{Operation: op, Resource: r})
		}
	}
	for _, slug := range sortedResources(c.bySlug) {
		c.finish(c.bySlug[slug])
	}
	slices.SortFunc(c.Families, func(a, b *Family) int {
		return cmp.Or(cmp.Compare(placeOf(a.Slug), placeOf(b.Slug)), cmp.Compare(a.Title, b.Title))
	})
	all := c.Resources()
	for i := 1; i < len(all); i++ {
		all[i].Previous, all[i-1].Next = all[i-1], all[i]
	}
	return c
}

func (c *Catalog) resource(slug string) *Resource {
	if c.bySlug[slug] == nil {
		c.bySlug[slug] = &Resource{Slug: slug, Title: titleOf(slug)}
	}
	return c.bySlug[slug]
}

// finish gives a resource its kind, its family, and its operations their order and names.
func (c *Catalog) finish(r *Resource) {
	r.Kind = kindOf(r)
	slices.SortStableFunc(r.Operations, func(a, b *Operation) int { return cmp.Compare(rank(a), rank(b)) })
	titles := map[string]bool{}
	taken := map[string]bool{"object": true, "parts": true, "children": true, "helpful": true, "versions": true}
	for _, op := range r.Operations {
		op.Slug = verbOf(op)
		if taken[op.Slug] { // one of two ways to the same: below another object, or by a test helper
			op.Slug += "-" + strings.ReplaceAll(strings.Join(literals(op.Path), "-"), "_", "-")
		}
		if op.Title = titleOfOperation(op); titles[op.Title] {
			op.Title += " by a test helper"
		}
		taken[op.Slug], titles[op.Title] = true, true
		c.byID[op.ID] = op
	}
	if parent := c.parentOf(r.Slug); parent != nil {
		parent.Below = append(parent.Below, r)
	}
	if main := c.byKind[r.Kind]; r.Kind != "" && (main == nil || weight(r) > weight(main)) {
		c.byKind[r.Kind] = r
	}
	r.Family = c.family(familyOf(r.Slug))
	r.Family.Resources = append(r.Family.Resources, r)
}

// weight says how much of an object's life is on a page, to tell its own from those that also answer it.
func weight(r *Resource) int { return len(r.Operations) - 100*strings.Count(r.Slug, "/") }

func (c *Catalog) family(slug string) *Family {
	for _, f := range c.Families {
		if f.Slug == slug {
			return f
		}
	}
	f := &Family{Slug: slug, Title: familyTitle(slug)}
	c.Families = append(c.Families, f)
	return f
}

// parentOf is the page that a path is below of; nil if there is none.
func (c *Catalog) parentOf(slug string) *Resource {
	for {
		i := strings.LastIndexByte(slug, '/')
		if i < 0 {
			return nil
		}
		slug = slug[:i]
		if r := c.bySlug[slug]; r != nil {
			return r
		}
	}
}

// Resource finds a page by what follows the prefix in its address; nil if there is none.
func (c *Catalog) Resource(slug string) *Resource { return c.bySlug[slug] }

// ByKind finds the page that describes a kind of object; nil if there is none.
func (c *Catalog) ByKind(kind string) *Resource { return c.byKind[kind] }

// Subject is the page of what events of a type are about: customer.subscription.updated is about a subscription. It is nil
// if there is none.
func (c *Catalog) Subject(eventType string) *Resource {
	about := eventType
	for strings.Contains(about, ".") {
		about = about[:strings.LastIndexByte(about, '.')]
		for _, kind := range []string{about, about[strings.LastIndexByte(about, '.')+1:], strings.Replace(about, "_", ".", 1)} {
			if r := c.ByKind(kind); r != nil {
				return r
			}
		}
	}
	return nil
}

// Operation finds an operation by its id; nil if there is none.
func (c *Catalog) Operation(id string) *Operation { return c.byID[id] }

// Resources are all pages, by their addresses.
func (c *Catalog) Resources() (all []*Resource) {
	for _, f := range c.Families {
		all = append(all, f.Resources...)
	}
	return all
}

// slugOf is the page that an operation is on: the path of its collection, without ids and verbs.
func slugOf(op *spec.Operation, collections map[string]bool) string {
	path := op.Path
	if op.Class == spec.TestHelper {
		if plain := strings.Replace(path, "/test_helpers", "", 1); nearest(literals(plain), collections) != "" {
			path = plain
		}
	}
	parts := literals(path)
	switch {
	case op.Class == spec.Download || op.Form == spec.Action && len(op.PathParams) > 0:
		parts = literals(path[:strings.LastIndexByte(path, '}')])
	case op.Class == spec.Search || op.Class == spec.TestHelper || op.Class == spec.Action:
		if found := nearest(parts, collections); found != "" {
			return found
		}
	}
	return strings.Join(parts, "/")
}

// nearest is the longest beginning of a path that is a collection.
func nearest(parts []string, collections map[string]bool) string {
	for n := len(parts); n > 0; n-- {
		if slug := strings.Join(parts[:n], "/"); collections[slug] {
			return slug
		}
	}
	return ""
}

// literals are the segments of a path that are no ids, without the version.
func literals(path string) (parts []string) {
	path = strings.TrimSuffix(strings.TrimSuffix(path, "/find"), "/list") // verbs of what is no collection
	for part := range strings.SplitSeq(strings.TrimPrefix(strings.TrimPrefix(path, "/v1"), "/"), "/") {
		if !strings.HasPrefix(part, "{") {
			parts = append(parts, part)
		}
	}
	return parts
}

// kindOf is the kind that most of the operations of a page answer.
func kindOf(r *Resource) string {
	count := map[string]int{}
	best := ""
	for _, op := range r.Operations {
		kind := op.Kind
		if shape := spec.Component(kind); op.Form == spec.Action || shape == nil || len(shape.Props) == 0 {
			continue
		}
		if count[kind]++; count[kind] > count[best] || best == "" {
			best = kind
		}
	}
	if shape := spec.Component(r.Operations[0].Kind); best == "" && shape != nil && len(shape.Props) > 0 {
		return shape.Name
	}
	return best
}
