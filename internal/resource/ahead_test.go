package resource

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/store"
	"sharesmart/internal/store/sqlite"

	"github.com/google/go-cmp/cmp"
)

// aheadWorld is a store with some documents, and what a step may write.
type aheadWorld struct {
	t *testing.T
	e *Engine
	s store.Store
	r *rand.Rand
}

func newAheadWorld(t *testing.T, seed uint64) *aheadWorld {
	t.Helper()
	db, err := sqlite.Open(":memory:", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	j := newJournal()
	s := &journaled{db, j}
	w := &aheadWorld{t, &Engine{store: s, stale: s, journal: j}, s, rand.New(rand.NewPCG(seed, 1))}
	w.update(func(tx store.Tx) error {
		for i := range 20 {
			d := w.doc(i)
			if err := tx.Put(1, &d); err != nil {
				return err
			}
		}
		return nil
	})
	return w
}

func (w *aheadWorld) update(fn func(store.Tx) error) {
	w.t.Helper()
	if err := w.s.Update(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *aheadWorld) doc(i int) store.Doc {
	return store.Doc{
		ID: fmt.Sprint("id", i), Kind: fmt.Sprint("kind", w.r.IntN(2)), Parent: []string{"", "above"}[w.r.IntN(2)], Created: int64(100 + w.r.IntN(4)), Data: []byte("{}"),
		Refs: []store.Ref{{Field: "status", Value: fmt.Sprint(w.r.IntN(3))}},
	}
}

func (w *aheadWorld) query() store.Query {
	q := store.Query{NS: 1, Kind: fmt.Sprint("kind", w.r.IntN(2)), Limit: 1 + w.r.IntN(12), Ascending: w.r.IntN(2) == 0}
	if w.r.IntN(2) == 0 {
		q.Parent = "above"
	}
	if w.r.IntN(2) == 0 {
		q.Where = []store.Cond{{Field: "status", Values: []string{"0", "1"}}}
	}
	if w.r.IntN(4) == 0 {
		q.Where = append(q.Where, store.Cond{Field: "status", Min: "1"})
	}
	if w.r.IntN(4) == 0 {
		q.CreatedMin = 101
	}
	return q
}

// step writes as a step may: new documents, changes and deletions.
func (w *aheadWorld) step(seed uint64) func(tx store.Tx) error {
	return func(tx store.Tx) error {
		v := aheadWorld{w.t, w.e, w.s, rand.New(rand.NewPCG(seed, 2))}
		for i := range 8 {
			if v.r.IntN(2) == 0 {
				d := v.doc(100 + i)
				if err := tx.Put(1, &d); err != nil {
					return err
				}
				continue
			}
			d, err := tx.Get(1, fmt.Sprint("id", v.r.IntN(20)))
			if err != nil {
				return err
			}
			changed := v.doc(0)
			d.Refs, d.Deleted = changed.Refs, d.Deleted || v.r.IntN(4) == 0
			if err := tx.Put(1, &d); err != nil {
				return err
			}
		}
		return nil
	}
}

func ids(p store.Page) (out []string) {
	for _, d := range p.Docs {
		out = append(out, d.ID)
	}
	return out
}

var errUndo = errors.New("undo")

// What a step sees that runs ahead is what it would see in its place.
func TestAheadSeesItsOwnWrites(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		w := newAheadWorld(t, seed)
		ahead := w.e.newAheadTx(&access.Namespace{NS: 1})
		if err := w.step(seed)(ahead); err != nil {
			t.Fatal(err)
		}
		err := w.s.Update(t.Context(), func(tx store.Tx) error {
			if err := w.step(seed)(tx); err != nil {
				return err
			}
			for range 40 {
				q := w.query()
				want, err := tx.List(q)
				if err != nil {
					return err
				}
				got, err := ahead.List(q)
				if err != nil {
					return err
				}
				if diff := cmp.Diff(ids(want), ids(got)); diff != "" || want.More != got.More {
					t.Errorf("seed %d, %+v: more %t, %t; (-want +got):\n%s", seed, q, want.More, got.More, diff)
				}
			}
			return errUndo
		})
		if !errors.Is(err, errUndo) {
			t.Fatal(err)
		}
		w.update(func(tx store.Tx) error {
			return ahead.apply(tx)
		})
	}
}

// What was read does not hold any more once somebody changed it, or wrote what would have been listed; be that committed
// or written in the same transaction.
func TestAheadNotices(t *testing.T) {
	t.Parallel()
	list := store.Query{NS: 1, Kind: "kind0", Parent: "above", Limit: 10}
	fresh := store.Doc{ID: "new", Kind: "kind0", Parent: "above", Created: 100}
	elsewhere := store.Doc{ID: "new", Kind: "kind1", Parent: "above", Created: 100}
	reading := func(id string) func(store.Tx) {
		return func(tx store.Tx) { _, _ = tx.Get(1, id) }
	}
	listing := func(tx store.Tx) { _, _ = tx.List(list) }
	changing := func(id string) func(store.Tx) error {
		return func(tx store.Tx) error {
			d, err := tx.Get(1, id)
			return errors.Join(err, tx.Put(1, &d))
		}
	}
	putting := func(ns store.NS, d store.Doc) func(store.Tx) error {
		return func(tx store.Tx) error {
			fresh := d
			return tx.Put(ns, &fresh)
		}
	}
	for name, c := range map[string]struct {
		read   func(store.Tx)
		change func(store.Tx) error
		held   bool
	}{
		"nothing":                    {listing, func(store.Tx) error { return nil }, true},
		"a document that was read":   {reading("id3"), changing("id3"), false},
		"another document":           {reading("id3"), changing("id4"), true},
		"one that was not there":     {reading("new"), putting(1, fresh), false},
		"one that would be listed":   {listing, putting(1, fresh), false},
		"one that would not":         {listing, putting(1, elsewhere), true},
		"one of another namespace":   {listing, putting(2, fresh), true},
		"a like one of another one":  {reading("new"), putting(2, fresh), true},
		"more than a journal can be": {listing, many(2*journalSize + 1), false},
	} {
		for _, committed := range []bool{true, false} {
			w := newAheadWorld(t, 7)
			ahead := w.e.newAheadTx(&access.Namespace{NS: 1})
			c.read(ahead)
			held := func() {
				if got := ahead.holds(w.e.journal, w.e.store); got != c.held {
					t.Errorf("%s, committed %t: what was read holds: %t, want %t", name, committed, got, c.held)
				}
			}
			w.update(func(tx store.Tx) error {
				err := c.change(tx)
				if !committed {
					held()
				}
				return err
			})
			if committed {
				w.update(func(store.Tx) error { held(); return nil })
			}
		}
	}
}

// many writes documents of which none matters.
func many(n int) func(store.Tx) error {
	return func(tx store.Tx) error {
		for i := range n {
			d := store.Doc{ID: fmt.Sprint("other", i), Kind: "other"}
			if err := tx.Put(1, &d); err != nil {
				return err
			}
		}
		return nil
	}
}

// A journal forgets, also where one document is written again and again.
func TestJournalIsBounded(t *testing.T) {
	t.Parallel()
	j := newJournal()
	for i := range 5 * journalSize {
		j.note(1, &store.Doc{ID: fmt.Sprint("id", i), Kind: "kind"})
	}
	for _, g := range []writes{j.young, j.old} {
		if n := len(g.last); n > journalSize+1 {
			t.Errorf("a generation has %d traces", n)
		}
	}
	if j.reaches(2*journalSize) || !j.reaches(4*journalSize) {
		t.Error("it does not know how far back it knows")
	}
}

// What others wrote that was committed before is no reason to run again.
func TestAheadSeesWhatIsCommitted(t *testing.T) {
	t.Parallel()
	w := newAheadWorld(t, 7)
	for range 3 {
		ahead := w.e.newAheadTx(&access.Namespace{NS: 1})
		d, err := ahead.Get(1, "id3")
		if err != nil {
			t.Fatal(err)
		}
		if err := ahead.Put(1, &d); err != nil {
			t.Fatal(err)
		}
		w.update(func(tx store.Tx) error {
			if !ahead.holds(w.e.journal, w.e.store) {
				t.Errorf("version %d was committed, but does not hold", d.Version-1)
			}
			return ahead.apply(tx)
		})
	}
}

// Where running ahead never helps, it is hardly ever tried, and where it helps again, always.
func TestLuck(t *testing.T) {
	t.Parallel()
	var l luck
	try := func(n int, held bool) (tried int) {
		for range n {
			if l.worth() {
				tried++
				l.learn(held)
			}
		}
		return tried
	}
	if n := try(100, true); n != 100 {
		t.Errorf("it was tried %d times of 100 though it helps", n)
	}
	if n := try(1000, false); n > 40 {
		t.Errorf("it was tried %d times of 1000 though it does not help", n)
	}
	if n := try(1000, true); n < 900 {
		t.Errorf("it was tried %d times of 1000 though it helps again", n)
	}
}
