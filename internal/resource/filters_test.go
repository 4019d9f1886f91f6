package resource

import (
	"strings"
	"testing"
	"time"

	"sharesmart/internal/clock"
	"sharesmart/internal/object"
)

// A rule for a filter that no list has is a mistake in the program, found at the start.
func TestFilterRulesMustExist(t *testing.T) {
	t.Parallel()
	look := func(*object.Object) []string { return nil }
	for _, c := range []struct {
		name  string
		rules Rules
		want  string
	}{
		{"filter", Rules{Object: "customer", Filters: map[string]func(*object.Object) []string{"nickname": look}}, `"nickname"`},
		{"default", Rules{Object: "subscription", Defaults: map[string][]string{"state": {"active"}}}, `"state"`},
		{"lookup", Rules{Object: "radar.value_list", Lookups: map[string]Lookup{"holds": {}}}, `"holds"`},
		{"parent", Rules{Object: "balance_transaction", ParentFilters: []string{"payday"}}, `"payday"`},
		{"known", Rules{Object: "customer", Filters: map[string]func(*object.Object) []string{"email": look}}, ""},
		{"known part", Rules{Object: "tax_id", Defaults: map[string][]string{"owner.type": {"self"}}}, ""},
	} {
		_, err := New(nil, nil, clock.NewFake(time.Unix(0, 0)), []Rules{c.rules}, Options{})
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: the error is %v, want one about %s", c.name, err, c.want)
		}
	}
}
