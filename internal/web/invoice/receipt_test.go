package invoice_test

import (
	"net/http"
	"strings"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/web/invoice"
)

// paid is a charge that was paid.
func (s *shop) paid(form ...string) *object.Object {
	s.t.Helper()
	pi := s.Post("/v1/payment_intents", append([]string{"amount", "2500", "currency", "eur", "payment_method", "pm_card_visa", "payment_method_types[]", "card", "confirm", "true"}, form...)...).OK()
	return s.Get("/v1/charges/" + pi.Ref("latest_charge")).OK()
}

func (s *shop) receiptPath(charge *object.Object) string {
	s.t.Helper()
	path, ours := strings.CutPrefix(charge.String("receipt_url"), s.URL)
	if !ours || !strings.HasPrefix(path, invoice.ReceiptPrefix) {
		s.t.Fatalf("receipt_url is %q", charge.String("receipt_url"))
	}
	return path
}

// TestReceipt reads the receipt of a charge, as a page and as a file.
func TestReceipt(t *testing.T) {
	t.Parallel()
	s := newShop(t, "address[line1]", "Unter den Linden 1", "address[city]", "Berlin", "address[country]", "DE")
	charge := s.paid("customer", s.customer, "description", "<b>Tea</b>", "metadata[secret]", "not for customers")
	path := s.receiptPath(charge)
	page := s.get(path)
	if page.Code != http.StatusOK {
		t.Fatalf("%d %s", page.Code, page.Body)
	}
	for _, part := range []string{"€25.00 paid on September 1, 2026", "&lt;b&gt;Tea&lt;/b&gt;", "Jenny Rosen", "Unter den Linden 1", "Visa •••• 4242", charge.ID(), path + "/pdf", "Receipt number"} {
		if !strings.Contains(page.Body.String(), part) {
			t.Errorf("the page does not say %q:\n%s", part, page.Body)
		}
	}
	for _, part := range []string{"not for customers", "<form", "<b>"} {
		if strings.Contains(page.Body.String(), part) {
			t.Errorf("the page says %q", part)
		}
	}
	wantText(t, s.file(path+"/pdf", "Receipt-"+charge.ID()+".pdf"), "Receipt", charge.ID(), "September 1, 2026", "€25.00", "Visa •••• 4242", "Amount paid", "TEST", "!Refunded")
	s.Post("/v1/refunds", "charge", charge.ID(), "amount", "500").OK()
	wantText(t, s.file(path+"/pdf", "Receipt-"+charge.ID()+".pdf"), "Refunded", "-€5.00")
}

// TestReceiptOfWhatElse has receipts of what was sold at a session, and of an invoice.
func TestReceiptOfWhatElse(t *testing.T) {
	t.Parallel()
	s := newShop(t, "preferred_locales[]", "de")
	coupon := s.Post("/v1/coupons", "percent_off", "10", "duration", "once", "name", "Ten").OK().ID()
	session := s.Post("/v1/checkout/sessions", "mode", "payment", "success_url", "https://shop.example", "customer", s.customer, "discounts[0][coupon]", coupon,
		"line_items[0][price_data][currency]", "eur", "line_items[0][price_data][unit_amount]", "1000", "line_items[0][price_data][product_data][name]", "Cap", "line_items[0][quantity]", "2").OK().ID()
	done := s.Post("/v1/test_helpers/checkout/sessions/"+session+"/complete", "payment_method", "pm_card_visa").OK()
	charge := s.Get("/v1/charges", "payment_intent", done.Ref("payment_intent")).OK().Array("data")[0].(*object.Object)
	wantText(t, s.get(s.receiptPath(charge)).Body.String(), "Cap", "Ten", "20,00", "18,00", "Zahlungsbeleg", "Belegnummer")

	in := s.open()
	paid := s.Post("/v1/invoices/"+in.ID()+"/pay", "paid_out_of_band", "false", "payment_method", s.Post("/v1/payment_methods/pm_card_visa/attach", "customer", s.customer).OK().ID()).OK()
	charges := s.Get("/v1/charges", "customer", s.customer).OK().Array("data")
	wantText(t, s.get(s.receiptPath(charges[0].(*object.Object))).Body.String(), paid.String("number"), "Tea", "Rechnungsnummer")
}

// TestNoReceipt has nothing where nothing was paid, and for who does not know the address.
func TestNoReceipt(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	charge := s.paid()
	path := s.receiptPath(charge)
	held := s.paid("capture_method", "manual")
	for _, wrong := range []string{
		invoice.ReceiptPrefix + charge.ID(), invoice.ReceiptPrefix, path[:len(path)-2] + "AA", path + "/html", s.receiptPath(held), s.receiptPath(held) + "/pdf", invoice.Prefix + strings.TrimPrefix(path, invoice.ReceiptPrefix),
	} {
		if a := s.get(wrong); a.Code != http.StatusNotFound {
			t.Errorf("%s: %d", wrong, a.Code)
		}
	}
}
