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
	"encoding/json"
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

// Serve gives out the script. It says in it by what name the server was asked, for the case that the page does not know:
// a test tool may fetch it from here in answer to a page that asked Stripe.
func Serve(w http.ResponseWriter, r *http.Request) {
	origin := "http://" + r.Host
	if r.TLS != nil {
		origin = "https://" + r.Host
	}
	quoted, err := json.Marshal(origin)
	if err != nil {
		http.Error(w, "There is no such host.", http.StatusBadRequest)
		return
	}
	text := strings.Replace(bundle, originMark, string(quoted), 1)
	sum := sha256.Sum256([]byte(text))
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	h.Set("Cache-Control", "public, max-age=60")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(text))
}
