package reference

import (
	"regexp"
	"strings"
)

// Links of the document lead to Stripe's documentation. Where ours has the same, they lead there.

var (
	stripes = regexp.MustCompile(`^(?:https://(?:docs\.|api\.)?stripe\.com)?/?(?:docs/)?([^#?]*)(?:\?[^#]*)?(?:#(.*))?$`)
	verbsOf = regexp.MustCompile(`^(?:account_)?(?:create|list|update|retrieve|capture)_|_object$`)
)

// topics are our pages of what Stripe explains at an address.
var topics = map[string]string{
	"api/authentication": "/docs/authentication", "api/errors": "/docs/error-handling", "api/expanding_objects": "/docs/get-responses", "api/idempotent_requests": "/docs/post-responses",
	"api/metadata": "/docs/post-responses", "api/pagination": "/docs/pagination", "api/request_ids": "/docs/request-ids", "api/versioning": "/docs/versions", "api": "/docs/api", "api/errors/handling": "/docs/error-handling",
	"billing/testing/test-clocks": "/docs/test-clocks", "error-codes": "/docs/errors", "keys": "/docs/authentication", "testing": "/docs/test-cards", "webhooks": "/docs/webhooks", "upgrades": "/docs/versions",
}

// target is where a link of the document leads: to our page of what Stripe has a page of, else to Stripe's. It is empty
// for what leads nowhere.
func target(c *Catalog, href string) string {
	if m := stripes.FindStringSubmatch(href); m != nil {
		if found := c.ours(strings.Trim(m[1], "/"), m[2]); found != "" {
			return found
		}
	}
	switch {
	case strings.HasPrefix(href, "https://"):
		return href
	case strings.HasPrefix(href, "/"):
		return "https://docs.stripe.com" + strings.TrimPrefix(href, "/docs")
	}
	return ""
}

// ours is our page of what Stripe has at a path; empty for none. The anchors of the page that its reference once was are
// names of objects and operations: invoice_object, create_payment_intent-customer.
func (c *Catalog) ours(path, anchor string) string {
	if page, is := strings.CutPrefix(path, "api/"); is {
		if found := c.pageOfPath(page); found != "" {
			return found
		}
	}
	if anchor != "" && (path == "" || path == "api") {
		name, _, _ := strings.Cut(anchor, "-")
		if r := c.named(verbsOf.ReplaceAllString(name, "")); r != nil {
			return r.Address()
		}
	}
	return topics[path]
}

// named is the page whose path, or the end of it, is a name, in the plural or not; nil for none.
func (c *Catalog) named(name string) *Resource {
	var found *Resource
	for _, r := range c.Resources() {
		slug := strings.ReplaceAll(r.Slug, "/", "_")
		for _, plural := range []string{name, name + "s"} {
			if slug == plural {
				return r
			}
			if found == nil && strings.HasSuffix(slug, "_"+plural) {
				found = r
			}
		}
	}
	return found
}

// pageOfPath finds what Stripe's reference calls invoices/object or payment_intents/create.
func (c *Catalog) pageOfPath(path string) string {
	for _, slug := range []string{path, path + "s"} {
		if r := c.bySlug[slug]; r != nil {
			return r.Address()
		}
	}
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return ""
	}
	r := c.bySlug[path[:i]]
	if r == nil {
		return ""
	}
	for _, op := range r.Operations {
		if op.Slug == path[i+1:] {
			return op.Address()
		}
	}
	return r.Address()
}
