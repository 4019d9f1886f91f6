package site

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/brand"
	"sharesmart/internal/member"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/web/ui"
)

// visit is one request of a person, and who that is.
type visit struct {
	*Pages
	w http.ResponseWriter
	r *http.Request

	Lang, Theme string
	Base        string // what the paths of the extension's pages begin with
	Brand       *brand.Brand
	Extension   *object.Object
	Customer    *object.Object // nil if nobody is signed in
	Standing    *member.Standing
	session     *object.Object
}

const (
	browserCookie = "__Host-browser"
	cookieYear    = 365 * 24 * 60 * 60
	maxForm       = 16 << 10
)

// page makes a handler of what serves a visit.
func (p *Pages) page(serve func(*visit) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ui.Secure(w.Header())
		v := &visit{Pages: p, w: w, r: r, Lang: book().Language(r), Theme: ui.Cookie(r, ui.ThemeCookie)}
		if r.Method == http.MethodPost {
			r.Body = http.MaxBytesReader(w, r.Body, maxForm)
			if err := p.guard.Check(r); err != nil || r.ParseForm() != nil {
				v.fail(v.note(http.StatusForbidden, "This form did not come from here", "Open the page again and send it once more."))
				return
			}
		}
		err := serve(v)
		if api := apierr.As(err); api != nil && api.Status == http.StatusNotFound {
			err = v.note(http.StatusNotFound, "There is nothing here", "The address is not complete, or what was here is gone.")
		}
		v.fail(err)
	})
}

// fail tells the log of a fault of ours, and the person that it is ours.
func (v *visit) fail(err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	v.Log.Error("a page failed", "page", v.r.Pattern, "error", err)
	if err := v.note(http.StatusInternalServerError, "This did not work", "The fault is ours and nothing was changed. Try again in a moment."); err != nil {
		http.Error(v.w, "This did not work.", http.StatusInternalServerError)
	}
}

// load runs an operation that knows the visit: which extension it is about, and who is signed in.
func (v *visit) load(more func(op *resource.Op) error) error {
	_, err := v.Engine.Call(v.r.Context(), v.Namespace, func(op *resource.Op) error {
		if err := v.identify(op); err != nil {
			return err
		}
		if more == nil {
			return nil
		}
		return more(op)
	})
	return err
}

func (v *visit) identify(op *resource.Op) (err error) {
	if id := v.r.PathValue("extension"); id != "" {
		if v.Extension, err = op.Find("extension", id); err != nil {
			return err
		}
	} else if v.Extension, err = member.MakeHouse(op); err != nil {
		return err
	}
	if v.Extension == nil {
		return apierr.Missing("extension", v.r.PathValue("extension"), "extension")
	}
	v.Base = member.PagesOf(v.Extension)
	if v.Brand, err = brand.For(op); err != nil {
		return err
	}
	v.Brand = brand.Drafted(v.r.Context(), v.Brand)
	token := ui.Cookie(v.r, ui.SessionCookie)
	if token == "" {
		return nil
	}
	if v.session, v.Customer, err = member.Session(op, token); err != nil || v.Customer == nil {
		return err
	}
	return v.stand(op)
}

// stand finds the plan of who is signed in, at the time that they live in.
func (v *visit) stand(op *resource.Op) (err error) {
	if err := op.KeepTimeOf(v.Customer); err != nil {
		return err
	}
	v.Standing, err = member.StandingOf(op, v.Extension, v.Customer)
	return err
}

// signIn signs a member in to this browser.
func (v *visit) signIn(op *resource.Op, customer *object.Object) error {
	session, token, err := member.SignIn(op, customer, ui.Browser(v.r.UserAgent()))
	if err != nil {
		return err
	}
	v.session, v.Customer = session, customer
	ui.SetCookie(v.w, ui.SessionCookie, token, int(member.SessionLife/time.Second))
	return v.stand(op)
}

// signedIn reports whether somebody is; else the visitor is led to log in, and back here.
func (v *visit) signedIn() bool {
	if v.Customer != nil {
		return true
	}
	to := v.Base + "/login"
	if v.r.Method == http.MethodGet {
		to += "?next=" + url.QueryEscape(v.r.URL.RequestURI())
	}
	v.lead(to)
	return false
}

// lead sends the browser on with a GET.
func (v *visit) lead(to string) {
	v.w.Header().Set("Location", to)
	v.w.WriteHeader(http.StatusSeeOther)
}

// next is where a form leads that was asked for on the way to another page: only to a path of this server.
func (v *visit) next(fallback string) string {
	to := v.r.FormValue("next")
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return fallback
	}
	return to
}

// browserSecret is what a browser that is not signed in is known by while it waits for a code. It lasts an hour.
func (v *visit) browserSecret(op *resource.Op) string {
	secret := ui.Cookie(v.r, browserCookie)
	if secret == "" {
		secret = op.Secret(32)
		ui.SetCookie(v.w, browserCookie, secret, 60*60)
	}
	return secret
}
