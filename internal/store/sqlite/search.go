package sqlite

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"sharesmart/internal/store"
)

// Search sees everything that is committed, though documents are indexed for it only when there is time: what is beyond
// the mark "indexed", and what changed since it was indexed, is asked one by one.

// searchCountLimit is how far matches are counted.
const searchCountLimit = 10_000

// token is a term as the full-text index has it, with the namespace and kind in it. Two terms may share a token, as
// Match has the last word.
func token(space int64, kind, term string) string {
	return string(tokensOf(space, kind).append(nil, term))
}

// tokens make those of one kind: by FNV-1a of all that is in them, of which only the term differs.
type tokens uint64

func tokensOf(space int64, kind string) tokens {
	const offset = 14695981039346656037
	var buf [24]byte
	return tokens(offset).add(string(strconv.AppendInt(buf[:0], space, 36))).add("\x00").add(kind).add("\x00")
}

func (t tokens) add(text string) tokens {
	const prime = 1099511628211
	for i := range len(text) {
		t = (t ^ tokens(text[i])) * prime
	}
	return t
}

func (t tokens) append(dst []byte, term string) []byte {
	return strconv.AppendUint(dst, uint64(t.add(term)), 36)
}

// allToken is the token that every document of a kind has.
func allToken(space int64, kind string) string { return token(space, kind, allTerm) }

const allTerm = "\x00"

// searchExpression is the query in the language of the full-text index.
func searchExpression(space int64, q *store.SearchQuery) string {
	var b strings.Builder
	for _, all := range q.Any {
		if len(all) == 0 {
			return allToken(space, q.Kind)
		}
		if b.Len() > 0 {
			b.WriteString(" OR ")
		}
		b.WriteByte('(')
		for i, term := range all {
			if i > 0 {
				b.WriteString(" AND ")
			}
			b.WriteString(`"` + token(space, q.Kind, term) + `"`)
		}
		b.WriteByte(')')
	}
	if b.Len() == 0 {
		return allToken(space, q.Kind)
	}
	return b.String()
}

// Search finds live documents of a kind, newest first by Seq.
func (db *DB) Search(ctx context.Context, q store.SearchQuery) (store.SearchPage, error) {
	if err := db.ready(ctx); err != nil {
		return store.SearchPage{}, err
	}
	if q.Kind == "" {
		return store.SearchPage{}, errors.New("store: a search needs a kind")
	}
	v := db.view()
	defer v.close()
	s := &searcher{ctx: ctx, view: v, space: db.spaces.of(q.NS), query: &q}
	if err := s.run(); err != nil {
		return store.SearchPage{}, fmt.Errorf("store: search: %w", err)
	}
	return s.page, nil
}

type searcher struct {
	ctx    context.Context
	view   *view
	space  int64
	query  *store.SearchQuery
	page   store.SearchPage
	asked  int
	enough bool
}

func (s *searcher) run() error {
	c, err := s.view.conn()
	if err != nil {
		return err
	}
	mark, err := getMeta(c, metaIndexed)
	if err != nil {
		return err
	}
	before := int64(math.MaxInt64)
	if s.query.After != 0 && !s.query.Count {
		before = s.query.After
	}
	if err := s.unindexed(c, mark, before); err != nil || s.enough {
		return err
	}
	return s.indexed(c, min(before, mark+1))
}

// unindexed asks the documents beyond the mark.
func (s *searcher) unindexed(c *conn, mark, before int64) error {
	rows, err := c.stmt(stKindDown)
	if err != nil {
		return err
	}
	defer rows.reset()
	rows.int(1, mark)
	rows.int(2, before)
	rows.int(3, s.space)
	rows.text(4, s.query.Kind)
	for !s.enough {
		more, err := rows.step()
		if err != nil || !more {
			return err
		}
		if err := s.ask(rows.columnInt(0)); err != nil {
			return err
		}
	}
	return nil
}

// indexed asks the documents that the index finds, and among them those that the index may be wrong about.
func (s *searcher) indexed(c *conn, before int64) error {
	dirty, err := newSeqRows(c, stDirtyDown, func(rows *stmt) { rows.int(1, before); rows.int(2, -1) })
	if err != nil {
		return err
	}
	defer dirty.close()
	hits, err := newSeqRows(c, stSearch, func(rows *stmt) {
		rows.text(1, searchExpression(s.space, s.query))
		rows.int(2, before)
	})
	if err != nil {
		return err
	}
	defer hits.close()
	for !s.enough && (dirty.ok || hits.ok) {
		seq := max(dirty.seq, hits.seq)
		if err := s.ask(seq); err != nil {
			return err
		}
		for _, rows := range []*seqRows{dirty, hits} {
			if rows.ok && rows.seq == seq {
				if err := rows.next(); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// seqRows runs over a statement's rows, each the seq of a document, descending.
type seqRows struct {
	rows *stmt
	seq  int64 // 0 at the end
	ok   bool
}

func newSeqRows(c *conn, id statement, bind func(*stmt)) (*seqRows, error) {
	rows, err := c.stmt(id)
	if err != nil {
		return nil, err
	}
	bind(rows)
	r := &seqRows{rows: rows}
	if err := r.next(); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

func (r *seqRows) next() (err error) {
	r.seq = 0
	if r.ok, err = r.rows.step(); r.ok {
		r.seq = r.rows.columnInt(0)
	}
	return err
}

func (r *seqRows) close() { r.rows.reset() }

// ask adds the document if it matches.
func (s *searcher) ask(seq int64) error {
	if s.asked++; s.asked%64 == 0 {
		if err := s.ctx.Err(); err != nil {
			return err
		}
	}
	d, space, err := s.view.docBySeq(seq)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if space != s.space || d.Deleted || d.Kind != s.query.Kind || s.query.Match != nil && !s.query.Match(*d) {
		return nil
	}
	if s.query.Count {
		s.page.Total++
	}
	switch {
	case s.query.After != 0 && seq >= s.query.After:
	case len(s.page.Docs) < s.query.Limit:
		s.page.Docs = append(s.page.Docs, *d)
	default:
		s.page.More = true
	}
	s.enough = s.page.More
	if s.query.Count {
		s.enough = s.page.Total >= searchCountLimit && (s.page.More || len(s.page.Docs) == s.query.Limit)
	}
	return nil
}
