package server

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// A proxy that is trusted says for whom it asks. From anybody else the same headers are only a claim, and are not read.
//
// X-Forwarded-For counts before Forwarded (RFC 7239), as most proxies write the first and pass the second on as it came.
// Each proxy adds its peer at the right end, so the list is read from there: the first address that is no trusted proxy is
// the client. What stands to the left of it came from the client, who may write what they like.

// hop is what a proxy says of a request.
type hop struct{ address, proto string }

// behind is the request as its client sent it to the first of the trusted proxies, and whether it came there by plain HTTP.
func (s *Server) behind(r *http.Request) (as *http.Request, plain bool) {
	if len(s.TrustedProxies) == 0 {
		return r, false
	}
	peer, err := netip.ParseAddr(hostOf(r.RemoteAddr))
	if err != nil || !s.trusts(peer) {
		return r, false
	}
	client, proto := peer, ""
	for _, h := range slices.Backward(hops(r.Header)) {
		at, ok := addressOf(h.address)
		if !ok {
			break // it hides who it was; the proxy that says so is the last that is known
		}
		client = at
		if h.proto != "" {
			proto = h.proto
		}
		if !s.trusts(at) {
			break
		}
	}
	if r.Header.Get("Forwarded") == "" || r.Header.Get("X-Forwarded-For") != "" {
		proto = last(r.Header.Values("X-Forwarded-Proto"))
	}
	moved := *r
	moved.RemoteAddr = net.JoinHostPort(client.String(), "0")
	return &moved, strings.EqualFold(proto, "http")
}

func (s *Server) trusts(a netip.Addr) bool {
	a = a.Unmap()
	return slices.ContainsFunc(s.TrustedProxies, func(network netip.Prefix) bool { return network.Contains(a) })
}

// hops are those that the headers name, the nearest last.
func hops(h http.Header) (all []hop) {
	if listed := h.Values("X-Forwarded-For"); len(listed) > 0 {
		for part := range strings.SplitSeq(strings.Join(listed, ","), ",") {
			all = append(all, hop{address: strings.TrimSpace(part)})
		}
		return all
	}
	for part := range strings.SplitSeq(strings.Join(h.Values("Forwarded"), ","), ",") {
		one := hop{}
		for pair := range strings.SplitSeq(part, ";") {
			name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
			value = strings.Trim(value, `"`)
			switch strings.ToLower(name) {
			case "for":
				one.address = value
			case "proto":
				one.proto = value
			}
		}
		all = append(all, one)
	}
	return all
}

// addressOf reads an address as the headers write it: with a port or without, an IPv6 one in brackets or not.
func addressOf(text string) (netip.Addr, bool) {
	if a, err := netip.ParseAddrPort(text); err == nil {
		return a.Addr().Unmap().WithZone(""), true
	}
	a, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return a.Unmap().WithZone(""), err == nil
}

// last is the value that the nearest proxy wrote.
func last(values []string) string {
	all := strings.Join(values, ",")
	return strings.TrimSpace(all[strings.LastIndexByte(all, ',')+1:])
}
