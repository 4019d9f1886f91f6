// Package docs serves the documentation: what people who use the extension and developers who use the API need to know,
// each section at its own address below /docs, with samples in five languages and the answer that this server gives.
//
// The pages are written in content, compiled by gen, and held in memory; what is asked of them costs no I/O. Only the
// votes under the sections are kept, as documents of the API. Everything works without scripts.
package docs

//go:generate go run ./gen

import (
	"embed"
	"errors"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"sharesmart/extension"
	"sharesmart/internal/access"
	"sharesmart/internal/clock"
	"sharesmart/internal/ratelimit"
	"sharesmart/internal/resource"
	"sharesmart/internal/web/docs/reference"
	"sharesmart/internal/web/docs/search"
	"sharesmart/internal/web/docs/try"
	"sharesmart/internal/web/static"
	"sharesmart/internal/web/ui"
)

// Options are what the pages are made of.
type Options struct {
	Engine *resource.Engine
	Log    *slog.Logger
	Clock  clock.Clock
	// Namespace is where the votes of readers are.
	Namespace *access.Namespace
	BaseURL   string
	// Dashboard says that there is one, to which ids of requests and objects lead.
	Dashboard bool
	// Sandboxes are where readers try calls, which API answers.
	Sandboxes *try.Sandboxes
	API       http.Handler
}

// Pages serves the pages.
type Pages struct {
	Options
	mux   *http.ServeMux
	guard *http.CrossOriginProtection
	votes *ratelimit.Limiter
	open  func() error // reads library and templates, once
	// catalog is what the reference is of, made when somebody opens it.
	catalog func() *reference.Catalog
	found   *search.Index
	kept    kept
	library
}

// Prefix is what the addresses begin with.
const Prefix = "/docs"

// Paths are the patterns that the pages are at, for the server's mux.
var Paths = []string{Prefix, Prefix + "/", "/llms.txt", "/llms-full.txt", "/robots.txt", "/sitemap.xml"}

// votesPerAddress is how often one address on the network may vote in ten minutes.
const votesPerAddress = 60

//go:embed pages/*.html
var files embed.FS

//go:embed docs.css
var styles string

//go:embed guide.css
var guideStyles string

//go:embed search.css
var searchStyles string

//go:embed try.css
var tryStyles string

//go:embed docs.js
var script string

//go:embed search.js
var searchScript string

//go:embed try.js
var tryScript string

var (
	styleAsset  = static.NewAsset(Prefix+"/assets/", ".css", "text/css; charset=utf-8", static.Tokens+static.Base+static.Form+static.Frame+styles+guideStyles+searchStyles+tryStyles)
	scriptAsset = static.NewAsset(Prefix+"/assets/", ".js", "text/javascript; charset=utf-8", script+searchScript+tryScript)
	markAsset   = static.NewAsset(Prefix+"/assets/", ".svg", "image/svg+xml", string(extension.Mark()))
)

// book is read when somebody opens the first page: a server that is there for the API alone starts without.
var book = sync.OnceValue(func() *ui.Book {
	pages, err := fs.Sub(files, "pages")
	if err != nil {
		panic(err)
	}
	b, err := ui.NewBook(pages, map[string]ui.Texts{"de": german}, template.FuncMap{"pairField": pairField, "fields": fieldsHTML, "facts": factsHTML, "values": valuesHTML, "navigation": navigationHTML})
	if err != nil {
		panic(err)
	}
	return b
})

// New returns the pages. The documentation itself is read by Prepare, or with the first of them.
func New(o Options) *Pages {
	p := &Pages{Options: o, mux: http.NewServeMux(), kept: kept{most: mostKept}, guard: http.NewCrossOriginProtection(), votes: ratelimit.New(o.Clock, votesPerAddress, 10*time.Minute)}
	p.catalog = sync.OnceValue(func() *reference.Catalog { return catalog(o.Engine) })
	p.open = sync.OnceValue(func() (err error) {
		book()
		p.found, err = search.Compiled()
		return errors.Join(err, p.load(o.BaseURL))
	})
	for pattern, serve := range map[string]func(*visit) error{
		"GET " + Prefix:                          showPage,
		"GET " + Prefix + "/{path...}":           showPage,
		"POST " + Prefix + "/votes":              vote,
		"GET " + reference.Prefix:                showReference,
		"GET " + reference.Prefix + ".md":        showReference,
		"GET " + reference.Prefix + "/{path...}": showReference,
		"GET " + searchPath:                      showSearch,
		"GET " + searchPath + "/hits":            showHits,
		"GET " + tryPath + "/{operation}":        showTry,
		"POST " + tryPath + "/{operation}":       runTry,
		"POST " + tryPath + "/start-over":        startOver,
	} {
		p.mux.Handle(pattern, p.page(serve))
	}
	for _, a := range []static.Asset{styleAsset, scriptAsset, markAsset, referenceStyleAsset, referenceScriptAsset} {
		p.mux.Handle("GET "+a.Path, a)
	}
	p.mux.HandleFunc("GET "+feedPath, zipped(p.feed))
	p.mux.HandleFunc("GET "+Prefix+"/openapi.json", p.download((*reference.Catalog).WriteOpenAPI))
	p.mux.HandleFunc("GET "+Prefix+"/postman.json", p.download((*reference.Catalog).WritePostman))
	p.mux.HandleFunc("GET /llms.txt", zipped(p.index))
	p.mux.HandleFunc("GET /llms-full.txt", zipped(p.full))
	p.mux.HandleFunc("GET /robots.txt", p.robots)
	p.mux.HandleFunc("GET /sitemap.xml", zipped(p.sitemap))
	return p
}

// mostPrepared is how many pages of the reference are made before somebody opens them.
const mostPrepared = 7

// Prepare reads what all pages need, and makes the largest, so that the first reader does not wait for it. It takes 100 ms
// and 8 MB.
func (p *Pages) Prepare() error {
	err := p.open()
	for _, r := range p.catalog().Largest(mostPrepared) {
		_, made := p.resourceParts(r, ui.English, firstLanguage)
		err = errors.Join(err, made)
	}
	return err
}

// ServeHTTP serves a page.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := p.open(); err != nil {
		p.Log.Error("read the documentation", "error", err)
		http.Error(w, "The documentation cannot be read.", http.StatusInternalServerError)
		return
	}
	if _, pattern := p.mux.Handler(r); pattern == "" && r.Method != http.MethodPost && strings.HasPrefix(r.URL.Path, Prefix) {
		p.page(notFound).ServeHTTP(w, r)
		return
	}
	p.mux.ServeHTTP(w, r)
}
