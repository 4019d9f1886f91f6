package resource

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"sharesmart/internal/store"
)

const (
	eventsIndexed = "events:indexed"
	// indexedAtOnce is how many events are indexed in one transaction, so that others do not wait for long.
	indexedAtOnce = 200
)

// IndexEvents lets events be found by their object that were written before events were indexed by it. It goes on beside
// what is served, costs a read of all events, once, and begins anew if it was stopped before the end.
func (e *Engine) IndexEvents(ctx context.Context) error {
	_, err := e.store.Get(store.Control, eventsIndexed)
	if err == nil || !errors.Is(err, store.ErrNotFound) {
		return err
	}
	all, err := e.everyNamespace()
	if err != nil {
		return err
	}
	for _, ns := range all {
		if err := e.indexEventsOf(ctx, ns.NS); err != nil {
			return fmt.Errorf("index the events of %s/%s: %w", ns.Account, ns.Env, err)
		}
	}
	return e.store.Update(ctx, func(tx store.Tx) error {
		return tx.Put(store.Control, &store.Doc{ID: eventsIndexed, Kind: "server", Created: e.clock.Now().Unix(), Data: []byte("{}")})
	})
}

func (e *Engine) indexEventsOf(ctx context.Context, ns store.NS) error {
	q := store.Query{NS: ns, Kind: eventKind, Limit: indexedAtOnce, Ascending: true, CreatedMin: e.oldest(e.kind(eventKind))}
	for {
		page, err := e.store.List(q)
		if err != nil {
			return err
		}
		left := slices.DeleteFunc(slices.Clone(page.Docs), func(d store.Doc) bool { return subjectOf(d) == "" })
		if len(left) > 0 {
			if err := e.store.Update(ctx, func(tx store.Tx) error { return indexEvents(tx, ns, left) }); err != nil {
				return err
			}
		}
		if err := ctx.Err(); err != nil || !page.More {
			return err
		}
		last := page.Docs[len(page.Docs)-1]
		q.After = &store.Position{Created: last.Created, Seq: last.Seq}
	}
}

// subjectOf is the document that an event announces, if it is not indexed by that; else empty.
func subjectOf(d store.Doc) string {
	if slices.ContainsFunc(d.Refs, func(r store.Ref) bool { return r.Field == eventSubject }) {
		return ""
	}
	line, _, _ := bytes.Cut(d.Data, []byte{'\n'})
	id, _, named := bytes.Cut(line, []byte{'\t'})
	if !named {
		return ""
	}
	return string(id)
}

func indexEvents(tx store.Tx, ns store.NS, events []store.Doc) error {
	for _, listed := range events {
		d, err := tx.Get(ns, listed.ID)
		if errors.Is(err, store.ErrNotFound) || err == nil && (d.Deleted || subjectOf(d) == "") {
			continue // it was forgotten meanwhile
		}
		if err != nil {
			return err
		}
		d.Refs = append(slices.Clone(d.Refs), store.Ref{Field: eventSubject, Value: subjectOf(d)})
		if err := tx.Put(ns, &d); err != nil {
			return err
		}
	}
	return nil
}
