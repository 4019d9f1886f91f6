// Package site serves the pages on which people become members and look after their membership: what an extension is,
// what its plans cost, signing up, what comes after paying, logging in, the account.
//
// The server's own extension has its pages at the root; those of other extensions are at /e/{extension}. Everything works
// without scripts. Pages call the engine's operations as a client of the API does; a page shows what a member has and
// keeps nothing of its own but the cookie of a session.
package site

import (
	"context"
	"embed"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"sharesmart/extension"
	"sharesmart/internal/access"
	"sharesmart/internal/clock"
	"sharesmart/internal/member"
	"sharesmart/internal/ratelimit"
	"sharesmart/internal/resource"
	"sharesmart/internal/web/static"
	"sharesmart/internal/web/ui"
)

// Options are what the pages are made of.
type Options struct {
	Engine *resource.Engine
	Desk   *member.Desk
	Log    *slog.Logger
	Clock  clock.Clock
	// Namespace is where the members are.
	Namespace *access.Namespace
	BaseURL   string
	// PublishableKey is put into what people download.
	PublishableKey string
	// Pack writes the extension for a kind of browser, chromium or firefox, or the sample for developers, as a zip; nil if
	// there is nothing to download.
	Pack func(w io.Writer, browser string, c PackConfig) error
}

// PackConfig is what a downloaded extension knows of its server.
type PackConfig struct {
	Server, PublishableKey, Extension, Name string
	Keys                                    []byte // JSON Web Keys, as a JSON array
}

// Pages serves the pages.
type Pages struct {
	Options
	mux    *http.ServeMux
	guard  *http.CrossOriginProtection
	clicks *clicks
	codes  *ratelimit.Limiter // by the address on the network, as the next two are
	tries  *ratelimit.Limiter
	signs  *ratelimit.Limiter
}

//go:embed pages/*.html
var files embed.FS

//go:embed pages.css
var pageStyles string

//go:embed site.js
var script string

var (
	styleAsset  = static.NewAsset("/assets/", ".css", "text/css; charset=utf-8", static.Tokens+static.Base+static.Form+static.Frame+pageStyles)
	scriptAsset = static.NewAsset("/assets/", ".js", "text/javascript; charset=utf-8", script)
	markAsset   = static.NewAsset("/assets/", ".svg", "image/svg+xml", string(extension.Mark()))
)

// book is read when somebody opens the first page: a server that is there for the API alone starts without.
var book = sync.OnceValue(func() *ui.Book {
	pages, err := fs.Sub(files, "pages")
	if err != nil {
		panic(err)
	}
	b, err := ui.NewBook(pages, map[string]ui.Texts{"de": german}, nil)
	if err != nil {
		panic(err)
	}
	return b
})

// New returns the pages.
func New(o Options) *Pages {
	p := &Pages{Options: o, mux: http.NewServeMux(), guard: http.NewCrossOriginProtection()}
	p.clicks = newClicks(o)
	p.codes, p.signs = ratelimit.New(o.Clock, codesPerAddress, 10*time.Minute), ratelimit.New(o.Clock, signUpsPerAddress, 10*time.Minute)
	p.tries = ratelimit.New(o.Clock, triesPerAddress, 10*time.Minute)
	for pattern, serve := range p.routes() {
		method, path, _ := strings.Cut(pattern, " ")
		handler := p.page(serve)
		p.mux.Handle(method+" "+path, handler)
		p.mux.Handle(method+" /e/{extension}"+strings.TrimSuffix(path, "{$}"), handler)
	}
	for _, a := range []static.Asset{styleAsset, scriptAsset, markAsset} {
		p.mux.Handle("GET "+a.Path, a)
	}
	p.mux.HandleFunc("GET /s/{code}", p.followShare)
	return p
}

// How often one address on the network may ask for codes, type them, and sign up, in ten minutes.
const (
	codesPerAddress   = 20
	triesPerAddress   = 60
	signUpsPerAddress = 60
)

// routes are the pages by method and path.
func (p *Pages) routes() map[string]func(*visit) error {
	return map[string]func(*visit) error{
		"GET /{$}":                      showLanding,
		"GET /pricing":                  showPricing,
		"GET /from-extension":           showFromExtension,
		"GET /signup":                   showSignUp,
		"POST /signup":                  signUp,
		"GET /after-payment":            showAfterPayment,
		"POST /connect":                 connect,
		"GET /download":                 showDownload,
		"GET /download/{file}":          download,
		"GET /login":                    showLogIn,
		"POST /login":                   askForCode,
		"GET /login/code":               showCode,
		"POST /login/code":              typeCode,
		"GET /login/link":               showLink,
		"POST /login/link":              followLink,
		"POST /logout":                  logOut,
		"GET /account":                  showAccount,
		"POST /account/cancel":          cancelPlan,
		"POST /account/resume":          resumePlan,
		"POST /account/payment-method":  changePaymentMethod,
		"GET /account/card":             takeCard,
		"POST /account/pay":             payNow,
		"POST /account/devices/revoke":  revokeDevice,
		"POST /account/sessions/revoke": revokeSession,
		"GET /account/shares":           showShares,
		"POST /account/shares/delete":   deleteShare,
		"GET /account/export":           exportData,
		"GET /account/delete":           showDelete,
		"POST /account/delete":          deleteAccount,
		"GET /upgrade":                  showUpgrade,
		"POST /upgrade":                 upgrade,
		"POST /settings":                changeSettings,
	}
}

// Paths are the patterns that the pages are at, for the server's mux.
func (p *Pages) Paths() []string {
	paths := []string{"/{$}", "/e/", "/s/", "/assets/"}
	seen := map[string]bool{"/{$}": true}
	for pattern := range p.routes() {
		_, path, _ := strings.Cut(pattern, " ")
		first, _, deeper := strings.Cut(path[1:], "/")
		first = "/" + first
		if deeper {
			first += "/"
		}
		if !seen[first] {
			seen[first] = true
			paths = append(paths, first)
		}
	}
	return paths
}

// ServeHTTP serves a page.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, pattern := p.mux.Handler(r); pattern == "" && r.Method != http.MethodPost {
		p.page(func(v *visit) error {
			return v.note(http.StatusNotFound, "There is nothing here", "The address is not complete, or what was here is gone.")
		}).ServeHTTP(w, r)
		return
	}
	p.mux.ServeHTTP(w, r)
}

// Run writes the clicks of short links, until the context ends.
func (p *Pages) Run(ctx context.Context) { p.clicks.run(ctx) }
