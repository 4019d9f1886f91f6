package main

import (
	"log/slog"
	"net/http"

	"sharesmart/internal/billing"
	"sharesmart/internal/brand"
	"sharesmart/internal/clock"
	"sharesmart/internal/server"
	"sharesmart/internal/web/checkout"
	"sharesmart/internal/web/invoice"
	"sharesmart/internal/web/oauth"
	"sharesmart/internal/web/outbox"
	"sharesmart/internal/web/portal"
	"sharesmart/internal/web/stripejs"
)

// pages are what people see of the server, by what their paths begin with.
func (a *app) pages(c *Config, l *server.Listeners, log *slog.Logger) map[string]http.Handler {
	intents := checkout.Options{
		Engine: a.engine, Log: log,
		Describe: billing.DescribeAttempt, ReturnURL: billing.AttemptReturnURL, Authenticate: billing.AuthenticateIntent, Return: billing.ReturnFromBank,
	}
	sources := intents
	sources.Describe, sources.ReturnURL, sources.Authenticate, sources.Return = billing.DescribeSource, billing.SourceReturnURL, billing.AuthenticateSource, nil
	invoices := invoice.New(invoice.Options{
		Engine: a.engine, Log: log, Invoice: billing.InvoicePaper, Receipt: billing.ReceiptPaper, Charge: billing.ChargePaper, CreditNote: billing.CreditNotePaper,
		Intent: billing.InvoiceIntent, Payable: billing.PayableByCard, Seen: billing.SeenInvoice, Pay: billing.PayOnPage,
		Choose: billing.ChooseManually, Tell: billing.TellOfPayment,
	})
	hosted := checkout.NewHosted(checkout.HostedOptions{
		Engine: a.engine, Log: log, Place: billing.PlaceOf, Visit: billing.VisitCheckout, Choose: billing.ChooseAtCheckout, Pay: billing.PayAtCheckout,
		TaxID: billing.CustomerTaxID, Link: billing.PaymentLinkBy, Begin: billing.SessionByLink, Again: billing.RecoverSession, Sample: billing.SampleCheckout,
	})
	customers := portal.New(portal.Options{
		Engine: a.engine, Log: log, Clock: clock.Wall{}, Desk: a.desk, Place: billing.PlaceOf, Open: billing.OpenPortal, Return: billing.PortalReturn, Login: billing.PortalLogin, Seller: billing.PortalSeller,
		Plan: billing.PlanAtPeriodEnd, DropPlan: billing.DropPlan, TaxID: billing.CustomerTaxID,
	})
	all := map[string]http.Handler{
		checkout.HostedPrefix: hosted, checkout.LinkPrefix: hosted, checkout.AgainPrefix: hosted,
		checkout.Prefix: checkout.New(intents), checkout.SourcePrefix: checkout.New(sources), invoice.Prefix: invoices, invoice.NotePrefix: invoices, invoice.ReceiptPrefix: invoices,
		portal.Prefix: customers, brand.SheetPrefix: brand.Sheets(),
	}
	if c.showsOutbox(l) {
		sent := outbox.New(outbox.Options{Engine: a.engine, Registry: a.registry, Log: log, Open: c.Demo})
		all[outbox.Path], all[outbox.Path+"/"] = sent, sent
	}
	a.hooks(c, log, all)
	connecting := a.oauth(c, log)
	for _, pattern := range oauth.Patterns {
		all[pattern] = connecting
	}
	if c.SecurityContact != "" {
		all["GET "+contactPath] = contact(c.SecurityContact, clock.Wall{})
	}
	script := stripejs.New(baseURL(c, l))
	for _, pattern := range stripejs.Patterns {
		all[pattern] = script
	}
	return all
}
