package sqlite

import (
	"context"

	"sharesmart/internal/store"
)

// Snapshot opens the file once more, for reading as it is now. That costs as much as a start: index entries that are only in
// memory are made again from their documents. A store in memory has one state alone, which is given as it goes on.
func (db *DB) Snapshot(ctx context.Context) (store.Snapshot, error) {
	if err := db.ready(ctx); err != nil {
		return nil, err
	}
	if db.inMemory() {
		return shown{db}, nil
	}
	options := db.options
	options.ReadOnly = true
	return Open(db.path, options)
}

// shown is a store that is not closed with what is seen of it.
type shown struct{ *DB }

// Close leaves the store open.
func (shown) Close() error { return nil }
