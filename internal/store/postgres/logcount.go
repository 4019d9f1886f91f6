package postgres

import (
	"context"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"sharesmart/internal/store"
	"sharesmart/internal/store/pack"
	"sharesmart/internal/store/reqlog"
)

// LogCounts reads a row for each value and day, and what is in this process's memory.
func (db *DB) LogCounts(ns store.NS, field string, since int64) (map[string]int64, error) {
	if db.closed.Load() {
		return nil, store.ErrClosed
	}
	ctx, cancel := db.reading()
	defer cancel()
	day := pack.DayOf(since)
	counts, err := db.log.Counts(int64(ns), field, day, func(counts map[string]int64) error {
		rows, err := db.pool.Query(ctx, `SELECT value, sum(n)::bigint FROM log_counts WHERE ns = $1 AND field = $2 AND day >= $3 GROUP BY value`,
			int64(ns), text(field), day)
		if err != nil {
			return err
		}
		var value string
		var n int64
		_, err = pgx.ForEachRow(rows, []any{&value, &n}, func() error { counts[untext(value)] += n; return nil })
		return err
	})
	return counts, db.failed("count log", err)
}

// execer is a transaction, or a connection in one.
type execer interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// addLogCounts adds to the rows of spaces, in an order that is the same for all processes.
func addLogCounts(ctx context.Context, to execer, bySpace map[int64]pack.Counts) error {
	var ns, days, n []int64
	var fields, values []string
	for _, space := range slices.Sorted(maps.Keys(bySpace)) {
		for _, key := range bySpace[space].Keys() {
			ns, days, n = append(ns, space), append(days, key.Day), append(n, bySpace[space][key])
			fields, values = append(fields, text(key.Field)), append(values, text(key.Value))
		}
	}
	if len(ns) == 0 {
		return nil
	}
	_, err := to.Exec(ctx, `INSERT INTO log_counts AS c (ns, field, day, value, n)
		SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::bigint[])
		ON CONFLICT (ns, field, day, value) DO UPDATE SET n = c.n + excluded.n`, ns, fields, days, values, n)
	return err
}

// countLog counts the log of a database that was written before there were counts. Processes that start together wait for
// the first.
func (db *DB) countLog(ctx context.Context) error {
	if db.options.LogCounts == nil || db.options.ReadOnly {
		return nil
	}
	var uncounted bool
	const query = `SELECT EXISTS (SELECT 1 FROM log_blocks) AND NOT EXISTS (SELECT 1 FROM log_counts)`
	if err := db.pool.QueryRow(ctx, query).Scan(&uncounted); err != nil || !uncounted {
		return err
	}
	return pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `LOCK TABLE log_counts IN EXCLUSIVE MODE`); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, query).Scan(&uncounted); err != nil || !uncounted {
			return err
		}
		bySpace, err := countBlocks(ctx, tx, db.options.LogCounts, func(blockKey, error) {}) // Check tells of damage
		if err != nil {
			return err
		}
		return addLogCounts(ctx, tx, bySpace)
	})
}

// countBlocks counts all blocks, by space. damaged is told which cannot be read.
func countBlocks(ctx context.Context, from querier, refs pack.Terms, damaged func(blockKey, error)) (map[int64]pack.Counts, error) {
	rows, err := from.Query(ctx, `SELECT ns, last_seq, first_seq, data FROM log_blocks`)
	if err != nil {
		return nil, err
	}
	bySpace := map[int64]pack.Counts{}
	var k blockKey
	var data []byte
	_, err = pgx.ForEachRow(rows, []any{&k.ns, &k.last, &k.first, &data}, func() error {
		counts, err := pack.CountsOf(data, refs)
		if err != nil {
			damaged(k, err)
			return nil
		}
		if bySpace[k.ns] == nil {
			bySpace[k.ns] = pack.Counts{}
		}
		bySpace[k.ns].Add(counts)
		return nil
	})
	return bySpace, err
}

// log compares the counts of the request log with its entries.
func (k *checker) log() error {
	if k.counted == nil {
		return nil
	}
	blocks, err := countBlocks(k.ctx, k.tx, k.counted, func(at blockKey, err error) {
		k.fault("block %d of the request log of namespace %d: %v", at.last, at.ns, err)
	})
	if err != nil {
		return err
	}
	rows, err := k.tx.Query(k.ctx, `SELECT ns, field, day, value, n, min(day) OVER () FROM log_counts`)
	if err != nil {
		return err
	}
	stored := reqlog.Stored{}
	var ns, n int64
	var key pack.CountKey
	_, err = pgx.ForEachRow(rows, []any{&ns, &key.Field, &key.Day, &key.Value, &n, &stored.From}, func() error {
		key.Field, key.Value = untext(key.Field), untext(key.Value)
		stored.Note(ns, key, n)
		return nil
	})
	if err != nil {
		return err
	}
	stored.Compare(blocks, k.fault)
	return nil
}
