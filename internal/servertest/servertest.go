// Package servertest runs a whole server in-process, for tests: the real edge, engine, rules and store, on a loopback
// port, with a clock that stands still.
//
// Every answer is checked against the spec, and every error against what an error must look like, so a test fails
// where a server says something that Stripe's SDKs do not expect, whatever the test was about.
package servertest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/clock"
	"sharesmart/internal/live"
	"sharesmart/internal/mail"
	"sharesmart/internal/member"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/outbound"
	"sharesmart/internal/processor"
	"sharesmart/internal/requestlog"
	"sharesmart/internal/resource"
	"sharesmart/internal/server"
	"sharesmart/internal/store"
	"sharesmart/internal/store/postgres"
	"sharesmart/internal/store/postgres/pgtest"
	"sharesmart/internal/store/sqlite"
	"sharesmart/internal/web/docs"
	"sharesmart/internal/webhook"
)

// Unknown field names panic in every test that runs a server.
func init() { object.Strict = true }

// Start is when the clock of a Server begins: 2026-09-01T12:00:00Z.
var Start = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)

// Server is a running server with one account.
type Server struct {
	URL      string
	Account  *access.Account // the default account with its keys
	Key      string          // test mode's secret key, which requests use that name no other
	Clock    *clock.Fake     // nil with WallClock
	Store    store.Store
	Registry *access.Registry
	Engine   *resource.Engine
	Client   *http.Client
	Handler  http.Handler // the edge without a connection
	Database string       // the file of the database, with OnDisk
	CA       []byte       // the certificate that clients must trust, with TLS

	address  string // of the PostgreSQL database
	t        testing.TB
	live     *live.Service
	work     *sync.WaitGroup // until the server has ended
	stop     func() error
	settings resource.Options // of the Engine
}

// options are what an Option changes.
type options struct {
	mock      bool
	wall      bool
	fromNow   bool
	tls       bool
	onDisk    bool
	rateLimit server.RateLimit
	fees      *money.Fees
	log       io.Writer
	engine    func(server.Engine) server.Engine
	mail      *mail.Mailer
	timers    bool
	processor processor.Remote
	live      outbound.Policy
	// answerWithin is the time that webhook endpoints have; zero is the usual one.
	answerWithin time.Duration
	shared       bool
	beside       *Server
}

// Option changes a Server.
type Option func(*options)

// Mock makes the server a stand-in for stripe-mock.
func Mock() Option { return func(o *options) { o.mock = true } }

// WallClock gives the server the real time.
func WallClock() Option { return func(o *options) { o.wall = true } }

// FromNow lets the server's clock begin at the real time, for what others hold against theirs, such as signatures.
func FromNow() Option { return func(o *options) { o.fromNow = true } }

// TLS serves HTTPS. The Client trusts it.
func TLS() Option { return func(o *options) { o.tls = true } }

// OnDisk keeps the database in a file, as a real server does.
func OnDisk() Option { return func(o *options) { o.onDisk = true } }

// RateLimit lets a namespace send n requests a second.
func RateLimit(n int) Option {
	return func(o *options) { o.rateLimit = server.RateLimit{Live: n, Test: n} }
}

// Fees keeps other fees than Stripe's of payments.
func Fees(f money.Fees) Option { return func(o *options) { o.fees = &f } }

// Log writes what the server logs to w. Without it, a fault of the server fails the test.
func Log(w io.Writer) Option { return func(o *options) { o.log = w } }

// Engine puts something around the engine, as to make it fail.
func Engine(wrap func(server.Engine) server.Engine) Option {
	return func(o *options) { o.engine = wrap }
}

// Mail lets the server write to customers.
func Mail(m *mail.Mailer) Option { return func(o *options) { o.mail = m } }

// AnswerWithin gives webhook endpoints so long to answer.
func AnswerWithin(d time.Duration) Option { return func(o *options) { o.answerWithin = d } }

// Processor lets somebody move the money of live mode.
func Processor(p processor.Remote) Option { return func(o *options) { o.processor = p } }

// Shared keeps the data in PostgreSQL, so that others can be Beside the server.
func Shared() Option { return func(o *options) { o.shared = true } }

// Beside makes the server another process on the database of a Shared one, with its clock and its keys. It must end first, as
// it does if it was made later.
func Beside(other *Server) Option { return func(o *options) { o.shared, o.beside = true, other } }

// Timers runs what is due, every second of the real time.
func Timers() Option { return func(o *options) { o.timers = true } }

// Reach lets webhooks of live mode reach what a policy allows.
func Reach(p outbound.Policy) Option { return func(o *options) { o.live = p } }

// New starts a server that ends with the test.
func New(t testing.TB, opts ...Option) *Server {
	t.Helper()
	o := &options{log: faults{t}, engine: func(e server.Engine) server.Engine { return e }}
	for _, opt := range opts {
		opt(o)
	}
	s := &Server{t: t, work: &sync.WaitGroup{}}
	switch {
	case o.beside != nil:
		s.Clock, s.address = o.beside.Clock, o.beside.address
	case o.fromNow:
		s.Clock = clock.NewFake(clock.Wall{}.Now())
	case !o.wall:
		s.Clock = clock.NewFake(Start)
	}
	var c clock.Clock = clock.Wall{}
	if s.Clock != nil {
		c = s.Clock
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.URL = "http://" + l.Addr().String()
	listeners := server.Listeners{HTTP: l}
	transport := &http.Transport{}
	if o.tls {
		listeners, transport.TLSClientConfig, s.CA = encrypted(t, c, l)
		transport.ForceAttemptHTTP2 = true
		s.URL = "https://" + l.Addr().String()
	}
	s.Client = &http.Client{Transport: transport}
	s.open(o, c)
	ctx, cancel := context.WithCancel(context.Background())
	edge := server.New(server.Options{
		Engine: o.engine(s.Engine), Shared: s.Engine.SharedFile, Registry: s.Registry, Store: s.Store, Logged: s.live.Answered, Clock: c, BaseURL: s.URL,
		RateLimit: o.rateLimit, Faults: billing.Faults{Engine: s.Engine}, Mock: o.mock, Log: slog.New(slog.NewTextHandler(o.log, nil)),
		Pages: map[string]http.Handler{live.SocketPath: s.live.Handler(ctx)},
	})
	s.Handler = edge
	if o.timers {
		s.work.Go(func() { s.Engine.RunTimers(ctx, func(err error) { t.Errorf("a timer failed: %v", err) }) })
	}
	s.run(ctx, cancel, edge, listeners, transport)
	return s
}

// open makes the store, the engine and the first account.
func (s *Server) open(o *options, c clock.Clock) {
	s.t.Helper()
	path := ":memory:"
	if o.onDisk {
		path = filepath.Join(s.t.TempDir(), "sharesmart.db")
		s.Database = path
	}
	settings := webhook.Options{Clock: c, Timeout: o.answerWithin, Live: o.live, Test: outbound.Policy{Loopback: true}}
	if o.mail != nil {
		settings.Warn = func(op *resource.Op, w webhook.Warning) error {
			return mail.EndpointFailing{URL: w.URL, Since: w.Since.Unix(), Reason: w.Reason, Disabled: w.Disabled}.Send(o.mail, op)
		}
	}
	webhooks := webhook.New(settings)
	s.live = &live.Service{Clock: c, SocketURL: "ws" + strings.TrimPrefix(s.URL, "http") + live.SocketPath, Log: slog.New(slog.NewTextHandler(o.log, nil))}
	rules := append(slices.Concat(billing.Rules(), (&member.Desk{Mail: o.mail}).Rules(), docs.Rules(), webhooks.Rules()), s.live.Rules())
	if o.mail != nil {
		rules = append(rules, o.mail.Rules())
	}
	var err error
	link := &resource.Link{}
	s.Store = s.openStore(path, o.shared, link.Options(store.Options{
		Terms: resource.Terms(rules), LogTerms: requestlog.Terms, LogCounts: requestlog.Counts, Cold: resource.Cold, Unversioned: resource.Unversioned(rules), Model: resource.Model, Now: func() int64 { return c.Now().Unix() },
	}))
	s.Registry = access.NewRegistry(s.Store, c, access.Options{AnyKey: o.mock})
	s.settings = resource.Options{Mock: o.mock, BaseURL: s.URL, Fees: o.fees}
	if o.processor != nil {
		s.settings.Processor = func(string) processor.Remote { return o.processor }
	}
	if s.Engine, err = resource.New(s.Store, s.Registry, c, rules, s.settings); err != nil {
		s.t.Fatal(err)
	}
	link.To(s.Engine)
	webhooks.Follow(s.Engine)
	s.live.Engine, s.live.Registry = s.Engine, s.Registry
	if o.beside != nil {
		s.Account = o.beside.Account
	} else if s.Account, err = s.Registry.CreateAccount(context.Background(), ""); err != nil {
		s.t.Fatal(err)
	}
	s.Key = s.Account.TestSecret.Secret
}

// EngineVariable says in which database servers of tests keep their data: "postgres", or else SQLite. Those that are OnDisk
// always have a file.
const EngineVariable = "SHARESMART_STORE"

func (s *Server) openStore(path string, shared bool, o store.Options) (opened store.Store) {
	s.t.Helper()
	var err error
	if shared || os.Getenv(EngineVariable) == "postgres" && s.Database == "" {
		if s.address == "" {
			s.address = pgtest.URL(s.t)
		}
		opened, err = postgres.Open(context.Background(), s.address, o)
	} else {
		opened, err = sqlite.Open(path, o)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return opened
}

// run serves until the test ends, or Stop.
func (s *Server) run(ctx context.Context, cancel func(), edge *server.Server, l server.Listeners, transport *http.Transport) {
	done := make(chan error, 1)
	go func() { done <- edge.Run(ctx, l) }()
	s.stop = sync.OnceValue(func() error {
		transport.CloseIdleConnections()
		cancel()
		s.work.Wait()
		return <-done
	})
	s.t.Cleanup(func() {
		if err := s.stop(); err != nil {
			s.t.Errorf("the server ended with: %v", err)
		}
		if err := s.Store.Close(); err != nil {
			s.t.Errorf("close the store: %v", err)
		}
	})
}

// For is the server as another test sees it: one that shares it with others. What goes wrong with its requests fails that
// test alone.
func (s *Server) For(t testing.TB) *Server {
	shared := *s
	shared.t = t
	return &shared
}

// Stop ends the server as SIGTERM does and returns when the requests at work are answered.
func (s *Server) Stop() error { return s.stop() }

// WaitRefused returns when the server accepts no connections any more.
func (s *Server) WaitRefused() {
	address := s.URL[strings.Index(s.URL, "//")+2:]
	for {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return
		}
		_ = conn.Close()
		runtime.Gosched()
	}
}

// encrypted makes a listener speak TLS, a client configuration that trusts it, and the certificate that others must trust.
func encrypted(t testing.TB, c clock.Clock, l net.Listener) (server.Listeners, *tls.Config, []byte) {
	t.Helper()
	authority, err := server.NewAuthority(c)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority.PEM())
	return server.Listeners{HTTPS: l, TLSConfig: authority.TLS()}, &tls.Config{RootCAs: roots, Time: c.Now}, authority.PEM()
}

// faults fails the test for everything that is logged.
type faults struct{ t testing.TB }

func (f faults) Write(p []byte) (int, error) {
	f.t.Errorf("the server logged a fault: %s", p)
	return len(p), nil
}
