package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"sharesmart/internal/store"
	"sharesmart/internal/store/carry"
	"sharesmart/internal/store/pack"
)

// carryChunk is how many documents are read, or written, at once.
const carryChunk = 2000

// Carry tells a sink all that the store holds, as it is at one moment, but for what it knows.
func (db *DB) Carry(ctx context.Context, to carry.Sink, known carry.Known) (err error) {
	s, err := db.snapshot(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	t := &teller{context: ctx, from: s.tx, to: to, known: known}
	for _, tell := range []func() error{t.documents, t.answers, t.timers, t.logBlocks, t.numbers} {
		if err := tell(); err != nil {
			return db.failed("carry", err)
		}
	}
	return nil
}

// Size is about how many rows Carry tells of.
func (db *DB) Size(ctx context.Context) (n int64, err error) {
	err = db.pool.QueryRow(ctx, `SELECT (SELECT count(*) FROM objects) + (SELECT count(*) FROM answers) + (SELECT count(*) FROM timers)
		+ (SELECT count(*) FROM log_blocks)`).Scan(&n)
	return n, db.failed("count", err)
}

type teller struct {
	context context.Context
	from    pgx.Tx
	to      carry.Sink
	known   carry.Known // nil knows nothing
}

// placed is a document in its namespace.
type placed struct {
	ns  store.NS
	doc *store.Doc
}

func (t *teller) documents() error {
	at := seqKey{seq: -1}
	for {
		docs, last, err := t.chunk(at)
		if err != nil || last == at {
			return err
		}
		at = last
		past, err := t.past(docs)
		if err != nil {
			return err
		}
		for _, p := range docs {
			if err := t.to.Document(p.ns, p.doc, past[seqKey{p.ns, p.doc.Seq}]); err != nil {
				return err
			}
		}
	}
}

// chunk reads the documents that come next and are not known, and says to where they reach.
func (t *teller) chunk(after seqKey) ([]placed, seqKey, error) {
	rows, err := t.from.Query(t.context, `SELECT o.ns, o.seq, o.version FROM objects o WHERE (o.ns, o.seq) > ($1, $2)
		AND o.ns NOT IN (SELECT ns FROM garbage) ORDER BY o.ns, o.seq LIMIT $3`, int64(after.ns), after.seq, carryChunk)
	if err != nil {
		return nil, after, err
	}
	var ns, seq []int64
	var version int64
	_, err = pgx.ForEachRow(rows, []any{&after.ns, &after.seq, &version}, func() error {
		if t.known == nil || !t.known.HasDocument(after.ns, after.seq, version) {
			ns, seq = append(ns, int64(after.ns)), append(seq, after.seq)
		}
		return nil
	})
	if err != nil || len(ns) == 0 {
		return nil, after, err
	}
	docs, err := placedDocs(t.context, t.from, `SELECT o.ns, `+docColumns+` FROM `+unnestPlaces+` JOIN objects o ON o.ns = u.ns AND o.seq = u.seq
		ORDER BY o.ns, o.seq`, ns, seq)
	return docs, after, err
}

// unnestPlaces are documents by their namespaces and Seqs.
const unnestPlaces = `unnest($1::bigint[], $2::bigint[]) AS u(ns, seq)`

func placedDocs(ctx context.Context, q querier, sql string, args ...any) ([]placed, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (p placed, err error) {
		p.doc, err = scanDoc(row, &p.ns)
		return p, err
	})
}

// past reads what documents were.
func (t *teller) past(docs []placed) (map[seqKey][]carry.Past, error) {
	var ns, seq []int64
	current := map[seqKey]*store.Doc{}
	for _, p := range docs {
		if p.doc.Version > 1 {
			ns, seq = append(ns, int64(p.ns)), append(seq, p.doc.Seq)
			current[seqKey{p.ns, p.doc.Seq}] = p.doc
		}
	}
	if len(ns) == 0 {
		return nil, nil
	}
	rows, err := t.from.Query(t.context, `SELECT v.ns, v.seq, v.version, v.replaced, v.differs, v.kind, v.parent, v.created, v.deleted, v.doc
		FROM unnest($1::bigint[], $2::bigint[]) AS u(ns, seq) JOIN versions v ON v.ns = u.ns AND v.seq = u.seq ORDER BY v.ns, v.seq, v.version`, ns, seq)
	if err != nil {
		return nil, err
	}
	deltas, kept := map[seqKey][]bool{}, map[seqKey][]carry.Past{}
	var n store.NS
	var p carry.Past
	var differs bool
	_, err = pgx.ForEachRow(rows, []any{&n, &p.Seq, &p.Version, &p.Replaced, &differs, &p.Kind, &p.Parent, &p.Created, &p.Deleted, &p.Data}, func() error {
		k := seqKey{n, p.Seq}
		one := p
		one.ID, one.Kind, one.Parent = current[k].ID, untext(p.Kind), untext(p.Parent)
		kept[k], deltas[k] = append(kept[k], one), append(deltas[k], differs)
		p.Data = nil
		return nil
	})
	if err != nil {
		return nil, err
	}
	for k, past := range kept {
		if kept[k], err = whole(past, deltas[k], current[k]); err != nil {
			return nil, err
		}
	}
	return kept, nil
}

// whole makes documents of deltas, the last of which leads to the document as it is.
func whole(past []carry.Past, deltas []bool, now *store.Doc) ([]carry.Past, error) {
	var docs []store.Doc
	for _, p := range past {
		docs = append(docs, p.Doc)
	}
	docs, err := resolve(append(docs, *now), append(deltas, false))
	if err != nil {
		return nil, err
	}
	docs = docs[:len(docs)-1]
	past = past[len(past)-len(docs):]
	for i := range docs {
		past[i].Doc = docs[i]
	}
	return past, nil
}

func (t *teller) answers() error {
	rows, err := t.from.Query(t.context, `SELECT a.ns, a.key, `+answerColumns+` FROM answers a`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var ns store.NS
		var key string
		a, err := scanAnswer(rows, &ns, &key)
		if err != nil {
			return err
		}
		a.Key = untext(key)
		if err := t.to.Answer(ns, a); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (t *teller) timers() error {
	rows, err := t.from.Query(t.context, `SELECT ns, due, kind, id, clock FROM timers`)
	if err != nil {
		return err
	}
	timers, err := pgx.CollectRows(rows, scanTimer)
	for i := range timers {
		if err := t.to.Timer(&timers[i]); err != nil {
			return err
		}
	}
	return err
}

// logBlocks reads those blocks that are not known, so many at once that they take little memory.
func (t *teller) logBlocks() error {
	rows, err := t.from.Query(t.context, `SELECT ns, last_seq, first_seq FROM log_blocks ORDER BY ns, last_seq, first_seq`)
	if err != nil {
		return err
	}
	var places blockPlaces
	var ns store.NS
	var last, first int64
	_, err = pgx.ForEachRow(rows, []any{&ns, &last, &first}, func() error {
		if t.known == nil || !t.known.HasLogBlock(ns, last, first) {
			places.add(ns, last, first)
		}
		return nil
	})
	for i := 0; i < len(places.ns) && err == nil; i += carryBlocks {
		err = t.blocks(places.part(i, min(i+carryBlocks, len(places.ns))))
	}
	return err
}

// carryBlocks is how many blocks of the log are read at once.
const carryBlocks = 64

// blockPlaces are blocks of the log by what they are found by.
type blockPlaces struct{ ns, last, first []int64 }

func (p *blockPlaces) add(ns store.NS, last, first int64) {
	p.ns, p.last, p.first = append(p.ns, int64(ns)), append(p.last, last), append(p.first, first)
}

func (p *blockPlaces) part(from, to int) *blockPlaces {
	return &blockPlaces{p.ns[from:to], p.last[from:to], p.first[from:to]}
}

const unnestBlocks = `unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS u(ns, last, first)`

func (t *teller) blocks(at *blockPlaces) error {
	rows, err := t.from.Query(t.context, `SELECT b.ns, b.last_seq, b.first_seq, b.began, b.ended, b.terms, b.data FROM `+unnestBlocks+`
		JOIN log_blocks b ON b.ns = u.ns AND b.last_seq = u.last AND b.first_seq = u.first`, at.ns, at.last, at.first)
	if err != nil {
		return err
	}
	var ns store.NS
	var b pack.Block
	_, err = pgx.ForEachRow(rows, []any{&ns, &b.Last, &b.First, &b.Began, &b.Ended, &b.Filter, &b.Data}, func() error {
		block := b
		b.Filter, b.Data = nil, nil
		return t.to.LogBlock(ns, &block)
	})
	return err
}

func (t *teller) numbers() error {
	rows, err := t.from.Query(t.context, `SELECT ns, seq FROM namespaces`)
	if err != nil {
		return err
	}
	var ns store.NS
	var seq, portion int64
	if _, err := pgx.ForEachRow(rows, []any{&ns, &seq}, func() error { return t.to.Namespace(ns, seq) }); err != nil {
		return err
	}
	if err := t.from.QueryRow(t.context, `SELECT last_value FROM log_portions`).Scan(&portion); err != nil {
		return err
	}
	return t.to.LogPlaces(portion * portionSize)
}
