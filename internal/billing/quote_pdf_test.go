package billing_test

import (
	"net/http"
	"strings"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/paper/papertest"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

// newQuote is a quote in a state, made from inside, with one item.
func newQuote(t *testing.T, s *servertest.Server, status string) string {
	t.Helper()
	customer := s.Post("/v1/customers", "name", "Jenny Rosen", "preferred_locales[]", "en-GB").OK().ID()
	price := s.Post("/v1/prices", "currency", "eur", "unit_amount", "1500", "recurring[interval]", "month", "product_data[name]", "ShareSmart Pro").OK()
	id := s.Post("/v1/quotes", "customer", customer, "header", "Our offer", "description", "For a year", "footer", "The end").OK().ID()
	grant, err := s.Registry.Authenticate(s.Key)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Engine.Call(t.Context(), grant.Namespace, func(op *resource.Op) error {
		q, err := op.Get("quote", id, "")
		if err != nil {
			return err
		}
		item, err := op.Make("item", id, object.New(nil), func(op *resource.Op) error {
			for name, v := range map[string]any{"currency": "eur", "description": "ShareSmart Pro", "quantity": int64(3), "amount_subtotal": int64(4500), "amount_total": int64(5355), "price": price.Clone()} {
				op.Object.Set(name, v)
			}
			return op.Hide(op.Object, "discounts", "taxes")
		})
		if err != nil {
			return err
		}
		private, err := op.Private(q)
		if err != nil {
			return err
		}
		rate := object.New(nil)
		rate.Set("display_name", "VAT")
		rate.Set("percentage", int64(19))
		tax := object.New(nil)
		tax.Set("rate", rate)
		tax.Set("amount", int64(855))
		tax.Set("taxable_amount", int64(4500))
		breakdown := object.New(nil)
		breakdown.Set("taxes", []any{tax})
		private.Set("line_items", []any{item.ID()})
		private.Set("total_details.breakdown", breakdown)
		if err := op.SetPrivate(q, private); err != nil {
			return err
		}
		for name, v := range map[string]any{"status": status, "number": "QT-ABCD-0001-1", "currency": "eur", "amount_subtotal": int64(4500), "amount_total": int64(5355), "expires_at": op.Now().AddDate(0, 0, 30).Unix()} {
			q.Set(name, v)
		}
		op.Save(q)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return "/v1/quotes/" + id + "/pdf"
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
			"Quote", "QT-ABCD-0001-1", "Valid until", "1 October 2026", "Jenny Rosen", "Our offer", "For a year", "The end", "ShareSmart Pro", "every month", "€15.00", "€45.00", "VAT 19% on €45.00\n€8.55", "Total excluding tax\n€45.00",
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
