package server

import (
	"bytes"
	"cmp"
	"net/http"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
	"sharesmart/internal/version"
)

// chooseVersion takes the API version from its header, else from the key, else from the account.
func (x *exchange) chooseVersion() error {
	v := x.r.Header["Stripe-Version"]
	switch {
	case len(v) == 0 || v[0] == "":
		x.version = cmp.Or(x.grant.Version, x.toolVersion(), spec.Version)
		return nil
	case v[0] == spec.Version:
		return nil
	}
	if sent := strings.Join(v, ", "); !x.Mock && !version.Known(sent) {
		return apierr.Validation("", "", "Invalid Stripe API version: %s", clip(sent, 100))
	}
	x.version = v[0]
	return nil
}

// Stripe's command line names no version: its account has one. The requests that its triggers consist of were written
// years ago, for accounts of their time: a payment needs no return_url in them, and a customer takes a coupon.
const (
	stripeTool        = "stripe-cli/"
	stripeToolVersion = "2022-11-15"
)

// toolVersion is the version that a request of Stripe's command line is meant in; empty for those of others.
func (x *exchange) toolVersion() string {
	if !x.Mock && strings.Contains(x.sentHeader("User-Agent"), stripeTool) {
		return stripeToolVersion
	}
	return ""
}

// route finds the operation. A request in an older version may be for an address that has changed since. What browsers
// send is Stripe.js's, which knows the newest shapes.
func (x *exchange) route() (found bool) {
	method, path := x.method(), x.path
	if version.Changed(x.version) && !x.Mock && x.grant.Key.Kind != access.PublishableKey {
		x.older = version.NewRequest(x.version, method, path, x.fetch())
		method, path = x.older.Method, x.older.Path
	}
	x.op, x.params, found = spec.Match(method, path)
	return found
}

// fetch reads what older shapes are made from.
func (x *exchange) fetch() version.Fetch {
	return x.Engine.Fetch(x.r.Context(), x.grant.Namespace, x.ns)
}

// upgrade turns the request into the newest version. Who may not read what it asks to be shown is refused, as for other
// expansions.
func (x *exchange) upgrade() (err error) {
	q := &x.request
	if q.Query, q.ContentType, q.Body, err = x.older.Upgrade(x.op, q.Query, q.ContentType, q.Body); err != nil {
		return err
	}
	q.RawPath = x.older.Path
	key := x.grant.Key
	for _, kind := range x.older.Reveals(x.op) {
		if key.Rights != nil && !key.Rights.Allows(kind, false) {
			return forbidden("", "The provided key '"+key.Masked+"' does not have the required permissions to read the "+apierr.Noun(kind)+" that is to be expanded.")
		}
	}
	return nil
}

// downgrade brings the answer into the shape of the version that was asked for. It is no stored document as it is any
// more.
func (x *exchange) downgrade(a *resource.Answer) error {
	if a.ContentType != "" || len(a.Body) == 0 {
		return nil
	}
	body, err := x.older.Answer(a.Body)
	if err == nil {
		a.Body, a.ObjectID, a.ObjectVersion = body, "", 0
	}
	return err
}

// renderEvents shows events in the version in which they happened, whatever the request asks for.
func (x *exchange) renderEvents(a *resource.Answer) error {
	if bytes.Count(a.Body, eventVersion) == bytes.Count(a.Body, newestVersion) {
		return nil
	}
	body, err := version.Render("", a.Body, x.fetch())
	if err == nil {
		a.Body, a.ObjectID, a.ObjectVersion = body, "", 0
	}
	return err
}

// explain tells of an error in the words of the version that was asked for.
func (x *exchange) explain(api *apierr.Error) *apierr.Error {
	sent := x.older.Sent(api.Param)
	if sent == api.Param {
		return api
	}
	told := *api
	told.Param, told.Message = sent, strings.ReplaceAll(api.Message, api.Param, sent)
	return &told
}

// finishVersion is what is done to an answer for its version.
func (x *exchange) finishVersion(a *resource.Answer) error {
	if x.op.Kind == eventKind && x.method() == http.MethodGet {
		if err := x.renderEvents(a); err != nil {
			return err
		}
	}
	if x.older == nil {
		return nil
	}
	return x.downgrade(a)
}

const eventKind = "event"

// How events say which version they are in.
var (
	eventVersion  = []byte(`"api_version": "`)
	newestVersion = []byte(`"api_version": "` + spec.Version + `"`)
)

// failedBody is an error with what it brings along, in the shape of the version that was asked for.
func (x *exchange) failedBody(body []byte, api *apierr.Error) []byte {
	told, err := x.older.Failure(body, api.Param, api.Message)
	if err != nil {
		x.Log.Error("render an error for an older version", "request", x.id, "error", err)
		return body
	}
	return told
}
