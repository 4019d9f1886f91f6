package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sharesmart/internal/store"
)

var values = regexp.MustCompile(`: [0-9]+`)

// testModel is a document without its numbers; "rare" has none.
func testModel(kind string, data []byte) []byte {
	if kind == "rare" {
		return nil
	}
	return values.ReplaceAll(data, []byte(": 0"))
}

// packable are documents of all the ways in which they are stored: alike, of other fields, too short, empty, and such that
// begin as packed ones do.
func packable() []store.Doc {
	var docs []store.Doc
	add := func(kind, data string) {
		docs = append(docs, store.Doc{ID: fmt.Sprintf("%s_%d", kind, len(docs)), Kind: kind, Data: []byte(data)})
	}
	for i := range 30 {
		add("same", fmt.Sprintf("{\n  \"n\": %d,\n%s  \"m\": %d\n}", i, strings.Repeat("  \"field\": null,\n", 40), i*i))
		add("various", fmt.Sprintf("{\n  \"n\": %d,\n%s}", i, strings.Repeat(fmt.Sprintf("  \"field_%d\": null,\n", i), i)))
		add("rare", fmt.Sprintf("{\n%s  \"n\": %d\n}", strings.Repeat("  \"field\": null,\n", 40), i))
	}
	for _, data := range []string{"", "{}", "\x00", "\x00\x00", "\x00\x07" + strings.Repeat("a line\n", 40)} {
		add("odd", data)
	}
	return docs
}

// wantStored reads each document and each of its versions as they were put.
func wantStored(t *testing.T, db *DB, versions [][]store.Doc) {
	t.Helper()
	db.cache = newCache(0) // what is hot is kept as it was put
	for _, docs := range versions {
		for _, want := range docs {
			got, err := db.Version(1, want.ID, want.Version)
			if err != nil || string(got.Data) != string(want.Data) {
				t.Errorf("%s at version %d is %q, %v; it was put as %q", want.ID, want.Version, got.Data, err, want.Data)
			}
		}
	}
	noFaults(t, db)
}

// sums adds up what a statement says.
func sums(t *testing.T, db *DB, text string) (n int64) {
	t.Helper()
	alone(t, db, func(w *writer) {
		c, err := w.borrow()
		if err != nil {
			t.Error(err)
			return
		}
		defer w.giveBack(c)
		if err := c.each(text, func(s *stmt) error { n += s.columnInt(0); return nil }); err != nil {
			t.Error(err)
		}
	})
	return n
}

// TestPackedDocuments puts and changes documents, reads them, and goes on after a start, with and without models.
func TestPackedDocuments(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	old := packable()
	docs := packable()
	db := open(t, path, store.Options{}) // as a release before models
	putAll(t, db, old[:50])
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	var versions [][]store.Doc
	for round := range 10 {
		db = open(t, path, store.Options{Model: testModel})
		for i := range docs {
			if round == 0 && i < 50 {
				docs[i].Version = old[i].Version
			}
			docs[i].Data = append(docs[i].Data[:len(docs[i].Data):len(docs[i].Data)], byte('0'+round))
		}
		putAll(t, db, docs)
		versions = append(versions, append([]store.Doc(nil), docs...))
		if round%3 == 0 {
			wantStored(t, db, versions)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	db = open(t, path, store.Options{}) // nothing is packed, but what is can be read
	wantStored(t, db, versions)
	same := sums(t, db, `SELECT length(doc) FROM objects WHERE kind = 'same'`)
	if same > 30*32 {
		t.Errorf("30 documents that differ in three values take %d bytes", same)
	}
	if n := sums(t, db, `SELECT count(*) FROM models WHERE kind = 'various'`); n < 2 || n > mostModels {
		t.Errorf("documents of various fields have %d models", n)
	}
	if n := sums(t, db, `SELECT count(*) FROM models WHERE kind IN ('rare', 'odd')`); n > 1 {
		t.Errorf("%d models are of kinds that have none, or of short documents", n)
	}
}

// TestModelOfAFailedBatch lets the transaction fail that brings a kind's first model.
func TestModelOfAFailedBatch(t *testing.T) {
	t.Parallel()
	db := open(t, filepath.Join(t.TempDir(), "a.db"), store.Options{Model: testModel})
	docs := packable()
	limit := func(pages int64) {
		alone(t, db, func(w *writer) {
			if err := w.c.exec(fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
				t.Error(err)
			}
		})
	}
	limit(1)
	large := store.Doc{ID: "large", Kind: "rare", Data: []byte(strings.Repeat("x", 1<<20))}
	err := db.Update(context.Background(), func(tx store.Tx) error {
		failed := docs[0]
		return errors.Join(tx.Put(1, &failed), tx.Put(1, &large))
	})
	if err == nil {
		t.Fatal("a megabyte was written to a file that may not grow")
	}
	limit(1 << 30)
	if n := sums(t, db, `SELECT count(*) FROM models`); n != 0 {
		t.Fatalf("%d models are there after the batch failed", n)
	}
	putAll(t, db, docs)
	wantStored(t, db, [][]store.Doc{docs})
}

// TestDamagedModel takes a model away and expects an error, not a document.
func TestDamagedModel(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	db := open(t, path, store.Options{Model: testModel})
	docs := packable()
	putAll(t, db, docs)
	sums(t, db, `DELETE FROM models`)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, path, store.Options{})
	if d, err := db.Get(1, docs[0].ID); !errors.Is(err, errPacked) {
		t.Errorf("without its model a document is %q, %v", d.Data, err)
	}
}
