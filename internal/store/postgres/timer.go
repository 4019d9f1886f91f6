package postgres

import (
	"github.com/jackc/pgx/v5"

	"sharesmart/internal/store"
)

// Due lists timers that are due, the longest due first.
func (db *DB) Due(q store.TimerQuery) ([]store.Timer, error) {
	if db.closed.Load() {
		return nil, store.ErrClosed
	}
	ctx, cancel := db.reading()
	defer cancel()
	sql, args := `SELECT ns, due, kind, id, clock FROM timers WHERE clock = $1 AND due <= $2`, []any{text(q.Clock), q.Until, q.Limit}
	if q.Clock != "" {
		sql, args = sql+` AND ns = $4`, append(args, int64(q.NS))
	}
	found, err := db.pool.Query(ctx, sql+` ORDER BY due, ns, kind, id LIMIT $3`, args...)
	if err != nil {
		return nil, db.failed("read timers", err)
	}
	due, err := pgx.CollectRows(found, scanTimer)
	return due, db.failed("read timers", err)
}

func scanTimer(row pgx.CollectableRow) (t store.Timer, err error) {
	err = row.Scan(&t.NS, &t.Due, &t.Kind, &t.ID, &t.Clock)
	t.Kind, t.ID, t.Clock = untext(t.Kind), untext(t.ID), untext(t.Clock)
	return t, err
}
