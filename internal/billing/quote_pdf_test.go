package billing_test

import (
	"net/http"
	"strings"
	"testing"

	"sharesmart/internal/paper/papertest"
	"sharesmart/internal/servertest"
)

// newQuote is a quote in a state, with one item.
func newQuote(t *testing.T, s *servertest.Server, status string) string {
	t.Helper()
	customer := s.Post("/v1/customers", "name", "Jenny Rosen", "preferred_locales[]", "en-GB").OK().ID()
	price := s.Post("/v1/prices", "currency", "eur", "unit_amount", "1500", "recurring[interval]", "month", "product_data[name]", "ShareSmart Pro").OK().ID()
	rate := s.Post("/v1/tax_rates", form("display_name=VAT percentage=19 inclusive=false")...).OK().ID()
	path := "/v1/quotes/" + s.Post("/v1/quotes", "customer", customer, "header", "Our offer", "description", "For a year", "footer", "The end",
		"line_items[0][price]", price, "line_items[0][quantity]", "3", "line_items[0][tax_rates][]", rate).OK().ID()
	for _, step := range map[string][]string{"open": {"finalize"}, "accepted": {"finalize", "accept"}, "canceled": {"finalize", "cancel"}}[status] {
		s.Post(path + "/" + step).OK()
	}
	return path + "/pdf"
}

func TestQuotePDF(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	for status, stamp := range map[string]string{"open": "", "accepted": "Accepted", "canceled": "Canceled"} {
		a := s.Do(servertest.Request{Path: newQuote(t, s, status), Unchecked: true})
		if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "application/pdf" {
			t.Fatalf("%d %s", a.Status, a.Header.Get("Content-Type"))
		}
		text := papertest.Text(t, a.Body)
		for _, part := range []string{
			"Quote", "-0001-1", "Valid until", "1 October 2026", "Jenny Rosen", "Our offer", "For a year", "The end", "ShareSmart Pro", "every month", "€15.00", "€45.00", "VAT 19% on €45.00\n€8.55", "Total excluding tax\n€45.00",
			"Total\n€53.55", "TEST", stamp,
		} {
			if !strings.Contains(text, part) {
				t.Errorf("%s: the quote has no %q:\n%s", status, part, text)
			}
		}
	}
	draft := newQuote(t, s, "draft")
	s.Get(draft).Fails(400, "")
	s.Get("/v1/quotes/qt_nobody/pdf").Fails(404, "resource_missing")
	s.Do(servertest.Request{Path: draft, Key: "none"}).Fails(401, "")
	s.Key = s.Account.LiveSecret.Secret
	s.Get(draft).Fails(404, "resource_missing")
}

// TestQuotePDFMock has a mock server answer for a quote that nobody made.
func TestQuotePDFMock(t *testing.T) {
	t.Parallel()
	s := servertest.New(t, servertest.Mock())
	if a := s.Do(servertest.Request{Path: "/v1/quotes/qt_1/pdf", Unchecked: true}); a.Status != 200 || a.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("%d %s", a.Status, a.Header.Get("Content-Type"))
	}
}
