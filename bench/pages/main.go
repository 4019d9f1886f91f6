// Command pages measures how soon the Dashboard's pages are there when there is a lot to show: it fills a database with
// objects and requests, straight through the store, and opens each page many times, as its owner.
//
//	go run ./bench/pages -dir /tmp/pages -members 100000 -requests 1000000
//
// A member is some twenty objects: a customer with a subscription, what they paid, and the events of it. Beside them are a
// customer with a tenth as many payments and invoices, a test clock with a hundredth as many customers, an extension with as
// many browsers, and an audit log with as many entries. A database that is there is used again.
//
// It fails if a page of the Dashboard is not among those that are opened, and, after all were, if one of them took longer than
// -most at the 95th percentile.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	netmail "net/mail"
	"os"
	"path/filepath"
	"slices"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/clock"
	"sharesmart/internal/mail"
	"sharesmart/internal/member"
	"sharesmart/internal/outbound"
	"sharesmart/internal/people"
	"sharesmart/internal/requestlog"
	"sharesmart/internal/resource"
	"sharesmart/internal/server"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
	"sharesmart/internal/store/sqlite"
	"sharesmart/internal/web/dashboard"
	"sharesmart/internal/web/dashboard/explorer"
	"sharesmart/internal/web/docs"
	"sharesmart/internal/web/docs/reference"
	"sharesmart/internal/webhook"
)

// options are what the command is told.
type options struct {
	dir                      string
	members, requests, times int
	most                     time.Duration
	worked                   bool
	only                     string
}

func main() {
	var o options
	flag.StringVar(&o.dir, "dir", "", "where the database is or is to be")
	flag.IntVar(&o.members, "members", 100_000, "how many members there are")
	flag.IntVar(&o.requests, "requests", 1_000_000, "how many requests are in the log")
	flag.IntVar(&o.times, "times", 60, "how often each page is opened")
	flag.DurationVar(&o.most, "most", 100*time.Millisecond, "how long a page may take at the 95th percentile")
	flag.BoolVar(&o.worked, "worked", false, "judge by processor time, on a machine that is busy with other work")
	flag.StringVar(&o.only, "only", "", "open only pages whose name has this in it")
	flag.Parse()
	if err := run(context.Background(), o); err != nil {
		fmt.Fprintf(os.Stderr, "pages: %v\n", err)
		os.Exit(1)
	}
}

// world is a server over the database, and its Dashboard.
type world struct {
	store    *sqlite.DB
	engine   *resource.Engine
	registry *access.Registry
	people   *people.Registry
	ns       *access.Namespace
	pages    *dashboard.Pages
	docs     *reference.Catalog
	kinds    *explorer.Catalog
	named    named
	scenes   int // that were played
}

// named are the ids of what pages are opened of. They are kept beside the database.
type named struct {
	Price, Heavy, Subscription, Invoice, CreditNote, Order, ByHand, Clock, Extension, Sandbox string

	Customers, Endpoints []string
}

func run(ctx context.Context, o options) error {
	if o.dir == "" {
		return fmt.Errorf("-dir says where the database is or is to be")
	}
	if err := os.MkdirAll(o.dir, 0o700); err != nil {
		return err
	}
	w, err := open(ctx, filepath.Join(o.dir, "pages.db"))
	if err != nil {
		return err
	}
	defer func() { _ = w.store.Close() }()
	if err := w.prepare(ctx, filepath.Join(o.dir, "named.json"), o); err != nil {
		return err
	}
	return w.measure(ctx, o)
}

// prepare fills a database that is not filled yet.
func (w *world) prepare(ctx context.Context, path string, o options) error {
	text, err := os.ReadFile(path)
	if err == nil {
		return json.Unmarshal(text, &w.named)
	}
	if !os.IsNotExist(err) {
		return err
	}
	if err := w.fill(ctx, o.members, o.requests); err != nil {
		return err
	}
	if err := w.engine.BuildFigures(ctx); err != nil {
		return err
	}
	if text, err = json.Marshal(w.named); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}

func open(ctx context.Context, path string) (*world, error) {
	log := slog.Default()
	mailer := mail.New(mail.Options{From: netmail.Address{Address: "no-reply@localhost"}, Server: &mail.Server{}})
	webhooks := webhook.New(webhook.Options{Clock: clock.Wall{}, Test: outbound.Policy{Loopback: true}})
	rules := append(slices.Concat(billing.Rules(), (&member.Desk{Mail: mailer}).Rules(), docs.Rules(), webhooks.Rules()), mailer.Rules())
	w := &world{}
	link := &resource.Link{}
	var err error
	w.store, err = sqlite.Open(path, link.Options(store.Options{
		Terms: resource.Terms(rules), LogTerms: requestlog.Terms, LogCounts: requestlog.Counts, Cold: resource.Cold, Unversioned: resource.Unversioned(rules), Model: resource.Model, NoSync: true,
	}))
	if err != nil {
		return nil, err
	}
	w.registry = access.NewRegistry(w.store, clock.Wall{}, access.Options{})
	if w.engine, err = resource.New(w.store, w.registry, clock.Wall{}, rules, resource.Options{BaseURL: "https://localhost"}); err != nil {
		return nil, err
	}
	link.To(w.engine)
	webhooks.Follow(w.engine)
	account, err := w.registry.DefaultAccount(ctx)
	if err != nil {
		return nil, err
	}
	if account == "" {
		made, err := w.registry.CreateAccount(ctx, "")
		if err != nil {
			return nil, err
		}
		account = made.ID
	}
	if w.ns, err = w.registry.Namespace(account, access.Test); err != nil {
		return nil, err
	}
	mailer.Account = account
	served := func(op *spec.Operation) bool { return w.engine.Origin(op) != resource.OriginUnsupported }
	w.docs = reference.NewCatalog(served)
	w.kinds = explorer.New(w.docs, served)
	w.people = people.New(people.Options{Store: w.store, Clock: clock.Wall{}, Access: w.registry, Engine: w.engine, BaseURL: "https://localhost"})
	w.pages = dashboard.New(dashboard.Options{
		Engine: w.engine, Registry: w.registry, People: w.people, Store: w.store, Log: log, Clock: clock.Wall{}, BaseURL: "https://localhost", Account: account, Mail: mailer,
		API:      server.New(server.Options{Engine: w.engine, Registry: w.registry, Store: w.store, Clock: clock.Wall{}, BaseURL: "https://localhost", Log: log}),
		ClientID: billing.ClientID,
	})
	return w, nil
}

// keys are those of the account's test mode.
func (w *world) keys() ([]*access.Key, error) {
	return w.registry.ListKeys(context.Background(), w.ns.Account, access.Test)
}
