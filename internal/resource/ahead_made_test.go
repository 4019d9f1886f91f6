package resource

import (
	"slices"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/store"
)

// TestMadeAhead has an operation that runs ahead look for what belongs to objects: to one that it makes, for which the store
// need not be asked, and to one that was there.
func TestMadeAhead(t *testing.T) {
	t.Parallel()
	w := newAheadWorld(t, 1)
	w.update(func(tx store.Tx) error {
		return tx.Put(1, &store.Doc{ID: "line1", Kind: "line", Parent: "id1", Data: []byte("{}")})
	})
	tx := w.e.newAheadTx(&access.Namespace{NS: 1})
	old, err := tx.Get(1, "id1")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []store.Doc{old, {ID: "new", Kind: "kind0"}, {ID: "line2", Kind: "line", Parent: "new", Refs: []store.Ref{{Field: "of", Value: "new"}}}} {
		if err := tx.Put(1, &d); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		query store.Query
		want  string
		asks  int // the store, from here on
	}{
		{store.Query{Parent: "new"}, "line2", 0},
		{store.Query{Where: []store.Cond{{Field: "of", Values: []string{"new"}}}}, "line2", 0},
		{store.Query{Parent: "id1"}, "line1", 1},
		{store.Query{Where: []store.Cond{{Field: "of", Values: []string{"new", "id1"}}}}, "line2", 2},
	} {
		c.query.NS, c.query.Kind, c.query.Limit = 1, "line", 10
		page, err := tx.List(c.query)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Docs) != 1 || page.Docs[0].ID != c.want || len(tx.lists) != c.asks {
			t.Errorf("%+v gives %+v and asked the store %d times, want %s and %d", c.query, page.Docs, len(tx.lists), c.want, c.asks)
		}
	}
	for _, timer := range []store.Timer{
		{NS: 1, Kind: "due", ID: "new", Due: 1}, {NS: 1, Kind: "due", ID: "new", Due: 2}, {NS: 1, Kind: "late", ID: "new"},
		{NS: 1, Kind: "late", ID: "line2", Due: 3}, {NS: 1, Kind: "late", ID: "line2"}, {NS: 1, Kind: "due", ID: "id1"},
	} {
		if err := tx.SetTimer(timer); err != nil {
			t.Fatal(err)
		}
	}
	want := []store.Timer{{NS: 1, Kind: "due", ID: "new", Due: 2}, {NS: 1, Kind: "due", ID: "id1"}}
	if !slices.Equal(tx.timers, want) {
		t.Errorf("the timers are %+v, want %+v", tx.timers, want)
	}
}
