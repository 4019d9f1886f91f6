package checkout

import (
	"context"
	_ "embed"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/store"
	"sharesmart/internal/web/card"
	"sharesmart/internal/web/static"
)

// What the paths of the hosted pages begin with: those of checkout sessions, of payment links, and of sessions that are
// begun anew.
const (
	HostedPrefix  = "/c/"
	sessionPrefix = HostedPrefix + "pay/"
	LinkPrefix    = "/b/"
	AgainPrefix   = "/r/"
)

// HostedOptions are what the hosted pages are made of. The functions are rules; those that are given an operation run
// within it.
type HostedOptions struct {
	Engine *resource.Engine
	Log    *slog.Logger
	// Place is where what a token stands for is: for Engine.At.
	Place func(token string) string
	// Visit reads what the page of a session shows. kept is the card that was typed into it before; empty for none.
	Visit func(op *resource.Op, session, kept string) (*object.Object, error)
	// Choose takes what the customer chose so far. card are the parameters of the card that they have typed, or nil.
	Choose func(op *resource.Op, session string, typed, card *object.Object) (*object.Object, error)
	// Pay takes what the customer typed and lets them pay, if what they saw is still true. `outcome` says what came of it.
	Pay func(op *resource.Op, session, seen string, typed, card *object.Object) (*object.Object, error)
	// TaxID is the type of a tax id by the country that its owner is in; empty if there is none of that form.
	TaxID func(country, value string) string
	// Link finds a payment link by its token, nil if there is none, and Begin begins a session by one.
	Link  func(op *resource.Op, token string) (*object.Object, error)
	Begin func(op *resource.Op, link, visitor *object.Object) (*object.Object, error)
	// Sample is what the page of a made-up session shows, for Preview.
	Sample func(op *resource.Op) (*object.Object, error)
	// Again begins a session anew that has expired, by the token of its recovery address.
	Again func(op *resource.Op, token string) (*object.Object, error)
}

// Hosted serves the pages of checkout sessions, and the addresses that lead to them. The pages work without scripts.
type Hosted struct {
	HostedOptions
	mux *http.ServeMux
}

//go:embed hosted.css
var hostedStyles string

var (
	hostedStyle  = static.NewAsset(HostedPrefix+"static/", ".css", "text/css; charset=utf-8", static.Tokens+static.Base+static.Form+hostedStyles)
	hostedScript = static.NewAsset(HostedPrefix+"static/", ".js", "text/javascript; charset=utf-8", card.Script)
)

// NewHosted returns the pages.
func NewHosted(o HostedOptions) *Hosted {
	h := &Hosted{HostedOptions: o, mux: http.NewServeMux()}
	h.mux.Handle("GET "+hostedStyle.Path, hostedStyle)
	h.mux.Handle("GET "+hostedScript.Path, hostedScript)
	h.mux.Handle("GET "+hostedRemoteScript.Path, hostedRemoteScript)
	h.mux.HandleFunc("GET "+sessionPrefix+"{token}", h.show)
	h.mux.HandleFunc("POST "+sessionPrefix+"{token}", h.take)
	h.mux.HandleFunc("GET "+LinkPrefix+"{token}", h.begin)
	h.mux.HandleFunc("HEAD "+LinkPrefix+"{token}", h.look)
	h.mux.HandleFunc("GET "+AgainPrefix+"{token}", h.again)
	h.mux.HandleFunc("HEAD "+AgainPrefix+"{token}", func(http.ResponseWriter, *http.Request) {})
	h.mux.HandleFunc("/", h.nothing)
	return h
}

// ServeHTTP shows a session, takes what its customer does, and leads to sessions.
func (h *Hosted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secureHosted(w.Header(), "", nil)
	h.mux.ServeHTTP(w, r)
}

// secureHosted sets the headers that all hosted pages have. A page that takes payments is framed by nobody; pictures of
// what is sold may come from anywhere. Browsers hold form-action against the address to which the answer to the form
// leads as well, so it names where the customer goes in the end.
func secureHosted(h http.Header, end string, f *card.Remote) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'"+f.Policy()+"; img-src 'self' data: https:; form-action 'self'"+formTarget(end)+"; frame-ancestors 'none'; base-uri 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
}

// plainHost is a host that can stand in a header as it is.
var plainHost = regexp.MustCompile(`^[A-Za-z0-9.:\[\]-]+$`)

// formTarget is where an address is, as a policy names it; empty for nowhere that a form may lead.
func formTarget(address string) string {
	u, err := url.Parse(address)
	switch {
	case err != nil || !leadsOn(u):
		return ""
	case plainHost.MatchString(u.Host) && (u.Scheme == "http" || u.Scheme == "https"):
		return " " + u.Scheme + "://" + u.Host
	}
	return " " + u.Scheme + ":"
}

// leadsOn reports whether a browser can be sent to an address, and goes to a page or an app there.
func leadsOn(u *url.URL) bool {
	return u.Scheme != "" && !slices.Contains(unsafe, strings.ToLower(u.Scheme))
}

// call runs a rule where a token says that what it stands for is.
func (h *Hosted) call(r *http.Request, rule func(op *resource.Op, token string) (*object.Object, error)) (*object.Object, error) {
	token := r.PathValue("token")
	ns, err := h.at(token)
	if err != nil {
		return nil, err
	}
	return h.Engine.Call(r.Context(), ns, func(op *resource.Op) (err error) {
		op.Result, err = rule(op, token)
		return err
	})
}

func (h *Hosted) at(token string) (*access.Namespace, error) {
	if len(token) > maxParam {
		return nil, errGone
	}
	ns, err := h.Engine.At(h.Place(token))
	if errors.Is(err, store.ErrNotFound) {
		return nil, errGone
	}
	return ns, err
}

// nothing answers what is not there.
func (h *Hosted) nothing(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
		h.note(w, r, http.StatusNotFound, func(t *sayings) (string, string) { return t.Gone, t.GoneText })
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		h.note(w, r, http.StatusMethodNotAllowed, func(t *sayings) (string, string) { return t.Cannot, t.CannotText })
	}
}

// fail tells the log of a fault of ours, and the customer that it is ours.
func (h *Hosted) fail(w http.ResponseWriter, r *http.Request, err error) {
	if refused(err) != nil {
		h.note(w, r, http.StatusNotFound, func(t *sayings) (string, string) { return t.Gone, t.GoneText })
		return
	}
	if !errors.Is(err, context.Canceled) {
		h.Log.Error("checkout page failed", "error", err)
	}
	h.note(w, r, http.StatusInternalServerError, func(t *sayings) (string, string) { return t.Broken, t.BrokenText })
}

// refused is what a rule says to the customer; nil if it is no refusal but a fault of ours, or nothing.
func refused(err error) *apierr.Error {
	if api := apierr.As(err); api != nil && api.Status < http.StatusInternalServerError {
		return api
	}
	return nil
}

// lead sends the browser on with a GET.
func lead(w http.ResponseWriter, to string) {
	w.Header().Set("Location", to)
	w.WriteHeader(http.StatusSeeOther)
}
