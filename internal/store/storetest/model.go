package storetest

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"sharesmart/internal/store"
)

// model is a store of plain maps, as simple as can be.
type model struct {
	docs     map[modelKey]store.Doc
	versions map[modelKey]map[int64]store.Doc
	answers  map[modelKey]store.Answer
	timers   map[store.Timer]modelTimer // by namespace, kind and id
}

// modelTimer is a timer, and whether it came with a copy that is kept aside.
type modelTimer struct {
	store.Timer
	aside bool
}

type modelKey struct {
	ns store.NS
	id string
}

func newModel() *model {
	return &model{
		docs: map[modelKey]store.Doc{}, versions: map[modelKey]map[int64]store.Doc{},
		answers: map[modelKey]store.Answer{}, timers: map[store.Timer]modelTimer{},
	}
}

func (m *model) clone() *model {
	c := &model{
		docs: maps.Clone(m.docs), versions: map[modelKey]map[int64]store.Doc{},
		answers: maps.Clone(m.answers), timers: maps.Clone(m.timers),
	}
	for k, v := range m.versions {
		c.versions[k] = maps.Clone(v)
	}
	return c
}

// set puts a document as the store has made it.
func (m *model) set(ns store.NS, d store.Doc) {
	k := modelKey{ns, d.ID}
	if old, ok := m.docs[k]; ok {
		if m.versions[k] == nil {
			m.versions[k] = map[int64]store.Doc{}
		}
		m.versions[k][old.Version] = old
	}
	m.docs[k] = d
}

func (m *model) drop(ns store.NS) {
	inside := func(k modelKey) bool { return k.ns == ns }
	maps.DeleteFunc(m.docs, func(k modelKey, _ store.Doc) bool { return inside(k) })
	maps.DeleteFunc(m.versions, func(k modelKey, _ map[int64]store.Doc) bool { return inside(k) })
	maps.DeleteFunc(m.answers, func(k modelKey, _ store.Answer) bool { return inside(k) })
	maps.DeleteFunc(m.timers, func(k store.Timer, _ modelTimer) bool { return k.NS == ns })
}

// copy copies a namespace. The store chooses the places of the copies, so they are read from it afterwards.
func (m *model) copy(from, to store.NS, aside bool, seqOf func(id string) int64) {
	for k, d := range maps.Clone(m.docs) {
		if k.ns == from {
			d.Seq = seqOf(d.ID)
			m.docs[modelKey{to, d.ID}] = d
			m.versions[modelKey{to, d.ID}] = maps.Clone(m.versions[k])
		}
	}
	for k, t := range maps.Clone(m.timers) {
		if k.NS == from {
			t.NS = to
			m.setTimer(t.Timer, aside)
		}
	}
}

func (m *model) setTimer(t store.Timer, aside bool) {
	k := store.Timer{NS: t.NS, Kind: t.Kind, ID: t.ID}
	if t.Due == 0 {
		delete(m.timers, k)
		return
	}
	m.timers[k] = modelTimer{t, aside}
}

func (m *model) due(q store.TimerQuery) []store.Timer {
	var out []store.Timer
	for _, t := range m.timers {
		if t.Due <= q.Until && t.Clock == q.Clock && (q.Clock == "" || t.NS == q.NS) && !t.aside {
			out = append(out, t.Timer)
		}
	}
	sortTimers(out)
	return out
}

func sortTimers(timers []store.Timer) {
	slices.SortFunc(timers, func(a, b store.Timer) int {
		return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.NS, b.NS), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
}

// list answers a query by looking at everything.
func (m *model) list(q store.Query) store.Page {
	var all []store.Doc
	for k, d := range m.docs {
		if k.ns == q.NS && answers(d, q) {
			all = append(all, d)
		}
	}
	order := func(a, b store.Doc) int {
		return cmp.Or(cmp.Compare(a.Created, b.Created), cmp.Compare(a.Seq, b.Seq))
	}
	slices.SortFunc(all, order)
	if !q.Ascending {
		slices.Reverse(all)
	}
	beyond := func(d store.Doc, p *store.Position) bool {
		c := order(d, store.Doc{Created: p.Created, Seq: p.Seq})
		return c > 0 && q.Ascending || c < 0 && !q.Ascending
	}
	if q.Limit <= 0 {
		return store.Page{}
	}
	switch {
	case q.After != nil:
		all = slices.DeleteFunc(all, func(d store.Doc) bool { return !beyond(d, q.After) })
	case q.Before != nil:
		all = slices.DeleteFunc(all, func(d store.Doc) bool {
			return beyond(d, q.Before) || d.Created == q.Before.Created && d.Seq == q.Before.Seq
		})
		if len(all) > q.Limit {
			return store.Page{Docs: all[len(all)-q.Limit:], More: true}
		}
	}
	if len(all) > q.Limit {
		return store.Page{Docs: all[:q.Limit], More: true}
	}
	return store.Page{Docs: all}
}

func answers(d store.Doc, q store.Query) bool {
	if d.Deleted || d.Kind != q.Kind || q.Parent != "" && d.Parent != q.Parent ||
		q.CreatedMin != 0 && d.Created < q.CreatedMin || q.CreatedMax != 0 && d.Created > q.CreatedMax {
		return false
	}
	for _, c := range q.Where {
		if !slices.ContainsFunc(d.Refs, func(r store.Ref) bool {
			if r.Field != c.Field {
				return false
			}
			if c.Values != nil {
				return slices.Contains(c.Values, r.Value)
			}
			return (c.Min == "" || r.Value >= c.Min) && (c.Max == "" || r.Value <= c.Max)
		}) {
			return false
		}
	}
	return true
}

// search answers a search by looking at everything.
func (m *model) search(q store.SearchQuery) store.SearchPage {
	var all []store.Doc
	for k, d := range m.docs {
		if k.ns == q.NS && d.Kind == q.Kind && !d.Deleted && hasTerms(d, q.Any) && (q.Match == nil || q.Match(d)) {
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b store.Doc) int { return cmp.Compare(b.Seq, a.Seq) })
	var p store.SearchPage
	if q.Count {
		p.Total = len(all)
	}
	if q.After != 0 {
		all = slices.DeleteFunc(all, func(d store.Doc) bool { return d.Seq >= q.After })
	}
	p.Docs = all
	if len(all) > q.Limit {
		p.Docs, p.More = all[:q.Limit], true
	}
	return p
}

func hasTerms(d store.Doc, any [][]string) bool {
	words := strings.Fields(string(d.Data))
	for _, all := range any {
		if !slices.ContainsFunc(all, func(term string) bool { return !slices.Contains(words, term) }) {
			return true
		}
	}
	return len(any) == 0
}
