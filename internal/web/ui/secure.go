package ui

import "net/http"

// Secure sets the headers of a page: nothing from elsewhere runs in it, nobody frames it, nothing of its address goes
// elsewhere, and no cache keeps it. There is no form-action, as browsers hold it against the address that the answer to
// a form leads to.
func Secure(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: https:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}
