package billing_test

import (
	"slices"
	"testing"
	"time"

	"sharesmart/internal/object"
)

// The events of a payment at a session.
var (
	paidSession     = []string{"payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"}
	declinedSession = []string{"payment_intent.created", "charge.failed", "payment_intent.payment_failed"}
	invoicedSession = []string{"invoiceitem.created", "invoice.updated", "invoice.finalized", "invoice_payment.paid", "invoice.updated", "invoice.paid", "invoice.payment_succeeded"}
)

func TestCheckoutPays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, begin, typed string
		status             int
		code               string
		want               map[string]any // of the session
		intent             map[string]any
		events             []string
	}{
		{
			name: "a guest", begin: oneCap, typed: paysVisa + "customer_details[name]=Jenny customer_details[address][country]=DE customer_details[address][line1]=Weg", status: 200,
			want: map[string]any{
				"status": "complete", "payment_status": "paid", "url": nil, "customer": nil, "customer_details.email": "jenny@example.com", "customer_details.name": "Jenny",
				"customer_details.address.country": "DE", "customer_details.address.city": nil, "customer_details.tax_ids": []any{}, "customer_details.tax_exempt": "none",
			},
			intent: map[string]any{"status": "succeeded", "amount": 2000, "customer": nil, "capture_method": "automatic_async"}, events: paidSession,
		},
		{
			name: "a customer is made", begin: oneCap + "customer_creation=always locale=fr", typed: paysVisa + "customer_details[name]=Jenny customer_details[phone]=123", status: 200,
			want: map[string]any{"status": "complete"}, events: append([]string{"customer.created"}, paidSession...),
		},
		{
			name: "a customer is there", begin: oneCap + "customer=CUSTOMER", typed: paysVisa + "customer_details[name]=Jenny", status: 200,
			want: map[string]any{"customer_details.name": "Jenny"}, events: paidSession,
		},
		{
			name: "a customer is updated", begin: oneCap + "customer=CUSTOMER customer_update[name]=auto", typed: paysVisa + "customer_details[name]=Jenny", status: 200,
			want: map[string]any{"customer_details.name": "Jenny"}, events: append([]string{"customer.updated"}, paidSession...),
		},
		{
			name: "for later", begin: oneCap + "payment_intent_data[setup_future_usage]=off_session payment_intent_data[description]=One payment_intent_data[metadata][k]=v payment_intent_data[receipt_email]=r@example.com", typed: paysVisa, status: 200,
			intent: map[string]any{"description": "One", "metadata.k": "v", "setup_future_usage": "off_session", "receipt_email": "r@example.com"},
			events: []string{"customer.created", "payment_intent.created", "payment_method.attached", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"},
		},
		{
			name: "authorized only", begin: oneCap + "payment_intent_data[capture_method]=manual", typed: paysVisa, status: 200,
			want: map[string]any{"status": "complete", "payment_status": "unpaid"}, intent: map[string]any{"status": "requires_capture"},
			events: []string{"payment_intent.created", "charge.succeeded", "payment_intent.amount_capturable_updated", "checkout.session.completed"},
		},
		{
			name: "declined", begin: oneCap, typed: "payment_method=pm_card_chargeDeclined", status: 402, code: "card_declined",
			want: map[string]any{"status": "open", "payment_status": "unpaid", "customer_details.email": "jenny@example.com"}, intent: map[string]any{"status": "requires_payment_method", "last_payment_error.code": "card_declined"},
			events: declinedSession,
		},
		{
			name: "the bank asks", begin: oneCap, typed: "payment_method=pm_card_authenticationRequired", status: 200,
			want: map[string]any{"status": "open", "payment_status": "unpaid"}, intent: map[string]any{"status": "requires_action", "next_action.type": "redirect_to_url"},
			events: []string{"payment_intent.created", "payment_intent.requires_action"},
		},
		{
			name: "an invoice", begin: twoCaps + "invoice_creation[enabled]=true invoice_creation[invoice_data][description]=Caps invoice_creation[invoice_data][metadata][k]=v", typed: paysVisa, status: 200,
			want:   map[string]any{"payment_status": "paid"},
			events: slices.Concat([]string{"customer.created"}, paidSession[:3], []string{"invoice.created"}, invoicedSession, paidSession[3:]),
		},
		{
			name: "nothing to pay", begin: oneCap + "discounts[0][coupon]=FREE", status: 200,
			want: map[string]any{"status": "complete", "payment_status": "no_payment_required", "payment_intent": nil, "amount_total": 0}, events: []string{"checkout.session.completed"},
		},
		{name: "nothing to pay with", begin: oneCap, status: 400, code: "parameter_missing"},
		{name: "another method", begin: oneCap + "payment_method_types[]=card", typed: "payment_method=pm_usBankAccount_success", status: 400},
		{name: "expected less", begin: oneCap, typed: paysVisa + "expected_amount=1999", status: 400, code: "checkout_amount_mismatch"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newTill(t)
			v.make("FREE", "/v1/coupons", "percent_off=100")
			id := v.session(c.begin).OK().ID()
			wantEvents(t, v.Server, c.events, func() {
				if a := v.complete(id, c.typed); c.status != 200 {
					a.Fails(c.status, c.code)
				} else {
					a.OK()
				}
			})
			s := v.Get("/v1/checkout/sessions/" + id).OK()
			wantFields(t, s, c.want)
			if c.intent != nil {
				wantFields(t, v.Get("/v1/payment_intents/"+s.Ref("payment_intent")).OK(), c.intent)
			}
		})
	}
}

// TestCheckoutTriesAgain declines, asks, and takes the money at last: always the same payment.
func TestCheckoutTriesAgain(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	id := v.session(twoCaps + "line_items[0][adjustable_quantity][enabled]=true customer_creation=always").OK().ID()
	item := v.Get("/v1/checkout/sessions/" + id + "/line_items").IDs()[0]
	intent := v.complete(id, "payment_method=pm_card_chargeDeclined").Fails(402, "card_declined").Object("payment_intent").ID()
	v.places["ITEM"] = item
	wantEvents(t, v.Server, []string{"payment_intent.requires_action"}, func() {
		s := v.complete(id, "payment_method=pm_card_threeDSecure2Required line_items[0][id]=ITEM line_items[0][quantity]=3").OK()
		wantFields(t, s, map[string]any{"status": "open", "payment_intent": intent, "amount_total": 6000})
	})
	path := "/v1/test_helpers/payment_intents/" + intent + "/authenticate"
	wantEvents(t, v.Server, []string{"payment_intent.payment_failed"}, func() { v.Post(path, "outcome", "failed").OK() })
	wantFields(t, v.Get("/v1/checkout/sessions/"+id).OK(), map[string]any{"status": "open"})
	v.complete(id, "payment_method=pm_card_threeDSecure2Required").OK()
	wantEvents(t, v.Server, []string{"charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"}, func() { v.Post(path).OK() })
	s := v.Get("/v1/checkout/sessions/" + id).OK()
	wantFields(t, s, map[string]any{"status": "complete", "payment_status": "paid", "payment_intent": intent, "amount_total": 6000})
	wantFields(t, v.Get("/v1/payment_intents/"+intent).OK(), map[string]any{"status": "succeeded", "amount_received": 6000, "customer": s.Ref("customer")})
	if made := v.Get("/v1/customers").IDs(); len(made) != 2 {
		t.Errorf("there are %d customers; one was there before", len(made))
	}
	e := v.complete(id, paysVisa).Fails(400, "checkout_succeeded_session")
	if got := e.String("message"); got != "This Checkout Session has already been processed." {
		t.Errorf("the second time: %s", got)
	}
}

// TestCheckoutWaits pays by methods that take days.
func TestCheckoutWaits(t *testing.T) {
	t.Parallel()
	const async = "checkout.session.async_payment_"
	for _, c := range []struct {
		name, begin, typed   string
		atOnce, later        []string
		state, status, final string
	}{
		{
			"a debit", "payment_method_types[]=us_bank_account", "payment_method=pm_usBankAccount_success", []string{"payment_intent.created", "charge.pending", "payment_intent.processing", "checkout.session.completed"},
			[]string{"charge.succeeded", "payment_intent.succeeded", async + "succeeded"}, "processing_async_payment", "paid", "succeeded",
		},
		{
			"a debit that fails", "payment_method_types[]=us_bank_account", "payment_method=pm_usBankAccount_insufficientFunds", []string{"payment_intent.created", "charge.pending", "payment_intent.processing", "checkout.session.completed"},
			[]string{"charge.failed", "payment_intent.payment_failed", async + "failed"}, "processing_async_payment", "unpaid", "failed_async_payment",
		},
		{
			"a debit and its invoice", "payment_method_types[]=us_bank_account invoice_creation[enabled]=true", "payment_method=pm_usBankAccount_success",
			[]string{"customer.created", "payment_intent.created", "charge.pending", "payment_intent.processing", "checkout.session.completed"},
			slices.Concat([]string{"charge.succeeded", "payment_intent.succeeded", "invoice.created"}, invoicedSession, []string{async + "succeeded"}), "processing_async_payment", "paid", "succeeded",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newTill(t)
			id := v.session(oneCap + c.begin).OK().ID()
			wantEvents(t, v.Server, c.atOnce, func() {
				wantFields(t, v.complete(id, c.typed).OK(), map[string]any{"status": "complete", "payment_status": "unpaid"})
			})
			if got := v.Get("/v1/payment_pages/" + id + "/poll").OK().String("state"); got != c.state {
				t.Errorf("the page says %s, want %s", got, c.state)
			}
			wantEvents(t, v.Server, c.later, func() { v.pass(14 * 24 * time.Hour) })
			wantFields(t, v.Get("/v1/checkout/sessions/"+id).OK(), map[string]any{"status": "complete", "payment_status": c.status})
			if got := v.Get("/v1/payment_pages/" + id + "/poll").OK().String("state"); got != c.final {
				t.Errorf("at last the page says %s, want %s", got, c.final)
			}
		})
	}
}

// pass lets time go by.
func (v *till) pass(d time.Duration) {
	v.t.Helper()
	v.Clock.Advance(d)
	if err := v.Engine.RunDue(v.t.Context()); err != nil {
		v.t.Fatal(err)
	}
}

// TestCheckoutVoucher has customers who are told how to pay elsewhere.
func TestCheckoutVoucher(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	v.make("REAL", "/v1/prices", "product=cap currency=brl unit_amount=5000")
	id := v.session("mode=payment success_url=https://shop.example line_items[0][price]=REAL line_items[0][quantity]=1 payment_method_types[]=boleto").OK().ID()
	v.make("BOLETO", "/v1/payment_methods", "type=boleto boleto[tax_id]=00000000000 billing_details[email]=succeed_immediately@example.com billing_details[name]=Ana")
	wantEvents(t, v.Server, []string{"payment_intent.created", "payment_intent.requires_action", "checkout.session.completed"}, func() {
		wantFields(t, v.complete(id, "payment_method=BOLETO").OK(), map[string]any{"status": "complete", "payment_status": "unpaid"})
	})
	wantEvents(t, v.Server, []string{"charge.succeeded", "payment_intent.succeeded", "checkout.session.async_payment_succeeded", "charge.updated", "balance.available"}, func() { v.pass(7 * 24 * time.Hour) })
	wantFields(t, v.Get("/v1/checkout/sessions/"+id).OK(), map[string]any{"payment_status": "paid"})
}

// TestCheckoutCaptured has the seller take the money later.
func TestCheckoutCaptured(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	s := v.session(oneCap + "payment_intent_data[capture_method]=manual").OK()
	s = v.complete(s.ID(), paysVisa).OK()
	wantEvents(t, v.Server, []string{"charge.captured", "payment_intent.succeeded"}, func() { v.Post("/v1/payment_intents/" + s.Ref("payment_intent") + "/capture").OK() })
	wantFields(t, v.Get("/v1/checkout/sessions/"+s.ID()).OK(), map[string]any{"payment_status": "paid"})
}

// TestCheckoutInvoice looks at the invoice of what was paid.
func TestCheckoutInvoice(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	v.make("COUPON", "/v1/coupons", "amount_off=500 currency=usd max_redemptions=2")
	v.make("TAX", "/v1/tax_rates", "display_name=VAT percentage=10 inclusive=false")
	v.Post("/v1/customers/"+v.places["CUSTOMER"], "balance", "-700").OK()
	id := v.session(twoCaps + "line_items[0][tax_rates][]=TAX line_items[1][price_data][currency]=usd line_items[1][price_data][unit_amount]=1000 line_items[1][price_data][product_data][name]=Mug " +
		"line_items[1][quantity]=1 discounts[0][coupon]=COUPON invoice_creation[enabled]=true customer=CUSTOMER").OK().ID()
	s := v.complete(id, paysVisa).OK()
	in := v.Get("/v1/invoices/" + s.Ref("invoice")).OK()
	wantFields(t, in, map[string]any{
		"status": "paid", "subtotal": 5000, "total": s.Int("amount_total"), "amount_paid": s.Int("amount_total"), "starting_balance": 0, "ending_balance": 0, "amount_overpaid": 0,
		"customer": v.places["CUSTOMER"], "lines.data.0.description": "Cap", "lines.data.0.quantity": 2, "lines.data.1.description": "Mug",
	})
	wantFields(t, s, map[string]any{"amount_subtotal": 5000, "total_details.amount_discount": 500, "total_details.amount_tax": 360, "amount_total": 4860})
	wantFields(t, v.Get("/v1/customers/"+v.places["CUSTOMER"]).OK(), map[string]any{"balance": -700})
	wantFields(t, v.Get("/v1/coupons/"+v.places["COUPON"]).OK(), map[string]any{"times_redeemed": 1})
	got := v.Get("/v1/checkout/sessions/"+id, "expand[]", "total_details.breakdown", "expand[]", "line_items.data.discounts", "expand[]", "line_items.data.taxes").OK()
	wantFields(t, got, map[string]any{
		"total_details.breakdown.discounts.0.amount": 500, "total_details.breakdown.discounts.0.discount.source.coupon": v.places["COUPON"], "total_details.breakdown.discounts.0.discount.checkout_session": id,
		"total_details.breakdown.discounts.0.discount.id": field(in, "discounts.0"), "total_details.breakdown.taxes.0.amount": 360, "total_details.breakdown.taxes.0.rate.id": v.places["TAX"],
		"line_items.data.0.taxes.0.amount": 360, "line_items.data.0.discounts.0.amount": 400, "line_items.data.1.discounts.0.amount": 100, "line_items.data.1.taxes": []any{},
	})
	payments := v.Get("/v1/invoice_payments", "invoice", in.ID()).OK().Array("data")
	if len(payments) != 1 || payments[0].(*object.Object).Object("payment").Ref("payment_intent") != s.Ref("payment_intent") {
		t.Errorf("the invoice is paid by %v", payments)
	}
}

// TestCheckoutSellsWhatItOffered archives what an open session sells.
func TestCheckoutSellsWhatItOffered(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	v.stock()
	once := v.session(oneCap + "shipping_options[0][shipping_rate]=POST invoice_creation[enabled]=true").OK().ID()
	monthly := v.session(oneGold + "line_items[1][price]=CAP line_items[1][quantity]=1").OK().ID()
	for _, path := range []string{"/v1/prices/CAP", "/v1/prices/GOLD", "/v1/shipping_rates/POST"} {
		v.Post(filled(path, v.places), "active", "false").OK()
	}
	for id, total := range map[string]int{once: 2500, monthly: 3000} {
		s := v.complete(id, paysVisa).OK()
		wantFields(t, v.Get("/v1/invoices/"+s.Ref("invoice")).OK(), map[string]any{"status": "paid", "total": total})
	}
	v.session(oneCap).Fails(400, "")
}
