package site

import (
	"net/url"

	"sharesmart/internal/object"
)

// call calls an operation of the API as a client does; form are names and values in turn. operation is its method and
// path.
func (v *visit) call(operation string, form ...string) (*object.Object, error) {
	body := url.Values{}
	for i := 0; i+1 < len(form); i += 2 {
		body.Set(form[i], form[i+1])
	}
	return v.Engine.Do(v.r.Context(), v.Namespace, operation, body)
}
