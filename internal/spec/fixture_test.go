package spec

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestEveryFixtureFitsItsSchema(t *testing.T) {
	t.Parallel()
	for _, f := range fixtures {
		var doc any
		if err := json.Unmarshal([]byte(f.document), &doc); err != nil {
			t.Errorf("fixture %s: %v", f.resource, err)
			continue
		}
		if Fixture(f.resource) != f.document {
			t.Errorf("fixture %s cannot be found", f.resource)
		}
		// Six of Stripe's fixtures are of things that its document does not describe.
		if s := Component(f.resource); s != nil {
			if err := fits(s, doc, f.resource); err != nil {
				t.Error(err)
			}
		}
	}
	if Fixture("") != "" || Fixture("no_such_resource") != "" {
		t.Error("a fixture was found that does not exist")
	}
}

func TestEveryCreatedResourceHasAFixture(t *testing.T) {
	t.Parallel()
	for _, op := range Operations() {
		if op.Form != Create && op.Form != SubCreate {
			continue
		}
		for _, kind := range op.Kinds {
			if Fixture(kind) == "" {
				t.Errorf("%s makes a %s, which has no fixture", op.ID, kind)
			}
		}
	}
}

// Answers name id and object first, so what answers are made from must.
func TestFixturesBeginLikeAnswers(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"customer": `{"id":"cus_`, "order": `{"id":"or_1Pq0VdAvaShareSm4rtK7wNz","object":"order","amount":1500,`, "balance": `{"object":"balance",`,
	} {
		if !strings.HasPrefix(Fixture(name), want) {
			t.Errorf("fixture %s begins %.60s", name, Fixture(name))
		}
	}
}

// fits is as much of a validator as the fixtures need.
func fits(s *Schema, v any, where string) error {
	if alts := slices.Concat(s.AnyOf(), s.Expansion()); len(alts) > 0 {
		return fitsAny(s, alts, v, where)
	}
	wrong := fmt.Errorf("%s: %.80v is no %+v", where, v, s)
	switch v := v.(type) {
	case nil:
		if !s.Nullable && s.Kind != Any {
			return wrong
		}
	case string:
		if s.Kind != Any && s.Kind != String || s.MaxLength > 0 && len(v) > int(s.MaxLength) || !allowed(s, v) {
			return wrong
		}
	case bool:
		if s.Kind != Any && s.Kind != Boolean || !allowed(s, fmt.Sprint(v)) {
			return wrong
		}
	case float64:
		if s.Kind != Any && s.Kind != Number && (s.Kind != Integer || v != float64(int64(v))) {
			return wrong
		}
	case []any:
		if s.Kind == Any {
			return nil
		}
		if s.Kind != Array {
			return wrong
		}
		for i, e := range v {
			if err := fits(s.Items(), e, fmt.Sprintf("%s[%d]", where, i)); err != nil {
				return err
			}
		}
	case map[string]any:
		return fitsObject(s, v, where)
	}
	return nil
}

func allowed(s *Schema, v string) bool {
	return len(s.Enum) == 0 || s.Open || slices.Contains(s.Enum, v)
}

func fitsAny(s *Schema, alts []*Schema, v any, where string) error {
	if v == nil && s.Nullable {
		return nil
	}
	var last error
	for _, alt := range alts {
		if last = fits(alt, v, where); last == nil {
			return nil
		}
	}
	return last
}

func fitsObject(s *Schema, v map[string]any, where string) error {
	if s.Kind == Any {
		return nil
	}
	if s.Kind != Object {
		return fmt.Errorf("%s: an object is no %+v", where, s)
	}
	for _, p := range s.Props {
		if _, ok := v[p.Name]; p.Required && !ok {
			return fmt.Errorf("%s: %s is missing", where, p.Name)
		}
	}
	for name, e := range v {
		shape := s.Additional()
		if p := s.Prop(name); p != nil {
			shape = p.Schema()
		}
		if shape == nil {
			if len(s.Props) == 0 {
				continue // terminal.refund is described as an object without properties
			}
			return fmt.Errorf("%s: unknown %s", where, name)
		}
		if err := fits(shape, e, where+"."+name); err != nil {
			return err
		}
	}
	return nil
}

func TestFitsRefuses(t *testing.T) {
	t.Parallel()
	for doc, want := range map[string]string{
		`{"id":"sku_1","object":"sku"}`:                  "sku: deleted is missing",
		`{"id":1,"object":"sku","deleted":true}`:         "sku.id: 1 is no",
		`{"id":"a","object":"sku","deleted":false}`:      "sku.deleted: false is no",
		`{"id":"a","object":"sku","deleted":true,"x":1}`: "sku: unknown x",
	} {
		var v any
		if err := json.Unmarshal([]byte(doc), &v); err != nil {
			t.Fatal(err)
		}
		if err := fits(Component("deleted_sku"), v, "sku"); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", doc, err, want)
		}
	}
}
