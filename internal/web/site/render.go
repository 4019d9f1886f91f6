package site

import (
	"net/http"
	"net/url"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/paper"
	"sharesmart/internal/web/ui"
)

// page is what a template sees.
type page struct {
	*visit
	Title  string // in English; it is translated where it is shown
	Data   any
	Faults map[string]string // what is wrong, by the field
	Notice string            // what has to be read first
	Good   string            // what was done
}

// show renders a page.
func (v *visit) show(name, title string, data any) error {
	return v.render(http.StatusOK, name, &page{Title: title, Data: data})
}

func (v *visit) render(status int, name string, p *page) error {
	p.visit = v
	if v.Extension == nil { // the fault came before anything was read
		v.Extension = object.New(nil)
	}
	return book().Render(v.w, status, v.Lang, name, p)
}

// note shows a page that only says something.
func (v *visit) note(status int, title, text string) error {
	return v.render(status, "note", &page{Title: title, Data: text})
}

// Style, Script and Mark are the files of every page.
func (p *page) Style() string  { return styleAsset.Path }
func (p *page) Script() string { return scriptAsset.Path }
func (p *page) Mark() string {
	if p.Brand != nil && p.Brand.Icon != "" {
		return p.Brand.Icon
	}
	return markAsset.Path
}

// Name is what the extension is called.
func (v *visit) Name() string { return v.Extension.String("name") }

// House reports whether the pages are those of the server's own extension.
func (v *visit) House() bool { return v.Base == "" }

// Test reports whether no real money moves.
func (v *visit) Test() bool { return !v.Namespace.Live }

// Path is where the page is, with what was asked for, so that a form can lead back.
func (v *visit) Path() string { return v.r.URL.RequestURI() }

// At reports whether the page is at a path of the extension's, for the navigation.
func (v *visit) At(path string) bool { return v.r.URL.Path == v.Base+path }

// Query is a parameter of the page.
func (v *visit) Query(name string) string { return v.r.FormValue(name) }

// Carry keeps what an install asked for on the way through the pages, as the end of an address.
func (v *visit) Carry(more ...string) string {
	q := url.Values{}
	for _, name := range []string{"pair", "plan"} {
		if value := v.r.FormValue(name); value != "" {
			q.Set(name, value)
		}
	}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// Money writes an amount in the smallest unit of a currency.
func (v *visit) Money(amount int64, currency string) string {
	return (&paper.Document{Language: v.Lang, Currency: currency}).Amount(amount)
}

// Date writes a day in UTC.
func (v *visit) Date(unix int64) string {
	return (&paper.Document{Language: v.Lang}).Date(time.Unix(unix, 0).UTC())
}

// changeSettings takes the theme and the language.
func changeSettings(v *visit) error {
	if theme := v.r.PostForm.Get("theme"); theme == "light" || theme == "dark" || theme == "system" {
		if theme == "system" {
			theme = ""
		}
		ui.SetCookie(v.w, ui.ThemeCookie, theme, cookieYear)
	}
	if lang := v.r.PostForm.Get("lang"); book().Has(lang) {
		ui.SetCookie(v.w, ui.LangCookie, lang, cookieYear)
	}
	v.lead(v.next(v.Base + "/"))
	return nil
}
