package invoice_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/web/checkout"
)

// TestPay pays, as often as the form is sent: once.
func TestPay(t *testing.T) {
	t.Parallel()
	for _, expiry := range []string{"12 / 34", "12/34", "1234", "12 / 2034", " 12-34 ", "3/34"} {
		s := newShop(t)
		in := s.open()
		form := s.form(s.path(in), visa)
		form.Set("expiry", expiry)
		got := s.events(func() {
			wantLead(t, s.do(s.pages, http.MethodPost, s.path(in), form), s.path(in))
		})
		api := newShop(t)
		other := api.open()
		api.Post("/v1/payment_methods/pm_card_visa/attach", "customer", api.customer).OK()
		method := api.Get("/v1/customers/" + api.customer + "/payment_methods").IDs()[0]
		want := api.events(func() { api.Post("/v1/invoices/"+other.ID()+"/pay", "payment_method", method).OK() })
		if !slices.Equal(got, want) {
			t.Errorf("%s: the page causes %v, and the API %v", expiry, got, want)
		}
		after, wanted := s.invoice(in.ID()), api.invoice(other.ID())
		for _, name := range []string{"status", "amount_paid", "amount_remaining", "attempt_count", "attempted"} {
			if !object.Equal(after.Get(name), wanted.Get(name)) {
				t.Errorf("%s is %v, want %v", name, after.Get(name), wanted.Get(name))
			}
		}
		wantLead(t, s.do(s.pages, http.MethodPost, s.path(in), form), s.path(in))
		wantPage(t, s.get(s.path(in)), 200, "€2,000.00 paid on September 1, 2026", "Visa •••• 4242", "!"+theForm)
		if n := s.charges(); n != 1 {
			t.Errorf("%d charges", n)
		}
		if pm := s.Get("/v1/customers/" + s.customer + "/payment_methods").IDs(); len(pm) != 0 {
			t.Errorf("the card was kept: %v", pm)
		}
	}
}

// TestPayUncollectible pays what nobody hoped for any more.
func TestPayUncollectible(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	in := s.open()
	s.Post("/v1/invoices/" + in.ID() + "/mark_uncollectible").OK()
	wantLead(t, s.pay(s.path(in), visa), s.path(in))
	if got := s.invoice(in.ID()).String("status"); got != "paid" {
		t.Errorf("it is %s", got)
	}
}

// TestDeclined has cards that are refused: the reason stands beside the field that it is about, and the card is not sent back.
func TestDeclined(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		number, field, text string
		charges             int
	}{
		{noMoney, "number", "The card does not have enough money", 1},
		{"4000000000000002", "number", "The card was declined", 1},
		{"4000000000000069", "expiry", "The card has expired", 1},
		{"4000000000000127", "cvc", "The security code is not right", 1},
		{"4000000000000119", "number", "The bank could not be reached", 1},
		{"4242424242424241", "number", "The card number is not right", 0},
		{"4485275742308327", "number", "This is test mode: use a test card", 0},
	} {
		t.Run(c.number, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			in := s.open()
			form := s.form(s.path(in), c.number)
			answer := s.do(s.pages, http.MethodPost, s.path(in), form)
			text := wantPage(t, answer, 402, `id="`+c.field+`-fault"`, c.text, theForm, `value="12 / 34"`, `value="Jenny Rosen"`, `aria-invalid="true" autofocus`, "<title>Error: ", "!"+c.number, `!value="123"`)
			if strings.Count(text, `aria-invalid`) != 1 {
				t.Error("more than one field is wrong")
			}
			if n := s.charges(); n != c.charges {
				t.Errorf("%d charges, want %d", n, c.charges)
			}
			if after := s.invoice(in.ID()); after.String("status") != "open" || after.Int("amount_remaining") != 200000 {
				t.Errorf("it is %s", after.String("status"))
			}
			wantPage(t, s.do(s.pages, http.MethodPost, s.path(in), form), 402, c.text) // sent twice, tried once
			if n := s.charges(); n != c.charges {
				t.Errorf("%d charges after the form was sent twice, want %d", n, c.charges)
			}
			wantPage(t, s.get(s.path(in)), 200, "!-fault", "!<title>Error")
			wantLead(t, s.pay(s.path(in), visa), s.path(in))
			if got := s.invoice(in.ID()).String("status"); got != "paid" {
				t.Errorf("it is %s", got)
			}
		})
	}
}

// TestMistyped has forms that nothing is tried with.
func TestMistyped(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	in := s.open()
	for _, c := range []struct {
		change url.Values
		parts  []string
	}{
		{url.Values{"number": {""}}, []string{`id="number-fault"`, "!expiry-fault", "!cvc-fault"}},
		{url.Values{"number": {"abc"}}, []string{`id="number-fault"`}},
		{url.Values{"expiry": {""}}, []string{`id="expiry-fault"`, `aria-describedby="expiry-hint expiry-fault"`}},
		{url.Values{"expiry": {"13/34"}}, []string{`id="expiry-fault"`}},
		{url.Values{"expiry": {"soon"}}, []string{`id="expiry-fault"`, `value="soon"`}},
		{url.Values{"expiry": {"ab/cd"}}, []string{`id="expiry-fault"`}},
		{url.Values{"cvc": {"12"}}, []string{`id="cvc-fault"`}},
		{url.Values{"cvc": {"12345"}}, []string{`id="cvc-fault"`}},
		{url.Values{"number": {""}, "expiry": {""}, "cvc": {""}}, []string{`id="number-fault"`, `id="expiry-fault"`, `id="cvc-fault"`, "<title>Error: "}},
	} {
		form := s.form(s.path(in), visa)
		for name, value := range c.change {
			form[name] = value
		}
		if text := wantPage(t, s.do(s.pages, http.MethodPost, s.path(in), form), 422, c.parts...); strings.Count(text, "autofocus") != 1 {
			t.Errorf("%v: the page does not lead to the one first mistake", c.change)
		}
	}
	wantPage(t, s.do(s.pages, http.MethodPost, s.path(in), url.Values{"number": {strings.Repeat("4", 10<<10)}}), 400, "The form could not be read")
	if n := s.charges(); n != 0 {
		t.Errorf("%d charges", n)
	}
}

// TestOldForm sends forms that show what is not true any more.
func TestOldForm(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		happens func(s *shop, in *object.Object)
		status  int
		text    string
	}{
		"credited": {func(s *shop, in *object.Object) {
			s.Post("/v1/credit_notes", "invoice", in.ID(), "amount", "20000").OK()
		}, 409, "This invoice has changed"},
		"declined, then credited": {func(s *shop, in *object.Object) {
			s.pay(s.path(in), noMoney)
			s.Post("/v1/credit_notes", "invoice", in.ID(), "amount", "20000").OK()
		}, 409, "This invoice has changed"},
		"paid": {func(s *shop, in *object.Object) {
			s.Post("/v1/invoices/"+in.ID()+"/pay", "paid_out_of_band", "true").OK()
		}, 303, ""},
		"voided":  {func(s *shop, in *object.Object) { s.Post("/v1/invoices/" + in.ID() + "/void").OK() }, 303, ""},
		"no mark": {func(*shop, *object.Object) {}, 409, "This invoice has changed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			in := s.open()
			form := s.form(s.path(in), visa)
			if name == "no mark" {
				form.Del("seen")
			}
			c.happens(s, in)
			before := s.charges()
			answer := s.do(s.pages, http.MethodPost, s.path(in), form)
			if c.status == http.StatusSeeOther {
				wantLead(t, answer, s.path(in))
			} else {
				wantPage(t, answer, c.status, c.text)
			}
			if n := s.charges(); n != before {
				t.Errorf("%d charges, want %d", n, before)
			}
		})
	}
}

// TestAuthentication goes to the bank and comes back.
func TestAuthentication(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[string]string{"succeeded": "paid", "failed": "open", "canceled": "open"} {
		t.Run(outcome, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			in := s.open()
			form := s.form(s.path(in), wants3DS)
			var sent *httptest.ResponseRecorder
			got := s.events(func() { sent = s.do(s.pages, http.MethodPost, s.path(in), form) })
			if want := []string{"payment_intent.requires_action", "invoice.updated", "invoice.payment_action_required"}; !slices.Equal(got, want) {
				t.Errorf("the events are %v, want %v", got, want)
			}
			bank := sent.Header().Get("Location")
			if sent.Code != http.StatusSeeOther || !strings.HasPrefix(bank, checkout.Prefix) {
				t.Fatalf("%d to %s", sent.Code, bank)
			}
			wantLead(t, s.do(s.pages, http.MethodPost, s.path(in), form), bank) // sent twice, it leads to the same visit
			wantPage(t, s.get(s.path(in)), 200, "Your bank still waits", `href="`+bank+`"`, theForm)

			page := s.do(s.bank, http.MethodGet, bank, nil)
			if page.Code != 200 || !strings.Contains(page.Body.String(), "€2,000.00") {
				t.Errorf("the bank's page: %d %s", page.Code, page.Body)
			}
			back := s.do(s.bank, http.MethodPost, bank, url.Values{"outcome": {outcome}}).Header().Get("Location")
			to, ours := strings.CutPrefix(back, s.URL)
			if !ours || !strings.HasPrefix(to, s.path(in)+"?") {
				t.Fatalf("the bank leads to %s", back)
			}
			if after := s.invoice(in.ID()).String("status"); after != want {
				t.Errorf("it is %s, want %s", after, want)
			}
			if outcome == "succeeded" {
				wantLead(t, s.get(to), s.path(in))
				wantPage(t, s.get(s.path(in)), 200, "€2,000.00 paid on", "Visa •••• 3155", "!Your bank still waits")
				return
			}
			wantPage(t, s.get(to), 200, "Your bank could not confirm that it is you", theForm, "!Your bank still waits")
			wantLead(t, s.pay(s.path(in), visa), s.path(in))
			if got := s.invoice(in.ID()).String("status"); got != "paid" {
				t.Errorf("it is %s", got)
			}
		})
	}
}

// TestPaySubscription pays the first invoice of a subscription that waits for it, and keeps the card as it was asked to.
func TestPaySubscription(t *testing.T) {
	t.Parallel()
	for _, number := range []string{visa, wants3DS} {
		s := newShop(t)
		price := s.Post("/v1/prices", "currency", "eur", "unit_amount", "1500", "recurring[interval]", "month", "product_data[name]", "ShareSmart Pro").OK().ID()
		sub := s.Post("/v1/subscriptions", "customer", s.customer, "items[0][price]", price, "payment_behavior", "default_incomplete", "payment_settings[save_default_payment_method]", "on_subscription").OK()
		in := s.invoice(sub.Ref("latest_invoice"))
		wantPage(t, s.get(s.path(in)), 200, "€15.00", "ShareSmart Pro", "September 1, 2026 – October 1, 2026")
		sent := s.pay(s.path(in), number)
		if number == wants3DS {
			s.do(s.bank, http.MethodPost, sent.Header().Get("Location"), url.Values{"outcome": {"succeeded"}})
		}
		after := s.Get("/v1/subscriptions/" + sub.ID()).OK()
		if after.String("status") != "active" || after.Ref("default_payment_method") == "" {
			t.Errorf("%s: the subscription is %s and paid with %q", number, after.String("status"), after.Ref("default_payment_method"))
		}
		wantText(t, s.file(s.pdf(in, "invoice_pdf"), "Invoice-ABCD-0001.pdf"), "ShareSmart Pro", "September 1, 2026 – October 1, 2026", "Visa ••••")
	}
}

// TestPayOnAClock pays the invoice of a customer who lives by a test clock.
func TestPayOnAClock(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	clock := s.Post("/v1/test_helpers/test_clocks", "frozen_time", "1800000000").OK().ID()
	s.customer = s.newCustomer("test_clock", clock)
	in := s.open()
	wantLead(t, s.pay(s.path(in), visa), s.path(in))
	if at := s.invoice(in.ID()).Object("status_transitions").Int("paid_at"); at != 1800000000 {
		t.Errorf("it was paid at %d", at)
	}
	wantPage(t, s.get(s.path(in)), 200, "€2,000.00 paid on January 15, 2027")
}
