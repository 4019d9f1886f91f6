package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestHome(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.subscribe("items[0][quantity]=3")
	s.Post(s.path("/v1/customers/CUSTOMER"), "invoice_settings[default_payment_method]", s.names["CARD"], "address[line1]", "Unter den Linden 1", "address[country]", "DE").OK()
	path := s.open(everything+"&business_profile[headline]=Look after your plan&business_profile[privacy_policy_url]=https://shop.example/privacy", "")
	wantShown(t, s.get(path), 200, "Look after your plan", "Pro", "$30.00 a month", "3 × $10.00", "It is renewed on October 1, 2026.", "Paid with Visa •••• 4242", "Change the plan", "Cancel the plan", "Mastercard •••• 4444", "Make it the default",
		"jenny@example.com", "Unter den Linden 1", "Germany", "Paid", "PDF", "TEST", `href="https://shop.example/account"`, `href="https://shop.example/privacy"`, "!Terms", "!<script")
	wantShown(t, s.get(path, "Accept-Language", "de-AT,en"), 200, `<html lang="de">`, "30,00 $ pro Monat", "Deutschland", "!Change")
	wantShown(t, s.get(s.enter("locale=de")), 200, `<html lang="de">`)
	wantShown(t, s.get(s.enter("locale=fr"), "Accept-Language", "de"), 200, `<html lang="en">`)
	s.Post(s.path("/v1/customers/CUSTOMER"), "preferred_locales[]", "de").OK()
	wantShown(t, s.get(path), 200, `<html lang="de">`)

	bare := s.open(mayRead, "customer=OTHER")
	wantShown(t, s.get(bare), 200, "You have no plan at the moment.", "Nothing was billed so far.", "!Payment methods", "!Your details", "!Jenny")
}

// TestStanding shows what has to be known of a subscription first.
func TestStanding(t *testing.T) {
	t.Parallel()
	const pays, changes, cancels = `data-testid="pay"`, `data-testid="update"`, `data-testid="cancel"`
	for _, c := range []struct {
		name, form, then string
		shown            []string
	}{
		{"trial", "trial_period_days=14", "", []string{"Trial", "Your trial ends on September 15, 2026.", changes, cancels}},
		{"ending", "", "cancel_at_period_end=true", []string{"Canceled", "It ends on October 1, 2026 and is not renewed.", "Keep the plan", "!" + changes, "!" + cancels}},
		{"paused payments", "", "pause_collection[behavior]=void", []string{"Payments are paused."}},
		{"two items", "items[1][price]=BASIC", "", []string{"Pro", "Basic: $5.00 a month", "!" + changes, cancels}},
		{"not paid", "default_payment_method=&collection_method=charge_automatically&payment_behavior=default_incomplete", "", []string{"Not paid yet", pays, "$10.00 are not paid yet.", "!" + changes, "!" + cancels}},
		{"by invoice", "default_payment_method=&collection_method=send_invoice&days_until_due=30", "", []string{"!" + changes, cancels}},
		{"plain", "", "", []string{"!badge-good\" data-testid=\"status\"", changes, cancels}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			s.subscribe(c.form)
			if c.then != "" {
				s.make("SUB", "/v1/subscriptions/SUB", c.then)
			}
			wantShown(t, s.get(s.open(mayCancel+"&"+mayChange, "")), 200, c.shown...)
		})
	}
}

// TestInvoices pages through what was billed.
func TestInvoices(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for range 12 {
		s.make("IN", "/v1/invoices", "customer=CUSTOMER")
		s.Post(s.path("/v1/invoices/IN/finalize")).OK()
		s.Clock.Advance(time.Second)
	}
	s.make("DRAFT", "/v1/invoices", "customer=CUSTOMER")
	path := s.open(mayRead, "")
	last := s.Get("/v1/invoices", "customer", s.names["CUSTOMER"], "limit", "10").IDs()[9]
	wantShown(t, s.get(path), 200, "?after="+last+"#invoices", "!newest")
	wantShown(t, s.get(path+"?after="+last), 200, `data-testid="newest"`, `!data-testid="older"`)
	wantShown(t, s.get(path+"?after=in_none"), 404)
}

// TestOff refuses what the configuration does not allow, however it is asked for.
func TestOff(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.subscribe("")
	path := s.open(mayRead, "")
	for _, at := range []string{
		"GET /subscriptions/SUB/cancel", "POST /subscriptions/SUB/cancel", "POST /subscriptions/SUB/stay", "POST /subscriptions/SUB/renew", "GET /subscriptions/SUB/update", "GET /subscriptions/SUB/confirm",
		"POST /subscriptions/SUB/update", "POST /subscriptions/SUB/keep", "GET /payment-methods/new", "POST /payment-methods/new", "GET /payment-methods/back", "POST /payment-methods/SPARE/default",
		"GET /payment-methods/SPARE/remove", "POST /payment-methods/SPARE/remove", "GET /customer", "POST /customer", "POST /tax-ids/txi_none/remove",
	} {
		method, below, _ := strings.Cut(at, " ")
		if got := s.events(func() {
			wantShown(t, s.do(method, path+below, url.Values{}), http.StatusForbidden, "This cannot be done here")
		}); len(got) > 0 {
			t.Errorf("%s causes %v", at, got)
		}
	}
}

// TestForeign knows nothing of what is somebody else's.
func TestForeign(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.make("THEIRSUB", "/v1/subscriptions", "customer=OTHER&items[0][price]=PRO&default_payment_method=THEIRS")
	s.make("TAX", "/v1/customers/OTHER/tax_ids", "type=eu_vat&value=DE123456789")
	path := s.open(everything, "")
	for _, at := range []string{
		"GET /subscriptions/THEIRSUB/cancel", "POST /subscriptions/THEIRSUB/cancel", "POST /subscriptions/THEIRSUB/stay", "POST /subscriptions/THEIRSUB/renew", "GET /subscriptions/THEIRSUB/update",
		"GET /subscriptions/THEIRSUB/confirm", "POST /subscriptions/THEIRSUB/update", "POST /subscriptions/THEIRSUB/keep", "POST /subscriptions/THEIRSUB/pay", "POST /payment-methods/THEIRS/default", "GET /payment-methods/THEIRS/remove", "GET /subscriptions/sub_none/cancel", "GET /nowhere",
	} {
		method, below, _ := strings.Cut(at, " ")
		if got := s.events(func() {
			wantShown(t, s.do(method, path+below, url.Values{}), http.StatusNotFound, "There is nothing here")
		}); len(got) > 0 {
			t.Errorf("%s causes %v", at, got)
		}
	}
	for _, at := range []string{"/payment-methods/THEIRS/remove", "/tax-ids/TAX/remove"} {
		if got := s.events(func() { s.post(path+at, "") }); len(got) > 0 {
			t.Errorf("%s causes %v", at, got)
		}
	}
	wantShown(t, s.get("/p/session/none"), 404, "There is nothing here")
	wantShown(t, s.get(path[:len(path)-10]+"xxxxxxxxxx"), 404)
	for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "", "Origin", "https://elsewhere.example"}} {
		wantShown(t, s.do(http.MethodPost, path+"/payment-methods/SPARE/default", url.Values{}, header...), http.StatusForbidden, "This form did not come from here")
	}
}

// TestOver leads back who comes too late.
func TestOver(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	path := s.open(everything, "")
	wantShown(t, s.get(path), 200)
	late := s.enter("")
	s.Clock.Advance(5 * time.Minute)
	if err := s.Engine.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantShown(t, s.get(path), 200)
	wantShown(t, s.get(late), http.StatusGone, "This page has expired", `href="https://shop.example/account"`, "!jenny")
	s.Clock.Advance(time.Hour)
	if err := s.Engine.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantShown(t, s.get(path), http.StatusGone)
	wantShown(t, s.post(path+"/payment-methods/SPARE/default", ""), http.StatusGone)
	s.want("/v1/customers/CUSTOMER", map[string]any{"invoice_settings.default_payment_method": nil})
	s.Clock.Advance(31 * 24 * time.Hour)
	if err := s.Engine.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantShown(t, s.get(path), http.StatusGone, "!shop.example")
}
