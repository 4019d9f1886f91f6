package sqlite

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"sharesmart/internal/store"
	"sharesmart/internal/store/storetest"
)

// mostPages is what a commit with a piece of the index may write: a dozen pages of the piece's own, mergePages that are
// merged, and what leads to them. A merge that FTS5 begins by itself writes hundreds.
const mostPages = 80

// mostSegments is more than eight segments on each of three levels, of which two are being merged.
const mostSegments = 40

// TestIndexWhileRequestsCome indexes documents in the commits of requests alone: no commit may write much, and the
// segments that a search looks into must not pile up. What is put off until nobody asks for anything never comes.
func TestIndexWhileRequestsCome(t *testing.T) {
	t.Parallel()
	behind := func(w *writer) { w.indexed.backlog = 0 }
	for name, c := range map[string]struct {
		text    func(int) []byte
		prepare func(*writer)
		pages   int
	}{
		"with gaps":                    {wordy, (*writer).dueInGap, mostPages},
		"without":                      {wordy, behind, mostPages},
		"without, all documents alien": {alien, behind, 2 * mostPages}, // more of its own, and more is merged at once
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := patient(t, open(t, filepath.Join(t.TempDir(), "store.db"), store.Options{Terms: storetest.Terms}))
			docs := fillUnindexed(t, db, 64*indexRows, c.text)
			for mark, i := int64(0), 0; mark < int64(len(docs)); i++ {
				alone(t, db, func(w *writer) {
					c.prepare(w)
					awaitPiece(w)
				})
				putAll(t, db, []store.Doc{{ID: fmt.Sprintf("req_%d", i), Kind: "silent", Created: 1, Data: []byte("x")}})
				alone(t, db, func(w *writer) { mark = w.indexed.mark })
				withinBounds(t, db, c.pages)
			}
			searchesFind(t, db, len(docs), "all")
		})
	}
}

// TestIndexAgain changes what documents are found by, again and again.
func TestIndexAgain(t *testing.T) {
	t.Parallel()
	db := patient(t, open(t, filepath.Join(t.TempDir(), "store.db"), store.Options{Terms: storetest.Terms}))
	docs := fillUnindexed(t, db, 10*indexRows, wordy)
	if err := db.Settle(); err != nil {
		t.Fatal(err)
	}
	const rounds = 5
	for round := range rounds {
		for first := 0; first < len(docs); first += reindexRows {
			for i := range reindexRows {
				docs[first+i].Data = fmt.Appendf(wordy(first+i), " round%d", round)
			}
			putAll(t, db, docs[first:first+reindexRows])
			pagesSince(t, db)
			alone(t, db, func(w *writer) { must(t)(w.reindexPiece()) })
			withinBounds(t, db, mostPages)
		}
	}
	searchesFind(t, db, len(docs), fmt.Sprintf("round%d", rounds-1))
	if err := db.Settle(); err != nil {
		t.Fatal(err)
	}
	searchesFind(t, db, len(docs), fmt.Sprintf("round%d", rounds-1))
	for round := range rounds - 1 {
		found(t, db, fmt.Sprintf("round%d", round))
	}
}

// TestIndexWhenIdle does all that is put off, a few pages at a time.
func TestIndexWhenIdle(t *testing.T) {
	t.Parallel()
	db := patient(t, open(t, filepath.Join(t.TempDir(), "store.db"), store.Options{Terms: storetest.Terms}))
	docs := fillUnindexed(t, db, 64*indexRows, wordy)
	for worked := true; worked; {
		alone(t, db, func(w *writer) { worked = must(t)(w.first(w.mergePiece, w.indexPiece)) })
		withinBounds(t, db, mostPages)
	}
	if n := segments(t, db); n >= 3*8 {
		t.Errorf("%d segments are left", n)
	}
	searchesFind(t, db, len(docs), "all")
}

// wordy is a document of many words, most of which it shares, as names and e-mails share most of their parts.
func wordy(number int) []byte {
	text := fmt.Appendf(nil, "all number%d", number)
	for i := range 24 {
		text = fmt.Appendf(text, " common%d some%d", i, number*(i+3)%997)
	}
	return text
}

// alien is one that shares hardly any.
func alien(number int) []byte {
	text := fmt.Appendf(nil, "all number%d common7", number)
	for i := range 48 {
		text = fmt.Appendf(text, " own%d-%d", i, number)
	}
	return text
}

// fillUnindexed makes so many customers of which the index says nothing yet.
func fillUnindexed(t *testing.T, db *DB, n int, text func(int) []byte) []store.Doc {
	t.Helper()
	alone(t, db, func(w *writer) {
		w.indexed.backlog = math.MaxInt64
		w.db.checkpoints.limit = math.MaxInt // a checkpoint would begin the count of pages again
	})
	docs := make([]store.Doc, n)
	for i := range docs {
		docs[i] = store.Doc{ID: fmt.Sprintf("cus_%06d", i), Kind: "customer", Created: 1, Data: text(i)}
	}
	putAll(t, db, docs)
	pagesSince(t, db)
	return docs
}

// awaitPiece waits until the piece that is made beside the writer is ready.
func awaitPiece(w *writer) {
	w.prepareIndex()
	piece := <-w.indexed.ahead.made
	w.indexed.ahead.made <- piece
}

// pagesSince tells how many pages were written since it was last asked.
func pagesSince(t *testing.T, db *DB) (pages int) {
	t.Helper()
	alone(t, db, func(w *writer) { pages, w.db.checkpoints.pages = w.db.checkpoints.pages, 0 })
	return pages
}

// withinBounds checks what was written since the last time, and how many segments there are.
func withinBounds(t *testing.T, db *DB, pages int) {
	t.Helper()
	if n := pagesSince(t, db); n > pages {
		t.Fatalf("a commit wrote %d pages", n)
	}
	if n := segments(t, db); n > mostSegments {
		t.Fatalf("there are %d segments", n)
	}
}

// segments counts those of the index by the ids of their pages, in which they have the 16 bits above the 37th.
func segments(t *testing.T, db *DB) (n int) {
	t.Helper()
	alone(t, db, func(w *writer) {
		err := w.c.each(`SELECT count(DISTINCT id >> 37 & 65535) FROM search_data WHERE id > 10`, func(s *stmt) error {
			n = int(s.columnInt(0))
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	return n
}

// searchesFind looks for what all documents have, what one has, and what none has any more.
func searchesFind(t *testing.T, db *DB, docs int, version string) {
	t.Helper()
	for _, q := range []store.SearchQuery{
		{NS: 1, Kind: "customer", Any: [][]string{{"common7", version}}, Count: true},
		{NS: 1, Kind: "customer", Count: true},
	} {
		page, err := db.Search(t.Context(), q)
		if want := min(docs, searchCountLimit); err != nil || page.Total != want {
			t.Errorf("a search for %v found %d (%v), want %d", q.Any, page.Total, err, want)
		}
	}
	for _, i := range []int{0, docs / 2, docs - 1} {
		found(t, db, fmt.Sprintf("number%d", i), fmt.Sprintf("cus_%06d", i))
	}
}

// must fails the test if a piece of work failed, and tells whether there was any.
func must(t *testing.T) func(bool, error) bool {
	return func(worked bool, err error) bool {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return worked
	}
}
