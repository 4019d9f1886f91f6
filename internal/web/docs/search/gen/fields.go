package main

import (
	"slices"
	"strings"

	"sharesmart/internal/spec"
	"sharesmart/internal/web/docs/reference"
	"sharesmart/internal/web/docs/search"
)

// deepestParameter and deepestAttribute are how far within others what can be found is. A parameter is somewhere in a
// request, so all are named; an object within an object within an object is found by its own page.
const (
	deepestParameter = 5
	deepestAttribute = 1
)

// fieldEntries are the pages of the reference with their operations, parameters and attributes.
type fieldEntries struct {
	catalog *reference.Catalog
	place   int // of the resource: those that come first are asked for most
	below   int // what a resource is worth less whose objects have a page of their own, as the subscriptions of a customer
	out     []search.Entry
}

func (f *fieldEntries) add(group string, e search.Entry) {
	e.Group = group
	e.Weight = max(0, weights[group]+e.Weight-f.place/8-f.below)
	f.out = append(f.out, e)
}

// resource adds a page with all that is on it.
func (f *fieldEntries) resource(r *reference.Resource) {
	f.below = 0
	if r.Kind != "" && f.catalog.ByKind(r.Kind) != r {
		f.below = 20
	}
	f.add(groupResources, search.Entry{Title: r.Title, Text: r.Summary(), Path: r.Address(), Keys: []string{r.Slug, r.Kind, "/v1/" + r.Slug, "v1/" + r.Slug, "/" + r.Slug, r.Singular()}})
	for _, op := range r.Operations {
		line := op.Method + " " + op.Path
		f.add(groupEndpoints, search.Entry{Title: line, Text: op.Title, Path: op.Address(), Keys: []string{op.Path, strings.TrimPrefix(op.Path, "/"), op.ID, op.Title, articles.Replace(op.Title), r.Slug + "." + op.Slug}})
		g := fieldsOf{f, groupParameters, r, op.Slug, op.Title, deepestParameter, nil}
		for _, name := range op.PathParams {
			g.field(name, nil, []string{name}, 1)
		}
		g.fields(op.Params(), nil)
	}
	if shape := spec.Component(r.Kind); r.Kind != "" && shape != nil && f.catalog.ByKind(r.Kind) == r {
		g := fieldsOf{f, groupAttributes, r, "object", "The " + r.Singular() + " object", deepestAttribute, nil}
		g.fields(shape, nil)
	}
	f.place++
}

// articles are what people leave out of what they look for.
var articles = strings.NewReplacer(" a ", " ", " an ", " ", " the ", " ")

// fieldsOf adds the fields of one operation or object.
type fieldsOf struct {
	*fieldEntries
	group  string
	of     *reference.Resource
	part   string // what anchors begin with
	text   string
	most   int
	within []*spec.Schema // the shapes that are being gone through, as one may hold itself
}

// fields adds what is in a shape.
func (g *fieldsOf) fields(shape *spec.Schema, path []string) {
	if len(path) > g.most || slices.Contains(g.within, shape) {
		return
	}
	g.within = append(g.within, shape)
	members := reference.Members(shape)
	for _, p := range members {
		g.field(p.Name, p.Schema(), append(slices.Clone(path), p.Name), len(members))
	}
	g.within = g.within[:len(g.within)-1]
}

func (g *fieldsOf) field(name string, shape *spec.Schema, path []string, among int) {
	e := search.Entry{Title: reference.Bracketed(path), Text: g.text, Path: g.of.FieldAddress(g.part, path, among), Weight: -2 * (len(path) - 1)}
	if len(path) > 1 {
		e.Keys = []string{name, strings.Join(path, ".")}
	}
	g.add(g.group, e)
	if shape == nil || g.group == groupAttributes && g.paged(shape) {
		return
	}
	g.fields(shape, path)
}

// paged reports whether what a shape holds has a page of its own: an object, a list of them, or what an id is expanded to.
func (g *fieldsOf) paged(shape *spec.Schema) bool {
	if shape == nil {
		return false
	}
	if shape.CanExpand() || g.catalog.ByKind(shape.Resource) != nil {
		return true
	}
	if data := shape.Prop("data"); data != nil && shape.Prop("has_more") != nil {
		return g.paged(data.Schema())
	}
	return g.paged(shape.Items()) || slices.ContainsFunc(shape.AnyOf(), g.paged)
}
