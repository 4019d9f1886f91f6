package sqlite

import (
	"fmt"
	"path/filepath"
	"testing"

	"sharesmart/internal/store"
)

// TestHalfFolded goes on from what a kill in the middle of a run leaves behind, and changes documents afterwards: those whose entries are in the
// table already, and those whose entries are not.
func TestHalfFolded(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	db := patient(t, open(t, path, store.Options{}))
	fill(t, db, 0, 100)
	err := db.alone(func(w *writer) error {
		w.fold.chunk = 211
		_, err := w.foldPiece()
		if err == nil && (w.fold.run == nil || w.fold.run.next != 211) {
			err = fmt.Errorf("the run is %+v", w.fold.run)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Backup(t.Context(), path+".copy"); err != nil { // closing would end the run
		t.Fatal(err)
	}
	db = patient(t, open(t, path+".copy", store.Options{}))
	for i := range 100 {
		d, err := db.Get(1, fmt.Sprintf("cus_%05d", i))
		if err != nil {
			t.Fatal(err)
		}
		switch i % 3 {
		case 0:
			d.Refs = []store.Ref{{Field: "digit", Value: "changed"}}
		case 1:
			d.Deleted, d.Refs = true, nil
		default:
			continue
		}
		if err := put(db, 1, &d); err != nil {
			t.Fatal(err)
		}
	}
	for _, when := range []string{"before", "after"} {
		noFaults(t, db)
		p, err := db.List(store.Query{NS: 1, Kind: "customer", Limit: 1000, Where: []store.Cond{{Field: "digit", Values: []string{"changed"}}}})
		if err != nil || len(p.Docs) != 34 {
			t.Errorf("%s folding: %d are listed, %v", when, len(p.Docs), err)
		}
		if p, err = db.List(store.Query{NS: 1, Kind: "customer", Limit: 1000}); err != nil || len(p.Docs) != 67 {
			t.Errorf("%s folding: %d are listed at all, %v", when, len(p.Docs), err)
		}
		if err := db.Settle(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTailKeepsOrder adds entries in no order and takes lists from it at the same time.
func TestTailKeepsOrder(t *testing.T) {
	t.Parallel()
	tl := newTail()
	var taken [][]position
	for i := range int64(1000) {
		at := position{i * 7919 % 1000, i}
		tl.add([]entry{{"p", at}, {"p", at}})
		young, _ := tl.lists([]byte("p"))
		if i%100 == 0 {
			taken = append(taken, append([]position(nil), young...), young)
		}
		if int64(len(young)) != i+1 {
			t.Fatalf("%d entries after %d additions", len(young), i+1)
		}
	}
	young, _ := tl.lists([]byte("p"))
	for i := 1; i < len(young); i++ {
		if !young[i-1].less(young[i]) {
			t.Fatalf("%v follows %v", young[i], young[i-1])
		}
	}
	for i := 0; i < len(taken); i += 2 {
		for j := range taken[i] {
			if taken[i][j] != taken[i+1][j] {
				t.Fatalf("a list that was taken has changed at %d", j)
			}
		}
	}
}
