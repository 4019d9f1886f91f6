package storetest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/store"
)

// testPersistence closes and opens a store with everything in it.
func testPersistence(t *testing.T, h Harness) {
	if h.Reopen == nil {
		t.Skip("the engine keeps nothing")
	}
	s := h.Open(t, options())
	var docs []store.Doc
	for i := range 50 {
		docs = append(docs, customer(fmt.Sprintf("cus_%02d", i), int64(i), ref("n", fmt.Sprint(i%5))))
	}
	docs = put(t, s, 1, docs...)
	docs[7].Data, docs[7].Refs = []byte("two"), []store.Ref{ref("n", "new")}
	docs[7] = put(t, s, 1, docs[7])[0]
	docs[8].Deleted, docs[8].Refs = true, nil
	docs[8] = put(t, s, 1, docs[8])[0]
	put(t, s, 2, customer("cus_dropped", 1))
	answer := store.Answer{Key: "k", Status: 201, ObjectID: "cus_01", ObjectVersion: 1, Created: 9}
	update(t, s, func(tx store.Tx) error {
		return errors.Join(tx.SaveAnswer(1, answer), tx.SetTimer(store.Timer{NS: 1, Due: 3, Kind: "k", ID: "i"}), tx.Drop(2), tx.Copy(1, 3, false))
	})
	last := int64(0) // of a namespace that is new
	for round := range 3 {
		s = h.Reopen(t, s, options())
		for i := range docs {
			got, err := s.Get(1, docs[i].ID)
			if diff := cmp.Diff(docs[i], got); err != nil || diff != "" {
				t.Fatalf("round %d: %v (-want +got):\n%s", round, err, diff)
			}
		}
		if d, err := s.Version(1, "cus_07", 1); err != nil || string(d.Data) != `{"id": "cus_07"}` {
			t.Errorf("round %d: version: %+v, %v", round, d, err)
		}
		for _, ns := range []store.NS{1, 3} {
			q := store.Query{NS: ns, Kind: "customer", Limit: 50, Where: []store.Cond{{Field: "n", Values: []string{"new", "3"}}}}
			wantIDs(t, list(t, s, q), "cus_48 cus_43 cus_38 cus_33 cus_28 cus_23 cus_18 cus_13 cus_07 cus_03", false)
		}
		wantIDs(t, list(t, s, store.Query{NS: 2, Kind: "customer", Limit: 5}), "", false)
		if got, err := s.Answer(1, "k"); err != nil || !cmp.Equal(got, answer) {
			t.Errorf("round %d: answer %+v, %v", round, got, err)
		}
		if due, err := s.Due(store.TimerQuery{Until: 5, Limit: 5}); err != nil || len(due) != 2 {
			t.Errorf("round %d: timers %v, %v", round, due, err)
		}
		d := put(t, s, 4, customer(fmt.Sprint("cus_new_", round), 1))[0]
		if d.Seq <= last {
			t.Errorf("round %d: seq %d after %d", round, d.Seq, last)
		}
		last = d.Seq
		sound(t, s)
		if h.Work != nil {
			for range 10 {
				h.Work(t, s)
			}
		}
		sound(t, s)
	}
}
