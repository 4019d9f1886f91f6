package dashboard_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestBusiness(t *testing.T) {
	t.Parallel()
	b := desk(t)
	b.shows(b.get("/dashboard/test/business"), http.StatusOK, "Nothing to count yet")
	customer := b.Post("/v1/customers", "payment_method", "pm_card_visa", "invoice_settings[default_payment_method]", "pm_card_visa").OK().ID()
	price := b.Post("/v1/prices", "currency", "usd", "unit_amount", "500", "recurring[interval]", "month", "product_data[name]", "Pro").OK().ID()
	sub := b.Post("/v1/subscriptions", "customer", customer, "items[0][price]", price).OK().ID()
	b.Post("/v1/charges", "amount", "1000", "currency", "eur", "source", "tok_visa").OK()
	refunded := b.Post("/v1/charges", "amount", "700", "currency", "usd", "source", "tok_visa").OK().ID()
	b.Post("/v1/refunds", "charge", refunded, "amount", "200").OK()
	b.Post("/v1/charges", "amount", "900", "currency", "usd", "source", "tok_chargeDeclined").Fails(402, "card_declined")
	for _, span := range []string{"", "30d", "90d", "36m", "nonsense"} {
		b.contains("/dashboard/test/business?currency=usd&span="+span, []string{
			"<strong>$5.00 USD</strong>", "<strong>$10.00 USD</strong>", "$12.00 USD charged, $2.00 USD refunded", "Pro, $5.00 USD every month", "<svg class=\"chart\"", "As a table",
		}, []string{"€10.00"})
	}
	b.contains("/dashboard/test/business?currency=eur", []string{"<strong>€10.00 EUR</strong>", "<strong>€0.00 EUR</strong>"}, []string{"$12.00"})
	b.contains("/dashboard/business", []string{"Nothing to count yet"}, nil)

	// Each figure leads to its rows.
	page := b.get("/dashboard/test/business?currency=usd&span=30d").Body.String()
	for _, part := range []struct{ figure, want string }{{"mrr", sub}, {"movements", sub}, {"volume", refunded}, {"failed", "Failed"}, {"members", sub}, {"funnel", customer}} {
		_, section, _ := strings.Cut(page, `data-testid="`+part.figure+`"`)
		_, link, found := strings.Cut(section, `<a href="`)
		link, _, _ = strings.Cut(link, `"`)
		if !found {
			t.Errorf("%s leads nowhere", part.figure)
			continue
		}
		b.contains(strings.ReplaceAll(link, "&amp;", "&"), []string{part.want}, nil)
	}
	// What a clock that is ahead has is beside what there is today.
	b.contains("/dashboard/test/business?currency=usd", nil, []string{"Until today"})
	ahead := b.Clock.Now().AddDate(1, 0, 0)
	clock := b.Post("/v1/test_helpers/test_clocks", "frozen_time", fmt.Sprint(ahead.Unix())).OK().ID()
	b.Post("/v1/customers", "test_clock", clock).OK()
	b.contains("/dashboard/test/business?currency=usd&span=30d", []string{"Until today", "<strong>$10.00 USD</strong>"}, []string{ahead.UTC().Format("2 Jan</text>")})
	b.contains("/dashboard/test/business?currency=usd&span=30d&until=clocks", []string{"on test clocks", "<strong>$0.00 USD</strong>"}, nil)
	b.Delete("/v1/subscriptions/" + sub).OK()
	b.contains("/dashboard/test/business?currency=usd", []string{"100.0 %", "1 ended, 0 pay now"}, nil)
	if problems, err := b.Engine.Verify(t.Context()); err != nil || len(problems) > 0 {
		t.Error(fmt.Sprint(problems), err)
	}
}

func TestHome(t *testing.T) {
	t.Parallel()
	b := desk(t)
	b.contains("/dashboard/test/", []string{"Request logs"}, []string{"Business, 30 days", "Happened last"})
	b.Post("/v1/charges", "amount", "1000", "currency", "eur", "source", "tok_visa").OK()
	b.Post("/v1/charges", "amount", "900", "currency", "eur", "source", "tok_chargeDeclined").Fails(402, "card_declined")
	b.contains("/dashboard/test/", []string{"<strong>€10.00 EUR</strong>", "charge.succeeded", "card_declined", "/dashboard/test/logs/req_"}, nil)
	b.contains("/dashboard/", nil, []string{"charge.succeeded", "card_declined"})
}
