package resource

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"sharesmart/internal/store"
	"sharesmart/internal/store/sqlite"

	"github.com/google/go-cmp/cmp"
)

// aheadWorld is a store with some documents, and what a step may write.
type aheadWorld struct {
	t *testing.T
	s store.Store
	r *rand.Rand
}

func newAheadWorld(t *testing.T, seed uint64) *aheadWorld {
	t.Helper()
	s, err := sqlite.Open(":memory:", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	w := &aheadWorld{t, s, rand.New(rand.NewPCG(seed, 1))}
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
		v := aheadWorld{w.t, w.s, rand.New(rand.NewPCG(seed, 2))}
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
		ahead := newAheadTx(w.s, 1)
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
			held, err := ahead.holds(tx, nil)
			if !held {
				t.Errorf("seed %d: nothing has changed, but what was read does not hold", seed)
			}
			return errors.Join(err, ahead.apply(tx, 1))
		})
	}
}

// What was read does not hold any more once somebody changed it, or wrote what would have been listed.
func TestAheadNotices(t *testing.T) {
	t.Parallel()
	list := store.Query{NS: 1, Kind: "kind0", Parent: "above", Limit: 10}
	fresh := store.Doc{ID: "new", Kind: "kind0", Parent: "above", Created: 100}
	for name, c := range map[string]struct {
		read   func(tx store.Tx) error
		change func(tx store.Tx) error // committed in between
		unseen []store.Doc             // written, and not to be seen
		held   bool
	}{
		"nothing": {read: func(tx store.Tx) error { _, err := tx.List(list); return err }, held: true},
		"a document that was read": {
			read: func(tx store.Tx) error { _, err := tx.Get(1, "id3"); return err },
			change: func(tx store.Tx) error {
				d, err := tx.Get(1, "id3")
				return errors.Join(err, tx.Put(1, &d))
			},
		},
		"another document": {
			read: func(tx store.Tx) error { _, err := tx.Get(1, "id3"); return err },
			change: func(tx store.Tx) error {
				d, err := tx.Get(1, "id4")
				return errors.Join(err, tx.Put(1, &d))
			},
			held: true,
		},
		"one that was not there": {
			read: func(tx store.Tx) error {
				if _, err := tx.Get(1, "new"); !errors.Is(err, store.ErrNotFound) {
					return errUndo
				}
				return nil
			},
			change: func(tx store.Tx) error { d := fresh; return tx.Put(1, &d) },
		},
		"one that would be listed": {read: func(tx store.Tx) error { _, err := tx.List(list); return err }, unseen: []store.Doc{fresh}},
		"one that would not":       {read: func(tx store.Tx) error { _, err := tx.List(list); return err }, unseen: []store.Doc{{ID: "new", Kind: "kind1", Parent: "above"}}, held: true},
	} {
		w := newAheadWorld(t, 7)
		ahead := newAheadTx(w.s, 1)
		if err := c.read(ahead); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if c.change != nil {
			w.update(c.change)
		}
		w.update(func(tx store.Tx) error {
			held, err := ahead.holds(tx, c.unseen)
			if held != c.held {
				t.Errorf("%s: what was read holds: %t, want %t", name, held, c.held)
			}
			return err
		})
	}
}
