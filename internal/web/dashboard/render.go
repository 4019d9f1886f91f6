package dashboard

import (
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/money"
	"sharesmart/internal/people"
	"sharesmart/internal/web/dashboard/explorer"
	"sharesmart/internal/web/dashboard/view"
	"sharesmart/internal/web/ui"
)

// View is what a template sees.
type View struct {
	*Visit
	Title  string
	Data   any
	Faults map[string]string // what is wrong, by the field
	Notice string            // what has to be read first
	Good   string            // what was done
	Bare   bool              // without the navigation: the pages on the way in
}

// functions are what templates have beside their data.
var functions = template.FuncMap{
	"day":    day,
	"moment": moment,
	"short":  func(unix int64) string { return time.Unix(unix, 0).UTC().Format("2 Jan 2006, 15:04") },
	"iso":    func(unix int64) string { return time.Unix(unix, 0).UTC().Format(time.RFC3339) },
	"join":   strings.Join,
	"field":  field,
	"number": number,
	"label":  explorer.Label,
	"rows":   rows,
	"ways":   ways,
	"amount": view.Money,
	"plain":  money.Units,
}

// day and moment write a time in UTC.
func day(unix int64) string    { return time.Unix(unix, 0).UTC().Format("2 Jan 2006") }
func moment(unix int64) string { return time.Unix(unix, 0).UTC().Format("2 Jan 2006, 15:04:05 UTC") }

// number writes an integer of an object; nothing if there is none.
func number(v any) string {
	n, ok := v.(int64)
	if !ok {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// Developer and Support report whether the person may do what needs that role.
func (v *Visit) Developer() bool { return v.Role >= people.Developer }
func (v *Visit) Support() bool   { return v.Role >= people.Support }

// Show renders a page.
func (v *Visit) Show(name, title string, data any) error {
	return v.Render(http.StatusOK, name, &View{Title: title, Data: data})
}

// Render renders a page that has something to say beside its data.
func (v *Visit) Render(status int, name string, view *View) error {
	view.Visit = v
	view.Bare = view.Bare || v.Namespace == nil && v.Person == nil
	return book().Render(v.W, status, ui.English, name, view)
}

// Part renders what a page defines as a part, for a script that puts it into its place.
func (v *Visit) Part(name, part string, data any) error {
	return book().Part(v.W, http.StatusOK, ui.English, name, part, &View{Visit: v, Data: data})
}

// Note shows a page that only says something.
func (v *Visit) Note(status int, title, text string) error {
	return v.Render(status, "note", &View{Title: title, Data: text})
}

// Style, Script and Mark are the files of every page.
func (v *Visit) Style() string  { return assets()["css"].Path }
func (v *Visit) Script() string { return assets()["js"].Path }
func (v *Visit) Mark() string   { return assets()["svg"].Path }

// Mode is where the page is, in the words of the mode switch.
func (v *Visit) Mode() string {
	switch {
	case v.place.env == access.Test:
		return "Test mode"
	case v.place.env != access.Live:
		return "Sandbox"
	}
	return "Live mode"
}

// Live reports whether the page is about real money.
func (v *Visit) Live() bool { return v.place.env == access.Live }

// Test reports whether the page is in test mode.
func (v *Visit) Test() bool { return v.place.env == access.Test }

// InMode is where the same page is in another mode: for what has an id, the list that it is in.
func (v *Visit) InMode(env string) string {
	p := v.place
	p.env = env
	first, rest := cut(v.R.URL.Path)
	if kind, _ := cut(rest); first == "objects" && kind != "" {
		first += "/" + kind
	}
	if v.page.Pattern == "" {
		first = ""
	}
	return p.prefix() + "/" + first
}

// Guesting reports whether somebody looks around without being signed in.
func (v *Visit) Guesting() bool { return v.Person == nil && v.Namespace != nil }

func init() {
	register(Page{Pattern: "POST /theme", Open: true, Handler: changeTheme})
}

// changeTheme takes the colours that somebody wants.
func changeTheme(v *Visit) error {
	switch theme := v.R.PostForm.Get("theme"); theme {
	case "light", "dark":
		ui.SetCookie(v.W, ui.ThemeCookie, theme, cookieYear)
	case "system":
		ui.SetCookie(v.W, ui.ThemeCookie, "", -1)
	}
	return v.Lead(v.Next(Path + "/"))
}

// endOfDay is the last second of a day in UTC, as a form's field of type date sends it.
func endOfDay(date string) (int64, error) {
	t, err := time.Parse(time.DateOnly, date)
	return t.AddDate(0, 0, 1).Unix() - 1, err
}
