package billing_test

import (
	"testing"
	"time"

	"sharesmart/internal/servertest"
)

var (
	renewed    = []string{"customer.subscription.updated", "invoice.created"}
	renewalMet = append(append([]string(nil), chargedNow...), "charge.updated") // its fees are known a moment later
)

const (
	hour = time.Hour
	day  = 24 * time.Hour
)

// A renewal waits for an hour and is paid then.
func TestSubscriptionRenews(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "pm_card_visa")
	start := servertest.Start
	sub := v.subscribe("metadata[a]=1").OK()
	path := "/v1/subscriptions/" + sub.ID()
	wantEvents(t, v.Server, []string{"charge.updated", "balance.available", "invoice.upcoming"}, func() { v.later(30*day - time.Second) })
	wantEvents(t, v.Server, renewed, func() { v.later(time.Second) })
	now := v.Get(path).OK()
	wantFields(t, now, map[string]any{
		"status": "active", "items.data.0.current_period_start": int(start.AddDate(0, 1, 0).Unix()), "items.data.0.current_period_end": int(start.AddDate(0, 2, 0).Unix()),
	})
	draft := "/v1/invoices/" + field(now, "latest_invoice").(string)
	wantFields(t, v.Get(draft).OK(), map[string]any{
		"status": "draft", "billing_reason": "subscription_cycle", "period_start": int(start.Unix()), "period_end": int(start.AddDate(0, 1, 0).Unix()), "auto_advance": true,
		"lines.data.0.period.start": int(start.AddDate(0, 1, 0).Unix()), "lines.data.0.period.end": int(start.AddDate(0, 2, 0).Unix()), "lines.data.0.metadata.a": "1",
		"parent.subscription_details.subscription": sub.ID(), "parent.subscription_details.metadata.a": "1", "next_payment_attempt": int(start.AddDate(0, 1, 0).Add(hour).Unix()),
	})
	wantEvents(t, v.Server, nil, func() { v.later(hour - time.Second) })
	wantEvents(t, v.Server, renewalMet, func() { v.later(time.Second) })
	wantFields(t, v.Get(draft).OK(), map[string]any{"status": "paid", "amount_paid": 1000, "number": "ABCD-0002"})
	if got := v.Get("/v1/invoices", "subscription", sub.ID()).IDs(); len(got) != 2 {
		t.Errorf("the subscription has %d invoices, want 2", len(got))
	}
}

// Periods are counted from the anchor: one that began on the 31st ends with each month.
func TestSubscriptionAnchor(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "pm_card_visa")
	v.until(time.Date(2027, 1, 31, 10, 0, 0, 0, time.UTC))
	sub := v.subscribe("").OK()
	for _, end := range []time.Time{
		time.Date(2027, 2, 28, 10, 0, 0, 0, time.UTC), time.Date(2027, 3, 31, 10, 0, 0, 0, time.UTC), time.Date(2027, 4, 30, 10, 0, 0, 0, time.UTC), time.Date(2027, 5, 31, 10, 0, 0, 0, time.UTC),
	} {
		wantFields(t, v.Get("/v1/subscriptions/"+sub.ID()).OK(), map[string]any{"items.data.0.current_period_end": int(end.Unix())})
		v.later(end.Sub(v.Clock.Now()))
	}
}

// A trial ends with the first bill; without anything to pay with, it depends.
func TestTrialEnds(t *testing.T) {
	t.Parallel()
	start := servertest.Start
	for _, c := range []struct {
		name, method, form string
		events             []string
		want               map[string]any
		then               []string // an hour later
		after              map[string]any
	}{
		{
			name: "paid", method: "pm_card_visa", events: renewed, want: map[string]any{"status": "active", "items.data.0.current_period_start": int(start.AddDate(0, 0, 14).Unix()), "items.data.0.current_period_end": int(start.AddDate(0, 1, 14).Unix())},
			then: renewalMet, after: map[string]any{"status": "active"},
		},
		{
			name: "nothing to pay with", events: renewed, want: map[string]any{"status": "active"},
			then: events("invoice.finalized", "payment_intent.created", "invoice.updated", "invoice.payment_failed", "customer.subscription.updated", "customer.updated"), after: map[string]any{"status": "past_due"},
		},
		{
			name: "canceled", form: "trial_settings[end_behavior][missing_payment_method]=cancel", events: []string{"customer.subscription.deleted"}, want: map[string]any{"status": "canceled", "ended_at": int(start.AddDate(0, 0, 14).Unix())},
		},
		{
			name: "paused", form: "trial_settings[end_behavior][missing_payment_method]=pause", events: []string{"customer.subscription.updated", "customer.subscription.paused"}, want: map[string]any{"status": "paused"},
		},
		{
			name: "sent", form: "collection_method=send_invoice days_until_due=3", events: renewed, want: map[string]any{"status": "active"},
			then: []string{"invoice.finalized", "payment_intent.created", "invoice.sent"}, after: map[string]any{"status": "active"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newSubscribed(t, c.method)
			sub := v.subscribe("trial_period_days=14 " + c.form).OK()
			path := "/v1/subscriptions/" + sub.ID()
			wantFields(t, sub, map[string]any{"status": "trialing"})
			if c.form == "collection_method=send_invoice days_until_due=3" {
				v.later(hour) // the invoice of the trial
			}
			wantEvents(t, v.Server, []string{"invoice.upcoming", "customer.subscription.trial_will_end"}, func() { v.later(11 * day) })
			wantEvents(t, v.Server, c.events, func() { v.later(start.AddDate(0, 0, 14).Sub(v.Clock.Now())) })
			wantFields(t, v.Get(path).OK(), c.want)
			wantEvents(t, v.Server, c.then, func() { v.later(hour) })
			if c.after != nil {
				wantFields(t, v.Get(path).OK(), c.after)
			}
		})
	}
}

// A card that fails is tried three more times; then the subscription ends.
func TestDunning(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "pm_card_visa")
	sub := v.subscribe("").OK()
	path := "/v1/subscriptions/" + sub.ID()
	v.failFromNow()
	v.later(30 * day)
	wantEvents(t, v.Server, events(failedAgain[:0], "invoice.finalized", "payment_intent.created", failedAgain, "customer.subscription.updated", "customer.updated"), func() { v.later(hour) })
	wantFields(t, v.Get(path).OK(), map[string]any{"status": "past_due"})
	wantFields(t, v.Get("/v1/customers/"+v.customer).OK(), map[string]any{"delinquent": true})
	wantEvents(t, v.Server, failedAgain, func() { v.later(3 * day) })
	wantEvents(t, v.Server, failedAgain, func() { v.later(5 * day) })
	wantEvents(t, v.Server, events(failedAgain, "invoice.updated", "customer.subscription.deleted"), func() { v.later(7 * day) })
	ended := v.Get(path).OK()
	wantFields(t, ended, map[string]any{"status": "canceled", "cancellation_details.reason": "payment_failed"})
	wantFields(t, v.Get("/v1/invoices/"+field(ended, "latest_invoice").(string)).OK(), map[string]any{"status": "open", "attempt_count": 4, "auto_advance": false, "next_payment_attempt": nil})
	wantEvents(t, v.Server, nil, func() { v.later(40 * day) })
}

var failedAgain = []string{"charge.failed", "payment_intent.payment_failed", "invoice.updated", "invoice.payment_failed"}

// failFromNow lets the customer pay with a card that is declined.
func (v *subscribed) failFromNow() {
	v.t.Helper()
	pm := v.Post("/v1/payment_methods/pm_card_chargeCustomerFail/attach", "customer", v.customer).OK().ID()
	v.Post("/v1/customers/"+v.customer, "invoice_settings[default_payment_method]", pm).OK()
}

// A subscription that is past due is active again once its invoice is settled in any way.
func TestRecovery(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, action, form string
		events             []string
	}{
		{"paid with another card", "pay", "payment_method={card}", events(invoicePaid, "customer.subscription.updated", "customer.updated")},
		{"paid elsewhere", "pay", "paid_out_of_band=true", events("payment_intent.canceled", "invoice.updated", "invoice.paid", "invoice.payment_succeeded", "customer.subscription.updated", "customer.updated")},
		{"void", "void", "", events("payment_intent.canceled", "invoice.updated", "invoice.voided", "customer.subscription.updated", "customer.updated")},
		{"given up", "mark_uncollectible", "", events("invoice.updated", "invoice.marked_uncollectible", "customer.subscription.updated", "customer.updated")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newSubscribed(t, "pm_card_visa")
			sub := v.subscribe("").OK()
			card := v.Post("/v1/payment_methods/pm_card_mastercard/attach", "customer", v.customer).OK().ID()
			v.failFromNow()
			v.later(30 * day)
			v.later(hour)
			now := v.Get("/v1/subscriptions/" + sub.ID()).OK()
			wantFields(t, now, map[string]any{"status": "past_due"})
			wantEvents(t, v.Server, c.events, func() {
				v.Post("/v1/invoices/"+field(now, "latest_invoice").(string)+"/"+c.action, form(filled(c.form, map[string]string{"{card}": card}))...).OK()
			})
			wantFields(t, v.Get("/v1/subscriptions/"+sub.ID()).OK(), map[string]any{"status": "active"})
		})
	}
}

// until lets time pass up to a moment.
func (v *subscribed) until(at time.Time) {
	v.t.Helper()
	v.later(at.Sub(v.Clock.Now()))
}

// A subscription ends with its period, or at a date. What waits is billed then.
func TestSubscriptionEnds(t *testing.T) {
	t.Parallel()
	start := servertest.Start
	month, second := start.AddDate(0, 1, 0), start.AddDate(0, 2, 0)
	for _, c := range []struct {
		name, form string
		want       map[string]any
		end        time.Time
		events     []string
	}{
		{"with its period", "cancel_at_period_end=true", map[string]any{"cancel_at_period_end": true, "cancel_at": int(month.Unix()), "canceled_at": int(start.Unix()), "cancellation_details.reason": "cancellation_requested"}, month, []string{"customer.subscription.deleted"}},
		{"at a date", "cancel_at=" + unixText(month), map[string]any{"cancel_at_period_end": false, "cancel_at": int(month.Unix())}, month, []string{"customer.subscription.deleted"}},
		{"at the end of the first period", "cancel_at=min_period_end", map[string]any{"cancel_at": int(month.Unix())}, month, []string{"customer.subscription.deleted"}},
		{"after the second period", "cancel_at=" + unixText(second), nil, second, []string{"customer.subscription.deleted"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newSubscribed(t, "pm_card_visa")
			path := "/v1/subscriptions/" + v.subscribe("").OK().ID()
			wantFields(t, v.Post(path, form(c.form)...).OK(), c.want)
			v.until(c.end.Add(-time.Second))
			wantEvents(t, v.Server, c.events, func() { v.until(c.end) })
			wantFields(t, v.Get(path).OK(), map[string]any{"status": "canceled", "ended_at": int(c.end.Unix())})
			wantEvents(t, v.Server, nil, func() { v.until(c.end.AddDate(0, 3, 0)) })
		})
	}
}

// An end that was planned can be taken back.
func TestSubscriptionGoesOn(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "pm_card_visa")
	path := "/v1/subscriptions/" + v.subscribe("cancel_at_period_end=true").OK().ID()
	wantFields(t, v.Post(path, "cancel_at_period_end", "false").OK(), map[string]any{"cancel_at": nil, "canceled_at": nil, "cancellation_details.reason": nil})
	v.until(servertest.Start.AddDate(0, 1, 0).Add(-time.Second))
	wantEvents(t, v.Server, renewed, func() { v.later(time.Second) })
}

// While collection is paused, invoices are void, given up, or stay drafts.
func TestPauseCollection(t *testing.T) {
	t.Parallel()
	for behavior, want := range map[string]map[string]any{
		"void": {"status": "void"}, "mark_uncollectible": {"status": "uncollectible"}, "keep_as_draft": {"status": "draft", "auto_advance": false},
	} {
		t.Run(behavior, func(t *testing.T) {
			t.Parallel()
			v := newSubscribed(t, "pm_card_visa")
			path := "/v1/subscriptions/" + v.subscribe("").OK().ID()
			resumes := servertest.Start.AddDate(0, 1, 15)
			wantFields(t, v.Post(path, "pause_collection[behavior]", behavior, "pause_collection[resumes_at]", unixText(resumes)).OK(), map[string]any{"status": "active", "pause_collection.behavior": behavior})
			v.until(servertest.Start.AddDate(0, 1, 0))
			v.later(hour)
			sub := v.Get(path).OK()
			wantFields(t, sub, map[string]any{"status": "active"})
			wantFields(t, v.Get("/v1/invoices/"+field(sub, "latest_invoice").(string)).OK(), want)
			v.until(resumes.Add(-time.Second))
			wantEvents(t, v.Server, []string{"customer.subscription.updated"}, func() { v.later(time.Second) })
			wantFields(t, v.Get(path).OK(), map[string]any{"pause_collection": nil})
			v.until(servertest.Start.AddDate(0, 2, 0))
			wantEvents(t, v.Server, renewalMet, func() { v.later(hour) })
		})
	}
}

// Metered items cost what was used in the period that is over.
func TestMeteredSubscription(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "pm_card_visa")
	meter := v.Post("/v1/billing/meters", form("display_name=Calls event_name=calls default_aggregation[formula]=sum")...).OK().ID()
	metered := v.price("unit_amount_decimal=0.5 recurring[interval]=month recurring[usage_type]=metered recurring[meter]=" + meter)
	path := "/v1/subscriptions/" + v.subscribe("items[0][price]="+metered).OK().ID()
	wantFields(t, v.Get(path).OK(), map[string]any{"status": "active", "latest_invoice": nil})
	v.later(10 * day)
	use := func(value string) {
		v.Post("/v1/billing/meter_events", "event_name", "calls", "payload[value]", value, "payload[stripe_customer_id]", v.customer).OK()
	}
	use("1500")
	use("3")
	v.until(servertest.Start.AddDate(0, 1, 0))
	use("8") // of the next period
	in := field(v.Get(path).OK(), "latest_invoice").(string)
	wantFields(t, v.Get("/v1/invoices/"+in).OK(), map[string]any{
		"total": 752, "lines.data.0.description": "1503 × Gold (at $0.005 / month)", "lines.data.0.quantity": 1503, // 1503 * 0.5 = 751.5
		"lines.data.0.period.start": int(servertest.Start.Unix()), "lines.data.0.period.end": int(servertest.Start.AddDate(0, 1, 0).Unix()),
	})
	use("92")
	v.Post(path, "cancel_at_period_end", "true").OK()
	v.until(servertest.Start.AddDate(0, 2, 0))
	wantFields(t, v.Get(path).OK(), map[string]any{"status": "canceled"})
	wantFields(t, v.Get("/v1/invoices", "customer", v.customer).OK(), map[string]any{"data.0.total": 50, "data.0.status": "paid", "data.0.lines.data.0.quantity": 100})
}
