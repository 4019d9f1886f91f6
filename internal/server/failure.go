package server

import (
	"context"
	"errors"
	"net/http"
	"runtime/debug"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/resource"
)

// statusClosed is logged for a request whose client went away; nobody receives it.
const statusClosed = 499

// fail sends an error. If the error was kept for its idempotency key, a holds the very bytes.
func (x *exchange) fail(a *resource.Answer, err error) {
	api := x.asAPI(err)
	if x.older != nil {
		api = x.explain(api)
	}
	status, body := api.Status, []byte(nil)
	if a != nil && a.Status != 0 {
		status, body = a.Status, a.Body
	} else {
		body = api.Body(apierr.Links{Doc: x.links.DocURL(api.Code), Log: x.logURL()})
	}
	if x.older != nil {
		body = x.failedBody(body, api)
	}
	if x.grant != nil && x.fromBrowser() {
		var unseen error
		if body, unseen = forBrowser(body, nil); unseen != nil {
			x.Log.Error("reduce an error for a browser", "request", x.id, "error", unseen)
			body = apierr.Internal().Body(apierr.Links{})
		}
	}
	body = []byte(maskKeys(string(body))) // it may repeat what was sent
	x.log(status, &resource.Answer{Body: body}, api)
	if api == errCut || x.cutsAnswer() {
		x.cut()
	}
	h := x.head(len(body))
	if status == http.StatusUnauthorized {
		h["Www-Authenticate"] = basicRealm
	}
	if x.limited != "" {
		h["Stripe-Rate-Limited-Reason"] = rateReasons[x.limited]
	}
	switch {
	case api.Retry:
		h["Stripe-Should-Retry"] = yes
	case x.r.Method == http.MethodPost && status < http.StatusInternalServerError:
		h["Stripe-Should-Retry"] = no
	}
	x.replayHeaders(h, a)
	x.send(status, body)
}

// asAPI is the API error in err. Anything else is a fault of ours: it is logged and stays inside.
func (x *exchange) asAPI(err error) *apierr.Error {
	if api := apierr.As(err); api != nil {
		return api
	}
	internal := apierr.Internal()
	if errors.Is(err, context.Canceled) && x.r.Context().Err() != nil {
		internal.Status = statusClosed
		return internal
	}
	x.Log.Error("request failed", "request", x.id, "method", x.r.Method, "path", maskPath(x.path), "error", err)
	return internal
}

// recoverPanic turns a panic into a 500. Where the answer had begun it can only be cut off.
func (x *exchange) recoverPanic() {
	p := recover()
	if p == nil {
		return
	}
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(p)
	}
	x.Log.Error("panic", "request", x.id, "method", x.r.Method, "path", maskPath(x.path), "panic", p, "stack", string(debug.Stack()))
	if x.sent {
		panic(http.ErrAbortHandler)
	}
	clear(x.w.Header())
	x.used = 0
	x.fail(nil, apierr.Internal())
}

// logURL is where the request can be looked up. Who has not shown a key is not told.
func (x *exchange) logURL() string {
	if x.ns == nil {
		return ""
	}
	return x.links.LogURL(x.ns, x.id, x.start)
}

// unrecognised is Stripe's answer to a URL or a method that it does not have.
func unrecognised(method, path string) error {
	message := "Unrecognized request URL (" + method + ": " + clip(path, 2000) + "). "
	if strings.HasSuffix(path, "/") && len(path) > 1 {
		message += "If you are trying to list objects, remove the trailing slash. " +
			"If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code. "
	}
	message += "Please see https://stripe.com/docs or we can help at https://support.stripe.com/."
	return early(http.StatusNotFound, message)
}
