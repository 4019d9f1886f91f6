package postgres

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"

	"github.com/jackc/pgx/v5"

	"sharesmart/internal/store"
	"sharesmart/internal/store/pack"
)

const (
	// blocksAtOnce is how many blocks are looked at with one statement.
	blocksAtOnce = 32
	// skipEffort is what it costs to pass a block by, in entries looked at.
	skipEffort = 4
	// clockSlack is how much earlier, in microseconds, a later entry may have begun: clocks are set, and requests wait.
	clockSlack = 3600 * 1_000_000
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
	ctx, cancel := db.reading()
	defer cancel()
	r := &logReader{context: ctx, db: db, query: q, wanted: pack.WantedTerms(q.Where), last: blockPlace{last: math.MaxInt64}}
	for _, e := range db.log.memory() { // before the blocks, for which entries leave memory
		if e.NS == q.NS && e.Seq < q.Before {
			r.opened = append(r.opened, e)
		}
	}
	if err := r.run(); err != nil {
		return store.LogPage{}, db.failed("read log", err)
	}
	return r.found, nil
}

// logReader merges memory and blocks. Blocks come in the order of their last entries, and overlap: a request that took
// long stands in a later block than those that began after it, and each process writes blocks of its own. So an entry is
// given out when no block that is still to come can have a newer one.
type logReader struct {
	context context.Context
	db      *DB
	query   store.LogQuery
	wanted  pack.Wanted
	opened  []*store.LogEntry // entries at hand
	sorted  bool              // they are in order, the newest first
	ahead   []blockHead       // blocks to come, in their order
	last    blockPlace        // of the last block that was passed
	ended   bool
	spent   int // of the query's effort
	found   store.LogPage
}

// blockPlace is a block's place in the order in which blocks are read.
type blockPlace struct{ last, first int64 }

// blockHead is what is known of a block without unpacking it.
type blockHead struct {
	blockPlace
	ended  int64 // time
	mayFit bool
}

func (r *logReader) run() error {
	given := r.query.Before // an entry may be both in memory and in a block
	if r.query.Before < math.MaxInt64-pack.BlockSpan {
		r.last.last = r.query.Before + pack.BlockSpan
	}
	for len(r.found.Entries) < r.query.Limit {
		e := r.newest()
		if !r.ended && (e == nil || e.Seq <= r.last.last) {
			if r.query.Effort > 0 && r.spent >= r.query.Effort {
				r.found.Next = min(given, r.last.last+1)
				return nil
			}
			if err := r.open(); err != nil {
				return err
			}
			continue
		}
		if e == nil {
			return nil
		}
		r.opened = r.opened[1:]
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

func (r *logReader) newest() *store.LogEntry {
	if !r.sorted {
		slices.SortFunc(r.opened, func(a, b *store.LogEntry) int { return cmp.Compare(b.Seq, a.Seq) })
		r.sorted = true
	}
	if len(r.opened) == 0 {
		return nil
	}
	return r.opened[0]
}

// open passes over the next blocks up to one that may have what is wanted, and reads that.
func (r *logReader) open() error {
	if len(r.ahead) == 0 {
		if err := r.look(); err != nil {
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
			return r.unpack(head.blockPlace)
		}
		r.spent += skipEffort
	}
	return nil
}

// look reads the heads of the next blocks.
func (r *logReader) look() error {
	found, err := r.db.pool.Query(r.context, `SELECT last_seq, first_seq, began, ended, terms FROM log_blocks
		WHERE ns = $1 AND (last_seq, first_seq) < ($2, $3) AND first_seq < $4 ORDER BY last_seq DESC, first_seq DESC LIMIT $5`,
		int64(r.query.NS), r.last.last, r.last.first, r.query.Before, blocksAtOnce)
	if err != nil {
		return err
	}
	r.ahead, err = pgx.CollectRows(found, func(row pgx.CollectableRow) (h blockHead, err error) {
		var began int64
		var terms []byte
		err = row.Scan(&h.last, &h.first, &began, &h.ended, &terms)
		q := &r.query
		outside := q.Until != 0 && began >= q.Until || q.From != 0 && h.ended < q.From
		h.mayFit = !outside && r.wanted.MayFit(terms)
		return h, err
	})
	r.ended = len(r.ahead) == 0
	return err
}

// unpack reads the entries of a block.
func (r *logReader) unpack(at blockPlace) error {
	var data []byte
	err := r.db.pool.QueryRow(r.context, `SELECT data FROM log_blocks WHERE ns = $1 AND last_seq = $2 AND first_seq = $3`,
		int64(r.query.NS), at.last, at.first).Scan(&data)
	if errors.Is(err, pgx.ErrNoRows) { // pruned meanwhile
		return nil
	}
	if err != nil {
		return err
	}
	entries, err := pack.Unpack(r.query.NS, data)
	if err != nil {
		return err
	}
	r.spent += len(entries)
	for i := range entries {
		if entries[i].Seq < r.query.Before {
			r.opened = append(r.opened, &entries[i])
		}
	}
	r.sorted = false
	return nil
}

// LogEntry finds one request by its place: in the blocks whose range the place is in.
func (db *DB) LogEntry(ns store.NS, seq int64) (store.LogEntry, error) {
	if db.closed.Load() {
		return store.LogEntry{}, store.ErrClosed
	}
	for _, e := range db.log.memory() {
		if e.Seq == seq && e.NS == ns {
			return *e, nil
		}
	}
	ctx, cancel := db.reading()
	defer cancel()
	found, err := db.pool.Query(ctx, `SELECT data FROM log_blocks WHERE ns = $1 AND last_seq >= $2 AND last_seq <= $3 AND first_seq <= $2`,
		int64(ns), seq, seq+pack.BlockSpan)
	if err != nil {
		return store.LogEntry{}, db.failed("read log", err)
	}
	blocks, err := pgx.CollectRows(found, pgx.RowTo[[]byte])
	if err != nil {
		return store.LogEntry{}, db.failed("read log", err)
	}
	for _, data := range blocks {
		entries, err := pack.Unpack(ns, data)
		if err != nil {
			return store.LogEntry{}, db.failed("read log", err)
		}
		if i := slices.IndexFunc(entries, func(e store.LogEntry) bool { return e.Seq == seq }); i >= 0 {
			return entries[i], nil
		}
	}
	return store.LogEntry{}, store.ErrNotFound
}
