package reqlog

import (
	"cmp"
	"container/heap"
	"math"
	"slices"

	"sharesmart/internal/store"
	"sharesmart/internal/store/pack"
)

// Place is a block's place in the order in which blocks are read, the highest first. ID tells blocks apart that have the
// same entries at their ends; an engine that has no such blocks leaves it 0.
type Place struct{ Last, First, ID int64 }

// Source reads the blocks of one space.
type Source interface {
	// Heads shows the blocks beyond a place that have entries before a seq, in their order, at most limit: when they begin
	// and end, in unix microseconds, and their filter, which is valid during the call.
	Heads(beyond Place, before int64, limit int, head func(at Place, began, ended int64, filter []byte)) error
	// Data shows a block, whose bytes are valid during the call. A block that is not there any more is none.
	Data(at Place, show func([]byte) error) error
}

// Reader is a search through the log.
type Reader struct {
	query  store.LogQuery
	terms  pack.Terms
	wanted pack.Wanted
	source Source
	memory []*store.LogEntry
	ahead  []blockHead // blocks to come, in their order
	opened entryHeap   // entries of blocks that were read
	last   Place       // of the last block that was passed
	looked bool
	ended  bool
	spent  int // of the query's effort
	found  store.LogPage
}

// blockHead is what is known of a block without unpacking it.
type blockHead struct {
	Place
	ended  int64 // time
	mayFit bool
}

const (
	// headsAtOnce is how many blocks are looked at with one statement.
	headsAtOnce = 32
	// skipEffort is what it costs to pass a block by, in entries looked at.
	skipEffort = 4
	// clockSlack is how much earlier, in microseconds, a later entry may have begun: clocks are set, and requests wait.
	clockSlack = 3600 * 1_000_000
)

// Search begins a search in a space with what is in memory. The source must be opened after that: entries leave memory for
// the blocks.
func (l *Log) Search(space int64, q store.LogQuery) *Reader {
	if q.Before == 0 {
		q.Before = math.MaxInt64
	}
	r := &Reader{query: q, terms: l.terms, wanted: pack.WantedTerms(q.Where), memory: l.before(space, q.Before), last: Place{Last: math.MaxInt64}}
	if q.Before < math.MaxInt64-pack.BlockSpan {
		r.last.Last = q.Before + pack.BlockSpan
	}
	return r
}

// Read merges memory and blocks. Blocks come in the order of their last entries, and overlap: a request that took long stands
// in a later block than those that began after it, and each process writes blocks of its own. So an entry is given out when
// no block that is still to come can have a newer one.
func (r *Reader) Read(s Source) (store.LogPage, error) {
	r.source = s
	given := r.query.Before // an entry may be both in memory and in a block
	for len(r.found.Entries) < r.query.Limit {
		e, opened := r.newest()
		if !r.ended && (e == nil || e.Seq <= r.last.Last) {
			if r.query.Effort > 0 && r.spent >= r.query.Effort {
				r.found.Next = min(given, r.last.Last+1)
				return r.found, nil
			}
			if err := r.open(); err != nil {
				return r.found, err
			}
			continue
		}
		if e == nil {
			return r.found, nil
		}
		r.pass(opened)
		if e.Seq >= given {
			continue
		}
		given = e.Seq
		if pack.Fits(&r.query, e, r.terms) {
			r.found.Entries = append(r.found.Entries, *e)
		}
	}
	r.found.Next = given
	return r.found, nil
}

// newest is the newest of the entries at hand.
func (r *Reader) newest() (e *store.LogEntry, opened bool) {
	if len(r.memory) > 0 {
		e = r.memory[0]
	}
	if len(r.opened) > 0 && (e == nil || r.opened[0].Seq > e.Seq) {
		return r.opened[0], true
	}
	return e, false
}

func (r *Reader) pass(opened bool) {
	if opened {
		heap.Pop(&r.opened)
	} else {
		r.memory = r.memory[1:]
	}
}

// open passes over the next blocks up to one that may have what is wanted, and reads that.
func (r *Reader) open() error {
	if len(r.ahead) == 0 {
		if err := r.look(); err != nil {
			return err
		}
	}
	for len(r.ahead) > 0 {
		head := r.ahead[0]
		r.ahead, r.last = r.ahead[1:], head.Place
		if r.query.From != 0 && head.ended < r.query.From-clockSlack {
			r.ended = true
			return nil
		}
		if head.mayFit {
			return r.unpack(head.Place)
		}
		r.spent += skipEffort
	}
	return nil
}

// look reads the heads of the next blocks.
func (r *Reader) look() error {
	n := 1 // what is asked most, the newest page, is in the first block
	if r.looked {
		n = headsAtOnce
	}
	r.looked = true
	err := r.source.Heads(r.last, r.query.Before, n, func(at Place, began, ended int64, filter []byte) {
		r.ahead = append(r.ahead, blockHead{Place: at, ended: ended, mayFit: r.mayFit(began, ended, filter)})
	})
	r.ended = len(r.ahead) == 0
	return err
}

func (r *Reader) mayFit(began, ended int64, filter []byte) bool {
	if r.query.Until != 0 && began >= r.query.Until || r.query.From != 0 && ended < r.query.From {
		return false
	}
	return r.wanted.MayFit(filter)
}

// unpack reads the entries of a block.
func (r *Reader) unpack(at Place) error {
	return r.source.Data(at, func(data []byte) error {
		entries, err := pack.Unpack(r.query.NS, data)
		if err != nil {
			return err
		}
		r.spent += len(entries)
		for i := range entries {
			if entries[i].Seq < r.query.Before {
				heap.Push(&r.opened, &entries[i])
			}
		}
		return nil
	})
}

// FindIn finds an entry in a block by its seq; nil if it is not there.
func FindIn(ns store.NS, data []byte, seq int64) (*store.LogEntry, error) {
	entries, err := pack.Unpack(ns, data)
	if err != nil {
		return nil, err
	}
	i, ok := slices.BinarySearchFunc(entries, seq, func(e store.LogEntry, seq int64) int { return cmp.Compare(e.Seq, seq) })
	if !ok {
		return nil, nil
	}
	return &entries[i], nil
}

// entryHeap has the newest entry on top.
type entryHeap []*store.LogEntry

func (h entryHeap) Len() int           { return len(h) }
func (h entryHeap) Less(i, j int) bool { return h[i].Seq > h[j].Seq }
func (h entryHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push is heap's, as is Pop.
func (h *entryHeap) Push(e any) { *h = append(*h, e.(*store.LogEntry)) }

// Pop takes the last entry off.
func (h *entryHeap) Pop() any {
	old := *h
	e := old[len(old)-1]
	*h = old[:len(old)-1]
	return e
}
