package sqlite

import (
	"cmp"
	"container/heap"
	"fmt"
	"math"
	"slices"

	"sharesmart/internal/store"
	"sharesmart/internal/store/pack"
)

// Logs lists requests, newest first.
func (db *DB) Logs(q store.LogQuery) (store.LogPage, error) {
	if db.closed.Load() {
		return store.LogPage{}, store.ErrClosed
	}
	if q.Limit <= 0 {
		return store.LogPage{}, nil
	}
	if q.Before == 0 {
		q.Before = math.MaxInt64
	}
	space := db.spaces.of(q.NS)
	r := &logReader{db: db, query: q, terms: pack.WantedTerms(q.Where), space: space, memory: db.log.entriesBefore(space, q.Before)}
	v := db.view() // after the look at memory, which entries leave for the database
	defer v.close()
	if err := r.run(v); err != nil {
		return store.LogPage{}, fmt.Errorf("store: read log: %w", err)
	}
	return r.found, nil
}

// LogEntry finds one request by its place.
func (db *DB) LogEntry(ns store.NS, seq int64) (store.LogEntry, error) {
	if db.closed.Load() {
		return store.LogEntry{}, store.ErrClosed
	}
	space := db.spaces.of(ns)
	for _, part := range db.log.memory() {
		for _, e := range part {
			if e.Seq == seq && e.space == space {
				return e.LogEntry, nil
			}
		}
	}
	v := db.view()
	defer v.close()
	e, err := v.logEntry(ns, space, seq)
	if err != nil {
		return store.LogEntry{}, fmt.Errorf("store: read log entry %d: %w", seq, err)
	}
	if e == nil {
		return store.LogEntry{}, store.ErrNotFound
	}
	return *e, nil
}

// logEntry looks into the blocks whose range the place is in: nearly always one, as requests end nearly in the order in
// which they began.
func (v *view) logEntry(ns store.NS, space, seq int64) (found *store.LogEntry, err error) {
	c, err := v.conn()
	if err != nil {
		return nil, err
	}
	s, err := c.stmt(stBlocksOf)
	if err != nil {
		return nil, err
	}
	err = s.each(func() { s.int(1, space); s.int(2, seq); s.int(3, seq+pack.BlockSpan) }, func() error {
		if found != nil {
			return nil
		}
		entries, err := pack.Unpack(ns, s.columnView(0))
		if err != nil {
			return err
		}
		i, ok := slices.BinarySearchFunc(entries, seq, func(e store.LogEntry, seq int64) int {
			return cmp.Compare(e.Seq, seq)
		})
		if ok {
			found = &entries[i]
		}
		return nil
	})
	return found, err
}

// entriesBefore gives what is in memory of a space, newest first.
func (l *requestLog) entriesBefore(space, before int64) []*store.LogEntry {
	var out []*store.LogEntry
	for _, part := range l.memory() {
		for _, e := range part {
			if e.space == space && e.Seq < before {
				out = append(out, &e.LogEntry)
			}
		}
	}
	slices.SortFunc(out, func(a, b *store.LogEntry) int { return cmp.Compare(b.Seq, a.Seq) })
	return out
}

// logReader merges memory and blocks. Blocks come in the order of their last entries, and overlap a little: a request
// that took long stands in a later block than those that began after it. So an entry is given out when no block that
// is still to come can have a newer one.
type logReader struct {
	db     *DB
	query  store.LogQuery
	terms  pack.Wanted
	space  int64
	memory []*store.LogEntry
	ahead  []blockHead // blocks to come, in their order
	opened entryHeap   // entries of blocks that were read
	last   blockPlace
	ended  bool
	spent  int // of the query's effort
	found  store.LogPage
}

// blockPlace is a block's place in the order in which blocks are read.
type blockPlace struct{ last, first, id int64 }

// blockHead is what is known of a block without unpacking it.
type blockHead struct {
	blockPlace
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

func (r *logReader) run(v *view) error {
	r.last = blockPlace{last: math.MaxInt64}
	if r.query.Before < math.MaxInt64-pack.BlockSpan {
		r.last.last = r.query.Before + pack.BlockSpan
	}
	given := r.query.Before // an entry may be both in memory and in a block
	for len(r.found.Entries) < r.query.Limit {
		e, opened := r.newest()
		if !r.ended && (e == nil || e.Seq <= r.last.last) {
			if r.query.Effort > 0 && r.spent >= r.query.Effort {
				r.found.Next = min(given, r.last.last+1)
				return nil
			}
			if err := r.open(v); err != nil {
				return err
			}
			continue
		}
		if e == nil {
			return nil
		}
		if opened {
			heap.Pop(&r.opened)
		} else {
			r.memory = r.memory[1:]
		}
		if e.Seq >= given {
			continue
		}
		given = e.Seq
		if pack.Fits(&r.query, e, r.db.options.LogTerms) {
			r.found.Entries = append(r.found.Entries, *e)
		}
	}
	r.found.Next = given
	return nil
}

// open passes over the next blocks up to one that may have what is wanted, and reads that.
func (r *logReader) open(v *view) error {
	c, err := v.conn()
	if err != nil {
		return err
	}
	if len(r.ahead) == 0 {
		if err := r.look(c); err != nil {
			return err
		}
	}
	for len(r.ahead) > 0 {
		head := r.ahead[0]
		r.ahead, r.last = r.ahead[1:], head.blockPlace
		if r.query.From != 0 && head.ended < r.query.From-clockSlack {
			r.ended = true
			return nil
		}
		if head.mayFit {
			return r.unpack(c, head.id)
		}
		r.spent += skipEffort
	}
	return nil
}

func (r *logReader) mayFit(began, ended int64, filter []byte) bool {
	if r.query.Until != 0 && began >= r.query.Until || r.query.From != 0 && ended < r.query.From {
		return false
	}
	return r.terms.MayFit(filter)
}

// look reads the heads of the next blocks.
func (r *logReader) look(c *conn) error {
	s, err := c.stmt(stBlocksDown)
	if err != nil {
		return err
	}
	n := int64(1) // what is asked most, the newest page, is in the first block
	if r.last.id != 0 {
		n = headsAtOnce
	}
	err = s.each(func() {
		s.int(1, r.space)
		s.int(2, r.last.last)
		s.int(3, r.last.first)
		s.int(4, r.last.id)
		s.int(5, r.query.Before)
		s.int(6, n)
	}, func() error {
		r.ahead = append(r.ahead, blockHead{
			blockPlace: blockPlace{last: s.columnInt(1), first: s.columnInt(2), id: s.columnInt(0)},
			ended:      s.columnInt(3), mayFit: r.mayFit(s.columnInt(4), s.columnInt(3), s.columnView(5)),
		})
		return nil
	})
	r.ended = len(r.ahead) == 0
	return err
}

// unpack reads the entries of a block.
func (r *logReader) unpack(c *conn, id int64) error {
	s, err := c.stmt(stBlockData)
	if err != nil {
		return err
	}
	return s.each(func() { s.int(1, id) }, func() error {
		entries, err := pack.Unpack(r.query.NS, s.columnView(0))
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

// newest is the newest of the entries at hand.
func (r *logReader) newest() (e *store.LogEntry, fromHeap bool) {
	if len(r.memory) > 0 {
		e = r.memory[0]
	}
	if len(r.opened) > 0 && (e == nil || r.opened[0].Seq > e.Seq) {
		return r.opened[0], true
	}
	return e, false
}

// entryHeap has the newest entry on top.
type entryHeap []*store.LogEntry

func (h entryHeap) Len() int           { return len(h) }
func (h entryHeap) Less(i, j int) bool { return h[i].Seq > h[j].Seq }
func (h entryHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *entryHeap) Push(e any)        { *h = append(*h, e.(*store.LogEntry)) }
func (h *entryHeap) Pop() any {
	old := *h
	e := old[len(old)-1]
	*h = old[:len(old)-1]
	return e
}
