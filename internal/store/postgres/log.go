package postgres

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"sharesmart/internal/store"
	"sharesmart/internal/store/reqlog"
)

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
	p := &db.places
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

// Log adds an entry to the request log. It can be read in this process at once, and in others a moment later.
func (db *DB) Log(e store.LogEntry) {
	if !db.options.ReadOnly && e.Seq < lostPlaces {
		db.log.Add(int64(e.NS), e)
	}
}

// writeBlocks stores blocks. Those that failed may have been stored all the same.
func (db *DB) writeBlocks(blocks []reqlog.Block) error {
	var ns, last, first, began, ended []int64
	var terms, data [][]byte
	for _, b := range blocks {
		ns, last, first = append(ns, b.Space), append(last, b.Last), append(first, b.First)
		began, ended, terms, data = append(began, b.Began), append(ended, b.Ended), append(terms, b.Filter), append(data, b.Data)
	}
	ctx, cancel := db.reading()
	defer cancel()
	return pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockLogs("pg_advisory_xact_lock_shared"), ns); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `INSERT INTO log_blocks (ns, last_seq, first_seq, began, ended, terms, data)
			SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bytea[], $7::bytea[])
			ON CONFLICT DO NOTHING RETURNING ns, last_seq, first_seq`, ns, last, first, began, ended, terms, data)
		if err != nil {
			return err
		}
		added := map[blockKey]bool{}
		var k blockKey
		if _, err := pgx.ForEachRow(rows, []any{&k.ns, &k.last, &k.first}, func() error { added[k] = true; return nil }); err != nil {
			return err
		}
		blocks = slices.DeleteFunc(slices.Clone(blocks), func(b reqlog.Block) bool { return !added[blockKey{b.Space, b.Last, b.First}] })
		return addLogCounts(ctx, tx, reqlog.CountsOf(blocks))
	})
}

// lockLogs is a statement that locks the logs of namespaces to the end of the transaction, in an order that is the same for all:
// shared for who writes to them, and alone for who drops them. So blocks and their counts are there both, or neither is.
func lockLogs(function string) string {
	return `SELECT ` + function + `((1::bigint << 62) + u.ns) FROM (SELECT DISTINCT ns FROM unnest($1::bigint[]) AS a(ns) ORDER BY ns) AS u`
}

type blockKey struct{ ns, last, first int64 }
