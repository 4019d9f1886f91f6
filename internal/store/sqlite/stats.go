package sqlite

import (
	"os"
	"time"
)

// Stats are how the store is doing at the moment.
type Stats struct {
	Waiting             int   // transactions in the queue
	LogBytes, FileBytes int64 // of the write-ahead log and the database; 0 in memory
	// Failing is why the last commit failed, nil if it did not.
	Failing error
}

// Stats says how the store is doing. It costs two system calls.
func (db *DB) Stats() Stats {
	s := Stats{Waiting: db.writer.group.Waiting()}
	if failed := db.failing.Load(); failed != nil {
		s.Failing = *failed
	}
	if !db.inMemory() {
		s.LogBytes, s.FileBytes = sizeOf(db.path+"-wal"), sizeOf(db.path)
	}
	return s
}

func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// noteCommit keeps how the last commit went.
func (db *DB) noteCommit(err error) {
	switch {
	case err != nil:
		db.failing.Store(&err)
	case db.failing.Load() != nil:
		db.failing.Store(nil)
	}
}

// timedCommit commits a batch and tells who wants to know how long that took.
func (w *writer) timedCommit(b *batch, transactions int) error {
	if w.db.options.Committed == nil || b.changes.empty() {
		return w.commit(b)
	}
	begun := time.Now()
	err := w.commit(b)
	w.db.options.Committed(transactions, time.Since(begun))
	return err
}
