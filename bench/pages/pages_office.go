package main

import (
	"context"

	"sharesmart/internal/people"
	"sharesmart/internal/store"
)

func (w *world) keyPages() ([]page, error) {
	keys, err := w.keys()
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, k := range keys {
		ids = append(ids, k.ID)
	}
	return []page{
		{pattern: "GET /keys", name: "keys", path: each("/keys")}, {pattern: "GET /keys/{id}", name: "key", path: of("/keys/", ids)}, {pattern: "GET /keys/new", name: "a new key", path: each("/keys/new")},
		{pattern: "GET /keys/new", name: "a key like another", path: each("/keys/new?days=30&like=" + keys[0].ID)}, {pattern: "GET /keys", name: "keys, live", path: each("/keys"), live: true},
		{pattern: "GET /sandboxes", name: "sandboxes", path: each("/sandboxes")}, {pattern: "GET /sandboxes/new", name: "a new sandbox", path: each("/sandboxes/new")},
		{pattern: "GET /sandboxes/{id}", name: "sandbox", path: each("/sandboxes/" + w.named.Sandbox)},
	}, nil
}

func (w *world) otherPages() (all []page, err error) {
	invited, err := w.people.Invite(context.Background(), w.ns.Account, "guest@example.com", people.Viewer)
	if err != nil {
		return nil, err
	}
	reset, err := w.people.ResetToken(context.Background(), "colleague.1@example.com")
	if err != nil {
		return nil, err
	}
	for _, endpoint := range []struct{ name, id string }{{"webhook with many deliveries", w.named.Endpoints[endpoints-2]}, {"webhook that refuses many", w.named.Endpoints[endpoints-1]}} {
		found, err := w.store.List(store.Query{NS: w.ns.NS, Kind: "webhook_delivery", Limit: 60, Where: []store.Cond{{Field: "webhook_endpoint", Values: []string{endpoint.id}}}})
		if err != nil {
			return nil, err
		}
		var ids []string
		for _, d := range found.Docs {
			ids = append(ids, d.ID)
		}
		path := "/webhooks/" + endpoint.id
		all = append(all, page{pattern: "GET /webhooks/{endpoint}/deliveries/{delivery}", name: endpoint.name + ", a delivery", path: of(path+"/deliveries/", ids)}, page{pattern: "GET /webhooks/{endpoint}", name: endpoint.name, path: each(path)})
		for _, status := range []string{"delivered", "failed", "pending", "canceled"} {
			all = append(all, page{pattern: "GET /webhooks/{endpoint}", name: endpoint.name + ", " + status, path: each(path + "?status=" + status)})
		}
	}
	for _, p := range []struct{ pattern, name, path string }{
		{"GET /{$}", "home", "/"}, {"GET /business", "business", "/business"}, {"GET /business", "business, 30 days", "/business?span=30d"}, {"GET /business", "business, 3 years", "/business?span=36m"},
		{"GET /feedback", "docs feedback", "/feedback"}, {"GET /clocks/{id}", "a clock with many customers", "/clocks/" + w.named.Clock}, {"GET /webhooks", "webhooks", "/webhooks"},
		{"GET /extensions", "plans and extensions", "/extensions"}, {"GET /extensions/{extension}", "extension", "/extensions/" + w.named.Extension},
		{"GET /branding", "branding", "/branding"}, {"GET /branding/preview/{page}", "branding, preview of mail", "/branding/preview/mail"}, {"GET /mail-texts", "mail texts", "/mail-texts"},
		{"GET /mail-texts/{text}", "mail text", "/mail-texts/receipt"}, {"GET /mail-texts/{text}/preview", "mail text, preview", "/mail-texts/receipt/preview"},
		{"GET /manual-payments", "payments by hand", "/manual-payments"}, {"GET /manual-payments/{invoice}", "payment by hand", "/manual-payments/" + w.named.ByHand}, {"GET /ways-to-pay", "ways to pay", "/ways-to-pay"},
		{"GET /people", "people", "/people"}, {"GET /profile", "profile", "/profile"}, {"GET /profile/totp", "authenticator app", "/profile/totp"}, {"GET /prove", "prove", "/prove"},
		{"GET /sign-in", "sign in", "/sign-in"}, {"GET /reset", "a new password", "/reset"}, {"GET /join", "join", "/join?token=" + invited}, {"GET /reset/new", "choose a password", "/reset/new?token=" + reset},
		{"GET /audit", "audit log", "/audit"}, {"GET /audit", "audit log, an actor", "/audit?actor=usr_7"}, {"GET /audit", "audit log, an action", "/audit?action=key.rolled"}, {"GET /audit", "audit log, a subject", "/audit?subject=key_77"},
		{"GET /audit", "audit log, nothing", "/audit?actor=usr_none"}, {"GET /audit", "audit log, two together", "/audit?actor=usr_7&action=key.rolled&subject=key_7"},
		{"GET /search", "search", "/search?q=jenny.777"}, {"GET /search.json", "palette", "/search.json?q=jenny.777"}, {"GET /search.json", "palette, empty", "/search.json?q="},
		{"GET /search.json", "palette, a sandbox", "/search.json?q=try+299"}, {"GET /search.json", "palette, an address", "/search.json?q=77.jenny.rosen@example.com"}, {"GET /search.json", "palette, unknown id", "/search.json?q=cus_nothinghere99"},
	} {
		all = append(all, page{pattern: p.pattern, name: p.name, path: each(p.path)})
	}
	return append(all, page{pattern: "GET /audit.csv", name: "audit log, export", path: each("/audit.csv"), stream: true}, page{pattern: "GET /search.json", name: "palette, id", path: of("/search.json?q=", w.named.Customers)}), nil
}
