package billing_test

import (
	"net/http"
	"slices"
	"testing"

	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// TestSweepOperations calls every operation of the spec, on objects that exist where they can be made. None may fail
// with a fault of ours or answer what the spec does not know; one without a rule says so.
func TestSweepOperations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	answered := map[string]int{}
	for _, op := range spec.Operations() {
		if op.Method == http.MethodDelete {
			continue
		}
		w.try(op, answered)
	}
	for _, op := range slices.Backward(spec.Operations()) { // what is below another object goes first
		if op.Method == http.MethodDelete {
			w.try(op, answered)
		}
	}
	t.Logf("answered: %v", answered)
	const enough = 425
	if answered["200"] < enough {
		t.Errorf("%d operations answered 200, want at least %d: the sweep does not reach the others", answered["200"], enough)
	}
}

// try calls one operation with the parameters that it requires, and counts how it answered.
func (w *world) try(op *spec.Operation, answered map[string]int) {
	w.t.Helper()
	ids := w.path(op)
	if ids == nil {
		ids = make([]string, len(op.PathParams))
		for i := range ids {
			ids[i] = "made_up"
		}
	}
	a, err := w.call(op, ids, w.params(op, required))
	if err != nil {
		w.t.Errorf("%s %s: %v", op.Method, op.Path, err)
	}
	unsupported := w.s.Engine.Origin(op) == resource.OriginUnsupported
	if unsupported != (a.Status == http.StatusNotImplemented) {
		w.t.Errorf("%s %s: status %d, and it is %s", op.Method, op.Path, a.Status, w.s.Engine.Origin(op))
	}
	switch {
	case a.Status == http.StatusOK:
		answered["200"]++
	case unsupported:
		answered["501"]++
	default:
		answered["refused"]++
		w.t.Logf("%s %s: %d %s", op.Method, op.Path, a.Status, a.Object.Object("error").String("message"))
	}
	if op.Method == http.MethodDelete {
		delete(w.ids, op.Kind)
		delete(w.ids, op.Kind+" below "+op.Parent)
	}
}
