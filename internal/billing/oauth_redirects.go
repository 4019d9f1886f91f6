package billing

import (
	"net/url"
	"slices"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/brand"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// Where a platform lets a seller be led back to when they have connected their account: exactly one of the addresses that it has
// named, as at Stripe. Whoever has named none is led anywhere, which is well for trying and nothing else.

const (
	keptRedirects = "oauth_redirects" // in the private part of the account
	maxRedirects  = 10
	maxRedirect   = 2000 // bytes
)

// Redirects are the addresses that the account of a survey has named, the standard one first.
func Redirects(s *resource.Survey) ([]string, error) {
	private, err := s.SelfPrivate()
	if err != nil {
		return nil, err
	}
	var list []string
	for _, v := range private.Array(keptRedirects) {
		address, _ := v.(string)
		list = append(list, address)
	}
	return list, nil
}

// SetRedirects names the addresses of the account that an operation is in.
func SetRedirects(op *resource.Op, list []string) error {
	if len(list) > maxRedirects {
		return apierr.Invalid("", "redirects", "There can be %d addresses.", maxRedirects)
	}
	kept := make([]any, len(list))
	for i, address := range list {
		if parseRedirect(address) == nil {
			return apierr.Invalid("", "redirects", "%s is no address that begins with https:// or http://.", address)
		}
		kept[i] = address
	}
	return brand.Note(op, func(private *object.Object) { private.Set(keptRedirects, kept) })
}

// Redirect is where a seller is led to whose platform asked for an address: there, if it may be; to the standard one, if it
// asked for none. It is nil if there is no such address.
func Redirect(s *resource.Survey, asked string) (*url.URL, error) {
	named, err := Redirects(s)
	switch {
	case err != nil:
		return nil, err
	case asked == "" && len(named) > 0:
		asked = named[0]
	case len(named) > 0 && !slices.Contains(named, asked):
		return nil, nil
	}
	return parseRedirect(asked), nil
}

func parseRedirect(address string) *url.URL {
	u, err := url.Parse(address)
	if err != nil || len(address) > maxRedirect || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || strings.Contains(address, "#") {
		return nil
	}
	return u
}
