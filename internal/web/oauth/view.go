package oauth

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"html/template"
	"net/http"

	"sharesmart/internal/object"
	"sharesmart/internal/web/static"
)

//go:embed oauth.css
var styles string

//go:embed pages.html
var pages string

var (
	templates = template.Must(template.New("pages").Parse(pages))
	sheet     = static.Tokens + static.Base + static.Form + styles
	sheetSum  = sha256.Sum256([]byte(sheet))
	sheetPath = staticPrefix + hex.EncodeToString(sheetSum[:6]) + ".css"
)

func secure(h http.Header) {
	// A browser asks form-action also about where the answer to a form leads, which is the platform's address.
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src data:; form-action 'self' http: https:; frame-ancestors 'none'; base-uri 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
}

func serveSheet(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	// A write fails when the client is gone; there is nobody left to tell.
	_, _ = w.Write([]byte(sheet))
}

// typed is what a seller typed, and what was wrong with that.
type typed struct {
	Account, Email, Name string
	Field, Fault         string
}

// question is the page.
type question struct {
	typed
	Style, Title, Platform, Host, Scope string
	Accounts                            []choice
}

// choice is an account that can be connected.
type choice struct {
	ID, Name string
	Chosen   bool
}

// ask shows the page.
func (p *Pages) ask(w http.ResponseWriter, r *http.Request, asked *request, t typed) {
	survey := p.Engine.Survey(r.Context(), asked.ns)
	self, err := survey.Self()
	if err != nil {
		p.fail(w, err)
		return
	}
	if r.Method != http.MethodPost {
		t.Email, t.Name = clipped(asked.query.Get("stripe_user[email]")), clipped(asked.query.Get("stripe_user[business_name]"))
	}
	q := question{typed: t, Style: sheetPath, Platform: nameOf(self, asked.ns.Account), Host: asked.redirect.Host, Scope: asked.scope}
	q.Title = "Connect an account to " + q.Platform
	if p.near(r) {
		found, _, err := survey.Newest("account", "", mostAccounts, func(a *object.Object) bool {
			return a.ID() != asked.ns.Account && p.CanAgree(a, asked.scope == express)
		})
		if err != nil {
			p.fail(w, err)
			return
		}
		for _, a := range found {
			q.Accounts = append(q.Accounts, choice{a.ID(), nameOf(a, a.String("email")), t.Account == a.ID()})
		}
	}
	status := http.StatusOK
	if t.Fault != "" {
		status = http.StatusBadRequest
	}
	p.render(w, status, "question", q)
}

// nameOf is what an account is called.
func nameOf(account *object.Object, other string) string {
	if name := account.Object("settings").Object("dashboard").String("display_name"); name != "" {
		return name
	}
	if name := account.Object("business_profile").String("name"); name != "" {
		return name
	}
	return other
}

func (p *Pages) refusePage(w http.ResponseWriter, e *Refusal) {
	p.render(w, e.Status, "refusal", struct {
		*Refusal
		Style, Title string
	}{e, sheetPath, "This link does not work"})
}

func (p *Pages) fail(w http.ResponseWriter, err error) {
	p.Log.Error("the page that connects an account failed", "error", err)
	p.refusePage(w, &Refusal{http.StatusInternalServerError, "server_error", "This did not work. Try again later."})
}

func (p *Pages) render(w http.ResponseWriter, status int, name string, data any) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		p.Log.Error("a page could not be made", "page", name, "error", err)
		http.Error(w, "This did not work.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // who does not take it is gone
}
