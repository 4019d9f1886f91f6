// Package checkout serves the pages on which a customer pays or authenticates. Those of checkout sessions are in the files
// that begin with hosted. The others are the challenge: the page that next_action leads to, which in test mode takes the
// place of a bank's and asks how the customer's visit ends.
//
// All work without scripts. Who has the address of a page may act for the customer, so an address cannot be guessed (that
// of a challenge has the attempt and the client secret in it), and is kept out of referrers and caches. A challenge works
// once.
package checkout

import (
	"context"
	_ "embed"
	"errors"
	"log/slog"
	"net/http"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/web/static"
)

// What the paths of the pages begin with: those of payment and setup intents, and those of sources, whose attempt is
// the source itself.
const (
	Prefix       = "/authenticate/"
	SourcePrefix = "/redirect/authenticate/"
)

// Options are what the pages are made of. The three functions are rules; they run within an operation. What they call
// an intent may be a source as well.
type Options struct {
	Engine *resource.Engine
	Log    *slog.Logger
	// Describe finds the payment or setup intent whose customer has to act. An attempt that was used, and one that
	// never was, is an *apierr.Error.
	Describe func(op *resource.Op, attempt, clientSecret string) (*object.Object, error)
	// ReturnURL is where the customer goes afterwards; empty for nowhere.
	ReturnURL func(op *resource.Op, intent *object.Object) (string, error)
	// Return finds the intent whose customer comes back from their bank in live mode, and where they go on to. What has
	// become of it is asked for.
	Return func(op *resource.Op, attempt, clientSecret string) (intent *object.Object, back string, err error)
	// Authenticate goes on with the intent. That the payment fails then is no error.
	Authenticate func(op *resource.Op, attempt, clientSecret, outcome string) (*object.Object, error)
}

// Pages serves the challenge.
type Pages struct{ Options }

// New returns the pages.
func New(o Options) *Pages { return &Pages{o} }

//go:embed checkout.css
var styles string

//go:embed close.js
var script string

//go:embed escape.js
var escape string

// ServeHTTP shows a challenge and takes what the customer did.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	a := attemptOf(r)
	read := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch {
	case read && a.id == "static/checkout.css":
		asset(w, "text/css; charset=utf-8", static.Tokens+static.Base+styles)
	case read && a.id == "static/close.js":
		asset(w, "text/javascript; charset=utf-8", script)
	case read && a.id == "static/escape.js":
		asset(w, "text/javascript; charset=utf-8", escape)
	case read && isPicture(r.URL.Path):
		picture(w, r)
	case read && p.isLive(a):
		d, err := p.comeBack(r.Context(), a)
		p.goOn(w, d, err)
	case read:
		p.show(w, r, a)
	case r.Method == http.MethodPost:
		p.take(w, r, a)
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		p.render(w, http.StatusMethodNotAllowed, "note", note{"This page cannot do that", "Open it in a browser."})
	}
}

// secure sets the headers that all pages have. A page may be framed, for shops show it in a window of theirs; it only
// works in test mode. There is no form-action: browsers hold it against the shop's address as well, to which the
// answer to the form leads.
func secure(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
}

func asset(w http.ResponseWriter, contentType, text string) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "public, max-age=300")
	// A write fails when the client is gone; there is nobody left to tell.
	_, _ = w.Write([]byte(text))
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, a attempt) {
	c, err := p.describe(r.Context(), a)
	if err != nil {
		p.refuse(w, err)
		return
	}
	p.render(w, http.StatusOK, "challenge", c)
}

func (p *Pages) take(w http.ResponseWriter, r *http.Request, a attempt) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	outcome := r.PostFormValue("outcome")
	switch outcome {
	case "succeeded", "failed", "canceled":
	default:
		p.render(w, http.StatusBadRequest, "note", note{"Nothing was chosen", "Go back and choose how the visit ends."})
		return
	}
	d, err := p.act(r.Context(), a, outcome)
	p.goOn(w, d, err)
}

// goOn leads the customer on, or says what came of it.
func (p *Pages) goOn(w http.ResponseWriter, d done, err error) {
	switch {
	case err != nil:
		p.refuse(w, err)
	case d.next != "":
		w.Header().Set("Location", d.next)
		w.WriteHeader(http.StatusSeeOther)
	default:
		p.render(w, http.StatusOK, "done", d)
	}
}

// refuse explains why there is nothing to do here.
func (p *Pages) refuse(w http.ResponseWriter, err error) {
	if api := apierr.As(err); api != nil && api.Status < http.StatusInternalServerError {
		p.render(w, http.StatusNotFound, "note", note{"There is nothing left to do here",
			"This page works once, and it was used already, or its address is not complete. Close it, or go back to the shop and try again."})
		return
	}
	if !errors.Is(err, context.Canceled) {
		p.Log.Error("challenge page failed", "error", err)
	}
	p.render(w, http.StatusInternalServerError, "note", note{"This did not work", "The fault is ours and nothing was changed. Try again in a moment."})
}
