package resource

import (
	"context"
	"net/url"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/spec"
)

// Fetch returns a function that reads what GET answers at a path ("/v1/invoices/in_1?limit=3") in a namespace, with all
// rights: what the shapes of older API versions are made from. platform is the namespace of the account that acts in ns,
// or ns itself. What is not there is nil.
func (e *Engine) Fetch(ctx context.Context, platform, ns *access.Namespace) func(path string, expand ...string) ([]byte, error) {
	return func(path string, expand ...string) ([]byte, error) {
		path, query, _ := strings.Cut(path, "?")
		for _, name := range expand {
			query += "&expand[]=" + url.QueryEscape(name)
		}
		op, params, found := spec.Match("GET", path)
		if !found {
			return nil, nil
		}
		a, err := e.Serve(ctx, &Request{Op: op, Path: params.Values(), Query: strings.TrimPrefix(query, "&"), Version: spec.Version,
			Grant: &access.Grant{Namespace: platform}, Namespace: ns, RawPath: path})
		switch {
		case err != nil && apierr.As(err) != nil:
			return nil, nil
		case err != nil:
			return nil, err
		}
		return a.Body, nil
	}
}
