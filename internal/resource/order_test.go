package resource

import (
	"fmt"
	"strings"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

// pages is a Reader that lists documents, newest first, a few at a time.
type pages struct {
	store.Reader
	docs []store.Doc
}

func (p pages) List(q store.Query) (store.Page, error) {
	docs := p.docs
	for q.After != nil && len(docs) > 0 && docs[0].Seq >= q.After.Seq {
		docs = docs[1:]
	}
	n := min(2, q.Limit, len(docs))
	return store.Page{Docs: docs[:n], More: n < len(docs)}, nil
}

func TestOrderedPage(t *testing.T) {
	t.Parallel()
	schema := spec.Component("treasury.transaction_entry")
	var p pages
	for seq, effective := range []int{30, 50, 10, 50, 40} { // in order of creation
		doc := store.Doc{Seq: int64(seq + 1), Created: 1, Data: fmt.Appendf(nil, `{"id":"e%d","effective_at":%d}`, seq+1, effective)}
		p.docs = append([]store.Doc{doc}, p.docs...)
	}
	at := func(seq int64) *store.Position { return &store.Position{Created: 1, Seq: seq} }
	for _, c := range []struct {
		name  string
		query store.Query
		want  string
		more  bool
	}{
		{"all", store.Query{Limit: 10}, "4 2 5 1 3", false},
		{"first page", store.Query{Limit: 2}, "4 2", true},
		{"next page", store.Query{Limit: 2, After: at(2)}, "5 1", true},
		{"last page", store.Query{Limit: 2, After: at(1)}, "3", false},
		{"after the last", store.Query{Limit: 2, After: at(3)}, "", false},
		{"page before", store.Query{Limit: 2, Before: at(1)}, "2 5", true},
		{"first page before", store.Query{Limit: 2, Before: at(5)}, "4 2", false},
		{"before the first", store.Query{Limit: 2, Before: at(4)}, "", false},
	} {
		page, err := orderedPage(p, schema, c.query, []string{"effective_at"})
		if err != nil {
			t.Fatal(err)
		}
		var seqs []string
		for _, d := range page.Docs {
			seqs = append(seqs, fmt.Sprint(d.Seq))
		}
		if got := strings.Join(seqs, " "); got != c.want || page.More != c.more {
			t.Errorf("%s: %q and more %t, want %q and %t", c.name, got, page.More, c.want, c.more)
		}
	}
}

func TestOrderPath(t *testing.T) {
	t.Parallel()
	e := &Engine{kinds: map[string]*kindInfo{}}
	for _, c := range []struct{ kind, order, want string }{
		{"treasury.transaction", "posted_at", "status_transitions.posted_at"},
		{"treasury.transaction_entry", "effective_at", "effective_at"},
		{"treasury.transaction", "created", ""},
		{"treasury.transaction", "", ""},
	} {
		params := object.New(nil)
		if c.order != "" {
			params.Set("order_by", c.order)
		}
		if got := strings.Join(orderPath(e.kind(c.kind), params), "."); got != c.want {
			t.Errorf("%s by %q looks at %q, want %q", c.kind, c.order, got, c.want)
		}
	}
}
