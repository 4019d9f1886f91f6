package storetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sharesmart/internal/store"
)

// testProperty does random things to a store and to a model and compares what they say.
func testProperty(t *testing.T, h Harness) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			w := &walker{t: t, h: h, r: random{state: seed}, m: newModel(), s: h.Open(t, options())}
			rounds := 300
			if testing.Short() {
				rounds = 100
			}
			for i := range rounds {
				w.step()
				if t.Failed() {
					t.Fatalf("after %d steps", i+1)
				}
			}
			w.everything()
		})
	}
}

// walker does random things. Few values and times are used, so that they meet.
type walker struct {
	t *testing.T
	h Harness
	r random
	m *model
	s store.Store
}

var (
	walkKinds  = []string{"customer", "card", "silent"}
	walkFields = []string{"email", "status", "due"}
	walkValues = []string{"", "a", "b", "open", "cus_123456789", store.Number(-1), store.Number(5)}
	walkWords  = []string{"red", "green", "blue", "round", "square"}
	walkSpaces = []store.NS{0, 1, 2, 3}
	walkClocks = []string{"", "", "clock_1", "clock_2"}
)

func (w *walker) step() {
	switch n := w.r.below(100); {
	case n < 60:
		w.transaction()
	case n < 64:
		w.erase()
	case n < 80:
		comparePage(w.t, w.s, w.m, w.query())
	case n < 88:
		w.search()
	case n < 92:
		w.timers()
	case n < 96:
		if w.h.Work != nil {
			w.h.Work(w.t, w.s)
		}
	case n < 98:
		if w.h.Reopen != nil {
			w.s = w.h.Reopen(w.t, w.s, options())
		}
	default:
		w.everything()
	}
}

var errUndone = errors.New("undone")

// transaction does several things at once, and sometimes takes them all back.
func (w *walker) transaction() {
	draft, undo := w.m.clone(), w.r.chance(15)
	err := w.s.Update(context.Background(), func(tx store.Tx) error {
		for range 1 + w.r.below(6) {
			w.operation(tx, draft)
		}
		if undo {
			return errUndone
		}
		return nil
	})
	switch {
	case undo && !errors.Is(err, errUndone), !undo && err != nil:
		w.t.Fatalf("Update: %v", err)
	case !undo:
		w.m = draft
	}
}

// erase removes a document, in a transaction of its own.
func (w *walker) erase() {
	k, ok := w.someDoc(w.m)
	if !ok {
		return
	}
	w.must(w.s.Update(context.Background(), func(tx store.Tx) error {
		d, err := tx.Get(k.ns, k.id)
		if err != nil {
			return err
		}
		d.Deleted, d.Erased = true, true
		return tx.Put(k.ns, &d)
	}))
	delete(w.m.docs, k)
	delete(w.m.versions, k)
}

// someDoc is any document that there is.
func (w *walker) someDoc(m *model) (modelKey, bool) {
	keys := slices.SortedFunc(maps.Keys(m.docs), func(a, b modelKey) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	if len(keys) == 0 {
		return modelKey{}, false
	}
	return pick(&w.r, keys), true
}

func (w *walker) operation(tx store.Tx, m *model) {
	ns := pick(&w.r, walkSpaces)
	switch n := w.r.below(100); {
	case n < 45:
		w.create(tx, m, ns)
	case n < 75:
		w.change(tx, m)
	case n < 88:
		comparePage(w.t, tx, m, w.query())
	case n < 92:
		w.answer(tx, m, ns)
	case n < 96:
		timer := store.Timer{NS: ns, Due: int64(w.r.below(20)), Kind: pick(&w.r, walkKinds), ID: fmt.Sprint(w.r.below(5)), Clock: pick(&w.r, walkClocks)}
		w.must(tx.SetTimer(timer))
		m.setTimer(timer, false)
	case n < 98:
		w.must(tx.Drop(ns))
		m.drop(ns)
	default:
		w.copy(tx, m, ns)
	}
}

func (w *walker) must(err error) {
	if err != nil {
		w.t.Error(err)
	}
}

func (w *walker) create(tx store.Tx, m *model, ns store.NS) {
	d := store.Doc{ID: fmt.Sprint("id", w.r.below(80)), Kind: pick(&w.r, walkKinds)}
	w.fill(&d)
	_, taken := m.docs[modelKey{ns, d.ID}]
	err := tx.Put(ns, &d)
	if taken {
		if !errors.Is(err, store.ErrExists) {
			w.t.Errorf("put of a taken id: %v", err)
		}
		return
	}
	w.must(err)
	m.set(ns, d)
}

// fill gives a document random contents.
func (w *walker) fill(d *store.Doc) {
	d.Created = int64(w.r.below(12))
	d.Parent = pick(&w.r, []string{"", "", "p1", "p2"})
	d.Refs = nil
	for range w.r.below(4) {
		d.Refs = append(d.Refs, ref(pick(&w.r, walkFields), pick(&w.r, walkValues)))
	}
	d.Refs = distinct(d.Refs)
	var words []string
	for range w.r.below(4) {
		words = append(words, pick(&w.r, walkWords))
	}
	d.Data = []byte(strings.Join(words, " "))
}

func distinct(refs []store.Ref) []store.Ref {
	var out []store.Ref
	for _, r := range refs {
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

// change replaces, deletes or brings back a document.
func (w *walker) change(tx store.Tx, m *model) {
	k, ok := w.someDoc(m)
	if !ok {
		return
	}
	d, err := tx.Get(k.ns, k.id)
	w.must(err)
	w.same(d, m.docs[k])
	switch n := w.r.below(10); {
	case n < 3: // the text alone
		d.Data = []byte(pick(&w.r, walkWords))
		d.Deleted = false
	case n < 5:
		d.Deleted, d.Refs = true, nil
	case n < 6: // the kind, too
		d.Kind = pick(&w.r, walkKinds)
		fallthrough
	default:
		d.Deleted = false
		created := d.Created
		w.fill(&d)
		if w.r.chance(80) {
			d.Created = created
		}
	}
	w.must(tx.Put(k.ns, &d))
	m.set(k.ns, d)
}

func (w *walker) answer(tx store.Tx, m *model, ns store.NS) {
	k := modelKey{ns, fmt.Sprint("key", w.r.below(10))}
	got, err := tx.Answer(ns, k.id)
	want, ok := m.answers[k]
	if ok != (err == nil) || ok && !cmp.Equal(got, want) {
		w.t.Errorf("answer of %v: got %+v, %v; want %+v, %v", k, got, err, want, ok)
	}
	a := store.Answer{Key: k.id, Status: w.r.below(600), Fingerprint: fmt.Sprint(w.r.below(100)), ObjectID: "o", ObjectVersion: 2}
	if w.r.chance(50) {
		a.Body = []byte("body")
	}
	w.must(tx.SaveAnswer(ns, a))
	m.answers[k] = a
}

// copy copies into the namespace, which only works if it is empty.
func (w *walker) copy(tx store.Tx, m *model, to store.NS) {
	from := pick(&w.r, walkSpaces)
	if from == to {
		return
	}
	empty := true
	for k := range m.docs {
		empty = empty && k.ns != to
	}
	if !empty {
		w.must(tx.Drop(to))
		m.drop(to)
	}
	aside := w.r.chance(50)
	w.must(tx.Copy(from, to, aside))
	m.copy(from, to, aside, func(id string) int64 {
		d, err := tx.Get(to, id)
		w.must(err)
		return d.Seq
	})
}

// query makes up a list.
func (w *walker) query() store.Query {
	q := store.Query{
		NS: pick(&w.r, walkSpaces), Kind: pick(&w.r, walkKinds), Limit: 1 + w.r.below(7),
		Parent: pick(&w.r, []string{"", "", "", "p1"}), Ascending: w.r.chance(30),
	}
	for range w.r.below(3) {
		q.Where = append(q.Where, w.condition())
	}
	if w.r.chance(20) {
		q.CreatedMin = int64(w.r.below(12))
	}
	if w.r.chance(20) {
		q.CreatedMax = int64(w.r.below(12))
	}
	p := store.Position{Created: int64(w.r.below(12)), Seq: int64(w.r.below(600))}
	for k, d := range w.m.docs { // nearly always a place that is in the list
		if k.ns == q.NS && d.Kind == q.Kind && w.r.chance(20) {
			p = store.Position{Created: d.Created, Seq: d.Seq}
			break
		}
	}
	switch n := w.r.below(10); {
	case n < 3:
		q.After = &p
	case n < 5:
		q.Before = &p
	}
	return q
}

func (w *walker) condition() store.Cond {
	c := store.Cond{Field: pick(&w.r, walkFields)}
	switch n := w.r.below(10); {
	case n < 5:
		c.Values = []string{pick(&w.r, walkValues)}
	case n < 7:
		c.Values = []string{pick(&w.r, walkValues), pick(&w.r, walkValues), pick(&w.r, walkValues)}
	default:
		c.Min, c.Max = pick(&w.r, walkValues), pick(&w.r, walkValues)
	}
	return c
}

func (w *walker) search() {
	q := store.SearchQuery{NS: pick(&w.r, walkSpaces), Kind: walkKinds[w.r.below(2)], Limit: w.r.below(6), Count: w.r.chance(30)}
	for range w.r.below(3) {
		var all []string
		for range w.r.below(3) {
			all = append(all, pick(&w.r, walkWords))
		}
		q.Any = append(q.Any, all)
	}
	if w.r.chance(30) {
		q.After = int64(1 + w.r.below(600))
	}
	any := q.Any
	q.Match = func(d store.Doc) bool { return hasTerms(d, any) }
	compareSearch(w.t, w.s, w.m, q)
}

func compareSearch(t *testing.T, s store.Store, m *model, q store.SearchQuery) {
	t.Helper()
	got, err := s.Search(context.Background(), q)
	want := m.search(q)
	if err != nil || ids(got.Docs) != ids(want.Docs) || got.More != want.More || got.Total != want.Total {
		t.Errorf("search %v of %s in %d after %d, limit %d, count %v: got %q, more %v, total %d, %v; want %q, more %v, total %d",
			q.Any, q.Kind, q.NS, q.After, q.Limit, q.Count, ids(got.Docs), got.More, got.Total, err,
			ids(want.Docs), want.More, want.Total)
	}
}

func (w *walker) timers() {
	q := store.TimerQuery{NS: pick(&w.r, walkSpaces), Clock: pick(&w.r, walkClocks), Until: int64(w.r.below(25)), Limit: 1000}
	got, err := w.s.Due(q)
	w.must(err)
	sortTimers(got)
	if diff := cmp.Diff(w.m.due(q), got, cmpopts.EquateEmpty()); diff != "" {
		w.t.Errorf("timers due by %+v (-want +got):\n%s", q, diff)
	}
}

// everything compares all there is.
func (w *walker) everything() {
	for k, want := range w.m.docs {
		got, err := w.s.Get(k.ns, k.id)
		w.must(err)
		w.same(got, want)
		for version, old := range w.m.versions[k] {
			got, err := w.s.Version(k.ns, k.id, version)
			if err != nil || string(got.Data) != string(old.Data) || got.Deleted != old.Deleted || got.Kind != old.Kind {
				w.t.Errorf("version %d of %v: got %+v, %v; want %+v", version, k, got, err, old)
			}
		}
	}
	for k, want := range w.m.answers {
		if got, err := w.s.Answer(k.ns, k.id); err != nil || !cmp.Equal(got, want) {
			w.t.Errorf("answer of %v: got %+v, %v; want %+v", k, got, err, want)
		}
	}
	for _, ns := range walkSpaces {
		for _, kind := range walkKinds {
			comparePage(w.t, w.s, w.m, store.Query{NS: ns, Kind: kind, Limit: 1000})
		}
		for id := range 80 {
			k := modelKey{ns, fmt.Sprint("id", id)}
			if _, ok := w.m.docs[k]; !ok {
				_, err := w.s.Get(ns, k.id)
				wantError(w.t, err, store.ErrNotFound)
			}
		}
	}
	w.timers()
	sound(w.t, w.s)
}

func (w *walker) same(got, want store.Doc) {
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		w.t.Errorf("document %s (-want +got):\n%s", want.ID, diff)
	}
}

// comparePage asks store and model for the same page.
func comparePage(t *testing.T, r store.Reader, m *model, q store.Query) store.Page {
	t.Helper()
	got, err := r.List(q)
	if err != nil {
		t.Errorf("List(%+v): %v", q, err)
		return got
	}
	want := m.list(q)
	if ids(got.Docs) != ids(want.Docs) || got.More != want.More {
		t.Errorf("List(%+v after %v before %v): got %q, more %v; want %q, more %v",
			q, q.After, q.Before, ids(got.Docs), got.More, ids(want.Docs), want.More)
	}
	return got
}
