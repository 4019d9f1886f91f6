package sqlite

import (
	"maps"
	"sync/atomic"

	"sharesmart/internal/store"
)

// A space is where the rows of a namespace are: the first column of all keys. It has the namespace's own number until
// the namespace is dropped. Then the namespace goes on, empty, in a new space, and the old one is garbage, which
// nothing leads to any more and which is reclaimed when there is time. So a drop costs two rows however much there was.
type spaces struct{ state atomic.Pointer[spaceState] }

// spaceState is never changed, only replaced.
type spaceState struct {
	of      map[store.NS]int64
	ns      map[int64]store.NS // the reverse
	garbage map[int64]int64    // space → the highest seq when it was dropped
}

// firstSpace is above all numbers of namespaces.
const firstSpace = 1 << 40

func newSpaces() *spaces {
	s := &spaces{}
	s.state.Store(&spaceState{of: map[store.NS]int64{}, ns: map[int64]store.NS{}, garbage: map[int64]int64{}})
	return s
}

// of gives the space of a namespace.
func (s *spaces) of(ns store.NS) int64 { return s.state.Load().spaceOf(ns) }

func (st *spaceState) spaceOf(ns store.NS) int64 {
	if len(st.of) > 0 {
		if space, ok := st.of[ns]; ok {
			return space
		}
	}
	return int64(ns)
}

// nsOf gives the namespace that is in a space; not ok for garbage.
func (st *spaceState) nsOf(space int64) (store.NS, bool) {
	if _, dropped := st.garbage[space]; dropped {
		return 0, false
	}
	if ns, ok := st.ns[space]; ok {
		return ns, true
	}
	return store.NS(space), true
}

// clone gives a state that may be changed before it is published.
func (st *spaceState) clone() *spaceState {
	return &spaceState{of: maps.Clone(st.of), ns: maps.Clone(st.ns), garbage: maps.Clone(st.garbage)}
}

// move puts a namespace into another space.
func (st *spaceState) move(ns store.NS, space int64) {
	delete(st.ns, st.spaceOf(ns))
	if space == int64(ns) {
		delete(st.of, ns)
		return
	}
	st.of[ns] = space
	st.ns[space] = ns
}
