package resource

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"sharesmart/internal/store"
)

// verifyPage is how many events are looked at in one read.
const verifyPage = 1000

// Verify proves the database to be sound and lists what is not: the store's own checks (documents, refs, versions), that
// every event names a version that is there, and the audits of the rules. All of it reads the database as it is when it
// begins, so it may run beside any number of processes that write.
func (e *Engine) Verify(ctx context.Context) (problems []string, err error) {
	frozen, err := e.store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, frozen.Close()) }()
	if problems, err = frozen.Check(ctx); err != nil {
		return problems, err
	}
	all, err := e.registry.Namespaces()
	if err != nil {
		return problems, err
	}
	for _, ns := range all {
		found, err := e.verifyAccount(&Survey{ctx: ctx, engine: e, from: frozen, ns: ns})
		if err != nil {
			return problems, fmt.Errorf("verify %s/%s: %w", ns.Account, ns.Env, err)
		}
		for _, problem := range found {
			problems = append(problems, fmt.Sprintf("%s (%s): %s", ns.Account, ns.Env, problem))
		}
	}
	return problems, nil
}

// verifyAccount looks at the events, the figures and the books of an account.
func (e *Engine) verifyAccount(s *Survey) (problems []string, err error) {
	audits := []func(*Survey) ([]string, error){(*Survey).verifyEvents, (*Survey).verifyFigures}
	for _, kind := range slices.Sorted(maps.Keys(e.rules)) {
		if audit := e.rules[kind].Audit; audit != nil {
			audits = append(audits, audit)
		}
	}
	for _, audit := range audits {
		found, err := audit(s)
		if err != nil {
			return problems, err
		}
		problems = append(problems, found...)
	}
	return problems, nil
}

func (s *Survey) verifyEvents() (problems []string, err error) {
	e := s.engine
	q := store.Query{NS: s.ns.NS, Kind: eventKind, Limit: verifyPage, Ascending: true, CreatedMin: e.oldest(e.kind(eventKind))}
	for {
		page, err := s.from.List(q)
		if err != nil {
			return problems, err
		}
		for _, d := range page.Docs {
			if _, err := e.renderEvent(s.from, s.ns.NS, d); err != nil {
				problems = append(problems, fmt.Sprintf("event %s: %v", d.ID, err))
			}
			if s.ctx.Err() != nil {
				return problems, s.ctx.Err()
			}
		}
		if !page.More {
			return problems, nil
		}
		last := page.Docs[len(page.Docs)-1]
		q.After = &store.Position{Created: last.Created, Seq: last.Seq}
	}
}
