package postgres

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"sharesmart/internal/store"
)

// batch is the transactions that are committed together, in one transaction of the database.
//
// It locks the namespaces of plans at once, in their order, while it holds nothing (begin.go); so that never ends in a
// deadlock, and another process is waited for. A namespace that a function comes to beside its plan is locked while others
// are held. For that nobody waits long: the function then fails with ErrBusy, and the others go on.
type batch struct {
	writer  *writer
	context context.Context
	cancel  context.CancelFunc
	failed  error // why the batch could not begin
	begun   bool
	broken  error // why the database's transaction is lost
	changes changes
	cleaned []store.NS // of garbage, in this transaction
	held    map[store.NS]*counters
	docs    map[store.Key]*store.Doc    // as read in this transaction; nil for none
	answers map[store.Key]*store.Answer // likewise
	timers  map[timerKey]timing         // likewise; due at 0 for none
}

// counters are a namespace's row.
type counters struct{ seq, change int64 }

const (
	// lockWait is how long a batch that holds nothing waits for its namespaces.
	lockWait = "20s"
	// lockWaitHolding is how long it waits when it holds others. It must be shorter than deadlock_timeout, which is a
	// second, so that PostgreSQL looks for no deadlock.
	lockWaitHolding = "300ms"
	// batchTimeout is how long all of a batch may take.
	batchTimeout = 5 * time.Minute
)

func newBatch(w *writer) *batch {
	b := &batch{writer: w, held: map[store.NS]*counters{}, docs: map[store.Key]*store.Doc{}, answers: map[store.Key]*store.Answer{}, timers: map[timerKey]timing{}}
	b.context, b.cancel = context.WithTimeout(context.WithoutCancel(w.db.context), batchTimeout)
	return b
}

func (b *batch) conn() *pgx.Conn { return b.writer.conn }

func (b *batch) nextSeq(ns store.NS) int64 {
	c := b.held[ns]
	c.seq++
	return c.seq
}

// enter locks a namespace that is not locked yet.
func (b *batch) enter(ns store.NS) error {
	switch {
	case b.broken != nil:
		return b.broken
	case b.held[ns] != nil:
		return nil
	}
	return b.hold(&store.Plan{Spaces: []store.NS{ns}}, nil)
}

// hold locks the namespaces of a plan, and of some others those that are free; learns what others changed there, and fetches
// documents and answers, all in one round trip.
func (b *batch) hold(p *store.Plan, free []store.NS) error {
	fresh, until := len(b.held) == 0, time.Now().Add(awaitFor)
	for {
		err := b.lock(p, free)
		if err == nil || !fresh || !isAway(err) || time.Now().After(until) {
			return err
		}
		b.broken, b.begun = nil, false
		b.writer.db.pause(awaitPause)
	}
}

const (
	// awaitFor is how long transactions wait for a database that is away. Nothing of them ran yet.
	awaitFor   = 10 * time.Second
	awaitPause = 100 * time.Millisecond
)

// isAway says whether an error is that of a database that cannot be reached, is starting or is stopping.
func isAway(err error) bool {
	var pg *pgconn.PgError
	return !errors.Is(err, context.Canceled) && !errors.Is(err, store.ErrBusy) && (!errors.As(err, &pg) || strings.HasPrefix(pg.Code, "57P"))
}

func (b *batch) lock(p *store.Plan, free []store.NS) error {
	conn, err := b.writer.connected(b.context)
	if err != nil {
		b.broken = err
		return err
	}
	l := newLocking(b, p, free)
	results := conn.SendBatch(b.context, &l.pipe)
	err = errors.Join(l.read(results), results.Close())
	switch {
	case err == nil:
		b.begun = true
		return l.accept()
	case isBusy(err) && len(b.held) > 0:
		if _, err := conn.Exec(b.context, "ROLLBACK TO SAVEPOINT more"); err != nil {
			return b.lost(err)
		}
		return store.ErrBusy
	case isBusy(err):
		_ = b.lost(err)
		return store.ErrBusy
	}
	return b.lost(err)
}

// lost gives the database's transaction up.
func (b *batch) lost(err error) error {
	b.broken = fmt.Errorf("store: the transaction was lost: %w", err)
	b.writer.disconnect()
	return b.broken
}

const (
	lockNotAvailable = "55P03"
	deadlockDetected = "40P01"
)

func isBusy(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == lockNotAvailable || pg.Code == deadlockDetected)
}

// locking is the round trip of hold.
type locking struct {
	batch   *batch
	plan    *store.Plan
	free    []store.NS
	pipe    pgx.Batch
	readers []func(pgx.BatchResults) error
	found   map[store.NS]*counters
	feed    []changeRow
}

func newLocking(b *batch, p *store.Plan, free []store.NS) *locking {
	l := &locking{batch: b, plan: p, free: free, found: map[store.NS]*counters{}}
	must := numbers(p.Spaces)
	all := append(slices.Clip(must), numbers(free)...)
	var known []int64
	for _, ns := range all {
		known = append(known, b.writer.db.follow.at(store.NS(ns)))
	}
	if !b.begun {
		l.do("BEGIN")
	}
	if len(b.held) > 0 {
		l.do("SAVEPOINT more")
		l.do("SET LOCAL lock_timeout = '" + lockWaitHolding + "'")
	}
	if slices.Min(known) == 0 { // as long as nothing was written there, it may have no row
		l.do(`INSERT INTO namespaces (ns) SELECT u.ns FROM unnest($1::bigint[], $2::bigint[]) AS u(ns, known) WHERE u.known = 0 ORDER BY 1
			ON CONFLICT DO NOTHING`, all, known)
	}
	const lock = `SELECT ns, seq, change FROM namespaces WHERE ns = ANY($1) ORDER BY ns FOR UPDATE`
	if len(must) > 0 {
		l.ask(lock, l.counters, must)
	}
	if len(free) > 0 {
		l.ask(lock+" SKIP LOCKED", l.counters, numbers(free))
	}
	if len(b.held) > 0 {
		l.do("SET LOCAL lock_timeout = '" + lockWait + "'")
		l.do("RELEASE SAVEPOINT more")
	}
	l.ask(feedQuery, func(rows pgx.Rows) (err error) { l.feed, err = scanChanges(rows); return err }, all, known)
	l.fetch()
	l.fetchTimers()
	return l
}

func numbers(spaces []store.NS) (out []int64) {
	for _, ns := range spaces {
		out = append(out, int64(ns))
	}
	return out
}

// do adds a statement without rows, ask one with.
func (l *locking) do(sql string, args ...any) {
	l.pipe.Queue(sql, args...)
	l.readers = append(l.readers, func(r pgx.BatchResults) error { _, err := r.Exec(); return err })
}

func (l *locking) ask(sql string, take func(pgx.Rows) error, args ...any) {
	l.pipe.Queue(sql, args...)
	l.readers = append(l.readers, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		defer rows.Close()
		if err := take(rows); err != nil {
			return err
		}
		rows.Close()
		return rows.Err()
	})
}

func (l *locking) read(results pgx.BatchResults) error {
	for _, read := range l.readers {
		if err := read(results); err != nil {
			return err
		}
	}
	return nil
}

func (l *locking) counters(rows pgx.Rows) error {
	for rows.Next() {
		var ns store.NS
		var c counters
		if err := rows.Scan(&ns, &c.seq, &c.change); err != nil {
			return err
		}
		l.found[ns] = &c
	}
	return rows.Err()
}

// fetch asks for the documents and answers of the plan that are not known.
func (l *locking) fetch() {
	b := l.batch
	docs, answers := map[store.Key]bool{}, map[store.Key]bool{}
	for _, k := range l.plan.Docs {
		if _, cached := b.writer.db.cache.get(k); !cached {
			docs[k] = true
		}
	}
	for _, k := range l.plan.Answers {
		answers[k] = true
	}
	for _, part := range slices.Collect(slices.Chunk(slices.Collect(maps.Keys(docs)), fetchChunk)) {
		nss, ids := keyColumns(part)
		l.ask(`SELECT u.n, `+docColumns+` FROM unnest($1::bigint[], $2::text[]) WITH ORDINALITY AS u(ns, id, n)
			JOIN objects o ON o.ns = u.ns AND o.id = u.id`, func(rows pgx.Rows) error { return b.keepDocs(rows, part) }, nss, ids)
	}
	for _, part := range slices.Collect(slices.Chunk(slices.Collect(maps.Keys(answers)), fetchChunk)) {
		nss, ids := keyColumns(part)
		l.ask(`SELECT u.n, `+answerColumns+` FROM unnest($1::bigint[], $2::text[]) WITH ORDINALITY AS u(ns, id, n)
			JOIN answers a ON a.ns = u.ns AND a.key = u.id`, func(rows pgx.Rows) error { return b.keepAnswers(rows, part) }, nss, ids)
	}
}

// fetchTimers asks for the timers of the plan.
func (l *locking) fetchTimers() {
	if len(l.plan.Timers) == 0 {
		return
	}
	b := l.batch
	var nss []int64
	var kinds, ids []string
	for _, t := range l.plan.Timers {
		b.timers[timerKey{t.NS, t.Kind, t.ID}] = timing{}
		nss, kinds, ids = append(nss, int64(t.NS)), append(kinds, text(t.Kind)), append(ids, text(t.ID))
	}
	l.ask(`SELECT t.ns, t.due, t.kind, t.id, t.clock FROM unnest($1::bigint[], $2::text[], $3::text[]) AS u(ns, kind, id)
		JOIN timers t ON t.ns = u.ns AND t.kind = u.kind AND t.id = u.id`, func(rows pgx.Rows) error {
		timers, err := pgx.CollectRows(rows, scanTimer)
		for _, t := range timers {
			b.timers[timerKey{t.NS, t.Kind, t.ID}] = timing{t.Due, t.Clock}
		}
		return err
	}, nss, kinds, ids)
}

// fetchChunk is how many documents are asked for with one statement.
const fetchChunk = 1000

func keyColumns(keys []store.Key) (nss []int64, ids []string) {
	for _, k := range keys {
		nss, ids = append(nss, int64(k.NS)), append(ids, key(k.ID))
	}
	return nss, ids
}

func (b *batch) keepDocs(rows pgx.Rows, keys []store.Key) error {
	for _, k := range keys {
		b.docs[k] = nil
	}
	for rows.Next() {
		var n int
		d, err := scanDoc(rows, &n)
		if err != nil {
			return err
		}
		b.docs[keys[n-1]] = d
	}
	return rows.Err()
}

func (b *batch) keepAnswers(rows pgx.Rows, keys []store.Key) error {
	for _, k := range keys {
		b.answers[k] = nil
	}
	for rows.Next() {
		var n int
		a, err := scanAnswer(rows, &n)
		if err != nil {
			return err
		}
		a.Key = keys[n-1].ID
		b.answers[keys[n-1]] = a
	}
	return rows.Err()
}

// accept takes what was found, after what others changed. What was fetched of namespaces that somebody else has is not
// current.
func (l *locking) accept() error {
	b := l.batch
	for _, ns := range l.plan.Spaces {
		if l.found[ns] == nil {
			return b.lost(fmt.Errorf("namespace %d has no row", ns))
		}
	}
	for ns, c := range l.found {
		b.held[ns] = c
		if err := b.writer.db.learn(ns, c.change, changesOf(l.feed, ns)); err != nil {
			return b.lost(err)
		}
		if b.writer.db.garbage.has(ns) {
			if err := b.clean(ns); err != nil {
				return err
			}
			maps.DeleteFunc(b.docs, func(k store.Key, _ *store.Doc) bool { return k.NS == ns })
		}
	}
	if len(l.found) < len(l.plan.Spaces)+len(l.free) {
		maps.DeleteFunc(b.docs, func(k store.Key, _ *store.Doc) bool { return b.held[k.NS] == nil })
		maps.DeleteFunc(b.answers, func(k store.Key, _ *store.Answer) bool { return b.held[k.NS] == nil })
		maps.DeleteFunc(b.timers, func(k timerKey, _ timing) bool { return b.held[k.ns] == nil })
	}
	return nil
}

// changesOf are the rows of a namespace; those of each stand together.
func changesOf(feed []changeRow, ns store.NS) []changeRow {
	first := slices.IndexFunc(feed, func(r changeRow) bool { return r.ns == ns })
	if first < 0 {
		return nil
	}
	rows := feed[first:]
	if n := slices.IndexFunc(rows, func(r changeRow) bool { return r.ns != ns }); n >= 0 {
		rows = rows[:n]
	}
	return rows
}

// doc finds a document in a namespace that is locked. The result must not be changed.
func (b *batch) doc(k store.Key) (*store.Doc, error) {
	if d, ok := b.docs[k]; ok {
		return found(d)
	}
	if d, ok := b.writer.db.cache.get(k); ok {
		return d, nil
	}
	t := b.writer.db.cache.ticket(k)
	d, err := readDoc(b.context, b.conn(), k.NS, k.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		b.docs[k] = nil
		return nil, err
	case err != nil:
		return nil, b.lost(err)
	}
	b.docs[k] = d
	b.writer.db.cache.fill(t, k, d)
	return d, nil
}

func found[T any](v *T) (*T, error) {
	if v == nil {
		return nil, store.ErrNotFound
	}
	return v, nil
}

// answer finds an answer in a namespace that is locked.
func (b *batch) answer(k store.Key) (*store.Answer, error) {
	if a, ok := b.answers[k]; ok {
		return found(a)
	}
	a, err := readAnswer(b.context, b.conn(), k)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, b.lost(err)
	}
	b.answers[k] = a
	return found(a)
}
