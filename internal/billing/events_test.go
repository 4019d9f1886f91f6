package billing_test

import (
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"

	"github.com/google/go-cmp/cmp"
)

// eventsOf runs fn and returns the events that it caused, in order.
func eventsOf(s *servertest.Server, fn func()) []*object.Object {
	before := s.Get("/v1/events", "limit", "1").IDs()
	fn()
	var out []*object.Object
	for {
		query := []string{"limit", "100"}
		if len(before) > 0 {
			query = append(query, "ending_before", before[0])
		}
		page := s.Get("/v1/events", query...)
		for _, v := range slices.Backward(page.OK().Array("data")) {
			out = append(out, v.(*object.Object))
		}
		if len(before) == 0 || !page.Object.Bool("has_more") {
			return out
		}
		before = page.IDs()
	}
}

func types(events []*object.Object) []string {
	out := []string{}
	for _, e := range events {
		out = append(out, e.String("type"))
	}
	return out
}

// wantEvents runs fn and compares the types of the events that it caused.
func wantEvents(t *testing.T, s *servertest.Server, want []string, fn func()) []*object.Object {
	t.Helper()
	events := eventsOf(s, fn)
	if want == nil {
		want = []string{}
	}
	if diff := cmp.Diff(want, types(events)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	return events
}

// wantFields compares fields of an object with their values as JSON: "amount": 1500, "charge": nil.
func wantFields(t *testing.T, o *object.Object, want map[string]any) {
	t.Helper()
	for path, value := range want {
		if got := field(o, path); !object.Equal(got, normal(value)) {
			t.Errorf("%s is %v, want %v", path, shown(got), shown(normal(value)))
		}
	}
}

// field walks along a dotted path; a number is the place in an array.
func field(o *object.Object, path string) any {
	var v any = o
	for name := range strings.SplitSeq(path, ".") {
		switch at := v.(type) {
		case *object.Object:
			v = at.Get(name)
		case []any:
			i := int(name[0] - '0')
			if i >= len(at) {
				return nil
			}
			v = at[i]
		default:
			return nil
		}
	}
	return v
}

// normal is a Go value as documents hold it.
func normal(v any) any {
	if n, ok := v.(int); ok {
		return int64(n)
	}
	return v
}

func shown(v any) string { return string(object.AppendValue(nil, v, 0)) }
