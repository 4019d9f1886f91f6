package sqlite

import (
	"sync/atomic"
)

// checkpointer copies the write-ahead log to the database file, with a connection of its own, while the writer goes on
// writing. Left to SQLite the copying happens inside some commit, and everyone in that batch waits tens of milliseconds
// for it. What was written meanwhile is little, and the writer copies it itself between two batches: then the log
// begins again from its start, and does not grow.
type checkpointer struct {
	db      *DB
	pages   int // written since the last checkpoint; only the writer looks
	wake    chan struct{}
	stop    chan struct{}
	finish  atomic.Bool // the writer is to copy the rest
	running atomic.Bool
}

// checkpointPages is how long the log may get before it is copied. A page that is written again and again meanwhile is
// copied once.
const checkpointPages = 4000

func newCheckpointer(db *DB) *checkpointer {
	return &checkpointer{db: db, wake: make(chan struct{}, 1), stop: make(chan struct{})}
}

// count notes what a commit wrote.
func (k *checkpointer) count(c *conn) {
	if !k.db.inMemory() {
		k.pages += c.pagesWritten()
	}
}

// tend does what is due, after the writer has answered a batch.
func (k *checkpointer) tend(c *conn) {
	if k.finish.Swap(false) {
		k.db.pool.release()
		pages, done, err := c.checkpoint()
		k.pages = 0
		if err != nil || done < pages { // a reader is still in the log, so it will have to be done again soon
			k.pages = checkpointPages / 2
		}
		k.running.Store(false)
		return
	}
	if k.pages >= checkpointPages && k.running.CompareAndSwap(false, true) {
		k.wake <- struct{}{}
	}
}

func (k *checkpointer) loop() {
	for {
		select {
		case <-k.stop:
			return
		case <-k.wake:
		}
		k.run()
		k.finish.Store(true)
	}
}

// run copies as much as it can. A failure is not the end of anything: the log stays and the next round copies it.
func (k *checkpointer) run() {
	c, err := openConn(k.db.uri(), k.db.setup(readerPages))
	if err != nil {
		return
	}
	defer c.close()
	_, _, _ = c.checkpoint()
}

func (k *checkpointer) close() { close(k.stop) }
