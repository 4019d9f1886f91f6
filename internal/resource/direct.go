package resource

import (
	"context"

	"sharesmart/internal/access"
	"sharesmart/internal/audit"
	"sharesmart/internal/clock"
	"sharesmart/internal/object"
)

// Direct is an operation that does not run in a transaction of the caller's namespace, because what it changes stands
// above namespaces: a sandbox. It has no events, and no answer is kept for its idempotency key.
type Direct struct {
	Registry  *access.Registry
	Clock     clock.Clock
	Namespace *access.Namespace
	Grant     *access.Grant
	Path      []string
	Params    *object.Object
	URL       string // path as sent, for lists
}

// DirectFunc serves one such operation.
type DirectFunc func(ctx context.Context, d *Direct) (*object.Object, error)

func (e *Engine) direct(ctx context.Context, c *call, f DirectFunc) (*Answer, error) {
	if c.Grant.Key != nil && access.GrantOf(ctx) == nil { // who is signed in to the Dashboard is known already
		ctx = audit.By(ctx, audit.Actor{Kind: audit.Key, ID: c.Grant.Key.ID, Name: c.Grant.Key.Masked})
	}
	o, err := f(ctx, &Direct{Registry: e.registry, Clock: e.clock, Namespace: c.Namespace, Grant: c.Grant, Path: c.Path, Params: c.in.Params, URL: c.RawPath})
	if err != nil {
		return nil, err
	}
	return &Answer{Status: 200, Body: o.JSON()}, nil
}
