package sqlite

import (
	"errors"
	"slices"

	"sharesmart/internal/store"
)

// List finds a page of documents.
func (db *DB) List(q store.Query) (store.Page, error) {
	if db.closed.Load() {
		return store.Page{}, store.ErrClosed
	}
	v := db.view()
	defer v.close()
	return v.list(db.spaces.of(q.NS), &q, nil)
}

// List finds a page of documents as this transaction sees them.
func (t *tx) List(q store.Query) (store.Page, error) {
	if t.done {
		return store.Page{}, errDone
	}
	defer t.view.close()
	return t.view.list(t.space(q.NS), &q, t)
}

// maxLimit is more than fits into memory, and one more is still a number.
const maxLimit = 1 << 30

var errNoKind = errors.New("store: a list needs a kind")

// list runs the query. within is the transaction that asks, or nil.
//
// Cursors find candidates, and every candidate is then asked whether it answers to the whole query. So the index may
// know things that have just ceased to be true, and a condition that no cursor was made for still holds.
func (v *view) list(space int64, q *store.Query, within *tx) (store.Page, error) {
	if q.Kind == "" {
		return store.Page{}, errNoKind
	}
	s, reverse := spanOf(q)
	if s.empty() || q.Limit <= 0 {
		return store.Page{}, nil
	}
	if q.Limit > maxLimit {
		limited := *q
		limited.Limit = maxLimit
		q = &limited
	}
	l := &lister{view: v, space: space, query: q, span: s, within: within}
	if within != nil {
		l.pending = within.matching(l)
	}
	if err := l.run(v.plan(space, q, s)); err != nil {
		return store.Page{}, err
	}
	if len(l.docs) == 0 {
		return store.Page{}, nil
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

// spanOf says what the query runs over, and whether its page is found from behind.
func spanOf(q *store.Query) (s span, reverse bool) {
	s = span{low: firstPosition, high: lastPosition, down: !q.Ascending}
	if q.CreatedMin > 0 {
		s.low.created = q.CreatedMin
	}
	if q.CreatedMax != 0 && q.CreatedMax < maxCreated {
		s.high.created = q.CreatedMax
	}
	if q.After != nil {
		s = s.beginBeyond(position{q.After.Created, q.After.Seq})
	}
	if q.Before != nil {
		s.down = !s.down
		s, reverse = s.beginBeyond(position{q.Before.Created, q.Before.Seq}), true
	}
	return s, reverse
}

// beginBeyond narrows the span to what follows p.
func (s span) beginBeyond(p position) span {
	p = s.beyond(p)
	switch {
	case s.down && p.seq < 0:
		p = position{p.created - 1, maxSeq}
	case !s.down && p.seq > maxSeq:
		p = position{p.created + 1, 0}
	}
	p.seq = max(0, min(p.seq, maxSeq))
	if s.down && p.less(s.high) {
		s.high = p
	}
	if !s.down && s.low.less(p) {
		s.low = p
	}
	return s
}

// lister collects a page, and one more document that shows that there are more.
type lister struct {
	view    *view
	space   int64
	query   *store.Query
	span    span
	within  *tx
	pending []*store.Doc // matching documents of the batch that are not in the database, in order
	docs    []store.Doc
}

// patience is how many candidates in a row may fail before the other conditions get cursors, too.
const patience = 16

func (l *lister) run(p *plan) error {
	from, at, misses := p.driver, l.span.start(), 0
	for len(l.docs) <= l.query.Limit {
		found, ok, err := from.seek(at)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		l.takePending(&found)
		if len(l.docs) > l.query.Limit {
			break
		}
		matched, err := l.take(found)
		if err != nil {
			return err
		}
		if matched {
			misses = 0
		} else if misses++; misses == patience {
			if from, err = p.narrow(); err != nil {
				return err
			}
		}
		at = l.span.beyond(found)
	}
	l.takePending(nil)
	return nil
}

// take adds the document at a position if it answers to the query.
func (l *lister) take(p position) (bool, error) {
	if l.within != nil && l.within.shadows(p.seq) {
		return true, nil
	}
	d, space, err := l.view.docBySeq(p.seq)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if space != l.space || d.Created != p.created || !l.query.Matches(d) {
		return false, nil
	}
	l.add(d)
	return true, nil
}

// add makes room when there is something: many lists that rules ask for are empty.
func (l *lister) add(d *store.Doc) {
	if l.docs == nil {
		l.docs = make([]store.Doc, 0, min(l.query.Limit+1, firstChunk))
	}
	l.docs = append(l.docs, *d)
}

// takePending adds the documents of the batch that come before p, or all that are left.
func (l *lister) takePending(p *position) {
	for len(l.pending) > 0 && len(l.docs) <= l.query.Limit {
		d := l.pending[0]
		if p != nil && !l.span.before(position{d.Created, d.Seq}, *p) {
			return
		}
		l.add(d)
		l.pending = l.pending[1:]
	}
}

// shadows says whether the batch has a newer state of the document at seq than the database.
func (t *tx) shadows(seq int64) bool {
	if _, ok := t.own.bySeq(seq); ok {
		return true
	}
	_, ok := t.batch.changes.bySeq(seq)
	return ok
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
		if which(c) {
			if _, newer := t.own.doc(c.key); !newer {
				out = append(out, &c.doc)
			}
		}
	}
	return out
}

// matching gives the documents of the batch that answer to the query, in its order.
func (t *tx) matching(l *lister) []*store.Doc {
	out := t.written(func(c *docChange) bool {
		return c.key.space == l.space && l.query.Matches(&c.doc) && l.span.contains(position{c.doc.Created, c.doc.Seq})
	})
	slices.SortFunc(out, func(a, b *store.Doc) int {
		c := position{a.Created, a.Seq}.compare(position{b.Created, b.Seq})
		if l.span.down {
			return -c
		}
		return c
	})
	return out
}
