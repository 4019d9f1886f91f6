package postgres

import (
	"context"
	"hash/fnv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"sharesmart/internal/store"
)

// leases are advisory locks on a connection of their own: PostgreSQL gives them back when the process ends, however it ends,
// or is cut off.
type leases struct {
	db     *DB
	mu     sync.Mutex
	conn   *pgx.Conn
	held   map[string]*lease
	closed bool
}

type lease struct {
	of   *leases
	role string
	done chan struct{}
	once sync.Once
}

const (
	// leaseCheck is how often a process looks whether it still has its leases.
	leaseCheck   = time.Second
	leaseTimeout = 5 * time.Second
	// leaseClass keeps the locks apart from those of others in the same database.
	leaseClass = 0x53680000
)

func newLeases(db *DB) *leases { return &leases{db: db, held: map[string]*lease{}} }

// Lease takes an exclusive role; nil if somebody has it, in this process or another.
func (db *DB) Lease(ctx context.Context, role string) (store.Lease, error) {
	if err := db.ready(ctx); err != nil {
		return nil, err
	}
	return db.leases.take(ctx, role)
}

func (l *leases) take(ctx context.Context, role string) (store.Lease, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, store.ErrClosed
	}
	if l.held[role] != nil {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, leaseTimeout)
	defer cancel()
	if l.conn == nil || l.conn.IsClosed() {
		l.lose()
		c, err := connect(ctx, l.db.config)
		if err != nil {
			return nil, l.db.failed("take a role", err)
		}
		l.conn = c
		l.db.work.Go(func() { l.watch(c) })
	}
	var got bool
	if err := l.conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, roleKey(role)).Scan(&got); err != nil {
		l.lose()
		return nil, l.db.failed("take a role", err)
	}
	if !got {
		return nil, nil
	}
	taken := &lease{of: l, role: role, done: make(chan struct{})}
	l.held[role] = taken
	return taken, nil
}

func roleKey(role string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte("sharesmart:" + role)) // it never fails
	return int64(h.Sum64()>>32<<32) ^ leaseClass ^ int64(uint32(h.Sum64()))
}

// watch looks whether the connection lives, as long as it is the one in use.
func (l *leases) watch(c *pgx.Conn) {
	for {
		l.db.pause(leaseCheck)
		l.mu.Lock()
		if l.conn != c || l.closed {
			l.mu.Unlock()
			return
		}
		ctx, cancel := context.WithTimeout(l.db.context, leaseTimeout)
		if c.Ping(ctx) != nil {
			l.lose()
		}
		cancel()
		l.mu.Unlock()
	}
}

// lose ends all leases with their connection.
func (l *leases) lose() {
	if l.conn != nil {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = l.conn.Close(ctx) // it is given up
		l.conn = nil
	}
	for role, one := range l.held {
		close(one.done)
		delete(l.held, role)
	}
}

func (l *leases) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.lose()
}

// Done is closed when the lease was lost.
func (l *lease) Done() <-chan struct{} { return l.done }

// Release gives the role back.
func (l *lease) Release() {
	l.once.Do(func() {
		l.of.mu.Lock()
		defer l.of.mu.Unlock()
		if l.of.held[l.role] != l {
			return // lost
		}
		delete(l.of.held, l.role)
		ctx, cancel := context.WithTimeout(context.Background(), leaseTimeout)
		defer cancel()
		if _, err := l.of.conn.Exec(ctx, `SELECT pg_advisory_unlock($1)`, roleKey(l.role)); err != nil {
			l.of.lose()
		}
	})
}
