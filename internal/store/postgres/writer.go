package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"sharesmart/internal/store"
	"sharesmart/internal/store/group"
)

// writer is the one goroutine of the process that writes.
type writer struct {
	db    *DB
	conn  *pgx.Conn // nil when it was lost
	group *group.Writer
}

func newWriter(db *DB) *writer {
	w := &writer{db: db}
	w.group = group.NewWriter(w)
	return w
}

// Begin locks what the plans of the requests say and fetches it.
func (w *writer) Begin(requests []*group.Request) (b group.Batch, run, later []*group.Request) {
	mine := newBatch(w)
	run, later, mine.failed = mine.begin(requests)
	return mine, run, later
}

// Idle waits for requests.
func (w *writer) Idle() { <-w.group.Woken() }

// Ended closes the connection.
func (w *writer) Ended() { w.disconnect() }

// Run runs one transaction's function and keeps its changes if it succeeds.
func (b *batch) Run(fn func(store.Tx) error) error {
	if b.failed != nil {
		return b.failed
	}
	t := &tx{batch: b}
	defer func() { t.done = true }()
	err := group.Guard(t, fn)
	if t.busy != nil { // whatever the function made of that
		return t.busy
	}
	if err != nil {
		return err
	}
	b.changes.merge(&t.own)
	return nil
}

// After has nothing to do.
func (b *batch) After() {}

// connected gives the writer's connection, which it opens when it was lost.
func (w *writer) connected(ctx context.Context) (*pgx.Conn, error) {
	if w.conn != nil && !w.conn.IsClosed() {
		return w.conn, nil
	}
	var err error
	w.conn, err = connect(ctx, w.db.writing)
	if err != nil {
		w.conn = nil
		return nil, fmt.Errorf("store: the database cannot be reached: %w", err)
	}
	return w.conn, nil
}

func (w *writer) disconnect() {
	if w.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = w.conn.Close(ctx) // it is given up
	w.conn = nil
}
