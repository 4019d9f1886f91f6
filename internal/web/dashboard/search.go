package dashboard

import (
	"strings"

	"sharesmart/internal/people"
)

func init() {
	register(Page{Pattern: "GET /search", Role: people.Viewer, Handler: search})
}

// found is one thing that may be gone to.
type found struct{ Name, Kind, Path string }

// search finds pages, actions and objects by what somebody remembers of them. It is the command palette's list as well.
func search(v *Visit) error {
	return v.Show("search", "Search", v.find(v.trimmedQuery("q")))
}

// find is what fits all words of q: everything, if there are none.
func (v *Visit) find(q string) []found {
	words := strings.Fields(strings.ToLower(q))
	var all []found
	for _, g := range v.Navigation() {
		for _, item := range g.Items {
			if hasAll(item.Name+" "+g.Name, words) {
				all = append(all, found{item.Name, "Page", v.Path(item.Path)})
			}
		}
	}
	return all
}

func hasAll(text string, words []string) bool {
	text = strings.ToLower(text)
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

func (v *Visit) trimmedQuery(name string) string { return strings.TrimSpace(v.R.FormValue(name)) }
