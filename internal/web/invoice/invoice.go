// Package invoice serves what a customer gets to see of an invoice: the page that says what is owed and takes a card, how it is paid by
// hand, and the files of invoices, receipts and credit notes.
//
// Who has its address may read it, so the address cannot be guessed, is kept out of referrers, and its pages out of
// caches. The page works without scripts. Everything is read beside the store's writer; only paying is an operation.
package invoice

import (
	"context"
	_ "embed"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/paper"
	"sharesmart/internal/param"
	"sharesmart/internal/resource"
	"sharesmart/internal/web/card"
	"sharesmart/internal/web/static"
)

// What the paths of invoices, credit notes and receipts of charges begin with.
const (
	Prefix        = "/invoices/"
	NotePrefix    = "/credit_notes/"
	ReceiptPrefix = "/receipts/"
)

// Options are what the pages are made of. The functions are rules.
type Options struct {
	Engine *resource.Engine
	Log    *slog.Logger
	// Invoice, Receipt and CreditNote read what stands on a document. A receipt is nil if nothing was paid.
	Invoice, Receipt, CreditNote func(s *resource.Survey, o *object.Object) (*paper.Document, error)
	// Charge reads the receipt of a charge; nil if nothing was paid.
	Charge func(s *resource.Survey, o *object.Object) (*paper.Document, error)
	// Intent is the payment intent by which an invoice is paid; nil if none is open.
	Intent func(s *resource.Survey, in *object.Object) (*object.Object, error)
	// Payable reports whether an invoice can be paid with a card here.
	Payable func(in, intent *object.Object) bool
	// Seen marks what a form shows, so that it does nothing when something else has happened since.
	Seen func(in, intent *object.Object) string
	// Pay takes what is left to pay. A decline is no error: the intent tells of it. tried is false when the form was old.
	Pay func(op *resource.Op, id, seen string, card *object.Object) (intent *object.Object, tried bool, err error)
	// Choose lets an invoice be paid by hand in one of the ways that are offered, and Tell takes down that it was: by what it
	// can be found, and a file, or nil.
	Choose func(op *resource.Op, id, way string) error
	Tell   func(op *resource.Op, id, told string, proof *param.File) error
}

// Pages serves the pages and the files.
type Pages struct{ Options }

// New returns the pages.
func New(o Options) *Pages { return &Pages{o} }

//go:embed invoice.css
var styles string

var (
	styleAsset  = static.NewAsset(Prefix+"static/", ".css", "text/css; charset=utf-8", static.Tokens+static.Base+static.Form+styles)
	scriptAsset = static.NewAsset(Prefix+"static/", ".js", "text/javascript; charset=utf-8", card.Script)
	remoteAsset = static.NewAsset(Prefix+"static/", ".js", "text/javascript; charset=utf-8", card.RemoteScript)
)

// ServeHTTP shows an invoice, takes its payment, and gives out files.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header(), nil)
	read := r.Method == http.MethodGet || r.Method == http.MethodHead
	for _, a := range []static.Asset{styleAsset, scriptAsset, remoteAsset} {
		if read && r.URL.Path == a.Path {
			a.ServeHTTP(w, r)
			return
		}
	}
	if receipt, is := strings.CutPrefix(r.URL.Path, ReceiptPrefix); is && read {
		p.receipt(w, r, receipt)
		return
	}
	note, isNote := strings.CutPrefix(r.URL.Path, NotePrefix)
	token, part, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, Prefix), "/")
	if isNote {
		token, part, _ = strings.Cut(note, "/")
	}
	switch {
	case read && isNote && part == "pdf":
		p.file(w, r, "credit_note", token, p.CreditNote)
	case read && !isNote && part == "pdf":
		p.file(w, r, "invoice", token, p.Invoice)
	case read && !isNote && part == "receipt":
		p.file(w, r, "invoice", token, p.Receipt)
	case read && !isNote && part == "":
		p.show(w, r, token)
	case r.Method == http.MethodPost && !isNote && part == "":
		p.take(w, r, token)
	case read:
		p.gone(w, r)
	default:
		w.Header().Set("Allow", "GET, HEAD")
		p.note(w, r, http.StatusMethodNotAllowed, func(t *words) (string, string) { return t.cannot, t.cannotText })
	}
}

// secure sets the headers that all pages have. A page that takes payments is framed by nobody.
func secure(h http.Header, f *card.Remote) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'"+f.Policy()+"; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
}

// maxToken is the length up to which tokens are looked at: real ones are shorter.
const maxToken = 255

// find is the object with a token, and where it is; nil if there is none.
func (p *Pages) find(kind, token string) (*access.Namespace, *object.Object, error) {
	if token == "" || len(token) > maxToken {
		return nil, nil, nil
	}
	if kind == "charge" {
		return p.Engine.Marked(kind, token)
	}
	return p.Engine.Shared(kind, token)
}

// gone says that there is nothing at the address, without telling whether there ever was.
func (p *Pages) gone(w http.ResponseWriter, r *http.Request) {
	p.note(w, r, http.StatusNotFound, func(t *words) (string, string) { return t.gone, t.goneText })
}

// fail tells the log of a fault of ours, and the customer that it is ours.
func (p *Pages) fail(w http.ResponseWriter, r *http.Request, err error) {
	if api := apierr.As(err); api != nil && api.Status < http.StatusInternalServerError {
		p.gone(w, r)
		return
	}
	if !errors.Is(err, context.Canceled) {
		p.Log.Error("invoice page failed", "error", err)
	}
	p.note(w, r, http.StatusInternalServerError, func(t *words) (string, string) { return t.broken, t.brokenText })
}
