package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/clock"
	"sharesmart/internal/processor"
	"sharesmart/internal/processor/stripe"
	"sharesmart/internal/store"
	"sharesmart/internal/web/hooks"
)

// LiveConfig is who moves real money. Each key is that of the account that the server is for, or several as
// acct_1=KEY,acct_2=KEY. Nothing writes them to a log.
type LiveConfig struct {
	Key, Publishable, Webhook string
	URL                       string // of Stripe's API
	Members                   bool   // the members' site takes real money
}

func liveFlags(f *flag.FlagSet, c *LiveConfig) {
	f.StringVar(&c.Key, "stripe-key", "", "secret `key` of your Stripe account, which moves the money of live mode; acct_1=KEY,acct_2=KEY for several accounts")
	f.StringVar(&c.Publishable, "stripe-publishable-key", "", "publishable `key` of it, for the fields in which customers type their cards")
	f.StringVar(&c.Webhook, "stripe-webhook-secret", "", "`secret` of the webhook endpoint at Stripe that calls URL"+hooks.Prefix)
	f.StringVar(&c.URL, "stripe-url", "", "`url` of Stripe's API, for tests against another ShareSmart; Stripe's own if not set")
	f.BoolVar(&c.Members, "live", false, "let the members' site take real money; it is in test mode if not set")
}

// processors are the processors by account; that of the account that the server is for is under the empty name.
func (c *LiveConfig) processors() (map[string]*stripe.Processor, error) {
	secrets, err := byAccount("--stripe-key", c.Key)
	if err != nil {
		return nil, err
	}
	publishable, err := byAccount("--stripe-publishable-key", c.Publishable)
	if err != nil {
		return nil, err
	}
	webhooks, err := byAccount("--stripe-webhook-secret", c.Webhook)
	if err != nil {
		return nil, err
	}
	for _, given := range []map[string]string{publishable, webhooks} {
		for account := range given {
			if secrets[account] == "" {
				return nil, errors.New("--stripe-key is missing: the other keys of Stripe do nothing without it")
			}
		}
	}
	all := map[string]*stripe.Processor{}
	for _, account := range slices.Sorted(maps.Keys(secrets)) {
		o := stripe.Options{Secret: secrets[account], Publishable: publishable[account], Webhook: webhooks[account], URL: c.URL}
		if err := o.Check(); err != nil {
			return nil, fmt.Errorf("--stripe-key, --stripe-publishable-key, --stripe-url: %w", err)
		}
		all[account] = stripe.New(o)
	}
	return all, nil
}

// lacks says what a server that takes real money cannot do with what it was given.
func (c *LiveConfig) lacks() []string {
	var out []string
	if c.Members && c.Key == "" {
		out = append(out, "live mode takes no cards, and payments by hand alone: --stripe-key is not set")
	}
	if c.Key != "" && c.Webhook == "" {
		out = append(out, "what happens at Stripe is seen up to ten minutes late: --stripe-webhook-secret is not set")
	}
	return out
}

// byAccount reads a key, or several with their accounts. What is wrong is said without the keys.
func byAccount(name, text string) (map[string]string, error) {
	if !strings.Contains(text, "=") {
		if text == "" {
			return nil, nil
		}
		return map[string]string{"": text}, nil
	}
	out := map[string]string{}
	for part := range strings.SplitSeq(text, ",") {
		account, key, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok || key == "" || !strings.HasPrefix(account, "acct_") || out[account] != "" {
			return nil, fmt.Errorf("%s names several accounts: write acct_1=KEY,acct_2=KEY, each account once", name)
		}
		out[account] = key
	}
	return out, nil
}

// processor chooses who moves the money of an account.
func (a *app) processor(c *Config) (func(account string) processor.Remote, error) {
	all, err := c.Live.processors()
	if len(all) == 0 || err != nil {
		return nil, err
	}
	return func(account string) processor.Remote {
		if p := all[account]; p != nil {
			return p
		}
		p := all[""]
		if p == nil {
			return nil
		}
		if house, err := a.houseAccount(context.Background(), c); err != nil || house != account {
			return nil
		}
		return p
	}, nil
}

// accounts are those with a processor of their own.
func (c *LiveConfig) accounts() []string {
	all, _ := c.processors()
	return slices.Sorted(maps.Keys(all))
}

// liveNamespace is the live mode of an account; the empty name is the account that the server is for.
func (a *app) liveNamespace(ctx context.Context, c *Config, account string) (*access.Namespace, error) {
	if account == "" {
		var err error
		if account, err = a.houseAccount(ctx, c); err != nil {
			return nil, err
		}
	} else if !slices.Contains(c.Live.accounts(), account) {
		return nil, store.ErrNotFound
	}
	return a.registry.Namespace(account, access.Live)
}

// hooks adds the address at which processors tell what has happened.
func (a *app) hooks(c *Config, log *slog.Logger, pages map[string]http.Handler) {
	h := hooks.New(hooks.Options{
		Engine: a.engine, Log: log, Noticed: billing.Noticed,
		Namespace: func(ctx context.Context, account string) (*access.Namespace, error) {
			return a.liveNamespace(ctx, c, account)
		},
	})
	pages[hooks.Prefix], pages[hooks.Prefix+"/"] = h, h
}

// reconcile looks now and then for what webhooks have missed, until ctx ends.
func (a *app) reconcile(ctx context.Context, c *Config, log *slog.Logger) {
	accounts := c.Live.accounts()
	if len(accounts) == 0 {
		return
	}
	r := &billing.Reconciler{Engine: a.engine}
	tick := time.NewTicker(billing.ReconcileEvery)
	defer tick.Stop()
	for {
		for _, account := range accounts {
			ns, err := a.liveNamespace(ctx, c, account)
			if err == nil {
				err = r.Reconcile(ctx, ns, clock.Wall{}.Now())
			}
			if err != nil && ctx.Err() == nil {
				log.Warn("the processor was not asked what has happened", "account", account, "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
