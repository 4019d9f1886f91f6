package portal_test

import (
	"strings"
	"testing"
	"time"
)

func TestUpdate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, sub, features, typed string
		days                       int
		shown                      []string
		lead                       string
		want                       map[string]any
	}{
		{
			"up, without prorations", "", "", "price=TEAM", 15, []string{"Nothing is billed now", "Your next invoice, on October 1, 2026, will be:", "$30.00", "Paid with Visa •••• 4242", "Confirm"}, "?done=updated",
			map[string]any{"items.data.price.id": "TEAM", "items.data.quantity": 1},
		},
		{
			"up, billed at once", "", "&" + updates + "[proration_behavior]=always_invoice", "price=TEAM", 15, []string{"Billed now", "Due now", "Confirm and pay $10.00", "Unused time", "Remaining time"}, "?done=updated",
			map[string]any{"items.data.price.id": "TEAM"},
		},
		{
			"up, billed later", "", "&" + updates + "[proration_behavior]=create_prorations", "price=TEAM", 15, []string{"Nothing is billed now", "$40.00", "Due then"}, "?done=updated",
			map[string]any{"items.data.price.id": "TEAM"},
		},
		{
			"down, billed at once", "", "&" + updates + "[proration_behavior]=always_invoice", "price=BASIC", 15, []string{"$2.50 are left over, and pay your next invoices.", "Due now", "$0.00"}, "?done=updated",
			map[string]any{"items.data.price.id": "BASIC"},
		},
		{"more of it", "", "&" + updates + "[proration_behavior]=always_invoice", "quantity=3", 0, []string{"Pro × 3", "$30.00 a month", "Confirm and pay $20.00"}, "?done=updated", map[string]any{"items.data.quantity": 3}},
		{"with a code", "", "&" + updates + "[proration_behavior]=always_invoice", "quantity=3&code=autumn", 0, []string{"Discount", "25%", "On your next invoice."}, "?done=updated", map[string]any{"items.data.quantity": 3}},
		{"a trial that ends", "trial_period_days=14", "&" + updates + "[trial_update_behavior]=end_trial", "price=TEAM", 0, []string{"Your trial ends with the change.", "Confirm and pay $30.00"}, "?done=updated", map[string]any{"status": "active", "items.data.price.id": "TEAM"}},
		{"a trial that goes on", "trial_period_days=14", "&" + updates + "[trial_update_behavior]=continue_trial", "price=TEAM", 0, []string{"Nothing is billed now", "September 15, 2026"}, "?done=updated", map[string]any{"status": "trialing", "items.data.price.id": "TEAM"}},
		{
			"down, at the end of the period", "", later, "price=BASIC", 15, []string{"From October 1, 2026 on", "Your plan stays as it is until October 1, 2026.", "!Due"}, "?done=planned",
			map[string]any{"items.data.price.id": "PRO", "status": "active"},
		},
		{"down with a code, at the end of the period", "", later, "price=BASIC&code=AUTUMN", 0, []string{"25%", "October 1, 2026"}, "?done=planned", map[string]any{"items.data.price.id": "PRO"}},
		{"up, though less would wait", "", later, "price=TEAM", 15, []string{"Nothing is billed now"}, "?done=updated", map[string]any{"items.data.price.id": "TEAM"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			s.make("CODE", "/v1/promotion_codes", "promotion[type]=coupon&promotion[coupon]=COUPON&code=AUTUMN")
			s.subscribe(c.sub)
			s.Clock.Advance(time.Duration(c.days) * 24 * time.Hour)
			path := s.open(mayChange+c.features, "")
			wantShown(t, s.get(path+"/subscriptions/SUB/update"), 200, "Pro", "Team", "Basic", "!Euro", "Your plan", "$10.00 a month", `name="quantity"`, `name="code"`)
			page := wantShown(t, s.get(path+"/subscriptions/SUB/confirm?"+s.query(c.typed)), 200, c.shown...)
			form := s.filled(page, "")
			wantLead(t, s.post(path+"/subscriptions/SUB/update", form), path+c.lead)
			s.want("/v1/subscriptions/SUB", c.want)
			invoices := len(s.Get("/v1/invoices", "customer", s.id("CUSTOMER")).IDs())
			again := s.post(path+"/subscriptions/SUB/update", form) // the form is sent twice
			if again.Code != 303 && !strings.Contains(c.typed, "code") {
				t.Errorf("sent again: %d\n%s", again.Code, again.Body)
			}
			if now := len(s.Get("/v1/invoices", "customer", s.id("CUSTOMER")).IDs()); now != invoices {
				t.Errorf("there are %d invoices more", now-invoices)
			}
			s.want("/v1/subscriptions/SUB", c.want)
		})
	}
}

const later = "&" + updates + "[schedule_at_period_end][conditions][0][type]=decreasing_item_amount"

// query writes the end of an address, with the ids of what is named.
func (s *shop) query(text string) string {
	var out []string
	for pairs := s.fields(text); len(pairs) > 1; pairs = pairs[2:] {
		out = append(out, pairs[0]+"="+pairs[1])
	}
	return strings.Join(out, "&")
}

// TestPlanned lets a change wait, and takes it back or lets it come.
func TestPlanned(t *testing.T) {
	t.Parallel()
	for _, kept := range []bool{true, false} {
		s := newShop(t)
		s.subscribe("metadata[k]=v")
		path := s.open(mayChange+later+"&"+mayCancel, "")
		s.post(path+"/subscriptions/SUB/update", s.filled(s.get(path+"/subscriptions/SUB/confirm?"+s.query("price=BASIC")).Body.String(), ""))
		wantShown(t, s.get(path), 200, "It changes on October 1, 2026. Then it is Basic: $5.00 a month.", "Do not change it", "Cancel the plan")
		if kept {
			wantLead(t, s.post(path+"/subscriptions/SUB/keep", ""), path+"?done=kept")
			s.wantEvents(nil, func() { s.post(path+"/subscriptions/SUB/keep", "") })
			wantShown(t, s.get(path), 200, "!It changes on", "It is renewed on October 1, 2026.")
		}
		s.Clock.Advance(30 * 24 * time.Hour)
		if err := s.Engine.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		want := map[bool]string{true: "PRO", false: "BASIC"}[kept]
		s.want("/v1/subscriptions/SUB", map[string]any{"items.data.price.id": want, "status": "active", "metadata.k": "v"})
	}
	s := newShop(t)
	s.subscribe("")
	path := s.open(mayChange+later+"&"+mayCancel, "")
	s.post(path+"/subscriptions/SUB/update", s.filled(s.get(path+"/subscriptions/SUB/confirm?"+s.query("price=BASIC")).Body.String(), ""))
	wantLead(t, s.post(path+"/subscriptions/SUB/cancel", ""), path+"?done=canceled")
	s.want("/v1/subscriptions/SUB", map[string]any{"cancel_at": october, "schedule": nil})
}

// TestUpdateRefuses shows what is wrong beside what it is about.
func TestUpdateRefuses(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.make("ONLY", "/v1/coupons", "percent_off=25&applies_to[products][0]=EUROS")
	s.make("CODE", "/v1/promotion_codes", "promotion[type]=coupon&promotion[coupon]=ONLY&code=ONLY4EUR")
	s.make("HERS", "/v1/promotion_codes", "promotion[type]=coupon&promotion[coupon]=COUPON&code=HERS&customer=OTHER")
	s.subscribe("")
	path := s.open(mayChange, "")
	for query, want := range map[string]string{
		"price=EURO": "Choose one of these plans", "price=": "Choose one of these plans", "price=PRO": "This is what you have now", "quantity=0": "Enter a number from 1 to 5", "quantity=6": "Enter a number from 1 to 5",
		"quantity=x": "Enter a number from 1 to 5", "code=only4eur&quantity=2": "This code cannot be used for this plan", "code=none&quantity=2": "This code is not known", "code=hers&quantity=2": "This code is not known",
	} {
		wantShown(t, s.get(path+"/subscriptions/SUB/confirm?"+s.query(query)), 422, want, "Error: ", `aria-describedby`)
	}
	form := s.filled(s.get(path+"/subscriptions/SUB/confirm?"+s.query("price=TEAM")).Body.String(), "")
	s.wantEvents(nil, func() {
		wantShown(t, s.post(path+"/subscriptions/SUB/update", strings.Replace(form, "seen=", "seen=1", 1)), 409, "This costs something else by now.")
		wantShown(t, s.post(path+"/subscriptions/SUB/update", s.query("price=EURO")), 422, "Choose one of these plans")
		wantShown(t, s.post(path+"/subscriptions/SUB/update", s.query("quantity=9")), 422, "Enter a number from 1 to 5")
	})
}

// TestUpdatePays lets a customer pay whose card does not, before the change counts.
func TestUpdatePays(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.subscribe("")
	s.make("BAD", "/v1/payment_methods/pm_card_chargeCustomerFail/attach", "customer=CUSTOMER")
	s.make("SUB", "/v1/subscriptions/SUB", "default_payment_method=BAD")
	path := s.open(mayChange+"&"+updates+"[proration_behavior]=always_invoice", "")
	form := s.filled(s.get(path+"/subscriptions/SUB/confirm?"+s.query("price=TEAM")).Body.String(), "")
	a := s.post(path+"/subscriptions/SUB/update", form)
	if to := a.Header().Get("Location"); a.Code != 303 || !strings.HasPrefix(to, s.URL+"/invoices/") {
		t.Fatalf("%d to %q", a.Code, to)
	}
	s.want("/v1/subscriptions/SUB", map[string]any{"items.data.price.id": "PRO"})
	wantShown(t, s.get(path), 200, "Your change counts when $20.00 are paid.", "Pay with Visa •••• 0341", `!data-testid="update"`)
	s.wantEvents(nil, func() { wantShown(t, s.post(path+"/subscriptions/SUB/update", form), 409) })
}
