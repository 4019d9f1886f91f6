package main

import (
	"fmt"
	"net/http"
	"net/url"
	"time"

	"sharesmart/internal/clock"
)

// contactPath is where people look for whom to tell of a hole (RFC 9116).
const contactPath = "/.well-known/security.txt"

// contactLife is how long the file says that it is right; each answer says so anew.
const contactLife = 180 * 24 * time.Hour

// checkContact refuses what RFC 9116 does not take.
func checkContact(text string) error {
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "https" && u.Host == "" || u.Scheme == "mailto" && u.Opaque == "" || u.Scheme != "https" && u.Scheme != "mailto" {
		return fmt.Errorf("%q is no contact: write mailto:security@example.com or https://example.com/security", text)
	}
	return nil
}

// contact answers with whom to tell.
func contact(to string, c clock.Clock) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "public, max-age=3600")
		// A write fails when the client is gone; there is nobody left to tell.
		_, _ = fmt.Fprintf(w, "Contact: %s\nExpires: %s\nPreferred-Languages: en, de\n", to, c.Now().Add(contactLife).UTC().Format(time.RFC3339))
	})
}
