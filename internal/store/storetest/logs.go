package storetest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/store"
)

// logEntry makes up an entry of which every field says which one it is.
func logEntry(ns store.NS, seq int64) store.LogEntry {
	e := store.LogEntry{
		NS: ns, Seq: seq, ID: fmt.Sprint("req_", seq), Time: 1_000_000*seq + 7, Duration: 5 + seq, Method: "POST",
		Path: fmt.Sprint("/v1/customers/", seq), Query: "limit=3", Params: "email=a", Status: 200,
		Operation: "PostCustomers", KeyID: "key_1", IP: "127.0.0.1", UserAgent: "test", Version: "v",
		Idempotency: fmt.Sprint("idem", seq%7), ObjectID: fmt.Sprint("cus_", seq), ObjectVersion: 1,
	}
	if seq%3 == 0 {
		e.Status, e.ErrorCode, e.Answer, e.ObjectID, e.ObjectVersion = 404, "resource_missing", `{"error": {}}`, "", 0
	} else {
		e.Events = []string{fmt.Sprint("evt_", seq), "evt_2"}
	}
	return e
}

func testLog(t *testing.T, h Harness) {
	s := h.Open(t, options())
	const n = 3000
	last := int64(0)
	want := map[int64]store.LogEntry{}
	for i := range n {
		seq := s.NextLogSeq()
		if seq <= last {
			t.Fatalf("place %d follows %d", seq, last)
		}
		last = seq
		e := logEntry(store.NS(i%2), seq)
		want[seq] = e
	}
	later := []store.LogEntry{} // some requests take long
	for _, e := range want {
		if e.Seq%50 == 0 {
			later = append(later, e)
			continue
		}
		s.Log(e)
	}
	for _, e := range later {
		s.Log(e)
	}
	compareLog(t, s, want, last)
	if h.Reopen != nil {
		s = h.Reopen(t, s, options())
		compareLog(t, s, want, last)
		if next := s.NextLogSeq(); next <= last {
			t.Errorf("place %d is given out again", next)
		}
	}
	t.Run("drop", func(t *testing.T) {
		update(t, s, func(tx store.Tx) error { return tx.Drop(1) })
		if got, err := s.Logs(store.LogQuery{NS: 1, Limit: 5}); err != nil || len(got.Entries) > 0 {
			t.Errorf("got %d entries, %v", len(got.Entries), err)
		}
	})
	t.Run("prune", func(t *testing.T) {
		if err := s.Prune(1 << 40); err != nil {
			t.Fatal(err)
		}
		if h.Reopen == nil {
			return
		}
		if got, err := s.Logs(store.LogQuery{NS: 0, Limit: 5}); err != nil || len(got.Entries) > 0 {
			t.Errorf("got %d entries, %v", len(got.Entries), err)
		}
	})
}

// compareLog pages through both namespaces and looks up each entry.
func compareLog(t *testing.T, s store.Store, want map[int64]store.LogEntry, last int64) {
	t.Helper()
	for ns := range store.NS(2) {
		q := store.LogQuery{NS: ns, Limit: 700}
		seen := 0
		for {
			got, err := s.Logs(q)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range got.Entries {
				if q.Before != 0 && e.Seq >= q.Before {
					t.Fatalf("place %d is not before %d", e.Seq, q.Before)
				}
				q.Before = e.Seq
				seen++
				if diff := cmp.Diff(want[e.Seq], e); diff != "" {
					t.Fatalf("entry %d (-want +got):\n%s", e.Seq, diff)
				}
			}
			if len(got.Entries) < q.Limit {
				break
			}
		}
		if seen != len(want)/2 {
			t.Errorf("namespace %d: %d entries, want %d", ns, seen, len(want)/2)
		}
	}
	got, err := s.Logs(store.LogQuery{NS: 1, Limit: 3, Match: func(e *store.LogEntry) bool { return e.Status == 404 }})
	if err != nil || len(got.Entries) != 3 || got.Entries[0].Status != 404 {
		t.Errorf("only errors: %d entries, %v", len(got.Entries), err)
	}
	for _, seq := range []int64{1, last / 2, last} {
		e := want[seq]
		if got, err := s.LogEntry(e.NS, seq); err != nil || !cmp.Equal(got, e) {
			t.Errorf("LogEntry(%d): %+v, %v; want %+v", seq, got, err, e)
		}
		_, err := s.LogEntry(e.NS+2, seq)
		wantError(t, err, store.ErrNotFound)
	}
	_, err = s.LogEntry(0, last+1)
	wantError(t, err, store.ErrNotFound)
}
