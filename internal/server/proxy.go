package server

import (
	"net/http"
	"net/netip"
	"strings"
)

// comesThrough puts the address of who sent a request in the place of that of the proxies in front of the server, so that
// limits, allowed networks and logs go by it. The last address of X-Forwarded-For that is no proxy's is believed, since a
// proxy of ours wrote it; what stands before it anybody may have made up.
func (s *Server) comesThrough(r *http.Request) {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return
	}
	last, sent := from.Addr().Unmap(), strings.Join(r.Header["X-Forwarded-For"], ",")
	for s.isProxy(last) && sent != "" {
		before := strings.LastIndexByte(sent, ',')
		told, err := netip.ParseAddr(strings.TrimSpace(sent[before+1:]))
		if err != nil {
			break
		}
		last, sent = told.Unmap().WithZone(""), sent[:max(before, 0)]
	}
	if last != from.Addr().Unmap() {
		r.RemoteAddr = netip.AddrPortFrom(last, 0).String()
	}
}

func (s *Server) isProxy(a netip.Addr) bool {
	for _, p := range s.Proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
