package sqlite

import (
	"hash/fnv"
	"slices"
	"strconv"
	"testing"

	"sharesmart/internal/store"
	"sharesmart/internal/store/storetest"
)

// TestSearchIndexAhead replaces and deletes documents while what the index is to say of them is being made beside the
// writer.
func TestSearchIndexAhead(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{"file": t.TempDir() + "/store.db", "memory": memoryPath} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := patient(t, open(t, path, store.Options{Terms: storetest.Terms}))
			docs := make([]store.Doc, 3)
			for i, id := range []string{"kept", "changed", "deleted"} {
				docs[i] = store.Doc{ID: id, Kind: "customer", Created: 1, Data: []byte("early")}
			}
			putAll(t, db, docs)
			alone(t, db, awaitPiece)
			docs[1].Data, docs[2].Deleted = []byte("late"), true
			putAll(t, db, docs[1:])
			alone(t, db, func(w *writer) {
				if w.indexed.ahead.made != nil || w.indexed.mark < docs[2].Seq {
					t.Errorf("the commit left the index at %d, want %d", w.indexed.mark, docs[2].Seq)
				}
			})
			for range 2 {
				found(t, db, "early", "kept")
				found(t, db, "late", "changed")
				if err := db.Settle(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestIndexInGap has a gap between requests begin a piece of the index, if there is enough for one, and the next commit write
// it.
func TestIndexInGap(t *testing.T) {
	t.Parallel()
	for docs, want := range map[int]int64{indexRows - 1: 0, indexRows: indexRows} {
		db := patient(t, open(t, memoryPath, store.Options{Terms: storetest.Terms}))
		fillUnindexed(t, db, docs)
		alone(t, db, func(w *writer) {
			must(t)(w.workInGap())
			if ahead := w.indexed.ahead.made; ahead != nil {
				ahead <- <-ahead
			}
		})
		putAll(t, db, []store.Doc{{ID: "next", Kind: "customer", Created: 1, Data: []byte("next")}})
		alone(t, db, func(w *writer) {
			if w.indexed.mark != want {
				t.Errorf("of %d documents, %d were indexed, want %d", docs, w.indexed.mark, want)
			}
		})
	}
}

func putAll(t *testing.T, db *DB, docs []store.Doc) {
	t.Helper()
	err := db.Update(t.Context(), func(tx store.Tx) error {
		for i := range docs {
			if err := tx.Put(1, &docs[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func alone(t *testing.T, db *DB, fn func(w *writer)) {
	t.Helper()
	err := db.alone(func(w *writer) error {
		fn(w)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// found searches for customers by a term.
func found(t *testing.T, db *DB, term string, want ...string) {
	t.Helper()
	page, err := db.Search(t.Context(), store.SearchQuery{NS: 1, Kind: "customer", Any: [][]string{{term}}, Limit: 10, Match: func(d store.Doc) bool {
		return slices.Contains(storetest.Terms(d.Kind, d.Data), term)
	}})
	var got []string
	for _, d := range page.Docs {
		got = append(got, d.ID)
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("search for %s found %v (%v), want %v", term, got, err, want)
	}
}

// TestTokens holds tokens to what an index that is there already has: FNV-1a of namespace, kind and term.
func TestTokens(t *testing.T) {
	t.Parallel()
	for _, term := range []string{"*", "", "email:jenny", "name~né"} {
		h := fnv.New64a()
		_, _ = h.Write([]byte(strconv.FormatInt(1234567, 36) + "\x00customer\x00" + term))
		if want, got := strconv.FormatUint(h.Sum64(), 36), token(1234567, "customer", term); got != want {
			t.Errorf("the token of %q is %s, want %s", term, got, want)
		}
	}
}
