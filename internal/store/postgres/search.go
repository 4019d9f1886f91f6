package postgres

import (
	"context"
	"errors"
	"hash/fnv"
	"math"
	"strconv"

	"sharesmart/internal/store"
)

const (
	// searchCountLimit is how far matches are counted.
	searchCountLimit = 10_000
	searchChunk      = 200
)

// termHash is a term as the index has it, with the namespace and kind in it. Two terms may share one, as Match has the last
// word. It is part of what is stored.
func termHash(ns store.NS, kind, term string) int64 {
	h := fnv.New64a()
	var buf [24]byte
	h.Write(strconv.AppendInt(buf[:0], int64(ns), 36))
	h.Write([]byte{0})
	h.Write([]byte(kind))
	h.Write([]byte{0})
	h.Write([]byte(term))
	return int64(h.Sum64())
}

func termHashes(ns store.NS, kind string, terms []string) []int64 {
	out := make([]int64, len(terms))
	for i, t := range terms {
		out[i] = termHash(ns, kind, t)
	}
	return out
}

// termLiteral writes the hashes of terms as an array.
func termLiteral(ns store.NS, kind string, terms []string) string {
	b := []byte{'{'}
	for i, h := range termHashes(ns, kind, terms) {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, h, 10)
	}
	return string(append(b, '}'))
}

// Search finds live documents of a kind, newest first by Seq.
func (db *DB) Search(ctx context.Context, q store.SearchQuery) (store.SearchPage, error) {
	if err := db.ready(ctx); err != nil {
		return store.SearchPage{}, err
	}
	if q.Kind == "" {
		return store.SearchPage{}, errors.New("store: a search needs a kind")
	}
	if db.garbage.has(q.NS) {
		return store.SearchPage{}, nil
	}
	s := &searcher{query: &q}
	if err := s.run(ctx, db); err != nil {
		if ctx.Err() != nil {
			return store.SearchPage{}, ctx.Err()
		}
		return store.SearchPage{}, db.failed("search", err)
	}
	return s.page, nil
}

type searcher struct {
	query  *store.SearchQuery
	page   store.SearchPage
	enough bool
}

func (s *searcher) run(ctx context.Context, db *DB) error {
	sql, args := s.statement(db.options.Terms != nil)
	before := int64(math.MaxInt64)
	if s.query.After != 0 && !s.query.Count {
		before = s.query.After
	}
	for !s.enough {
		args[2] = before
		docs, err := readDocs(ctx, db.pool, sql, args...)
		if err != nil {
			return err
		}
		for _, d := range docs {
			if before = d.Seq; !s.enough {
				s.ask(d)
			}
		}
		if len(docs) < searchChunk {
			return nil
		}
	}
	return nil
}

// statement finds candidates before a seq, newest first. Kinds that have no terms are not in the index of terms.
func (s *searcher) statement(indexed bool) (string, []any) {
	q := s.query
	args := arguments{int64(q.NS), key(q.Kind), nil, searchChunk}
	const columns = `SELECT ` + docColumns
	terms := ""
	for _, all := range q.Any {
		if len(all) == 0 {
			terms = ""
			break
		}
		if terms != "" {
			terms += " OR "
		}
		terms += "s.terms @> " + args.add(termHashes(q.NS, q.Kind, all)) + "::bigint[]"
	}
	if !indexed || terms == "" {
		args = args[:4]
		return columns + ` FROM (SELECT seq FROM refs WHERE ns = $1 AND field = $2 AND value = '' AND seq < $3 ORDER BY seq DESC LIMIT $4) s
			JOIN objects o ON o.ns = $1 AND o.seq = s.seq ORDER BY s.seq DESC`, args
	}
	return columns + ` FROM (SELECT seq FROM search s WHERE ns = $1 AND kind = $2 AND seq < $3 AND (` + terms + `) ORDER BY seq DESC LIMIT $4) s
		JOIN objects o ON o.ns = $1 AND o.seq = s.seq ORDER BY s.seq DESC`, args
}

// ask adds the document if it matches.
func (s *searcher) ask(d *store.Doc) {
	q := s.query
	if d.Deleted || d.Kind != q.Kind || q.Match != nil && !q.Match(*d) {
		return
	}
	if q.Count {
		s.page.Total++
	}
	switch {
	case q.After != 0 && d.Seq >= q.After:
	case len(s.page.Docs) < q.Limit:
		s.page.Docs = append(s.page.Docs, *d)
	default:
		s.page.More = true
	}
	s.enough = s.page.More
	if q.Count {
		s.enough = s.page.Total >= searchCountLimit && (s.page.More || len(s.page.Docs) == q.Limit)
	}
}
