package billing_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// TestSweepFilters sends every filter of every list, once with a value of a made object's own, by which the list must
// have it, and once with another, by which it must not.
func TestSweepFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sent, found := 0, 0
	for _, op := range spec.Operations() {
		if op.Form != spec.List || op.Method != http.MethodGet {
			continue
		}
		var made *object.Object
		if id := w.richID(op.Kind); id != "" {
			if get, params, ok := spec.Match(http.MethodGet, op.Path+"/"+id); ok {
				if a, err := w.call(get, params.Values(), nil); err == nil && a.Status == http.StatusOK {
					made = a.Object
				}
			}
		}
		for _, p := range op.Params().Props {
			if slices.Contains([]string{"limit", "starting_after", "ending_before", "expand", "order_by"}, p.Name) {
				continue
			}
			for _, f := range filterForms(p) {
				sent++
				if w.filter(op, f, made) {
					found++
				}
			}
		}
	}
	t.Logf("%d filters sent, %d found their object by its own value", sent, found)
	if found < 100 {
		t.Errorf("%d filters found an object by its own value, want at least 100", found)
	}
}

// richID is the id of an object that was made with all that can be merged, or of any.
func (w *world) richID(kind string) string {
	for _, op := range makersOf(kind) {
		if unlisted[op.ID] != "" {
			return ""
		}
		ids := w.path(op)
		if ids == nil || unmade[op.ID] != "" {
			continue
		}
		if a, err := w.call(op, ids, w.params(op, mergeable)); err == nil && a.Status == http.StatusOK && a.Object.ID() != "" {
			return a.Object.ID()
		}
	}
	return w.id(kind)
}

// filterForm is one way to send a filter: its name, and the field that it should look at.
type filterForm struct {
	name, field string
	schema      *spec.Schema
	ranged      bool
}

func filterForms(p spec.Prop) []filterForm {
	s := p.Schema()
	switch {
	case s.Kind == spec.Array:
		return []filterForm{{p.Name + "[]", strings.TrimSuffix(p.Name, "s"), s.Items(), false}}
	case fieldOf(s, "gte") != nil && s.Kind == spec.Object: // a range, and no single number
		return []filterForm{{p.Name + "[gte]", p.Name, s, false}}
	case fieldOf(s, "gte") != nil:
		return []filterForm{{p.Name, p.Name, s, true}}
	case s.Kind == spec.Object:
		var out []filterForm
		for _, part := range s.Props {
			name := p.Name + "[" + part.Name + "]"
			out = append(out, filterForm{name, name, part.Schema(), fieldOf(part.Schema(), "gte") != nil})
		}
		return out
	}
	return []filterForm{{p.Name, p.Name, s, false}}
}

// filter sends one filter and reports whether it found the object by its own value.
func (w *world) filter(op *spec.Operation, f filterForm, made *object.Object) bool {
	w.t.Helper()
	value := valueAt(made, f.field)
	own := value != ""
	if !own {
		value = w.scalar(f.field, f.schema.Concrete())
		if f.ranged {
			value = "1788264000"
		}
	}
	if _, err := strconv.Atoi(value); f.ranged && err != nil {
		return false
	}
	ids, status := w.filtered(op, f.name, value)
	if status == http.StatusBadRequest && !own {
		return false // an id of nothing
	}
	if status != http.StatusOK {
		w.t.Errorf("%s?%s=%s: status %d", op.Path, f.name, value, status)
		return false
	}
	if !own || made == nil {
		return false
	}
	if !slices.Contains(ids, made.ID()) {
		w.t.Errorf("%s?%s=%s does not list %s", op.Path, f.name, value, made.ID())
	}
	if f.ranged {
		if ids, _ := w.filtered(op, f.name+"[gte]", value); !slices.Contains(ids, made.ID()) {
			w.t.Errorf("%s?%s[gte]=%s does not list %s", op.Path, f.name, value, made.ID())
		}
		for _, bound := range []string{"[gt]", "[lt]"} {
			if ids, _ := w.filtered(op, f.name+bound, value); slices.Contains(ids, made.ID()) {
				w.t.Errorf("%s?%s%s=%s lists %s", op.Path, f.name, bound, value, made.ID())
			}
		}
	}
	return true
}

// filtered lists with one filter, and with those that the list requires.
func (w *world) filtered(op *spec.Operation, name, value string) ([]string, int) {
	w.t.Helper()
	form := w.params(op, required)
	b := &formBuilder{form: form}
	b.set(name, value)
	if op.Params().Prop("limit") != nil {
		b.set("limit", "100")
	}
	a, err := w.call(op, nil, b.form)
	if err != nil {
		w.t.Errorf("%s?%s=%s: %v", op.Path, name, value, err)
	}
	if a.Status != http.StatusOK {
		return nil, a.Status
	}
	return a.IDs(), a.Status
}
