package resource

import (
	"context"
	"hash/maphash"
	"slices"
	"sync/atomic"

	"sharesmart/internal/store"
)

// A journal knows which documents were written lately, and in which order. It answers whether what an operation read is
// still so, when that operation ran beside the writer: see ahead.go. Others than the engine write no documents to the
// namespaces of accounts; what other processes write is told by the store (foreign.go).
//
// It keeps a hash of each thing that a document is found by, and so holds on to nothing. Where two hashes are the same,
// or where a list asks for a range, it may say that something changed that did not: then somebody runs again.
//
// Only the writer uses it, which needs no lock therefore; published is for all.
type journal struct {
	seed       maphash.Seed
	at         int64 // the number of the last write
	young, old writes
	published  atomic.Int64 // all writes up to here are committed, or never will be
	feed       feed
}

// journalSize is how many writes make a generation. Two are kept: about a hundred bytes for each write.
const journalSize = 16384

// writes are one generation of a journal.
type writes struct {
	after int64            // the number of the last write before it
	last  map[uint64]int64 // by what was written: the number of the last such write
}

// trace is what is hashed: a document by its id, or by what lists of its kind find it by.
type trace struct {
	ns           store.NS
	kind         string // empty for the document itself
	field, value string
}

// below is the field of a trace whose value is the parent. No ref has that name.
const below = "<"

func newJournal() *journal {
	return &journal{seed: maphash.MakeSeed(), young: writes{last: map[uint64]int64{}}, old: writes{last: map[uint64]int64{}}}
}

// note adds a write.
func (j *journal) note(ns store.NS, d *store.Doc) {
	if j.at-j.young.after >= journalSize {
		clear(j.old.last)
		j.young, j.old = writes{after: j.at, last: j.old.last}, j.young
	}
	j.at++
	j.mark(trace{ns: ns, value: d.ID})
	if d.Deleted { // no list finds it; that it is missing there tells its id
		return
	}
	j.mark(trace{ns: ns, kind: d.Kind})
	if d.Parent != "" {
		j.mark(trace{ns, d.Kind, below, d.Parent})
	}
	for _, r := range d.Refs {
		j.mark(trace{ns, d.Kind, r.Field, r.Value})
	}
}

// noteAll adds that all of a namespace may have changed.
func (j *journal) noteAll(ns store.NS) {
	j.at++
	j.mark(trace{ns: ns})
}

// changedAll reports whether noteAll came after another write.
func (j *journal) changedAll(ns store.NS, after int64) bool { return j.left(trace{ns: ns}, after) }

func (j *journal) mark(t trace) { j.young.last[maphash.Comparable(j.seed, t)] = j.at }

// left reports whether there is a trace of something that was written after another write.
func (j *journal) left(t trace, after int64) bool {
	h := maphash.Comparable(j.seed, t)
	return j.young.last[h] > after || j.old.last[h] > after
}

// reaches reports whether the journal knows all that was written after another write.
func (j *journal) reaches(after int64) bool { return after >= j.old.after }

// wrote reports whether a document was written after another write.
func (j *journal) wrote(ns store.NS, id string, after int64) bool {
	return j.left(trace{ns: ns, value: id}, after)
}

// answered reports whether something may have been written after another write that a query asks for.
func (j *journal) answered(q *store.Query, after int64) bool {
	if !j.left(trace{ns: q.NS, kind: q.Kind}, after) || q.Parent != "" && !j.left(trace{q.NS, q.Kind, below, q.Parent}, after) {
		return false
	}
	return !slices.ContainsFunc(q.Where, func(c store.Cond) bool {
		return c.Values != nil && !slices.ContainsFunc(c.Values, func(value string) bool {
			return j.left(trace{q.NS, q.Kind, c.Field, value}, after)
		})
	})
}

// publish says that a transaction is committed whose last write had that number, and with it all before.
func (j *journal) publish(at int64) {
	for {
		now := j.published.Load()
		if now >= at || j.published.CompareAndSwap(now, at) {
			return
		}
	}
}

// journaled is a store whose writes are noted. What a transaction wrote that failed is noted too, which makes nothing
// wrong: somebody who might have held runs again.
type journaled struct {
	store.Store
	journal *journal
}

// Update notes what fn writes.
func (s *journaled) Update(ctx context.Context, fn func(store.Tx) error) error {
	var at int64
	var watched []writtenChange
	err := s.Store.Update(ctx, func(tx store.Tx) error {
		defer func() { at = s.journal.at }()
		n := &noted{Tx: tx, journal: s.journal}
		seen := store.Tx(n)
		if timers, ok := tx.(store.TimerReader); ok {
			seen = notedTimers{n, timers}
		}
		if err := fn(seen); err != nil || n.watched == nil {
			return err
		}
		watched = n.watched
		s.journal.feed.write(watched)
		return nil
	})
	switch {
	case err == nil:
		s.journal.publish(at)
		s.journal.feed.commit(at)
	case watched != nil:
		s.journal.feed.undo(watched)
	}
	return err
}

// noted is a transaction of a journaled store.
type noted struct {
	store.Tx
	journal *journal
	watched []writtenChange // what somebody watches
}

// notedTimers is noted for a store that can say which timers are set.
type notedTimers struct {
	*noted
	store.TimerReader
}

// Put notes the write.
func (n *noted) Put(ns store.NS, d *store.Doc) error {
	isNew := d.Version == 0
	err := n.Tx.Put(ns, d)
	if err != nil {
		return err
	}
	n.journal.note(ns, d)
	if n.journal.feed.watches(d.Kind) {
		n.watched = append(n.watched, writtenChange{changeOf(ns, d, isNew), n.journal.at})
	}
	return nil
}
