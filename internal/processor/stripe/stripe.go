// Package stripe lets the seller's own Stripe account move the money, through Stripe's library. It knows nothing of what is
// sold: package billing records what it says.
//
// A payment or setup intent here is one of Stripe's for each try, with ours in its metadata. Every request that changes
// something has an idempotency key, which Stripe remembers for a day at least.
package stripe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	stripe "github.com/stripe/stripe-go/v85"

	"sharesmart/internal/processor"
)

const (
	// officialURL is Stripe's API, and officialScript where its pages load their fields from.
	officialURL    = "https://api.stripe.com"
	officialScript = "https://js.stripe.com/v3/"
	// timeout is how long one request may take. The library repeats it twice, with the same key.
	timeout = 20 * time.Second
	retries = 2
)

// Options are one Stripe account and the way to it.
type Options struct {
	Secret      string // sk_live_... or rk_live_...
	Publishable string // pk_live_..., which pages show the script
	Webhook     string // whsec_..., of the endpoint at which we are told
	// URL is the API; empty for Stripe's own. The script then comes from there as well, as from another ShareSmart.
	URL string
	// HTTP makes the requests; nil for the usual way.
	HTTP *http.Client
}

// Check says what is wrong with options. It never says the keys themselves.
func (o *Options) Check() error {
	switch {
	case !strings.HasPrefix(o.Secret, "sk_") && !strings.HasPrefix(o.Secret, "rk_"):
		return errors.New("the secret key must begin with sk_ or rk_")
	case !strings.HasPrefix(o.Publishable, "pk_"):
		return errors.New("the publishable key must be there and begin with pk_")
	case o.URL == "" && (strings.Contains(o.Secret, "_test_") || strings.Contains(o.Publishable, "_test_")):
		return errors.New("live mode needs the keys of Stripe's live mode, not of its test mode")
	}
	if u, err := url.Parse(o.URL); o.URL != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
		return errors.New("the address of the API is no URL")
	}
	return nil
}

// Processor is one Stripe account.
type Processor struct {
	options Options
	client  *stripe.Client
}

// New returns a Stripe account.
func New(o Options) *Processor {
	o.URL = strings.TrimRight(o.URL, "/")
	address := o.URL
	if address == "" {
		address = officialURL
	}
	client := o.HTTP
	if client == nil {
		client = &http.Client{Timeout: timeout}
	}
	backends := stripe.NewBackendsWithConfig(&stripe.BackendConfig{
		URL: &address, HTTPClient: client, MaxNetworkRetries: stripe.Int64(retries), EnableTelemetry: stripe.Bool(false),
		LeveledLogger: &stripe.LeveledLogger{Level: stripe.LevelNull}, // what goes wrong is told by the job that asked
	})
	return &Processor{options: o, client: stripe.NewClient(o.Secret, stripe.WithBackends(backends))}
}

// Name is Stripe.
func (p *Processor) Name() string { return "Stripe" }

// Browser is Stripe's script and what it reaches, as Stripe says for content security policies.
func (p *Processor) Browser() processor.Browser {
	if p.options.URL == "" {
		return processor.Browser{Script: officialScript, Key: p.options.Publishable,
			Scripts:  []string{"https://js.stripe.com", "https://*.js.stripe.com"},
			Frames:   []string{"https://js.stripe.com", "https://*.js.stripe.com", "https://hooks.stripe.com"},
			Connects: []string{officialURL}}
	}
	return processor.Browser{Script: p.options.URL + "/v3/", Key: p.options.Publishable, Scripts: []string{p.options.URL}, Frames: []string{p.options.URL}, Connects: []string{p.options.URL}}
}

// keyed is what every request that changes something has.
func keyed(ctx context.Context, key string) stripe.Params {
	return stripe.Params{Context: ctx, IdempotencyKey: stripe.String(key)}
}

// some is a parameter, or none for the zero value.
func some[T comparable](v T) *T {
	var none T
	if v == none {
		return nil
	}
	return &v
}

func expanding(names ...string) (list []*string) {
	for i := range names {
		list = append(list, &names[i])
	}
	return list
}

// failure is an error of a request, without anything that is secret.
func failure(doing string, err error) error {
	var api *stripe.Error
	if !errors.As(err, &api) {
		return fmt.Errorf("ask Stripe to %s: %w", doing, err)
	}
	said := fmt.Errorf("ask Stripe to %s: %s (request %s)", doing, strings.Join(strings.Fields(fmt.Sprint(api.HTTPStatusCode, " ", api.Type, " ", api.Code)), " "), api.RequestID)
	switch s := api.HTTPStatusCode; {
	case s == http.StatusNotFound || api.Code == stripe.ErrorCodeResourceMissing:
		return fmt.Errorf("%w: %w", said, processor.ErrNotThere)
	case s == http.StatusTooManyRequests, s == http.StatusConflict, s >= http.StatusInternalServerError:
		return said
	}
	return fmt.Errorf("%w: %w", said, processor.ErrRefused)
}

// Customer makes a customer.
func (p *Processor) Customer(ctx context.Context, key string, c processor.RemoteCustomer) (string, error) {
	made, err := p.client.V1Customers.Create(ctx, &stripe.CustomerCreateParams{
		Params: keyed(ctx, key), Email: some(c.Email), Name: some(c.Name), Metadata: map[string]string{processor.OurCustomer: c.ID},
	})
	if err != nil {
		return "", failure("make a customer", err)
	}
	return made.ID, nil
}

// Detach takes a payment method from its customer there. One that is not there any more is gone already.
func (p *Processor) Detach(ctx context.Context, id string) error {
	_, err := p.client.V1PaymentMethods.Detach(ctx, id, &stripe.PaymentMethodDetachParams{})
	if err == nil {
		return nil
	}
	if err = failure("let go of a payment method", err); errors.Is(err, processor.ErrRefused) || errors.Is(err, processor.ErrNotThere) {
		return nil
	}
	return err
}
