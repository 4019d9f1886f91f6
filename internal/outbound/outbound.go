// Package outbound sends requests to addresses that callers name, and keeps them away from what stands behind this
// server's own walls: the address is judged when the connection is made, after its name was resolved, so that no name
// can point somewhere else in between. Redirects are answers and are not followed.
//
// It does not know what is sent or why.
package outbound

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"time"
)

// ErrRefused says that an address must not be reached from here.
var ErrRefused = errors.New("the address is not a public one")

// Policy says what may be reached beside public addresses.
type Policy struct {
	Loopback bool // this machine, for tests
	// Networks are others, such as a private one that whoever runs the server names.
	Networks []netip.Prefix
	// Resolver resolves names; nil is the system's.
	Resolver *net.Resolver
}

// forbidden are special networks that netip does not name: shared and reserved ones, and those that hide an IPv4
// address in an IPv6 one.
var forbidden = func() []netip.Prefix {
	var all []netip.Prefix
	for _, text := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
	} {
		all = append(all, netip.MustParsePrefix(text))
	}
	return all
}()

// Allows reports whether an address may be reached.
func (p Policy) Allows(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if slices.ContainsFunc(p.Networks, func(network netip.Prefix) bool { return network.Contains(a) }) {
		return true
	}
	if a.IsLoopback() {
		return p.Loopback
	}
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, network := range forbidden {
		if network.Contains(a) {
			return false
		}
	}
	return true
}

// control refuses a connection before it is made.
func (p Policy) control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("outbound: %w", err)
	}
	if !p.Allows(to.Addr()) {
		return &Refusal{to.Addr().String()}
	}
	return nil
}

// Client makes requests under the policy, each on a connection of its own and within the timeout. No proxy is asked, as
// that would resolve names itself.
func (p Policy) Client(timeout time.Duration) *http.Client {
	transport := p.transport(timeout)
	transport.DisableKeepAlives = true
	return client(transport, timeout)
}

// Pool is Client for many requests to the same hosts: it keeps up to so many connections to each for the next request.
func (p Policy) Pool(timeout time.Duration, connections int) *http.Client {
	transport := p.transport(timeout)
	transport.MaxIdleConnsPerHost, transport.IdleConnTimeout = connections, idleTimeout
	return client(transport, timeout)
}

// idleTimeout is how long a pooled connection waits for its next request.
const idleTimeout = 30 * time.Second

func (p Policy) transport(timeout time.Duration) *http.Transport {
	dialer := &net.Dialer{Timeout: timeout, Control: p.control, Resolver: p.Resolver}
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		if host, _, err := net.SplitHostPort(address); err == nil && isOddNumber(host) {
			return nil, &Refusal{host}
		}
		return dialer.DialContext(ctx, network, address)
	}
	return &http.Transport{DialContext: dial, DisableCompression: true, MaxResponseHeaderBytes: 64 << 10}
}

// isOddNumber reports whether a host is an IPv4 address in another than the usual form: one decimal, octal or hexadecimal
// number, or less than four. No name ends in a number. Some resolvers would turn it into an address, others not.
func isOddNumber(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return false
	}
	last := strings.ToLower(strings.TrimSuffix(host, "."))
	last = last[strings.LastIndexByte(last, '.')+1:]
	if last == "" {
		return false
	}
	digits, hex := strings.CutPrefix(last, "0x")
	return strings.Trim(digits, "0123456789") == "" || hex && strings.Trim(digits, "0123456789abcdef") == ""
}

func client(t *http.Transport, timeout time.Duration) *http.Client {
	return &http.Client{
		Timeout: timeout, Transport: t,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Refusal is an ErrRefused that names the address.
type Refusal struct{ Address string }

func (r *Refusal) Error() string {
	return "outbound: " + r.Address + ": " + ErrRefused.Error()
}

// Unwrap is ErrRefused.
func (r *Refusal) Unwrap() error { return ErrRefused }
