package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"sharesmart/internal/store"
	"sharesmart/internal/store/pack"
)

// Commit writes all changes and commits them, in one round trip.
func (b *batch) Commit(int) error {
	defer b.cancel()
	switch {
	case b.broken != nil:
		return b.broken
	case !b.begun:
		return nil
	case b.changes.empty():
		if _, err := b.conn().Exec(b.context, "ROLLBACK"); err != nil {
			b.writer.disconnect() // nobody wrote anything
		}
		return nil
	}
	w := &writing{batch: b, now: b.writer.db.now()}
	w.all()
	if w.err != nil {
		return b.lost(w.err)
	}
	results := b.conn().SendBatch(b.context, &w.pipe)
	err := w.check(results)
	var refused *pgconn.PgError
	switch {
	case err == nil:
		b.publish()
		return nil
	case errors.As(err, &refused) && !b.conn().IsClosed():
		return b.lost(fmt.Errorf("commit: %w", err))
	}
	return b.resolve(err)
}

// writing is the round trip of commit.
type writing struct {
	batch *batch
	pipe  pgx.Batch
	now   int64
	err   error
	wrote int // statements
}

func (w *writing) do(sql string, args ...any) {
	w.pipe.Queue(sql, args...)
	w.wrote++
}

func (w *writing) check(results pgx.BatchResults) (err error) {
	for range w.wrote {
		if _, err = results.Exec(); err != nil {
			break
		}
	}
	return errors.Join(err, results.Close())
}

func (w *writing) all() {
	c := &w.batch.changes
	w.empty()
	w.versions(c.docs)
	w.documents(c.docs)
	w.entries(c.docs)
	w.terms(c.docs)
	w.answers()
	w.timers()
	w.numbers()
	w.do("COMMIT")
}

// wholeVersions is how many versions go by until one is kept whole, which bounds what it costs to read one.
const wholeVersions = 8

func (w *writing) versions(docs []*docChange) {
	var r struct {
		ns, seq, version, created []int64
		kind, parent              []string
		deleted, differs          []bool
		doc                       [][]byte
	}
	for _, c := range docs {
		if c.doc.Erased || slices.Contains(w.batch.writer.db.options.Unversioned, c.doc.Kind) {
			continue
		}
		for i := range c.superseded {
			old, next := &c.superseded[i], &c.doc
			if i+1 < len(c.superseded) {
				next = &c.superseded[i+1]
			}
			data, differs := keptVersion(old, next)
			r.ns, r.seq, r.version, r.created = append(r.ns, int64(c.key.NS)), append(r.seq, c.doc.Seq), append(r.version, old.Version), append(r.created, old.Created)
			r.kind, r.parent = append(r.kind, text(old.Kind)), append(r.parent, text(old.Parent))
			r.deleted, r.differs, r.doc = append(r.deleted, old.Deleted), append(r.differs, differs), append(r.doc, data)
		}
	}
	if len(r.ns) > 0 {
		w.do(`INSERT INTO versions (ns, seq, version, replaced, kind, parent, created, deleted, differs, doc)
			SELECT u.ns, u.seq, u.version, $1, u.kind, u.parent, u.created, u.deleted, u.differs, u.doc
			FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::boolean[], $9::boolean[], $10::bytea[])
			AS u(ns, seq, version, kind, parent, created, deleted, differs, doc)`,
			w.now, r.ns, r.seq, r.version, r.kind, r.parent, r.created, r.deleted, r.differs, r.doc)
	}
}

// keptVersion is a version as it is kept: what makes it of the next one, where that is shorter.
func keptVersion(old, next *store.Doc) (data []byte, differs bool) {
	if old.Version%wholeVersions != 0 && next.Version == old.Version+1 {
		if delta := pack.AppendDelta(nil, old.Data, next.Data); len(delta) < len(old.Data) {
			return delta, true
		}
	}
	return old.Data, false
}

// rows are documents by column. refs are packed, as arrays of arrays must be square.
type rows struct {
	ns, seq, version, created []int64
	id, kind, parent          []string
	long, doc                 [][]byte
	deleted                   []bool
	refs                      []string
}

func (r *rows) add(c *docChange) {
	d := &c.doc
	id := key(d.ID)
	r.ns, r.seq, r.version, r.created = append(r.ns, int64(c.key.NS)), append(r.seq, d.Seq), append(r.version, d.Version), append(r.created, d.Created)
	r.id, r.kind, r.parent = append(r.id, id), append(r.kind, text(d.Kind)), append(r.parent, text(d.Parent))
	r.long, r.doc, r.deleted = append(r.long, longID(d.ID, id)), append(r.doc, d.Data), append(r.deleted, d.Deleted)
	r.refs = append(r.refs, arrayLiteral(packRefs(d.Refs)))
}

func (r *rows) columns() []any {
	return []any{r.ns, r.seq, r.id, r.long, r.kind, r.parent, r.version, r.created, r.deleted, r.refs, r.doc}
}

const unnestRows = `unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::bigint[], $8::bigint[],
	$9::boolean[], $10::text[], $11::bytea[]) AS u(ns, seq, id, long_id, kind, parent, version, created, deleted, refs, doc)`

func (w *writing) documents(docs []*docChange) {
	var added, changed rows
	var erasedNS, erasedSeq []int64
	for _, c := range docs {
		switch {
		case c.doc.Erased:
			erasedNS, erasedSeq = append(erasedNS, int64(c.key.NS)), append(erasedSeq, c.doc.Seq)
		case c.base == nil:
			added.add(c)
		default:
			changed.add(c)
		}
	}
	if len(erasedNS) > 0 {
		for _, table := range []string{"objects", "versions"} {
			w.do(deleteDocuments(table), erasedNS, erasedSeq)
		}
	}
	if len(added.ns) > 0 {
		w.do(`INSERT INTO objects (ns, seq, id, long_id, kind, parent, version, created, deleted, refs, doc)
			SELECT u.ns, u.seq, u.id, u.long_id, u.kind, u.parent, u.version, u.created, u.deleted, nullif(u.refs, '')::text[], u.doc FROM `+unnestRows, added.columns()...)
	}
	if len(changed.ns) > 0 {
		w.do(`UPDATE objects o SET kind = u.kind, parent = u.parent, version = u.version, created = u.created, deleted = u.deleted,
			refs = nullif(u.refs, '')::text[], doc = u.doc FROM `+unnestRows+` WHERE o.ns = u.ns AND o.seq = u.seq`, changed.columns()...)
	}
}

func deleteDocuments(table string) string {
	return `DELETE FROM ` + table + ` t USING ` + unnestPlaces + ` WHERE t.ns = u.ns AND t.seq = u.seq`
}

// entryRows are entries by column.
type entryRows struct {
	ns, created, seq []int64
	field, value     []string
}

func (r *entryRows) add(ns store.NS, e entry) {
	r.ns, r.created, r.seq = append(r.ns, int64(ns)), append(r.created, e.created), append(r.seq, e.seq)
	r.field, r.value = append(r.field, e.field), append(r.value, e.value)
}

const unnestEntries = `unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bigint[]) AS u(ns, field, value, created, seq)`

const deleteEntries = `DELETE FROM refs r USING ` + unnestEntries + ` WHERE r.ns = u.ns AND r.field = u.field AND r.value = u.value
	AND r.created = u.created AND r.seq = u.seq`

func (w *writing) entries(docs []*docChange) {
	var gone, added entryRows
	for _, c := range docs {
		var old []entry
		if c.base != nil {
			old = appendEntries(nil, c.base)
		}
		now := appendEntries(nil, &c.doc)
		for _, e := range old {
			if !slices.Contains(now, e) {
				gone.add(c.key.NS, e)
			}
		}
		for _, e := range now {
			if !slices.Contains(old, e) {
				added.add(c.key.NS, e)
			}
		}
	}
	if len(gone.ns) > 0 {
		w.do(deleteEntries, gone.ns, gone.field, gone.value, gone.created, gone.seq)
	}
	if len(added.ns) > 0 {
		w.do(`INSERT INTO refs (ns, field, value, created, seq) SELECT * FROM `+unnestEntries+` ON CONFLICT DO NOTHING`,
			added.ns, added.field, added.value, added.created, added.seq)
	}
}

const deleteTerms = `DELETE FROM search s USING unnest($1::bigint[], $2::text[], $3::bigint[]) AS u(ns, kind, seq)
	WHERE s.ns = u.ns AND s.kind = u.kind AND s.seq = u.seq`

// terms writes what documents are searched by. Nearly all kinds have none.
func (w *writing) terms(docs []*docChange) {
	make := w.batch.writer.db.options.Terms
	if make == nil {
		return
	}
	var goneNS, goneSeq, ns, seq []int64
	var goneKind, kind, terms []string
	for _, c := range docs {
		var now []string
		if !c.doc.Deleted {
			now = make(c.doc.Kind, c.doc.Data)
		}
		if c.base != nil && !c.base.Deleted && (now == nil || c.base.Kind != c.doc.Kind) {
			goneNS, goneSeq, goneKind = append(goneNS, int64(c.key.NS)), append(goneSeq, c.doc.Seq), append(goneKind, text(c.base.Kind))
		}
		if now != nil {
			ns, seq, kind = append(ns, int64(c.key.NS)), append(seq, c.doc.Seq), append(kind, text(c.doc.Kind))
			terms = append(terms, termLiteral(c.key.NS, c.doc.Kind, now))
		}
	}
	if len(goneNS) > 0 {
		w.do(deleteTerms, goneNS, goneKind, goneSeq)
	}
	if len(ns) > 0 {
		w.do(`INSERT INTO search (ns, kind, seq, terms) SELECT u.ns, u.kind, u.seq, u.terms::bigint[]
			FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[]) AS u(ns, kind, seq, terms)
			ON CONFLICT (ns, kind, seq) DO UPDATE SET terms = excluded.terms WHERE search.terms <> excluded.terms`, ns, kind, seq, terms)
	}
}

func (w *writing) answers() {
	for k, a := range w.batch.changes.answers {
		w.do(`INSERT INTO answers (ns, key, created, fingerprint, path, request_id, status, object_id, object_version, body)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (ns, key) DO UPDATE SET created = excluded.created,
			fingerprint = excluded.fingerprint, path = excluded.path, request_id = excluded.request_id, status = excluded.status,
			object_id = excluded.object_id, object_version = excluded.object_version, body = excluded.body`,
			int64(k.NS), key(k.ID), a.Created, text(a.Fingerprint), text(a.Path), text(a.RequestID), a.Status, text(a.ObjectID), a.ObjectVersion, a.Body)
	}
}

const deleteTimers = `DELETE FROM timers t USING unnest($1::bigint[], $2::text[], $3::text[]) AS u(ns, kind, id)
	WHERE t.ns = u.ns AND t.kind = u.kind AND t.id = u.id`

func (w *writing) timers() {
	var goneNS, ns, due []int64
	var goneKind, goneID, kind, id, clock []string
	for k, when := range w.batch.changes.timers {
		if when.due == 0 {
			goneNS, goneKind, goneID = append(goneNS, int64(k.ns)), append(goneKind, text(k.kind)), append(goneID, text(k.id))
			continue
		}
		ns, kind, id = append(ns, int64(k.ns)), append(kind, text(k.kind)), append(id, text(k.id))
		due, clock = append(due, when.due), append(clock, text(when.clock))
	}
	if len(goneNS) > 0 {
		w.do(deleteTimers, goneNS, goneKind, goneID)
	}
	if len(ns) > 0 {
		w.do(`INSERT INTO timers (ns, kind, id, due, clock) SELECT * FROM
			unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::text[]) AS u(ns, kind, id, due, clock)
			ON CONFLICT (ns, kind, id) DO UPDATE SET due = excluded.due, clock = excluded.clock
			WHERE timers.due <> excluded.due OR timers.clock <> excluded.clock`, ns, kind, id, due, clock)
	}
}

// numbers writes the counters, and what others are to know.
func (w *writing) numbers() {
	b := w.batch
	var ns, seq, change []int64
	var data [][]byte
	byNS := map[store.NS][]*docChange{}
	for _, c := range b.changes.docs {
		byNS[c.key.NS] = append(byNS[c.key.NS], c)
	}
	for _, n := range b.changes.spaces() {
		c := b.held[n]
		c.change++
		ns, seq, change = append(ns, int64(n)), append(seq, c.seq), append(change, c.change)
		data = append(data, packChanges(b.changes.emptied[n], byNS[n]))
	}
	w.do(`INSERT INTO changes (ns, change, process, data) SELECT u.ns, u.change, $1, u.data
		FROM unnest($2::bigint[], $3::bigint[], $4::bytea[]) AS u(ns, change, data)`, b.writer.db.process, ns, change, data)
	w.do(`UPDATE namespaces n SET seq = u.seq, change = u.change FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS u(ns, seq, change)
		WHERE n.ns = u.ns`, ns, seq, change)
}

// publish makes what was committed known.
func (b *batch) publish() {
	db := b.writer.db
	for ns := range b.changes.emptied {
		db.cache.forgetAll(ns)
		db.log.Forget(int64(ns))
	}
	for _, c := range b.changes.docs {
		if c.doc.Erased || c.base == nil && !c.doc.Warm && slices.Contains(db.options.Cold, c.doc.Kind) {
			db.cache.forget(c.key) // nobody will read it, or hardly anybody
			continue
		}
		db.cache.publish(c.key, &c.doc)
	}
	b.noteGarbage()
	spaces := b.changes.spaces()
	for _, ns := range spaces {
		db.follow.set(ns, b.held[ns].change)
	}
	db.notices.tell(spaces)
}

const (
	// resolveFor is how long an answer waits for the database to come back, to learn whether a commit was made.
	resolveFor   = 10 * time.Second
	resolvePause = 200 * time.Millisecond
)

// resolve finds out whether a commit was made in which the connection was lost: only it has written the row in the table of
// changes that bears its number and the name of this process.
func (b *batch) resolve(cause error) error {
	b.writer.disconnect()
	ctx, cancel := context.WithTimeout(b.writer.db.context, resolveFor)
	defer cancel()
	for ctx.Err() == nil {
		made, err := b.wasMade(ctx)
		switch {
		case err == nil && made:
			b.publish()
			return nil
		case err == nil:
			return fmt.Errorf("store: not committed: %w", cause)
		}
		select {
		case <-time.After(resolvePause):
		case <-ctx.Done():
		}
	}
	return fmt.Errorf("%w: %w", store.ErrOutcome, cause)
}

// wasMade locks the namespace first, and so waits for the lost connection's transaction to end.
func (b *batch) wasMade(ctx context.Context) (made bool, err error) {
	c, err := connect(ctx, b.writer.db.config)
	if err != nil {
		return false, err
	}
	defer func() { _ = c.Close(context.WithoutCancel(ctx)) }()
	ns := b.changes.spaces()[0]
	tx, err := c.Begin(ctx)
	if err != nil {
		return false, err
	}
	if _, err := tx.Exec(ctx, `SELECT 1 FROM namespaces WHERE ns = $1 FOR UPDATE`, int64(ns)); err != nil {
		return false, err
	}
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM changes WHERE ns = $1 AND change = $2 AND process = $3)`,
		int64(ns), b.held[ns].change, b.writer.db.process).Scan(&made)
	return made, errors.Join(err, tx.Rollback(ctx))
}
