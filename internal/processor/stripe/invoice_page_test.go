package stripe_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/web/invoice"
)

// invoicePage is the page of an open invoice of 20 dollars.
func (s *shop) invoicePage() (in *object.Object, send func(form url.Values) *httptest.ResponseRecorder) {
	s.t.Helper()
	customer := s.Post("/v1/customers", "email", "jenny@example.com").OK().ID()
	s.Post("/v1/invoiceitems", "customer", customer, "amount", "2000", "currency", "usd").OK()
	in = s.Post("/v1/invoices", "customer", customer, "collection_method", "send_invoice", "days_until_due", "14", "pending_invoice_items_behavior", "include").OK()
	in = s.Post("/v1/invoices/" + in.ID() + "/finalize").OK()
	pages := invoice.New(invoice.Options{
		Engine: s.Engine, Log: slog.New(slog.NewTextHandler(s.t.Output(), nil)), Invoice: billing.InvoicePaper, Intent: billing.InvoiceIntent, Payable: billing.PayableByCard,
		Seen: billing.SeenInvoice, Pay: billing.PayOnPage, Choose: billing.ChooseManually, Tell: billing.TellOfPayment,
	})
	path := strings.TrimPrefix(in.String("hosted_invoice_url"), s.URL)
	return in, func(form url.Values) *httptest.ResponseRecorder {
		method := http.MethodGet
		if form != nil {
			method = http.MethodPost
		}
		r := httptest.NewRequestWithContext(s.t.Context(), method, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, r)
		return w
	}
}

var seenMark = regexp.MustCompile(`name="seen" value="([^"]*)"`)

// TestInvoicePage pays an invoice on its page with cards that only Stripe sees: one that is declined, one whose bank asks.
func TestInvoicePage(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	in, send := s.invoicePage()
	page := send(nil)
	policy := page.Header().Get("Content-Security-Policy")
	if body := page.Body.String(); !strings.Contains(body, "data-remote") || strings.Contains(body, `name="number"`) || !strings.Contains(policy, "script-src 'self' "+s.bank.URL) || strings.Contains(policy, "unsafe") {
		t.Fatalf("the page is %s with %s", body, policy)
	}
	pay := func(method string) *httptest.ResponseRecorder {
		mark := seenMark.FindStringSubmatch(send(nil).Body.String())
		if mark == nil {
			t.Fatal("the page has no form")
		}
		return send(url.Values{"seen": {mark[1]}, "remote_method": {method}, "number": {"4242424242424242"}})
	}
	if w := pay(""); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Allow scripts") {
		t.Errorf("without a card: %d", w.Code)
	}
	if w := pay(s.card("chargeDeclinedInsufficientFunds")); w.Code != http.StatusPaymentRequired || !strings.Contains(w.Body.String(), "not have enough money") {
		t.Errorf("declined: %d %s", w.Code, w.Body)
	}
	if w := pay("pm_nobody"); w.Code != http.StatusPaymentRequired || !strings.Contains(w.Body.String(), "No such") {
		t.Errorf("no card: %d %s", w.Code, w.Body)
	}
	asks := pay(s.card("threeDSecure2Required"))
	if to := asks.Header().Get("Refresh"); asks.Code != http.StatusOK || !strings.HasPrefix(to, "0; url="+s.bank.URL) {
		t.Errorf("the bank asks: %d to %q", asks.Code, to)
	}
	if w := pay(s.card("visa")); w.Code != http.StatusSeeOther {
		t.Errorf("paid: %d %s", w.Code, w.Body)
	}
	s.want(s.Get("/v1/invoices/"+in.ID()).OK(), map[string]any{"status": "paid", "amount_paid": 2000})
	if n := len(s.bank.Get("/v1/charges?limit=100").OK().Array("data")); n != 2 {
		t.Errorf("Stripe was asked for %d charges", n)
	}
}
