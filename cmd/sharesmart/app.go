package main

import (
	"context"
	"errors"
	"slices"

	"sharesmart/internal/access"
	"sharesmart/internal/audit"
	"sharesmart/internal/backup"
	"sharesmart/internal/billing"
	"sharesmart/internal/clock"
	"sharesmart/internal/live"
	"sharesmart/internal/mail"
	"sharesmart/internal/member"
	"sharesmart/internal/people"
	"sharesmart/internal/requestlog"
	"sharesmart/internal/resource"
	"sharesmart/internal/store"
	"sharesmart/internal/web/docs"
	"sharesmart/internal/webhook"
)

// app is an open database with all that works on it. One process has it at a time, unless it is in PostgreSQL.
type app struct {
	store    store.Store
	registry *access.Registry
	engine   *resource.Engine
	mailer   *mail.Mailer
	webhooks *webhook.Sender
	desk     *member.Desk
	people   *people.Registry
	live     *live.Service
	shipper  *backup.Shipper // nil if no copy is kept elsewhere
	observed *observed       // nil in what is no server
	unlock   func()
	broken   chan error // why nothing can be written any more
}

// rulesOf are the rules of all that is kept.
func rulesOf(desk *member.Desk, webhooks *webhook.Sender, mailer *mail.Mailer, watched *live.Service) []resource.Rules {
	return append(slices.Concat(billing.Rules(), desk.Rules(), docs.Rules(), webhooks.Rules()), mailer.Rules(), watched.Rules())
}

// storeOptions are what a store must know of what is kept in it.
func storeOptions(rules []resource.Rules) store.Options {
	unversioned := slices.Concat(resource.Unversioned(rules), access.Unversioned, people.Unversioned, audit.Unversioned)
	return store.Options{Terms: resource.Terms(rules), LogTerms: requestlog.Terms, LogCounts: requestlog.Counts, Cold: resource.Cold, Unversioned: unversioned, Model: resource.Model}
}

// openApp opens the database of a configuration, and makes it when it is not there.
func openApp(c *Config, baseURL string) (*app, error) {
	path, err := databasePath(c.Data, c.Database)
	if err != nil {
		return nil, err
	}
	fees, err := c.fees()
	if err != nil {
		return nil, err
	}
	mailer, err := c.mailer()
	if err != nil {
		return nil, err
	}
	desk := &member.Desk{Mail: mailer}
	webhooks, err := c.webhooks(mailer)
	if err != nil {
		return nil, err
	}
	watched := &live.Service{Clock: clock.Wall{}}
	rules := rulesOf(desk, webhooks, mailer, watched)
	broken := make(chan error, 1)
	link := &resource.Link{}
	options := storeOptions(rules)
	options.Broken, options.Committed = func(why error) { broken <- why }, c.observed.committed()
	s, unlock, err := openDatabase(c.Data, path, link.Options(options))
	if err != nil {
		return nil, err
	}
	a := &app{
		store: s, mailer: mailer, webhooks: webhooks, desk: desk, live: watched, observed: c.observed, unlock: unlock, broken: broken,
		registry: access.NewRegistry(s, clock.Wall{}, access.Options{AnyKey: c.Mock}),
	}
	processors, err := a.processor(c)
	if err != nil {
		return nil, errors.Join(err, a.close())
	}
	a.engine, err = resource.New(c.observed.store(s), a.registry, clock.Wall{}, rules, resource.Options{
		Mock: c.Mock, BaseURL: baseURL, Fees: fees, Processor: processors, Retention: c.Retention,
	})
	if err != nil {
		return nil, errors.Join(err, a.close())
	}
	link.To(a.engine)
	if err := a.alone(context.Background(), func() error { return a.engine.BuildFigures(context.Background()) }); err != nil {
		return nil, errors.Join(err, a.close())
	}
	webhooks.Follow(a.engine)
	watched.Engine, watched.Registry = a.engine, a.registry
	a.people = people.New(people.Options{Store: s, Clock: clock.Wall{}, Access: a.registry, Engine: a.engine, Mail: mailer, BaseURL: baseURL})
	return a, nil
}

// close writes what is not written yet and lets go of the database.
func (a *app) close() error {
	err := errors.Join(a.store.Close(), a.shipRest())
	a.unlock()
	return err
}

// firstStart makes what a new database needs: the default account. It is nil when there is one already.
func (a *app) firstStart(ctx context.Context, demo bool) (made *access.Account, err error) {
	err = a.alone(ctx, func() error {
		if demo {
			return a.demo(ctx)
		}
		id, err := a.registry.DefaultAccount(ctx)
		if err != nil || id != "" {
			return err
		}
		made, err = a.registry.CreateAccount(ctx, "")
		return err
	})
	return made, err
}
