package docs_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

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
	index, err := search.Compiled()
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]string{}
	for i := range index.Len() {
		e := index.Entry(i)
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

// TestSearchKnows finds what is served in the index: it was compiled when the rules were the same.
func TestSearchKnows(t *testing.T) {
	t.Parallel()
	index, err := search.Compiled()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range newManual(t).catalog().Resources() {
		for _, op := range r.Operations {
			if !index.Knows(op.ID) {
				t.Errorf("the search does not know %s: run make generate", op.ID)
			}
		}
	}
	for _, p := range pages(t) {
		if !index.Knows(p.Title) {
			t.Errorf("the search does not know the page %s: run make generate", p.Title)
		}
	}
}

// TestDashboardLeads: where there is a Dashboard, ids lead to it: those of test mode that are searched, and those of a call
// that was tried, in its sandbox.
func TestDashboardLeads(t *testing.T) {
	t.Parallel()
	m := newManual(t)
	m.pages.Dashboard = true
	r := m.signedIn(t, m.Account.ID)
	for id, path := range map[string]string{
		"req_8MwhmYYQ7sKhDH": "/dashboard/test/logs/req_8MwhmYYQ7sKhDH", "cus_NffrFeUfNV2Hib": "/dashboard/test/objects/customer/cus_NffrFeUfNV2Hib",
		"evt_1NG8Du2eZvKYlo2C": "/dashboard/test/events/evt_1NG8Du2eZvKYlo2C",
		"cs_test_a1Xkd8sLpQ29": "/dashboard/test/objects/checkout.session/cs_test_a1Xkd8sLpQ29",
	} {
		if got := r.hits(id); len(got) == 0 || got[0].path != path {
			t.Errorf("%s leads to %v, want %s", id, got, path)
		}
	}
	text := r.try(http.StatusOK, "GetBalance")
	if !regexp.MustCompile(`href="/dashboard/acct_\w+/sbx_\w+/logs/req_\w+"`).MatchString(text) {
		t.Errorf("the answer does not lead to the log of its sandbox:\n%s", text)
	}
}

// BenchmarkSearch measures what a question costs: it should be answered within 5 ms, the first one too.
func BenchmarkSearch(b *testing.B) {
	p := newManual(b).pages
	for _, question := range []string{"a", "customer", "card_declined", "create subscription", "metadat", "metadata"} {
		b.Run(question, func(b *testing.B) {
			for b.Loop() {
				w := httptest.NewRecorder()
				p.ServeHTTP(w, httptest.NewRequest("GET", "/docs/search/hits?q="+url.QueryEscape(question), nil))
			}
		})
	}
}
