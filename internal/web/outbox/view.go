package outbox

import (
	"bytes"
	_ "embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

//go:embed pages.html
var pages string

var templates = template.Must(template.New("pages").Parse(pages))

// perPage is how many messages a page lists.
const perPage = 50

// frame is what every page is put into.
type frame struct{ Style, Path, Title string }

func newFrame(title string) frame { return frame{sheetPath, Path, title} }

// listing is the page with the messages of one place.
type listing struct {
	frame
	Search string
	In     string // the place, if it was chosen
	Places []place
	Items  []item
	Older  string // the address of the next page
}

// place is where messages can be: test mode, or a sandbox.
type place struct {
	ID, Name string
	Chosen   bool
}

// item is a message as it is shown.
type item struct {
	*object.Object
	Place string
}

// Address is where the message is shown.
func (i item) Address() string { return Path + "/" + i.Place + "/" + url.PathEscape(i.ID()) }

// Kind is the kind in words.
func (i item) Kind() string { return strings.ReplaceAll(i.String("kind"), "_", " ") }

// Get is a field as it is written.
func (i item) Get(name string) string { return i.String(name) }

// Badge is how the status is shown.
func (i item) Badge() string {
	return map[string]string{"sent": "good", "failed": "bad", "queued": "warn", "held": "quiet"}[i.String("status")]
}

// Meaning says what the status means.
func (i item) Meaning() string {
	switch i.String("status") {
	case "held":
		return "It is kept here and not sent."
	case "queued":
		return "It waits for the mail server."
	case "sent":
		return "The mail server has taken it."
	}
	return "It is not tried again."
}

// Attempts is how often it was tried to send it.
func (i item) Attempts() int64 { return i.Int("attempts") }

// Time is a time in it; nil if there is none.
func (i item) Time(name string) *moment {
	if at := i.Int(name); at > 0 {
		return &moment{time.Unix(at, 0).UTC()}
	}
	return nil
}

// Files are the names of what goes with it.
func (i item) Files() (names []string) {
	for _, v := range i.Array("attachments") {
		file, _ := v.(*object.Object)
		names = append(names, file.String("name"))
	}
	return names
}

// moment is a time for people and for programs.
type moment struct{ time.Time }

// Stamp is the time for programs.
func (m moment) Stamp() string { return m.Format(time.RFC3339) }

// String is the time for people.
func (m moment) String() string { return m.Format("2 Jan 2006, 15:04:05") + " UTC" }

func (p *Pages) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	v := listing{frame: newFrame("Outbox"), Search: strings.TrimSpace(q.Get("to")), In: q.Get("in")}
	ns, err := p.places(r, &v)
	if errors.Is(err, store.ErrNotFound) {
		p.gone(w)
		return
	}
	if err == nil && ns != nil {
		err = p.fill(r, &v, ns, q.Get("after"))
	}
	if errors.Is(err, store.ErrNotFound) {
		p.gone(w)
		return
	}
	if err != nil {
		p.fail(w, err)
		return
	}
	p.render(w, http.StatusOK, "list", v)
}

// fill reads a page of messages.
func (p *Pages) fill(r *http.Request, v *listing, ns *access.Namespace, after string) error {
	search, at := strings.ToLower(v.Search), strconv.FormatInt(int64(ns.NS), 36)
	found, more, err := p.Engine.Survey(r.Context(), ns).Newest("mail", after, perPage, func(o *object.Object) bool {
		return strings.Contains(strings.ToLower(o.String("to")), search)
	})
	for _, o := range found {
		v.Items = append(v.Items, item{o, at})
	}
	if more && len(found) > 0 {
		q := url.Values{"after": {found[len(found)-1].ID()}}
		for name, value := range map[string]string{"to": v.Search, "in": v.In} {
			if value != "" {
				q.Set(name, value)
			}
		}
		v.Older = Path + "?" + q.Encode()
	}
	return err
}

// mostPlaces is how many sandboxes can be chosen from, the newest.
const mostPlaces = 20

// places lists where messages can be, and finds the one that was chosen: at first, test mode.
func (p *Pages) places(r *http.Request, v *listing) (*access.Namespace, error) {
	account, err := p.Registry.DefaultAccount(r.Context())
	if account == "" || err != nil {
		return nil, err
	}
	sandboxes, err := p.Registry.ListSandboxes(r.Context(), account)
	if err != nil {
		return nil, err
	}
	v.Places = []place{{"", "Test mode", v.In == ""}}
	for _, s := range sandboxes[:min(len(sandboxes), mostPlaces)] {
		name := s.Name
		if name == "" {
			name = s.ID
		}
		v.Places = append(v.Places, place{s.ID, name, v.In == s.ID})
	}
	if v.In == "" {
		return p.Registry.Known(account, access.Test)
	}
	s, err := p.Registry.Sandbox(v.In)
	if err != nil || s.Account != account {
		return nil, errors.Join(store.ErrNotFound, err)
	}
	return p.Registry.Namespace(account, s.ID)
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, at, id string) {
	o, err := p.find(r, at, id)
	switch {
	case err != nil:
		p.fail(w, err)
		return
	case o == nil:
		p.gone(w)
		return
	}
	p.render(w, http.StatusOK, "message", struct {
		frame
		item
	}{newFrame(o.String("subject")), item{o, at}})
}

// note is a page that only says something.
func (p *Pages) note(w http.ResponseWriter, status int, title, text string) {
	p.render(w, status, "note", struct {
		frame
		Text string
	}{newFrame(title), text})
}

// render writes a page. It is made before anything is sent, so that a fault of a template cannot send half of one.
func (p *Pages) render(w http.ResponseWriter, status int, name string, data any) {
	var page bytes.Buffer
	if err := templates.ExecuteTemplate(&page, name, data); err != nil {
		p.Log.Error("render a page", "page", name, "error", err)
		http.Error(w, "This did not work.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	// A write fails when the client is gone; there is nobody left to tell.
	_, _ = w.Write(page.Bytes())
}
