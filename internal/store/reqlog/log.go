// Package reqlog is what engines share of the request log: the entries that are in memory until they are packed into blocks
// and written, and the search through both. Where and how blocks are kept is the engine's business.
package reqlog

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"sharesmart/internal/store"
	"sharesmart/internal/store/pack"
)

// Log takes entries in memory and writes them, packed into blocks, a few times a second. A process that is killed loses the
// entries of the last moment.
type Log struct {
	terms   pack.Terms
	counted pack.Terms
	write   func([]Block) error
	// moving is held while entries go from memory to the database, and for reading by who counts both.
	moving  sync.RWMutex
	mu      sync.Mutex
	slab    []entry  // entries live in slabs, which are never copied
	waiting []*entry // to be written
	writing []*entry // being written
	kick    chan struct{}
	stop    chan struct{}
	stopped chan struct{}
	failure error // of the last attempt to write
}

// entry is an entry in the space, which is to say under the key, that its namespace had when it was logged.
type entry struct {
	space int64
	store.LogEntry
}

// Block is a packed block of a space on its way to the database.
type Block struct {
	Space int64
	pack.Block
}

const (
	interval = 250 * time.Millisecond
	// soon is how many entries are not left to wait for the interval.
	soon = 16 << 10
	// most is how many entries are kept when they cannot be written. Later ones are lost.
	most = 256 << 10
	// slabSize is how many entries share an allocation.
	slabSize = 64
)

// New makes a log whose blocks write stores. What write could not store it is given again, also if it did store it.
func New(terms, counted pack.Terms, write func([]Block) error) *Log {
	return &Log{terms: terms, counted: counted, write: write, kick: make(chan struct{}, 1), stop: make(chan struct{}), stopped: make(chan struct{})}
}

// Add adds an entry.
func (l *Log) Add(space int64, e store.LogEntry) {
	l.mu.Lock()
	if len(l.waiting) < most {
		if len(l.slab) == cap(l.slab) {
			l.slab = make([]entry, 0, slabSize)
		}
		l.slab = append(l.slab, entry{space, e})
		l.waiting = append(l.waiting, &l.slab[len(l.slab)-1])
	}
	full := len(l.waiting) == soon
	l.mu.Unlock()
	if full {
		l.Hurry()
	}
}

// Hurry lets the entries be written now.
func (l *Log) Hurry() {
	select {
	case l.kick <- struct{}{}:
	default:
	}
}

// Forget removes what is not written yet of a space.
func (l *Log) Forget(space int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = slices.DeleteFunc(slices.Clone(l.waiting), func(e *entry) bool { return e.space == space })
}

// Loop writes what waits until the log is closed; before each wait it calls tend.
func (l *Log) Loop(tend func()) {
	defer close(l.stopped)
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	packer, err := pack.NewWriter()
	if err != nil { // the level is a constant that flate knows
		panic(err)
	}
	for stopping := false; !stopping; {
		tend()
		select {
		case <-ticker.C:
		case <-l.kick:
		case <-l.stop:
			stopping = true
		}
		l.failure = l.flush(packer) // what could not be written is tried again
	}
}

// Close writes the last entries.
func (l *Log) Close() error {
	close(l.stop)
	<-l.stopped
	return l.failure
}

// flush writes all entries that wait.
func (l *Log) flush(packer *pack.Writer) error {
	l.mu.Lock()
	l.writing = append(l.writing, l.waiting...)
	l.waiting = make([]*entry, 0, len(l.waiting)+len(l.waiting)/4)
	entries := l.writing
	l.mu.Unlock()
	if len(entries) == 0 {
		return nil
	}
	blocks, err := l.pack(packer, entries)
	if err != nil {
		return fmt.Errorf("store: pack log: %w", err)
	}
	l.moving.Lock()
	defer l.moving.Unlock()
	if err := l.write(blocks); err != nil {
		return fmt.Errorf("store: write log: %w", err)
	}
	l.mu.Lock()
	l.writing = nil
	l.mu.Unlock()
	return nil
}

// pack packs the entries by space.
func (l *Log) pack(packer *pack.Writer, entries []*entry) ([]Block, error) {
	bySpace := make(map[int64][]*store.LogEntry)
	for _, e := range entries {
		bySpace[e.space] = append(bySpace[e.space], &e.LogEntry)
	}
	var blocks []Block
	for space, all := range bySpace {
		packed, err := packer.Blocks(all, l.terms, l.counted)
		if err != nil {
			return nil, err
		}
		for _, b := range packed {
			blocks = append(blocks, Block{space, b})
		}
	}
	return blocks, nil
}

// memory gives what is not written yet. The entries may be read without the lock: they are never changed.
func (l *Log) memory() [2][]*entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return [2][]*entry{l.waiting, l.writing}
}

// Holds says whether entries of a space are still in memory.
func (l *Log) Holds(space int64) bool {
	for _, part := range l.memory() {
		if slices.ContainsFunc(part, func(e *entry) bool { return e.space == space }) {
			return true
		}
	}
	return false
}

// Find finds an entry in memory by its place; nil if it is not there.
func (l *Log) Find(space, seq int64) *store.LogEntry {
	for _, part := range l.memory() {
		for _, e := range part {
			if e.Seq == seq && e.space == space {
				return &e.LogEntry
			}
		}
	}
	return nil
}

// before gives what is in memory of a space, newest first.
func (l *Log) before(space, seq int64) []*store.LogEntry {
	var out []*store.LogEntry
	for _, part := range l.memory() {
		for _, e := range part {
			if e.space == space && e.Seq < seq {
				out = append(out, &e.LogEntry)
			}
		}
	}
	slices.SortFunc(out, func(a, b *store.LogEntry) int { return cmp.Compare(b.Seq, a.Seq) })
	return out
}
