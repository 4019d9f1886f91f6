// Package explorer works out from the spec what the Dashboard shows of each kind of object: which kinds have a list, with
// which columns and filters, what can be done to an object, and what it is related to. It reads nothing that is stored.
package explorer

import (
	"slices"
	"strings"

	"sharesmart/internal/spec"
	"sharesmart/internal/web/docs/reference"
)

// Catalog is all kinds that have a list.
type Catalog struct {
	Families []*Family
	byKind   map[string]*Resource
	docs     *reference.Catalog
	served   func(*spec.Operation) bool
}

// Family is a group of kinds, as one looks for them.
type Family struct {
	Title     string
	Resources []*Resource
}

// Resource is a kind with a list.
type Resource struct {
	Kind     string
	Title    string // in the plural: "Payment intents"
	Singular string // "payment intent"
	Docs     string // where the reference describes it
	List     *spec.Operation
	Search   *spec.Operation // nil without a search
	Create   *spec.Operation // nil where nobody creates one from outside
	Columns  []Column
	Filters  []Filter
}

// elsewhere are kinds that have pages of their own.
var elsewhere = []string{"event", "sandbox"}

// New works out the catalog of what served reports true of.
func New(docs *reference.Catalog, served func(*spec.Operation) bool) *Catalog {
	c := &Catalog{byKind: map[string]*Resource{}, docs: docs, served: served}
	for _, f := range docs.Families {
		family := &Family{Title: f.Title}
		for _, page := range f.Resources {
			if r := resourceOf(docs, page); r != nil && c.byKind[r.Kind] == nil {
				c.byKind[r.Kind] = r
				family.Resources = append(family.Resources, r)
			}
		}
		if len(family.Resources) > 0 {
			c.Families = append(c.Families, family)
		}
	}
	return c
}

// Resource finds a kind that has a list; nil if it has none.
func (c *Catalog) Resource(kind string) *Resource { return c.byKind[kind] }

// NameOf is what one object of a kind is called: "payment intent".
func (c *Catalog) NameOf(kind string) string {
	if r := c.byKind[kind]; r != nil {
		return r.Singular
	}
	return Words(strings.TrimPrefix(kind, "test_helpers."))
}

// DocsOf is where the reference describes a kind; empty where it does not.
func (c *Catalog) DocsOf(kind string) string {
	if page := c.docs.ByKind(kind); page != nil {
		return page.Address()
	}
	return ""
}

// resourceOf is the kind that a page of the reference is about; nil if that has no list of its own there.
func resourceOf(docs *reference.Catalog, page *reference.Resource) *Resource {
	if page.Kind == "" || ownPage(docs, page.Kind) != page || slices.Contains(elsewhere, page.Kind) {
		return nil
	}
	r := &Resource{Kind: page.Kind, Title: page.Title, Docs: page.Address(), Singular: singular(page)}
	for _, op := range page.Operations {
		switch {
		case len(op.PathParams) > 0:
		case op.Form == spec.List && op.Kind == page.Kind && !op.JSON(): // lists of version 2 have other pages
			r.List = op.Operation
		case op.Form == spec.Search:
			r.Search = op.Operation
		case op.Form == spec.Create && op.Kind == page.Kind:
			r.Create = op.Operation
		}
	}
	if r.List == nil {
		return nil
	}
	r.Columns = columnsOf(spec.Component(r.Kind))
	r.Filters = filtersOf(r.List)
	return r
}

// ownPage is the page of a kind's own path, or else the one that describes it.
func ownPage(docs *reference.Catalog, kind string) *reference.Resource {
	if page := docs.Resource(strings.ReplaceAll(kind, ".", "/") + "s"); page != nil && page.Kind == kind {
		return page
	}
	return docs.ByKind(kind)
}

func singular(page *reference.Resource) string {
	words := strings.Fields(page.Title)
	words[len(words)-1] = lastWord(page.Singular())
	for i, w := range words {
		if strings.ToUpper(w) != w {
			words[i] = strings.ToLower(w)
		}
	}
	return strings.Join(words, " ")
}

func lastWord(slug string) string {
	words := strings.FieldsFunc(slug, func(r rune) bool { return r == '/' || r == '_' || r == ' ' || r == '.' })
	if len(words) == 0 {
		return slug
	}
	return words[len(words)-1]
}

// capitals are words that are written in capitals.
var capitals = map[string]string{"id": "ID", "ids": "IDs", "url": "URL", "ip": "IP", "sku": "SKU", "skus": "SKUs", "pdf": "PDF", "api": "API", "iban": "IBAN", "ach": "ACH"}

// Words writes a name of the API in words: "next payment attempt".
func Words(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return r == '_' || r == '.' || r == ' ' })
	for i, w := range words {
		if capitals[w] != "" {
			words[i] = capitals[w]
		}
	}
	return strings.Join(words, " ")
}

// Label is Words for the head of a column: "Next payment attempt".
func Label(name string) string {
	text := Words(name)
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
