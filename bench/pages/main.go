// Command pages measures how soon the Dashboard's pages are there when there is a lot to show: it fills a database with
// objects and requests, straight through the store, and opens each page many times.
//
//	go run ./bench/pages -dir /tmp/pages -members 100000 -requests 1000000
//
// A member is a dozen objects: a customer with a subscription, what they paid, and the events of it. A database that is
// there is used again.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/clock"
	"sharesmart/internal/people"
	"sharesmart/internal/requestlog"
	"sharesmart/internal/resource"
	"sharesmart/internal/store"
	"sharesmart/internal/store/sqlite"
	"sharesmart/internal/web/dashboard"
)

func main() {
	dir := flag.String("dir", "", "where the database is or is to be")
	members := flag.Int("members", 100_000, "how many members there are")
	requests := flag.Int("requests", 1_000_000, "how many requests are in the log")
	times := flag.Int("times", 60, "how often each page is opened")
	flag.Parse()
	if err := run(context.Background(), *dir, *members, *requests, *times); err != nil {
		fmt.Fprintf(os.Stderr, "pages: %v\n", err)
		os.Exit(1)
	}
}

// world is an engine over the database, and its Dashboard.
type world struct {
	store    *sqlite.DB
	engine   *resource.Engine
	registry *access.Registry
	ns       *access.Namespace
	pages    *dashboard.Pages
}

func run(ctx context.Context, dir string, members, requests, times int) error {
	if dir == "" {
		return fmt.Errorf("-dir says where the database is or is to be")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	path := filepath.Join(dir, "pages.db")
	_, err := os.Stat(path)
	fresh := os.IsNotExist(err)
	w, err := open(ctx, path)
	if err != nil {
		return err
	}
	defer func() { _ = w.store.Close() }()
	if fresh {
		if err := w.fill(ctx, members, requests); err != nil {
			return err
		}
	}
	if err := w.engine.BuildFigures(ctx); err != nil {
		return err
	}
	return w.measure(times)
}

func open(ctx context.Context, path string) (*world, error) {
	rules := billing.Rules()
	w := &world{}
	var err error
	w.store, err = sqlite.Open(path, store.Options{Terms: resource.Terms(rules), LogTerms: requestlog.Terms, Cold: resource.Cold, Unversioned: resource.Unversioned(rules), NoSync: true})
	if err != nil {
		return nil, err
	}
	w.registry = access.NewRegistry(w.store, clock.Wall{}, access.Options{})
	if w.engine, err = resource.New(w.store, w.registry, clock.Wall{}, rules, resource.Options{BaseURL: "https://localhost"}); err != nil {
		return nil, err
	}
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
	w.pages = dashboard.New(dashboard.Options{
		Engine: w.engine, Registry: w.registry, People: people.New(people.Options{Store: w.store, Clock: clock.Wall{}, Access: w.registry, Engine: w.engine, BaseURL: "https://localhost"}), Store: w.store, Log: slog.Default(), Clock: clock.Wall{},
		BaseURL: "https://localhost", Account: account, Guest: people.Developer, ClientID: billing.ClientID,
	})
	return w, nil
}
