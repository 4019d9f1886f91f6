package ui

import (
	"net"
	"net/http"
	"strings"
)

// Near reports whether a request comes from this machine and is meant for it. Behind a proxy on the same machine neither
// is so, and a name that somebody else has let lead here is not this machine's.
func Near(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	local := strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
	return local && r.Header.Get("Forwarded") == "" && r.Header.Get("X-Forwarded-For") == ""
}
