package server

import (
	"encoding/base64"
	"net/http"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
)

// maxCredentials is the longest Authorization header that is looked at. Keys have 107 characters.
const maxCredentials = 1024

// authenticate finds the key that the request brings and what it opens.
func (x *exchange) authenticate() error {
	if g := access.GrantOf(x.r.Context()); g != nil { // it was made in this process
		x.grant, x.ns = g, g.Namespace
		return nil
	}
	header := x.sentHeader("Authorization")
	secret := secretOf(header)
	if header == "" && !x.Mock {
		var err error
		if secret, err = x.keyParam(); err != nil {
			return err
		}
	}
	if secret == "" {
		return access.NoKey()
	}
	g, err := x.Registry.Authenticate(secret)
	if err != nil {
		return x.wrongKey(err)
	}
	x.grant, x.ns = g, g.Namespace
	if err := g.Key.From(hostOf(x.r.RemoteAddr)); err != nil {
		return err
	}
	if x.fromBrowser() {
		return x.takeBrowserParams()
	}
	return nil
}

// wrongKeysAMinute is how many wrong keys an address may bring in a minute before it is told to wait. Nobody finds a key by
// trying; this keeps who tries from filling the log. Right keys are never counted, and open the API all the same.
const wrongKeysAMinute = 60

// wrongKey is the error for a key that opens nothing.
func (x *exchange) wrongKey(err error) error {
	if apierr.As(err) == nil || x.wrongKeys.Allow(x.r) {
		return err
	}
	x.unlogged = true
	return &apierr.Error{Status: http.StatusTooManyRequests, Type: apierr.TypeInvalid, Code: "rate_limit", Early: true,
		Message: "Too many requests with API keys that are not valid came from your IP address within a minute. Check your key in the Dashboard, and try again later."}
}

// fromBrowser reports whether the request came with a publishable key.
func (x *exchange) fromBrowser() bool { return x.grant.Key.Kind == access.PublishableKey }

// secretOf takes the key out of an Authorization header: the user name of Basic, whose password is ignored, or what
// follows Bearer. It is empty if there is none.
func secretOf(header string) string {
	if len(header) > maxCredentials {
		return ""
	}
	scheme, credentials, _ := strings.Cut(header, " ")
	credentials = strings.TrimSpace(credentials)
	switch {
	case strings.EqualFold(scheme, "Bearer"):
		return credentials
	case strings.EqualFold(scheme, "Basic"):
		return userName(credentials)
	}
	return ""
}

// userName decodes what is before the first colon of Basic credentials.
func userName(credentials string) string {
	var buffer [maxCredentials]byte
	n, err := base64.StdEncoding.Decode(buffer[:], []byte(credentials))
	if err != nil {
		return ""
	}
	user, _, _ := strings.Cut(string(buffer[:n]), ":")
	return user
}
