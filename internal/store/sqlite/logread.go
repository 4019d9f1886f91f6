package sqlite

import (
	"fmt"

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
	space := db.spaces.of(q.NS)
	r := db.log.Search(space, q)
	v := db.view() // after the look at memory, which entries leave for the database
	defer v.close()
	page, err := r.Read(logBlocks{v, space})
	if err != nil {
		return store.LogPage{}, fmt.Errorf("store: read log: %w", err)
	}
	return page, nil
}

// LogEntry finds one request by its place.
func (db *DB) LogEntry(ns store.NS, seq int64) (store.LogEntry, error) {
	if db.closed.Load() {
		return store.LogEntry{}, store.ErrClosed
	}
	space := db.spaces.of(ns)
	if e := db.log.Find(space, seq); e != nil {
		return *e, nil
	}
	v := db.view()
	defer v.close()
	e, err := v.logEntry(ns, space, seq)
	if err != nil {
		return store.LogEntry{}, fmt.Errorf("store: read log entry %d: %w", seq, err)
	}
	if e == nil {
		return store.LogEntry{}, store.ErrNotFound
	}
	return *e, nil
}

// logEntry looks into the blocks whose range the place is in: nearly always one, as requests end nearly in the order in
// which they began.
func (v *view) logEntry(ns store.NS, space, seq int64) (found *store.LogEntry, err error) {
	c, err := v.conn()
	if err != nil {
		return nil, err
	}
	s, err := c.stmt(stBlocksOf)
	if err != nil {
		return nil, err
	}
	err = s.each(func() { s.int(1, space); s.int(2, seq); s.int(3, seq+pack.BlockSpan) }, func() error {
		if found != nil {
			return nil
		}
		found, err = reqlog.FindIn(ns, s.columnView(0), seq)
		return err
	})
	return found, err
}

// logBlocks reads the blocks of a space.
type logBlocks struct {
	view  *view
	space int64
}

// Heads shows what is known of blocks without unpacking them.
func (l logBlocks) Heads(beyond reqlog.Place, before int64, limit int, head func(at reqlog.Place, began, ended int64, filter []byte)) error {
	c, err := l.view.conn()
	if err != nil {
		return err
	}
	s, err := c.stmt(stBlocksDown)
	if err != nil {
		return err
	}
	return s.each(func() {
		s.int(1, l.space)
		s.int(2, beyond.Last)
		s.int(3, beyond.First)
		s.int(4, beyond.ID)
		s.int(5, before)
		s.int(6, int64(limit))
	}, func() error {
		head(reqlog.Place{Last: s.columnInt(1), First: s.columnInt(2), ID: s.columnInt(0)}, s.columnInt(4), s.columnInt(3), s.columnView(5))
		return nil
	})
}

// Data shows a block.
func (l logBlocks) Data(at reqlog.Place, show func([]byte) error) error {
	c, err := l.view.conn()
	if err != nil {
		return err
	}
	s, err := c.stmt(stBlockData)
	if err != nil {
		return err
	}
	return s.each(func() { s.int(1, at.ID) }, func() error { return show(s.columnView(0)) })
}
