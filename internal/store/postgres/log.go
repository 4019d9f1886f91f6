package postgres

import (
	"context"
	"fmt"
	"sync"
	"time"

	"sharesmart/internal/store"
	"sharesmart/internal/store/pack"
)

// requestLog takes entries in memory and writes them, packed into blocks, a few times a second. Readers look into both, so
// an entry can be read in its own process as soon as it is logged, and in others a moment later. A process that is killed
// loses the entries of the last moment; their places are not given out again.
type requestLog struct {
	db      *DB
	places  places
	mu      sync.Mutex
	waiting []*store.LogEntry // to be written
	writing []*store.LogEntry // being written
	kick    chan struct{}
	stop    chan struct{}
	stopped chan struct{}
	failure error // of the last attempt to write
}

const (
	logInterval = 250 * time.Millisecond
	// logSoon is how many entries are not left to wait for the interval.
	logSoon = 16 << 10
	// logMost is how many entries are kept when they cannot be written. Later ones are lost.
	logMost = 128 << 10
)

func newRequestLog(db *DB) *requestLog {
	return &requestLog{db: db, kick: make(chan struct{}, 1), stop: make(chan struct{}), stopped: make(chan struct{})}
}

// places gives out places in the log. They are unique for all processes, and nearly in the order of time: each process
// takes a portion, and lets what is left of it go after a moment.
type places struct {
	mu        sync.Mutex
	next, end int64 // of the portion; end is not in it
	taken     time.Time
	lost      int64 // given out while the database could not be asked
}

const (
	portionSize = 1000
	// portionAge is for how long a portion is good. By that much places of two processes may differ from the order of time.
	portionAge = 100 * time.Millisecond
	// portionTimeout is how long a request waits for its place.
	portionTimeout = 2 * time.Second
	// lostPlaces begins what is given out while the database cannot be asked. Such requests have an id, and are not logged.
	lostPlaces = 1 << 61
)

// NextLogSeq gives the place in the log of a request that begins. Ten times a second that takes a round trip to the
// database.
func (db *DB) NextLogSeq() int64 {
	p := &db.log.places
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if p.next >= p.end || now.Sub(p.taken) > portionAge {
		ctx, cancel := context.WithTimeout(db.context, portionTimeout)
		defer cancel()
		var portion int64
		if err := db.pool.QueryRow(ctx, `SELECT nextval('log_portions')`).Scan(&portion); err != nil {
			if p.next >= p.end {
				p.lost++
				return lostPlaces + db.process>>22<<20 + p.lost
			}
		} else {
			p.next, p.end = (portion-1)*portionSize+1, portion*portionSize+1
		}
		p.taken = now
	}
	p.next++
	return p.next - 1
}

// Log adds an entry to the request log.
func (db *DB) Log(e store.LogEntry) {
	if db.options.ReadOnly || e.Seq >= lostPlaces {
		return
	}
	l := db.log
	l.mu.Lock()
	if len(l.waiting) < logMost {
		l.waiting = append(l.waiting, &e)
	}
	soon := len(l.waiting) == logSoon
	l.mu.Unlock()
	if soon {
		select {
		case l.kick <- struct{}{}:
		default:
		}
	}
}

// forget removes what is not written yet of a namespace that was dropped.
func (l *requestLog) forget(ns store.NS) {
	l.mu.Lock()
	defer l.mu.Unlock()
	kept := make([]*store.LogEntry, 0, len(l.waiting))
	for _, e := range l.waiting {
		if e.NS != ns {
			kept = append(kept, e)
		}
	}
	l.waiting = kept
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

// flush writes all entries that wait.
func (l *requestLog) flush(packer *pack.Writer) error {
	l.mu.Lock()
	l.writing = append(l.writing, l.waiting...)
	l.waiting = nil
	entries := l.writing
	l.mu.Unlock()
	if len(entries) == 0 {
		return nil
	}
	byNS := map[store.NS][]*store.LogEntry{}
	for _, e := range entries {
		byNS[e.NS] = append(byNS[e.NS], e)
	}
	var ns, last, first, began, ended []int64
	var terms, data [][]byte
	for n, all := range byNS {
		blocks, err := packer.Blocks(all, l.db.options.LogTerms)
		if err != nil {
			return fmt.Errorf("store: pack log: %w", err)
		}
		for _, b := range blocks {
			ns, last, first = append(ns, int64(n)), append(last, b.Last), append(first, b.First)
			began, ended, terms, data = append(began, b.Began), append(ended, b.Ended), append(terms, b.Filter), append(data, b.Data)
		}
	}
	ctx, cancel := l.db.reading()
	defer cancel()
	// What failed may have been written all the same.
	_, err := l.db.pool.Exec(ctx, `INSERT INTO log_blocks (ns, last_seq, first_seq, began, ended, terms, data)
		SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bytea[], $7::bytea[])
		ON CONFLICT DO NOTHING`, ns, last, first, began, ended, terms, data)
	if err != nil {
		return fmt.Errorf("store: write log: %w", err)
	}
	l.mu.Lock()
	l.writing = nil
	l.mu.Unlock()
	return nil
}

// memory gives what is not written yet. The entries are never changed.
func (l *requestLog) memory() []*store.LogEntry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append(append([]*store.LogEntry(nil), l.waiting...), l.writing...)
}
