package main

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/clock"
	"sharesmart/internal/resource"
	"sharesmart/internal/web/oauth"
)

// oauth serves what connects accounts to a platform by OAuth.
func (a *app) oauth(c *Config, log *slog.Logger) http.Handler {
	return oauth.New(oauth.Options{
		Registry: a.registry, Engine: a.engine, Clock: clock.Wall{}, Log: log, Open: c.Demo, ClientID: billing.ClientID, CanAgree: billing.CanAgree,
		Redirect: func(ctx context.Context, ns *access.Namespace, asked string) (*url.URL, error) {
			return billing.Redirect(a.engine.Survey(ctx, ns), asked)
		},
		Authorize: func(ctx context.Context, ns *access.Namespace, agreed *oauth.Agreement) (code string, err error) {
			_, err = a.engine.Call(ctx, ns, func(op *resource.Op) (err error) {
				code, err = billing.Authorize(op, (*billing.Agreement)(agreed))
				return err
			})
			return code, err
		},
		TradeCode:         a.trade(billing.TradeCode),
		TradeRefreshToken: a.trade(billing.TradeRefreshToken),
		Disconnect: func(ctx context.Context, ns *access.Namespace, account string) (found bool, err error) {
			_, err = a.engine.Call(ctx, ns, func(op *resource.Op) (err error) {
				found, err = billing.Disconnect(op, account)
				return err
			})
			return found, err
		},
	})
}

// trade carries out what gives tokens. What a refusal did is kept.
func (a *app) trade(rule func(op *resource.Op, token, more string) (*billing.Tokens, *billing.OAuthError, error)) oauth.Trade {
	return func(ctx context.Context, ns *access.Namespace, token, more string) (t *oauth.Tokens, refused *oauth.Refusal, err error) {
		_, err = a.engine.Call(ctx, ns, func(op *resource.Op) error {
			made, no, err := rule(op, token, more)
			if t, refused = (*oauth.Tokens)(made), nil; no != nil {
				refused = &oauth.Refusal{Status: http.StatusBadRequest, Code: no.Code, Description: no.Description}
			}
			return err
		})
		return t, refused, err
	}
}
