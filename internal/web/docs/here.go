package docs

import (
	"cmp"
	"net/url"
	"regexp"
)

// here is where a server is. The pages name it as localhost and 8443; another port of localhost is the reader's own machine.
type here struct{ host, name, port string }

func hereAt(u *url.URL) here { return here{u.Host, u.Hostname(), cmp.Or(u.Port(), "443")} }

var ofServer = regexp.MustCompile(`localhost(?::\d+)?|8443`)

// Replace puts into a text where the server is, so that samples work as they are printed.
func (h here) Replace(text string) string {
	return ofServer.ReplaceAllStringFunc(text, func(name string) string {
		switch name {
		case "localhost:8443":
			return h.host
		case "localhost":
			return h.name
		case "8443":
			return h.port
		}
		return name
	})
}
