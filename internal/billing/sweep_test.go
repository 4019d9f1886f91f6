package billing_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// TestSweepCreates makes an object with every create operation, once with the parameters that it requires and once with
// all that the answer has a field for, and follows each through retrieve, list, update and delete.
//
// Its ledger has the parameters that the answer does not show although it has a field of that name: what a rule does
// with them, or has yet to do.
func TestSweepCreates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, f := range []fullness{required, mergeable} {
		for _, op := range spec.Operations() {
			if op.Class == spec.Create || op.Class == spec.SubCreate || op.Class == spec.TestHelper && op.Form == spec.Create {
				if err := w.follow(op, f); err != nil {
					t.Errorf("%s %s: %v", op.Method, op.Path, err)
				}
			}
		}
	}
	slices.Sort(w.unmerged)
	golden(t, "unmerged.golden", w.unmerged)
}

// follow makes one object and asks for it in every way that the spec has.
func (w *world) follow(op *spec.Operation, f fullness) error {
	w.t.Helper()
	ids := w.path(op)
	if unmade[op.ID] != "" {
		return nil
	}
	if ids == nil {
		return errors.New("nothing can be made that the path names")
	}
	form := w.params(op, f)
	a, err := w.call(op, ids, form)
	switch {
	case err != nil:
		return fmt.Errorf("%w\n%q", err, form)
	case a.Status == http.StatusNotImplemented:
		return nil
	case a.Status != http.StatusOK:
		return fmt.Errorf("refused: %s\n%q", a.Object.Object("error").String("message"), form)
	}
	made := a.Object
	w.note(op, form, made)
	if made.ID() == "" {
		return nil
	}
	base := fill(op, ids)
	if err := w.inList(base, made); err != nil && unlisted[op.ID] == "" {
		return err
	}
	if err := w.again(base, made); err != nil {
		return err
	}
	return w.change(base, made)
}

// at runs the operation that a method and a path lead to. The answer is nil if the spec has none that says the same of
// an object.
func (w *world) at(method, path string, form ...string) (*spec.Operation, *object.Object, int, error) {
	op, params, found := spec.Match(method, path)
	if !found {
		return nil, nil, 0, nil
	}
	a, err := w.call(op, params.Values(), form)
	if err != nil {
		return op, nil, a.Status, fmt.Errorf("%s %s: %w", method, path, err)
	}
	return op, a.Object, a.Status, nil
}

func (w *world) again(base string, made *object.Object) error {
	op, got, status, err := w.at(http.MethodGet, base+"/"+made.ID())
	if err != nil || op == nil {
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("retrieve: status %d: %s", status, got.AppendJSON(nil, 0))
	}
	shown := made.Clone()
	for _, once := range []string{"client_secret", "secret", "publishable_key", "secret_key"} { // what only the create shows
		if !got.Has(once) {
			shown.Delete(once)
		}
	}
	if d := object.Diff(shown, got); d != nil {
		return fmt.Errorf("retrieve differs from create; created were %s", d.AppendJSON(nil, 0))
	}
	return nil
}

func (w *world) inList(base string, made *object.Object) error {
	op, _, found := spec.Match(http.MethodGet, base)
	if !found || op.Class != spec.List && op.Class != spec.SubList {
		return nil
	}
	_, got, status, err := w.at(http.MethodGet, base, append(w.params(op, required), "limit", "100")...)
	if err != nil || status != http.StatusOK {
		return err
	}
	for _, item := range got.Array("data") {
		if o, ok := item.(*object.Object); ok && o.ID() == made.ID() {
			return nil
		}
	}
	return fmt.Errorf("the list does not have %s: %s", made.ID(), made.AppendJSON(nil, 0))
}

// ready does what an object needs before it can be changed.
func (w *world) ready(path string, made *object.Object) {
	w.t.Helper()
	if step := readied[made.String("object")]; step != nil {
		w.s.Post(path+"/"+step[0], w.expanded(step[1:])...).OK()
	}
}

// change updates the object's metadata and deletes it, where that can be done.
func (w *world) change(base string, made *object.Object) error {
	path := base + "/" + made.ID()
	w.ready(path, made)
	if op, _, found := spec.Match(http.MethodPost, path); found && op.Params().Prop("metadata") != nil && made.Object("metadata") != nil {
		_, got, status, err := w.at(http.MethodPost, path, "metadata[swept]", "yes")
		if err != nil {
			return err
		}
		if status != http.StatusOK || got.Object("metadata").String("swept") != "yes" {
			return fmt.Errorf("update: status %d: %s", status, got.AppendJSON(nil, 0))
		}
	}
	op, got, status, err := w.at(http.MethodDelete, path)
	if err != nil || op == nil {
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("delete: status %d: %s", status, got.AppendJSON(nil, 0))
	}
	_, got, status, err = w.at(http.MethodGet, path)
	if err == nil && status != http.StatusNotFound && status != 0 && !got.Bool("deleted") && got.String("status") != "canceled" {
		return fmt.Errorf("after the delete: status %d: %s", status, got.AppendJSON(nil, 0))
	}
	return err
}
