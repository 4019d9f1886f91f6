package resource

import (
	"slices"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

const (
	defaultLimit = 10
	// maxUnpaged is how long a list may be that has no pages.
	maxUnpaged = 1000
)

// list serves a list of objects, top-level or below the object that the path names.
func list(e *Engine, c *call) (*Answer, error) {
	q, err := e.listQuery(c)
	if err != nil {
		return nil, err
	}
	page, err := e.page(e.store, c, q)
	if err != nil {
		return nil, err
	}
	return e.renderList(c, page)
}

// listQuery reads the paging parameters and filters. Its Kind is left open: an operation may list several kinds.
func (e *Engine) listQuery(c *call) (store.Query, error) {
	q := store.Query{NS: c.Namespace.NS}
	params := c.in.Params
	q.Limit = limitOf(params)
	if c.Op.Params().Prop("limit") == nil {
		q.Limit = maxUnpaged
	}
	after, before := params.String("starting_after"), params.String("ending_before")
	if after != "" && before != "" {
		return q, apierr.Validation("parameters_exclusive", "starting_after", "You may only specify one of these parameters: ending_before, starting_after.")
	}
	var err error
	if q.After, err = e.position(c, "starting_after", after); err != nil {
		return q, err
	}
	q.Before, err = e.position(c, "ending_before", before)
	return q, err
}

// limitOf is how many objects a page has. That it is within 1 and 100 was seen when it was decoded.
func limitOf(params *object.Object) int {
	if params.Get("limit") == nil {
		return defaultLimit
	}
	return int(params.Int("limit"))
}

// position finds a cursor's place. A deleted object keeps its place, so that paging goes on while others delete.
func (e *Engine) position(c *call, name, id string) (*store.Position, error) {
	if id == "" {
		return nil, nil
	}
	for _, kind := range c.Op.Kinds {
		k := e.kind(kind)
		if err := e.seedReference(k); err != nil {
			return nil, err
		}
		d, err := e.store.Get(e.nsOf(c.Namespace, k), k.docID(id))
		if err == nil && d.Kind == k.name {
			return &store.Position{Created: d.Created, Seq: d.Seq}, nil
		}
		if err != nil && !isMissing(err) {
			return nil, err
		}
	}
	if e.options.Mock {
		return nil, nil
	}
	return nil, apierr.MissingRef(c.Op.Kind, id, name)
}

// page reads one page of each kind that the operation lists and merges them.
func (e *Engine) page(r store.Reader, c *call, base store.Query) (store.Page, error) {
	var out store.Page
	for _, kind := range c.Op.Kinds {
		k := e.kind(kind)
		q := base
		q.Kind = k.name
		q.NS = e.nsOf(c.Namespace, k)
		if err := e.conditions(c.Op, k, c.Namespace, c.in.Params, &q); err != nil {
			return out, err
		}
		q.CreatedMin = max(q.CreatedMin, e.oldest(k))
		if err := e.below(c, k, &q); err != nil {
			return out, err
		}
		if err := e.seedReference(k); err != nil {
			return out, err
		}
		page, err := e.kindPage(r, c, k, q)
		if err != nil {
			return out, err
		}
		// A list of accounts is of those that are connected; the page is one shorter where the own one would be.
		page.Docs = slices.DeleteFunc(page.Docs, func(d store.Doc) bool { return k.isSelf(c.Namespace, d.ID) })
		out.Docs = append(out.Docs, page.Docs...)
		out.More = out.More || page.More
	}
	if len(c.Op.Kinds) > 1 {
		out = mergePages(out, base)
	}
	return out, nil
}

func (e *Engine) kindPage(r store.Reader, c *call, k *kindInfo, q store.Query) (store.Page, error) {
	if heard, sent := wantsHeard(k, c.in.Params); sent {
		return e.heardPage(r, c.Namespace, q, heard)
	}
	if path := orderPath(k, c.in.Params); path != nil {
		return orderedPage(r, k.schema, q, path)
	}
	return r.List(q)
}

// mergePages orders the pages of several kinds as one and cuts it at the limit.
func mergePages(p store.Page, q store.Query) store.Page {
	slices.SortStableFunc(p.Docs, func(a, b store.Doc) int {
		if a.Created != b.Created {
			return int(min(1, max(-1, b.Created-a.Created)))
		}
		return int(min(1, max(-1, b.Seq-a.Seq)))
	})
	if extra := len(p.Docs) - q.Limit; extra > 0 {
		p.More = true
		if q.Before != nil {
			p.Docs = p.Docs[extra:]
		} else {
			p.Docs = p.Docs[:q.Limit]
		}
	}
	return p
}

// below narrows a list to the objects below the one that the path names.
func (e *Engine) below(c *call, k *kindInfo, q *store.Query) error {
	if c.Op.Parent == "" {
		return nil
	}
	parent := e.kind(c.Op.Parent)
	if !e.options.Mock {
		if _, err := e.liveDoc(c, parent, 0); err != nil {
			return err
		}
	}
	if link := linkField(k.schema, c.Op.Parent); link != "" {
		q.Where = append(q.Where, store.Cond{Field: link, Values: []string{c.Path[0]}})
	} else {
		q.Parent = parent.docID(c.Path[0])
	}
	return nil
}

// renderList answers a page. The stored bytes of each object go out as they are, only indented.
func (e *Engine) renderList(c *call, page store.Page) (*Answer, error) {
	if len(page.Docs) == 0 && e.options.Mock {
		return e.mockList(c)
	}
	docs, err := e.renderDocs(c, page.Docs)
	if err != nil {
		return nil, err
	}
	return &Answer{Status: 200, Body: appendList(docs, page.More, c.RawPath)}, nil
}

// renderDocs makes the bytes of each document, expanded as the request asks.
func (e *Engine) renderDocs(c *call, docs []store.Doc) ([][]byte, error) {
	x, err := e.expansion(c, true)
	if err != nil {
		return nil, err
	}
	out := make([][]byte, len(docs))
	for i, d := range docs {
		if out[i], err = e.renderDoc(e.store, c.Namespace, d, x); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func appendList(docs [][]byte, more bool, url string) []byte {
	size := 128 + len(url)
	for _, d := range docs {
		size += len(d) + len(d)/4
	}
	b := make([]byte, 0, size)
	b = append(b, "{\n  \"object\": \"list\",\n  \"data\": ["...)
	for i, d := range docs {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, "\n    "...)
		b = object.AppendIndented(b, d, 2)
	}
	if len(docs) > 0 {
		b = append(b, "\n  "...)
	}
	b = append(b, "],\n  \"has_more\": "...)
	if more {
		b = append(b, "true"...)
	} else {
		b = append(b, "false"...)
	}
	b = append(b, ",\n  \"url\": "...)
	b = object.AppendValue(b, strings.TrimSuffix(url, "/"), 1)
	return append(b, "\n}"...)
}

// NewList makes an embedded list of objects, as "lines" of an invoice is.
func NewList(url string, items []any, more bool) *object.Object {
	l := object.New(nil)
	l.Set("object", "list")
	l.Set("data", items)
	l.Set("has_more", more)
	l.Set("url", url)
	return l
}

// PageOf cuts a page out of objects that are all in memory, newest first, as the parameters of every list ask.
func PageOf(items []any, params *object.Object, url, kind string) (*object.Object, error) {
	limit := limitOf(params)
	items, err := createdWithin(items, params)
	if err != nil {
		return nil, err
	}
	place := func(name string) (int, error) {
		id := params.String(name)
		i := slices.IndexFunc(items, func(v any) bool { return v.(*object.Object).ID() == id })
		if i < 0 && id != "" {
			return 0, apierr.MissingRef(kind, id, name)
		}
		return i, nil
	}
	after, err := place("starting_after")
	if err != nil {
		return nil, err
	}
	before, err := place("ending_before")
	if err != nil {
		return nil, err
	}
	if before >= 0 {
		from := max(0, before-limit)
		return NewList(url, items[from:before], from > 0), nil
	}
	to := min(len(items), after+1+limit)
	return NewList(url, items[after+1:to], to < len(items)), nil
}

// createdWithin leaves the objects that the filter of the time of creation asks for.
func createdWithin(items []any, params *object.Object) ([]any, error) {
	lo, hi, err := bounds("created", params.Get("created"))
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, v := range items {
		if o, ok := v.(*object.Object); ok && (!o.Has("created") || o.Int("created") >= lo && o.Int("created") <= hi) {
			out = append(out, v)
		}
	}
	return out, nil
}
