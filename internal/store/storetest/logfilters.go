package storetest

import (
	"fmt"
	"iter"
	"slices"
	"testing"

	"sharesmart/internal/store"
)

// logTerms is what the suite opens stores with: an entry is found by its status, its path and its events.
func logTerms(e *store.LogEntry) iter.Seq[store.Ref] {
	return func(yield func(store.Ref) bool) {
		if !yield(ref("status", fmt.Sprint(e.Status))) || !yield(ref("path", e.Path)) {
			return
		}
		for _, id := range e.Events {
			if !yield(ref("event", id)) {
				return
			}
		}
	}
}

// testLogFilters compares filtered queries with what a look at all entries finds, also when each query may do little.
func testLogFilters(t *testing.T, h Harness) {
	s := h.Open(t, options())
	var all []store.LogEntry
	for range 4000 {
		e := logEntry(1, s.NextLogSeq())
		if e.Seq%997 == 0 {
			e.Status = 402
		}
		all = append(all, e)
		s.Log(e)
	}
	slices.Reverse(all)
	oldest, newest := all[len(all)-1].Time, all[0].Time
	where := func(conds ...store.Cond) []store.Cond { return conds }
	status := func(of ...string) store.Cond { return store.Cond{Field: "status", Values: of} }
	for name, q := range map[string]store.LogQuery{
		"all":          {},
		"rare":         {Where: where(status("402"))},
		"one of two":   {Where: where(status("402", "404"))},
		"none":         {Where: where(status("500"))},
		"path":         {Where: where(store.Cond{Field: "path", Values: []string{all[3000].Path}})},
		"both":         {Where: where(status("402"), store.Cond{Field: "event", Values: []string{"evt_2"}})},
		"never both":   {Where: where(status("404"), store.Cond{Field: "event", Values: []string{"evt_2"}})},
		"from":         {From: newest - 700_000_000},
		"until":        {Until: oldest + 700_000_000},
		"between":      {From: all[2000].Time, Until: all[1000].Time, Where: where(status("404"))},
		"rare, before": {Before: all[2000].Seq, Where: where(status("402"))},
		"match":        {Where: where(status("404")), Match: func(e *store.LogEntry) bool { return e.Seq%9 == 0 }},
	} {
		q.NS = 1
		want := fitting(all, &q)
		compareFilter(t, s, name, q, want)
		if h.Reopen != nil {
			s = h.Reopen(t, s, options())
			compareFilter(t, s, name+", reopened", q, want)
		}
	}
}

// fitting is what a query should find.
func fitting(all []store.LogEntry, q *store.LogQuery) (seqs []int64) {
	for _, e := range all {
		missing := slices.ContainsFunc(q.Where, func(c store.Cond) bool {
			for term := range logTerms(&e) {
				if term.Field == c.Field && slices.Contains(c.Values, term.Value) {
					return false
				}
			}
			return true
		})
		late := q.Until != 0 && e.Time >= q.Until || q.Before != 0 && e.Seq >= q.Before
		if missing || late || e.Time < q.From || q.Match != nil && !q.Match(&e) {
			continue
		}
		seqs = append(seqs, e.Seq)
	}
	return seqs
}

// compareFilter follows a query to its end in small pages, and in small steps.
func compareFilter(t *testing.T, s store.Store, name string, q store.LogQuery, want []int64) {
	t.Helper()
	for _, effort := range []int{0, 600} {
		q := q
		q.Limit, q.Effort = 300, effort
		var got []int64
		for range 200 {
			page, err := s.Logs(q)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page.Entries {
				got = append(got, e.Seq)
			}
			if q.Before = page.Next; q.Before == 0 {
				break
			}
		}
		if q.Before != 0 || !slices.Equal(got, want) {
			t.Errorf("%s, effort %d: got %d entries, want %d", name, effort, len(got), len(want))
		}
	}
}
