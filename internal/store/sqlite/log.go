package sqlite

import (
	"sync/atomic"

	"sharesmart/internal/store"
	"sharesmart/internal/store/reqlog"
)

// places gives out places in the request log. Those of entries that a killed process lost are not given out again.
type places struct {
	next atomic.Int64 // the last place given out
	// reserved is the last place that the database knows may be given out.
	reserved atomic.Int64
}

// logReserve is how many places are reserved at once. A killed process leaves at most so many unused.
const logReserve = 1 << 20

func newPlaces(last int64) *places {
	p := &places{}
	p.next.Store(last)
	p.reserved.Store(last)
	return p
}

// NextLogSeq gives the place in the log of a request that begins. It waits for the disk only if a million places were
// given out within the time that it takes to reserve the next million.
func (db *DB) NextLogSeq() int64 {
	n := db.places.next.Add(1)
	if db.options.ReadOnly {
		return n
	}
	switch left := db.places.reserved.Load() - n; {
	case left < 0:
		// If it cannot be reserved, nothing can be logged either, so nobody will be misled by the number.
		_ = db.reserve(n)
	case left == logReserve/2:
		db.log.Hurry()
	}
	return n
}

// reserve lets places up to n, and a million more, be given out.
func (db *DB) reserve(n int64) error {
	return db.alone(func(w *writer) error {
		if db.places.reserved.Load() >= n+logReserve/2 {
			return nil
		}
		last := n + logReserve
		err := w.transact(w.newBatch(), func(c *conn) error { return setMeta(c, metaLogSeq, last) })
		if err == nil {
			db.places.reserved.Store(last)
		}
		return err
	})
}

// tendPlaces reserves places ahead of time.
func (db *DB) tendPlaces() {
	if n := db.places.next.Load(); db.places.reserved.Load()-n <= logReserve/2 {
		_ = db.reserve(n) // it is tried again in a moment, and when there are none left
	}
}

// Log adds an entry to the request log.
func (db *DB) Log(e store.LogEntry) {
	if !db.options.ReadOnly {
		db.log.Add(db.spaces.of(e.NS), e)
	}
}

// writeBlocks stores blocks that were packed beside the writer.
func (db *DB) writeBlocks(blocks []reqlog.Block) error {
	return db.alone(func(w *writer) error {
		return w.transact(w.newBatch(), func(c *conn) error {
			if err := insertBlocks(c, blocks); err != nil {
				return err
			}
			for space, counts := range reqlog.CountsOf(blocks) {
				if err := addLogCounts(c, space, counts); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

func insertBlocks(c *conn, blocks []reqlog.Block) error {
	s, err := c.stmt(stInsertBlock)
	if err != nil {
		return err
	}
	for i := range blocks {
		b := &blocks[i]
		s.int(1, b.Space)
		s.int(2, b.First)
		s.int(3, b.Last)
		s.int(4, b.Ended)
		s.blob(5, b.Data)
		if err := s.run(); err != nil {
			return err
		}
		if b.Filter == nil {
			continue
		}
		f, err := c.stmt(stInsertFilter)
		if err != nil {
			return err
		}
		f.int(1, b.Began)
		f.blob(2, b.Filter)
		if err := f.run(); err != nil {
			return err
		}
	}
	return nil
}

// deleteBlock removes a block with its filter.
func deleteBlock(c *conn, id int64) error {
	if err := c.runInts(stDeleteFilter, id); err != nil {
		return err
	}
	return c.runInts(stDeleteBlock, id)
}
