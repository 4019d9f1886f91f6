package server

import (
	"net/http"
	"strconv"

	"sharesmart/internal/resource"
)

// Values of headers that are the same on every answer. The slices are shared: nobody may change them.
var (
	typeJSON      = []string{"application/json"}
	noCache       = []string{"no-cache, no-store"}
	allowOrigin   = []string{"*"}
	allowMethods  = []string{"GET, HEAD, PUT, PATCH, POST, DELETE"}
	yes           = []string{"true"}
	no            = []string{"false"}
	maxAge        = []string{"300"}
	exposeHeaders = []string{"Request-Id, Stripe-Manage-Version, Stripe-Should-Retry, X-Stripe-External-Auth-Required, X-Stripe-Privileged-Session-Required"}
	basicRealm    = []string{`Basic realm="Stripe"`}
	mockVersion   = []string{"0.203.0"}
)

// one keeps a header value in the exchange and returns a slice of just it, so that a header costs no allocation.
func (x *exchange) one(value string) []string {
	i := x.used
	x.used++
	x.values[i] = value
	return x.values[i : i+1 : i+1]
}

// head sets the headers that every answer has. Names are written in their canonical form, straight into the map.
func (x *exchange) head(length int) http.Header {
	h := x.w.Header()
	h["Content-Type"] = typeJSON
	h["Content-Length"] = x.one(strconv.Itoa(length))
	h["Cache-Control"] = noCache
	h["Request-Id"] = x.one(x.id)
	h["Stripe-Version"] = x.one(x.version)
	h["Access-Control-Allow-Origin"] = allowOrigin
	h["Access-Control-Allow-Methods"] = allowMethods
	h["Access-Control-Allow-Credentials"] = yes
	h["Access-Control-Max-Age"] = maxAge
	h["Access-Control-Expose-Headers"] = exposeHeaders
	x.secure(h)
	if x.Mock {
		h["Stripe-Mock-Version"] = mockVersion
	}
	if x.fault != nil {
		h[faultHeader] = x.one(x.fault.Text)
	}
	if account := x.r.Header["Stripe-Account"]; len(account) > 0 {
		h["Stripe-Account"] = account[:1]
	}
	if x.r.Method == http.MethodPost {
		if key := x.r.Header["Idempotency-Key"]; len(key) > 0 {
			h["Idempotency-Key"] = key[:1]
		}
	}
	return h
}

// replayHeaders says which execution of an idempotent request this answer is from.
func (x *exchange) replayHeaders(h http.Header, a *resource.Answer) {
	if a == nil {
		return
	}
	if a.Original != "" {
		h["Original-Request"] = x.one(a.Original)
	}
	if a.Replayed {
		h["Idempotent-Replayed"] = yes
	}
}

// preflight answers a browser that asks whether it may send a request.
func (x *exchange) preflight() *resource.Answer {
	if names := x.r.Header["Access-Control-Request-Headers"]; len(names) > 0 && len(names[0]) <= 1024 {
		x.w.Header()["Access-Control-Allow-Headers"] = names[:1]
	}
	return &resource.Answer{Status: http.StatusOK}
}

// finish logs the request and sends its answer. The log comes first, so that who has the answer finds the entry.
func (x *exchange) finish(a *resource.Answer, err error) {
	if err != nil {
		x.fail(a, err)
		return
	}
	x.log(a.Status, a, nil)
	if x.cutsAnswer() {
		x.cut()
	}
	end := lineEnd
	if a.ContentType != "" || len(a.Body) == 0 || a.Body[len(a.Body)-1] == '\n' {
		end = nil
	}
	h := x.head(len(a.Body) + len(end))
	if a.ContentType != "" {
		h["Content-Type"] = x.one(a.ContentType)
	}
	if x.r.Method == http.MethodPost {
		h["Stripe-Should-Retry"] = no
		x.replayHeaders(h, a)
	}
	x.send(a.Status, a.Body, end)
}

// lineEnd closes a JSON body, as Stripe's are. Stored documents are without it.
var lineEnd = []byte("\n")

func (x *exchange) send(status int, parts ...[]byte) {
	x.sent = true
	x.w.WriteHeader(status)
	if x.r.Method == http.MethodHead {
		return
	}
	for _, part := range parts {
		if len(part) > 0 {
			// A write fails when the client is gone; there is nobody left to tell.
			_, _ = x.w.Write(part)
		}
	}
}
