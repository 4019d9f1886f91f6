package billing_test

import (
	"net/http"
	"strings"
	"testing"

	"sharesmart/internal/paper/papertest"
	"sharesmart/internal/servertest"
)

// TestQuotePDF downloads a quote in each of its states.
func TestQuotePDF(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers", "name", "Jenny Rosen", "preferred_locales[]", "en-GB").OK().ID()
	price := s.Post("/v1/prices", "currency", "eur", "unit_amount", "1500", "recurring[interval]", "month", "product_data[name]", "ShareSmart Pro").OK().ID()
	once := s.Post("/v1/prices", "currency", "eur", "unit_amount", "5000", "product_data[name]", "Setup").OK().ID()
	vat := s.Post("/v1/tax_rates", "display_name", "VAT", "percentage", "19", "inclusive", "false").OK().ID()
	coupon := s.Post("/v1/coupons", "name", "Welcome", "percent_off", "10", "duration", "once").OK().ID()
	draft := func() string {
		return "/v1/quotes/" + s.Post("/v1/quotes", "customer", customer, "header", "Our offer", "description", "For a year", "footer", "The end", "line_items[0][price]", price, "line_items[0][quantity]", "3",
			"line_items[1][price]", once, "default_tax_rates[]", vat, "discounts[0][coupon]", coupon).OK().ID()
	}
	for stamp, end := range map[string]string{"": "", "Accepted": "/accept", "Canceled": "/cancel"} {
		path := draft()
		s.Get(path+"/pdf").Fails(400, "")
		quote := s.Post(path + "/finalize").OK()
		if end != "" {
			s.Post(path + end).OK()
		}
		a := s.Do(servertest.Request{Path: path + "/pdf", Unchecked: true})
		if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "application/pdf" {
			t.Fatalf("%d %s", a.Status, a.Header.Get("Content-Type"))
		}
		text := papertest.Text(t, a.Body)
		for _, part := range []string{
			"Quote", quote.String("number"), "Valid until", "1 October 2026", "Jenny Rosen", "Our offer", "For a year", "The end", "ShareSmart Pro", "every month", "€15.00", "€45.00", "Setup", "€50.00", "Subtotal\n€95.00",
			"Welcome (10% off)\n-€9.50", "Total excluding tax\n€85.50", "VAT 19% on €85.50\n€16.25", "Total\n€101.75", "Then every month\n€53.55", "TEST", stamp,
		} {
			if !strings.Contains(text, part) {
				t.Errorf("%s: the quote has no %q:\n%s", end, part, text)
			}
		}
	}
	s.Get("/v1/quotes/qt_nobody/pdf").Fails(404, "resource_missing")
	path := draft()
	s.Do(servertest.Request{Path: path + "/pdf", Key: "none"}).Fails(401, "")
	s.Key = s.Account.LiveSecret.Secret
	s.Get(path+"/pdf").Fails(404, "resource_missing")
}

// TestQuotePDFMock has a mock server answer for a quote that nobody made.
func TestQuotePDFMock(t *testing.T) {
	t.Parallel()
	s := servertest.New(t, servertest.Mock())
	if a := s.Do(servertest.Request{Path: "/v1/quotes/qt_1/pdf", Unchecked: true}); a.Status != 200 || a.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("%d %s", a.Status, a.Header.Get("Content-Type"))
	}
}
