package docs

import (
	"net/http"
	"regexp"
	"strings"

	"sharesmart/internal/web/dashboard/view"
	"sharesmart/internal/web/docs/reference"
	"sharesmart/internal/web/docs/search"
)

// Search finds pages, operations, parameters, attributes, error codes, events and test cards by their names and words,
// and knows where an id leads. The index is compiled by search/gen.

const (
	groupGoTo       = "Go to" // the group of what an id leads to
	longestQuestion = 200
	fewHits         = 5  // of a group while one types
	manyHits        = 30 // of a group on the page
)

// dashboard is where the Dashboard shows the objects and the log of test mode.
const dashboard = "/dashboard/test"

// searchPath is where one searches without scripts.
const searchPath = Prefix + "/search"

// finding is what a question found.
type finding struct {
	Question string
	Groups   []search.Group
	Total    int
}

// showSearch shows what a question finds, on a page of its own.
func showSearch(v *visit) error {
	return v.render(http.StatusOK, "search", &page{Title: "Search", Data: v.find(manyHits)})
}

// showHits shows what a question finds, for the script of the page.
func showHits(v *visit) error {
	return book().Part(v.w, http.StatusOK, v.Lang, "search", "hits", &page{visit: v, Data: v.find(fewHits)})
}

func (v *visit) find(few int) *finding {
	f := &finding{Question: strings.TrimSpace(v.r.URL.Query().Get("q"))}
	if len(f.Question) > longestQuestion {
		f.Question = strings.ToValidUTF8(f.Question[:longestQuestion], "")
	}
	if f.Question == "" {
		return f
	}
	if e := v.leads(f.Question); e != nil {
		f.Groups = append(f.Groups, search.Group{Name: groupGoTo, Hits: []*search.Entry{e}, Total: 1})
	}
	if !secret.MatchString(f.Question) {
		f.Groups = append(f.Groups, v.found.Find(f.Question, few)...)
	}
	for _, g := range f.Groups {
		f.Total += g.Total
	}
	return f
}

// Mark parts a text at what the question met in it.
func (f *finding) Mark(text string) []search.Piece { return search.Mark(text, f.Question) }

var (
	identifier = regexp.MustCompile(`^[a-z]+(_[a-z]+)*_[A-Za-z0-9]*[A-Z0-9][A-Za-z0-9]*$`)
	secret     = regexp.MustCompile(`^(sk|rk|ek)_(test|live)_\w+$`)
)

// leads is where an id leads: a request to its log, an object to where it is shown. It is nil for what is no id.
func (v *visit) leads(id string) *search.Entry {
	switch {
	case secret.MatchString(id):
		return &search.Entry{Title: "API keys", Text: "This is a secret key. Whoever has it can do what you can.", Path: Prefix + "/authentication"}
	case !identifier.MatchString(id) || v.found.Knows(id):
		return nil
	case strings.HasPrefix(id, "req_"):
		return v.leadsToLog(id)
	}
	r := v.catalog().ByKind(v.Engine.KindOf(id))
	if r == nil {
		return nil
	}
	e := &search.Entry{Title: id, Text: r.Title, Path: r.Address() + "#object"}
	if v.Dashboard {
		e.Text, e.Path = "Open in the Dashboard: "+r.Singular(), (view.Links{Base: dashboard, KindOf: v.Engine.KindOf}).ID(id)
	}
	return e
}

// leadsToLog is the entry of a request in the log, or what is said of those ids where there is no Dashboard.
func (v *visit) leadsToLog(id string) *search.Entry {
	if v.Dashboard {
		return &search.Entry{Title: id, Text: "Open the log of this request", Path: dashboard + "/logs/" + id}
	}
	return &search.Entry{Title: id, Text: "The id of a request", Path: Prefix + "/request-ids"}
}

// Proposed are what a page proposes where nothing was found: those that are used most.
func (v *visit) Proposed() []*reference.Resource {
	var out []*reference.Resource
	for _, slug := range []string{"customers", "payment_intents", "subscriptions", "invoices", "webhook_endpoints"} {
		if r := v.catalog().Resource(slug); r != nil {
			out = append(out, r)
		}
	}
	return out
}
