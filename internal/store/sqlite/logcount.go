package sqlite

import (
	"fmt"
	"maps"

	"sharesmart/internal/store"
	"sharesmart/internal/store/pack"
	"sharesmart/internal/store/reqlog"
)

// LogCounts reads a row for each value and day, and what is in memory.
func (db *DB) LogCounts(ns store.NS, field string, since int64) (map[string]int64, error) {
	if db.closed.Load() {
		return nil, store.ErrClosed
	}
	space, day := db.spaces.of(ns), pack.DayOf(since)
	counts, err := db.log.Counts(space, field, day, func(counts map[string]int64) error {
		v := db.view()
		defer v.close()
		c, err := v.conn()
		if err != nil {
			return err
		}
		s, err := c.stmt(stLogCounts)
		if err != nil {
			return err
		}
		return s.each(func() { s.int(1, space); s.text(2, field); s.int(3, day) }, func() error {
			counts[s.columnText(0)] += s.columnInt(1)
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("store: count log: %w", err)
	}
	return counts, nil
}

// addLogCounts adds to the rows of a space.
func addLogCounts(c *conn, space int64, counts pack.Counts) error {
	s, err := c.stmt(stAddLogCount)
	if err != nil {
		return err
	}
	for _, key := range counts.Keys() {
		s.int(1, space)
		s.text(2, key.Field)
		s.int(3, key.Day)
		s.text(4, key.Value)
		s.int(5, counts[key])
		if err := s.run(); err != nil {
			return err
		}
	}
	return nil
}

// pruneLogCounts forgets the counts of days that lose entries. It goes before the entries do, so that no day is ever counted
// of which something is gone.
func (db *DB) pruneLogCounts(before int64) error {
	return db.alone(func(w *writer) error {
		return w.transact(w.newBatch(), func(c *conn) error { return c.runInts(stPruneLogCounts, pack.DayOf(before)) })
	})
}

// countLog counts the log of a file that was written before there were counts. It runs once, before anything else, and takes
// some two seconds for a million entries.
func (db *DB) countLog(c *conn) error {
	if db.options.LogCounts == nil || db.options.ReadOnly {
		return nil
	}
	uncounted := false
	err := c.each(`SELECT 1 WHERE EXISTS (SELECT 1 FROM log_blocks) AND NOT EXISTS (SELECT 1 FROM log_counts)`, func(*stmt) error {
		uncounted = true
		return nil
	})
	if err != nil || !uncounted {
		return err
	}
	bySpace, err := countBlocks(c, db.options.LogCounts, func(int64, error) {}) // Check tells of damage
	if err != nil {
		return err
	}
	if err := c.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for space, counts := range bySpace {
		if err := addLogCounts(c, space, counts); err != nil {
			return err
		}
	}
	return c.exec("COMMIT")
}

// countBlocks counts all blocks, by space. damaged is told which cannot be read.
func countBlocks(c *conn, refs pack.Terms, damaged func(id int64, err error)) (map[int64]pack.Counts, error) {
	bySpace := map[int64]pack.Counts{}
	return bySpace, c.each(`SELECT ns, data, id FROM log_blocks`, func(s *stmt) error {
		counts, err := pack.CountsOf(s.columnView(1), refs)
		if err != nil {
			damaged(s.columnInt(2), err)
			return nil
		}
		space := s.columnInt(0)
		if bySpace[space] == nil {
			bySpace[space] = pack.Counts{}
		}
		bySpace[space].Add(counts)
		return nil
	})
}

// checkLog compares the counts of the log with its entries.
func (k *checker) checkLog() error {
	if k.counted == nil {
		return nil
	}
	blocks, err := countBlocks(k.c, k.counted, func(id int64, err error) { k.fault("block %d of the request log: %v", id, err) })
	if err != nil {
		return err
	}
	stored := reqlog.Stored{}
	err = k.c.each(`SELECT ns, field, day, value, n, min(day) OVER () FROM log_counts`, func(s *stmt) error {
		stored.From = s.columnInt(5)
		if space := s.columnInt(0); !k.reclaimed(space) {
			stored.Note(space, pack.CountKey{Field: s.columnText(1), Day: s.columnInt(2), Value: s.columnText(3)}, s.columnInt(4))
		}
		return k.ctx.Err()
	})
	if err != nil {
		return err
	}
	maps.DeleteFunc(blocks, func(space int64, _ pack.Counts) bool { return k.reclaimed(space) })
	stored.Compare(blocks, k.fault)
	return nil
}
