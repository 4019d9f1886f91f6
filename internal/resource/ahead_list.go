package resource

import (
	"cmp"
	"math"
	"slices"

	"sharesmart/internal/store"
)

// List merges what is committed with what was put here. Pages beyond the first are left to the writer, if anything was
// put that could be on them.
func (t *aheadTx) List(q store.Query) (store.Page, error) {
	if q.NS != t.ns {
		return store.Page{}, errAttached
	}
	var mine []store.Doc
	touched := 0
	for _, own := range t.own {
		if d := t.put(own.last); d.Kind == q.Kind {
			touched++
			if listedAs(&d).answers(&q) {
				mine = append(mine, d)
			}
		}
	}
	if touched > 0 && (q.After != nil || q.Before != nil) {
		return store.Page{}, errAttached
	}
	wanted := q.Limit
	q.Limit += touched
	var page store.Page
	var err error
	if !t.asksForMade(&q) {
		page, err = t.committed(q)
	}
	if err != nil || touched == 0 {
		return page, err
	}
	docs := slices.DeleteFunc(slices.Clone(page.Docs), func(d store.Doc) bool { return t.wrote(d.ID) })
	docs = append(docs, mine...)
	slices.SortFunc(docs, func(a, b store.Doc) int {
		order := cmp.Or(cmp.Compare(b.Created, a.Created), cmp.Compare(t.place(&b), t.place(&a)))
		if q.Ascending {
			return -order
		}
		return order
	})
	if len(docs) > wanted {
		return store.Page{Docs: docs[:wanted], More: true}, nil
	}
	return store.Page{Docs: docs, More: page.More}, nil
}

// committed lists what is committed.
func (t *aheadTx) committed(q store.Query) (store.Page, error) {
	t.lists = append(t.lists, q)
	page, err := t.store.List(q)
	for i := range page.Docs {
		if id := page.Docs[i].ID; !t.wrote(id) {
			t.read = append(t.read, id)
		}
	}
	return page, err
}

// asksForMade reports whether a query asks for what refers to something that the operation made: nothing that is committed
// does, and nothing that others commit meanwhile.
func (t *aheadTx) asksForMade(q *store.Query) bool {
	return t.own[q.Parent].made || slices.ContainsFunc(q.Where, func(c store.Cond) bool {
		return len(c.Values) > 0 && !slices.ContainsFunc(c.Values, func(value string) bool { return !t.own[value].made })
	})
}

func (t *aheadTx) wrote(id string) bool {
	_, own := t.own[id]
	return own
}

// place is where a document stands among those of one second: new ones come after all others, in the order of their
// making.
func (t *aheadTx) place(d *store.Doc) int64 {
	if d.Seq > 0 {
		return d.Seq
	}
	return math.MaxInt64 - int64(len(t.puts)) + int64(slices.IndexFunc(t.puts, func(p store.Doc) bool { return p.ID == d.ID }))
}

// listed is what lists of a kind find a document by.
type listed struct {
	parent  string
	created int64
	deleted bool
	refs    []store.Ref
}

func listedAs(d *store.Doc) listed { return listed{d.Parent, d.Created, d.Deleted, d.Refs} }

// answers reports whether a document of the query's kind is one that it asks for, leaving its page aside.
func (l listed) answers(q *store.Query) bool {
	if l.deleted || q.Parent != "" && l.parent != q.Parent ||
		q.CreatedMin > 0 && l.created < q.CreatedMin || q.CreatedMax > 0 && l.created > q.CreatedMax {
		return false
	}
	for i := range q.Where {
		c := &q.Where[i]
		if !slices.ContainsFunc(l.refs, func(r store.Ref) bool { return r.Field == c.Field && accepts(c, r.Value) }) {
			return false
		}
	}
	return true
}

func accepts(c *store.Cond, value string) bool {
	if c.Values != nil {
		return slices.Contains(c.Values, value)
	}
	return (c.Min == "" || value >= c.Min) && (c.Max == "" || value <= c.Max)
}
