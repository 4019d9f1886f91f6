package billing_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
	"sharesmart/internal/store"
)

// The events of Stripe's sequences, in order.
var (
	chargedNow    = append([]string{"invoice.finalized", "payment_intent.created"}, invoicePaid...)
	paidFromStart = append(append([]string{"customer.subscription.created", "invoice.created"}, chargedNow...), "customer.subscription.updated")
	billedNothing = []string{"invoice.finalized", "invoice.paid", "invoice.payment_succeeded"}
	failedCharge  = append([]string{"invoice.finalized", "payment_intent.created"}, invoiceFailed...)
)

func events(parts ...any) []string {
	var out []string
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			out = append(out, p)
		case []string:
			out = append(out, p...)
		}
	}
	return out
}

// subscribed is an invoiced customer and what they may subscribe to.
type subscribed struct {
	*invoiced
	monthly, yearly string
}

// newSubscribed has a customer who pays with a method, and Gold at 10 dollars a month or 100 a year.
func newSubscribed(t *testing.T, method string) *subscribed {
	t.Helper()
	v := &subscribed{invoiced: newInvoiced(t, method)}
	v.Post("/v1/products", "id", "gold", "name", "Gold").OK()
	v.monthly, v.yearly = v.price("unit_amount=1000 recurring[interval]=month"), v.price("unit_amount=10000 recurring[interval]=year")
	return v
}

func (v *subscribed) price(more string) string {
	v.t.Helper()
	return v.Post("/v1/prices", form("product=gold currency=usd "+more)...).OK().ID()
}

// subscribe begins a subscription to Gold by month.
func (v *subscribed) subscribe(more string) *servertest.Answer {
	v.t.Helper()
	if !strings.HasPrefix(more, "items[0][price]") {
		more += " items[0][price]=" + v.monthly
	}
	return v.Post("/v1/subscriptions", form("customer="+v.customer+" "+more)...)
}

func unixText(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

// filled puts values into the places that a text has for them.
func filled(text string, places map[string]string) string {
	for place, value := range places {
		text = strings.ReplaceAll(text, place, value)
	}
	return text
}

func TestSubscriptionBegins(t *testing.T) {
	t.Parallel()
	start := servertest.Start
	now, month := int(start.Unix()), int(start.AddDate(0, 1, 0).Unix())
	const customer, created = "customer.updated", "customer.subscription.created"
	for _, c := range []struct {
		name, method, form string
		want               map[string]any // of the subscription
		invoice            map[string]any // its latest, if there is one
		events             []string
	}{
		{
			name: "paid", method: "pm_card_visa", form: "items[0][quantity]=3",
			want: map[string]any{"status": "active", "items.data.0.current_period_start": now, "items.data.0.current_period_end": month, "billing_mode.type": "flexible", "billing_cycle_anchor": now, "start_date": now},
			invoice: map[string]any{
				"status": "paid", "total": 3000, "amount_paid": 3000, "billing_reason": "subscription_create", "parent.type": "subscription_details", "attempt_count": 1,
				"period_start": now, "period_end": now, "auto_advance": false, "lines.data.0.description": "3 × Gold (at $10.00 / month)", "lines.data.0.period.end": month,
				"lines.data.0.parent.type": "subscription_item_details", "lines.data.0.quantity": 3, "lines.data.0.pricing.unit_amount_decimal": "1000", "lines.data.1": nil,
			},
			events: events(customer, paidFromStart),
		},
		{
			name: "declined", method: "pm_card_chargeCustomerFail", want: map[string]any{"status": "incomplete"},
			invoice: map[string]any{"status": "open", "attempt_count": 1, "attempted": true, "next_payment_attempt": nil, "amount_remaining": 1000},
			events:  events(customer, created, "invoice.created", failedCharge),
		},
		{
			name: "the customer's bank asks", method: "pm_card_authenticationRequired", want: map[string]any{"status": "incomplete"}, invoice: map[string]any{"status": "open"},
			events: events(customer, created, "invoice.created", "invoice.finalized", "payment_intent.created", "payment_intent.requires_action", "invoice.updated", "invoice.payment_action_required"),
		},
		{
			name: "paid later", form: "payment_behavior=default_incomplete", want: map[string]any{"status": "incomplete"}, invoice: map[string]any{"status": "open", "attempted": false, "amount_due": 1000},
			events: events(customer, created, "invoice.created", "invoice.finalized", "payment_intent.created"),
		},
		{
			name: "sent", form: "collection_method=send_invoice days_until_due=7", want: map[string]any{"status": "active", "days_until_due": 7},
			invoice: map[string]any{"status": "draft", "auto_advance": true, "due_date": now + 7*86400, "collection_method": "send_invoice", "automatically_finalizes_at": now + 3600},
			events:  events(customer, created, "invoice.created"),
		},
		{
			name: "trial", form: "trial_period_days=30", want: map[string]any{"status": "trialing", "trial_start": now, "trial_end": now + 30*86400, "billing_cycle_anchor": now + 30*86400, "items.data.0.current_period_end": now + 30*86400},
			invoice: map[string]any{"status": "paid", "total": 0, "lines.data.0.description": "Free trial for 1 × Gold", "lines.data.0.amount": 0},
			events:  events(customer, created, "invoice.created", billedNothing),
		},
		{
			name: "short trial", form: "trial_end=" + unixText(start.AddDate(0, 0, 1)) + " billing_mode[type]=classic", want: map[string]any{"status": "trialing", "billing_mode.type": "classic"},
			invoice: map[string]any{"lines.data.0.description": "Trial period for Gold"},
			events:  events(customer, created, "invoice.created", "customer.subscription.trial_will_end", billedNothing),
		},
		{
			name: "a free plan", form: "items[0][price]={free}", want: map[string]any{"status": "active"}, invoice: map[string]any{"status": "paid", "total": 0, "amount_due": 0},
			events: events(customer, created, "invoice.created", billedNothing),
		},
		{
			name: "until the anchor", method: "pm_card_visa", form: "billing_cycle_anchor=" + unixText(start.AddDate(0, 0, 15)),
			want:    map[string]any{"status": "active", "items.data.0.current_period_start": now, "items.data.0.current_period_end": now + 15*86400},
			invoice: map[string]any{"total": 484, "lines.data.0.period.end": now + 15*86400}, // 1000 * 15/31 = 483.87: the period would have begun on 16 August
			events:  events(customer, paidFromStart),
		},
		{
			name: "free until the anchor", form: "proration_behavior=none billing_cycle_anchor=" + unixText(start.AddDate(0, 0, 15)),
			want: map[string]any{"status": "active", "latest_invoice": nil, "items.data.0.current_period_end": now + 15*86400}, events: events(customer, created),
		},
		{
			name: "an anchor by day", method: "pm_card_visa", form: "billing_cycle_anchor_config[day_of_month]=31",
			want:    map[string]any{"billing_cycle_anchor": int(time.Date(2026, 10, 31, 12, 0, 0, 0, time.UTC).Unix()), "items.data.0.current_period_end": int(time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC).Unix())},
			invoice: map[string]any{"total": 967}, // 1000 * 29/30 = 966.67: 1 September to the 30th of 31 August to 30 September
			events:  events(customer, paidFromStart),
		},
		{
			name: "with something once", method: "pm_card_visa", form: "add_invoice_items[0][price]={once}", want: map[string]any{"status": "active"},
			invoice: map[string]any{"total": 1700, "lines.data.0.amount": 700, "lines.data.1.amount": 1000, "lines.data.2": nil},
			events:  events(customer, "invoiceitem.created", paidFromStart),
		},
		{
			name: "with a coupon", method: "pm_card_visa", form: "discounts[0][coupon]=half", want: map[string]any{"status": "active"},
			invoice: map[string]any{"subtotal": 1000, "total": 500, "total_discount_amounts.0.amount": 500}, events: events("customer.updated", "customer.discount.created", paidFromStart),
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newSubscribed(t, c.method)
			v.Post("/v1/coupons", form("id=half percent_off=50 duration=forever")...).OK()
			world := map[string]string{"{free}": v.price("unit_amount=0 recurring[interval]=month"), "{once}": v.price("unit_amount=700")}
			var sub *object.Object
			wantEvents(t, v.Server, c.events, func() { sub = v.subscribe(filled(c.form, world)).OK() })
			wantFields(t, sub, c.want)
			if c.invoice != nil {
				wantFields(t, v.Get("/v1/invoices/"+field(sub, "latest_invoice").(string)).OK(), c.invoice)
			}
		})
	}
}

// An incomplete subscription that is not paid within 23 hours ends, and with it its invoice.
func TestSubscriptionExpires(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "")
	sub := v.subscribe("payment_behavior=default_incomplete").OK()
	v.subscribe("payment_behavior=error_if_incomplete").Fails(400, "resource_missing")
	wantEvents(t, v.Server, nil, func() { v.later(22 * time.Hour) })
	wantEvents(t, v.Server, []string{"payment_intent.canceled", "invoice.updated", "invoice.voided", "customer.subscription.updated"}, func() { v.later(time.Hour) })
	wantFields(t, v.Get("/v1/subscriptions/"+sub.ID()).OK(), map[string]any{"status": "incomplete_expired", "ended_at": int(servertest.Start.Add(23 * time.Hour).Unix())})
	wantEvents(t, v.Server, nil, func() { v.later(40 * 24 * time.Hour) })
}

// A subscription that is not to be made without its payment leaves nothing behind.
func TestSubscriptionNotMade(t *testing.T) {
	t.Parallel()
	for method, code := range map[string]string{"pm_card_chargeCustomerFail": "card_declined", "pm_card_authenticationRequired": "subscription_payment_intent_requires_action"} {
		v := newSubscribed(t, method)
		wantEvents(t, v.Server, nil, func() { v.subscribe("payment_behavior=error_if_incomplete").Fails(402, code) })
		if ids := v.Get("/v1/subscriptions", "status", "all").IDs(); len(ids) != 0 {
			t.Errorf("%s: there are %q", method, ids)
		}
	}
}

// A customer completes the first payment: the subscription is active.
func TestSubscriptionCompleted(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "")
	sub := v.subscribe("payment_behavior=default_incomplete payment_settings[save_default_payment_method]=on_subscription expand[]=latest_invoice.payments").OK()
	pi := field(sub, "latest_invoice.payments.data.0.payment.payment_intent").(string)
	wantEvents(t, v.Server, events("payment_method.attached", invoicePaid, "customer.subscription.updated"), func() {
		v.Post("/v1/payment_intents/"+pi+"/confirm", "payment_method", "pm_card_visa", "return_url", "https://example.com").OK()
	})
	paid := v.Get("/v1/subscriptions/" + sub.ID()).OK()
	wantFields(t, paid, map[string]any{"status": "active"})
	if field(paid, "default_payment_method") == nil {
		t.Error("what it was paid with was not kept")
	}
	wantEvents(t, v.Server, []string{"charge.updated"}, func() { v.later(24 * time.Hour) })
}

// A plan can say how long it is free at first; that counts where it is asked for.
func TestTrialFromPlan(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "pm_card_visa")
	now := int(servertest.Start.Unix())
	plan := v.Post("/v1/plans", form("currency=usd interval=month product[name]=Silver amount=500 trial_period_days=7")...).OK().ID()
	with := "customer=" + v.customer + " items[0][price]=" + plan
	for more, want := range map[string]map[string]any{
		"":                      {"status": "active", "trial_end": nil},
		" trial_from_plan=true": {"status": "trialing", "trial_end": now + 7*86400},
		" trial_from_plan=true trial_period_days=3":               {"status": "trialing", "trial_end": now + 3*86400},
		" trial_from_plan=false trial_end=" + in(v.Server, 5*day): {"status": "trialing", "trial_end": now + 5*86400},
	} {
		wantFields(t, v.Post("/v1/subscriptions", form(with+more)...).OK(), want)
	}
	refuse(t, v.Server, []refusal{{"two ends", "/v1/subscriptions", with + " trial_from_plan=true trial_end=" + in(v.Server, day), "parameters_exclusive", "trial_end", "trial_from_plan"}})
}

// TestLinesAreWrittenOnce expects one version of what no event shows, though the operation that makes it changes it.
func TestLinesAreWrittenOnce(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "pm_card_visa")
	v.Post("/v1/subscriptions", form("customer="+v.customer+" items[0][price]="+v.monthly)...).OK()
	ns, err := v.Registry.Namespace(v.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	page, err := v.Store.List(store.Query{NS: ns.NS, Kind: "line_item", Limit: 1})
	if err != nil || len(page.Docs) == 0 {
		t.Fatalf("lines: %v, %v", page.Docs, err)
	}
	if d := page.Docs[0]; d.Version != 1 {
		t.Errorf("%s is at version %d", d.ID, d.Version)
	}
}
