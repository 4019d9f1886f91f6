package billing_test

import (
	"strconv"
	"testing"

	"sharesmart/internal/servertest"
)

// page calls what the page of a session does, with a secret key.
func (v *till) page(session, call, text string) *servertest.Answer {
	v.t.Helper()
	return v.Post("/v1/payment_pages/"+session+call, v.filled(text)...)
}

// TestCheckoutPageChanges has the customer choose before they pay.
func TestCheckoutPageChanges(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	v.stock()
	id := v.session(oneCap + "line_items[0][adjustable_quantity][enabled]=true line_items[1][price]=TAXED line_items[1][quantity]=1 automatic_tax[enabled]=true allow_promotion_codes=true " +
		"shipping_options[0][shipping_rate]=POST shipping_options[1][shipping_rate]=EXPRESS optional_items[0][price]=MUG optional_items[0][quantity]=1 shipping_address_collection[allowed_countries][]=DE").OK().ID()
	v.places["ITEM"] = v.Get("/v1/checkout/sessions/" + id + "/line_items").IDs()[0]
	wantFields(t, v.page(id, "/init", "browser_locale=en").OK(), map[string]any{
		"state": "active", "status": "open", "total_summary.due": 4500, "total_summary.subtotal": 4000, "line_item_group.line_items.0.name": "Cap", "line_item_group.line_items.0.adjustable_quantity.enabled": true,
		"shipping_options.1.shipping_rate.display_name": "Express", "line_item_group.shipping_rate.amount": 500, "allow_promotion_codes": true, "tax_context.automatic_tax_address_source": "session.shipping",
		"tax_meta.status": "requires_location_inputs", "customer": nil, "payment_intent": nil, "elements_session.merchant_currency": "usd",
	})
	for _, c := range []struct {
		form   string
		status int
		code   string
		want   map[string]any
		events []string
	}{
		{"updated_line_item_quantity[line_item_id]=ITEM updated_line_item_quantity[quantity]=3", 200, "", map[string]any{"total_summary.due": 8500, "line_item_group.line_items.0.quantity": 3}, nil},
		{"updated_line_item_quantity[line_item_id]=ITEM updated_line_item_quantity[quantity]=100", 400, "", nil, nil},
		{"promotion_code=quarter25", 200, "", map[string]any{"total_summary.due": 6000 + 500, "line_item_group.discount_amounts.0.amount": 2000, "line_item_group.discount_amounts.0.promotion_code.code": "quarter25"}, nil},
		{"promotion_code=nope", 400, "resource_missing", nil, nil},
		{"shipping_rate=EXPRESS", 200, "", map[string]any{"total_summary.due": 6000 + 1200, "line_item_group.shipping_rate.amount": 1200}, nil},
		{"shipping_rate=shr_none", 400, "", nil, nil},
		{"tax_region[country]=DE tax_region[postal_code]=53111", 200, "", map[string]any{"tax_meta.status": "complete", "line_item_group.tax_amounts.0.amount": 855 + 285 + 228, "total_summary.due": 7200 + 855 + 285 + 228}, []string{"tax_rate.created"}},
		{"promotion_code=", 200, "", map[string]any{"line_item_group.discount_amounts": []any{}, "total_summary.due": 9200 + 1140 + 380 + 228}, nil},
		{"optional_items[0][price]=MUG", 200, "", map[string]any{"line_item_group.line_items.2.name": "Mug"}, nil},
		{"optional_items[0][price]=MUG", 200, "", map[string]any{"line_item_group.line_items.2.quantity": 1, "line_item_group.line_items.3": nil}, nil},
		{"optional_items[0][price]=MUG optional_items[0][quantity]=2", 400, "", nil, nil},
		{"optional_items[0][price]=MUG optional_items[0][quantity]=0", 200, "", map[string]any{"line_item_group.line_items.2": nil}, nil},
		{"optional_items[0][price]=GOLD", 400, "", nil, nil},
		{"customer_details[email]=jo@example.com", 200, "", map[string]any{"customer_details.email": "jo@example.com"}, nil},
		{"payment_method_to_detach=pm_none", 400, "resource_missing", nil, nil},
	} {
		wantEvents(t, v.Server, c.events, func() {
			a := v.page(id, "", c.form)
			if c.status != 200 {
				a.Fails(c.status, c.code)
				return
			}
			wantFields(t, a.OK(), c.want)
		})
	}
	wantFields(t, v.Get("/v1/payment_pages/"+id).OK(), map[string]any{"line_item_group.line_items.0.quantity": 3, "customer_details.email": "jo@example.com"})
}

// TestCheckoutPageSaves lets customers keep what they paid with, and forget it.
func TestCheckoutPageSaves(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, begin, save, shown string }{
		{"wanted", oneCap + "customer=CUSTOMER saved_payment_method_options[payment_method_save]=enabled", "save_payment_method=true", "always"},
		{"not wanted", oneCap + "customer=CUSTOMER saved_payment_method_options[payment_method_save]=enabled", "save_payment_method=false", ""},
		{"for the seller", oneCap + "customer=CUSTOMER payment_intent_data[setup_future_usage]=off_session", "", "limited"},
		{"for the seller, to be shown", oneCap + "customer=CUSTOMER payment_intent_data[setup_future_usage]=off_session payment_method_data[allow_redisplay]=always", "", "always"},
		{"for a subscription", oneGold + "customer=CUSTOMER", "", "limited"},
		{"for a trial", oneGold + "customer=CUSTOMER subscription_data[trial_period_days]=3", "", "limited"},
		{"for payments to come", setUpCard + "customer=CUSTOMER", "", "always"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newTill(t)
			id := v.session(c.begin).OK().ID()
			if c.save != "" { // at first they think otherwise
				v.page(id, "/confirm", "payment_method=pm_card_chargeDeclined save_payment_method=true").Fails(402, "card_declined")
			}
			v.page(id, "/confirm", "payment_method=pm_card_visa "+c.save).OK()
			saved := v.Get("/v1/payment_methods", v.filled("customer=CUSTOMER")...).OK().Array("data")
			if len(saved) == 0 && c.shown == "" {
				return
			}
			if len(saved) != 1 {
				t.Fatalf("%d payment methods are saved", len(saved))
			}
			if got := saved[0].(interface{ String(name string) string }).String("allow_redisplay"); got != c.shown {
				t.Errorf("what is saved may be shown %q, want %q", got, c.shown)
			}
		})
	}
	v := newTill(t)
	v.make("CARD", "/v1/payment_methods/pm_card_visa/attach", "customer=CUSTOMER")
	v.Post(filled("/v1/payment_methods/CARD", v.places), "allow_redisplay", "always").OK()
	v.make("HERS", "/v1/payment_methods/pm_card_visa/attach", "customer="+v.make("OTHER", "/v1/customers", ""))
	keeps := v.session(oneCap + "customer=CUSTOMER").OK().ID()
	forgets := v.session(oneCap + "customer=CUSTOMER saved_payment_method_options[payment_method_remove]=enabled").OK().ID()
	wantFields(t, v.Get("/v1/payment_pages/"+forgets).OK(), map[string]any{"customer.can_detach_payment_method": true, "customer.payment_methods.0.id": v.places["CARD"], "customer.payment_methods.1": nil})
	v.page(keeps, "", "payment_method_to_detach=CARD").Fails(400, "")
	v.page(forgets, "", "payment_method_to_detach=HERS").Fails(400, "resource_missing")
	v.page(keeps, "/confirm", "payment_method=CARD save_payment_method=true").Fails(400, "")
	v.page(keeps, "/confirm", "payment_method=HERS").Fails(400, "resource_missing")
	wantEvents(t, v.Server, []string{"payment_method.detached"}, func() {
		wantFields(t, v.page(forgets, "", "payment_method_to_detach=CARD").OK(), map[string]any{"customer.payment_methods": []any{}})
	})
}

// TestCheckoutPageByCommandLine pays as Stripe's command line does to trigger events: it reads the page, makes a payment
// method, and confirms with what was due.
func TestCheckoutPageByCommandLine(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	for _, begin := range []string{oneCap, oneGold} {
		id := v.session(begin).OK().ID()
		due := v.Get("/v1/payment_pages/" + id).OK().Object("total_summary").Int("due")
		pm := v.Post("/v1/payment_methods", "type", "card", "card[token]", "tok_visa", "billing_details[email]", "stripe@example.com", "billing_details[name]", "Jenny Rosen").OK().ID()
		confirm := "payment_method=" + pm + " expected_amount="
		if e := v.page(id, "/confirm", confirm+"1").Fails(400, "checkout_amount_mismatch"); e.String("param") != "expected_amount" {
			t.Errorf("param %q", e.String("param"))
		}
		v.page(id, "/confirm", confirm+strconv.FormatInt(due, 10)).OK()
		wantFields(t, v.Get("/v1/checkout/sessions/"+id).OK(), map[string]any{"status": "complete", "payment_status": "paid", "customer_details.email": "stripe@example.com", "customer_details.name": "Jenny Rosen"})
	}
}
