package sqlite

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"sharesmart/internal/store"
	"sharesmart/internal/store/pack"
)

// requestLog takes entries in memory and writes them, packed into blocks, a few times a second. Readers look into both,
// so an entry can be read as soon as it is logged. A process that is killed loses the entries of the last moment; their
// places are not given out again.
type requestLog struct {
	db   *DB
	next atomic.Int64 // the last place given out
	// reserved is the last place that the database knows may be given out.
	reserved atomic.Int64
	mu       sync.Mutex
	slab     []spacedEntry  // entries live in slabs, which are never copied
	waiting  []*spacedEntry // to be written
	writing  []*spacedEntry // being written
	kick     chan struct{}
	stop     chan struct{}
	stopped  chan struct{}
	failure  error // of the last attempt to write
}

// spacedEntry is an entry in the space that its namespace was in when it was logged.
type spacedEntry struct {
	space int64
	store.LogEntry
}

const (
	logInterval = 250 * time.Millisecond
	// logSoon is how many entries are not left to wait for the interval.
	logSoon = 16 << 10
	// logMost is how many entries are kept when they cannot be written. Later ones are lost.
	logMost = 256 << 10
	// logReserve is how many places are reserved at once. A killed process leaves at most so many unused.
	logReserve = 1 << 20
	// logSlab is how many entries share an allocation.
	logSlab = 64
)

func newRequestLog(db *DB) *requestLog {
	l := &requestLog{db: db, kick: make(chan struct{}, 1), stop: make(chan struct{}), stopped: make(chan struct{})}
	l.next.Store(db.writer.logSeq)
	l.reserved.Store(db.writer.logSeq)
	return l
}

// Log adds an entry to the request log.
func (db *DB) Log(e store.LogEntry) {
	if db.options.ReadOnly {
		return
	}
	l := db.log
	l.mu.Lock()
	if len(l.waiting) < logMost {
		if len(l.slab) == cap(l.slab) {
			l.slab = make([]spacedEntry, 0, logSlab)
		}
		l.slab = append(l.slab, spacedEntry{db.spaces.of(e.NS), e})
		l.waiting = append(l.waiting, &l.slab[len(l.slab)-1])
	}
	soon := len(l.waiting) == logSoon
	l.mu.Unlock()
	if soon {
		l.hurry()
	}
}

func (l *requestLog) hurry() {
	select {
	case l.kick <- struct{}{}:
	default:
	}
}

// NextLogSeq gives the place in the log of a request that begins. It waits for the disk only if a million places were
// given out within the time that it takes to reserve the next million.
func (db *DB) NextLogSeq() int64 {
	l := db.log
	n := l.next.Add(1)
	if db.options.ReadOnly {
		return n
	}
	switch left := l.reserved.Load() - n; {
	case left < 0:
		// If it cannot be reserved, nothing can be logged either, so nobody will be misled by the number.
		_ = l.reserve(n)
	case left == logReserve/2:
		l.hurry()
	}
	return n
}

// reserve lets places up to n, and a million more, be given out.
func (l *requestLog) reserve(n int64) error {
	return l.db.alone(func(w *writer) error {
		if l.reserved.Load() >= n+logReserve/2 {
			return nil
		}
		last := n + logReserve
		err := w.transact(w.newBatch(), func(c *conn) error { return setMeta(c, metaLogSeq, last) })
		if err == nil {
			l.reserved.Store(last)
		}
		return err
	})
}

// loop writes what waits until the log is closed.
func (l *requestLog) loop() {
	defer close(l.stopped)
	ticker := time.NewTicker(logInterval)
	defer ticker.Stop()
	packer, err := pack.NewWriter()
	if err != nil { // the level is a constant that flate knows
		panic(err)
	}
	for stopping := false; !stopping; {
		if n := l.next.Load(); l.reserved.Load()-n <= logReserve/2 {
			_ = l.reserve(n) // it is tried again in a moment, and when there are none left
		}
		select {
		case <-ticker.C:
		case <-l.kick:
		case <-l.stop:
			stopping = true
		}
		l.failure = l.flush(packer) // what could not be written is tried again
	}
}

// close writes the last entries.
func (l *requestLog) close() error {
	close(l.stop)
	<-l.stopped
	return l.failure
}

// block is a packed block on its way to the database.
type block struct {
	space int64
	pack.Block
}

// flush writes all entries that wait. Packing happens here, beside the writer, which only stores the result.
func (l *requestLog) flush(packer *pack.Writer) error {
	l.mu.Lock()
	l.writing = append(l.writing, l.waiting...)
	l.waiting = make([]*spacedEntry, 0, len(l.waiting)+len(l.waiting)/4)
	entries := l.writing
	l.mu.Unlock()
	if len(entries) == 0 {
		return nil
	}
	blocks, err := packBlocks(packer, entries, l.db.options.LogTerms)
	if err != nil {
		return fmt.Errorf("store: pack log: %w", err)
	}
	err = l.db.alone(func(w *writer) error {
		b := w.newBatch()
		b.after = append(b.after, func() {
			l.mu.Lock()
			l.writing = nil
			l.mu.Unlock()
		})
		return w.transact(b, func(c *conn) error { return insertBlocks(c, blocks) })
	})
	if err != nil {
		return fmt.Errorf("store: write log: %w", err)
	}
	return nil
}

// packBlocks packs the entries by space.
func packBlocks(packer *pack.Writer, entries []*spacedEntry, terms pack.Terms) ([]block, error) {
	bySpace := make(map[int64][]*store.LogEntry)
	for _, e := range entries {
		bySpace[e.space] = append(bySpace[e.space], &e.LogEntry)
	}
	var blocks []block
	for space, all := range bySpace {
		packed, err := packer.Blocks(all, terms)
		if err != nil {
			return nil, err
		}
		for _, b := range packed {
			blocks = append(blocks, block{space, b})
		}
	}
	return blocks, nil
}

func insertBlocks(c *conn, blocks []block) error {
	s, err := c.stmt(stInsertBlock)
	if err != nil {
		return err
	}
	for i := range blocks {
		b := &blocks[i]
		s.int(1, b.space)
		s.int(2, b.First)
		s.int(3, b.Last)
		s.int(4, b.Ended)
		s.blob(5, b.Data)
		if err := s.run(); err != nil {
			return err
		}
		if b.Filter == nil {
			continue
		}
		f, err := c.stmt(stInsertFilter)
		if err != nil {
			return err
		}
		f.int(1, b.Began)
		f.blob(2, b.Filter)
		if err := f.run(); err != nil {
			return err
		}
	}
	return nil
}

// deleteBlock removes a block with its filter.
func deleteBlock(c *conn, id int64) error {
	if err := c.runInts(stDeleteFilter, id); err != nil {
		return err
	}
	return c.runInts(stDeleteBlock, id)
}

// holds says whether entries of a space are still in memory.
func (l *requestLog) holds(space int64) bool {
	for _, part := range l.memory() {
		for _, e := range part {
			if e.space == space {
				return true
			}
		}
	}
	return false
}

// memory gives what is not written yet. The entries may be read without the lock: they are never changed.
func (l *requestLog) memory() [2][]*spacedEntry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return [2][]*spacedEntry{l.waiting, l.writing}
}
