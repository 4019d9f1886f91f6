package postgres

import (
	"errors"

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

// Timer says when a timer is due, as this transaction sees it.
func (t *tx) Timer(ns store.NS, kind, id string) (store.Timer, error) {
	if err := t.enter(ns); err != nil {
		return store.Timer{}, err
	}
	k := timerKey{ns, kind, id}
	when, known := t.own.timers[k]
	if !known && !t.own.emptied[ns] {
		when, known = t.batch.changes.timers[k]
	}
	if !known && !t.emptied(ns) {
		var err error
		if when, err = t.batch.timer(k); err != nil {
			return store.Timer{}, err
		}
	}
	if when.due == 0 {
		return store.Timer{}, store.ErrNotFound
	}
	return store.Timer{NS: ns, Kind: kind, ID: id, Due: when.due, Clock: when.clock}, nil
}

// timer reads a timer in a namespace that is locked.
func (b *batch) timer(k timerKey) (timing, error) {
	if when, ok := b.timers[k]; ok {
		return when, nil
	}
	var when timing
	err := b.conn().QueryRow(b.context, `SELECT due, clock FROM timers WHERE ns = $1 AND kind = $2 AND id = $3`,
		int64(k.ns), text(k.kind), text(k.id)).Scan(&when.due, &when.clock)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return when, b.lost(err)
	}
	when.clock = untext(when.clock)
	b.timers[k] = when
	return when, nil
}

func scanTimer(row pgx.CollectableRow) (t store.Timer, err error) {
	err = row.Scan(&t.NS, &t.Due, &t.Kind, &t.ID, &t.Clock)
	t.Kind, t.ID, t.Clock = untext(t.Kind), untext(t.ID), untext(t.Clock)
	return t, err
}
