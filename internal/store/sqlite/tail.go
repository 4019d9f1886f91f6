package sqlite

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// tail holds the entries that are not in the entries table yet. They are safe: each can be made again from its row. What
// it saves is the writing of an index page for each entry of each document; see fold.go for how entries get to the
// table.
//
// There are two generations. New entries go to young. When young is full it becomes old, which nothing is added to any
// more and which is written to the table in the order of its keys.
//
// Whatever is found here is only a hint: readers ask the document itself whether it answers. So an entry that no longer
// holds may stay until its generation goes.
type tail struct {
	mu         sync.RWMutex
	young, old *generation
}

// generation is one set of entries.
type generation struct {
	lists  map[string]*positions // by prefix
	fields map[string]*prefixes  // by field, for ranges of values
	count  int
	last   int64 // the highest seq in it
	// stale entries hold no longer and must not be written to the table. Only the writer looks here.
	stale map[entry]struct{}
}

// positions are ascending. What a reader has taken is never changed: appending leaves it alone, and inserting makes a
// copy, once for all that come until it is taken again.
type positions struct {
	at    []position
	one   [1]position // the memory of the first, as most have no other
	taken atomic.Bool
}

// take gives them to a reader.
func (p *positions) take() []position {
	if !p.taken.Load() {
		p.taken.Store(true)
	}
	return p.at
}

// insert puts one in its place.
func (p *positions) insert(i int, at position) {
	if p.taken.Swap(false) {
		p.at = slices.Concat(p.at[:i], []position{at}, p.at[i:])
		return
	}
	p.at = slices.Insert(p.at, i, at)
}

// prefixes are those of one field, in no order.
type prefixes struct{ of []string }

func newTail() *tail { return &tail{young: newGeneration(0)} }

// newGeneration makes one that will have about so many prefixes.
func newGeneration(size int) *generation {
	return &generation{
		lists: make(map[string]*positions, size), fields: make(map[string]*prefixes), stale: make(map[entry]struct{}),
	}
}

func (g *generation) add(e entry) {
	delete(g.stale, e)
	g.last = max(g.last, e.at.seq)
	list, ok := g.lists[e.prefix]
	if !ok {
		list = &positions{}
		list.at = list.one[:0]
		g.lists[e.prefix] = list
		g.addPrefix(e.prefix)
	}
	n := len(list.at)
	if n == 0 || list.at[n-1].less(e.at) {
		list.at = append(list.at, e.at)
		g.count++
		return
	}
	i, found := slices.BinarySearchFunc(list.at, e.at, position.compare)
	if found {
		return
	}
	list.insert(i, e.at)
	g.count++
}

func (g *generation) addPrefix(prefix string) {
	field := fieldOfPrefix(prefix)
	list, ok := g.fields[field]
	if !ok {
		list = &prefixes{}
		g.fields[field] = list
	}
	list.of = append(list.of, prefix)
}

func (g *generation) list(prefix []byte) []position {
	if g == nil {
		return nil
	}
	if list, ok := g.lists[string(prefix)]; ok {
		return list.take()
	}
	return nil
}

// sorted gives all entries in the order of their keys: field by field, as prefixes of a field differ sooner.
func (g *generation) sorted() []entry {
	out := make([]entry, 0, g.count)
	for _, field := range slices.Sorted(maps.Keys(g.fields)) {
		of := slices.Clone(g.fields[field].of)
		slices.SortFunc(of, func(a, b string) int { return strings.Compare(a[len(field):], b[len(field):]) })
		for _, p := range of {
			for _, at := range g.lists[p].at {
				out = append(out, entry{p, at})
			}
		}
	}
	return out
}

// lists gives what both generations hold under a prefix.
func (t *tail) lists(prefix []byte) (young, old []position) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.young.list(prefix), t.old.list(prefix)
}

// newest gives the highest position under a prefix.
func (t *tail) newest(prefix []byte) (position, bool) {
	young, old := t.lists(prefix)
	if n := len(young); n > 0 {
		return young[n-1], true
	}
	if n := len(old); n > 0 {
		return old[n-1], true
	}
	return position{}, false
}

// between gives the positions of all prefixes of a field from low to before high, in no order.
func (t *tail) between(field []byte, low, high string) []position {
	t.mu.RLock()
	defer t.mu.RUnlock()
	var out []position
	for _, g := range []*generation{t.young, t.old} {
		if g == nil || g.fields[string(field)] == nil {
			continue
		}
		for _, p := range g.fields[string(field)].of {
			if p >= low && p < high {
				out = append(out, g.lists[p].at...)
			}
		}
	}
	return out
}

// add publishes the entries of a batch.
func (t *tail) add(entries []entry) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, e := range entries {
		t.young.add(e)
	}
}

// rotate makes young old. There must be no old one.
func (t *tail) rotate() *generation {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.old, t.young = t.young, newGeneration(len(t.young.lists))
	return t.old
}

// drop forgets old, whose entries are all in the table.
func (t *tail) drop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.old = nil
}
