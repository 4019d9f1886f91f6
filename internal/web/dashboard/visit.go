package dashboard

import (
	"context"
	"errors"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/audit"
	"sharesmart/internal/people"
	"sharesmart/internal/store"
	"sharesmart/internal/web/ui"
)

// Visit is one request of a person, and who that is.
type Visit struct {
	*Pages
	W http.ResponseWriter
	R *http.Request // its path is without the place
	// Person is who is signed in; nil on open pages, and of a guest.
	Person  *people.Person
	Session *people.Session
	// Role is what the person may do in the account.
	Role people.Role
	// Account and Namespace are where the page is. Open and personal pages have no namespace.
	Account   string
	Namespace *access.Namespace
	// Sandbox is the one that the page is in, if it is in one.
	Sandbox *access.Sandbox

	Theme string
	page  Page
	place place
}

const (
	sessionCookie = "__Host-dashboard"
	cookieYear    = 365 * 24 * 60 * 60
	maxForm       = 256 << 10
)

// serve makes a handler of a page: who it is, what they may do, then the page.
func (p *Pages) serve(page Page) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ui.Secure(w.Header())
		w.Header().Set("X-Robots-Tag", "noindex")
		v := &Visit{Pages: p, W: w, R: r, Theme: ui.Cookie(r, ui.ThemeCookie), page: page}
		v.place, _ = r.Context().Value(placeKey{}).(place)
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			if err := p.guard.Check(r); err != nil || page.parse(w, r) != nil {
				v.fail(v.Note(http.StatusForbidden, "This form did not come from here", "Open the page again and send it once more."))
				return
			}
		}
		admitted, err := v.admit()
		if admitted && err == nil {
			err = page.Handler(v)
		}
		v.fail(v.explain(err))
	})
}

// maxUpload is more than the largest file that a page takes.
const maxUpload = 6 << 20

// parse reads the form of a request.
func (page Page) parse(w http.ResponseWriter, r *http.Request) error {
	if !page.Upload {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		return r.ParseForm()
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	if err := r.ParseMultipartForm(maxUpload); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return err
	}
	return r.ParseForm()
}

// admit finds out who it is and lets them to the page, or answers in its stead.
func (v *Visit) admit() (admitted bool, err error) {
	if err := v.identify(); err != nil || v.page.Open {
		return err == nil, err
	}
	if v.Person == nil && (!v.welcomesGuest() || (v.page.Signed || v.page.Personal && v.page.Pattern != "")) {
		return false, v.toSignIn()
	}
	if err := v.locate(); err != nil {
		return false, err
	}
	switch {
	case v.page.Personal:
	case v.Namespace == nil:
		return false, notFound(v)
	case v.Role < v.page.Role:
		if v.Person != nil {
			if err := v.People.Refused(v.R.Context(), v.Account, v.Person, v.page.Pattern); err != nil {
				return false, err
			}
		}
		return false, v.Note(http.StatusForbidden, "Your role does not include this",
			"You are "+article(v.Role)+" here, and this needs "+article(v.page.Role)+". An owner can change your role.")
	}
	if led, err := v.toFactor(); led || err != nil {
		return false, err
	}
	if (v.page.Fresh || v.page.FreshLive && v.Live()) && (v.Session == nil || !v.Session.Fresh(v.Clock.Now())) {
		return false, v.toProve()
	}
	return true, nil
}

// toFactor leads to the profile who has no second factor where the server demands one; there one is added.
func (v *Visit) toFactor() (led bool, err error) {
	if !v.SecondFactor || v.Person == nil || v.page.Personal {
		return false, nil
	}
	how, err := v.People.SecurityOf(v.Person.ID)
	if err != nil || how.TOTP > 0 {
		return false, err
	}
	return true, v.Lead(Path + "/profile?done=factor-needed")
}

func article(r people.Role) string {
	if r == people.Owner {
		return "an " + r.String()
	}
	return "a " + r.String()
}

// identify finds the session and the person of the browser's cookie.
func (v *Visit) identify() error {
	token := ui.Cookie(v.R, sessionCookie)
	if token == "" {
		return nil
	}
	s, p, err := v.People.Session(v.R.Context(), token)
	if errors.Is(err, people.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	v.Session, v.Person = s, p
	v.R = v.R.WithContext(audit.By(v.R.Context(), p.Actor(v.IP())))
	return nil
}

// welcomesGuest reports whether somebody who is not signed in may look at the page.
func (v *Visit) welcomesGuest() bool {
	return v.Guest != people.Nobody && (!v.GuestNear || ui.Near(v.R)) && (v.place.env != access.Live || v.page.Pattern == "")
}

// locate finds the account and the namespace of the page's address, and what the person may do there. What they may not see
// is as if it were not there.
func (v *Visit) locate() error {
	v.Account = v.place.account
	if v.Account == "" {
		v.Account = v.homeOf(v.Person)
	}
	n, err := v.Registry.Known(v.Account, v.place.env)
	if errors.Is(err, store.ErrNotFound) {
		n, err = v.unused()
	}
	if err != nil {
		return err
	}
	if n == nil {
		return nil
	}
	if v.Role = v.roleIn(n); v.Role == people.Nobody {
		return nil
	}
	if n.IsSandbox() {
		s, err := v.Registry.Sandbox(n.Env)
		if api := apierr.As(err); api != nil {
			return nil
		}
		if err != nil {
			return err
		}
		v.Sandbox = s
	}
	v.Namespace = n
	return nil
}

// unused is the namespace of a connected account that nobody has acted for yet; nil if it is connected to none of the
// accounts in which the person may do something.
func (v *Visit) unused() (*access.Namespace, error) {
	accounts := []string{v.Pages.Account}
	if v.Person != nil {
		accounts = slices.Sorted(maps.Keys(v.Person.Roles))
	}
	for _, platform := range accounts {
		home, err := v.Registry.Known(platform, v.place.env)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if v.roleIn(home) == people.Nobody {
			continue
		}
		n, err := v.Registry.Connected(&access.Grant{Key: &access.Key{}, Namespace: home}, v.Account)
		if err == nil || apierr.As(err) == nil {
			return n, err
		}
	}
	return nil, nil
}

// roleIn is what the person may do in a namespace: as much as in the account that it is connected to, if it is.
func (v *Visit) roleIn(n *access.Namespace) people.Role {
	if v.Person != nil {
		return max(v.Person.Roles[n.Account], v.Person.Roles[n.Platform])
	}
	house := n.Account == v.Pages.Account || n.Platform == v.Pages.Account
	lent := n.IsSandbox() && v.Readers != "" && (n.Account == v.Readers || n.Platform == v.Readers)
	if !n.Live && (house || lent) {
		return v.Guest
	}
	return people.Nobody
}

// toSignIn leads to the sign-in, and back.
func (v *Visit) toSignIn() error {
	to := Path + "/sign-in"
	if v.R.Method == http.MethodGet {
		to += "?next=" + url.QueryEscape(v.Here())
	}
	return v.Lead(to)
}

// toProve leads to where somebody proves again who they are, and back to the page, or to the one that the form was on.
func (v *Visit) toProve() error {
	next := v.Here()
	if v.R.Method != http.MethodGet {
		next = v.Path("/")
		if from, err := url.Parse(v.R.Referer()); err == nil && local(from.RequestURI()) != "" {
			next = from.RequestURI()
		}
	}
	return v.Lead(Path + "/prove?next=" + url.QueryEscape(next))
}

// explain makes a page of an error that is one for people.
func (v *Visit) explain(err error) error {
	var invalid *people.Invalid
	switch api := apierr.As(err); {
	case err == nil:
		return nil
	case errors.As(err, &invalid):
		return v.Note(http.StatusUnprocessableEntity, "This cannot be done", invalid.Text)
	case errors.Is(err, people.ErrNotFound), errors.Is(err, store.ErrNotFound), api != nil && api.Status == http.StatusNotFound:
		return notFound(v)
	case api != nil && api.Status < http.StatusInternalServerError:
		return v.Note(api.Status, "This cannot be done", api.Message)
	}
	return err
}

// fail tells the log of a fault of ours, and the person that it is ours.
func (v *Visit) fail(err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	v.Log.Error("a page of the Dashboard failed", "page", v.page.Pattern, "error", err)
	if err := v.Note(http.StatusInternalServerError, "This did not work", "The fault is ours and nothing was changed. Try again in a moment."); err != nil {
		http.Error(v.W, "This did not work.", http.StatusInternalServerError)
	}
}

// Path is where a page is in the place of this one: its pattern's path.
func (v *Visit) Path(path string) string { return v.place.prefix() + path }

// Here is where this page is, with what was asked for.
func (v *Visit) Here() string { return v.Path(v.R.URL.RequestURI()) }

// Next is where somebody wants to go on to: only to a page of the Dashboard.
func (v *Visit) Next(fallback string) string {
	if to := local(v.R.FormValue("next")); to != "" {
		return to
	}
	return fallback
}

// Lead sends the browser on with a GET.
func (v *Visit) Lead(to string) error {
	v.W.Header().Set("Location", to)
	v.W.WriteHeader(http.StatusSeeOther)
	return nil
}

// Query is a parameter of the address or the form.
func (v *Visit) Query(name string) string { return v.R.FormValue(name) }

// IP is the address on the network that the request comes from.
func (v *Visit) IP() string {
	host, _, err := net.SplitHostPort(v.R.RemoteAddr)
	if err != nil {
		return v.R.RemoteAddr
	}
	return host
}

// client is what is noted of the browser.
func (v *Visit) client() people.Client {
	return people.Client{Browser: ui.Browser(v.R.UserAgent()), IP: v.IP()}
}

// begin gives the browser its session.
func (v *Visit) begin(token string) {
	ui.SetCookie(v.W, sessionCookie, token, int(people.SessionLife/time.Second))
}

// may reports whether the person may do what needs a role.
func (v *Visit) may(r people.Role) bool { return v.Role >= r }

// trimmed is a field of a form without the space around it.
func (v *Visit) trimmed(name string) string { return strings.TrimSpace(v.R.PostForm.Get(name)) }
