// Package storetest is the suite that every engine of the store must pass. It knows nothing of any engine: what it
// asks for is what package store promises.
//
// The suite holds tables for each method, a property test that compares thousands of random operations with a model of
// plain maps, and tests with many goroutines, which are meant for the race detector.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"sharesmart/internal/store"
)

// Harness is how the suite gets at an engine.
type Harness struct {
	// Open opens a new and empty store. It is closed by the harness at the end of the test.
	Open func(t *testing.T, o store.Options) store.Store
	// Reopen closes a store and opens it again. Nil if nothing outlives a close.
	Reopen func(t *testing.T, s store.Store, o store.Options) store.Store
	// Work does a piece of what the engine puts off for idle times, so that tests meet it half done. Nil if there is
	// no such work.
	Work func(t *testing.T, s store.Store)
}

// Run runs the whole suite.
func Run(t *testing.T, h Harness) {
	for _, group := range []struct {
		name string
		run  func(*testing.T, Harness)
	}{
		{"Documents", testDocuments},
		{"History", testHistory},
		{"Unversioned", testUnversioned},
		{"Transactions", testTransactions},
		{"Lists", testLists},
		{"Pages", testPages},
		{"ListsInTransactions", testListsInTransactions},
		{"Search", testSearch},
		{"Answers", testAnswers},
		{"Timers", testTimers},
		{"Clocks", testClocks},
		{"Namespaces", testNamespaces},
		{"Log", testLog},
		{"LogFilters", testLogFilters},
		{"LogCounts", testLogCounts},
		{"Prune", testPrune},
		{"Erased", testErased},
		{"Persistence", testPersistence},
		{"Closed", testClosed},
		{"Property", testProperty},
		{"Concurrency", testConcurrency},
	} {
		t.Run(group.name, func(t *testing.T) {
			t.Parallel()
			group.run(t, h)
		})
	}
}

// Terms is what the suite opens stores with: the words of a document, none for the kind "silent".
func Terms(kind string, data []byte) []string {
	if kind == "silent" {
		return nil
	}
	return append([]string{}, strings.Fields(string(data))...)
}

func options() store.Options {
	return store.Options{Terms: Terms, LogTerms: logTerms, LogCounts: logCounts, CacheBytes: 1 << 20}
}

// update runs fn and fails the test if it fails.
func update(t *testing.T, s store.Store, fn func(tx store.Tx) error) {
	t.Helper()
	if err := s.Update(context.Background(), fn); err != nil {
		t.Fatalf("Update: %v", err)
	}
}

// put writes documents in one transaction and gives them as they are then.
func put(t *testing.T, s store.Store, ns store.NS, docs ...store.Doc) []store.Doc {
	t.Helper()
	out := append([]store.Doc(nil), docs...)
	update(t, s, func(tx store.Tx) error {
		for i := range out {
			if err := tx.Put(ns, &out[i]); err != nil {
				return fmt.Errorf("put %s: %w", out[i].ID, err)
			}
		}
		return nil
	})
	return out
}

func customer(id string, created int64, refs ...store.Ref) store.Doc {
	return store.Doc{ID: id, Kind: "customer", Created: created, Data: []byte(`{"id": "` + id + `"}`), Refs: refs}
}

func ref(field, value string) store.Ref { return store.Ref{Field: field, Value: value} }

func list(t *testing.T, r store.Reader, q store.Query) store.Page {
	t.Helper()
	p, err := r.List(q)
	if err != nil {
		t.Fatalf("List(%+v): %v", q, err)
	}
	return p
}

// ids are the ids of documents, in order, for comparing.
func ids(docs []store.Doc) string {
	var b strings.Builder
	for i := range docs {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(docs[i].ID)
	}
	return b.String()
}

func wantIDs(t *testing.T, p store.Page, want string, more bool) {
	t.Helper()
	if got := ids(p.Docs); got != want || p.More != more {
		t.Errorf("got %q, more %v; want %q, more %v", got, p.More, want, more)
	}
}

func wantError(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got error %v, want %v", err, want)
	}
}

// sound fails the test if the store finds faults in itself.
func sound(t *testing.T, s store.Store) {
	t.Helper()
	faults, err := s.Check(context.Background())
	if err != nil {
		t.Fatalf("Check: %v", err)
	}
	for _, f := range faults {
		t.Errorf("Check: %s", f)
	}
}

// random is a small generator of numbers that are the same in every run with the same seed.
type random struct{ state uint64 }

func (r *random) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below gives a number from 0 to n-1.
func (r *random) below(n int) int { return int(r.next() % uint64(n)) }

func (r *random) chance(percent int) bool { return r.below(100) < percent }

func pick[T any](r *random, of []T) T { return of[r.below(len(of))] }
