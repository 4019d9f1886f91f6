package search_test

import (
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/web/docs/search"
)

func index(t *testing.T, entries []search.Entry) *search.Index {
	t.Helper()
	x, err := search.Open(search.Compile(entries))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestFind(t *testing.T) {
	t.Parallel()
	x := index(t, []search.Entry{
		{Group: "pages", Title: "Pagination", Text: "Read a long list", Path: "1", Weight: 90},
		{Group: "fields", Title: "email", Text: "Create a customer", Path: "2", Weight: 40},
		{Group: "fields", Title: "email", Text: "Create an account", Path: "3", Weight: 39},
		{Group: "fields", Title: "email_address", Text: "Update a thing", Path: "4", Keys: []string{"mail"}, Weight: 10},
		{Group: "pages", Title: "Customers", Text: "Who pays", Path: "5", Words: "email is where they read", Weight: 20},
	})
	for _, c := range []struct{ question, paths string }{
		{"", ""},
		{"  ", ""},
		{"email", "2 3 4 5"},
		{"EMAIL", "2 3 4 5"},
		{"mail", "4"},
		{"email account", "3"},
		{"customer email", "2 5"},
		{"customers", "5 2"},
		{"emails", "2 3 4 5"},
		{"paginatoin", "1"},
		{"pagimation", "1"},
		{"pagi", "1"},
		{"pxgi", "1"},
		{"pxg", ""},
		{"the", "5"}, // they
		{"email nothing", ""},
	} {
		var paths []string
		for _, g := range x.Find(c.question, 10) {
			for _, e := range g.Hits {
				paths = append(paths, e.Path)
			}
		}
		if got := strings.Join(paths, " "); got != c.paths {
			t.Errorf("%q finds %q, want %q", c.question, got, c.paths)
		}
	}
	if g := x.Find("email", 1); len(g) != 2 || len(g[0].Hits) != 1 || g[0].Total != 3 {
		t.Errorf("a group has %v", g)
	}
}

func TestOneEdit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"", "", false}, {"a", "a", false}, {"", "a", true}, {"abc", "abd", true}, {"abc", "ab", true}, {"abc", "bc", true},
		{"abc", "acb", true}, {"abc", "cba", false}, {"abc", "abcde", false}, {"abcd", "abdc", true}, {"abc", "xyz", false},
	} {
		if search.OneEdit(c.a, c.b) != c.want || search.OneEdit(c.b, c.a) != c.want {
			t.Errorf("OneEdit(%q, %q) is not %v", c.a, c.b, c.want)
		}
	}
}

func TestMark(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, question, want string }{
		{"Create a customer", "customer create", "[Create] a [customer]"},
		{"payment_intent", "intent", "payment_[intent]"},
		{"Pagination", "nation", "Pagination"},
		{"Überblick: über alles", "über", "[Über]blick: [über] alles"},
		{"", "x", ""},
	} {
		var b strings.Builder
		for _, p := range search.Mark(c.text, c.question) {
			if p.Met {
				b.WriteString("[" + p.Text + "]")
			} else {
				b.WriteString(p.Text)
			}
		}
		if b.String() != c.want {
			t.Errorf("Mark(%q, %q) = %s, want %s", c.text, c.question, b.String(), c.want)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"POST /v1/payment_intents": "post v1 payment intents", "How to do it": "it", "the a": "the a", "": ""} {
		if got := strings.Join(slices.Collect(search.Words(text)), " "); got != want {
			t.Errorf("the words of %q are %q, want %q", text, got, want)
		}
	}
}
