package docs_test

import (
	"net/http"
	"strings"
	"testing"
)

// votes are what the API lists.
func (m *manual) votes(t *testing.T, form ...string) []map[string]any {
	t.Helper()
	var list struct{ Data []map[string]any }
	m.Get("/v1/docs_votes", form...).Into(&list)
	return list.Data
}

// TestVote follows a reader who votes, adds words, changes their mind and takes it back, and another one.
func TestVote(t *testing.T) {
	t.Parallel()
	m := newManual(t)
	r, other := m.reader(t), m.reader(t)

	if _, h := r.say(http.StatusSeeOther, "section", "upgrade", "helpful", "true"); h.Get("Location") != "/docs/upgrade#helpful" {
		t.Errorf("it leads to %s", h.Get("Location"))
	}
	if text, _ := r.get("/docs/upgrade", 200); !strings.Contains(text, "Thanks. It was helpful to you.") || strings.Contains(text, "Was this section helpful?") {
		t.Error("nobody thanks")
	}
	if text, _ := r.get("/docs/pagination", 200); !strings.Contains(text, "Was this section helpful?") {
		t.Error("another section does not ask")
	}
	if text, _ := other.get("/docs/upgrade", 200); !strings.Contains(text, "Was this section helpful?") {
		t.Error("another reader is not asked")
	}

	r.say(http.StatusSeeOther, "section", "upgrade", "comment", "  The price <b>is</b> clear.  ")
	if text, _ := r.get("/docs/upgrade", 200); !strings.Contains(text, "The price &lt;b&gt;is&lt;/b&gt; clear.") {
		t.Error("the words are not shown")
	}
	r.say(http.StatusSeeOther, "section", "upgrade", "helpful", "false")
	other.say(http.StatusSeeOther, "section", "index", "helpful", "false")
	all := m.votes(t)
	if len(all) != 2 {
		t.Fatalf("there are %d votes: %v", len(all), all)
	}
	mine := m.votes(t, "section", "upgrade")
	if len(mine) != 1 || mine[0]["helpful"] != false || mine[0]["comment"] != "The price <b>is</b> clear." || mine[0]["livemode"] != false {
		t.Fatalf("the vote is %v", mine)
	}
	if m.Get("/v1/docs_votes/"+mine[0]["id"].(string)).OK().String("section") != "upgrade" {
		t.Error("the vote is not found by its id")
	}
	if n := len(m.votes(t, "helpful", "true")); n != 0 {
		t.Errorf("%d votes are helpful", n)
	}

	r.say(http.StatusSeeOther, "section", "upgrade", "undo", "true")
	r.say(http.StatusSeeOther, "section", "upgrade", "undo", "true")
	if text, _ := r.get("/docs/upgrade", 200); !strings.Contains(text, "Was this section helpful?") {
		t.Error("it is not taken back")
	}
	if n := len(m.votes(t)); n != 1 {
		t.Errorf("%d votes are left", n)
	}
	r.say(http.StatusSeeOther, "section", "upgrade", "helpful", "true")
	if n := len(m.votes(t)); n != 2 {
		t.Errorf("there are %d votes after one more", n)
	}
}

func TestVoteRefused(t *testing.T) {
	t.Parallel()
	m := newManual(t)
	r := m.reader(t)
	r.say(http.StatusNotFound, "section", "nothing", "helpful", "true")
	r.say(http.StatusSeeOther, "section", "upgrade")
	r.say(http.StatusSeeOther, "section", "upgrade", "helpful", "true")
	long := strings.Repeat("ä", 1001)
	if text, _ := r.say(http.StatusBadRequest, "section", "upgrade", "comment", long); !strings.Contains(text, "This is too long.") || !strings.Contains(text, long) {
		t.Error("what was typed is gone, or nobody says why")
	}
	r.say(http.StatusSeeOther, "section", "upgrade", "comment", long[2:])

	form := formOf([]string{"section", "index", "helpful", "true"})
	if status, _, _ := r.do(http.MethodPost, "/docs/votes", "cross-site", form); status != http.StatusForbidden {
		t.Errorf("a form from elsewhere answers %d", status)
	}
	if n := len(m.votes(t)); n != 1 {
		t.Fatalf("there are %d votes", n)
	}
	slowed := false
	for range 60 {
		status, text, _ := r.do(http.MethodPost, "/docs/votes", "same-origin", formOf([]string{"section", "index", "undo", "true"}))
		slowed = slowed || status == http.StatusTooManyRequests && strings.Contains(text, "a lot at once")
	}
	if !slowed {
		t.Error("nobody is slowed down")
	}
}
