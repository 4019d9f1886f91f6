package oauth

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/web/ui"
)

// Scopes.
const (
	readOnly  = "read_only"
	readWrite = "read_write"
	express   = "express"
)

const (
	// agreementsAMinute is how many accounts an address may connect in a minute.
	agreementsAMinute = 30
	minute            = time.Minute
	// mostAccounts is how many accounts can be chosen from, the newest.
	mostAccounts = 20
	// maxField is how long what is typed may be, in bytes.
	maxField = 500
)

// Agreement is what a seller agrees to.
type Agreement struct {
	Account  string         // that is there; empty makes one
	Express  bool           // whether that is an express account, else a standard one
	Params   *object.Object // of a new account
	ReadOnly bool
	// Challenge is what the code's code_verifier must hash to (RFC 7636, S256); empty if the platform sent none.
	Challenge string
}

// request is what a platform asks a seller for.
type request struct {
	ns       *access.Namespace
	redirect *url.URL
	scope    string
	query    url.Values
}

// authorize shows the page, and takes what the seller says on it.
func (p *Pages) authorize(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	if r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost {
		w.Header().Set("Allow", "GET, HEAD, POST")
		p.refusePage(w, &Refusal{http.StatusMethodNotAllowed, "invalid_request", "Only GET and POST are supported."})
		return
	}
	asked, refused, err := p.asked(r)
	switch {
	case err != nil:
		p.fail(w, err)
	case refused != nil && (asked == nil || asked.redirect == nil):
		p.refusePage(w, refused)
	case refused != nil:
		asked.back(w, r, "error", refused.Code, "error_description", refused.Description)
	case r.Method == http.MethodPost:
		p.decide(w, r, asked)
	default:
		p.ask(w, r, asked, typed{})
	}
}

// asked reads what a platform asks for. With a refusal it has where to tell that, if it is known who asks.
func (p *Pages) asked(r *http.Request) (*request, *Refusal, error) {
	q := r.URL.Query()
	ns, err := p.platform(q.Get("client_id"))
	switch {
	case err != nil:
		return nil, nil, err
	case q.Get("client_id") == "":
		return nil, invalid("No client_id was provided."), nil
	case ns == nil:
		return nil, &Refusal{http.StatusBadRequest, "invalid_client", "No application is identified by the client_id " + q.Get("client_id") + "."}, nil
	}
	u, err := p.Redirect(r.Context(), ns, q.Get("redirect_uri"))
	switch {
	case err != nil:
		return nil, nil, err
	case u == nil:
		return nil, &Refusal{http.StatusBadRequest, "invalid_redirect_uri", "Invalid redirect URI '" + q.Get("redirect_uri") + "'. Ensure this uri exactly matches one of the uris specified in your application settings, and begins with http:// or https://."}, nil
	}
	asked := &request{ns: ns, redirect: u, scope: q.Get("scope"), query: q}
	if refused := challenged(q); refused != nil {
		return asked, refused, nil
	}
	if r.URL.Path == expressPath {
		asked.scope = express
		return asked, nil, nil
	}
	if asked.scope == "" {
		asked.scope = readOnly
	}
	switch kind := q.Get("response_type"); {
	case kind == "":
		return asked, invalid("No response_type was provided."), nil
	case kind != "code":
		return asked, &Refusal{http.StatusBadRequest, "unsupported_response_type", "The response_type must be code."}, nil
	case asked.scope != readOnly && asked.scope != readWrite:
		return asked, &Refusal{http.StatusBadRequest, "invalid_scope", "The scope must be read_write or read_only."}, nil
	}
	return asked, nil, nil
}

// challenge is how long the text is that a code_challenge is made of: 256 bits in base64.
const challenge = 43

// challenged says what is wrong with a code_challenge; nil for none, and for one that is kept.
func challenged(q url.Values) *Refusal {
	sent, method := q.Get("code_challenge"), q.Get("code_challenge_method")
	switch {
	case sent == "" && method == "":
		return nil
	case method != "S256":
		return invalid("The code_challenge_method must be S256.")
	case len(sent) != challenge:
		return invalid("The code_challenge must be a SHA-256 in base64url.")
	}
	return nil
}

// platform is the namespace of the application with an id; nil if there is none. Live mode has none: nothing moves money there
// for an account that was made on a page. One that was not asked for yet costs a look at all namespaces.
func (p *Pages) platform(client string) (*access.Namespace, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if ns := p.clients[client]; ns != nil {
		if now, err := p.Registry.Known(ns.Account, ns.Env); err == nil {
			return now, nil // a reset gave it another number
		}
	}
	all, err := p.Registry.Namespaces()
	if err != nil {
		return nil, err
	}
	clear(p.clients)
	for _, ns := range all {
		if ns.Platform == "" && !ns.Live {
			p.clients[p.ClientID(ns)] = ns
		}
	}
	return p.clients[client], nil
}

// back leads the seller's browser to the platform.
func (a *request) back(w http.ResponseWriter, r *http.Request, pairs ...string) {
	to := *a.redirect
	q := to.Query()
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	if state := a.query.Get("state"); state != "" {
		q.Set("state", state)
	}
	to.RawQuery = q.Encode()
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
}

// decide takes what the seller said.
func (p *Pages) decide(w http.ResponseWriter, r *http.Request, asked *request) {
	if err := r.ParseForm(); err != nil {
		p.refusePage(w, invalid("The body could not be read."))
		return
	}
	if r.PostForm.Get("decision") != "connect" {
		asked.back(w, r, "error", "access_denied", "error_description", "The user denied your request")
		return
	}
	if !p.limiter.Allow(r) {
		p.refusePage(w, &Refusal{http.StatusTooManyRequests, "temporarily_unavailable", "Too many accounts were connected from your address within a minute. Try again later."})
		return
	}
	said := typed{Account: r.PostForm.Get("account"), Email: clipped(r.PostForm.Get("email")), Name: clipped(r.PostForm.Get("name"))}
	if !p.near(r) {
		said.Account = ""
	}
	code, err := p.Authorize(r.Context(), asked.ns, &Agreement{
		Account: said.Account, Express: asked.scope == express, ReadOnly: asked.scope == readOnly, Params: said.params(asked.query),
		Challenge: asked.query.Get("code_challenge"),
	})
	if refused := apierr.As(err); refused != nil && refused.Status < http.StatusInternalServerError {
		said.Field, said.Fault = refused.Param, refused.Message
		p.ask(w, r, asked, said)
		return
	}
	if err != nil {
		p.fail(w, err)
		return
	}
	asked.back(w, r, "code", code, "scope", asked.scope)
}

// near reports whether who asks may see the accounts that are there.
func (p *Pages) near(r *http.Request) bool { return p.Open || ui.Near(r) }

func clipped(s string) string { return strings.TrimSpace(s[:min(len(s), maxField)]) }

// params are those of a new account: what was typed, and what the platform knows of its seller.
func (t *typed) params(q url.Values) *object.Object {
	params, profile := object.New(nil), object.New(nil)
	for _, f := range []struct {
		in          *object.Object
		name, value string
	}{
		{params, "email", t.Email}, {params, "country", q.Get("stripe_user[country]")}, {params, "business_type", q.Get("stripe_user[business_type]")},
		{profile, "name", t.Name}, {profile, "url", q.Get("stripe_user[url]")},
	} {
		if f.value != "" {
			f.in.Set(f.name, clipped(f.value))
		}
	}
	if profile.Len() > 0 {
		params.Set("business_profile", profile)
	}
	if wanted := q["suggested_capabilities[]"]; len(wanted) > 0 {
		capabilities := object.New(nil)
		for _, name := range wanted {
			capabilities.Set(name, object.Of("requested", true))
		}
		params.Set("capabilities", capabilities)
	}
	return params
}
