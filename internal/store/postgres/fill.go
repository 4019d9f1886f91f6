package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"sharesmart/internal/store"
	"sharesmart/internal/store/carry"
	"sharesmart/internal/store/pack"
)

// loading fills an empty database, or changes a copy that is not finished, in one transaction: whoever breaks it off leaves
// nothing of it, and who starts a server on the database meanwhile waits.
type loading struct {
	db      *DB
	context context.Context
	conn    *pgx.Conn
	tables  []*loadTable // in the order in which they are written
	old     *replaced    // nil where nothing can be there yet
	pending int
	counts  map[int64]pack.Counts // of the request log, by namespace
}

// loadTable is rows on their way to a table.
type loadTable struct {
	name    string
	columns []string
	rows    [][]any
}

func (t *loadTable) add(values ...any) { t.rows = append(t.rows, values) }

// Load begins to fill the database, if it is empty.
func (db *DB) Load(ctx context.Context) (carry.Load, error) {
	if err := db.ready(ctx); err != nil {
		return nil, err
	}
	l, err := db.newLoading(ctx)
	if err != nil {
		return nil, err
	}
	if err := l.begin(); err != nil {
		return nil, errors.Join(err, l.Abort())
	}
	return l, nil
}

func (db *DB) newLoading(ctx context.Context) (*loading, error) {
	conn, err := connect(ctx, db.config)
	if err != nil {
		return nil, db.failed("load", err)
	}
	return &loading{db: db, context: ctx, conn: conn, counts: map[int64]pack.Counts{}, tables: []*loadTable{
		tableObjects:  {name: "objects", columns: []string{"ns", "seq", "id", "long_id", "kind", "parent", "version", "created", "deleted", "refs", "doc"}},
		tableVersions: {name: "versions", columns: []string{"ns", "seq", "version", "replaced", "kind", "parent", "created", "deleted", "differs", "doc"}},
		tableRefs:     {name: "refs", columns: []string{"ns", "field", "value", "created", "seq"}},
		tableSearch:   {name: "search", columns: []string{"ns", "kind", "seq", "terms"}},
		tableAnswers:  {name: "answers", columns: []string{"ns", "key", "created", "fingerprint", "path", "request_id", "status", "object_id", "object_version", "body"}},
		tableTimers:   {name: "timers", columns: []string{"ns", "kind", "id", "due", "clock"}},
		tableBlocks:   {name: "log_blocks", columns: []string{"ns", "last_seq", "first_seq", "began", "ended", "terms", "data"}},
		tableSpaces:   {name: "namespaces", columns: []string{"ns", "seq"}},
	}}, nil
}

const (
	tableObjects = iota
	tableVersions
	tableRefs
	tableSearch
	tableAnswers
	tableTimers
	tableBlocks
	tableSpaces
)

func (l *loading) lock() error {
	_, err := l.conn.Exec(l.context, `BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0; LOCK TABLE namespaces IN ACCESS EXCLUSIVE MODE`)
	return l.db.failed("load", err)
}

// begin locks the database and looks whether it is empty.
func (l *loading) begin() error {
	if err := l.lock(); err != nil {
		return err
	}
	for _, t := range l.tables {
		var found bool
		if err := l.conn.QueryRow(l.context, `SELECT EXISTS (SELECT 1 FROM `+t.name+`)`).Scan(&found); err != nil {
			return l.db.failed("load", err)
		}
		if found {
			return fmt.Errorf("store: the database is not empty: %w", store.ErrExists)
		}
	}
	return nil
}

// add puts a row into a table, and writes all that waits when it is much.
func (l *loading) add(table int, values ...any) error {
	l.tables[table].add(values...)
	return l.waits()
}

// waits counts what waits to be written.
func (l *loading) waits() error {
	if l.pending++; l.pending < 4*carryChunk {
		return nil
	}
	return l.flush()
}

func (l *loading) flush() error {
	l.pending = 0
	if l.old != nil {
		if err := l.removeOld(); err != nil {
			return l.db.failed("remove what is replaced", err)
		}
	}
	for _, t := range l.tables {
		if len(t.rows) == 0 {
			continue
		}
		if _, err := l.conn.CopyFrom(l.context, pgx.Identifier{t.name}, t.columns, pgx.CopyFromRows(t.rows)); err != nil {
			return l.db.failed("load "+t.name, err)
		}
		t.rows = t.rows[:0]
	}
	return nil
}

// Document keeps its Seq.
func (l *loading) Document(ns store.NS, d *store.Doc, past []carry.Past) error {
	if l.old != nil {
		l.old.docs.add(ns, d.Seq)
		l.old.named.add(ns, d.ID) // another may have had it
	}
	id := key(d.ID)
	err := l.add(tableObjects, int64(ns), d.Seq, id, longID(d.ID, id), text(d.Kind), text(d.Parent), d.Version, d.Created, d.Deleted, packRefs(d.Refs), d.Data)
	for i := range past {
		next := d
		if i+1 < len(past) {
			next = &past[i+1].Doc
		}
		p := &past[i]
		data, differs := keptVersion(&p.Doc, next)
		err = errors.Join(err, l.add(tableVersions, int64(ns), d.Seq, p.Version, p.Replaced, text(p.Kind), text(p.Parent), p.Created, p.Deleted, differs, data))
	}
	entries := appendEntries(nil, d)
	for i, e := range entries {
		if !slices.Contains(entries[:i], e) {
			err = errors.Join(err, l.add(tableRefs, int64(ns), e.field, e.value, e.created, e.seq))
		}
	}
	if terms := l.db.options.Terms; terms != nil && !d.Deleted {
		if made := terms(d.Kind, d.Data); made != nil {
			err = errors.Join(err, l.add(tableSearch, int64(ns), text(d.Kind), d.Seq, termHashes(ns, d.Kind, made)))
		}
	}
	return err
}

// Answer adds what a key was answered.
func (l *loading) Answer(ns store.NS, a *store.Answer) error {
	if l.old != nil {
		l.old.answers.add(ns, a.Key)
	}
	return l.add(tableAnswers, int64(ns), key(a.Key), a.Created, text(a.Fingerprint), text(a.Path), text(a.RequestID), int32(a.Status), text(a.ObjectID), a.ObjectVersion, a.Body)
}

// Timer adds a timer.
func (l *loading) Timer(t *store.Timer) error {
	if l.old != nil {
		l.old.timer(t.NS, t.Kind, t.ID)
	}
	return l.add(tableTimers, int64(t.NS), text(t.Kind), text(t.ID), t.Due, text(t.Clock))
}

// LogBlock adds a block of the log.
func (l *loading) LogBlock(ns store.NS, b *pack.Block) error {
	if l.old != nil {
		l.old.blocks.add(ns, b.Last, b.First)
		return l.add(tableBlocks, int64(ns), b.Last, b.First, b.Began, b.Ended, b.Filter, b.Data)
	}
	counts, err := pack.CountsOf(b.Data, l.db.options.LogCounts)
	if err != nil {
		return fmt.Errorf("store: load: %w", err)
	}
	if l.counts[int64(ns)] == nil {
		l.counts[int64(ns)] = pack.Counts{}
	}
	l.counts[int64(ns)].Add(counts)
	return l.add(tableBlocks, int64(ns), b.Last, b.First, b.Began, b.Ended, b.Filter, b.Data)
}

// Namespace notes which Seq was given out last.
func (l *loading) Namespace(ns store.NS, last int64) error {
	if l.old != nil {
		l.old.counters.add(ns, last)
		return l.waits()
	}
	return l.add(tableSpaces, int64(ns), last)
}

// LogPlaces notes which place in the log was given out last.
func (l *loading) LogPlaces(last int64) error {
	_, err := l.conn.Exec(l.context, `SELECT setval('log_portions', $1)`, last/portionSize+1)
	return err
}

// Commit makes all of it durable and seen.
func (l *loading) Commit(ctx context.Context) error {
	err := l.flush()
	if err == nil && l.old != nil {
		err = l.countAgain(ctx)
	}
	if err == nil {
		err = addLogCounts(ctx, l.conn, l.counts)
	}
	if err == nil {
		_, err = l.conn.Exec(ctx, "COMMIT; ANALYZE")
	}
	return errors.Join(l.db.failed("load", err), l.conn.Close(ctx))
}

// countAgain counts the whole log: blocks took the place of others, of which nobody knows any more what they counted.
func (l *loading) countAgain(ctx context.Context) (err error) {
	if l.db.options.LogCounts == nil {
		return nil
	}
	if _, err = l.conn.Exec(ctx, `DELETE FROM log_counts`); err != nil {
		return err
	}
	l.counts, err = countBlocks(ctx, l.conn, l.db.options.LogCounts, func(blockKey, error) {}) // Check tells of damage
	return err
}

// Abort leaves the database as it was.
func (l *loading) Abort() error { return l.conn.Close(context.WithoutCancel(l.context)) }
