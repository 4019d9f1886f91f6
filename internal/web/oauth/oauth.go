// Package oauth serves what platforms call at connect.stripe.com: they give up an account that connected itself to them. Errors
// are those of OAuth 2.0 (RFC 6749, 5.2) and not the API's, as Stripe's are there.
package oauth

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"strings"

	"sharesmart/internal/access"
)

// Path is where an account is given up.
const Path = "/oauth/deauthorize"

// mostBody is far more than two ids need.
const mostBody = 16 << 10

// Options are what the address is made of.
type Options struct {
	Registry *access.Registry
	Log      *slog.Logger
	// ClientID is the id of the application that an account acts as.
	ClientID func(account string) string
	// Disconnect ends the connection of an account to the one of the namespace; false if there is none that could be ended.
	Disconnect func(ctx context.Context, ns *access.Namespace, account string) (bool, error)
}

// Deauthorize serves the address.
type Deauthorize struct{ Options }

// New returns it.
func New(o Options) *Deauthorize { return &Deauthorize{o} }

// refusal is an error as OAuth has it.
type refusal struct {
	status            int
	code, description string
}

// ServeHTTP gives up one account: client_id and stripe_user_id, with a secret key.
func (d *Deauthorize) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, &refusal{http.StatusMethodNotAllowed, "invalid_request", "Only POST is supported."})
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, mostBody)
	account, refused, err := d.serve(r)
	switch {
	case err != nil:
		d.Log.Error("an account could not be given up", "error", err)
		refuse(w, &refusal{http.StatusInternalServerError, "server_error", "This did not work."})
	case refused != nil:
		refuse(w, refused)
	default:
		answer(w, http.StatusOK, map[string]string{"stripe_user_id": account})
	}
}

func (d *Deauthorize) serve(r *http.Request) (account string, refused *refusal, err error) {
	if err := r.ParseForm(); err != nil {
		return "", &refusal{http.StatusBadRequest, "invalid_request", "The body could not be read."}, nil
	}
	grant := d.caller(r)
	account = r.PostForm.Get("stripe_user_id")
	switch {
	case grant == nil:
		return "", &refusal{http.StatusUnauthorized, "invalid_client", "No valid secret API key was provided."}, nil
	case r.PostForm.Get("client_id") == "":
		return "", &refusal{http.StatusBadRequest, "invalid_request", "No client_id was provided."}, nil
	case account == "":
		return "", &refusal{http.StatusBadRequest, "invalid_request", "No stripe_user_id was provided."}, nil
	case r.PostForm.Get("client_id") != d.ClientID(grant.Namespace.Account):
		return "", &refusal{http.StatusUnauthorized, "invalid_client", "The client_id is not that of the key's application."}, nil
	}
	found, err := d.Disconnect(r.Context(), grant.Namespace, account)
	if !found && err == nil {
		return "", &refusal{http.StatusUnauthorized, "invalid_client", "This application is not connected to stripe account " + account + ", or that account does not exist."}, nil
	}
	return account, nil, err
}

// caller is whose secret key came with a request; nil for none that is good.
func (d *Deauthorize) caller(r *http.Request) *access.Grant {
	secret, _, ok := r.BasicAuth()
	if !ok {
		secret, ok = strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	}
	if !ok {
		secret = r.PostForm.Get("client_secret")
	}
	grant, err := d.Registry.Authenticate(secret)
	if err != nil || grant.Key.Kind != access.SecretKey {
		return nil
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || grant.Key.From(host) != nil {
		return nil
	}
	return grant
}

func refuse(w http.ResponseWriter, e *refusal) {
	answer(w, e.status, map[string]string{"error": e.code, "error_description": e.description})
}

func answer(w http.ResponseWriter, status int, body map[string]string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // who does not take it is gone
}
