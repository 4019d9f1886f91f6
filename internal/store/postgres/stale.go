package postgres

import (
	"errors"

	"github.com/jackc/pgx/v5"

	"sharesmart/internal/store"
)

// stale reads documents from memory where they are. What it gives was committed, and is told of as foreign if another
// process has changed it meanwhile, before any transaction of this process that is begun later sees that.
type stale struct{ *DB }

// Stale reads what may be some moments old.
func (db *DB) Stale(ns store.NS) store.Reader {
	if _, ok := db.follow.at(ns); !ok {
		db.beginFollowing(ns)
	}
	return stale{db}
}

// beginFollowing notes where a namespace is, before anything of it is read. If that fails, nothing is kept of it yet.
func (db *DB) beginFollowing(ns store.NS) {
	ctx, cancel := db.reading()
	defer cancel()
	var change int64
	err := db.pool.QueryRow(ctx, `SELECT change FROM namespaces WHERE ns = $1`, int64(ns)).Scan(&change)
	if err == nil || errors.Is(err, pgx.ErrNoRows) {
		db.follow.begin(ns, change)
	}
}

// Get finds a document, in memory if it is there.
func (s stale) Get(ns store.NS, id string) (store.Doc, error) {
	if s.closed.Load() {
		return store.Doc{}, store.ErrClosed
	}
	k := store.Key{NS: ns, ID: id}
	if d, ok := s.cache.get(k); ok {
		return *d, nil
	}
	if _, ok := s.follow.at(ns); !ok {
		return s.DB.Get(ns, id)
	}
	t := s.cache.ticket(k)
	d, err := s.DB.Get(ns, id)
	if err == nil {
		s.cache.fill(t, k, &d)
	}
	return d, err
}
