package resource

import (
	"cmp"
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

// Lists are in the order of creation, newest first, which is what the store keeps them in. A few may be asked for in the
// order of another time. There is no index for that: every object that the filters leave is read, so such a list costs
// more the more there are.

// orderPath is where the time is that a list is to be ordered by, or nil for the time of creation.
func orderPath(k *kindInfo, params *object.Object) []string {
	name := params.String("order_by")
	for _, path := range [][]string{{name}, {"status_transitions", name}} {
		if name != "" && name != "created" && hasPath(k.schema, path) {
			return path
		}
	}
	return nil
}

// orderedPage is a page of a list in the order of the time at a path.
func orderedPage(r store.Reader, schema *spec.Schema, q store.Query, path []string) (store.Page, error) {
	docs, err := allDocs(r, q)
	if err != nil {
		return store.Page{}, err
	}
	times := make(map[int64]int64, len(docs))
	for _, d := range docs {
		o, err := object.Parse(d.Data, schema)
		if err != nil {
			return store.Page{}, err
		}
		times[d.Seq], _ = o.At(path...).(int64)
	}
	slices.SortStableFunc(docs, func(a, b store.Doc) int {
		return cmp.Or(cmp.Compare(times[b.Seq], times[a.Seq]), cmp.Compare(b.Seq, a.Seq))
	})
	return cutPage(docs, q), nil
}

// allDocs reads every page of a query, without its cursors.
func allDocs(r store.Reader, q store.Query) ([]store.Doc, error) {
	q.After, q.Before, q.Limit = nil, nil, maxLookup
	var docs []store.Doc
	for {
		page, err := r.List(q)
		if err != nil {
			return nil, err
		}
		docs = append(docs, page.Docs...)
		if !page.More {
			return docs, nil
		}
		last := docs[len(docs)-1]
		q.After = &store.Position{Created: last.Created, Seq: last.Seq}
	}
}

// cutPage cuts the page that a query's cursors and limit ask for out of all documents.
func cutPage(docs []store.Doc, q store.Query) store.Page {
	at := func(p *store.Position) int {
		return slices.IndexFunc(docs, func(d store.Doc) bool { return d.Seq == p.Seq })
	}
	if q.Before != nil {
		end := max(at(q.Before), 0)
		start := max(end-q.Limit, 0)
		return store.Page{Docs: docs[start:end], More: start > 0}
	}
	start := 0
	if q.After != nil {
		start = at(q.After) + 1
	}
	end := min(start+q.Limit, len(docs))
	return store.Page{Docs: docs[start:end], More: end < len(docs)}
}
