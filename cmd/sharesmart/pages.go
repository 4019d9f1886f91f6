package main

import (
	"log/slog"
	"net/http"

	"sharesmart/internal/billing"
	"sharesmart/internal/web/checkout"
	"sharesmart/internal/web/invoice"
	"sharesmart/internal/web/stripejs"
)

// pages are what people see of the server, which is reached at a URL, by the patterns of their paths.
func (a *app) pages(log *slog.Logger, baseURL string) map[string]http.Handler {
	intents := checkout.Options{
		Engine: a.engine, Log: log,
		Describe: billing.DescribeAttempt, ReturnURL: billing.AttemptReturnURL, Authenticate: billing.AuthenticateIntent,
	}
	sources := intents
	sources.Describe, sources.ReturnURL, sources.Authenticate = billing.DescribeSource, billing.SourceReturnURL, billing.AuthenticateSource
	invoices := invoice.New(invoice.Options{
		Engine: a.engine, Log: log, Invoice: billing.InvoicePaper, Receipt: billing.ReceiptPaper, CreditNote: billing.CreditNotePaper,
		Intent: billing.InvoiceIntent, Payable: billing.PayableByCard, Seen: billing.SeenInvoice, Pay: billing.PayOnPage,
	})
	pages := map[string]http.Handler{
		checkout.Prefix: checkout.New(intents), checkout.SourcePrefix: checkout.New(sources), invoice.Prefix: invoices, invoice.NotePrefix: invoices,
	}
	script := stripejs.New(baseURL)
	for _, pattern := range stripejs.Patterns {
		pages[pattern] = script
	}
	return pages
}
