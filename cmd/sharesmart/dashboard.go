package main

import (
	"context"
	"log/slog"
	"net/http"

	"sharesmart/internal/billing"
	"sharesmart/internal/clock"
	"sharesmart/internal/people"
	"sharesmart/internal/web/checkout"
	"sharesmart/internal/web/dashboard"
)

// houseAccount is the account that this server is for.
func (a *app) houseAccount(ctx context.Context, c *Config) (string, error) {
	if c.Demo {
		return billing.DemoAccount, nil
	}
	return a.registry.DefaultAccount(ctx)
}

// dashboard adds the pages on which the business is run, and finds the link that makes the first owner; empty if there is
// one. In test mode of a demo everybody may look around, as everybody has its key; and at a stand-in whoever is at the
// machine may do all that any key can.
func (a *app) dashboard(ctx context.Context, c *Config, baseURL string, log *slog.Logger, pages map[string]http.Handler) (shown *dashboard.Pages, setUp string, err error) {
	account, err := a.houseAccount(ctx, c)
	if err != nil {
		return nil, "", err
	}
	o := dashboard.Options{
		Engine: a.engine, Registry: a.registry, People: a.people, Store: a.store, Log: log, Clock: clock.Wall{}, BaseURL: baseURL, Account: account, Stopped: ctx.Done(),
		Mail: a.mailer, SecondFactor: c.SecondFactor, ClientID: billing.ClientID, Redirects: billing.Redirects, SetRedirects: billing.SetRedirects,
	}
	if hosted, ok := pages[checkout.HostedPrefix].(*checkout.Hosted); ok {
		o.Checkout = hosted.Preview
	}
	switch {
	case c.Mock:
		o.Guest, o.GuestNear = people.Developer, true
	case c.Demo:
		o.Guest, o.Readers = people.Viewer, billing.ReadersAccount
	}
	shown = dashboard.New(o)
	for _, path := range dashboard.Paths {
		pages[path] = shown
	}
	if c.Mock {
		return shown, "", nil
	}
	token, err := a.people.SetUpToken(ctx, account)
	if token == "" || err != nil {
		return shown, "", err
	}
	return shown, a.people.SetUpLink(token), nil
}
