package pack

import (
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"sync"

	"sharesmart/internal/store"
)

// A block is some hundred log entries of one namespace, in the order of their seq, packed and compressed. What differs
// from entry to entry stands in the entry; the names of methods, operations, keys, agents and so on stand once at the
// beginning, and entries point at them. Numbers are differences where they grow.

// blockEntries is how many entries a block has at most: few enough to unpack one quickly, enough to compress well.
const blockEntries = 512

// BlockSpan bounds how far apart the entries of a block may be, so that a request that took very long does not make a
// block that seems to hold everything since it began.
const BlockSpan = 1 << 16

const blockFormat = 1

// Terms makes the terms of an entry (store.Options.LogTerms), or what it is counted by (store.Options.LogCounts).
type Terms func(e *store.LogEntry) iter.Seq[store.Ref]

// Block is a packed block on its way to the database, with what it can be found by.
type Block struct {
	First, Last  int64 // seq
	Began, Ended int64 // the earliest and the latest time, unix microseconds
	Data         []byte
	Filter       []byte // nil without terms
	Counts       Counts // nil without anything to count by
}

// Blocks packs the entries of one namespace, which it sorts. terms and counted may be nil.
func (w *Writer) Blocks(entries []*store.LogEntry, terms, counted Terms) ([]Block, error) {
	slices.SortFunc(entries, func(a, b *store.LogEntry) int { return cmp.Compare(a.Seq, b.Seq) })
	var blocks []Block
	for len(entries) > 0 {
		part := entries[:blockLength(entries)]
		entries = entries[len(part):]
		data, err := w.pack(part)
		if err != nil {
			return nil, err
		}
		b := Block{First: part[0].Seq, Last: part[len(part)-1].Seq, Began: part[0].Time, Data: data}
		for i := range part {
			b.Ended, b.Began = max(b.Ended, part[i].Time), min(b.Began, part[i].Time)
		}
		if terms != nil {
			b.Filter = w.filter(part, terms)
		}
		if counted != nil {
			b.Counts = Counts{}
			for _, e := range part {
				b.Counts.Count(e, counted)
			}
		}
		blocks = append(blocks, b)
	}
	return blocks, nil
}

// blockLength says how many of the entries the next block takes.
func blockLength(all []*store.LogEntry) int {
	n := min(len(all), blockEntries)
	for all[n-1].Seq-all[0].Seq > BlockSpan {
		n--
	}
	return n
}

// Writer packs blocks. It keeps its memory from one block to the next.
type Writer struct {
	names  map[string]uint64
	listed []byte // the names
	body   []byte
	packer *flate.Writer
	out    bytes.Buffer
	hashes []uint64 // of terms
}

// NewWriter makes a Writer.
func NewWriter() (*Writer, error) {
	packer, err := flate.NewWriter(io.Discard, flate.BestSpeed)
	if err != nil {
		return nil, err
	}
	return &Writer{names: make(map[string]uint64), packer: packer}, nil
}

// pack packs entries that are sorted by seq. The result is the caller's.
func (w *Writer) pack(entries []*store.LogEntry) ([]byte, error) {
	clear(w.names)
	w.listed, w.body = w.listed[:0], w.body[:0]
	var seq, at int64
	for _, e := range entries {
		w.int(e.Seq - seq)
		w.int(e.Time - at)
		seq, at = e.Seq, e.Time
		w.entry(e)
	}
	return w.compress(len(entries))
}

// filter makes the filter of a block's entries.
func (w *Writer) filter(entries []*store.LogEntry, terms Terms) []byte {
	w.hashes = w.hashes[:0]
	for _, e := range entries {
		for term := range terms(e) {
			w.hashes = append(w.hashes, termHash(term.Field, term.Value))
		}
	}
	return makeFilter(w.hashes)
}

func (w *Writer) entry(e *store.LogEntry) {
	w.int(e.Duration)
	w.int(int64(e.Status))
	w.int(e.ObjectVersion)
	for _, name := range [...]string{e.Method, e.Operation, e.KeyID, e.IP, e.UserAgent, e.Version, e.ErrorCode} {
		w.name(name)
	}
	for _, text := range [...]string{e.ID, e.Path, e.Query, e.Params, e.Idempotency, e.Answer, e.ObjectID} {
		w.text(text)
	}
	w.int(int64(len(e.Events)))
	for _, id := range e.Events {
		w.text(id)
	}
}

func (w *Writer) int(v int64) { w.body = binary.AppendVarint(w.body, v) }

func (w *Writer) text(s string) {
	w.body = binary.AppendUvarint(w.body, uint64(len(s)))
	w.body = append(w.body, s...)
}

func (w *Writer) name(s string) {
	n, ok := w.names[s]
	if !ok {
		n = uint64(len(w.names))
		w.names[s] = n
		w.listed = binary.AppendUvarint(w.listed, uint64(len(s)))
		w.listed = append(w.listed, s...)
	}
	w.body = binary.AppendUvarint(w.body, n)
}

func (w *Writer) compress(count int) ([]byte, error) {
	head := []byte{blockFormat}
	head = binary.AppendUvarint(head, uint64(count))
	head = binary.AppendUvarint(head, uint64(len(w.names)))
	w.out.Reset()
	w.packer.Reset(&w.out)
	for _, part := range [][]byte{head[1:], w.listed, w.body} {
		if _, err := w.packer.Write(part); err != nil {
			return nil, err
		}
	}
	if err := w.packer.Close(); err != nil {
		return nil, err
	}
	return append(head[:1], w.out.Bytes()...), nil
}

var errBlock = errors.New("log block is damaged")

var inflaters = sync.Pool{New: func() any { return flate.NewReader(bytes.NewReader(nil)) }}

// Unpack gives the entries of a block in the order of their seq.
func Unpack(ns store.NS, block []byte) ([]store.LogEntry, error) {
	if len(block) == 0 || block[0] != blockFormat {
		return nil, errBlock
	}
	inflater := inflaters.Get().(io.ReadCloser)
	defer inflaters.Put(inflater)
	if err := inflater.(flate.Resetter).Reset(bytes.NewReader(block[1:]), nil); err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(inflater)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBlock, err)
	}
	r := blockReader{raw: raw, text: string(raw)}
	entries := r.entries(ns)
	if r.failed {
		return nil, errBlock
	}
	return entries, nil
}

// blockReader reads what Writer packed. All strings share the memory of the whole block.
type blockReader struct {
	raw    []byte
	text   string
	at     int
	names  []string
	failed bool
}

func (r *blockReader) entries(ns store.NS) []store.LogEntry {
	count := r.count()
	r.names = make([]string, r.count())
	for i := range r.names {
		r.names[i] = r.string()
	}
	entries := make([]store.LogEntry, count)
	var seq, at int64
	for i := range entries {
		e := &entries[i]
		seq += r.int()
		at += r.int()
		e.NS, e.Seq, e.Time = ns, seq, at
		r.entry(e)
		if r.failed {
			return nil
		}
	}
	return entries
}

func (r *blockReader) entry(e *store.LogEntry) {
	e.Duration = r.int()
	e.Status = int(r.int())
	e.ObjectVersion = r.int()
	for _, name := range [...]*string{&e.Method, &e.Operation, &e.KeyID, &e.IP, &e.UserAgent, &e.Version, &e.ErrorCode} {
		*name = r.name()
	}
	for _, text := range [...]*string{&e.ID, &e.Path, &e.Query, &e.Params, &e.Idempotency, &e.Answer, &e.ObjectID} {
		*text = r.string()
	}
	n := r.int()
	if n < 0 || n > int64(len(r.raw)-r.at) {
		r.failed = true
		return
	}
	for range n {
		e.Events = append(e.Events, r.string())
	}
}

func (r *blockReader) int() int64 {
	v, n := binary.Varint(r.raw[r.at:])
	if n <= 0 {
		r.failed = true
		return 0
	}
	r.at += n
	return v
}

// count reads a number that is at most the bytes that are left.
func (r *blockReader) count() int {
	v, n := binary.Uvarint(r.raw[r.at:])
	if n <= 0 || v > uint64(len(r.raw)-r.at-n) {
		r.failed = true
		return 0
	}
	r.at += n
	return int(v)
}

func (r *blockReader) string() string {
	n := r.count()
	if r.failed {
		return ""
	}
	r.at += n
	return r.text[r.at-n : r.at]
}

func (r *blockReader) name() string {
	v, n := binary.Uvarint(r.raw[r.at:])
	if n <= 0 || v >= uint64(len(r.names)) {
		r.failed = true
		return ""
	}
	r.at += n
	return r.names[v]
}
