package invoice_test

import (
	"bytes"
	"context"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
	"sharesmart/internal/web/checkout"
	"sharesmart/internal/web/invoice"
)

// shop is a server with its pages, and a customer.
type shop struct {
	*servertest.Server
	t        *testing.T
	pages    *invoice.Pages
	bank     http.Handler
	log      bytes.Buffer
	customer string
}

func newShop(t *testing.T, customer ...string) *shop {
	t.Helper()
	s := &shop{Server: servertest.New(t), t: t}
	log := slog.New(slog.NewTextHandler(&s.log, nil))
	s.pages = invoice.New(invoice.Options{
		Engine: s.Engine, Log: log, Invoice: billing.InvoicePaper, Receipt: billing.ReceiptPaper, Charge: billing.ChargePaper, CreditNote: billing.CreditNotePaper,
		Intent: billing.InvoiceIntent, Payable: billing.PayableByCard, Seen: billing.SeenInvoice, Pay: billing.PayOnPage,
		Choose: billing.ChooseManually, Tell: billing.TellOfPayment,
	})
	s.bank = checkout.New(checkout.Options{Engine: s.Engine, Log: log, Describe: billing.DescribeAttempt, ReturnURL: billing.AttemptReturnURL, Authenticate: billing.AuthenticateIntent})
	s.customer = s.newCustomer(customer...)
	t.Cleanup(func() {
		problems, err := s.Engine.Verify(context.WithoutCancel(t.Context()))
		if err != nil || len(problems) > 0 {
			t.Errorf("the books: %v, %v", problems, err)
		}
	})
	return s
}

func (s *shop) newCustomer(form ...string) string {
	s.t.Helper()
	return s.Post("/v1/customers", append([]string{"name", "Jenny Rosen", "email", "jenny.rosen@example.com", "invoice_prefix", "ABCD"}, form...)...).OK().ID()
}

// draft is an invoice with one line of 2,000.00.
func (s *shop) draft(form ...string) string {
	s.t.Helper()
	s.Post("/v1/invoiceitems", "customer", s.customer, "currency", "eur", "quantity", "2", "unit_amount_decimal", "100000", "description", "<b>Tea</b>").OK()
	if !slices.Contains(form, "charge_automatically") {
		form = append(form, "collection_method", "send_invoice", "days_until_due", "30")
	}
	return s.Post("/v1/invoices", append([]string{"customer", s.customer, "currency", "eur", "pending_invoice_items_behavior", "include"}, form...)...).OK().ID()
}

func (s *shop) open(form ...string) *object.Object {
	s.t.Helper()
	return s.Post("/v1/invoices/" + s.draft(form...) + "/finalize").OK()
}

// path is where the page of an invoice is.
func (s *shop) path(in *object.Object) string {
	s.t.Helper()
	path, ours := strings.CutPrefix(in.String("hosted_invoice_url"), s.URL)
	if !ours || !strings.HasPrefix(path, invoice.Prefix) {
		s.t.Fatalf("hosted_invoice_url is %s", in.String("hosted_invoice_url"))
	}
	return path
}

func (s *shop) do(h http.Handler, method, path string, form url.Values, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(s.t.Context(), method, path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func (s *shop) get(path string, header ...string) *httptest.ResponseRecorder {
	return s.do(s.pages, http.MethodGet, path, nil, header...)
}

var seen = regexp.MustCompile(`name="seen" value="([^"]*)"`)

// form is the form of a page, filled in.
func (s *shop) form(path, number string) url.Values {
	s.t.Helper()
	found := seen.FindStringSubmatch(s.get(path).Body.String())
	if found == nil {
		s.t.Fatal("the page has no form")
	}
	return url.Values{"seen": {found[1]}, "number": {number}, "expiry": {"12 / 34"}, "cvc": {"123"}, "name": {"Jenny Rosen"}}
}

func (s *shop) pay(path, number string) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.do(s.pages, http.MethodPost, path, s.form(path, number))
}

func (s *shop) invoice(id string) *object.Object {
	s.t.Helper()
	return s.Get("/v1/invoices/"+id, "expand[]", "payments").OK()
}

// charges is how often a card was tried.
func (s *shop) charges() int {
	s.t.Helper()
	return len(s.Get("/v1/charges").IDs())
}

// events are the types of the events that fn causes, in their order.
func (s *shop) events(fn func()) []string {
	s.t.Helper()
	before := s.Get("/v1/events", "limit", "100").IDs()
	fn()
	var types []string
	for _, v := range s.Get("/v1/events", "limit", "100").OK().Array("data") {
		if e := v.(*object.Object); !slices.Contains(before, e.ID()) {
			types = append([]string{e.String("type")}, types...)
		}
	}
	return types
}

// wantPage looks at an answer, and at what is true of all pages.
func wantPage(t *testing.T, a *httptest.ResponseRecorder, status int, parts ...string) string {
	t.Helper()
	text := strings.ReplaceAll(html.UnescapeString(a.Body.String()), "\u00a0", " ")
	if a.Code != status {
		t.Errorf("status %d, want %d", a.Code, status)
	}
	for _, part := range parts {
		without, absent := strings.CutPrefix(part, "!")
		if strings.Contains(text, without) == absent {
			t.Errorf("the page, want %q:\n%s", part, text)
		}
	}
	for name, want := range map[string]string{
		"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "X-Robots-Tag": "noindex",
		"Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
	} {
		if got := a.Header().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	return text
}

// wantLead wants the browser to be led to an address.
func wantLead(t *testing.T, a *httptest.ResponseRecorder, to string) {
	t.Helper()
	if a.Code != http.StatusSeeOther || a.Header().Get("Location") != to {
		t.Errorf("%d to %s, want 303 to %s", a.Code, a.Header().Get("Location"), to)
	}
}

const (
	visa     = "4242 4242 4242 4242"
	noMoney  = "4000000000009995"
	wants3DS = "4000-0025-0000-3155"
	theForm  = `data-testid="invoice-pay"`
)

// TestPage shows an invoice in each of its states.
func TestPage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		make  func(s *shop) *object.Object
		parts []string
	}{
		"open": {func(s *shop) *object.Object { return s.open("description", "Thank you", "footer", "The end") }, []string{
			"<h1 data-testid=\"invoice-headline\">€2,000.00 due October 1, 2026</h1>", "Invoice ABCD-0001 from ShareSmart", "TEST", "Pay €2,000.00", theForm, "<b>Tea</b>", "€1,000.00", "Thank you", "The end", "4242 4242 4242 4242", "!receipt",
		}},
		"automatic": {func(s *shop) *object.Object {
			return s.open("collection_method", "charge_automatically", "auto_advance", "true")
		}, []string{"€2,000.00, charged automatically", theForm}},
		"paid": {func(s *shop) *object.Object {
			return s.Post("/v1/invoices/"+s.open().ID()+"/pay", "paid_out_of_band", "true").OK()
		}, []string{"€2,000.00 paid on September 1, 2026", ">Paid<", "Nothing is left to pay", "/receipt", "Paid in another way", "!" + theForm}},
		"void": {func(s *shop) *object.Object { return s.Post("/v1/invoices/" + s.open().ID() + "/void").OK() },
			[]string{"€2,000.00, no longer owed", "!Amount due", ">Void<", "This invoice was voided", "!" + theForm, "!receipt"}},
		"uncollectible": {func(s *shop) *object.Object {
			return s.Post("/v1/invoices/" + s.open().ID() + "/mark_uncollectible").OK()
		}, []string{"€2,000.00 due October 1, 2026", ">Uncollectible<", theForm}},
		"partly paid": {func(s *shop) *object.Object {
			in := s.open()
			pi := s.Post("/v1/payment_intents", "amount", "50000", "currency", "eur", "customer", s.customer, "payment_method", "pm_card_mastercard", "confirm", "true", "payment_method_types[]", "card").OK().ID()
			return s.Post("/v1/invoices/"+in.ID()+"/attach_payment", "payment_intent", pi).OK()
		}, []string{"€1,500.00 due October 1, 2026", "Pay €1,500.00", "Amount paid", "-€500.00", "Mastercard •••• 4444", "/receipt", theForm}},
		"credited": {func(s *shop) *object.Object {
			in := s.open()
			s.Post("/v1/credit_notes", "invoice", in.ID(), "amount", "20000").OK()
			return in
		}, []string{"€1,800.00 due October 1, 2026", "Pay €1,800.00", "Credit note ABCD-0001-CN-01", "-€200.00"}},
		"from the balance": {func(s *shop) *object.Object {
			s.Post("/v1/customers/"+s.customer+"/balance_transactions", "amount", "-30000", "currency", "eur").OK()
			return s.open()
		}, []string{"€1,700.00 due", "Applied balance", "-€300.00"}},
		"nothing to pay": {func(s *shop) *object.Object {
			s.Post("/v1/customers/"+s.customer+"/balance_transactions", "amount", "-200000", "currency", "eur").OK()
			return s.open()
		}, []string{"Nothing to pay", ">Paid<", "!" + theForm, "!receipt"}},
		"no cards": {func(s *shop) *object.Object { return s.open("payment_settings[payment_method_types][]", "sepa_debit") },
			[]string{"cannot be paid by card here", "!" + theForm}},
		"on its way": {func(s *shop) *object.Object {
			in := s.open("payment_settings[payment_method_types][]", "sepa_debit")
			s.Post("/v1/payment_intents/"+s.intent(in.ID())+"/confirm", "payment_method_data[type]", "sepa_debit", "payment_method_data[sepa_debit][iban]", "AT611904300234573201",
				"payment_method_data[billing_details][name]", "Jenny", "payment_method_data[billing_details][email]", "jenny@example.com", "mandate_data[customer_acceptance][type]", "offline").OK()
			return in
		}, []string{"A payment is on its way", "!" + theForm}},
		"taxes and discounts": {func(s *shop) *object.Object {
			vat := s.Post("/v1/tax_rates", "display_name", "VAT", "percentage", "19.5", "inclusive", "false").OK().ID()
			coupon := s.Post("/v1/coupons", "name", "Autumn", "percent_off", "25", "duration", "once").OK().ID()
			return s.open("default_tax_rates[]", vat, "discounts[0][coupon]", coupon)
		}, []string{"€1,792.50 due", "Autumn (25% off)", "-€500.00", "Total excluding tax", "€1,500.00", "VAT 19.5% on €1,500.00", "€292.50"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			in := c.make(s)
			text := wantPage(t, s.get(s.path(in)), 200, c.parts...)
			raw := s.get(s.path(in)).Body.String()
			if strings.Contains(raw, "<b>Tea") || strings.Contains(text, "_secret_") || s.log.Len() > 0 {
				t.Errorf("the page tells what it should not, or the log is %s", s.log.String())
			}
			if head := s.do(s.pages, http.MethodHead, s.path(in), nil); head.Code != 200 {
				t.Errorf("HEAD: %d", head.Code)
			}
		})
	}
}

// intent is the id of an invoice's payment intent.
func (s *shop) intent(id string) string {
	s.t.Helper()
	return s.invoice(id).Object("payments").Array("data")[0].(*object.Object).Object("payment").Ref("payment_intent")
}

// TestPageIsNotThere asks for what is no invoice: none of it can be told from the others.
func TestPageIsNotThere(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	draft := s.Get("/v1/invoices/" + s.draft()).OK()
	if draft.Get("hosted_invoice_url") != nil || draft.Get("invoice_pdf") != nil {
		t.Error("a draft has a page")
	}
	in := s.open()
	token := strings.TrimPrefix(s.path(in), invoice.Prefix)
	for _, path := range []string{
		invoice.Prefix, invoice.Prefix + in.ID(), invoice.Prefix + draft.ID(), invoice.Prefix + token[:len(token)-2], invoice.Prefix + token + "x", invoice.Prefix + token + "/other", invoice.Prefix + token + "/pdf/x",
		invoice.Prefix + strings.Repeat("x", 5000), invoice.Prefix + "../" + token, invoice.NotePrefix + token + "/pdf", invoice.NotePrefix + token, invoice.Prefix + token + "/receipt", invoice.Prefix + "%00", invoice.NotePrefix,
	} {
		wantPage(t, s.get(path), 404, "There is no invoice here", "!ShareSmart")
	}
	wantPage(t, s.do(s.pages, http.MethodPost, invoice.Prefix+"nobody", url.Values{}), 404, "There is no invoice here")
	wantPage(t, s.do(s.pages, http.MethodPost, invoice.Prefix+token+"/pdf", url.Values{}), 405, "This page cannot do that")
	wantPage(t, s.do(s.pages, http.MethodDelete, invoice.Prefix+token, nil), 405, "This page cannot do that")
	wantPage(t, s.get(invoice.Prefix+"nobody", "Accept-Language", "fr, de-AT;q=0.5"), 404, "Hier ist keine Rechnung", `lang="de-AT"`)
}

// TestPlaces has invoices in a sandbox, of a connected account, and in live mode, where no card is taken.
func TestPlaces(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	key := s.Key
	s.Key = s.Post("/v1/sandboxes").OK().String("secret_key")
	s.customer = s.newCustomer()
	in := s.open()
	wantLead(t, s.pay(s.path(in), visa), s.path(in))
	wantPage(t, s.get(s.path(in)), 200, "€2,000.00 paid on")

	s.Key = s.Account.LiveSecret.Secret
	s.customer = s.newCustomer()
	live := s.open()
	text := wantPage(t, s.get(s.path(live)), 200, "€2,000.00 due", "Payments are not taken here yet", "!"+theForm, "!TEST")
	if strings.Contains(text, "4242") {
		t.Error("live mode shows test cards")
	}
	wantLead(t, s.do(s.pages, http.MethodPost, s.path(live), url.Values{"number": {visa}, "expiry": {"1234"}, "cvc": {"123"}}), s.path(live))
	if got := s.invoice(live.ID()).String("status"); got != "open" {
		t.Errorf("the live invoice is %s", got)
	}

	s.Key = key
	account := s.Post("/v1/accounts", "type", "express", "business_profile[name]", "Kate's Kites", "business_profile[support_email]", "kate@example.com").OK().ID()
	as := func(path string, form ...string) *object.Object {
		return s.Do(servertest.Request{Method: http.MethodPost, Path: path, Form: form, Header: http.Header{"Stripe-Account": {account}}}).OK()
	}
	customer := as("/v1/customers", "name", "Jenny").ID()
	as("/v1/invoiceitems", "customer", customer, "amount", "1500", "currency", "usd")
	connected := as("/v1/invoices/" + as("/v1/invoices", "customer", customer, "pending_invoice_items_behavior", "include").ID() + "/finalize")
	wantPage(t, s.get(s.path(connected)), 200, "from Kate's Kites", "kate@example.com", "$15.00 USD due", theForm)
}

// TestLanguage shows the page in the customer's language, else in the browser's.
func TestLanguage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		customer []string
		accept   string
		parts    []string
	}{
		{[]string{"preferred_locales[]", "de-DE"}, "en", []string{`lang="de-DE"`, "2.000,00 € fällig am 1. Oktober 2026", "2.000,00 € bezahlen", "Rechnung herunterladen"}},
		{nil, "de;q=0.9, en;q=0.5", []string{`lang="de"`, "2.000,00 € fällig am"}},
		{nil, "fr", []string{`lang="en"`, "€2,000.00 due"}},
		{[]string{"preferred_locales[]", "en-GB"}, "de", []string{`lang="en-GB"`, "€2,000.00 due 1 October 2026"}},
	} {
		s := newShop(t, c.customer...)
		wantPage(t, s.get(s.path(s.open()), "Accept-Language", c.accept), 200, c.parts...)
	}
}

// TestFault has a fault of ours, which is told to the log and not to the customer.
func TestFault(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	in := s.open()
	form := s.form(s.path(in), visa)
	s.pages.Pay = func(*resource.Op, string, string, *object.Object) (*object.Object, bool, error) {
		return nil, false, context.DeadlineExceeded
	}
	wantPage(t, s.do(s.pages, http.MethodPost, s.path(in), form), 500, "This did not work", "!deadline")
	if !strings.Contains(s.log.String(), "deadline exceeded") {
		t.Errorf("the log is %s", s.log.String())
	}
}

// TestAssets gets the style and the script, which may be kept for ever.
func TestAssets(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	page := s.get(s.path(s.open())).Body.String()
	for pattern, want := range map[string][2]string{
		`href="(/invoices/static/\w+\.css)"`: {"text/css; charset=utf-8", "--accent"}, `src="(/invoices/static/\w+\.js)"`: {"text/javascript; charset=utf-8", "addEventListener"},
	} {
		found := regexp.MustCompile(pattern).FindStringSubmatch(page)
		if found == nil {
			t.Fatalf("the page has no %s", pattern)
		}
		a := s.get(found[1])
		if a.Code != 200 || a.Header().Get("Content-Type") != want[0] || a.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" || !strings.Contains(a.Body.String(), want[1]) {
			t.Errorf("%s: %d %v", found[1], a.Code, a.Header())
		}
	}
}
