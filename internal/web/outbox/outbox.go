// Package outbox serves the page that shows what the server has written to customers, for those who develop with it. It
// shows test mode and sandboxes, never live mode, and only to who is at the machine itself, unless it is a demo.
package outbox

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/store"
	"sharesmart/internal/web/static"
	"sharesmart/internal/web/ui"
)

// Path is where the page is.
const Path = "/outbox"

// Options are what the page is made of.
type Options struct {
	Engine   *resource.Engine
	Registry *access.Registry
	Log      *slog.Logger
	// Open shows the page to everybody: a demo.
	Open bool
}

// Pages serves the page.
type Pages struct{ Options }

// New returns the page.
func New(o Options) *Pages { return &Pages{o} }

//go:embed outbox.css
var styles string

var (
	sheet     = static.Tokens + static.Base + static.Form + styles
	sheetSum  = sha256.Sum256([]byte(sheet))
	sheetPath = Path + "/static/" + hex.EncodeToString(sheetSum[:6]) + ".css"
)

// ServeHTTP shows the list, a message, or the HTML of one.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		p.note(w, http.StatusMethodNotAllowed, "This page only shows", "Nothing can be sent to it.")
		return
	}
	if !p.Open && !ui.Near(r) {
		p.note(w, http.StatusNotFound, "There is nothing here", "Check the address.")
		return
	}
	if r.URL.Path == sheetPath {
		serveSheet(w)
		return
	}
	place, rest, _ := strings.Cut(strings.Trim(strings.TrimPrefix(r.URL.Path, Path), "/"), "/")
	id, part, _ := strings.Cut(rest, "/")
	switch {
	case place == "":
		p.list(w, r)
	case part == "":
		p.show(w, r, place, id)
	case part == "html":
		p.preview(w, r, place, id)
	default:
		p.gone(w)
	}
}

func secure(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
}

func serveSheet(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	// A write fails when the client is gone; there is nobody left to tell.
	_, _ = w.Write([]byte(sheet))
}

// find reads a message; nil if there is none that may be shown.
func (p *Pages) find(r *http.Request, place, id string) (*object.Object, error) {
	ns, err := p.Engine.At(place)
	if errors.Is(err, store.ErrNotFound) || err == nil && ns.Live {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return p.Engine.Survey(r.Context(), ns).Find("mail", id)
}

// preview answers a message's HTML as it is, for a frame: nothing in it runs or loads, and its links open elsewhere.
func (p *Pages) preview(w http.ResponseWriter, r *http.Request, place, id string) {
	o, err := p.find(r, place, id)
	switch {
	case err != nil:
		p.fail(w, err)
		return
	case o == nil || o.String("html") == "":
		p.gone(w)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'")
	h.Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(strings.Replace(o.String("html"), "<head>", `<head><base target="_blank">`, 1)))
}

func (p *Pages) gone(w http.ResponseWriter) {
	p.note(w, http.StatusNotFound, "This message is not here", "It may have gone with its sandbox. The outbox has those that are left.")
}

func (p *Pages) fail(w http.ResponseWriter, err error) {
	p.Log.Error("outbox page failed", "error", err)
	p.note(w, http.StatusInternalServerError, "This did not work", "The server's log has the reason.")
}
