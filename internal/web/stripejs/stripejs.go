// Package stripejs serves a script in the shape of Stripe.js, so that a front end that was written for that one runs
// against this server: it loads the script from here instead, and the script calls the server that it came from.
//
// The script's sources are in src, in TypeScript. Its fields are ordinary inputs in the shop's own page, which every test
// tool reaches. That is right only because no real card is ever taken here.
package stripejs

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"html/template"
	"net/http"
	"strings"
	"time"
)

//go:generate go run ./gen

//go:embed stripe.js
var bundle string

// originMark stands in the bundle for where the server is.
const originMark = `"{origin}"`

// Patterns are where pages look for the script: at its old place, and at those of the releases.
var Patterns = []string{
	"GET /v3", "GET /v3/{$}", "GET /v3/stripe.js", "GET /acacia/stripe.js", "GET /basil/stripe.js", "GET /clover/stripe.js", "GET /dahlia/stripe.js", "GET /endive/stripe.js",
}

// Script is the script of one server.
type Script struct{ text, tag string }

// New returns the script of the server that is reached at a URL. The script needs it only where a page does not know it:
// a test tool may fetch the script from here in answer to a page that asked Stripe.
func New(baseURL string) *Script {
	text := strings.Replace(bundle, originMark, `"`+template.JSEscapeString(baseURL)+`"`, 1)
	sum := sha256.Sum256([]byte(text))
	return &Script{text, `"` + hex.EncodeToString(sum[:12]) + `"`}
}

// ServeHTTP gives out the script. Pages of any origin may run it, and ask whether it has changed.
func (s *Script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("ETag", s.tag)
	h.Set("Cache-Control", "public, max-age=60")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(s.text))
}
