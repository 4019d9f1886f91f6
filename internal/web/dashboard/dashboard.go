// Package dashboard serves the pages on which a business is run: keys, requests, objects, people.
//
// Each page is registered in the file that has its handler, with the role that it needs; Pages checks that before the
// handler runs, so that no handler can forget to. Pages are at
//
//	/dashboard/keys             live mode of the account that the person is in
//	/dashboard/test/keys        test mode
//	/dashboard/sbx_.../keys     a sandbox
//	/dashboard/acct_.../test/keys   of another account: one of the person's, or one that is connected to theirs
//
// Everything works without scripts. What pages do is done by package people, package access, and the engine's operations.
package dashboard

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"sharesmart/extension"
	"sharesmart/internal/access"
	"sharesmart/internal/brand"
	"sharesmart/internal/clock"
	"sharesmart/internal/mail"
	"sharesmart/internal/people"
	"sharesmart/internal/ratelimit"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
	"sharesmart/internal/web/dashboard/explorer"
	"sharesmart/internal/web/docs/reference"
	"sharesmart/internal/web/static"
	"sharesmart/internal/web/ui"
)

// Path is where the pages are; Paths are the patterns for the server's mux.
const Path = "/dashboard"

// Paths are the patterns that the pages are at.
var Paths = []string{Path, Path + "/"}

// Options are what the pages are made of.
type Options struct {
	Engine   *resource.Engine
	Registry *access.Registry
	People   *people.Registry
	Store    store.Store // for the request log and the audit log
	Log      *slog.Logger
	Clock    clock.Clock
	BaseURL  string
	// Account is the one that the server is for.
	Account string
	// Guest is what somebody may do in test mode who is not signed in; nobody for nothing. It is for servers whose test
	// mode is open to everybody anyway.
	Guest people.Role
	// Readers is the account whose sandboxes are lent to readers of the documentation; empty for none. A guest may look into
	// one of them: nobody else knows its id.
	Readers string
	// GuestNear lets in as guests only those who are at the machine itself.
	GuestNear bool
	// SecondFactor demands an authenticator app of everybody who signs in with a password.
	SecondFactor bool
	// API is the server's own handler, by which actions are done, so that each is limited, checked and logged as any other
	// request. It is set before the first page is served.
	API http.Handler
	// Checkout is the page of a made-up checkout as a brand would look; Mail writes tests of messages. Either may be nil.
	Checkout func(ctx context.Context, ns *access.Namespace, b *brand.Brand) ([]byte, error)
	Mail     *mail.Mailer
	// ClientID is the id of the application as which the account of a namespace acts in those connected to it by OAuth.
	ClientID func(ns *access.Namespace) string
	// Redirects are the addresses to which that application may lead a seller, and SetRedirects names them.
	Redirects    func(s *resource.Survey) ([]string, error)
	SetRedirects func(op *resource.Op, list []string) error
	// Stopped is closed when the server is to end: what goes on for as long as somebody listens ends then.
	Stopped <-chan struct{}
}

// Page is one page, or what one of its forms is sent to.
type Page struct {
	// Pattern is of http.ServeMux: a method and the path below the mode, as "GET /keys/{id}".
	Pattern string
	// Role is the least that a person needs.
	Role people.Role
	// Open is for who is not signed in as well. Such a page has no account and no namespace.
	Open bool
	// Personal is about the person who is signed in, whatever their role and the mode. Guests have none.
	Personal bool
	// Signed is for nobody who is not signed in, where guests may see other pages that need the role.
	Signed bool
	// Fresh is only for who has proved a short time ago who they are; FreshLive asks for that in live mode alone.
	Fresh, FreshLive bool
	// Upload takes a file. Framed stands in a frame of another page, where nothing of it runs.
	Upload, Framed bool
	// Stream is an answer that goes on for as long as the browser listens.
	Stream  bool
	Handler func(*Visit) error
}

var pages []Page

// register adds a page.
func register(p Page) { pages = append(pages, p) }

// Registered are all pages, for tests.
func Registered() []Page { return slices.Clone(pages) }

// Pages serves the pages.
type Pages struct {
	Options
	mux    *http.ServeMux
	guard  *http.CrossOriginProtection
	byAddr *ratelimit.Limiter // sign-ins by the address on the network
	byName *ratelimit.Limiter // and by the e-mail address
	once   *once
	docs   func() *reference.Catalog
	kinds  func() *explorer.Catalog
}

// How often somebody may try to prove who they are within a quarter of an hour.
const (
	triesPerAddress = 60
	triesPerName    = 10
	tryWindow       = 15 * time.Minute
)

// New returns the pages.
func New(o Options) *Pages {
	p := &Pages{
		Options: o, mux: http.NewServeMux(), guard: http.NewCrossOriginProtection(),
		byAddr: ratelimit.New(o.Clock, triesPerAddress, tryWindow), byName: ratelimit.New(o.Clock, triesPerName, tryWindow),
		once: &once{seen: map[string]bool{}},
	}
	p.docs = sync.OnceValue(func() *reference.Catalog { return reference.NewCatalog(p.served) })
	p.kinds = sync.OnceValue(func() *explorer.Catalog { return explorer.New(p.docs(), p.served) })
	for _, page := range pages {
		p.mux.Handle(page.Pattern, p.serve(page))
	}
	return p
}

// served reports whether the engine has an operation.
func (p *Pages) served(op *spec.Operation) bool {
	return p.Engine.Origin(op) != resource.OriginUnsupported
}

//go:embed pages/*.html
var files embed.FS

//go:embed style/*.css script/*.js
var sources embed.FS

const assetsPath = Path + "/assets/"

var assets = sync.OnceValue(func() map[string]static.Asset {
	all := map[string]static.Asset{
		"css": static.NewAsset(assetsPath, ".css", "text/css; charset=utf-8", static.Tokens+static.Base+static.Form+concat("style")),
		"js":  static.NewAsset(assetsPath, ".js", "text/javascript; charset=utf-8", concat("script")),
		"svg": static.NewAsset(assetsPath, ".svg", "image/svg+xml", string(extension.Mark())),
	}
	return all
})

// concat makes one text of the files of a directory, in order of their names. Each script is in a scope of its own.
func concat(dir string) string {
	names, err := fs.Glob(sources, dir+"/*")
	if err != nil {
		panic(err)
	}
	var b strings.Builder
	for _, name := range names {
		text, err := sources.ReadFile(name)
		if err != nil {
			panic(err)
		}
		if dir == "script" {
			b.WriteString("(() => {\n" + string(text) + "})();\n")
			continue
		}
		b.Write(text)
	}
	return b.String()
}

// book is read when somebody opens the first page.
var book = sync.OnceValue(func() *ui.Book {
	pages, err := fs.Sub(files, "pages")
	if err != nil {
		panic(err)
	}
	b, err := ui.NewBook(pages, nil, functions)
	if err != nil {
		panic(err)
	}
	return b
})

// ServeHTTP serves a page.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, assetsPath) {
		p.asset(w, r)
		return
	}
	if r.URL.Path == Path {
		http.Redirect(w, r, Path+"/", http.StatusMovedPermanently)
		return
	}
	r, to := placeOf(r)
	if to != "" {
		http.Redirect(w, r, to, http.StatusMovedPermanently)
		return
	}
	if _, pattern := p.mux.Handler(r); pattern == "" {
		p.serve(Page{Personal: true, Handler: notFound}).ServeHTTP(w, r)
		return
	}
	p.mux.ServeHTTP(w, r)
}

func notFound(v *Visit) error {
	return v.Note(http.StatusNotFound, "There is nothing here", "The address is not complete, or what was here is gone.")
}

func (p *Pages) asset(w http.ResponseWriter, r *http.Request) {
	for _, a := range assets() {
		if a.Path == r.URL.Path {
			w.Header().Set("X-Content-Type-Options", "nosniff")
			a.ServeHTTP(w, r)
			return
		}
	}
	http.NotFound(w, r)
}
