package resource

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"sharesmart/internal/store"
)

// forgetChunk is how many objects are erased in one transaction, so that requests wait for a millisecond or two at most.
const forgetChunk = 64

// Forget removes from the disk what is not kept any longer: versions, saved answers, the request log, and the objects of
// kinds with a Retention that are past it, which cannot be found by then. It costs a look for each namespace and such a kind,
// and goes in small steps beside requests.
func (e *Engine) Forget(ctx context.Context) error {
	if err := e.store.Prune(e.clock.Now().Add(-e.retention()).Unix()); err != nil {
		return err
	}
	all, err := e.everyNamespace()
	if err != nil {
		return err
	}
	for _, ns := range all {
		for _, name := range slices.Sorted(maps.Keys(e.rules)) {
			if e.rules[name].Retention == 0 {
				continue
			}
			if err := e.forgetKind(ctx, ns.NS, e.kind(name)); err != nil {
				return fmt.Errorf("forget %ss of %s/%s: %w", name, ns.Account, ns.Env, err)
			}
		}
	}
	return nil
}

// forgetKind erases the objects of a kind that are past its retention, oldest first.
func (e *Engine) forgetKind(ctx context.Context, ns store.NS, k *kindInfo) error {
	q := store.Query{NS: ns, Kind: k.name, CreatedMax: e.oldest(k) - 1, Ascending: true, Limit: forgetChunk}
	for {
		page, err := e.store.List(q)
		if err != nil || len(page.Docs) == 0 {
			return err
		}
		if err := e.store.Update(ctx, func(tx store.Tx) error { return erase(tx, ns, page.Docs) }); err != nil {
			return err
		}
		last := page.Docs[len(page.Docs)-1]
		if q.After = (&store.Position{Created: last.Created, Seq: last.Seq}); !page.More {
			return nil
		}
	}
}

// erase removes documents, unless somebody else did already.
func erase(tx store.Tx, ns store.NS, docs []store.Doc) error {
	for _, listed := range docs {
		d, err := tx.Get(ns, listed.ID)
		if errors.Is(err, store.ErrNotFound) || err == nil && d.Deleted {
			continue
		}
		if err != nil {
			return err
		}
		d.Deleted, d.Erased = true, true
		if err := tx.Put(ns, &d); err != nil {
			return err
		}
	}
	return nil
}
