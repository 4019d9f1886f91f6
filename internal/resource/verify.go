package resource

import (
	"context"
	"fmt"

	"sharesmart/internal/store"
)

// verifyPage is how many events are looked at in one read.
const verifyPage = 1000

// Verify proves the database to be sound and lists what is not: the store's own checks (documents, refs, versions), and
// that every event names a version that is there.
func (e *Engine) Verify(ctx context.Context) ([]string, error) {
	problems, err := e.store.Check(ctx)
	if err != nil {
		return problems, err
	}
	all, err := e.registry.Namespaces()
	if err != nil {
		return problems, err
	}
	for _, ns := range all {
		found, err := e.verifyEvents(ctx, ns)
		if err != nil {
			return problems, fmt.Errorf("verify %s/%s: %w", ns.Account, ns.Env, err)
		}
		problems = append(problems, found...)
	}
	return problems, nil
}

func (e *Engine) verifyEvents(ctx context.Context, ns namespace) (problems []string, err error) {
	q := store.Query{NS: ns.NS, Kind: eventKind, Limit: verifyPage, Ascending: true, CreatedMin: e.oldest(e.kind(eventKind))}
	for {
		page, err := e.store.List(q)
		if err != nil {
			return problems, err
		}
		for _, d := range page.Docs {
			if _, err := e.renderEvent(e.store, ns.NS, d); err != nil {
				problems = append(problems, fmt.Sprintf("event %s of %s (%s): %v", d.ID, ns.Account, ns.Env, err))
			}
			if ctx.Err() != nil {
				return problems, ctx.Err()
			}
		}
		if !page.More {
			return problems, nil
		}
		last := page.Docs[len(page.Docs)-1]
		q.After = &store.Position{Created: last.Created, Seq: last.Seq}
	}
}
