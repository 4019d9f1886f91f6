package checkout

import (
	_ "embed"
	"net/http"
	"net/url"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/web/static"
)

// Where money is real, a card is typed into a field of the processor's own, which its script shows on the page. What the
// form carries is the id of a payment method, so that no number of a card ever comes here. That takes a script.

//go:embed hosted_remote.js
var remoteScript string

var hostedRemoteScript = static.NewAsset(HostedPrefix+"static/", ".js", "text/javascript; charset=utf-8", remoteScript)

// fieldRemote carries the id of the payment method that was typed at the processor.
const fieldRemote = "remote_method"

// remote is what the page needs for the processor's field.
type remote struct {
	Name, Script, Own   string
	Key, Mode, Currency string
	Amount              int64
	browser             processor.Browser
}

// newRemote is the field of the processor that moves the money of a session; nil in test mode, and where there is none.
func (h *Hosted) newRemote(r *http.Request, s *object.Object) *remote {
	ns, err := h.at(r.PathValue("token"))
	if err != nil {
		return nil
	}
	p := h.Engine.Processor(ns)
	if p == nil {
		return nil
	}
	b := p.Browser()
	f := &remote{Name: p.Name(), Script: b.Script, Own: hostedRemoteScript.Path, Key: b.Key, Mode: s.String("mode"), Currency: s.String("currency"), Amount: s.Int("amount_total"), browser: b}
	if f.Amount == 0 || f.Currency == "" {
		f.Mode = "setup"
	}
	return f
}

// policy is what a page with the field may load beside its own.
func (f *remote) policy() string {
	if f == nil {
		return "; script-src 'self'"
	}
	b := f.browser
	return "; script-src 'self' " + strings.Join(b.Scripts, " ") + "; frame-src " + strings.Join(b.Frames, " ") + "; connect-src " + strings.Join(b.Connects, " ")
}

// away leads the browser to the page of a bank. Browsers hold the policy for forms against that of an answer that leads
// on, and nobody knows all banks, so the page leads on by itself.
func (h *Hosted) away(w http.ResponseWriter, r *http.Request, v *view, to string) {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		h.render(w, r, http.StatusOK, v)
		return
	}
	w.Header().Set("Refresh", "0; url="+u.String())
	v.Continue = u.String()
	h.write(w, http.StatusOK, "away", v)
}
