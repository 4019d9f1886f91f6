package postgres

import "sharesmart/internal/store"

// stale reads documents from memory where they are. What it gives was committed, and is told of as foreign if another
// process has changed it meanwhile, before any transaction of this process that is begun later sees that.
type stale struct{ *DB }

// Stale reads what may be some moments old.
func (db *DB) Stale() store.Reader { return stale{db} }

// Get finds a document, in memory if it is there.
func (s stale) Get(ns store.NS, id string) (store.Doc, error) {
	if s.closed.Load() {
		return store.Doc{}, store.ErrClosed
	}
	k := store.Key{NS: ns, ID: id}
	if d, ok := s.cache.get(k); ok {
		return *d, nil
	}
	t := s.cache.ticket(k)
	d, err := s.DB.Get(ns, id)
	if err == nil {
		s.cache.fill(t, k, &d)
	}
	return d, err
}

// Version finds a document as it was. What a version holds never changes.
func (s stale) Version(ns store.NS, id string, version int64) (store.Doc, error) {
	if d, ok := s.cache.get(store.Key{NS: ns, ID: id}); ok && d.Version == version {
		return *d, nil
	}
	return s.DB.Version(ns, id, version)
}
