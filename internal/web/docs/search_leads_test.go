package docs_test

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"sharesmart/internal/web/docs"
	"sharesmart/internal/web/docs/search"
)

// TestSearchLeads follows every entry of the index to its page, and to its place there. Of the fields within fields, of
// which there are thousands on pages of their own, it follows one in a hundred.
func TestSearchLeads(t *testing.T) {
	t.Parallel()
	if !thorough {
		t.Skip("every entry is followed without the race detector")
	}
	p := newManual(t).pages
	entries, err := p.Entries()
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]string{}
	for i, e := range entries {
		if strings.Contains(e.Path, "/parts/") && i%100 != 0 {
			continue
		}
		path, anchor, anchored := strings.Cut(e.Path, "#")
		if _, read := pages[path]; !read {
			w := httptest.NewRecorder()
			p.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
			if pages[path] = w.Body.String(); w.Code != 200 {
				t.Errorf("%s leads to %s, which answers %d", e.Title, path, w.Code)
			}
		}
		if anchored && !strings.Contains(pages[path], `id="`+anchor+`"`) {
			t.Errorf("%s leads to %s, which has no such place", e.Title, e.Path)
		}
	}
}

// BenchmarkSearch measures what a question costs: it should be answered within 5 ms, and the first one within 100.
func BenchmarkSearch(b *testing.B) {
	p := newManual(b).pages
	b.Run("index", func(b *testing.B) {
		for b.Loop() {
			entries, err := docs.New(p.Options).Entries()
			if err != nil {
				b.Fatal(err)
			}
			search.New(entries)
		}
	})
	for _, question := range []string{"a", "customer", "card_declined", "create subscription", "metadat", "metadata"} {
		b.Run(question, func(b *testing.B) {
			for b.Loop() {
				w := httptest.NewRecorder()
				p.ServeHTTP(w, httptest.NewRequest("GET", "/docs/search/hits?q="+url.QueryEscape(question), nil))
			}
		})
	}
}
