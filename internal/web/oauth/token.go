package oauth

import (
	"context"
	"net/http"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
)

// Tokens are what a platform gets for a code or a refresh token: keys of the account.
type Tokens struct {
	Account, Scope               string
	Access, Refresh, Publishable string
	Capabilities                 *object.Object // of the account, each with its status
}

// Trade gives tokens for a code or a refresh token, of an account connected to the one of a namespace. more is a code's
// code_verifier, or the scope that a refresh token is to be used for; empty is none, and all of it.
type Trade func(ctx context.Context, ns *access.Namespace, token, more string) (*Tokens, *Refusal, error)

// tokenAnswer is what is answered, as Stripe does.
type tokenAnswer struct {
	Access      string `json:"access_token"`
	Livemode    bool   `json:"livemode"`
	Refresh     string `json:"refresh_token"`
	Type        string `json:"token_type"`
	Publishable string `json:"stripe_publishable_key"`
	Account     string `json:"stripe_user_id"`
	Scope       string `json:"scope"`
}

// token trades a code or a refresh token.
func (p *Pages) token(r *http.Request) (any, *Refusal, error) {
	form := r.PostForm
	grant := p.caller(r)
	if grant == nil {
		return nil, noCaller(), nil
	}
	trade, field := p.TradeCode, "code"
	switch kind := form.Get("grant_type"); kind {
	case "authorization_code":
	case "refresh_token":
		trade, field = p.TradeRefreshToken, "refresh_token"
	case "":
		return nil, invalid("No grant_type was provided."), nil
	default:
		return nil, &Refusal{http.StatusBadRequest, "unsupported_grant_type", "The grant_type must be authorization_code or refresh_token, and not " + kind + "."}, nil
	}
	scope := form.Get("scope")
	more := scope
	if field == "code" {
		more = form.Get("code_verifier")
	}
	switch {
	case form.Get(field) == "":
		return nil, invalid("No " + field + " was provided."), nil
	case scope != "" && scope != readOnly && scope != readWrite && scope != express:
		return nil, &Refusal{http.StatusBadRequest, "invalid_scope", "There is no scope " + scope + "."}, nil
	}
	t, refused, err := trade(r.Context(), grant.Namespace, form.Get(field), more)
	if refused != nil || err != nil {
		return nil, refused, err
	}
	for _, name := range append(form["assert_capabilities[]"], form["assert_capabilities[0]"]...) {
		if t.Capabilities.String(name) == "" {
			return nil, invalid("assert_capabilities expects capability: " + name), nil
		}
	}
	return tokenAnswer{t.Access, grant.Namespace.Live, t.Refresh, "bearer", t.Publishable, t.Account, t.Scope}, nil, nil
}
