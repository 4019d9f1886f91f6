package oauth_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stripe/stripe-go/v85"
	official "github.com/stripe/stripe-go/v85/oauth"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
	"sharesmart/internal/web/oauth"
)

// connect serves the addresses beside a server.
func connect(t *testing.T, s *servertest.Server) string {
	t.Helper()
	call := func(ctx context.Context, ns *access.Namespace, rule func(op *resource.Op) error) error {
		_, err := s.Engine.Call(ctx, ns, rule)
		return err
	}
	trade := func(rule func(op *resource.Op, token, scope string) (*billing.Tokens, *billing.OAuthError, error)) oauth.Trade {
		return func(ctx context.Context, ns *access.Namespace, token, scope string) (t *oauth.Tokens, refused *oauth.Refusal, err error) {
			err = call(ctx, ns, func(op *resource.Op) error {
				made, no, err := rule(op, token, scope)
				if t = (*oauth.Tokens)(made); no != nil {
					refused = &oauth.Refusal{Status: http.StatusBadRequest, Code: no.Code, Description: no.Description}
				}
				return err
			})
			return t, refused, err
		}
	}
	l := httptest.NewServer(oauth.New(oauth.Options{
		Registry: s.Registry, Engine: s.Engine, Clock: s.Clock, Log: slog.New(slog.DiscardHandler), ClientID: billing.ClientID, CanAgree: billing.CanAgree,
		Redirect: func(ctx context.Context, ns *access.Namespace, asked string) (*url.URL, error) {
			return billing.Redirect(s.Engine.Survey(ctx, ns), asked)
		},
		Authorize: func(ctx context.Context, ns *access.Namespace, a *oauth.Agreement) (code string, err error) {
			err = call(ctx, ns, func(op *resource.Op) (err error) {
				code, err = billing.Authorize(op, (*billing.Agreement)(a))
				return err
			})
			return code, err
		},
		TradeCode:         trade(billing.TradeCode),
		TradeRefreshToken: trade(billing.TradeRefreshToken),
		Disconnect: func(ctx context.Context, ns *access.Namespace, account string) (found bool, err error) {
			err = call(ctx, ns, func(op *resource.Op) (err error) {
				found, err = billing.Disconnect(op, account)
				return err
			})
			return found, err
		},
	}))
	t.Cleanup(l.Close)
	return l.URL
}

// clientOf is the id of the application of a server's account, in test mode.
func clientOf(t *testing.T, s *servertest.Server) string {
	t.Helper()
	ns, err := s.Registry.Namespace(s.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	return billing.ClientID(ns)
}

// The official library gives up an account: it is gone, and the platform's endpoint for connected accounts hears of it.
func TestDeauthorize(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	address := connect(t, s)
	heard := make(chan string, 1)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var event struct{ Account, Type string }
		if err := json.NewDecoder(r.Body).Decode(&event); err != nil {
			t.Error(err)
		}
		heard <- event.Type + " of " + event.Account
	}))
	t.Cleanup(receiver.Close)
	s.Post("/v1/webhook_endpoints", "url", receiver.URL, "enabled_events[]", "account.application.deauthorized", "connect", "true").OK()
	account := s.Post("/v1/accounts", "type", "standard").OK().ID()
	c := official.Client{B: stripe.GetBackendWithConfig(stripe.ConnectBackend, &stripe.BackendConfig{URL: &address}), Key: s.Key}
	got, err := c.Del(&stripe.DeauthorizeParams{ClientID: stripe.String(clientOf(t, s)), StripeUserID: &account})
	if err != nil || got.StripeUserID != account {
		t.Fatalf("it answers %+v, %v", got, err)
	}
	s.Get("/v1/accounts/"+account).Fails(404, "resource_missing")
	if err := s.Engine.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := <-heard, "account.application.deauthorized of "+account; got != want {
		t.Errorf("the endpoint heard of %s, want %s", got, want)
	}
	event := s.Get("/v1/events", "type", "account.application.*").OK().Array("data")[0].(*object.Object)
	if id := event.Object("data").Object("object").ID(); id != clientOf(t, s) || event.String("account") != account {
		t.Errorf("the event is %s", event.JSON())
	}
}

// What is refused, in the words of OAuth.
func TestRefusals(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	address := connect(t, s)
	client := clientOf(t, s)
	standard, custom := s.Post("/v1/accounts", "type", "standard").OK().ID(), s.Post("/v1/accounts", "type", "custom").OK().ID()
	for name, c := range map[string]struct {
		key, form string
		status    int
		code      string
	}{
		"no key":             {"", "client_id=" + client + "&stripe_user_id=" + standard, 401, "invalid_client"},
		"another key":        {"sk_test_none", "client_id=" + client + "&stripe_user_id=" + standard, 401, "invalid_client"},
		"a publishable key":  {s.Account.TestPublishable.Secret, "client_id=" + client + "&stripe_user_id=" + standard, 401, "invalid_client"},
		"another mode":       {s.Account.LiveSecret.Secret, "client_id=" + client + "&stripe_user_id=" + standard, 401, "invalid_client"},
		"no client":          {s.Key, "stripe_user_id=" + standard, 400, "invalid_request"},
		"another client":     {s.Key, "client_id=ca_other&stripe_user_id=" + standard, 401, "invalid_client"},
		"no account":         {s.Key, "client_id=" + client, 400, "invalid_request"},
		"nobody":             {s.Key, "client_id=" + client + "&stripe_user_id=acct_none", 401, "invalid_client"},
		"itself":             {s.Key, "client_id=" + client + "&stripe_user_id=" + s.Account.ID, 401, "invalid_client"},
		"the platform's own": {s.Key, "client_id=" + client + "&stripe_user_id=" + custom, 401, "invalid_client"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/oauth/deauthorize", strings.NewReader(c.form))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if c.key != "" {
				r.Header.Set("Authorization", "Bearer "+c.key)
			}
			got, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = got.Body.Close() }()
			var body map[string]string
			if err := json.NewDecoder(got.Body).Decode(&body); err != nil {
				t.Fatal(err)
			}
			if got.StatusCode != c.status || body["error"] != c.code || body["error_description"] == "" {
				t.Errorf("refused with %d %v", got.StatusCode, body)
			}
		})
	}
	got, err := http.PostForm(address+"/oauth/deauthorize", url.Values{"client_secret": {s.Key}, "client_id": {client}, "stripe_user_id": {standard}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	var body map[string]string
	if err := json.NewDecoder(got.Body).Decode(&body); err != nil || !cmp.Equal(body, map[string]string{"stripe_user_id": standard}) {
		t.Errorf("with the key as a parameter: %v %v", body, err)
	}
}
