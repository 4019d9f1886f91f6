// Package control reads and writes what stands above all accounts: documents of the store's Control namespace, as JSON of
// Go's values. It knows no kinds; package access keeps keys and sandboxes there, package people those who sign in.
package control

import (
	"encoding/json"
	"fmt"
	"slices"

	"sharesmart/internal/store"
)

// pageSize is how many documents are read at once.
const pageSize = 100

// Load reads a live document into v. It is store.ErrNotFound if there is none.
func Load(from store.Reader, id string, v any) (store.Doc, error) {
	d, err := from.Get(store.Control, id)
	if err != nil {
		return d, err
	}
	if d.Deleted {
		return d, store.ErrNotFound
	}
	return d, Decode(d, v)
}

// Decode reads what a document holds into v.
func Decode(d store.Doc, v any) error {
	if err := json.Unmarshal(d.Data, v); err != nil {
		return fmt.Errorf("control: document %s: %w", d.ID, err)
	}
	return nil
}

// Put writes a document: d names it and, with its version, what it replaces. now is when a new one was made, in unix
// seconds, unless d says so itself.
func Put(tx store.Tx, d *store.Doc, v any, now int64) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("control: document %s: %w", d.ID, err)
	}
	d.Data = data
	if d.Created == 0 {
		d.Created = now
	}
	return tx.Put(store.Control, d)
}

// Remove deletes a document.
func Remove(tx store.Tx, d store.Doc) error {
	d.Deleted, d.Refs = true, nil
	return tx.Put(store.Control, &d)
}

// Each calls fn for every live document that q finds, newest first.
func Each(from store.Reader, q store.Query, fn func(store.Doc) error) error {
	q.NS, q.Limit = store.Control, pageSize
	for {
		page, err := from.List(q)
		if err != nil {
			return err
		}
		for _, d := range page.Docs {
			if err := fn(d); err != nil {
				return err
			}
		}
		if !page.More || len(page.Docs) == 0 {
			return nil
		}
		last := page.Docs[len(page.Docs)-1]
		q.After = &store.Position{Created: last.Created, Seq: last.Seq}
	}
}

// Collect reads all that q finds before anything is changed, so that the changes do not move the list's pages.
func Collect(from store.Reader, q store.Query) ([]store.Doc, error) {
	var docs []store.Doc
	err := Each(from, q, func(d store.Doc) error {
		docs = append(docs, d)
		return nil
	})
	return docs, err
}

// First is the newest document that q finds. It is store.ErrNotFound if there is none.
func First(from store.Reader, q store.Query) (store.Doc, error) {
	q.NS, q.Limit = store.Control, 1
	page, err := from.List(q)
	if err != nil {
		return store.Doc{}, err
	}
	if len(page.Docs) == 0 {
		return store.Doc{}, store.ErrNotFound
	}
	return page.Docs[0], nil
}

// Where makes conditions of pairs of field and value, leaving out those without a value.
func Where(pairs ...string) []store.Cond {
	var conds []store.Cond
	for pair := range slices.Chunk(pairs, 2) {
		if pair[1] != "" {
			conds = append(conds, store.Cond{Field: pair[0], Values: []string{pair[1]}})
		}
	}
	return conds
}
