// Package portal serves the customer portal: the pages on which a seller's customers see what they pay for, and change by
// themselves what the seller lets them. A session of the API is their way in, or a login page that mails them one.
//
// Who has the address of a session may act for its customer, so it cannot be guessed, ends within an hour, and is kept out
// of referrers, caches and search engines. All works without scripts. Pages call the engine's operations as a client of
// the API does. What the configuration does not allow is refused before a page is asked, and what is not the customer's is
// not there.
package portal

import (
	"embed"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"sharesmart/internal/clock"
	"sharesmart/internal/member"
	"sharesmart/internal/object"
	"sharesmart/internal/ratelimit"
	"sharesmart/internal/resource"
	"sharesmart/internal/web/card"
	"sharesmart/internal/web/static"
	"sharesmart/internal/web/ui"
)

// What the paths of the pages begin with.
const (
	Prefix        = "/p/"
	sessionPrefix = Prefix + "session/"
)

// Options are what the pages are made of. The functions are rules; those that are given an operation run within it.
type Options struct {
	Engine *resource.Engine
	Log    *slog.Logger
	Clock  clock.Clock
	// Desk mails the codes of login pages.
	Desk *member.Desk
	// Place is where what a token stands for is: for Engine.At.
	Place func(token string) string
	// Open is the session with a token; nil if there is none, or its time is over. Return is where its customer goes then.
	Open   func(op *resource.Op, token string) (*object.Object, error)
	Return func(op *resource.Op, token string) (string, error)
	// Login is the configuration whose login page has a token; nil if there is none.
	Login func(op *resource.Op, token string) (*object.Object, error)
	// Seller is the name of who sells.
	Seller func(op *resource.Op) (string, error)
	// Plan changes a subscription with its next period, and DropPlan takes that back.
	Plan     func(op *resource.Op, sub *object.Object, price string, quantity int64) error
	DropPlan func(op *resource.Op, sub *object.Object) error
	// TaxID is the type of a tax id by the country that its owner is in; empty if there is none of that form.
	TaxID func(country, value string) string
}

// Pages serves the pages.
type Pages struct {
	Options
	mux   *http.ServeMux
	guard *http.CrossOriginProtection
	codes *ratelimit.Limiter
}

//go:embed pages/*.html
var files embed.FS

//go:embed portal.css
var styles string

var (
	styleAsset  = static.NewAsset(Prefix+"static/", ".css", "text/css; charset=utf-8", static.Tokens+static.Base+static.Form+styles)
	scriptAsset = static.NewAsset(Prefix+"static/", ".js", "text/javascript; charset=utf-8", card.Script)
	remoteAsset = static.NewAsset(Prefix+"static/", ".js", "text/javascript; charset=utf-8", card.RemoteScript)
)

var texts = map[string]ui.Texts{"de": german}

// book is read when somebody opens the first page: a server that is there for the API alone starts without.
var book = sync.OnceValue(func() *ui.Book {
	pages, err := fs.Sub(files, "pages")
	if err != nil {
		panic(err)
	}
	b, err := ui.NewBook(pages, texts, template.FuncMap{"neg": func(amount int64) int64 { return -amount }})
	if err != nil {
		panic(err)
	}
	return b
})

// route is a page below the address of a session, and the feature that it needs; empty for none.
type route struct {
	feature string
	serve   func(*visit) error
}

// The features of a configuration.
const (
	customerUpdate     = "customer_update"
	invoiceHistory     = "invoice_history"
	methodUpdate       = "payment_method_update"
	subscriptionCancel = "subscription_cancel"
	subscriptionUpdate = "subscription_update"
)

// routes are the pages by method and path.
func routes() map[string]route {
	const sub, method = "/subscriptions/{subscription}", "/payment-methods/{method}"
	return map[string]route{
		"GET ":                          {"", showHome},
		"GET /done":                     {"", showDone},
		"GET " + sub + "/cancel":        {subscriptionCancel, showCancel},
		"POST " + sub + "/cancel":       {subscriptionCancel, cancel},
		"POST " + sub + "/stay":         {subscriptionCancel, stay},
		"POST " + sub + "/renew":        {subscriptionCancel, renew},
		"POST " + sub + "/pay":          {"", pay},
		"GET " + sub + "/update":        {subscriptionUpdate, showUpdate},
		"GET " + sub + "/confirm":       {subscriptionUpdate, showConfirm},
		"POST " + sub + "/update":       {subscriptionUpdate, update},
		"POST " + sub + "/keep":         {subscriptionUpdate, keepPlan},
		"GET /payment-methods/new":      {methodUpdate, showNewMethod},
		"POST /payment-methods/new":     {methodUpdate, addMethod},
		"GET /payment-methods/back":     {methodUpdate, backFromBank},
		"POST " + method + "/default":   {methodUpdate, makeDefault},
		"GET " + method + "/remove":     {methodUpdate, showRemove},
		"POST " + method + "/remove":    {methodUpdate, removeMethod},
		"GET /customer":                 {customerUpdate, showCustomer},
		"POST /customer":                {customerUpdate, updateCustomer},
		"POST /tax-ids/{tax_id}/remove": {customerUpdate, removeTaxID},
	}
}

// New returns the pages.
func New(o Options) *Pages {
	p := &Pages{Options: o, mux: http.NewServeMux(), guard: http.NewCrossOriginProtection(), codes: ratelimit.New(o.Clock, codesPerAddress, codesWindow)}
	for prefix, routes := range map[string]map[string]route{sessionPrefix: routes(), loginPrefix: loginRoutes()} {
		for pattern, rt := range routes {
			method, path, _ := strings.Cut(pattern, " ")
			p.mux.Handle(method+" "+prefix+"{token}"+path, p.page(prefix, rt))
		}
	}
	for _, a := range []static.Asset{styleAsset, scriptAsset, remoteAsset} {
		p.mux.Handle("GET "+a.Path, a)
	}
	return p
}

// ServeHTTP serves a page.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	if _, pattern := p.mux.Handler(r); pattern == "" && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		p.visit(w, r).fail(errNothing)
		return
	}
	p.mux.ServeHTTP(w, r)
}

// secure sets the headers that all pages have: those of every page, and what keeps the address of a session from others.
func secure(h http.Header) {
	ui.Secure(h)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex")
}
