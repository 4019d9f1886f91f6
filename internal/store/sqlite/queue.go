package sqlite

import (
	"context"

	"sharesmart/internal/store"
	"sharesmart/internal/store/group"
)

// Update runs fn and returns when its writes are on disk.
func (db *DB) Update(ctx context.Context, fn func(store.Tx) error) error {
	return db.submit(ctx, &group.Request{Fn: fn, Turn: store.TurnOf(ctx)})
}

// alone runs the engine's own work on the writer, between two batches.
func (db *DB) alone(task func(*writer) error) error {
	return db.submit(context.Background(), &group.Request{Task: func() error { return task(db.writer) }})
}

func (db *DB) submit(ctx context.Context, r *group.Request) error {
	if db.options.ReadOnly {
		return store.ErrReadOnly
	}
	return db.writer.group.Do(ctx, r)
}
