// Package carry moves all that a store holds into one of another engine, and proves that both hold the same. It knows no
// engine: each of them tells what it holds (Source) and can be filled (Sink).
package carry

import (
	"context"

	"sharesmart/internal/store"
	"sharesmart/internal/store/pack"
)

// Past is what a document was, whole. Replaced is when it was replaced, in unix seconds; its Refs are not kept.
type Past struct {
	store.Doc
	Replaced int64
}

// Sink is told what a store holds. What it is given is its own.
type Sink interface {
	// Document comes with all that is kept of what it was, the oldest first. A namespace's documents come in the order of
	// their Seq, which the sink may change to what it gives them; that of the past is the document's.
	Document(ns store.NS, d *store.Doc, past []Past) error
	Answer(ns store.NS, a *store.Answer) error
	Timer(t *store.Timer) error
	LogBlock(ns store.NS, b *pack.Block) error
	// Namespace says which Seq was given out last; LogPlaces, which place in the request log. They come last.
	Namespace(ns store.NS, last int64) error
	LogPlaces(last int64) error
}

// Known says which rows a sink has, that cannot have changed: a document by its Seq and Version, a block of the log by its
// places.
type Known interface {
	HasDocument(ns store.NS, seq, version int64) bool
	HasLogBlock(ns store.NS, last, first int64) bool
}

// Source tells a sink all that it holds as it is at one moment, but for what is known; nil knows nothing.
type Source interface {
	Carry(ctx context.Context, to Sink, known Known) error
	// Size is about how many documents, answers, timers and blocks of the log there are.
	Size(ctx context.Context) (int64, error)
}

// Load is a store that is being filled. Nobody sees anything of it before Commit; without that it leaves nothing behind.
type Load interface {
	Sink
	Commit(ctx context.Context) error
	Abort() error
}

// Target is a store that can be filled as long as it is empty (store.ErrExists).
type Target interface {
	Load(ctx context.Context) (Load, error)
}

// Copy fills a store with what another holds and returns the sums of what was written. Told is called for each document,
// answer, timer and block of the log.
func Copy(ctx context.Context, from Source, to Target, told func()) (sums Sums, err error) {
	load, err := to.Load(ctx)
	if err != nil {
		return nil, err
	}
	sums = Sums{}
	if err := from.Carry(ctx, &summing{to: load, sums: sums, told: told}, nil); err != nil {
		_ = load.Abort() // the reason to give up says more
		return nil, err
	}
	return sums, load.Commit(ctx)
}

// SumsOf reads all that a store holds.
func SumsOf(ctx context.Context, from Source, told func()) (Sums, error) {
	sums := Sums{}
	return sums, from.Carry(ctx, &summing{sums: sums, told: told}, nil)
}
