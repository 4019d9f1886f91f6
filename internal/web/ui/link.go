package ui

import (
	"html/template"
	"net/url"
	"slices"
	"strings"
)

// unsafe are the schemes that a browser would run or read instead of going to a page or an app.
var unsafe = []string{"javascript", "data", "vbscript", "file", "blob", "about"}

// Link is where a seller's link may lead; empty for nowhere. Apps have addresses of their own, which a template does not
// know.
func Link(text string) template.URL {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || slices.Contains(unsafe, strings.ToLower(u.Scheme)) {
		return ""
	}
	return template.URL(u.String()) //nolint:gosec // it is known to be no script, and is escaped as an attribute
}
