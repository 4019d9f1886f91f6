// Package ui is what pages are made with: files under names that change with their content, templates in several
// languages, and the headers that every page has.
package ui

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
)

// Asset is a style, a script or a picture, under a name that changes with its content, so that it can be kept for ever.
type Asset struct{ Path, ContentType, Text string }

// NewAsset names an asset: prefix, a part that stands for its content, ending.
func NewAsset(prefix, ending, contentType, text string) Asset {
	sum := sha256.Sum256([]byte(text))
	return Asset{prefix + hex.EncodeToString(sum[:6]) + ending, contentType, text}
}

// ServeHTTP gives the asset out.
func (a Asset) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", a.ContentType)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	// A write fails when the client is gone; there is nobody left to tell.
	_, _ = w.Write([]byte(a.Text))
}

// Secure sets the headers of a page: nothing from elsewhere runs in it, nobody frames it, nothing of its address goes
// elsewhere, and no cache keeps it. There is no form-action, as browsers hold it against the address that the answer to a form leads to.
func Secure(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: https:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}
