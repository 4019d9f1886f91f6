package storetest

import (
	"context"
	"iter"
	"strings"
	"testing"

	"sharesmart/internal/store"
)

// logCounts is what the suite opens stores with: entries are counted by their operation, and by their error if they have one.
func logCounts(e *store.LogEntry) iter.Seq[store.Ref] {
	return func(yield func(store.Ref) bool) {
		if yield(ref("operation", e.Operation)) && e.ErrorCode != "" {
			yield(ref("code", e.ErrorCode))
		}
	}
}

const (
	daySeconds = 24 * 3600
	dayMicros  = daySeconds * 1_000_000
)

// testLogCounts logs the same numbers on each of four days in two namespaces, and asks before, while and after they are written.
func testLogCounts(t *testing.T, h Harness) {
	s := h.Open(t, options())
	const days, each = 4, 700
	for i := range days * each {
		e := logEntry(store.NS(i%2), s.NextLogSeq())
		e.Time = int64(i/each) * dayMicros
		e.Operation = []string{"GetCustomers", "PostCustomers", "Get\x00Orders"}[i%3]
		s.Log(e)
	}
	want := func(days int64) map[string]int64 { // of 350 a day
		return map[string]int64{"GetCustomers": days * 350 / 3, "PostCustomers": days * 350 / 3, "Get\x00Orders": days * 350 / 3}
	}
	compare := func(name string, ns store.NS, since, days int64) {
		t.Helper()
		got, err := s.LogCounts(ns, "operation", since)
		if err != nil {
			t.Fatal(err)
		}
		expected := want(days)
		if len(got) != len(expected) && days > 0 {
			t.Errorf("%s: got %v", name, got)
		}
		for value, n := range expected {
			if d := got[value] - n; d < -2 || d > 2 { // days begin in the middle of a round of three
				t.Errorf("%s: %q is counted %d times, want about %d", name, value, got[value], n)
			}
		}
	}
	all := func(name string) {
		t.Helper()
		compare(name, 0, 0, 4)
		compare(name+", a day and a half", 1, 2*dayMicros+dayMicros/2, 2)
		compare(name+", none", 1, 4*dayMicros, 0)
		if got, err := s.LogCounts(0, "code", 0); err != nil || len(got) != 1 || got["resource_missing"] == 0 {
			t.Errorf("%s: the errors are %v, %v", name, got, err)
		}
	}
	all("at once")
	if h.Reopen == nil {
		return
	}
	s = h.Reopen(t, s, options())
	all("reopened")
	sound(t, s)
	if err := s.Prune(daySeconds + daySeconds/2); err != nil {
		t.Fatal(err)
	}
	compare("pruned", 0, 0, 2)
	sound(t, s)
	update(t, s, func(tx store.Tx) error { return tx.Drop(1) })
	compare("dropped", 1, 0, 0)
	sound(t, s)
	for range 20 { // a namespace is dropped while its log is written
		for range 50 {
			s.Log(logEntry(2, s.NextLogSeq()))
		}
		update(t, s, func(tx store.Tx) error { return tx.Drop(2) })
	}
	s = h.Reopen(t, s, options())
	sound(t, s)
	testUncounted(t, h)
}

// testUncounted opens a store that was written by who counted nothing: it is counted then, and what nobody counts later is
// found.
func testUncounted(t *testing.T, h Harness) {
	uncounted := options()
	uncounted.LogCounts = nil
	s := h.Open(t, uncounted)
	for range 600 {
		s.Log(logEntry(1, s.NextLogSeq()))
	}
	s = h.Reopen(t, s, options())
	sound(t, s)
	if got, err := s.LogCounts(1, "operation", 0); err != nil || got["PostCustomers"] != 600 {
		t.Errorf("got %v, %v", got, err)
	}
	s = h.Reopen(t, s, uncounted)
	s.Log(logEntry(1, s.NextLogSeq()))
	s = h.Reopen(t, s, options())
	faults, err := s.Check(context.Background())
	if err != nil || len(faults) == 0 || !strings.Contains(faults[0], "in the log, which count as") {
		t.Errorf("an entry that nobody counted is found as %q, %v", faults, err)
	}
}
