package billing

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// How a seller lets a platform act for them, by OAuth: on a page of this server (web/oauth) they connect an account, which
// gives a code; the platform's server trades it for keys of that account.
//
//	(nothing) --the seller agrees--> code --traded within 5 minutes--> connected: an access token, a refresh token
//	code --traded again--> every token that came of it is revoked
//	connected --refresh token--> another access token
//
// Emits account.application.authorized when the code is traded. Hashes of code and refresh token are in the account's
// private part; an access token is an API key of the account.

// codeLife is how long a code can be traded.
const codeLife = 5 * time.Minute

// tokenSecret is how much of a code or refresh token is secret, in characters. Between its prefix and that stands the account.
const tokenSecret = 24

// OAuthError is an error as OAuth 2.0 has it (RFC 6749, 5.2).
type OAuthError struct{ Code, Description string }

func invalidGrant(format string, args ...any) *OAuthError {
	return &OAuthError{"invalid_grant", fmt.Sprintf(format, args...)}
}

// Agreement is what a seller has agreed to on the page.
type Agreement struct {
	Account  string         // that is there; empty makes one
	Express  bool           // whether that is an express account, else a standard one
	Params   *object.Object // of a new account
	ReadOnly bool
	// Challenge is what the code's code_verifier must hash to (RFC 7636, S256); empty if the platform sent none.
	Challenge string
}

// Scope is the OAuth scope of an agreement.
func (a *Agreement) Scope() string {
	switch {
	case a.Express:
		return "express"
	case a.ReadOnly:
		return "read_only"
	}
	return "read_write"
}

// ClientID is the id of the application as which the account of a namespace acts in those connected to it. Both modes of an
// account share it, and each sandbox has its own.
func ClientID(ns *access.Namespace) string { return applicationID(ns, ns.Account) }

// Authorize connects an account as its seller agreed, and returns the code for that.
func Authorize(op *resource.Op, a *Agreement) (code string, err error) {
	account, err := agreedAccount(op, a)
	if err != nil {
		return "", err
	}
	code = newToken(op, "ac_", account.ID())
	return code, changeOAuth(op, account, func(o *object.Object) {
		o.Set("code", hashToken(code))
		o.Set("code_expires", op.WallNow().Add(codeLife).Unix())
		o.Set("code_scope", a.Scope())
		o.Set("code_challenge", a.Challenge)
		o.Set("traded", false)
	})
}

func agreedAccount(op *resource.Op, a *Agreement) (*object.Object, error) {
	if a.Account == "" {
		kind := "standard"
		if a.Express {
			kind = "express"
		}
		a.Params.Set("type", kind)
		return op.Create("account", a.Params)
	}
	account, err := op.Find("account", a.Account)
	if err == nil && (account == nil || !CanAgree(account, a.Express)) {
		err = apierr.MissingRef("account", a.Account, "account")
	}
	return account, err
}

// CanAgree reports whether an account's seller can connect it on the page: one with a Dashboard of its own, full or
// express.
func CanAgree(account *object.Object, express bool) bool {
	want := "full"
	if express {
		want = "express"
	}
	return account.Object("controller").Object("stripe_dashboard").String("type") == want
}

// Tokens are what a platform gets for a code or a refresh token.
type Tokens struct {
	Account, Scope               string
	Access, Refresh, Publishable string
	Capabilities                 *object.Object
}

// TradeCode gives a code's tokens, once. A code that comes twice was seen by somebody else: then all that came of it ends,
// as RFC 6749 asks for (4.1.2), with an error that is kept with that. Who began with a challenge must know its verifier, and
// who did not may send none (RFC 7636, RFC 9700 2.1.1).
func TradeCode(op *resource.Op, code, verifier string) (t *Tokens, refused *OAuthError, err error) {
	account, o, err := accountOfToken(op, code, "ac_", "code")
	switch {
	case err != nil:
		return nil, nil, err
	case account == nil:
		return nil, invalidGrant("Authorization code does not exist: %s", code), nil
	case o.Bool("traded"):
		refused = invalidGrant("This authorization code has already been used. All tokens issued with this code have been revoked.")
		return nil, refused, revokeTokens(op, account)
	case op.WallNow().Unix() >= o.Int("code_expires"):
		return nil, invalidGrant("Authorization code expired"), nil
	case !verified(o.String("code_challenge"), verifier):
		return nil, invalidGrant("The code_verifier is not that of the code_challenge"), nil
	}
	if t, err = issueTokens(op, account, o.String("code_scope")); err != nil {
		return nil, nil, err
	}
	return t, nil, tellApplication(op, account, "account.application.authorized")
}

// verified reports whether a verifier is that of a challenge; of none there is none.
func verified(challenge, verifier string) bool {
	if challenge == "" || verifier == "" {
		return challenge == verifier
	}
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) == 1
}

// TradeRefreshToken gives new tokens for a refresh token, which stays as it is. scope may be less than what was granted;
// empty is the same.
func TradeRefreshToken(op *resource.Op, token, scope string) (t *Tokens, refused *OAuthError, err error) {
	account, o, err := accountOfToken(op, token, "rt_", "refresh")
	switch {
	case err != nil:
		return nil, nil, err
	case account == nil:
		return nil, invalidGrant("Refresh token does not exist: %s", token), nil
	}
	granted := o.String("scope")
	if scope == "" {
		scope = granted
	}
	if scope != granted && (granted != "read_write" || scope != "read_only") {
		return nil, &OAuthError{"invalid_scope", "The scope " + scope + " is more than what was granted: " + granted}, nil
	}
	if t, err = issueAccess(op, account, scope); err != nil {
		return nil, nil, err
	}
	t.Refresh = token
	return t, nil, nil
}

// issueTokens makes all that a code is traded for.
func issueTokens(op *resource.Op, account *object.Object, scope string) (*Tokens, error) {
	t, err := issueAccess(op, account, scope)
	if err != nil {
		return nil, err
	}
	t.Refresh = newToken(op, "rt_", account.ID())
	return t, changeOAuth(op, account, func(o *object.Object) {
		o.Set("refresh", hashToken(t.Refresh))
		o.Set("scope", scope)
		o.Set("traded", true)
	})
}

// issueAccess makes the keys of the account: they act for it as its platform does with Stripe-Account.
func issueAccess(op *resource.Op, account *object.Object, scope string) (*Tokens, error) {
	t := &Tokens{Account: account.ID(), Scope: scope, Capabilities: account.Object("capabilities")}
	there, err := op.In(account.ID())
	if err != nil {
		return nil, err
	}
	kind, rights := access.SecretKey, access.Rights(nil)
	if scope == "read_only" {
		kind, rights = access.RestrictedKey, access.Rights{}
		for _, r := range spec.Rights() {
			rights[r.Kind] = access.Read
		}
	}
	secret, err := there.IssueAccountKey(kind, rights)
	if err != nil {
		return nil, err
	}
	publishable, err := there.IssueAccountKey(access.PublishableKey, nil)
	if err != nil {
		return nil, err
	}
	t.Access, t.Publishable = secret.Secret, publishable.Secret
	return t, changeOAuth(op, account, func(o *object.Object) {
		o.Set("keys", append(o.Array("keys"), secret.ID, publishable.ID))
	})
}

// revokeTokens ends all that the last code of an account gave.
func revokeTokens(op *resource.Op, account *object.Object) error {
	private, err := op.Private(account)
	if err != nil {
		return err
	}
	for _, id := range private.Object("oauth").Array("keys") {
		if err := op.RevokeKey(id.(string)); err != nil {
			return err
		}
	}
	return changeOAuth(op, account, func(o *object.Object) {
		o.Set("keys", []any{})
		o.Delete("refresh")
	})
}

// changeOAuth changes what an account keeps of its codes and tokens.
func changeOAuth(op *resource.Op, account *object.Object, change func(o *object.Object)) error {
	private, err := op.Private(account)
	if err != nil {
		return err
	}
	o := private.Object("oauth")
	if o == nil {
		o = object.New(nil)
	}
	change(o)
	private.Set("oauth", o)
	return op.SetPrivate(account, private)
}

// accountOfToken finds the account of a code or refresh token, and what it keeps of them; nil if the token is none of its own.
func accountOfToken(op *resource.Op, token, prefix, field string) (account, kept *object.Object, err error) {
	rest, ok := strings.CutPrefix(token, prefix)
	if !ok || len(rest) <= tokenSecret {
		return nil, nil, nil
	}
	account, err = op.Find("account", "acct_"+rest[:len(rest)-tokenSecret])
	if account == nil || err != nil {
		return nil, nil, err
	}
	private, err := op.Private(account)
	if err != nil {
		return nil, nil, err
	}
	kept = private.Object("oauth")
	if subtle.ConstantTimeCompare([]byte(kept.String(field)), []byte(hashToken(token))) != 1 {
		return nil, nil, nil
	}
	return account, kept, nil
}

func newToken(op *resource.Op, prefix, account string) string {
	return prefix + strings.TrimPrefix(account, "acct_") + op.Secret(tokenSecret)
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
