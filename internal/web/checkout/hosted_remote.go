package checkout

import (
	"net/http"

	"sharesmart/internal/object"
	"sharesmart/internal/web/card"
	"sharesmart/internal/web/static"
)

var hostedRemoteScript = static.NewAsset(HostedPrefix+"static/", ".js", "text/javascript; charset=utf-8", card.RemoteScript)

// newRemote is the field of the processor that moves the money of a session; nil in test mode, and where there is none.
func (h *Hosted) newRemote(r *http.Request, s *object.Object, lang string) *card.Remote {
	ns, err := h.at(r.PathValue("token"))
	if err != nil {
		return nil
	}
	return card.NewRemote(h.Engine.Processor(ns), hostedRemoteScript.Path, s.String("mode"), s.Int("amount_total"), s.String("currency"), lang)
}

// away leads the browser to the page of a bank.
func (h *Hosted) away(w http.ResponseWriter, r *http.Request, v *view, to string) {
	if v.Away = card.NewAway(w.Header(), to, v.Lang); v.Away == nil {
		h.render(w, r, http.StatusOK, v)
		return
	}
	h.write(w, http.StatusOK, "away", v)
}
