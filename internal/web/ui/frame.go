package ui

import (
	"embed"
	"net/http"
	"strings"
)

//go:embed frame.html
var frame embed.FS

// frameTexts are the texts of the frame in other languages.
var frameTexts = map[string]Texts{"de": {
	"Account":                        "Konto",
	"Dark":                           "Dunkel",
	"Docs":                           "Doku",
	"Download":                       "Download",
	"From Extension":                 "Aus der Erweiterung",
	"Language":                       "Sprache",
	"Light":                          "Hell",
	"Log in":                         "Anmelden",
	"Main":                           "Hauptmenü",
	"More":                           "Weiteres",
	"Pricing":                        "Preise",
	"Skip to the content":            "Zum Inhalt springen",
	"System":                         "System",
	"Test mode: no real money moves": "Testmodus: Es fließt kein echtes Geld",
	"Theme":                          "Farben",
	"Upgrade":                        "Tarif wechseln",
}}

// The cookies that the frame's switches set, and the one by which a member is signed in.
const (
	ThemeCookie   = "__Host-theme"
	LangCookie    = "__Host-lang"
	SessionCookie = "__Host-member"
)

// Language is the language that a person chose, or that their browser asks for.
func (b *Book) Language(r *http.Request) string {
	if lang := Cookie(r, LangCookie); lang != "" && b.Has(lang) {
		return lang
	}
	return b.Accepted(r)
}

// Accepted is the language that a browser asks for, of those that there are.
func (b *Book) Accepted(r *http.Request) string {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		base, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if base != "" && b.Has(base) {
			return base
		}
	}
	return English
}

// Cookie is the value of a cookie; empty without one.
func Cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// SetCookie sets a cookie of this host, which scripts do not see. It goes with its maximal age, in seconds.
func SetCookie(w http.ResponseWriter, name, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: maxAge, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}
