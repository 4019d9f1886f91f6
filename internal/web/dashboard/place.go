package dashboard

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"sharesmart/internal/access"
)

// place is where in the business a page is: the account and the mode of its address.
type place struct {
	account string // empty is the one that the person is in
	env     string
}

type placeKey struct{}

// placeOf takes the place out of an address, so that pages have the same patterns in every one. to is where the page is
// really, if the address lacks a slash.
func placeOf(r *http.Request) (_ *http.Request, to string) {
	p, rest := place{env: access.Live}, strings.TrimPrefix(r.URL.Path, Path)
	if first, after := cut(rest); strings.HasPrefix(first, "acct_") {
		p.account, rest = first, after
	}
	if first, after := cut(rest); first == access.Test || strings.HasPrefix(first, "sbx_") {
		p.env, rest = first, after
	}
	if rest == "" {
		return r, r.URL.Path + "/"
	}
	u := *r.URL
	u.Path, u.RawPath = rest, ""
	r2 := r.WithContext(context.WithValue(r.Context(), placeKey{}, p))
	r2.URL = &u
	return r2, ""
}

// cut splits a path behind its first part: "/test/keys" is "test" and "/keys".
func cut(path string) (first, rest string) {
	first, rest, deeper := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if deeper {
		rest = "/" + rest
	}
	return first, rest
}

// prefix is what the addresses of the place's pages begin with.
func (p place) prefix() string {
	s := Path
	if p.account != "" {
		s += "/" + p.account
	}
	if p.env != access.Live {
		s += "/" + p.env
	}
	return s
}

// local is a path of this server's Dashboard that somebody wants to go on to; empty if it is another's.
func local(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || !strings.HasPrefix(to, Path+"/") || strings.Contains(u.Path, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return ""
	}
	return to
}
