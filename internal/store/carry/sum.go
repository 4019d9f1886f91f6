package carry

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"sharesmart/internal/store"
	"sharesmart/internal/store/pack"
)

// Part is a table of a namespace.
type Part struct {
	NS    store.NS
	Table string
}

func (p Part) compare(other Part) int {
	return cmp.Or(cmp.Compare(p.NS, other.NS), cmp.Compare(p.Table, other.Table))
}

// Sum is a number of rows, and a digest of all that stands in them which does not depend on their order.
type Sum struct {
	Count  int64
	Digest [2]uint64
}

// Sums are those of all parts of a store.
type Sums map[Part]Sum

func (s Sums) add(ns store.NS, table string, row []byte) {
	p := Part{ns, table}
	sum, hash := s[p], sha256.Sum256(row)
	sum.Count++
	sum.Digest[0] += binary.BigEndian.Uint64(hash[:8])
	sum.Digest[1] += binary.BigEndian.Uint64(hash[8:16])
	s[p] = sum
}

// Total is the number of rows of a table in all namespaces.
func (s Sums) Total(table string) (n int64) {
	for p, sum := range s {
		if p.Table == table {
			n += sum.Count
		}
	}
	return n
}

// Tables are the names of what sums are made of.
func Tables() []string { return []string{Documents, Versions, Answers, Timers, LogBlocks} }

// Differences says where two stores differ, in words.
func (s Sums) Differences(other Sums) (out []string) {
	parts := maps.Clone(s)
	maps.Copy(parts, other)
	for _, p := range slices.SortedFunc(maps.Keys(parts), Part.compare) {
		a, b := s[p], other[p]
		switch {
		case a.Count != b.Count:
			out = append(out, fmt.Sprintf("%s of namespace %d: %d on one side, %d on the other", p.Table, p.NS, a.Count, b.Count))
		case a != b:
			out = append(out, fmt.Sprintf("%s of namespace %d: %d on both sides, but not the same", p.Table, p.NS, a.Count))
		}
	}
	return out
}

// The tables.
const (
	Documents = "documents"
	Versions  = "versions"
	Answers   = "answers"
	Timers    = "timers"
	LogBlocks = "blocks of the log"
)

// summing adds up what it is told and passes it on.
type summing struct {
	to   Sink // nil if nobody else is told
	sums Sums
	told func()
	row  row
}

// row is a row as it is hashed: texts with their lengths, and numbers.
type row []byte

func (r *row) text(of ...string) {
	for _, s := range of {
		*r = append(binary.AppendUvarint(*r, uint64(len(s))), s...)
	}
}

func (r *row) bytes(b []byte) { *r = append(binary.AppendUvarint(*r, uint64(len(b))), b...) }

func (r *row) int(of ...int64) {
	for _, n := range of {
		*r = binary.AppendVarint(*r, n)
	}
}

func (r *row) doc(d *store.Doc) {
	r.text(d.ID, d.Kind, d.Parent)
	r.int(d.Seq, d.Version, d.Created)
	if d.Deleted {
		r.int(1)
	}
	r.bytes(d.Data)
	for _, ref := range d.Refs {
		r.text(ref.Field, ref.Value)
	}
}

func (r *row) past(p *Past, seq int64) {
	old := p.Doc
	old.Seq, old.Refs = seq, nil
	r.doc(&old)
	r.int(p.Replaced)
}

func (r *row) answer(a *store.Answer) {
	r.text(a.Key, a.Fingerprint, a.Path, a.RequestID, a.ObjectID)
	r.int(int64(a.Status), a.ObjectVersion, a.Created)
	r.bytes(a.Body)
}

func (r *row) timer(t *store.Timer) {
	r.text(t.Kind, t.ID, t.Clock)
	r.int(t.Due)
}

func (r *row) logBlock(b *pack.Block) {
	r.int(b.First, b.Last, b.Began, b.Ended)
	r.bytes(b.Data)
	r.bytes(b.Filter)
}

func (s *summing) begin() *row {
	s.row = s.row[:0]
	return &s.row
}

// Document is summed as the sink numbers it.
func (s *summing) Document(ns store.NS, d *store.Doc, past []Past) error {
	if s.to != nil {
		if err := s.to.Document(ns, d, past); err != nil {
			return err
		}
	}
	s.begin().doc(d)
	s.sums.add(ns, Documents, s.row)
	for i := range past {
		s.begin().past(&past[i], d.Seq)
		s.sums.add(ns, Versions, s.row)
	}
	s.told()
	return nil
}

func (s *summing) Answer(ns store.NS, a *store.Answer) error {
	s.begin().answer(a)
	s.sums.add(ns, Answers, s.row)
	s.told()
	if s.to == nil {
		return nil
	}
	return s.to.Answer(ns, a)
}

func (s *summing) Timer(t *store.Timer) error {
	s.begin().timer(t)
	s.sums.add(t.NS, Timers, s.row)
	s.told()
	if s.to == nil {
		return nil
	}
	return s.to.Timer(t)
}

func (s *summing) LogBlock(ns store.NS, b *pack.Block) error {
	s.begin().logBlock(b)
	s.sums.add(ns, LogBlocks, s.row)
	s.told()
	if s.to == nil {
		return nil
	}
	return s.to.LogBlock(ns, b)
}

func (s *summing) Namespace(ns store.NS, last int64) error {
	if s.to == nil {
		return nil
	}
	return s.to.Namespace(ns, last)
}

func (s *summing) LogPlaces(last int64) error {
	if s.to == nil {
		return nil
	}
	return s.to.LogPlaces(last)
}
