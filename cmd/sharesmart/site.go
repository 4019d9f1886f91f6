package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"sharesmart/extension"
	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/clock"
	"sharesmart/internal/web/dashboard"
	"sharesmart/internal/web/docs"
	"sharesmart/internal/web/docs/try"
	"sharesmart/internal/web/site"
)

// house is where the members of the account that this server is for are: in test mode, unless the site is to take real money.
func (a *app) house(ctx context.Context, c *Config) (*access.Namespace, error) {
	account, err := a.houseAccount(ctx, c)
	if err != nil {
		return nil, err
	}
	env := access.Test
	if c.Live.Members {
		env = access.Live
	}
	ns, err := a.registry.Namespace(account, env)
	if err != nil {
		return nil, fmt.Errorf("the site's account: %w", err)
	}
	return ns, nil
}

// readable adds the pages that are there to be read by everybody: those of members, and the documentation.
func (a *app) readable(ctx context.Context, c *Config, baseURL string, log *slog.Logger, office *dashboard.Pages, pages map[string]http.Handler) (*site.Pages, *docs.Pages, error) {
	ns, err := a.house(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	members, err := a.site(ctx, ns, baseURL, log)
	if err != nil {
		return nil, nil, err
	}
	for _, path := range members.Paths() {
		pages[path] = members
	}
	manual := docs.New(docs.Options{Engine: a.engine, Log: log, Clock: clock.Wall{}, Namespace: ns, BaseURL: baseURL, Sandboxes: a.sandboxes(c, office)})
	for _, path := range docs.Paths {
		pages[path] = manual
	}
	return members, manual, nil
}

// sandboxes are where readers of the documentation try its calls: who is signed in to the Dashboard in one of their account,
// and on a server that shows the demo everybody else in one of the readers' account.
func (a *app) sandboxes(c *Config, office *dashboard.Pages) *try.Sandboxes {
	o := try.Options{
		Registry: a.registry, Clock: clock.Wall{},
		Account: office.Developer,
		Seed:    func(ctx context.Context, ns *access.Namespace) error { return billing.SeedSamples(ctx, a.engine, ns) },
	}
	if c.Demo {
		o.Account = func(r *http.Request) string { return cmp.Or(office.Developer(r), billing.ReadersAccount) }
	}
	return try.New(o)
}

// site is the members' pages.
func (a *app) site(ctx context.Context, ns *access.Namespace, baseURL string, log *slog.Logger) (*site.Pages, error) {
	key, err := a.publishableKey(ctx, ns)
	if err != nil {
		return nil, err
	}
	return site.New(site.Options{Engine: a.engine, Desk: a.desk, Log: log, Clock: clock.Wall{}, Namespace: ns, BaseURL: baseURL, PublishableKey: key, Pack: packExtension}), nil
}

// packExtension writes what people download for their kind of browser.
func packExtension(w io.Writer, browser string, c site.PackConfig) error {
	config := extension.Config{Server: c.Server, PublishableKey: c.PublishableKey, Extension: c.Extension, Name: c.Name}
	if err := json.Unmarshal(c.Keys, &config.Keys); err != nil {
		return fmt.Errorf("the extension's keys: %w", err)
	}
	switch browser {
	case "firefox":
		return extension.PackFirefox(w, config)
	case "sample":
		return extension.PackSample(w, config)
	}
	return extension.Pack(w, config)
}

// publishableKey is one of an account's that counts.
func (a *app) publishableKey(ctx context.Context, ns *access.Namespace) (string, error) {
	keys, err := a.registry.ListKeys(ctx, ns.Account, ns.Env)
	if err != nil {
		return "", err
	}
	now := clock.Wall{}.Now().Unix()
	for _, k := range keys {
		if k.Kind == access.PublishableKey && (k.Expires == 0 || k.Expires > now) {
			return k.Value, nil
		}
	}
	return "", nil
}
