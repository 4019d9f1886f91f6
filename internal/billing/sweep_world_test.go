package billing_test

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
	"sharesmart/internal/spec"
)

// world is a server for sweeps over the spec, and the objects that they need, each made when it is first asked for.
type world struct {
	t        *testing.T
	s        *servertest.Server
	ids      map[string]string // by kind; empty while it is being made, or if it cannot be
	names    int               // that unique gave out
	unmerged []string          // parameters that answers do not show
}

// newWorld is a world whose account has money to pay out, a bank account for it, and a head office to sell from.
func newWorld(t *testing.T) *world {
	t.Helper()
	s := servertest.New(t)
	s.Post("/v1/tax/settings", "head_office[address][country]", "US", "head_office[address][state]", "CA", "defaults[tax_behavior]", "exclusive").OK()
	s.Post("/v1/balance_settings", "payments[settlement_timing][delay_days_override]", "0").OK()
	s.Post("/v1/charges", "amount", "1000000", "currency", "usd", "source", "tok_visa").OK()
	s.Post("/v1/payouts", "amount", "1", "currency", "usd").OK()
	return &world{t: t, s: s, ids: map[string]string{}}
}

// call runs an operation and holds its answer against the spec. It returns an error for what no operation may do.
func (w *world) call(op *spec.Operation, ids []string, form []string) (*servertest.Answer, error) {
	w.t.Helper()
	r := servertest.Request{Method: op.Method, Path: fill(op, ids), Form: form, Unchecked: true, Header: http.Header{"Stripe-Version": {spec.Version}}}
	if op.Multipart {
		r.Body, r.ContentType = multipartBody(form)
		r.Form = nil
	}
	a := w.s.Do(r)
	switch {
	case a.Status == http.StatusOK && op.Response() == nil:
		return a, nil
	case a.Status == http.StatusOK && a.Object == nil:
		return a, fmt.Errorf("the answer is no object: %.300s", a.Body)
	case a.Status == http.StatusOK:
		return a, object.Check(op.Response(), a.Object)
	case a.Status == http.StatusNotImplemented:
		if w.s.Engine.Origin(op) != resource.OriginUnsupported {
			return a, fmt.Errorf("it has a handler and answers 501")
		}
	case a.Status >= http.StatusInternalServerError:
		return a, fmt.Errorf("status %d: %s", a.Status, a.Body)
	}
	if a.Object.Object("error").String("message") == "" {
		return a, fmt.Errorf("status %d without an error's message: %.300s", a.Status, a.Body)
	}
	return a, nil
}

// fill puts ids into the path of an operation.
func fill(op *spec.Operation, ids []string) string {
	path := op.Path
	for i, name := range op.PathParams {
		path = strings.Replace(path, "{"+name+"}", ids[i], 1)
	}
	return path
}

// id is the id of an object of a kind, or empty if there is no way to have one.
func (w *world) id(kind string) string {
	w.t.Helper()
	if id, known := w.ids[kind]; known {
		return id
	}
	if w.ids[kind] = known[kind]; w.ids[kind] != "" {
		return w.ids[kind]
	}
	if form, ok := special[kind]; ok {
		made := w.s.Post(form[0], w.expanded(form[1:])...).OK()
		w.ids[kind] = cmp.Or(made.ID(), made.String("identifier")) // a meter event has no id
		return w.ids[kind]
	}
	for _, op := range makersOf(kind) {
		if w.ids[kind] = w.make(op); w.ids[kind] != "" {
			return w.ids[kind]
		}
	}
	w.ids[kind] = w.listed(kind)
	return w.ids[kind]
}

// make runs an operation that makes an object and returns its id; empty if it makes none.
func (w *world) make(op *spec.Operation) string {
	w.t.Helper()
	ids := w.path(op)
	if ids == nil {
		return ""
	}
	a, err := w.call(op, ids, w.params(op, required))
	if err != nil {
		w.t.Errorf("%s %s: %v", op.Method, op.Path, err)
	}
	if a.Status != http.StatusOK {
		return ""
	}
	return a.Object.ID()
}

// makersOf are the operations that make an object of a kind, the plainest first.
func makersOf(kind string) []*spec.Operation {
	var out []*spec.Operation
	for _, class := range []spec.Class{spec.Create, spec.Upload, spec.SubCreate} {
		for _, op := range spec.Operations() {
			if op.Kind == kind && (op.Class == class || op.Class == spec.TestHelper && op.Form == class) && op.Method == http.MethodPost {
				out = append(out, op)
			}
		}
	}
	return out
}

// listed is the id of the first object in the kind's list: of reference data, and of what other objects brought along.
func (w *world) listed(kind string) string {
	for _, op := range spec.Operations() {
		if op.Class != spec.List || op.Kind != kind {
			continue
		}
		a, err := w.call(op, nil, w.params(op, required))
		if err != nil || a.Status != http.StatusOK {
			continue
		}
		for _, item := range a.Object.Array("data") {
			if o, ok := item.(*object.Object); ok {
				return o.ID()
			}
		}
	}
	return ""
}

// path makes the ids that an operation's path needs; nil if one of them cannot be had.
func (w *world) path(op *spec.Operation) []string {
	ids := make([]string, len(op.PathParams))
	delete(w.ids, usesUp[op.ID])
	for i := range ids {
		kind := op.Target
		if i == 0 && op.Parent != "" {
			kind = op.Parent
		}
		if i > 0 {
			ids[i] = w.idBelow(op.Parent, kind)
		}
		if ids[i] == "" {
			ids[i] = w.id(kind)
		}
		if ids[i] == "" {
			return nil
		}
	}
	return ids
}

// idBelow is the id of an object that was made below another one.
func (w *world) idBelow(parent, kind string) string {
	w.t.Helper()
	key := kind + " below " + parent
	if w.ids[key] == "" {
		for _, op := range makersOf(kind) {
			if op.Parent == parent && unmade[op.ID] == "" {
				w.ids[key] = w.make(op)
			}
		}
	}
	return w.ids[key]
}

func multipartBody(form []string) (*strings.Reader, string) {
	const boundary = "sweep-boundary"
	var b strings.Builder
	for i := 0; i+1 < len(form); i += 2 {
		extra := ""
		if form[i] == "file" {
			extra = "; filename=\"logo.png\"\r\nContent-Type: image/png"
		}
		fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=%q%s\r\n\r\n%s\r\n", boundary, form[i], extra, form[i+1])
	}
	b.WriteString("--" + boundary + "--\r\n")
	return strings.NewReader(b.String()), "multipart/form-data; boundary=" + boundary
}
