package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"sharesmart/internal/store"
)

// snapshot is a transaction that reads what was committed when it began, whichever process commits what meanwhile.
type snapshot struct {
	*DB
	tx pgx.Tx
}

// Snapshot takes a connection of the pool until it is closed.
func (db *DB) Snapshot(ctx context.Context) (store.Snapshot, error) { return db.snapshot(ctx) }

func (db *DB) snapshot(ctx context.Context) (*snapshot, error) {
	if err := db.ready(ctx); err != nil {
		return nil, err
	}
	tx, err := db.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, db.failed("begin a snapshot", err)
	}
	// Whoever looks at what he read asks for nothing meanwhile.
	if _, err := tx.Exec(ctx, "SET LOCAL idle_in_transaction_session_timeout = 0"); err != nil {
		return nil, db.failed("begin a snapshot", errors.Join(err, tx.Rollback(ctx)))
	}
	dropped := newGarbage()
	if err := dropped.load(ctx, tx); err != nil {
		return nil, db.failed("begin a snapshot", errors.Join(err, tx.Rollback(ctx)))
	}
	return &snapshot{DB: &DB{options: db.options, context: db.context, from: tx, garbage: dropped}, tx: tx}, nil
}

// Check proves that the index and the documents agree and that versions lie below their documents.
func (s *snapshot) Check(ctx context.Context) ([]string, error) {
	k := &checker{ctx: ctx, tx: s.tx, counted: s.options.LogCounts}
	err := k.run()
	return k.faults, s.failed("check", err)
}

// Close ends the transaction.
func (s *snapshot) Close() error {
	s.closed.Store(true)
	return s.tx.Rollback(context.WithoutCancel(s.context))
}
