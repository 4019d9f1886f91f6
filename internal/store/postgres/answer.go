package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"sharesmart/internal/store"
)

const answerColumns = `a.created, a.fingerprint, a.path, a.request_id, a.status, a.object_id, a.object_version, a.body`

func scanAnswer(row pgx.Row, before ...any) (*store.Answer, error) {
	var a store.Answer
	err := row.Scan(append(before, &a.Created, &a.Fingerprint, &a.Path, &a.RequestID, &a.Status, &a.ObjectID, &a.ObjectVersion, &a.Body)...)
	a.Fingerprint, a.Path, a.RequestID, a.ObjectID = untext(a.Fingerprint), untext(a.Path), untext(a.RequestID), untext(a.ObjectID)
	return &a, err
}

func readAnswer(ctx context.Context, q querier, k store.Key) (*store.Answer, error) {
	a, err := scanAnswer(q.QueryRow(ctx, `SELECT `+answerColumns+` FROM answers a WHERE a.ns = $1 AND a.key = $2`, int64(k.NS), key(k.ID)))
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, store.ErrNotFound
	case err != nil:
		return nil, err
	}
	a.Key = k.ID
	return a, nil
}

// Answer finds what an idempotency key was answered.
func (db *DB) Answer(ns store.NS, key string) (store.Answer, error) {
	if db.closed.Load() {
		return store.Answer{}, store.ErrClosed
	}
	ctx, cancel := db.reading()
	defer cancel()
	a, err := readAnswer(ctx, db.from, store.Key{NS: ns, ID: key})
	if err != nil {
		return store.Answer{}, db.failed("read an answer", err)
	}
	return *a, nil
}
