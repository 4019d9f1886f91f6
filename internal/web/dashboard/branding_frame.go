package dashboard

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/brand"
	"sharesmart/internal/mail"
	"sharesmart/internal/member"
	"sharesmart/internal/web/ui"
)

// framed answers a page that stands in a frame. Nothing in it runs or leads on; only its look counts.
func (v *Visit) framed(page []byte, err error) error {
	if err != nil {
		return v.explain(err)
	}
	h := v.W.Header()
	h.Set("Content-Security-Policy", framePolicy)
	page = scripts.ReplaceAll(page, nil) // they would not run, and browsers would complain
	h.Set("Content-Type", "text/html; charset=utf-8")
	// A write fails when the client is gone; there is nobody left to tell.
	_, _ = v.W.Write(page)
	return nil
}

var scripts = regexp.MustCompile(`<script [^>]*></script>`)

// framePolicy lets a page be framed here. Messages have their style in themselves.
const framePolicy = "sandbox; default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; frame-ancestors 'self'; base-uri 'none'"

// previewPricing is the prices of the newest extension; a note if there is none whose pages are open.
func (v *Visit) previewPricing(b *brand.Brand) error {
	list, err := v.ask(http.MethodGet, "/v1/extensions", url.Values{"limit": {"1"}})
	if err != nil {
		return err
	}
	path := "" // of the server's own extension, which is made when somebody opens its pages first
	if all := objects(list.Array("data")); len(all) > 0 {
		path = member.PagesOf(all[0])
	} else if v.Account != v.Pages.Account || v.place.env != access.Test {
		return v.framed([]byte("<!doctype html><title>No extension</title><p>There are no prices to show: make an extension first."), nil)
	}
	r, err := http.NewRequestWithContext(brand.WithDraft(v.R.Context(), b), http.MethodGet, "https://localhost"+path+"/pricing", http.NoBody)
	if err != nil {
		return err
	}
	r.RemoteAddr = v.R.RemoteAddr
	w := ui.NewRecorder(longestAnswer)
	v.API.ServeHTTP(w, r)
	if w.Status != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		return v.framed([]byte("<!doctype html><title>No prices</title><p>The members’ pages are those of test mode; here are none."), nil)
	}
	return v.framed(w.Body(), nil)
}

// previewMail is a receipt.
func (v *Visit) previewMail(b *brand.Brand) error {
	private, err := v.survey().SelfPrivate()
	if err != nil {
		return err
	}
	_, html, _, err := mail.Sample(b, private, &mail.Texts[0], mail.Languages()[0], nil)
	return v.framed([]byte(html), err)
}
