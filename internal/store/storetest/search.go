package storetest

import (
	"context"
	"testing"

	"sharesmart/internal/store"
)

func testSearch(t *testing.T, h Harness) {
	s := h.Open(t, options())
	m := newModel()
	write := func(ns store.NS, docs ...store.Doc) {
		for _, d := range put(t, s, ns, docs...) {
			m.set(ns, d)
		}
	}
	text := func(id, kind, words string) store.Doc {
		return store.Doc{ID: id, Kind: kind, Created: 1, Data: []byte(words)}
	}
	write(1, text("a", "customer", "red round"), text("b", "customer", "red square"), text("c", "customer", ""),
		text("d", "charge", "red round"))
	write(2, text("a", "customer", "red"))
	queries := []store.SearchQuery{
		{NS: 1, Kind: "customer", Limit: 10},
		{NS: 1, Kind: "customer", Limit: 2},
		{NS: 1, Kind: "customer", Any: [][]string{{"red"}}, Limit: 10},
		{NS: 1, Kind: "customer", Any: [][]string{{"round"}}, Limit: 10},
		{NS: 1, Kind: "customer", Any: [][]string{{"square"}}, Limit: 10},
		{NS: 1, Kind: "customer", Any: [][]string{{"red", "round"}}, Limit: 10},
		{NS: 1, Kind: "customer", Any: [][]string{{"round"}, {"square"}}, Limit: 10},
		{NS: 1, Kind: "customer", Any: [][]string{{"round"}, {}}, Limit: 10},
		{NS: 1, Kind: "customer", Any: [][]string{{"red"}}, Limit: 1, Count: true},
		{NS: 1, Kind: "customer", Any: [][]string{{"red"}}, Limit: 0, Count: true},
		{NS: 1, Kind: "charge", Any: [][]string{{"red"}}, Limit: 10},
		{NS: 1, Kind: "invoice", Limit: 10},
		{NS: 2, Kind: "customer", Any: [][]string{{"red"}}, Limit: 10},
		{NS: 3, Kind: "customer", Limit: 10},
	}
	for i := range queries { // the terms narrow, Match decides
		any := queries[i].Any
		queries[i].Match = func(d store.Doc) bool { return hasTerms(d, any) }
	}
	compare := func(when string) {
		t.Run(when, func(t *testing.T) {
			for _, q := range queries {
				compareSearch(t, s, m, q)
				if d, ok := m.docs[modelKey{q.NS, "b"}]; ok {
					q.After = d.Seq
					compareSearch(t, s, m, q)
				}
			}
		})
	}
	work := func() {
		if h.Work != nil {
			for range 20 {
				h.Work(t, s)
			}
		}
	}
	compare("at once")
	work()
	compare("later")
	b := m.docs[modelKey{1, "b"}]
	b.Data = []byte("round")
	a := m.docs[modelKey{1, "a"}]
	a.Deleted = true
	write(1, a, b, text("e", "customer", "red"))
	compare("after changes")
	work()
	compare("long after changes")
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := s.Search(ctx, queries[0])
		wantError(t, err, context.Canceled)
	})
	sound(t, s)
}
