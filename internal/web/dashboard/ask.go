package dashboard

import (
	"net/http"
	"net/url"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
)

// ask makes a request of the API in the page's namespace, as the person: what changes something is logged like any
// other, what only reads is not. What the API refuses is an *apierr.Error.
func (v *Visit) ask(method, path string, form url.Values) (*object.Object, error) {
	if method == http.MethodGet {
		return v.Engine.Do(v.R.Context(), v.Namespace, method+" "+path, form)
	}
	return v.answered(&call{Method: method, Path: path, Body: form.Encode()})
}

// upload makes a file of a multipart body.
func (v *Visit) upload(contentType, body string) (*object.Object, error) {
	return v.answered(&call{Method: http.MethodPost, Path: "/v1/files", Type: contentType, Body: body})
}

func (v *Visit) answered(c *call) (*object.Object, error) {
	a, err := v.send(v.Namespace, c)
	if err != nil {
		return nil, err
	}
	o, err := object.Parse(a.Body, nil)
	if err != nil || a.Status < http.StatusBadRequest {
		return o, err
	}
	e := o.Object("error")
	return nil, &apierr.Error{Status: a.Status, Type: e.String("type"), Code: e.String("code"), Param: e.String("param"), Message: e.String("message")}
}
