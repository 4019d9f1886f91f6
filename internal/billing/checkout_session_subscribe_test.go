package billing_test

import (
	"slices"
	"testing"
	"time"
)

// The events of a subscription that begins at a session.
var (
	subscribedAt = slices.Concat([]string{"customer.created", "payment_method.attached", "customer.updated"}, paidFromStart, []string{"checkout.session.completed"})
	setUpAt      = []string{"customer.created", "setup_intent.created", "payment_method.attached", "setup_intent.succeeded"}
)

func TestCheckoutSubscribes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, begin, typed string
		want               map[string]any // of the session
		subscription       map[string]any
		invoice            map[string]any
		events             []string
	}{
		{
			name: "paid", begin: oneGold + "subscription_data[metadata][k]=v subscription_data[description]=Ours", typed: paysVisa,
			want:         map[string]any{"status": "complete", "payment_status": "paid", "payment_intent": nil, "setup_intent": nil},
			subscription: map[string]any{"status": "active", "metadata.k": "v", "description": "Ours", "items.data.0.quantity": 1},
			invoice:      map[string]any{"status": "paid", "total": 1000, "billing_reason": "subscription_create"}, events: subscribedAt,
		},
		{
			name: "with something once", begin: oneGold + "line_items[1][price]=CAP line_items[1][quantity]=2", typed: paysVisa,
			want: map[string]any{"amount_total": 5000}, subscription: map[string]any{"items.data.1": nil}, invoice: map[string]any{"total": 5000},
			events: slices.Concat(subscribedAt[:3], []string{"invoiceitem.created"}, subscribedAt[3:]),
		},
		{
			name: "a trial", begin: oneGold + "subscription_data[trial_period_days]=7", typed: paysVisa,
			want:         map[string]any{"status": "complete", "payment_status": "no_payment_required", "amount_total": 0},
			subscription: map[string]any{"status": "trialing"}, invoice: map[string]any{"status": "paid", "total": 0},
			events: slices.Concat(setUpAt, []string{"customer.updated", "customer.subscription.created", "invoice.created"}, billedNothing, []string{"checkout.session.completed"}),
		},
		{
			name: "a trial without a card", begin: oneGold + "subscription_data[trial_period_days]=7 payment_method_collection=if_required subscription_data[trial_settings][end_behavior][missing_payment_method]=cancel",
			want:         map[string]any{"status": "complete", "payment_status": "no_payment_required"},
			subscription: map[string]any{"status": "trialing", "default_payment_method": nil, "trial_settings.end_behavior.missing_payment_method": "cancel"}, invoice: map[string]any{"status": "paid"},
			events: slices.Concat([]string{"customer.created", "customer.updated", "customer.subscription.created", "invoice.created"}, billedNothing, []string{"checkout.session.completed"}),
		},
		{
			name: "a trial and something once", begin: oneGold + "subscription_data[trial_period_days]=7 line_items[1][price]=CAP line_items[1][quantity]=1", typed: paysVisa,
			want: map[string]any{"payment_status": "paid", "amount_total": 2000}, subscription: map[string]any{"status": "trialing"}, invoice: map[string]any{"total": 2000, "status": "paid"},
			events: slices.Concat(subscribedAt[:3], []string{"invoiceitem.created"}, subscribedAt[3:]),
		},
		{
			name: "half a month first", begin: oneGold + "subscription_data[billing_cycle_anchor]=HALF", typed: paysVisa,
			want: map[string]any{"amount_total": 484}, subscription: map[string]any{"status": "active"}, invoice: map[string]any{"total": 484}, events: subscribedAt,
		},
		{
			name: "at a discount", begin: oneGold + "discounts[0][promotion_code]=PROMO", typed: paysVisa,
			want: map[string]any{"amount_total": 750, "total_details.amount_discount": 250, "discounts.0.promotion_code": "PROMO", "discounts.0.coupon": "COUPON"}, invoice: map[string]any{"total": 750},
			events: slices.Concat(subscribedAt[:3], []string{"customer.discount.created"}, subscribedAt[3:]),
		},
		{
			name: "at a discount for much", begin: oneGold + "line_items[1][price]=CAP line_items[1][quantity]=1 discounts[0][promotion_code]=MUCH", typed: paysVisa,
			want: map[string]any{"amount_total": 2250, "discounts.0.promotion_code": "MUCH"}, invoice: map[string]any{"total": 2250},
			events: slices.Concat(subscribedAt[:3], []string{"customer.discount.created", "invoiceitem.created"}, subscribedAt[3:]),
		},
		{
			name: "with tax", begin: oneGold + "subscription_data[default_tax_rates][]=TAX line_items[1][price]=CAP line_items[1][quantity]=1 line_items[1][tax_rates][]=WITHIN", typed: paysVisa,
			want: map[string]any{"amount_total": 3200, "total_details.amount_tax": 200 + 333}, invoice: map[string]any{"total": 3200},
			events: slices.Concat(subscribedAt[:3], []string{"invoiceitem.created"}, subscribedAt[3:]),
		},
		{
			name: "at a price of its own", begin: "mode=subscription success_url=https://shop.example line_items[0][quantity]=2 line_items[0][price_data][currency]=usd line_items[0][price_data][product]=gold line_items[0][price_data][unit_amount]=700 line_items[0][price_data][recurring][interval]=year", typed: paysVisa,
			want: map[string]any{"amount_total": 1400}, subscription: map[string]any{"items.data.0.price.active": false, "items.data.0.quantity": 2}, invoice: map[string]any{"total": 1400}, events: subscribedAt,
		},
		{
			name: "in another currency", begin: "mode=subscription success_url=https://shop.example currency=eur line_items[0][price]=BOTH line_items[0][quantity]=1 line_items[1][price]=CAP line_items[1][quantity]=1", typed: paysVisa,
			want: map[string]any{"amount_total": 2700, "currency": "eur"}, subscription: map[string]any{"currency": "eur"}, invoice: map[string]any{"total": 2700, "currency": "eur"},
			events: slices.Concat(subscribedAt[:3], []string{"invoiceitem.created"}, subscribedAt[3:]),
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newTill(t)
			v.make("BOTH", "/v1/prices", "product=gold currency=usd unit_amount=1000 currency_options[eur][unit_amount]=900 recurring[interval]=month")
			v.places["HALF"] = unixText(v.Clock.Now().AddDate(0, 0, 15))
			v.make("COUPON", "/v1/coupons", "percent_off=25 duration=forever")
			v.make("PROMO", "/v1/promotion_codes", "promotion[type]=coupon promotion[coupon]=COUPON code=OFF25")
			v.make("MUCH", "/v1/promotion_codes", "promotion[type]=coupon promotion[coupon]=COUPON code=MUCH25 restrictions[minimum_amount]=2500 restrictions[minimum_amount_currency]=usd")
			v.make("TAX", "/v1/tax_rates", "display_name=VAT percentage=20 inclusive=false")
			v.make("WITHIN", "/v1/tax_rates", "display_name=VAT percentage=20 inclusive=true")
			id := v.session(c.begin).OK().ID()
			wantEvents(t, v.Server, c.events, func() { v.complete(id, c.typed).OK() })
			s := v.Get("/v1/checkout/sessions/" + id).OK()
			for path, want := range c.want {
				if word, ok := want.(string); ok && v.places[word] != "" {
					c.want[path] = v.places[word]
				}
			}
			wantFields(t, s, c.want)
			sub := v.Get("/v1/subscriptions/" + s.Ref("subscription")).OK()
			wantFields(t, sub, c.subscription)
			wantFields(t, sub, map[string]any{"customer": s.Ref("customer"), "latest_invoice": s.Ref("invoice")})
			wantFields(t, v.Get("/v1/invoices/"+s.Ref("invoice")).OK(), c.invoice)
			if c.typed != "" {
				pm := v.Get("/v1/payment_methods/" + sub.Ref("default_payment_method")).OK()
				wantFields(t, pm, map[string]any{"customer": s.Ref("customer"), "billing_details.email": "jenny@example.com"})
			}
		})
	}
}

// TestCheckoutSubscribesAgain declines and asks before a subscription begins: always the same one.
func TestCheckoutSubscribesAgain(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	id := v.session(oneGold + "customer=CUSTOMER").OK().ID()
	wantEvents(t, v.Server, []string{"customer.updated", "customer.subscription.created", "invoice.created", "invoice.finalized", "payment_intent.created", "charge.failed", "payment_intent.payment_failed", "invoice.updated", "invoice.payment_failed"}, func() {
		v.complete(id, "payment_method=pm_card_chargeDeclined").Fails(402, "card_declined")
	})
	wantFields(t, v.Get("/v1/checkout/sessions/"+id).OK(), map[string]any{"status": "open", "subscription": nil, "invoice": nil})
	wantEvents(t, v.Server, []string{"payment_intent.requires_action"}, func() { v.complete(id, "payment_method=pm_card_threeDSecure2Required").OK() })
	page := v.Get("/v1/payment_pages/" + id).OK()
	wantFields(t, page, map[string]any{"state": "active", "payment_intent.status": "requires_action", "payment_intent.next_action.redirect_to_url.return_url": v.URL + "/c/pay/" + id})
	intent := page.Object("payment_intent").ID()
	wantEvents(t, v.Server, slices.Concat([]string{"payment_method.attached"}, invoicePaid, []string{"customer.subscription.updated", "checkout.session.completed"}), func() {
		v.Post("/v1/test_helpers/payment_intents/" + intent + "/authenticate").OK()
	})
	s := v.Get("/v1/checkout/sessions/" + id).OK()
	wantFields(t, s, map[string]any{"status": "complete", "payment_status": "paid"})
	subs := v.Get("/v1/subscriptions", "status", "all").IDs()
	if len(subs) != 1 || subs[0] != s.Ref("subscription") {
		t.Errorf("the subscriptions are %v", subs)
	}
	if sub := v.Get("/v1/subscriptions/" + subs[0]).OK(); sub.Ref("default_payment_method") == "" || sub.String("status") != "active" {
		t.Errorf("the subscription is %s, paid by %q", sub.String("status"), sub.Ref("default_payment_method"))
	}
}

// TestCheckoutSubscribesToLess changes its mind after a decline: what was begun is ended.
func TestCheckoutSubscribesToLess(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	id := v.session("mode=subscription success_url=https://shop.example line_items[0][price]=GOLD line_items[0][quantity]=5 line_items[0][adjustable_quantity][enabled]=true").OK().ID()
	v.places["ITEM"] = v.Get("/v1/checkout/sessions/" + id + "/line_items").IDs()[0]
	v.complete(id, "payment_method=pm_card_chargeDeclined").Fails(402, "card_declined")
	s := v.complete(id, paysVisa+"line_items[0][id]=ITEM line_items[0][quantity]=2").OK()
	wantFields(t, s, map[string]any{"status": "complete", "amount_total": 2000})
	wantFields(t, v.Get("/v1/invoices/"+s.Ref("invoice")).OK(), map[string]any{"status": "paid", "total": 2000})
	if ended := v.Get("/v1/subscriptions", "status", "incomplete_expired").IDs(); len(ended) != 1 {
		t.Errorf("%d subscriptions have ended, want the first", len(ended))
	}
}

// TestCheckoutSubscribesByDebit pays the first invoice by a debit.
func TestCheckoutSubscribesByDebit(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	id := v.session(oneGold + "payment_method_types[]=us_bank_account customer=CUSTOMER").OK().ID()
	s := v.complete(id, "payment_method=pm_usBankAccount_success").OK()
	wantFields(t, s, map[string]any{"status": "complete", "payment_status": "unpaid"})
	sub := v.Get("/v1/subscriptions/" + s.Ref("subscription")).OK()
	if sub.String("status") != "active" || sub.Ref("default_payment_method") == "" {
		t.Errorf("the subscription is %s, paid by %q", sub.String("status"), sub.Ref("default_payment_method"))
	}
	wantEvents(t, v.Server, []string{"charge.succeeded", "payment_intent.succeeded", "invoice_payment.paid", "invoice.updated", "invoice.paid", "invoice.payment_succeeded", "checkout.session.async_payment_succeeded"}, func() {
		v.pass(7 * 24 * time.Hour)
	})
	wantFields(t, v.Get("/v1/checkout/sessions/"+id).OK(), map[string]any{"payment_status": "paid"})
}

// TestCheckoutSetsUp leaves a payment method for payments to come.
func TestCheckoutSetsUp(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, begin, typed string
		status             int
		want               map[string]any
		events             []string
	}{
		{"a customer", setUpCard + "customer=CUSTOMER setup_intent_data[metadata][k]=v", paysVisa, 200, map[string]any{"status": "complete", "payment_status": "no_payment_required", "customer_details.address": nil}, []string{"payment_method.attached", "setup_intent.succeeded", "checkout.session.completed"}},
		{"nobody", setUpCard, paysVisa, 200, map[string]any{"status": "complete", "customer": nil}, []string{"setup_intent.succeeded", "checkout.session.completed"}},
		{"somebody new", setUpCard + "customer_creation=always", paysVisa, 200, map[string]any{"status": "complete"}, []string{"customer.created", "payment_method.attached", "setup_intent.succeeded", "checkout.session.completed"}},
		{"declined", setUpCard + "customer=CUSTOMER", "payment_method=pm_card_chargeDeclined", 402, map[string]any{"status": "open"}, []string{"setup_intent.setup_failed"}},
		{"the bank asks", setUpCard + "customer=CUSTOMER", "payment_method=pm_card_authenticationRequired", 200, map[string]any{"status": "open"}, []string{"setup_intent.requires_action"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newTill(t)
			id := v.session(c.begin).OK().ID()
			wantEvents(t, v.Server, c.events, func() {
				if a := v.complete(id, c.typed); a.Status != c.status {
					t.Errorf("status %d: %s", a.Status, a.Body)
				}
			})
			s := v.Get("/v1/checkout/sessions/" + id).OK()
			wantFields(t, s, c.want)
			if s.String("status") == "open" && c.status == 200 {
				wantEvents(t, v.Server, []string{"payment_method.attached", "setup_intent.succeeded", "checkout.session.completed"}, func() {
					v.Post("/v1/test_helpers/setup_intents/" + s.Ref("setup_intent") + "/authenticate").OK()
				})
			}
		})
	}
}
