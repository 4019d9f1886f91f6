package sqlite

import (
	"fmt"
	"slices"
)

// fold writes the tail's entries to the table. A generation that is full is sorted and becomes the run; each batch then
// writes a stretch of it, somewhat more than arrived meanwhile. In the order of keys many entries share a page, which
// is what makes this cheaper than writing each entry with its document.
//
// Everything up to mark is in the table. The mark moves, in the same transaction, when a run is through. After a crash
// the rows beyond the mark are read again; what is written twice does no harm.
//
// Only the writer uses a fold.
type fold struct {
	mark int64
	run  *run
	// See the constants below; tests make them smaller.
	size, chunk, least int
}

// run is a generation on its way to the table.
type run struct {
	generation *generation
	sorted     chan []entry // gives the entries once
	entries    []entry
	next       int
}

const (
	// runSize is how many entries make a run. More share more pages, but are more to keep in memory and to read again
	// after a crash.
	runSize = 32 << 10
	// foldChunk is how many entries are written at once when there is nothing else to do.
	foldChunk = 1024
	// foldLeast is the least that a batch writes while there is a run.
	foldLeast = 32
)

// end is the highest seq whose entries belong to the table or the run.
func (f *fold) end() int64 {
	if f.run != nil {
		return max(f.mark, f.run.generation.last)
	}
	return f.mark
}

// start makes the young generation the next run. Sorting takes some milliseconds, so it happens beside the writer.
func (f *fold) start(t *tail) {
	g := t.rotate()
	r := &run{generation: g, sorted: make(chan []entry, 1)}
	go func() { r.sorted <- g.sorted() }()
	f.run = r
}

// ready says whether the run's entries are sorted.
func (f *fold) ready(wait bool) bool {
	r := f.run
	if r == nil {
		return false
	}
	if r.entries != nil {
		return true
	}
	if wait {
		r.entries = <-r.sorted
		return true
	}
	select {
	case r.entries = <-r.sorted:
		return true
	default:
		return false
	}
}

// write writes the next entries of the run, about limit, inside a transaction, and moves the mark if these are the
// last. It says how far it came, which holds once the transaction is committed.
func (f *fold) write(c *conn, db *DB, known *filters, limit int) (next int, err error) {
	r := f.run
	end := min(r.next+limit, len(r.entries))
	for next = r.next; next < end; {
		n := 1
		if e := r.entries[next]; db.inCell(e.prefix, e.at) {
			n = cellLength(r.entries[next:])
		} else {
			known.add(e.prefix) // before it is committed: to be wrong in this way costs nothing
		}
		if err := db.writeEntries(c, r.living(r.entries[next:next+n])...); err != nil {
			return 0, fmt.Errorf("write index: %w", err)
		}
		next += n
	}
	if next == len(r.entries) {
		if err := setMeta(c, metaFolded, f.end()); err != nil {
			return 0, err
		}
	}
	return next, nil
}

// living leaves out the entries that hold no longer.
func (r *run) living(entries []entry) []entry {
	if len(r.generation.stale) == 0 {
		return entries
	}
	return slices.DeleteFunc(slices.Clone(entries), func(e entry) bool {
		_, dead := r.generation.stale[e]
		return dead
	})
}

// advance notes what is committed.
func (f *fold) advance(t *tail, next int) {
	f.run.next = next
	if next == len(f.run.entries) {
		f.mark = f.end()
		f.run = nil
		t.drop()
	}
}
