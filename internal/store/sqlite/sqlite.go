// Package sqlite keeps the store in one SQLite file, or in memory.
//
// One goroutine writes. It commits all waiting transactions together, and everything a reader may need is either in the
// file or, for index entries that are not folded yet, in memory (see tail.go); so readers wait for nobody. Readers find
// documents in a cache, or read them with connections of their own.
//
// It owns the schema (migrations/), all SQL (statements.go), and what runs beside: checkpoints, the request log, search
// indexing, and the reclaiming of dropped namespaces. It does not know what documents mean. One process at a time may
// have a file open for writing; whoever opens it must see to that. Others may read it meanwhile.
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	driver "modernc.org/sqlite"

	"sharesmart/internal/store"
	"sharesmart/internal/store/group"
	"sharesmart/internal/store/reqlog"
)

// DB is an open store.
type DB struct {
	path        string
	options     store.Options
	now         func() int64 // unix seconds, for when versions were replaced
	gen         atomic.Uint64
	closed      atomic.Bool
	failing     atomic.Pointer[error] // of the last commit
	closing     sync.Once
	closeErr    error
	celled      int64 // see cell.go
	spaces      *spaces
	tail        *tail
	cache       *cache
	models      models
	pool        *pool
	writer      *writer
	places      *places
	log         *reqlog.Log
	checkpoints *checkpointer
	background  sync.WaitGroup
}

var _ store.Store = (*DB)(nil)

const (
	// memoryPath opens a store that is gone when it is closed.
	memoryPath        = ":memory:"
	defaultCacheBytes = 64 << 20
	readers           = 8
)

// Open opens the file at path, which it creates if need be. ":memory:" makes a store of its own in memory.
func Open(path string, o store.Options) (*DB, error) {
	// Commits need the data on disk, not the time of the last change. Not every platform has it; then fsync it is.
	if _, err := driver.Fdatasync(true); err != nil && !errors.Is(err, driver.ErrFdatasyncUnavailable) {
		return nil, fmt.Errorf("store: %w", err)
	}
	if o.ReadOnly && path == memoryPath {
		return nil, errors.New("store: a store in memory cannot be read only")
	}
	db := &DB{path: path, options: o, now: o.Now, spaces: newSpaces(), tail: newTail()}
	if db.now == nil {
		db.now = func() int64 { return time.Now().Unix() }
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = defaultCacheBytes
	}
	db.cache = newCache(o.CacheBytes)
	if err := db.start(); err != nil {
		return nil, fmt.Errorf("store: open %s: %w", path, err)
	}
	return db, nil
}

func (db *DB) inMemory() bool { return db.path == memoryPath }

// syncs says whether every commit is synced.
func (db *DB) syncs() bool { return !db.inMemory() && !db.options.NoSync && !db.options.ReadOnly }

// start connects, brings the schema up to date, reads what memory must know, and starts the goroutines.
func (db *DB) start() error {
	vfs := ""
	if db.syncs() {
		if err := registerWALVFS(); err != nil {
			return err
		}
		vfs = walVFS
	}
	c, err := openConn(db.uri(), vfs, db.setup(writerPages))
	if err != nil {
		return err
	}
	if err := db.prepare(c); err != nil {
		return errors.Join(err, c.close())
	}
	db.connect(c)
	db.checkpoints = newCheckpointer(db)
	db.places = newPlaces(db.writer.logSeq)
	db.log = reqlog.New(db.options.LogTerms, db.options.LogCounts, db.writeBlocks)
	if db.options.ReadOnly {
		return nil
	}
	first := newFilter(db.writer.seq)
	db.writer.filters.now.Store(first)
	db.background.Go(func() { db.fillFilter(first) })
	db.background.Go(db.writer.group.Loop)
	db.background.Go(func() { db.log.Loop(db.tendPlaces) })
	if !db.inMemory() {
		db.background.Go(db.checkpoints.loop)
	}
	return nil
}

// prepare brings the schema up to date and loads the writer's state. A read-only store reads, here and ever after, the
// one state of the database that it finds now.
func (db *DB) prepare(c *conn) error {
	if db.options.ReadOnly {
		if err := c.beginRead(0); err != nil {
			return err
		}
	}
	if err := db.migrate(c); err != nil {
		return err
	}
	if err := db.countLog(c); err != nil {
		return err
	}
	w := &writer{db: db, c: c}
	w.group = group.NewWriter(w)
	w.chores.timer = time.NewTimer(time.Hour)
	w.chores.note() // what the last process left behind
	w.fold.size, w.fold.chunk, w.fold.least = runSize, foldChunk, foldLeast
	db.writer = w
	return w.load(c)
}

// connect shares out connections. In memory there is only one database for one connection, and one state has one, too.
func (db *DB) connect(c *conn) {
	if !db.inMemory() && !db.options.ReadOnly {
		db.pool = newPool(readers, true, &db.gen, func() (*conn, error) {
			return openConn(db.uri(), "", db.setup(readerPages)+"PRAGMA query_only = 1;")
		})
		return
	}
	db.pool = newPool(1, db.options.ReadOnly, &db.gen, func() (*conn, error) { return c, nil })
	db.writer.c = nil
}

// uri names the file in the way that keeps question marks and the like from being read as options.
func (db *DB) uri() string {
	if db.inMemory() {
		return memoryPath
	}
	name := "file:" + (&url.URL{Path: db.path}).EscapedPath()
	if db.options.ReadOnly {
		name += "?mode=ro"
	}
	return name
}

const (
	// writerPages is the writer's own cache, in KiB: the upper levels of all trees and the pages it is filling. Readers
	// read through the memory map and need next to none.
	writerPages = 8 << 10
	readerPages = 1 << 10
	// mapBytes is the most of the file that is mapped, which is SQLite's own limit.
	mapBytes = 0x7fff0000
	// logBytes is what the write-ahead log is cut down to when a burst has made it longer.
	logBytes = 64 << 20
)

func (db *DB) setup(cacheKiB int) string {
	synchronous := "NORMAL" // the log is not synced, checkpoints are: what a power cut takes are the last commits
	if db.syncs() {
		synchronous = "FULL"
	}
	script := fmt.Sprintf("PRAGMA busy_timeout = 5000; PRAGMA cache_size = -%d; PRAGMA temp_store = MEMORY;", cacheKiB)
	switch {
	case db.inMemory():
		return script
	case db.options.ReadOnly:
		return script + fmt.Sprintf("PRAGMA mmap_size = %d;", mapBytes)
	}
	return script + fmt.Sprintf(`PRAGMA journal_mode = WAL; PRAGMA synchronous = %s; PRAGMA mmap_size = %d;
		PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = %d;`, synchronous, mapBytes, logBytes)
}

// Close writes what is still in memory and waits for everything to end.
func (db *DB) Close() error {
	db.closing.Do(func() { db.closeErr = db.stop() })
	return db.closeErr
}

func (db *DB) stop() error {
	var err error
	if !db.options.ReadOnly {
		err = db.stopWriting()
	}
	db.closed.Store(true)
	if t := db.writer.tap; t != nil { // before SQLite removes the log
		err = errors.Join(err, t.file.Close())
	}
	err = errors.Join(err, db.pool.close())
	if db.writer.c != nil {
		err = errors.Join(err, db.writer.c.close())
	}
	if err != nil {
		return fmt.Errorf("store: close: %w", err)
	}
	return nil
}

// stopWriting lets what is still in memory go through the writer, and nothing else any more, and ends the goroutines.
func (db *DB) stopWriting() error {
	db.writer.group.Close(false)
	err := db.log.Close()
	if !db.inMemory() {
		err = errors.Join(err, db.foldAll())
	}
	db.closed.Store(true)
	db.writer.group.Close(true)
	<-db.writer.group.Stopped
	db.checkpoints.close()
	db.background.Wait()
	return err
}

// ready says whether the context and the store still allow work.
func (db *DB) ready(ctx context.Context) error {
	if db.closed.Load() {
		return store.ErrClosed
	}
	return ctx.Err()
}
