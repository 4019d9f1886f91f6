package docs_test

import (
	"encoding/xml"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestFeed reads the changelog's feed as a program does: entries with dates, the newest first, that lead to headings which
// are there.
func TestFeed(t *testing.T) {
	t.Parallel()
	r := newManual(t).reader(t)
	page, _ := r.get("/docs/changelog", http.StatusOK)
	if !strings.Contains(page, `type="application/atom+xml"`) {
		t.Error("the changelog does not name its feed")
	}
	text, header := r.get("/docs/changelog.atom", http.StatusOK)
	if got := header.Get("Content-Type"); got != "application/atom+xml; charset=utf-8" {
		t.Errorf("the feed is %s", got)
	}
	var feed struct {
		Updated time.Time `xml:"updated"`
		Entries []struct {
			Title   string    `xml:"title"`
			Updated time.Time `xml:"updated"`
			Link    struct {
				Href string `xml:"href,attr"`
			} `xml:"link"`
			Content string `xml:"content"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(text), &feed); err != nil {
		t.Fatal(err)
	}
	if len(feed.Entries) == 0 || !feed.Updated.Equal(feed.Entries[0].Updated) {
		t.Fatalf("the feed has %d entries and is of %s", len(feed.Entries), feed.Updated)
	}
	last := feed.Updated
	for _, e := range feed.Entries {
		_, anchor, _ := strings.Cut(e.Link.Href, "#")
		if !strings.Contains(page, `id="`+anchor+`"`) || e.Content == "" || e.Updated.After(last) {
			t.Errorf("%s leads to %q, or has nothing to say, or is newer than the one before", e.Title, anchor)
		}
		last = e.Updated
	}
}
