package main

import (
	"log/slog"
	"net/http"

	"sharesmart/internal/billing"
	"sharesmart/internal/web/checkout"
)

// pages are what people see of the server, by what their paths begin with.
func (a *app) pages(log *slog.Logger) map[string]http.Handler {
	return map[string]http.Handler{
		checkout.Prefix: checkout.New(checkout.Options{
			Engine: a.engine, Registry: a.registry, Store: a.store, Log: log,
			Describe: billing.DescribeAttempt, ReturnURL: billing.AttemptReturnURL, Authenticate: billing.AuthenticateIntent,
		}),
	}
}
