package dashboard

import (
	"net/url"

	"sharesmart/internal/people"
)

func init() {
	register(Page{Pattern: "POST /views", Role: people.Viewer, Handler: saveView})
	register(Page{Pattern: "POST /views/{id}/delete", Role: people.Viewer, Handler: deleteView})
}

// savedViews are the views that the person keeps of a page.
type savedViews struct {
	Page, Query string
	Save        string // where the form goes
	Views       []savedView
	May         bool // there is somebody to keep views, and something to keep
}

type savedView struct {
	*people.View
	Href, Delete string
	Current      bool
}

func (v *Visit) savedViews(page string) (*savedViews, error) {
	s := &savedViews{Page: page, Query: v.query(), Save: v.Path("/views")}
	if v.Person == nil {
		return s, nil
	}
	all, err := v.People.Views(v.Person.ID, v.Account, page)
	for _, one := range all {
		current := one.Query == s.Query
		s.Views = append(s.Views, savedView{one, v.Path(page) + "?" + one.Query, v.Path("/views/" + one.ID + "/delete"), current})
		s.May = s.May || current
	}
	s.May = s.Query != "" && !s.May
	return s, err
}

// query is what the address asks for, from the start.
func (v *Visit) query() string {
	q := v.R.URL.Query()
	for name, values := range q {
		if name == "before" || name == "after" || name == "page" || len(values) == 0 || values[0] == "" {
			q.Del(name)
		}
	}
	return q.Encode()
}

func saveView(v *Visit) error {
	page, query := v.trimmed("page"), v.trimmed("query")
	if v.Person == nil || !v.MayOpen(page) {
		return notFound(v)
	}
	if _, err := url.ParseQuery(query); err != nil {
		return notFound(v)
	}
	if _, err := v.People.SaveView(v.R.Context(), people.View{Person: v.Person.ID, Account: v.Account, Page: page, Name: v.trimmed("name"), Query: query}); err != nil {
		return err
	}
	return v.Lead(v.Path(page) + "?" + query)
}

func deleteView(v *Visit) error {
	if v.Person == nil {
		return notFound(v)
	}
	gone, err := v.People.DeleteView(v.R.Context(), v.Person.ID, v.R.PathValue("id"))
	if err != nil {
		return err
	}
	return v.Lead(v.Path(gone.Page))
}
