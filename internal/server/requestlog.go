package server

import (
	"net/http"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/resource"
	"sharesmart/internal/store"
)

// How much of a request and its answer the log keeps.
const (
	maxLoggedParams = 16 << 10
	maxLoggedAnswer = 64 << 10
	maxLoggedPath   = 2 << 10
	maxLoggedAgent  = 512
)

// log hands the request to the store, which writes it later. A request without a valid key is kept in the Control
// namespace, where no account sees it.
//
// The answer is kept as the object and version that it is, or as its bytes if it is an error or the outcome of a
// write. What a read made of many objects is not kept: it can be asked again, and would make the log the largest part
// of the database.
func (x *exchange) log(status int, a *resource.Answer, failed *apierr.Error) {
	if x.unlogged {
		return
	}
	e := store.LogEntry{
		Seq: x.seq, ID: x.id, Time: x.start.UnixMicro(), Duration: x.Clock.Now().Sub(x.start).Microseconds(),
		Method: x.r.Method, Path: maskPath(x.path), Query: maskForm(x.r.URL.RawQuery),
		Params: x.maskedParams(), Status: status,
		IP: hostOf(x.r.RemoteAddr), UserAgent: clip(x.sentHeader("User-Agent"), maxLoggedAgent),
		Version: x.version, Idempotency: clip(x.sentHeader("Idempotency-Key"), 255), Events: a.Events,
	}
	if x.ns != nil {
		e.NS, e.KeyID = x.ns.NS, x.grant.Key.ID
	}
	if x.op != nil {
		e.Operation = x.op.ID
	}
	if failed != nil {
		e.ErrorCode = failed.Code
		if e.ErrorCode == "" {
			e.ErrorCode = failed.Type
		}
	}
	switch {
	case failed == nil && a.ObjectID != "":
		e.ObjectID, e.ObjectVersion = a.ObjectID, a.ObjectVersion
	case status >= http.StatusBadRequest || x.r.Method == http.MethodPost || x.r.Method == http.MethodDelete:
		if len(a.Body) <= maxLoggedAnswer {
			e.Answer = maskAnswer(a.Body)
		}
	}
	x.Store.Log(e)
	if x.Logged != nil {
		x.Logged(e)
	}
}

// maskedParams are what the log keeps of the body.
func (x *exchange) maskedParams() string {
	masked := maskParams(x.sentHeader("Content-Type"), x.sentBody())
	if x.op != nil && browserCalls[x.op.ID].hidden != "" {
		masked = hideParam(browserCalls[x.op.ID].hidden, masked)
	}
	return masked
}

// sentBody is the body as it came.
func (x *exchange) sentBody() []byte {
	if x.form != nil {
		return x.form
	}
	return x.body
}

// hostOf is the address without its port.
func hostOf(address string) string {
	colon := strings.LastIndexByte(address, ':')
	if colon < 0 {
		return address
	}
	return strings.Trim(address[:colon], "[]")
}
