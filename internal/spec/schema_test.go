package spec

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestEverySchemaIsWellFormed(t *testing.T) {
	t.Parallel()
	for i := range schemas[1:] {
		s := &schemas[i+1]
		where := fmt.Sprintf("schema %d %s", i+1, s.Name)
		if !slices.IsSorted(s.Expandable) {
			t.Errorf("%s: expandable fields are not sorted: %v", where, s.Expandable)
		}
		for _, name := range s.Expandable {
			if s.Prop(name) == nil || !s.CanExpandField(name) {
				t.Errorf("%s: expandable field %s is no property", where, name)
			}
		}
		for j := range s.Props {
			p := &s.Props[j]
			if s.Prop(p.Name) != p || p.Schema() == nil {
				t.Errorf("%s: property %s cannot be found or has no schema", where, p.Name)
			}
		}
		if s.Prop("no such property") != nil || s.CanExpandField("no such property") {
			t.Errorf("%s: has a property that does not exist", where)
		}
		if s.CanExpand() != (len(s.Expansion()) > 0) {
			t.Errorf("%s: CanExpand and Expansion differ", where)
		}
		for _, e := range s.Expansion() {
			if e.Name == "" {
				t.Errorf("%s: expands to something without a name", where)
			}
		}
		if (s.Items() != nil) != (s.Kind == Array) {
			t.Errorf("%s: items without an array, or the reverse", where)
		}
	}
}

func TestComponents(t *testing.T) {
	t.Parallel()
	if !slices.IsSortedFunc(components[:], func(a, b component) int { return strings.Compare(a.name, b.name) }) {
		t.Error("components are not sorted")
	}
	for _, c := range components {
		if s := Component(c.name); s == nil || s.Name != c.name {
			t.Errorf("component %s: found %v", c.name, s)
		}
	}
	if Component("") != nil || Component("no_such_component") != nil {
		t.Error("a component was found that does not exist")
	}
	for _, name := range Resources() {
		if s := Component(name); s == nil || s.Resource != name || s.Kind != Object {
			t.Errorf("resource %s has no object of its own", name)
		}
	}
	deleted := Component("deleted_customer").Prop("deleted").Schema()
	if deleted.Kind != Boolean || !slices.Equal(deleted.Enum, []string{"true"}) {
		t.Errorf("deleted is %+v, want the boolean true", deleted)
	}
}

func TestEventTypes(t *testing.T) {
	t.Parallel()
	if !slices.IsSorted(EventTypes()) {
		t.Error("event types are not sorted")
	}
	for _, name := range EventTypes() {
		if !IsEventType(name) {
			t.Errorf("%s is in the list and not known", name)
		}
	}
	for name, want := range map[string]bool{"invoice.paid": true, "order.payment_failed": true, "sku.deleted": true, "*": false, "": false, "invoice": false} {
		if IsEventType(name) != want {
			t.Errorf("IsEventType(%q) = %t", name, !want)
		}
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	for v, want := range map[string]bool{
		Version: true, "2026-07-29.dahlia": true, "2026-06-24.dahlia": true, "2025-09-30.clover": true, "2025-03-31.basil": true,
		"2024-09-30.acacia": true, "2024-06-20": true, "2011-06-21": true,
		"2019-02-11": true, "2019-02-19": true, "2019-03-14": true, "2019-05-16": true, "2019-08-14": true, "2019-09-09": true,
		"2019-10-08": true, "2019-10-17": true, "2019-11-05": true, "2019-12-03": true,
		"2026-10-28.endive": true, "2027-02-30.zinnia": false, "2027-01-01": false, "2027-01-01.": false, "2027-01-01.X": false,
		"2019-10-09": false, "2026-08-26": false, "2026-08-26.Dahlia": false, "latest": false, "": false,
	} {
		if KnownVersion(v) != want {
			t.Errorf("KnownVersion(%q) = %t", v, !want)
		}
	}
	if all := Versions(); !slices.IsSorted(all) || all[len(all)-1] != Version {
		t.Errorf("the last version is %s, want %s", all[len(all)-1], Version)
	}
}
