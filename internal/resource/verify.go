package resource

import (
	"context"
	"fmt"
	"maps"
	"slices"

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
		figures, err := e.Survey(ctx, ns).verifyFigures()
		if err != nil {
			return problems, fmt.Errorf("verify figures of %s/%s: %w", ns.Account, ns.Env, err)
		}
		for _, problem := range figures {
			problems = append(problems, fmt.Sprintf("%s (%s): %s", ns.Account, ns.Env, problem))
		}
		for _, kind := range slices.Sorted(maps.Keys(e.rules)) {
			audit := e.rules[kind].Audit
			if audit == nil {
				continue
			}
			found, err := audit(e.Survey(ctx, ns))
			if err != nil {
				return problems, fmt.Errorf("verify %s of %s/%s: %w", kind, ns.Account, ns.Env, err)
			}
			for _, problem := range found {
				problems = append(problems, fmt.Sprintf("%s (%s): %s", ns.Account, ns.Env, problem))
			}
		}
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
