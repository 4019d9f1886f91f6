package resource

import (
	"context"
	"net/url"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// Do calls an operation of the API from inside, as a client does that has all rights: for what a page shows or does in the
// very words of the API. operation is its method and path, form what is sent; what must happen together is one Call instead.
func (e *Engine) Do(ctx context.Context, ns namespace, operation string, form url.Values) (*object.Object, error) {
	method, path, _ := strings.Cut(operation, " ")
	op, params, _ := spec.Match(method, path)
	grant, err := e.selfGrant(ns)
	if err != nil {
		return nil, err
	}
	r := &Request{Op: op, Path: params.Values(), Version: spec.Version, Grant: grant, Namespace: ns, RawPath: path}
	if method == "GET" {
		r.Query = form.Encode()
	} else {
		r.ContentType, r.Body = "application/x-www-form-urlencoded", []byte(form.Encode())
	}
	answer, err := e.Serve(ctx, r)
	if err != nil {
		return nil, err
	}
	return object.Parse(answer.Body, op.Response())
}
