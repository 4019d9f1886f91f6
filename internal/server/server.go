// Package server is the HTTP edge: TLS, authentication, versions, rights, limits, the request log, and how an error or
// an answer looks on the wire. It knows the engine's operations by their spec and none by name, but for the few that
// a publishable key may call or that have limits of their own.
//
// The way of a request, always in this order:
//
//	request id → shared file? → authentication → version → connected account → route → rate → rights → body → fault → engine → log → answer
package server

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/clock"
	"sharesmart/internal/fault"
	"sharesmart/internal/object"
	"sharesmart/internal/ratelimit"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
	"sharesmart/internal/version"
)

// Engine runs operations.
type Engine interface {
	Serve(ctx context.Context, r *resource.Request) (*resource.Answer, error)
	Call(ctx context.Context, ns *access.Namespace, rule func(op *resource.Op) error) (*object.Object, error)
	Fetch(ctx context.Context, platform, ns *access.Namespace) func(path string, expand ...string) ([]byte, error)
}

// Options are what a Server is made of.
type Options struct {
	Engine Engine
	// Shared answers the file behind a link's token, which needs no key: the engine's SharedFile.
	Shared   func(token string) (*resource.Answer, error)
	Registry *access.Registry
	Store    store.Store // for the request log
	// Logged is told of each request once it is in the log: the engine's Answered. It may be nil.
	Logged func(e store.LogEntry)
	// TrustedProxies are the networks of proxies that are believed for whom they ask.
	TrustedProxies []netip.Prefix
	Clock          clock.Clock
	// BaseURL is where this server is reached, without a slash at its end: errors point to their log entry below it.
	BaseURL string
	// RateLimit bounds how many requests a namespace may send.
	RateLimit RateLimit
	// Faults are what namespaces want to go wrong; nil is nothing but what a header asks for.
	Faults Faults
	// Pages serve what is no API: pages for people, by the patterns of http.ServeMux.
	Pages map[string]http.Handler
	// Nowhere serves who opens an address that is none in a browser; nil lets the API answer, which asks for a key.
	Nowhere http.Handler
	// Mock takes stripe-mock's manners: any Stripe-Version, doubled slashes in paths, an answer at /, and the header
	// by which SDKs know it.
	Mock bool
	// Log takes faults of ours, with their stacks.
	Log *slog.Logger
	// Wrap is put around all that Run serves over its listeners; nil is nothing.
	Wrap func(http.Handler) http.Handler
}

// Server answers the API. It is an http.Handler and safe for concurrent use.
type Server struct {
	Options
	ids        *clock.RequestIDs
	links      resource.Options // knows where a request's log entry is shown
	limiter    *limiter
	wrongKeys  *ratelimit.Limiter
	callers    map[string]*ratelimit.Limiter // of operations that a browser may call so often alone, by id
	faultRules faultRules
	pages      *http.ServeMux
	named      bool // reached by a name of its own
}

// New returns a Server.
func New(o Options) *Server {
	s := &Server{Options: o, ids: clock.NewRequestIDs(o.Clock), links: resource.Options{BaseURL: o.BaseURL, Mock: o.Mock}, pages: mux(o.Pages), named: isNamed(o.BaseURL)}
	s.wrongKeys, s.callers = ratelimit.New(o.Clock, wrongKeysAMinute, time.Minute), callersOf(o.Clock)
	if o.RateLimit != (RateLimit{}) {
		s.limiter = newLimiter(o.RateLimit)
	}
	return s
}

// exchange is one request and what is known of it so far.
type exchange struct {
	*Server
	w     http.ResponseWriter
	r     *http.Request
	start time.Time
	seq   int64
	id    string
	path  string // as sent, escaped
	query string // as sent

	grant    *access.Grant
	ns       *access.Namespace
	version  string           // API version in force
	older    *version.Request // in an older version's form; nil for the newest
	op       *spec.Operation
	params   spec.Params // of the path
	body     []byte
	form     []byte           // the body as it was sent, where body is without parameters that are none of the operation's
	read     bool             // the body was read
	request  resource.Request // here rather than on its own, to be one allocation with the exchange
	features *object.Object   // of the customer session that a browser brought
	fault    *fault.Fault     // what shall go wrong; nil for nothing
	limited  string           // the limit that the request has passed, for its header
	unlogged bool             // one of too many to keep
	sent     bool

	values [6]string // what the header's one-value slices point to, see head
	used   int
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r, plain := s.behind(r)
	if plain {
		s.refusePlain(w, r)
		return
	}
	if h := s.page(r); h != nil {
		s.servePage(h, w, r)
		return
	}
	x := s.begin(w, r)
	defer x.recoverPanic()
	a, err := x.serve()
	x.finish(a, err)
}

func (s *Server) begin(w http.ResponseWriter, r *http.Request) *exchange {
	seq := s.Store.NextLogSeq()
	x := &exchange{Server: s, w: w, r: r, start: s.Clock.Now(), seq: seq, id: s.ids.New(seq), path: r.URL.EscapedPath(), query: r.URL.RawQuery, version: spec.Version}
	if s.Mock && strings.Contains(x.path, "//") {
		x.path = squeeze(x.path)
	}
	return x
}

// squeeze makes one slash of several.
func squeeze(path string) string {
	for strings.Contains(path, "//") {
		path = strings.ReplaceAll(path, "//", "/")
	}
	return path
}

func (x *exchange) serve() (*resource.Answer, error) {
	if x.r.Method == http.MethodOptions {
		return x.preflight(), nil
	}
	if x.Mock && x.path == "/" {
		return &resource.Answer{Status: http.StatusOK, Body: []byte("{}\n")}, nil
	}
	if token, shared := strings.CutPrefix(x.path, sharedPath); shared && x.method() == http.MethodGet {
		return x.sharedFile(token)
	}
	if err := x.authenticate(); err != nil {
		return nil, err
	}
	if err := x.chooseVersion(); err != nil {
		return nil, err
	}
	if err := x.chooseAccount(); err != nil {
		return nil, err
	}
	found := x.route()
	if x.limiter != nil {
		if x.limited = x.limiter.refuses(x.ns, x.op, x.params, x.start); x.limited != "" {
			return nil, fault.RateLimit()
		}
	}
	if !found {
		return nil, unrecognised(x.r.Method, x.path)
	}
	if err := x.authorise(); err != nil {
		return nil, err
	}
	if err := x.readBody(); err != nil {
		return nil, err
	}
	if x.fromBrowser() {
		if err := x.checkBrowserCall(); err != nil {
			return nil, err
		}
	}
	if err := x.chooseFault(); err != nil {
		return nil, err
	}
	if err := x.suffer(); err != nil {
		return nil, err
	}
	x.request = resource.Request{
		Op: x.op, Path: x.params.Values(), Query: x.query, ContentType: x.sentHeader("Content-Type"), Body: x.body, ID: x.id,
		IdempotencyKey: x.sentHeader("Idempotency-Key"), Version: x.version, VersionSent: x.sentHeader("Stripe-Version") != "", Grant: x.grant, Namespace: x.ns, RawPath: x.path,
	}
	if x.older != nil {
		if err := x.upgrade(); err != nil {
			return nil, err
		}
	}
	a, err := x.Engine.Serve(x.r.Context(), &x.request)
	if err == nil && x.op.Kind == faultKind && x.op.Method != http.MethodGet {
		x.faultRules.forget(x.ns.NS)
	}
	if err == nil && x.fromBrowser() {
		err = x.reduce(a)
	}
	if err == nil {
		err = x.finishVersion(a)
	}
	return a, err
}

// method is the request's method; HEAD is GET without sending the body.
func (x *exchange) method() string {
	if x.r.Method == http.MethodHead {
		return http.MethodGet
	}
	return x.r.Method
}

// sentHeader is the first value of a header, whose name is given in its canonical form.
func (x *exchange) sentHeader(name string) string {
	if v := x.r.Header[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// sentAccount is the account that a request is to act in; empty for the key's own. Stripe-Context, which SDKs send for what an
// event is about, supersedes Stripe-Account, and may lead there from the key's account: acct_1/acct_2.
func (x *exchange) sentAccount() string {
	if at := x.sentHeader("Stripe-Context"); at != "" {
		return strings.TrimPrefix(at, x.grant.Namespace.Account+"/")
	}
	return x.sentHeader("Stripe-Account")
}

// chooseAccount turns to a connected account if a header names one. A key of a connected account, which its platform was
// given by OAuth, acts as the platform does with that header, and in no other account.
func (x *exchange) chooseAccount() error {
	account := x.sentAccount()
	if own := x.grant.Namespace; own.Platform != "" {
		if account != "" && account != own.Account {
			return access.NoAccess(x.grant.Key, clip(account, 255))
		}
		platform, err := x.Registry.Known(own.Platform, own.Env)
		if err != nil {
			return err
		}
		account = own.Account
		x.grant = &access.Grant{Key: x.grant.Key, Namespace: platform, Version: x.grant.Version}
	}
	if account == "" {
		return nil
	}
	if x.Mock {
		return x.mockAccount(account)
	}
	ns, err := x.Registry.Connected(x.grant, clip(account, 255))
	if err == nil {
		x.ns = ns
	}
	return err
}

// mockAccount lets a mock act as any account, as stripe-mock does.
func (x *exchange) mockAccount(account string) error {
	ns, err := x.Registry.Namespace(clip(account, 255), x.ns.Env)
	if err == nil {
		x.ns = ns
	}
	return err
}

// clip shortens what is repeated in a message.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:n] + "..."
}
