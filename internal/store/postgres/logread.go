package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"sharesmart/internal/store"
	"sharesmart/internal/store/pack"
	"sharesmart/internal/store/reqlog"
)

// Logs lists requests, newest first.
func (db *DB) Logs(q store.LogQuery) (store.LogPage, error) {
	if db.closed.Load() {
		return store.LogPage{}, store.ErrClosed
	}
	if q.Limit <= 0 {
		return store.LogPage{}, nil
	}
	ctx, cancel := db.reading()
	defer cancel()
	page, err := db.log.Search(int64(q.NS), q).Read(logBlocks{ctx, db.pool, q.NS})
	if err != nil {
		return store.LogPage{}, db.failed("read log", err)
	}
	return page, nil
}

// logBlocks reads the blocks of a namespace.
type logBlocks struct {
	context context.Context
	from    querier
	ns      store.NS
}

// Heads shows what is known of blocks without unpacking them.
func (l logBlocks) Heads(beyond reqlog.Place, before int64, limit int, head func(at reqlog.Place, began, ended int64, filter []byte)) error {
	found, err := l.from.Query(l.context, `SELECT last_seq, first_seq, began, ended, terms FROM log_blocks
		WHERE ns = $1 AND (last_seq, first_seq) < ($2, $3) AND first_seq < $4 ORDER BY last_seq DESC, first_seq DESC LIMIT $5`,
		int64(l.ns), beyond.Last, beyond.First, before, limit)
	if err != nil {
		return err
	}
	var at reqlog.Place
	var began, ended int64
	var filter []byte
	_, err = pgx.ForEachRow(found, []any{&at.Last, &at.First, &began, &ended, &filter}, func() error {
		head(at, began, ended, filter)
		return nil
	})
	return err
}

// Data shows a block.
func (l logBlocks) Data(at reqlog.Place, show func([]byte) error) error {
	var data []byte
	err := l.from.QueryRow(l.context, `SELECT data FROM log_blocks WHERE ns = $1 AND last_seq = $2 AND first_seq = $3`,
		int64(l.ns), at.Last, at.First).Scan(&data)
	if errors.Is(err, pgx.ErrNoRows) { // pruned meanwhile
		return nil
	}
	if err != nil {
		return err
	}
	return show(data)
}

// LogEntry finds one request by its place: in the blocks whose range the place is in.
func (db *DB) LogEntry(ns store.NS, seq int64) (store.LogEntry, error) {
	if db.closed.Load() {
		return store.LogEntry{}, store.ErrClosed
	}
	if e := db.log.Find(int64(ns), seq); e != nil {
		return *e, nil
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
		if e, err := reqlog.FindIn(ns, data, seq); err != nil || e != nil {
			if err != nil {
				return store.LogEntry{}, db.failed("read log", err)
			}
			return *e, nil
		}
	}
	return store.LogEntry{}, store.ErrNotFound
}
