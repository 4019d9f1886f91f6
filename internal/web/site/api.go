package site

import (
	"net/url"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// call calls an operation of the API as a client does; form are names and values in turn. operation is its method and
// path.
func (v *visit) call(operation string, form ...string) (*object.Object, error) {
	method, path, _ := strings.Cut(operation, " ")
	op, params, _ := spec.Match(method, path)
	body := url.Values{}
	for i := 0; i+1 < len(form); i += 2 {
		body.Set(form[i], form[i+1])
	}
	answer, err := v.Engine.Serve(v.r.Context(), &resource.Request{
		Op: op, Path: params.Values(), ContentType: "application/x-www-form-urlencoded", Body: []byte(body.Encode()), Version: spec.Version,
		Grant: &access.Grant{Namespace: v.Namespace}, Namespace: v.Namespace, RawPath: path,
	})
	if err != nil {
		return nil, err
	}
	return object.Parse(answer.Body, op.Response())
}
