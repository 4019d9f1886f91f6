package card

import (
	"net/http"
	"strings"
	"testing"
)

// A page leads on to what a browser can open as a page, and to nothing else.
func TestAway(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ to, refresh, link string }{
		{"https://bank.example/3ds?a=1&b=%22", "0; url=https://bank.example/3ds?a=1&b=%22", `href="https://bank.example/3ds?a=1&amp;b=%22"`},
		{"http://127.0.0.1:1/page", "0; url=http://127.0.0.1:1/page", `href="http://127.0.0.1:1/page"`},
		{"javascript:alert(1)", "", ""},
		{"/page", "", ""},
		{"", "", ""},
	} {
		h := http.Header{}
		away := NewAway(h, c.to, "de-AT")
		if h.Get("Refresh") != c.refresh || (away == nil) != (c.refresh == "") {
			t.Errorf("%q: %v, %v", c.to, h, away)
			continue
		}
		if away == nil {
			continue
		}
		part, err := away.Part()
		if err != nil || !strings.Contains(string(part), c.link) || !strings.Contains(string(part), "Bei der Bank fortfahren") {
			t.Errorf("%q: the page says %s (%v)", c.to, part, err)
		}
	}
}
