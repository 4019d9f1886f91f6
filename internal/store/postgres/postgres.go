// Package postgres keeps the store in a PostgreSQL database, which any number of processes may share.
//
// In each process one goroutine writes. It takes all transactions that wait, locks the namespaces that they touch, learns
// what other processes changed there since it last had them, runs the functions one after the other, writes everything in
// one database transaction, and only then answers. A namespace's lock is its row in the table namespaces, held to the
// commit; so in a namespace everything happens in one order, whoever does it, and what is numbered there has no gaps that
// are filled later.
//
// Readers outside of transactions always ask the database. What is kept in memory is for transactions alone: it is made
// current under the lock (see follow.go). Where two processes hold namespaces that each wants of the other, one gives up
// (store.ErrBusy).
//
// It owns the schema (migrations/) and all SQL. It does not know what documents mean.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"sharesmart/internal/store"
	"sharesmart/internal/store/reqlog"
)

// DB is an open store.
type DB struct {
	config   *pgx.ConnConfig
	writing  *pgx.ConnConfig // of the writer's connection
	options  store.Options
	process  int64        // tells this process's changes from those of others
	now      func() int64 // unix seconds, for when versions were replaced
	context  context.Context
	cancel   context.CancelFunc
	closed   atomic.Bool
	closing  sync.Once
	closeErr error
	pool     *pgxpool.Pool
	from     querier // what is read outside of transactions: the pool, or a snapshot
	cache    *cache
	follow   *follow
	garbage  *garbage
	writer   *writer
	places   places
	log      *reqlog.Log
	notices  *notices
	leases   *leases
	work     sync.WaitGroup
}

var _ store.Shared = (*DB)(nil)

const (
	defaultCacheBytes = 64 << 20
	readers           = 16
	// readTimeout is how long a read may take before it is given up, which no sound database needs.
	readTimeout = 30 * time.Second
	// dialTimeout is how long one attempt to connect may take.
	dialTimeout = 5 * time.Second
)

// Open connects to the database that a URL names, and brings its schema up to date.
func Open(ctx context.Context, url string, o store.Options) (*DB, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("store: the address of the database: %w", err)
	}
	prepareConfig(config.ConnConfig, o.NoSync)
	if config.MaxConns < readers && !hasSetting(url, "pool_max_conns") {
		config.MaxConns = readers
	}
	db := &DB{config: config.ConnConfig.Copy(), options: o, process: newProcess(), now: o.Now}
	db.writing = writerConfig(db.config)
	if db.now == nil {
		db.now = func() int64 { return time.Now().Unix() }
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = defaultCacheBytes
	}
	db.cache, db.follow, db.garbage = newCache(o.CacheBytes), newFollow(), newGarbage()
	if err := migrate(ctx, db.config, o.ReadOnly); err != nil {
		return nil, fmt.Errorf("store: open the database: %w", explained(err))
	}
	db.context, db.cancel = context.WithCancel(context.Background())
	if db.pool, err = pgxpool.NewWithConfig(db.context, config); err != nil {
		db.cancel()
		return nil, fmt.Errorf("store: open the database: %w", err)
	}
	db.from = db.pool
	if err := errors.Join(db.follow.load(ctx, db.pool), db.garbage.load(ctx, db.pool), db.countLog(ctx)); err != nil {
		db.cancel()
		db.pool.Close()
		return nil, fmt.Errorf("store: read the namespaces: %w", err)
	}
	db.start()
	return db, nil
}

// start runs what works beside the readers.
func (db *DB) start() {
	db.writer, db.notices, db.leases = newWriter(db), newNotices(db), newLeases(db)
	db.log = reqlog.New(db.options.LogTerms, db.options.LogCounts, db.writeBlocks)
	if db.options.ReadOnly {
		return
	}
	db.work.Go(db.writer.group.Loop)
	db.work.Go(func() { db.log.Loop(func() {}) })
	db.work.Go(db.notices.send)
	db.work.Go(db.notices.listen)
	db.work.Go(db.tidy)
}

// Close writes what is still in memory and waits for everything to end.
func (db *DB) Close() error {
	db.closing.Do(func() { db.closeErr = db.stop() })
	return db.closeErr
}

func (db *DB) stop() (err error) {
	if !db.options.ReadOnly {
		err = db.log.Close()
		db.writer.group.Close(true)
		<-db.writer.group.Stopped
	}
	db.closed.Store(true)
	db.leases.close()
	db.notices.close()
	db.cancel()
	db.work.Wait()
	db.pool.Close()
	if err != nil {
		return fmt.Errorf("store: close: %w", err)
	}
	return nil
}

// reading is the context of a read that has none.
func (db *DB) reading() (context.Context, context.CancelFunc) {
	return context.WithTimeout(db.context, readTimeout)
}

// ready says whether the context and the store still allow work.
func (db *DB) ready(ctx context.Context) error {
	if db.closed.Load() {
		return store.ErrClosed
	}
	return ctx.Err()
}

// failed names what could not be done.
func (db *DB) failed(what string, err error) error {
	switch {
	case err == nil, errors.Is(err, store.ErrNotFound):
		return err
	case db.closed.Load():
		return store.ErrClosed
	}
	return fmt.Errorf("store: %s: %w", what, err)
}
