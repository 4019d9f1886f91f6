package resource_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/servertest"
)

// customers makes n customers a second apart and returns their ids, newest first.
func customers(s *servertest.Server, n int) []string {
	var ids []string
	for i := range n {
		ids = append(ids, s.Post("/v1/customers", "email", fmt.Sprintf("c%d@example.com", i%3)).OK().ID())
		s.Clock.Advance(time.Second)
	}
	slices.Reverse(ids)
	return ids
}

func TestPages(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	all := customers(s, 25)
	for _, test := range []struct {
		name string
		form []string
		want []string
		more bool
	}{
		{"default limit", nil, all[:10], true},
		{"limit", []string{"limit", "3"}, all[:3], true},
		{"all", []string{"limit", "100"}, all, false},
		{"after", []string{"limit", "4", "starting_after", all[9]}, all[10:14], true},
		{"last page", []string{"starting_after", all[19]}, all[20:], false},
		{"after the last", []string{"starting_after", all[24]}, []string{}, false},
		{"before", []string{"limit", "4", "ending_before", all[9]}, all[5:9], true},
		{"first page backwards", []string{"ending_before", all[3]}, all[:3], false},
		{"before the first", []string{"ending_before", all[0]}, []string{}, false},
		{"filter", []string{"email", "c0@example.com", "limit", "100"}, every(all, 0), false},
		{"filter and cursor", []string{"email", "c0@example.com", "limit", "2", "starting_after", all[3]}, every(all, 0)[2:4], true},
		{"cursor beside the filter", []string{"email", "c0@example.com", "limit", "2", "starting_after", all[1]}, every(all, 0)[1:3], true},
		{"created from", []string{"created[gte]", created(22)}, all[:3], false},
		{"created between", []string{"created[gt]", created(10), "created[lt]", created(13)}, []string{all[12], all[13]}, false},
		{"created at", []string{"created", created(24)}, all[:1], false},
		{"nobody", []string{"email", "nobody@example.com"}, []string{}, false},
	} {
		a := s.Get("/v1/customers", test.form...)
		if diff := cmp.Diff(test.want, a.IDs()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		if got := a.Object.Bool("has_more"); got != test.more {
			t.Errorf("%s: has_more %v, want %v", test.name, got, test.more)
		}
		if got := a.Object.String("url"); got != "/v1/customers" {
			t.Errorf("%s: url %q", test.name, got)
		}
	}
}

// every is each third id: those of one e-mail address.
func every(newestFirst []string, remainder int) []string {
	var out []string
	for i, id := range newestFirst {
		if (len(newestFirst)-1-i)%3 == remainder {
			out = append(out, id)
		}
	}
	return out
}

func created(i int) string { return fmt.Sprint(servertest.Start.Unix() + int64(i)) }

func TestPagesInOneSecond(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	seen := map[string]int{}
	for range 23 {
		seen[s.Post("/v1/products", "name", "x").OK().ID()] = 0
	}
	cursor, pages := []string{"limit", "5"}, 0
	for {
		a := s.Get("/v1/products", cursor...)
		ids := a.IDs()
		for _, id := range ids {
			seen[id]++
		}
		if pages++; !a.Object.Bool("has_more") {
			break
		}
		cursor = []string{"limit", "5", "starting_after", ids[len(ids)-1]}
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s was listed %d times", id, n)
		}
	}
	if pages != 5 {
		t.Errorf("%d pages, want 5", pages)
	}
}

func TestCursorOfDeleted(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	all := customers(s, 6)
	s.Delete("/v1/customers/" + all[2]).OK()
	if diff := cmp.Diff(all[3:5], s.Get("/v1/customers", "limit", "2", "starting_after", all[2]).IDs()); diff != "" {
		t.Errorf("a deleted cursor keeps its place (-want +got):\n%s", diff)
	}
}

func TestBadPaging(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	for _, test := range []struct {
		form        []string
		code, param string
	}{
		{[]string{"limit", "0"}, "parameter_invalid_integer", "limit"},
		{[]string{"limit", "101"}, "parameter_invalid_integer", "limit"},
		{[]string{"limit", "ten"}, "parameter_invalid_integer", "limit"},
		{[]string{"starting_after", "cus_a", "ending_before", "cus_b"}, "parameters_exclusive", "starting_after"},
		{[]string{"nope", "1"}, "parameter_unknown", "nope"},
	} {
		if got := s.Get("/v1/customers", test.form...).Fails(400, test.code).String("param"); got != test.param {
			t.Errorf("%v: param %q, want %q", test.form, got, test.param)
		}
	}
}

func TestListBelow(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	a, b := s.Post("/v1/customers").OK().ID(), s.Post("/v1/customers").OK().ID()
	one := s.Post("/v1/customers/"+a+"/tax_ids", "type", "eu_vat", "value", "DE123456789").OK().ID()
	s.Post("/v1/customers/"+b+"/tax_ids", "type", "eu_vat", "value", "DE987654321").OK()
	if diff := cmp.Diff([]string{one}, s.Get("/v1/customers/"+a+"/tax_ids").IDs()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	s.Get("/v1/customers/" + a + "/tax_ids/" + one).OK()
	s.Get("/v1/customers/"+b+"/tax_ids/"+one).Fails(404, "resource_missing")
	s.Delete("/v1/customers/"+b+"/tax_ids/"+one).Fails(404, "resource_missing")
	s.Delete("/v1/customers/" + a + "/tax_ids/" + one).OK()
	s.Get("/v1/customers/"+a+"/tax_ids/"+one).Fails(404, "resource_missing")
}
