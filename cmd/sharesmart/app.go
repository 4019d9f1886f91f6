package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"sharesmart/internal/access"
	"sharesmart/internal/audit"
	"sharesmart/internal/billing"
	"sharesmart/internal/clock"
	"sharesmart/internal/live"
	"sharesmart/internal/mail"
	"sharesmart/internal/member"
	"sharesmart/internal/people"
	"sharesmart/internal/requestlog"
	"sharesmart/internal/resource"
	"sharesmart/internal/store"
	"sharesmart/internal/store/sqlite"
	"sharesmart/internal/web/docs"
	"sharesmart/internal/webhook"
)

// app is an open database with all that works on it. One process has it at a time.
type app struct {
	store    store.Store
	registry *access.Registry
	engine   *resource.Engine
	mailer   *mail.Mailer
	webhooks *webhook.Sender
	desk     *member.Desk
	people   *people.Registry
	live     *live.Service
	unlock   func()
	broken   chan error // why nothing can be written any more
}

// openApp opens the database of a configuration, and makes it when it is not there.
func openApp(c *Config, baseURL string) (*app, error) {
	path, err := databasePath(c.Data, c.Database)
	if err != nil {
		return nil, err
	}
	if path != inMemory {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, fmt.Errorf("make the data directory: %w", err)
		}
	}
	unlock, err := lock(path)
	if err != nil {
		return nil, err
	}
	if err := private(path); err != nil {
		unlock()
		return nil, err
	}
	fees, err := c.fees()
	if err != nil {
		unlock()
		return nil, err
	}
	mailer, err := c.mailer()
	if err != nil {
		unlock()
		return nil, err
	}
	desk := &member.Desk{Mail: mailer}
	webhooks, err := c.webhooks(mailer)
	if err != nil {
		unlock()
		return nil, err
	}
	watched := &live.Service{Clock: clock.Wall{}}
	rules := append(slices.Concat(billing.Rules(), desk.Rules(), docs.Rules(), webhooks.Rules()), mailer.Rules(), watched.Rules())
	unversioned := slices.Concat(resource.Unversioned(rules), access.Unversioned, people.Unversioned, audit.Unversioned)
	broken := make(chan error, 1)
	s, err := sqlite.Open(path, store.Options{
		Terms: resource.Terms(rules), LogTerms: requestlog.Terms, Cold: resource.Cold, Unversioned: unversioned,
		Broken: func(why error) { broken <- why },
	})
	if err != nil {
		unlock()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	a := &app{
		store: s, mailer: mailer, webhooks: webhooks, desk: desk, live: watched, unlock: unlock, broken: broken,
		registry: access.NewRegistry(s, clock.Wall{}, access.Options{AnyKey: c.Mock}),
	}
	a.engine, err = resource.New(s, a.registry, clock.Wall{}, rules, resource.Options{Mock: c.Mock, BaseURL: baseURL, Fees: fees})
	if err != nil {
		return nil, errors.Join(err, a.close())
	}
	if err := a.engine.BuildFigures(context.Background()); err != nil {
		return nil, errors.Join(err, a.close())
	}
	webhooks.Follow(a.engine)
	watched.Engine, watched.Registry = a.engine, a.registry
	a.people = people.New(people.Options{Store: s, Clock: clock.Wall{}, Access: a.registry, Engine: a.engine, Mail: mailer, BaseURL: baseURL})
	return a, nil
}

// private makes the database's file where there is none yet: what is in it is for nobody else on the machine, whatever the
// directory allows. SQLite gives its other files the same mode.
func private(path string) error {
	if path == inMemory {
		return nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("make the database: %w", err)
	}
	return f.Close()
}

// close writes what is not written yet and lets go of the database.
func (a *app) close() error {
	err := a.store.Close()
	a.unlock()
	return err
}

// firstStart makes what a new database needs: the default account. It is nil when there is one already.
func (a *app) firstStart(ctx context.Context, demo bool) (*access.Account, error) {
	if demo {
		return nil, a.demo(ctx)
	}
	id, err := a.registry.DefaultAccount(ctx)
	if err != nil || id != "" {
		return nil, err
	}
	return a.registry.CreateAccount(ctx, "")
}
