package sqlite

import (
	"sync/atomic"
)

// checkpointer copies the write-ahead log to the database file, with a connection of its own, while the writer goes on
// writing. Left to SQLite the copying happens inside some commit, and everyone in that batch waits tens of milliseconds
// for it. What was written meanwhile is little, and the writer copies that itself between two batches. Then the next
// commit can begin at the start of the log again, if no reader is in it, and the file does not grow.
type checkpointer struct {
	db      *DB
	wake    chan struct{}
	stop    chan struct{}
	copied  atomic.Bool // the writer is to copy the rest
	running atomic.Bool
	// Only the writer uses these.
	limit    int   // checkpointPages; tests have less
	pages    int   // written since the log last began
	attempts int   // to let the log begin again; 0 if there is no need
	length   int32 // of the log when all of it was copied
}

const (
	// checkpointPages is how long the log may get before it is copied. A page that is written again and again meanwhile
	// is copied once; but a longer log takes longer to read after a crash. SQLite finds pages by one look into one table as
	// long as there are no more than 4,062.
	checkpointPages = 4000
	// gapPages is how long it may get while requests leave gaps. Each round makes a batch wait for a sync, and writes pages
	// again that the round before wrote; but the more pages a round copies, the more the disk has to do beside commits.
	gapPages = 1000
	// idlePages is how long it may be when there is nothing to do: readers are faster without a log.
	idlePages = 100
	// maxAttempts is how many batches may pass before the log begins again. Each attempt costs about two syncs.
	maxAttempts = 20
)

func newCheckpointer(db *DB) *checkpointer {
	return &checkpointer{db: db, limit: checkpointPages, wake: make(chan struct{}, 1), stop: make(chan struct{})}
}

// count notes what a commit wrote.
func (k *checkpointer) count(c *conn) {
	if !k.db.inMemory() {
		k.pages += c.pagesWritten()
	}
}

// tend does what is due after the writer has answered a batch.
func (k *checkpointer) tend(c *conn) {
	switch {
	case k.finishFirst(c):
	case k.attempts == 0:
		k.start(k.limit)
	case !k.begunAgain(c):
		k.finish(c)
	}
}

// rest does what is due when the writer has nothing to do. The log may be so many pages long.
func (k *checkpointer) rest(c *conn, pages int) {
	if !k.finishFirst(c) && k.attempts == 0 { // else there was no commit to begin the log again
		k.start(pages)
	}
}

// start has the log copied if it is longer than so many pages.
func (k *checkpointer) start(pages int) {
	if k.pages >= pages && k.running.CompareAndSwap(false, true) {
		k.wake <- struct{}{}
	}
}

// finishFirst copies what was written while the log was copied, if it has just been.
func (k *checkpointer) finishFirst(c *conn) bool {
	if !k.copied.Swap(false) {
		return false
	}
	k.attempts, k.length = 1, 0
	k.finish(c)
	return true
}

// begunAgain says whether a commit began the log again since all of it was copied: then the work is done. Only then has the log
// become shorter.
func (k *checkpointer) begunAgain(c *conn) bool {
	length, err := c.logLength()
	if err != nil || length >= k.length {
		return false
	}
	k.end(int(length))
	return true
}

// finish copies the rest of the log, so that the next commit can begin it again if no reader needs it any more.
func (k *checkpointer) finish(c *conn) {
	k.db.pool.release()
	length, copied, err := c.checkpoint()
	k.db.pool.release() // who began to read meanwhile may still need the log
	if err == nil && copied == length {
		k.length = length
	}
	if k.attempts++; k.attempts > maxAttempts {
		k.end(k.limit / 2) // some reader takes very long; the next round will do it
	}
}

// end waits for the log to become long again, from so many pages on.
func (k *checkpointer) end(pages int) {
	k.pages, k.attempts = pages, 0
	k.running.Store(false)
}

func (k *checkpointer) loop() {
	for {
		select {
		case <-k.stop:
			return
		case <-k.wake:
		}
		k.copy()
		k.copied.Store(true)
	}
}

// copy copies as much as it can, and lets the disk have it. It does not sync what it copied: the writer's share of the work
// does, once, and takes some milliseconds for it; a sync beside the writer makes all commits slow that it competes with. A failure is not the
// end of anything: the log stays, and the next round copies it.
func (k *checkpointer) copy() {
	c, err := openConn(k.db.uri(), "", k.db.setup(readerPages))
	if err != nil {
		return
	}
	defer func() { _ = c.close() }()
	_, _, _ = c.checkpoint()
	if k.db.syncs() {
		c.writeBack(sizeOf(k.db.path))
	}
}

func (k *checkpointer) close() { close(k.stop) }
