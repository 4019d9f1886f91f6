package storetest

import (
	"fmt"
	"testing"

	"sharesmart/internal/store"
)

// testLists asks for lists by everything that a list can be asked by.
func testLists(t *testing.T, h Harness) {
	s := h.Open(t, options())
	invoice := func(id string, created int64, parent string, refs ...store.Ref) store.Doc {
		return store.Doc{ID: id, Kind: "invoice", Parent: parent, Created: created, Data: []byte(id), Refs: refs}
	}
	number := func(n int64) store.Ref { return ref("due", store.Number(n)) }
	put(t, s, 1,
		invoice("a", 10, "", ref("status", "open"), ref("customer", "cus_0000000001"), number(-5)),
		invoice("b", 10, "", ref("status", "paid"), ref("customer", "cus_0000000001"), number(7)),
		invoice("c", 20, "sub_1", ref("status", "open"), ref("customer", "cus_0000000002"), number(0)),
		invoice("d", 5, "sub_1", ref("status", "open"), ref("status", "late"), ref("customer", "cus_0000000001")),
		invoice("e", 30, "sub_2", ref("status", "void"), ref("customer", "cus_0000000003"), number(1<<40)),
	)
	put(t, s, 1, store.Doc{ID: "x", Kind: "quote", Created: 10, Refs: []store.Ref{ref("status", "open")}})
	put(t, s, 2, invoice("z", 10, "sub_1", ref("status", "open")))

	cond := func(field string, values ...string) store.Cond { return store.Cond{Field: field, Values: values} }
	between := func(low, high string) store.Cond { return store.Cond{Field: "due", Min: low, Max: high} }
	for _, c := range []struct {
		name string
		q    store.Query
		want string
	}{
		{"all", store.Query{}, "e c b a d"},
		{"oldest first", store.Query{Ascending: true}, "d a b c e"},
		{"parent", store.Query{Parent: "sub_1"}, "c d"},
		{"no such parent", store.Query{Parent: "sub_"}, ""},
		{"value", store.Query{Where: []store.Cond{cond("status", "open")}}, "c a d"},
		{"value, oldest first", store.Query{Where: []store.Cond{cond("status", "open")}, Ascending: true}, "d a c"},
		{"one of several, each once", store.Query{Where: []store.Cond{cond("status", "open", "late", "paid", "open")}}, "c b a d"},
		{"none of none", store.Query{Where: []store.Cond{{Field: "status", Values: []string{}}}}, ""},
		{"no such value", store.Query{Where: []store.Cond{cond("status", "ope")}}, ""},
		{"no such field", store.Query{Where: []store.Cond{cond("stat", "open")}}, ""},
		{"both", store.Query{Where: []store.Cond{cond("status", "open"), cond("customer", "cus_0000000001")}}, "a d"},
		{"parent and value", store.Query{Parent: "sub_1", Where: []store.Cond{cond("status", "late")}}, "d"},
		{"three", store.Query{Where: []store.Cond{cond("status", "open"), cond("status", "late"), cond("customer", "cus_0000000001")}}, "d"},
		{"contradiction", store.Query{Where: []store.Cond{cond("status", "void"), cond("customer", "cus_0000000001")}}, ""},
		{"range", store.Query{Where: []store.Cond{between(store.Number(-5), store.Number(7))}}, "c b a"},
		{"open above", store.Query{Where: []store.Cond{between(store.Number(1), "")}}, "e b"},
		{"open below", store.Query{Where: []store.Cond{between("", store.Number(0))}}, "c a"},
		{"has the field at all", store.Query{Where: []store.Cond{between("", "")}}, "e c b a"},
		{"empty range", store.Query{Where: []store.Cond{between(store.Number(3), store.Number(2))}}, ""},
		{"range, oldest first", store.Query{Where: []store.Cond{between("", "")}, Ascending: true}, "a b c e"},
		{"range and value", store.Query{Where: []store.Cond{between(store.Number(0), ""), cond("status", "open", "paid")}}, "c b"},
		{"two ranges", store.Query{Where: []store.Cond{between(store.Number(0), ""), between("", store.Number(7))}}, "c b"},
		{"created from", store.Query{CreatedMin: 10}, "e c b a"},
		{"created to", store.Query{CreatedMax: 10}, "b a d"},
		{"created between", store.Query{CreatedMin: 10, CreatedMax: 20, Where: []store.Cond{cond("status", "open")}}, "c a"},
		{"created never", store.Query{CreatedMin: 21, CreatedMax: 20}, ""},
		{"another namespace", store.Query{NS: 2}, "z"},
		{"empty namespace", store.Query{NS: 3}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.q.Kind, c.q.Limit = "invoice", 10
			if c.q.NS == 0 {
				c.q.NS = 1
			}
			wantIDs(t, list(t, s, c.q), c.want, false)
		})
	}
	t.Run("no kind", func(t *testing.T) {
		if _, err := s.List(store.Query{NS: 1, Limit: 1}); err == nil {
			t.Error("a list without a kind is answered")
		}
	})
	t.Run("documents are whole", func(t *testing.T) {
		for _, d := range list(t, s, store.Query{NS: 1, Kind: "invoice", Limit: 10}).Docs {
			if got, err := s.Get(1, d.ID); err != nil || string(got.Data) != string(d.Data) || len(got.Refs) != len(d.Refs) {
				t.Errorf("List has %+v, Get %+v, %v", d, got, err)
			}
		}
	})
	t.Run("changes", func(t *testing.T) { testListChanges(t, s) })
	sound(t, s)
}

// testListChanges moves documents from one list to another.
func testListChanges(t *testing.T, s store.Store) {
	d := put(t, s, 9, customer("cus_m", 10, ref("email", "old"), ref("kept", "k")))[0]
	by := func(field, value string) string {
		return ids(list(t, s, store.Query{NS: 9, Kind: "customer", Limit: 5,
			Where: []store.Cond{{Field: field, Values: []string{value}}}}).Docs)
	}
	d.Refs = []store.Ref{ref("email", "new"), ref("kept", "k")}
	d = put(t, s, 9, d)[0]
	if by("email", "old") != "" || by("email", "new") != "cus_m" || by("kept", "k") != "cus_m" {
		t.Errorf("after a change: old %q, new %q, kept %q", by("email", "old"), by("email", "new"), by("kept", "k"))
	}
	d.Refs = []store.Ref{ref("email", "old")}
	d = put(t, s, 9, d)[0]
	if by("email", "old") != "cus_m" || by("email", "new") != "" || by("kept", "k") != "" {
		t.Errorf("after changing back: old %q, new %q, kept %q", by("email", "old"), by("email", "new"), by("kept", "k"))
	}
	d.Parent, d.Created = "p", 5
	d = put(t, s, 9, d)[0]
	put(t, s, 9, customer("cus_n", 7, ref("email", "old")))
	if got := by("email", "old"); got != "cus_n cus_m" {
		t.Errorf("after moving in time: %q", got)
	}
	wantIDs(t, list(t, s, store.Query{NS: 9, Kind: "customer", Parent: "p", Limit: 5}), "cus_m", false)
	d.Deleted = true
	d = put(t, s, 9, d)[0]
	if got := by("email", "old"); got != "cus_n" {
		t.Errorf("after deleting: %q", got)
	}
	d.Deleted, d.Refs = false, []store.Ref{ref("email", "old")}
	put(t, s, 9, d)
	if got := by("email", "old"); got != "cus_n cus_m" {
		t.Errorf("after bringing back: %q", got)
	}
}

// testPages walks through lists.
func testPages(t *testing.T, h Harness) {
	s := h.Open(t, options())
	const n = 57
	var want []store.Doc
	for i := range n { // several in the same second, and seconds that run backwards now and then
		d := customer(fmt.Sprintf("cus_%02d", i), int64(100+i/3-5*(i%2)), ref("parity", fmt.Sprint(i%2)))
		want = append(want, put(t, s, 1, d)[0])
		if h.Work != nil && i%10 == 9 {
			h.Work(t, s)
		}
	}
	model := newModel()
	for i := range want {
		model.set(1, want[i])
	}
	for _, where := range [][]store.Cond{nil, {{Field: "parity", Values: []string{"1"}}}, {{Field: "parity", Min: "0"}}} {
		for _, limit := range []int{1, 4, 10, 56, 57, 58} {
			for _, ascending := range []bool{false, true} {
				q := store.Query{NS: 1, Kind: "customer", Limit: limit, Where: where, Ascending: ascending}
				walk(t, s, model, q)
			}
		}
	}
	t.Run("from a place that never was", func(t *testing.T) {
		for _, p := range []store.Position{{Created: 105, Seq: 0}, {Created: 0, Seq: 5}, {Created: 1 << 50, Seq: 1 << 60}, {Created: -5, Seq: -5}} {
			for _, ascending := range []bool{false, true} {
				q := store.Query{NS: 1, Kind: "customer", Limit: 5, After: &p, Ascending: ascending}
				comparePage(t, s, model, q)
				q.After, q.Before = nil, &p
				comparePage(t, s, model, q)
			}
		}
	})
	t.Run("nothing asked", func(t *testing.T) {
		wantIDs(t, list(t, s, store.Query{NS: 1, Kind: "customer"}), "", false)
	})
}

// walk pages to the end and back and compares each page with the model's.
func walk(t *testing.T, s store.Store, m *model, q store.Query) {
	t.Helper()
	seen := 0
	for {
		p := comparePage(t, s, m, q)
		seen += len(p.Docs)
		if !p.More || t.Failed() {
			break
		}
		last := p.Docs[len(p.Docs)-1]
		q.After = &store.Position{Created: last.Created, Seq: last.Seq}
	}
	all := q
	all.After, all.Limit = nil, 1000
	if want := len(m.list(all).Docs); seen != want {
		t.Errorf("walked over %d documents of %d", seen, want)
	}
	for q.After != nil {
		first := *q.After
		q.Before, q.After = &first, nil
		p := comparePage(t, s, m, q)
		q.Before = nil
		if len(p.Docs) > 0 && p.More && !t.Failed() {
			q.After = &store.Position{Created: p.Docs[0].Created, Seq: p.Docs[0].Seq}
		}
	}
}

// testListsInTransactions asks while some of the documents are only in the transaction.
func testListsInTransactions(t *testing.T, h Harness) {
	s := h.Open(t, options())
	before := put(t, s, 1,
		customer("a", 10, ref("team", "red")), customer("b", 20, ref("team", "blue")), customer("c", 30, ref("team", "red")))
	by := func(tx store.Tx, team string) string {
		return ids(list(t, tx, store.Query{NS: 1, Kind: "customer", Limit: 10,
			Where: []store.Cond{{Field: "team", Values: []string{team}}}}).Docs)
	}
	update(t, s, func(tx store.Tx) error {
		d := customer("d", 15, ref("team", "red"))
		if err := tx.Put(1, &d); err != nil {
			return err
		}
		if got := by(tx, "red"); got != "c d a" {
			t.Errorf("with a new one: %q", got)
		}
		moved := before[2]
		moved.Refs = []store.Ref{ref("team", "blue")}
		if err := tx.Put(1, &moved); err != nil {
			return err
		}
		if red, blue := by(tx, "red"), by(tx, "blue"); red != "d a" || blue != "c b" {
			t.Errorf("with one that moved: red %q, blue %q", red, blue)
		}
		gone := before[0]
		gone.Deleted = true
		if err := tx.Put(1, &gone); err != nil {
			return err
		}
		if got := by(tx, "red"); got != "d" {
			t.Errorf("with one that is deleted: %q", got)
		}
		q := store.Query{NS: 1, Kind: "customer", Limit: 2}
		wantIDs(t, list(t, tx, q), "c b", true)
		q.Ascending = true
		wantIDs(t, list(t, tx, q), "d b", true)
		return nil
	})
	wantIDs(t, list(t, s, store.Query{NS: 1, Kind: "customer", Limit: 10}), "c b d", false)
	sound(t, s)
}
