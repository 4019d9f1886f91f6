package billing_test

import (
	"testing"
	"time"

	"sharesmart/internal/servertest"
)

// A subscription that was paused at the end of its trial goes on when the invoice of its resumption is settled.
func TestResume(t *testing.T) {
	t.Parallel()
	asked := events("customer.subscription.updated", "invoice.created", "invoice.finalized", "payment_intent.created")
	active := []string{"customer.subscription.updated", "customer.subscription.resumed"}
	taken := []string{"payment_intent.canceled", "invoice.updated", "invoice.voided"}
	declined := []string{"charge.failed", "payment_intent.payment_failed", "invoice.updated", "invoice.payment_failed"}
	for _, c := range []struct {
		name, card string
		events     []string // of the request to resume
		then       string   // what is done to the open invoice after that
		form       string
		thenEvents []string
		status     string // in the end
	}{
		{name: "paid at once", card: "pm_card_visa", events: events(asked, invoicePaid, active), status: "active"},
		{name: "paid after a decline", card: "pm_card_chargeCustomerFail", events: events(asked, declined), then: "pay", form: "payment_method={card}", thenEvents: events(invoicePaid, active), status: "active"},
		{name: "given up", events: asked, then: "mark_uncollectible", thenEvents: events("invoice.updated", "invoice.marked_uncollectible", active), status: "active"},
		{name: "void", events: asked, then: "void", thenEvents: taken, status: "paused"},
		{name: "in vain", card: "pm_card_chargeCustomerFail", events: events(asked, declined), thenEvents: taken, status: "paused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newSubscribed(t, "")
			path := "/v1/subscriptions/" + v.subscribe("trial_period_days=14 trial_settings[end_behavior][missing_payment_method]=pause").OK().ID()
			v.Post(path+"/resume").Fails(400, "")
			v.later(20 * day)
			attach := func(card string) string {
				return v.Post("/v1/payment_methods/"+card+"/attach", "customer", v.customer).OK().ID()
			}
			if c.card != "" {
				v.Post("/v1/customers/"+v.customer, "invoice_settings[default_payment_method]", attach(c.card)).OK()
			}
			wantEvents(t, v.Server, c.events, func() { v.Post(path + "/resume").OK() })
			now := servertest.Start.Add(20 * day)
			sub := v.Get(path, "expand[]", "latest_invoice").OK()
			wantFields(t, sub, map[string]any{
				"billing_cycle_anchor": int(now.Unix()), "items.data.0.current_period_start": int(now.Unix()), "latest_invoice.total": 1000, "latest_invoice.auto_advance": false,
			})
			if c.thenEvents != nil {
				wantFields(t, sub, map[string]any{"status": "paused", "latest_invoice.status": "open", "latest_invoice.next_payment_attempt": nil})
				v.Post(path+"/resume").Fails(400, "")
				form := form(filled(c.form, map[string]string{"{card}": attach("pm_card_visa")}))
				wantEvents(t, v.Server, c.thenEvents, func() {
					if c.then == "" {
						v.later(23 * time.Hour)
					} else {
						v.Post("/v1/invoices/"+field(sub, "latest_invoice.id").(string)+"/"+c.then, form...).OK()
					}
				})
			}
			wantFields(t, v.Get(path).OK(), map[string]any{"status": c.status})
			if c.status == "paused" {
				wantEvents(t, v.Server, nil, func() { v.later(40 * day) })
				v.Post(path + "/resume").OK()
			}
		})
	}
}

// Without anything to bill, a subscription goes on at once; where invoices are sent, it does not.
func TestResumeWithoutAnInvoice(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "")
	meter := v.Post("/v1/billing/meters", form("display_name=Calls event_name=calls default_aggregation[formula]=sum")...).OK().ID()
	metered := v.price("unit_amount=1 recurring[interval]=month recurring[usage_type]=metered recurring[meter]=" + meter)
	path := "/v1/subscriptions/" + v.subscribe("items[0][price]="+metered+" trial_period_days=14 trial_settings[end_behavior][missing_payment_method]=pause").OK().ID()
	v.later(20 * day)
	v.Post(path, "collection_method", "send_invoice", "days_until_due", "7").OK()
	v.Post(path+"/resume").Fails(400, "")
	v.Post(path, "collection_method", "charge_automatically").OK()
	wantEvents(t, v.Server, []string{"customer.subscription.updated", "customer.subscription.resumed"}, func() {
		wantFields(t, v.Post(path+"/resume").OK(), map[string]any{"status": "active"})
	})
}
