package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/clock"
	"sharesmart/internal/transfer"
)

// stripeAPI is where Stripe's API is.
const stripeAPI = "https://api.stripe.com"

// transferTimeout is how long one page may take.
const transferTimeout = time.Minute

// sourceFlags name a server that is read.
func sourceFlags(f *flag.FlagSet, url string) func() (*transfer.Source, error) {
	key := f.String("key", "", "`key` that may read; better in SHARESMART_KEY, where no list of processes shows it")
	at := f.String("url", url, "`url` of the server that is read")
	ca := f.String("ca", "", "`file` of a certificate authority to trust beside the usual ones")
	return func() (*transfer.Source, error) {
		if *key == "" {
			return nil, errors.New("--key is missing: name a key that may read")
		}
		client := &http.Client{Timeout: transferTimeout}
		if *ca != "" {
			pem, err := os.ReadFile(*ca)
			if err != nil {
				return nil, fmt.Errorf("--ca: %w", err)
			}
			roots, err := x509.SystemCertPool()
			if err != nil {
				return nil, err
			}
			if !roots.AppendCertsFromPEM(pem) {
				return nil, errors.New("--ca: the file holds no certificate")
			}
			client.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
		}
		return &transfer.Source{URL: *at, Key: *key, HTTP: client, Clock: clock.Wall{}}, nil
	}
}

// exportFlags is the command that writes all of an account into files.
func exportFlags(f *flag.FlagSet) func(*call) error {
	source := sourceFlags(f, "https://127.0.0.1:8443")
	dir := f.String("out", "sharesmart-export", "`dir`ectory that the files are written to")
	return func(c *call) error {
		s, err := source()
		if err != nil {
			return err
		}
		err = s.Export(c, *dir, func(n transfer.Count) {
			line := fmt.Sprintf("  %-40s %8d", n.Kind, n.Objects)
			if n.Why != "" {
				line = fmt.Sprintf("  %s left out: %s", n.Kind, n.Why)
			}
			c.stdout.Progress(line, n.Done)
		})
		if err != nil {
			return fmt.Errorf("%w\nWhat is written stays. Run it again to go on", err)
		}
		return nil
	}
}

// importFlags is the command that carries a Stripe account over.
func importFlags(f *flag.FlagSet) func(*call) error {
	c := clientFlags(f)
	source := sourceFlags(f, stripeAPI)
	from := f.String("from", "stripe", "`what` is read; only stripe")
	env := f.String("env", access.Live, "`mode` that it comes to: live or test")
	account := f.String("account", "", "`id` of the account that it comes to; the one that the server is for if not set")
	dry := f.Bool("dry-run", false, "say what would come, and keep nothing")
	return func(call *call) error {
		if *from != "stripe" || *env != access.Live && *env != access.Test {
			return errors.New("--from is stripe, and --env is live or test")
		}
		s, err := source()
		if err != nil {
			return err
		}
		i := &importing{call: call, config: &c.Config, account: *account, env: *env, quiet: c.json, all: map[string]transfer.Outcome{}}
		if err := i.run(s, *dry); err != nil {
			return fmt.Errorf("%w\nWhat has come stays. Run it again to go on", err)
		}
		if c.json {
			return call.stdout.JSON(i.all)
		}
		i.sum()
		return nil
	}
}

// takeIn carries out a batch of an import, or says what of it is there.
func (a *app) takeIn(ctx context.Context, q asked) (got taken, err error) {
	account := q.Account
	if account == "" {
		if account, err = a.registry.DefaultAccount(ctx); err != nil {
			return got, err
		}
	}
	ns, err := a.registry.Known(account, q.Env)
	if err != nil {
		return got, err
	}
	if q.What == askKnown {
		got.There, err = billing.Imported(ctx, a.engine, ns, q.Kind, q.IDs)
		return got, err
	}
	came, err := billing.Import(ctx, a.engine, ns, q.Kind, q.Docs)
	got.Outcome = transfer.Outcome(came)
	return got, err
}

// taken is what became of a batch, or which of some objects are there.
type taken struct {
	transfer.Outcome
	There map[string]bool `json:"there,omitempty"`
}
