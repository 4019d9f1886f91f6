package access

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"

	"sharesmart/internal/apierr"
)

// maxNetworks bounds the list of one key.
const maxNetworks = 50

// ParseNetworks reads networks as people write them, with commas or spaces or on lines of their own: 203.0.113.7,
// 10.0.0.0/8, 2001:db8::/32.
func ParseNetworks(text string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, word := range strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ' ' || c == '\n' || c == '\r' || c == '\t' }) {
		p, err := parseNetwork(word)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	if len(all) > maxNetworks {
		return nil, fmt.Errorf("a key can have %d networks at most", maxNetworks)
	}
	return all, nil
}

func parseNetwork(word string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(word); err == nil && a.Zone() == "" {
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(word)
	if err != nil || p.Addr().Is4In6() {
		return p, fmt.Errorf("%q is not an address or a network: write 203.0.113.7, 10.0.0.0/8 or 2001:db8::/32", word)
	}
	return p.Masked(), nil
}

// From refuses requests that come from where the key must not be used. address is the one that the connection has: that of
// a proxy, if there is one in front of the server.
func (k *Key) From(address string) error {
	if len(k.Networks) == 0 {
		return nil
	}
	a, err := netip.ParseAddr(address)
	if err == nil {
		a = a.Unmap().WithZone("")
		for _, n := range k.Networks {
			if n.Contains(a) {
				return nil
			}
		}
	}
	return &apierr.Error{
		Status: http.StatusForbidden, Type: apierr.TypeInvalid, Early: true,
		Message: "The API key '" + k.Masked + "' cannot be used from your IP address (" + address + "). Add the address to the key's allowed networks in the Dashboard, or send the request from one of them.",
	}
}
