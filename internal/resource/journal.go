package resource

import (
	"context"
	"slices"
	"sync/atomic"

	"sharesmart/internal/store"
)

// A journal knows which documents were written lately, and in which order. It answers whether what an operation read is
// still so, when that operation ran beside the writer: see ahead.go. Others than the engine write no documents to the
// namespaces of accounts.
//
// Only the writer uses it, which needs no lock therefore; published is for all.
type journal struct {
	at         int64 // the number of the last write
	young, old *writes
	published  atomic.Int64 // all writes up to here are committed, or never will be
}

// journalSize is how many writes make a generation. Two are kept: some hundred bytes for each write, and more where its
// refs are parts of what an operation read.
const journalSize = 4096

// writes are one generation of a journal.
type writes struct {
	after int64 // the number of the last write before it
	last  map[docKey]int64
	kinds map[kindKey][]written
}

type docKey struct {
	ns store.NS
	id string
}

type kindKey struct {
	ns   store.NS
	kind string
}

// written is what a list finds a document by, as it was written.
type written struct {
	at int64
	listed
}

func newJournal() *journal {
	j := &journal{}
	j.young, j.old = j.generation(), j.generation()
	return j
}

func (j *journal) generation() *writes {
	return &writes{after: j.at, last: map[docKey]int64{}, kinds: map[kindKey][]written{}}
}

// note adds a write.
func (j *journal) note(ns store.NS, d *store.Doc) {
	if j.at-j.young.after >= journalSize {
		j.old, j.young = j.young, j.generation()
	}
	j.at++
	j.young.last[docKey{ns, d.ID}] = j.at
	key := kindKey{ns, d.Kind}
	j.young.kinds[key] = append(j.young.kinds[key], written{j.at, listedAs(d)})
}

// reaches reports whether the journal knows all that was written after another write.
func (j *journal) reaches(after int64) bool { return after >= j.old.after }

// wrote reports whether a document was written after another write.
func (j *journal) wrote(ns store.NS, id string, after int64) bool {
	key := docKey{ns, id}
	return j.young.last[key] > after || j.old.last[key] > after
}

// answered reports whether something was written after another write that a query asks for.
func (j *journal) answered(q *store.Query, after int64) bool {
	for _, g := range [...]*writes{j.young, j.old} {
		for _, w := range slices.Backward(g.kinds[kindKey{q.NS, q.Kind}]) {
			if w.at <= after {
				break
			}
			if w.answers(q) {
				return true
			}
		}
	}
	return false
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
	err := s.Store.Update(ctx, func(tx store.Tx) error {
		defer func() { at = s.journal.at }()
		return fn(&noted{tx, s.journal})
	})
	if err == nil {
		s.journal.publish(at)
	}
	return err
}

// noted is a transaction of a journaled store.
type noted struct {
	store.Tx
	journal *journal
}

// Put notes the write.
func (n *noted) Put(ns store.NS, d *store.Doc) error {
	err := n.Tx.Put(ns, d)
	if err == nil {
		n.journal.note(ns, d)
	}
	return err
}
