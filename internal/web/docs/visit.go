package docs

import (
	"context"
	"errors"
	"html/template"
	"net/http"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/web/docs/try"
	"sharesmart/internal/web/ui"
)

// visit is one request of a reader.
type visit struct {
	*Pages
	w http.ResponseWriter
	r *http.Request

	Lang, Theme string
	reader      *try.Sandbox // theirs, as soon as it was looked for
}

// page is what a template sees.
type page struct {
	*visit
	Title      string
	Section    *section // nil where nothing is
	Data       any
	Operations template.HTML  // of a page of the reference
	Vote       *object.Object // what the reader has said of the section; nil for nothing
	Words      string         // what they typed and was refused
	Fault      string         // why
}

const maxForm = 16 << 10

// page makes a handler of what serves a visit.
func (p *Pages) page(serve func(*visit) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ui.Secure(w.Header())
		if !strings.HasPrefix(r.URL.Path, tryPath) { // where the reader's key stands beside what the address says
			zip, end := ui.Compress(w, r)
			defer end()
			w = zip
		}
		v := &visit{Pages: p, w: w, r: r, Lang: book().Language(r), Theme: ui.Cookie(r, ui.ThemeCookie)}
		if r.Method == http.MethodPost {
			r.Body = http.MaxBytesReader(w, r.Body, maxForm)
			if err := p.guard.Check(r); err != nil || r.ParseForm() != nil {
				v.fail(v.note(http.StatusForbidden, "This form did not come from here", "Open the page again and send it once more."))
				return
			}
		}
		v.fail(serve(v))
	})
}

// fail tells the log of a fault of ours, and the reader that it is ours.
func (v *visit) fail(err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	v.Log.Error("a page failed", "path", v.r.URL.Path, "error", err)
	if err := v.note(http.StatusInternalServerError, "This did not work", "The fault is ours and nothing was changed. Try again in a moment."); err != nil {
		http.Error(v.w, "This did not work.", http.StatusInternalServerError)
	}
}

func (v *visit) render(status int, name string, p *page) error {
	p.visit = v
	sandbox, err := v.sandbox()
	if err != nil {
		return err
	}
	return book().Render(keyed(v.w, sandbox), status, v.Lang, name, p)
}

// note shows a page that only says something.
func (v *visit) note(status int, title, text string) error {
	return v.render(status, "note", &page{Title: title, Data: text})
}

func notFound(v *visit) error {
	return v.note(http.StatusNotFound, "There is nothing here", "The address is not complete, or what was here is gone.")
}

// What the frame asks of a page.

// Style, Script and Mark are the files of every page.
func (v *visit) Style() string  { return styleAsset.Path }
func (v *visit) Script() string { return scriptAsset.Path }
func (v *visit) Mark() string   { return markAsset.Path }

// Name is whose documentation it is.
func (v *visit) Name() string { return "ShareSmart" }

// Base is what the paths of the members' pages begin with.
func (v *visit) Base() string { return "" }

// House reports whether the pages are those of the server's own extension.
func (v *visit) House() bool { return true }

// Test reports whether no real money moves.
func (v *visit) Test() bool { return !v.Namespace.Live }

// Customer reports whether somebody seems to be signed in. It is only about which link is shown, so the session is not
// looked up.
func (v *visit) Customer() bool { return ui.Cookie(v.r, ui.SessionCookie) != "" }

// Path is where the page is, so that a form can lead back. What answers a form has no address.
func (v *visit) Path() string {
	if v.r.Method == http.MethodPost {
		return Prefix
	}
	return v.r.URL.RequestURI()
}

// At reports whether the page is below a path, for the navigation.
func (v *visit) At(path string) bool {
	return path == Prefix && strings.HasPrefix(v.r.URL.Path, Prefix)
}
