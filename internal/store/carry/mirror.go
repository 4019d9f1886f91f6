package carry

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sharesmart/internal/store"
	"sharesmart/internal/store/pack"
)

// Row is what a row is found by. Seq is that of a document, and the last place of a block of the log; Key is that of an answer,
// kind and id of a timer, and the first place of a block.
type Row struct {
	NS    store.NS
	Table string // one of Tables
	Seq   int64
	Key   string
}

// Amending is a change to a copy. What it is told takes the place of what the copy has there; nobody sees anything of it before
// Commit.
type Amending interface {
	Load
	// Remove takes a row away, a document with all that is kept of what it was.
	Remove(r Row) error
}

// Amendable is a store that is filled in several steps. It keeps the Seq of documents.
type Amendable interface {
	// Amend goes on with a copy that is not finished, or begins one in an empty store (store.ErrExists).
	Amend(ctx context.Context) (Amending, error)
}

// Mirror makes and keeps a copy of a store to which others write meanwhile: each pass carries over what has changed since the
// one before. It remembers a digest of each row of the copy, which takes about 120 bytes.
type Mirror struct {
	rows map[Row]mark
	pass int32
}

// mark is what is known of a row of the copy.
type mark struct {
	digest   [16]byte
	version  int64 // of a document
	versions int32 // that are kept of what it was
	seen     int32 // the last pass that found it
	proved   bool  // it was read back as it was written
}

// Resume learns what a copy holds that was broken off.
func Resume(ctx context.Context, target Source, told func()) (*Mirror, error) {
	m := &Mirror{rows: map[Row]mark{}}
	return m, target.Carry(ctx, &rowSink{told: told, row: func(r Row, now mark, _ func(Sink) error) error {
		now.proved = true
		m.rows[r] = now
		return nil
	}}, nil)
}

// Pass carries over what has changed and says how many rows that were. After an error the mirror does not know what the copy
// holds.
func (m *Mirror) Pass(ctx context.Context, from Source, to Amendable, told func()) (changed int64, err error) {
	load, err := to.Amend(ctx)
	if err != nil {
		return 0, err
	}
	m.pass++
	sink := &rowSink{to: load, told: told, row: func(r Row, now mark, write func(Sink) error) error {
		old, there := m.rows[r]
		now.seen = m.pass
		if there && old.digest == now.digest {
			now.proved = old.proved
			m.rows[r] = now
			return nil
		}
		changed++
		m.rows[r] = now
		return write(load)
	}}
	if err = from.Carry(ctx, sink, m); err == nil {
		err = m.removeGone(load, &changed)
	}
	if err != nil {
		_ = load.Abort() // the reason to give up says more
		return 0, err
	}
	return changed, load.Commit(ctx)
}

func (m *Mirror) removeGone(load Amending, changed *int64) error {
	for r, k := range m.rows {
		if k.seen == m.pass {
			continue
		}
		*changed++
		delete(m.rows, r)
		if err := load.Remove(r); err != nil {
			return err
		}
	}
	return nil
}

// Prove reads what was written to the copy since it was last proved, looks whether anything is missing or too much, and says in
// words what is not as it was in the source.
func (m *Mirror) Prove(ctx context.Context, target Source, told func()) (differences []string, err error) {
	m.pass++
	wrong := map[Part]map[string]int{}
	fault := func(r Row, what string) {
		p := Part{r.NS, r.Table}
		if wrong[p] == nil {
			wrong[p] = map[string]int{}
		}
		wrong[p][what]++
	}
	err = target.Carry(ctx, &rowSink{told: told, row: func(r Row, now mark, _ func(Sink) error) error {
		k, there := m.rows[r]
		switch {
		case !there:
			fault(r, "too much")
			return nil
		case k.digest != now.digest:
			fault(r, "not the same")
		default:
			k.proved = true
		}
		k.seen = m.pass
		m.rows[r] = k
		return nil
	}}, proved{m})
	for r, k := range m.rows {
		if k.seen != m.pass {
			fault(r, "missing")
		}
	}
	return words(wrong), err
}

func words(wrong map[Part]map[string]int) (out []string) {
	for _, p := range slices.SortedFunc(maps.Keys(wrong), Part.compare) {
		for _, what := range slices.Sorted(maps.Keys(wrong[p])) {
			out = append(out, fmt.Sprintf("%s of namespace %d: %d are %s", p.Table, p.NS, wrong[p][what], what))
		}
	}
	return out
}

// Total is the number of rows of a table in the copy.
func (m *Mirror) Total(table string) (n int64) {
	for r, k := range m.rows {
		switch {
		case r.Table == table:
			n++
		case table == Versions:
			n += int64(k.versions)
		}
	}
	return n
}

// HasDocument says whether the copy has a document in that version.
func (m *Mirror) HasDocument(ns store.NS, seq, version int64) bool {
	return m.see(documentRow(ns, seq), func(k mark) bool { return k.version == version })
}

// HasLogBlock says whether the copy has a block of the log, which never changes.
func (m *Mirror) HasLogBlock(ns store.NS, last, first int64) bool {
	return m.see(blockRow(ns, last, first), func(mark) bool { return true })
}

func (m *Mirror) see(r Row, same func(mark) bool) bool {
	k, there := m.rows[r]
	if !there || !same(k) {
		return false
	}
	k.seen = m.pass
	m.rows[r] = k
	return true
}

// proved knows what was read back already.
type proved struct{ *Mirror }

func (p proved) HasDocument(ns store.NS, seq, version int64) bool {
	return p.see(documentRow(ns, seq), func(k mark) bool { return k.proved && k.version == version })
}

func (p proved) HasLogBlock(ns store.NS, last, first int64) bool {
	return p.see(blockRow(ns, last, first), func(k mark) bool { return k.proved })
}

func documentRow(ns store.NS, seq int64) Row { return Row{NS: ns, Table: Documents, Seq: seq} }

func blockRow(ns store.NS, last, first int64) Row {
	return Row{NS: ns, Table: LogBlocks, Seq: last, Key: strconv.FormatInt(first, 10)}
}

const keySeparator = "\x00"

// TimerKey gives the kind and the id of a timer's row.
func (r Row) TimerKey() (kind, id string) {
	kind, id, _ = strings.Cut(r.Key, keySeparator)
	return kind, id
}

// First gives the first place of a block's row.
func (r Row) First() int64 {
	n, _ := strconv.ParseInt(r.Key, 10, 64) // blockRow wrote it
	return n
}

// rowSink makes a mark of each row that it is told, and passes it on with what would write it.
type rowSink struct {
	to      Sink // nil where nothing is written
	told    func()
	row     func(r Row, now mark, write func(Sink) error) error
	scratch row
}

func (s *rowSink) begin() *row {
	s.scratch = s.scratch[:0]
	return &s.scratch
}

func (s *rowSink) pass(r Row, now mark, write func(Sink) error) error {
	sum := sha256.Sum256(s.scratch)
	now.digest = [16]byte(sum[:16])
	s.told()
	return s.row(r, now, write)
}

// Document is one row with all that it was.
func (s *rowSink) Document(ns store.NS, d *store.Doc, past []Past) error {
	r := s.begin()
	r.doc(d)
	for i := range past {
		r.past(&past[i], d.Seq)
	}
	return s.pass(documentRow(ns, d.Seq), mark{version: d.Version, versions: int32(len(past))}, func(to Sink) error { return to.Document(ns, d, past) })
}

func (s *rowSink) Answer(ns store.NS, a *store.Answer) error {
	s.begin().answer(a)
	return s.pass(Row{NS: ns, Table: Answers, Key: a.Key}, mark{}, func(to Sink) error { return to.Answer(ns, a) })
}

func (s *rowSink) Timer(t *store.Timer) error {
	s.begin().timer(t)
	return s.pass(Row{NS: t.NS, Table: Timers, Key: t.Kind + keySeparator + t.ID}, mark{}, func(to Sink) error { return to.Timer(t) })
}

func (s *rowSink) LogBlock(ns store.NS, b *pack.Block) error {
	s.begin().logBlock(b)
	return s.pass(blockRow(ns, b.Last, b.First), mark{}, func(to Sink) error { return to.LogBlock(ns, b) })
}

// Namespace is no row: the numbers only grow.
func (s *rowSink) Namespace(ns store.NS, last int64) error {
	if s.to == nil {
		return nil
	}
	return s.to.Namespace(ns, last)
}

// LogPlaces is no row either.
func (s *rowSink) LogPlaces(last int64) error {
	if s.to == nil {
		return nil
	}
	return s.to.LogPlaces(last)
}
