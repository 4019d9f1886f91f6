// Package oauth serves what Stripe has at connect.stripe.com: the page on which a seller connects an account to a platform, and
// the addresses at which the platform trades the code of that for tokens, and gives the account up. Errors are those of OAuth
// 2.0 (RFC 6749, 5.2) and not the API's, as Stripe's are there.
package oauth

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"sharesmart/internal/access"
	"sharesmart/internal/clock"
	"sharesmart/internal/object"
	"sharesmart/internal/ratelimit"
	"sharesmart/internal/resource"
)

// Patterns are where all of that is.
var Patterns = []string{authorizePath, expressPath, tokenPath, deauthorizePath, staticPrefix}

const (
	authorizePath   = "/oauth/authorize"
	expressPath     = "/express/oauth/authorize"
	tokenPath       = "/oauth/token"
	deauthorizePath = "/oauth/deauthorize"
	staticPrefix    = "/oauth/static/"
)

// mostBody is far more than a form here needs.
const mostBody = 16 << 10

// Options are what the addresses are made of.
type Options struct {
	Registry *access.Registry
	Engine   *resource.Engine
	Clock    clock.Clock
	Log      *slog.Logger
	// Open lets everybody connect an account that is there, and not only who is at the machine itself: a demo.
	Open bool
	// ClientID is the id of the application as which the account of a namespace acts.
	ClientID func(ns *access.Namespace) string
	// Redirect is where a platform lets a seller be led that asked for an address; nil if it may not be that one.
	Redirect func(ctx context.Context, ns *access.Namespace, asked string) (*url.URL, error)
	// CanAgree reports whether an account can be connected, as a standard or an express one.
	CanAgree func(account *object.Object, express bool) bool
	// Authorize connects an account and returns the code for that.
	Authorize                    func(ctx context.Context, ns *access.Namespace, a *Agreement) (string, error)
	TradeCode, TradeRefreshToken Trade
	// Disconnect ends the connection of an account to the one of the namespace; false if there is none that could be ended.
	Disconnect func(ctx context.Context, ns *access.Namespace, account string) (bool, error)
}

// Pages serves the addresses.
type Pages struct {
	Options
	limiter *ratelimit.Limiter

	mu      sync.Mutex
	clients map[string]*access.Namespace // by client_id, as they were when somebody asked for them
}

// New returns them.
func New(o Options) *Pages {
	return &Pages{Options: o, limiter: ratelimit.New(o.Clock, agreementsAMinute, minute), clients: map[string]*access.Namespace{}}
}

// Refusal is an error as OAuth has it.
type Refusal struct {
	Status            int
	Code, Description string
}

func invalid(description string) *Refusal {
	return &Refusal{http.StatusBadRequest, "invalid_request", description}
}

func noCaller() *Refusal {
	return &Refusal{http.StatusUnauthorized, "invalid_client", "No valid secret API key was provided."}
}

// ServeHTTP shows the page, or answers a platform.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, mostBody)
	switch {
	case r.URL.Path == tokenPath:
		p.serve(w, r, p.token)
	case r.URL.Path == deauthorizePath:
		p.serve(w, r, p.deauthorize)
	case r.URL.Path == sheetPath:
		serveSheet(w)
	case strings.HasPrefix(r.URL.Path, staticPrefix):
		http.NotFound(w, r)
	default:
		p.authorize(w, r)
	}
}

// serve answers a request of a platform's server.
func (p *Pages) serve(w http.ResponseWriter, r *http.Request, do func(*http.Request) (any, *Refusal, error)) {
	w.Header().Set("Cache-Control", "no-store")
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, &Refusal{http.StatusMethodNotAllowed, "invalid_request", "Only POST is supported."})
		return
	}
	if err := r.ParseForm(); err != nil {
		refuse(w, invalid("The body could not be read."))
		return
	}
	switch body, refused, err := do(r); {
	case err != nil:
		p.Log.Error("a request about a connection failed", "path", r.URL.Path, "error", err)
		refuse(w, &Refusal{http.StatusInternalServerError, "server_error", "This did not work."})
	case refused != nil:
		refuse(w, refused)
	default:
		answer(w, http.StatusOK, body)
	}
}

// caller is whose secret key came with a request; nil for none that is good, or one of a connected account.
func (p *Pages) caller(r *http.Request) *access.Grant {
	secret, _, ok := r.BasicAuth()
	if !ok {
		secret, ok = strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	}
	if !ok {
		secret = r.PostForm.Get("client_secret")
	}
	grant, err := p.Registry.Authenticate(secret)
	if err != nil || grant.Key.Kind != access.SecretKey || grant.Namespace.Platform != "" {
		return nil
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || grant.Key.From(host) != nil {
		return nil
	}
	return grant
}

func refuse(w http.ResponseWriter, e *Refusal) {
	answer(w, e.Status, map[string]string{"error": e.Code, "error_description": e.Description})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // who does not take it is gone
}
