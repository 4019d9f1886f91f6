package checkout_test

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

// TestHostedPays has a customer fill the page in and go on, in each mode, with all that can be asked.
func TestHostedPays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, begin, typed string
		shown              []string
		want               map[string]any // of the session
	}{
		{"a payment", "", "", []string{"<h1>Pay ShareSmart</h1>", "Tea pot", ">Pay $20.00</button>", "TEST", `href="https://shop.example/cart"`, `value="US" selected`},
			map[string]any{"payment_status": "paid", "amount_total": 2000, "customer_details.email": "jenny@example.com", "customer_details.name": "Jenny Rosen", "customer_details.address.country": "US"}},
		{"a subscription", "mode=subscription&line_items[0][price]=PRO&line_items[0][quantity]=2", "", []string{"<h1>Subscribe to ShareSmart Pro × 2</h1>", "$18.00 every month", "until you cancel it", ">Subscribe</button>"},
			map[string]any{"payment_status": "paid", "amount_total": 1800}},
		{"a trial", "mode=subscription&line_items[0][price]=PRO&line_items[0][quantity]=1&subscription_data[trial_period_days]=14", "", []string{"<h1>Try ShareSmart Pro</h1>", "14 days free, then $9.00 every month", ">Start free trial</button>", "Due today"},
			map[string]any{"payment_status": "no_payment_required", "amount_total": 0}},
		{"a trial without a card", "mode=subscription&line_items[0][price]=PRO&line_items[0][quantity]=1&subscription_data[trial_period_days]=1&payment_method_collection=if_required", "", []string{"1 day free, then $9.00 every month", `!name="number"`},
			map[string]any{"payment_status": "no_payment_required", "setup_intent": nil}},
		{"a trial until a day", "mode=subscription&line_items[0][price]=PRO&line_items[0][quantity]=1&subscription_data[trial_end]=1790812800", "", []string{"Free until October 1, 2026, then $9.00 every month"}, map[string]any{"status": "complete"}},
		{"a subscription, and something once", "mode=subscription&line_items[0][price]=PRO&line_items[0][quantity]=1&line_items[1][price]=POT&line_items[1][quantity]=1", "", []string{"$29.00 today, then $9.00 every month"}, map[string]any{"amount_total": 2900}},
		{"a setup", "mode=setup&currency=usd", "", []string{"<h1>Save a payment method for ShareSmart</h1>", "payments to come", ">Save</button>", "E-mail (optional)"}, map[string]any{"status": "complete", "payment_status": "no_payment_required"}},
		{"nothing to pay", "discounts[0][coupon]=FREE", "", []string{">Complete order</button>", "<dt>100% off</dt>", `!name="number"`, "!4242"}, map[string]any{"payment_status": "no_payment_required", "customer_details.email": "jenny@example.com"}},
		{"a donation", "submit_type=donate", "", []string{">Donate $20.00</button>"}, map[string]any{"payment_status": "paid"}},
		{"an e-mail address that is known", "customer_email=jo@example.com", "email=eve@example.com", []string{"jo@example.com", `!name="email"`}, map[string]any{"customer_details.email": "jo@example.com"}},
		{"a customer who is known", "customer=JENNY", "", []string{"known@example.com", `!name="email"`}, map[string]any{"customer_details.email": "known@example.com"}},
		{"a phone number and names", "phone_number_collection[enabled]=true&name_collection[business][enabled]=true&name_collection[individual][enabled]=true&name_collection[individual][optional]=true", "phone=+49 228 1&business_name=Tea Ltd",
			[]string{`type="tel"`, "Full name (optional)", `name="business_name"`}, map[string]any{"customer_details.phone": "+49 228 1", "customer_details.business_name": "Tea Ltd", "customer_details.individual_name": nil}},
		{"a billing address", "billing_address_collection=required", "billing-country=DE&billing-line1=Weg 1&billing-postal_code=53111&billing-city=Bonn", []string{"Billing address", `!name="same"`},
			map[string]any{"customer_details.address.line1": "Weg 1", "customer_details.address.city": "Bonn", "customer_details.address.postal_code": "53111", "customer_details.address.country": "DE"}},
		{"one address for both", "billing_address_collection=required&shipping_address_collection[allowed_countries][0]=DE&custom_text[shipping_address][message]=No boxes", "shipping-name=Jo&shipping-country=DE&shipping-line1=Gasse 2&shipping-city=Ulm", []string{`name="same" type="checkbox" value="1" checked`, "No boxes"},
			map[string]any{"customer_details.address.line1": "Gasse 2", "collected_information.shipping_details.address.line1": "Gasse 2", "collected_information.shipping_details.name": "Jo"}},
		{"two addresses", "billing_address_collection=required&shipping_address_collection[allowed_countries][0]=DE", "shipping-name=Jo&shipping-country=DE&shipping-line1=Gasse 2&shipping-city=Ulm&same=&billing-country=FR&billing-line1=Rue 3&billing-city=Metz", nil,
			map[string]any{"customer_details.address.line1": "Rue 3", "customer_details.address.country": "FR", "collected_information.shipping_details.address.line1": "Gasse 2"}},
		{"custom fields", "custom_fields[0][key]=size&custom_fields[0][type]=dropdown&custom_fields[0][label][type]=custom&custom_fields[0][label][custom]=Size&custom_fields[0][dropdown][options][0][label]=Small&custom_fields[0][dropdown][options][0][value]=s&" +
			"custom_fields[1][key]=note&custom_fields[1][type]=text&custom_fields[1][label][type]=custom&custom_fields[1][label][custom]=Note&custom_fields[1][optional]=true", "custom-size=s", []string{">Small</option>", "Note (optional)"},
			map[string]any{"custom_fields.0.dropdown.value": "s"}},
		{"consent", "consent_collection[terms_of_service]=required&consent_collection[promotions]=auto&custom_text[terms_of_service_acceptance][message]=I take [the terms](https://shop.example/terms)", "terms=1", []string{`name="promotions"`},
			map[string]any{"consent.terms_of_service": "accepted", "consent.promotions": "opt_out"}},
		{"a tax id", "tax_id_collection[enabled]=true", "billing-country=DE&tax_id=DE123456789", []string{"Tax ID (optional)"}, map[string]any{"customer_details.tax_ids.0.type": "eu_vat", "customer_details.tax_ids.0.value": "DE123456789"}},
		{"a tax id of a country's own", "tax_id_collection[enabled]=true", "billing-country=US&tax_id=12-3456789", nil, map[string]any{"customer_details.tax_ids.0.type": "us_ein"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStall(t)
			s.make("FREE", "/v1/coupons", "id=FREE&percent_off=100")
			s.make("JENNY", "/v1/customers", "email=known@example.com")
			o := s.session(c.begin)
			page := wantShown(t, s.get(s.path(o)), 200, c.shown...)
			form := s.filled(page, c.typed)
			wantLead(t, s.post(s.path(o), form), done(o))
			after := s.again(o)
			wantFields(t, after, map[string]any{"status": "complete"})
			wantFields(t, after, c.want)
			charges := s.charges()
			wantLead(t, s.post(s.path(o), form), done(o)) // sent twice
			if n := s.charges(); n != charges {
				t.Errorf("%d charges after the form was sent twice, want %d", n, charges)
			}
			wantShown(t, s.get(s.path(o)), 200, `data-testid="became"`, `href="`+done(o)+`"`, "!<form")
			wantLead(t, s.get(s.path(o)+"?redirect_status=succeeded"), done(o))
		})
	}
}

// TestHostedPaysAsTheAPI compares what the page causes with what the API does.
func TestHostedPaysAsTheAPI(t *testing.T) {
	t.Parallel()
	for _, begin := range []string{"", "mode=subscription&line_items[0][price]=PRO&line_items[0][quantity]=1", "mode=setup&currency=usd&customer_creation=always"} {
		page, api := newStall(t), newStall(t)
		o := page.session(begin)
		got := page.events(func() { wantLead(t, page.pay(page.path(o), ""), done(o)) })
		other := api.session(begin)
		pm := api.Post("/v1/payment_methods", "type", "card", "card[number]", visa, "card[exp_month]", "12", "card[exp_year]", "2034", "card[cvc]", "123", "billing_details[name]", "Jenny Rosen", "billing_details[address][country]", "US").OK().ID()
		want := api.events(func() {
			api.Post("/v1/payment_pages/"+other.ID()+"/confirm", "payment_method", pm, "customer_details[email]", "jenny@example.com").OK()
		})
		if !slices.Equal(got, want) {
			t.Errorf("%s: the page causes %v, and the API %v", begin, got, want)
		}
	}
}

// TestHostedDeclines has cards that are refused: the reason stands beside the field that it is about, and the card is not
// sent back.
func TestHostedDeclines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		number, field, text string
		status, charges     int
	}{
		{noMoney, "number", "The card does not have enough money", 402, 1},
		{"4000000000000002", "number", "The card was declined", 402, 1},
		{"4000000000000069", "expiry", "The card has expired", 402, 1},
		{"4000000000000127", "cvc", "The security code is not right", 402, 1},
		{"4242424242424241", "number", "The card number is not right", 422, 0},
		{"4485275742308327", "number", "This is test mode: use a test card", 422, 0},
	} {
		for _, mode := range []string{"", "mode=subscription&line_items[0][price]=PRO&line_items[0][quantity]=1", "mode=setup&currency=usd"} {
			t.Run(c.number+" "+mode, func(t *testing.T) {
				t.Parallel()
				s := newStall(t)
				o := s.session(mode)
				form := s.fill(s.path(o), "number="+c.number)
				charges := c.charges
				if mode == "mode=setup&currency=usd" {
					charges = 0
				}
				for range 2 { // sent twice, tried once
					text := wantShown(t, s.post(s.path(o), form), c.status, `id="`+c.field+`-fault"`, c.text, "<title>Error: ", `value="jenny@example.com"`, `value="12 / 34"`, "!"+c.number, `!value="123"`)
					if strings.Count(text, `aria-invalid="true"`) != 1 || strings.Count(text, "autofocus") != 1 {
						t.Errorf("it is not the one field that is wrong:\n%s", text)
					}
					if n := s.charges(); n != charges {
						t.Errorf("%d charges, want %d", n, charges)
					}
				}
				wantFields(t, s.again(o), map[string]any{"status": "open"})
				wantShown(t, s.get(s.path(o)), 200, "!-fault", "!<title>Error")
				wantLead(t, s.pay(s.path(o), ""), done(o))
			})
		}
	}
}

// TestHostedAuthentication goes to the bank and comes back.
func TestHostedAuthentication(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"", "mode=subscription&line_items[0][price]=PRO&line_items[0][quantity]=1", "mode=setup&currency=usd"} {
		for _, outcome := range []string{"succeeded", "failed", "canceled"} {
			t.Run(mode+" "+outcome, func(t *testing.T) {
				t.Parallel()
				s := newStall(t)
				o := s.session(mode)
				form := s.fill(s.path(o), "number="+wants3DS)
				bank := s.post(s.path(o), form).Header().Get("Location")
				if !strings.HasPrefix(bank, checkout.Prefix) {
					t.Fatalf("it leads to %q", bank)
				}
				wantLead(t, s.post(s.path(o), form), bank) // sent twice, it leads to the same visit
				wantShown(t, s.get(s.path(o)), 200, "Your bank still waits", `href="`+strings.ReplaceAll(bank, "&", "&amp;")+`"`)
				back, ours := strings.CutPrefix(s.do(s.bank, http.MethodPost, bank, url.Values{"outcome": {outcome}}).Header().Get("Location"), s.URL)
				if !ours || !strings.HasPrefix(back, s.path(o)+"?") {
					t.Fatalf("the bank leads to %s", back)
				}
				if outcome == "succeeded" {
					wantLead(t, s.get(back), done(o))
					return
				}
				wantFields(t, s.again(o), map[string]any{"status": "open"})
				wantShown(t, s.get(back), 200, `id="number-fault"`, "Your bank could not confirm that it is you", "!Your bank still waits")
				wantLead(t, s.pay(s.path(o), ""), done(o))
			})
		}
	}
}

// TestHostedAnotherCard pays with another card while the bank waits.
func TestHostedAnotherCard(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	o := s.session("")
	s.pay(s.path(o), "number="+wants3DS)
	wantLead(t, s.pay(s.path(o), ""), done(o))
	if n := s.charges(); n != 1 {
		t.Errorf("%d charges", n)
	}
}

// TestHostedSees pays only what the customer saw.
func TestHostedSees(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		happens func(s *stall, o *object.Object)
		status  int
		parts   []string
	}{
		{"more", func(s *stall, o *object.Object) {
			s.Post("/v1/payment_pages/"+o.ID(), "line_items[0][id]", s.item(o, 0), "line_items[0][quantity]", "2").OK()
		}, 409, []string{"Nothing was paid yet", ">Pay $40.00</button>"}},
		{"another price later", func(s *stall, o *object.Object) {
			s.stock()
			s.Post("/v1/payment_pages/"+o.ID(), "promotion_code", "spring25").OK()
		}, 409, []string{"Nothing was paid yet", "14 days free, then $6.75 every month"}},
		{"something else that costs the same", func(s *stall, o *object.Object) {
			s.make("CUP", "/v1/prices", "currency=usd&unit_amount=2000&product_data[name]=Cup")
			s.Post("/v1/checkout/sessions/"+o.ID(), s.fields("line_items[0][price]=CUP&line_items[0][quantity]=1")...).OK()
		}, 409, []string{"Nothing was paid yet", "Cup"}},
		{"declined, then more", func(s *stall, o *object.Object) {
			s.pay(s.path(o), "number="+noMoney)
			s.Post("/v1/payment_pages/"+o.ID(), "line_items[0][id]", s.item(o, 0), "line_items[0][quantity]", "2").OK()
		}, 409, []string{"Nothing was paid yet", "!number-fault"}},
		{"paid", func(s *stall, o *object.Object) { s.pay(s.path(o), "") }, 303, nil},
		{"expired", func(s *stall, o *object.Object) { s.Post("/v1/checkout/sessions/" + o.ID() + "/expire").OK() }, 303, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStall(t)
			begin := "line_items[0][price]=POT&line_items[0][quantity]=1&line_items[0][adjustable_quantity][enabled]=true"
			if c.name == "another price later" {
				begin = "mode=subscription&line_items[0][price]=PRO&line_items[0][quantity]=1&subscription_data[trial_period_days]=14&allow_promotion_codes=true"
			}
			o := s.session(begin)
			form := s.fill(s.path(o), "")
			form.Del("quantity-" + s.item(o, 0)) // it was not touched
			c.happens(s, o)
			before := s.charges()
			var a *httptest.ResponseRecorder
			if a = s.post(s.path(o), form); c.status == 303 {
				if a.Code != 303 {
					t.Errorf("status %d", a.Code)
				}
			} else {
				wantShown(t, a, c.status, c.parts...)
			}
			if n := s.charges(); n != before {
				t.Errorf("%d charges, want %d", n, before)
			}
			form.Set("seen", "")
			if a := s.post(s.path(o), form); s.charges() != before || a.Code == 200 {
				t.Errorf("a form without a mark: %d", a.Code)
			}
		})
	}
}

// TestHostedOnAClock pays with a customer who lives by a test clock.
func TestHostedOnAClock(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	s.make("CLOCK", "/v1/test_helpers/test_clocks", "frozen_time=1800000000")
	s.make("JENNY", "/v1/customers", "email=known@example.com&test_clock=CLOCK")
	o := s.session("customer=JENNY&mode=subscription&line_items[0][price]=PRO&line_items[0][quantity]=1")
	wantLead(t, s.pay(s.path(o), ""), done(o))
	sub := s.Get("/v1/subscriptions/" + s.again(o).Ref("subscription")).OK()
	wantFields(t, sub, map[string]any{"status": "active", "start_date": 1800000000})
}

// TestHostedSaysWhatBecame looks at sessions that are complete.
func TestHostedSaysWhatBecame(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		begin string
		says  []string
	}{
		{"", []string{"<h1>Thank you</h1>", "You paid $20.00 to ShareSmart."}},
		{"payment_intent_data[capture_method]=manual", []string{"$20.00 are reserved for ShareSmart."}},
		{"mode=setup&currency=usd", []string{"<h1>Your payment method is saved</h1>"}},
		{"mode=subscription&line_items[0][price]=PRO&line_items[0][quantity]=1", []string{"Your subscription has begun."}},
		{"mode=subscription&line_items[0][price]=PRO&line_items[0][quantity]=1&subscription_data[trial_period_days]=14", []string{"Your free trial has begun."}},
		{"discounts[0][coupon]=FREE", []string{"Nothing was to be paid."}},
		{"locale=de", []string{"<h1>Vielen Dank</h1>", "Sie haben 20,00\u00a0$ an ShareSmart bezahlt."}},
	} {
		s := newStall(t)
		s.make("FREE", "/v1/coupons", "id=FREE&percent_off=100")
		o := s.session(c.begin)
		wantLead(t, s.pay(s.path(o), ""), done(o))
		wantShown(t, s.get(s.path(o)), 200, append(c.says, "TEST", "!jenny@example.com", "!4242")...)
	}
}
