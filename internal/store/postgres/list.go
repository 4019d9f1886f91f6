package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"sharesmart/internal/store"
)

// List finds a page of documents.
func (db *DB) List(q store.Query) (store.Page, error) {
	if db.closed.Load() {
		return store.Page{}, store.ErrClosed
	}
	if db.garbage.has(q.NS) {
		return store.Page{}, nil
	}
	ctx, cancel := db.reading()
	defer cancel()
	page, err := (&lister{context: ctx, from: db.from, query: q}).page()
	return page, db.failed("list", err)
}

// List finds a page of documents as this transaction sees them.
func (t *tx) List(q store.Query) (store.Page, error) {
	if err := t.enter(q.NS); err != nil {
		return store.Page{}, err
	}
	page, err := (&lister{context: t.batch.context, from: t.batch.conn(), query: q, within: t}).page()
	if err != nil && !errors.Is(err, errNoKind) {
		return page, t.batch.lost(err)
	}
	return page, err
}

// maxLimit is more than fits into memory, and one more is still a number.
const maxLimit = 1 << 30

var errNoKind = errors.New("store: a list needs a kind")

// lister collects a page, and one more document that shows that there are more. The database finds candidates in the order
// of the list, and each is then asked whether it answers to the whole query.
type lister struct {
	context context.Context
	from    querier
	query   store.Query
	within  *tx // the transaction that asks, or nil
	down    bool
	low     store.Position // the span, both inclusive
	high    store.Position
	pending []*store.Doc // matching documents of the batch, in order
	docs    []store.Doc
}

func (l *lister) page() (store.Page, error) {
	q := &l.query
	if q.Kind == "" {
		return store.Page{}, errNoKind
	}
	q.Limit = min(q.Limit, maxLimit)
	reverse := l.setSpan()
	if l.empty() || q.Limit <= 0 || slices.ContainsFunc(q.Where, func(c store.Cond) bool { return c.Values != nil && len(c.Values) == 0 }) {
		return store.Page{}, nil
	}
	if l.within != nil {
		l.pending = l.matching()
	}
	if err := l.run(); err != nil {
		return store.Page{}, err
	}
	page := store.Page{Docs: l.docs}
	if len(page.Docs) > q.Limit {
		page.Docs, page.More = page.Docs[:q.Limit], true
	}
	if reverse {
		slices.Reverse(page.Docs)
	}
	return page, nil
}

// setSpan says what the query runs over, and whether its page is found from behind.
func (l *lister) setSpan() (reverse bool) {
	q := &l.query
	l.down = !q.Ascending
	l.high = store.Position{Created: math.MaxInt64, Seq: math.MaxInt64}
	if q.CreatedMin > 0 {
		l.low.Created = q.CreatedMin
	}
	if q.CreatedMax != 0 {
		l.high.Created = q.CreatedMax
	}
	if q.After != nil {
		l.beginBeyond(*q.After)
	}
	if q.Before != nil {
		l.down, reverse = !l.down, true
		l.beginBeyond(*q.Before)
	}
	return reverse
}

// beginBeyond narrows the span to what follows p.
func (l *lister) beginBeyond(p store.Position) {
	if l.down {
		if p.Seq--; less(p, l.high) {
			l.high = p
		}
		return
	}
	if p.Seq < math.MaxInt64 {
		p.Seq++
	}
	if less(l.low, p) {
		l.low = p
	}
}

func less(a, b store.Position) bool {
	return a.Created < b.Created || a.Created == b.Created && a.Seq < b.Seq
}

func (l *lister) empty() bool { return less(l.high, l.low) }

// compare says which of two positions the list has first.
func (l *lister) compare(a, b store.Position) int {
	if l.down {
		a, b = b, a
	}
	return cmp.Or(cmp.Compare(a.Created, b.Created), cmp.Compare(a.Seq, b.Seq))
}

const (
	// maxChunk bounds how many documents are read at once.
	maxChunk = 500
	// rangeLimit is how many documents a range may hold to be worth sorting. With more of them, going through the others in
	// order and looking at each finds a page about as fast.
	rangeLimit = 4096
)

// run reads candidates, more at once each time, until the page is full.
func (l *lister) run() error {
	chunk := min(l.query.Limit+1, maxChunk)
	read, err := l.source()
	if err != nil {
		return err
	}
	for len(l.docs) <= l.query.Limit {
		docs, err := read(chunk)
		if err != nil {
			return err
		}
		for _, d := range docs {
			at := store.Position{Created: d.Created, Seq: d.Seq}
			l.takePending(&at)
			if len(l.docs) > l.query.Limit {
				return nil
			}
			if l.query.Matches(d) && (l.within == nil || !l.within.shadows(l.query.NS, d.Seq)) {
				l.docs = append(l.docs, *d)
			}
			l.beginBeyond(at)
		}
		if len(docs) < chunk || l.empty() {
			break
		}
		chunk = min(2*chunk, maxChunk)
	}
	l.takePending(nil)
	return nil
}

// source chooses how candidates are found.
func (l *lister) source() (read func(limit int) ([]*store.Doc, error), err error) {
	if l.within != nil && l.within.emptied(l.query.NS) {
		return func(int) ([]*store.Doc, error) { return nil, nil }, nil
	}
	for i := range l.query.Where {
		if c := &l.query.Where[i]; c.Values == nil {
			at, few, err := l.inRange(c)
			if err != nil {
				return nil, err
			}
			if few {
				return func(limit int) ([]*store.Doc, error) { return l.readAt(&at, limit) }, nil
			}
		}
	}
	return l.readEntries, nil
}

// inRange finds the documents with a value in a range, unless there are too many. The index has them in the order of
// values, so they are all read and sorted.
func (l *lister) inRange(c *store.Cond) (at []store.Position, few bool, err error) {
	args := []any{int64(l.query.NS), refField(l.query.Kind, c.Field), key(c.Min), l.low.Created, l.high.Created, rangeLimit + 1}
	sql := `SELECT created, seq FROM refs WHERE ns = $1 AND field = $2 AND value >= $3
		AND created BETWEEN $4 AND $5`
	if c.Max != "" {
		sql += " AND value <= $7"
		args = append(args, key(c.Max))
	}
	found, err := l.from.Query(l.context, sql+" LIMIT $6", args...)
	if err != nil {
		return nil, false, err
	}
	at, err = pgx.CollectRows(found, func(row pgx.CollectableRow) (p store.Position, err error) { return p, row.Scan(&p.Created, &p.Seq) })
	few = len(at) <= rangeLimit
	slices.SortFunc(at, l.compare)
	return slices.Compact(at), few, err
}

// readAt reads documents at the next of sorted positions.
func (l *lister) readAt(at *[]store.Position, limit int) ([]*store.Doc, error) {
	var seqs []int64
	for len(*at) > 0 && len(seqs) < limit {
		if p := (*at)[0]; !less(p, l.low) && !less(l.high, p) {
			seqs = append(seqs, p.Seq)
		}
		*at = (*at)[1:]
	}
	docs, err := readDocs(l.context, l.from, `SELECT `+docColumns+` FROM objects o WHERE o.ns = $1 AND o.seq = ANY($2)
		ORDER BY o.created `+l.order()+`, o.seq `+l.order(), int64(l.query.NS), seqs)
	for len(docs) > 0 && len(docs) < limit && len(*at) > 0 { // some are gone meanwhile; the page is not at its end
		more, err := l.readAt(at, limit-len(docs))
		if err != nil {
			return nil, err
		}
		docs = append(docs, more...)
	}
	return docs, err
}

func readDocs(ctx context.Context, q querier, sql string, args ...any) ([]*store.Doc, error) {
	found, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, func(row pgx.CollectableRow) (*store.Doc, error) { return scanDoc(row) })
}

func (l *lister) order() string {
	if l.down {
		return "DESC"
	}
	return "ASC"
}

// condition is what the index of entries is asked for.
type condition struct {
	field  string
	values []string
	rarity int
}

// conditions gives what the query asks for by value, what is probably rarest first: what lies below a parent, and long
// values, which are ids and addresses, are taken to be rare, short ones such as "open" to be common.
func (l *lister) conditions() []condition {
	q := &l.query
	var all []condition
	if q.Parent != "" {
		all = append(all, condition{parentField(q.Kind), []string{key(q.Parent)}, 1000})
	}
	for _, c := range q.Where {
		if c.Values == nil {
			continue
		}
		next := condition{field: refField(q.Kind, c.Field), rarity: math.MaxInt}
		for _, v := range c.Values {
			if k := key(v); !slices.Contains(next.values, k) {
				next.values = append(next.values, k)
			}
			next.rarity = min(next.rarity, 10*len(v)/len(c.Values))
		}
		all = append(all, next)
	}
	if len(all) == 0 {
		all = append(all, condition{key(q.Kind), []string{""}, 0})
	}
	slices.SortStableFunc(all, func(a, b condition) int { return b.rarity - a.rarity })
	return all
}

// readEntries reads the next candidates. The rarest condition drives, each of its values in the order of the list, and the
// others are looked up for each of its entries.
func (l *lister) readEntries(limit int) ([]*store.Doc, error) {
	var args arguments
	all := l.conditions()
	ns := args.add(int64(l.query.NS))
	span := fmt.Sprintf(`(r.created, r.seq) >= (%s::bigint, %s::bigint) AND (r.created, r.seq) <= (%s::bigint, %s::bigint)`,
		args.add(l.low.Created), args.add(l.low.Seq), args.add(l.high.Created), args.add(l.high.Seq))
	var others strings.Builder
	for i, c := range all[1:] {
		fmt.Fprintf(&others, ` AND EXISTS (SELECT 1 FROM refs x%[1]d WHERE x%[1]d.ns = %[2]s AND x%[1]d.field = %[3]s AND x%[1]d.value = ANY(%[4]s)
			AND x%[1]d.created = r.created AND x%[1]d.seq = r.seq)`, i, ns, args.add(c.field), args.add(c.values))
	}
	field, most := args.add(all[0].field), args.add(limit)
	order := fmt.Sprintf(`ORDER BY r.created %[1]s, r.seq %[1]s LIMIT %[2]s`, l.order(), most)
	var parts []string
	for _, v := range all[0].values {
		parts = append(parts, fmt.Sprintf(`(SELECT r.created, r.seq FROM refs r WHERE r.ns = %s AND r.field = %s AND r.value = %s AND %s%s %s)`,
			ns, field, args.add(v), span, others.String(), order))
	}
	found := parts[0]
	if len(parts) > 1 {
		found = `(SELECT DISTINCT r.created, r.seq FROM (` + strings.Join(parts, ` UNION ALL `) + `) r ` + order + `)`
	}
	return readDocs(l.context, l.from, `SELECT `+docColumns+` FROM `+found+` r JOIN objects o ON o.ns = `+ns+` AND o.seq = r.seq
		ORDER BY r.created `+l.order()+`, r.seq `+l.order(), args...)
}

// arguments are those of a statement that is put together.
type arguments []any

// add gives the place of an argument.
func (a *arguments) add(v any) string {
	*a = append(*a, v)
	return fmt.Sprint("$", len(*a))
}

// takePending adds the documents of the batch that come before p, or all that are left.
func (l *lister) takePending(p *store.Position) {
	for len(l.pending) > 0 && len(l.docs) <= l.query.Limit {
		d := l.pending[0]
		if p != nil && l.compare(store.Position{Created: d.Created, Seq: d.Seq}, *p) > 0 {
			return
		}
		l.docs = append(l.docs, *d)
		l.pending = l.pending[1:]
	}
}

// matching gives the documents of the batch that answer to the query, in its order.
func (l *lister) matching() []*store.Doc {
	out := l.within.written(func(c *docChange) bool {
		p := store.Position{Created: c.doc.Created, Seq: c.doc.Seq}
		return c.key.NS == l.query.NS && l.query.Matches(&c.doc) && !less(p, l.low) && !less(l.high, p)
	})
	slices.SortFunc(out, func(a, b *store.Doc) int {
		return l.compare(store.Position{Created: a.Created, Seq: a.Seq}, store.Position{Created: b.Created, Seq: b.Seq})
	})
	return out
}

// shadows says whether the batch has a newer state of the document at seq than the database.
func (t *tx) shadows(ns store.NS, seq int64) bool {
	k := seqKey{ns, seq}
	return t.own.bySeq[k] != nil || t.batch.changes.bySeq[k] != nil
}

// written gives the documents that this transaction and those before it in the batch wrote, as they are now.
func (t *tx) written(which func(*docChange) bool) []*store.Doc {
	var out []*store.Doc
	for _, c := range t.own.docs {
		if which(c) {
			out = append(out, &c.doc)
		}
	}
	for _, c := range t.batch.changes.docs {
		if which(c) && t.own.byKey[c.key] == nil && !t.own.emptied[c.key.NS] {
			out = append(out, &c.doc)
		}
	}
	return out
}
