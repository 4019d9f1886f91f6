package billing_test

import (
	"testing"
	"time"

	"sharesmart/internal/servertest"
)

const proposal = "proration_behavior=always_invoice payment_behavior=pending_if_incomplete "

// proposed is a subscription whose update waits for its invoice: another quantity of one item instead of two.
func proposed(t *testing.T) (v *prorated, invoice string) {
	t.Helper()
	v = newProrated(t, "items[0][price]={1000} items[1][price]={2000}")
	v.on(16)
	v.failFromNow()
	now := int(servertest.Start.AddDate(0, 0, 15).Unix())
	wantEvents(t, v.Server, events("invoiceitem.created", proratedNow[:2], "invoice.created", failedCharge, "customer.subscription.updated"), func() {
		got := v.update(16, proposal+"items[0][id]={a} items[0][quantity]=10 items[1][id]={b} items[1][deleted]=true metadata[plan]=big").OK()
		wantFields(t, got, map[string]any{
			"status": "active", "items.data.0.quantity": 1, "items.data.1.id": v.places["{b}"], "metadata.plan": nil, "pending_update.expires_at": now + 23*3600,
			"pending_update.subscription_items.0.quantity": 10, "pending_update.subscription_items.1": nil, "pending_update.metadata.plan": "big",
			"pending_update.billing_cycle_anchor": nil, "pending_update.trial_end": nil, "pending_update.discounts": nil,
		})
		invoice = got.Ref("latest_invoice")
	})
	wantFields(t, v.Get("/v1/invoices/"+invoice).OK(), map[string]any{"status": "open", "total": 3500, "auto_advance": false}) // -500 + 5000 - 1000
	wantFields(t, v.Get("/v1/customers/"+v.customer).OK(), map[string]any{"delinquent": false})
	return v, invoice
}

func TestPendingUpdate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		act    func(v *prorated, invoice string)
		events []string
		want   map[string]any
		status string // of the invoice
	}{
		{
			name: "paid", act: func(v *prorated, invoice string) {
				card := v.Post("/v1/payment_methods/pm_card_mastercard/attach", "customer", v.customer).OK().ID()
				v.Post("/v1/invoices/"+invoice+"/pay", "payment_method", card).OK()
			},
			events: events("payment_method.attached", invoicePaid, "customer.subscription.updated", "customer.subscription.pending_update_applied"),
			want:   map[string]any{"pending_update": nil, "items.data.0.quantity": 10, "items.data.1": nil, "metadata.plan": "big", "status": "active"}, status: "paid",
		},
		{
			name: "not paid in time", act: func(v *prorated, _ string) { v.later(23 * time.Hour) },
			events: []string{"payment_intent.canceled", "invoice.updated", "invoice.voided", "customer.subscription.updated", "customer.subscription.pending_update_expired"},
			want:   map[string]any{"pending_update": nil, "items.data.0.quantity": 1, "items.data.1.price.unit_amount": 2000, "metadata.plan": nil, "status": "active"}, status: "void",
		},
		{
			name: "void", act: func(v *prorated, invoice string) { v.Post("/v1/invoices/" + invoice + "/void").OK() },
			events: []string{"payment_intent.canceled", "invoice.updated", "invoice.voided", "customer.subscription.updated", "customer.subscription.pending_update_expired"},
			want:   map[string]any{"pending_update": nil, "items.data.0.quantity": 1}, status: "void",
		},
		{
			name: "replaced", act: func(v *prorated, _ string) { v.update(16, "items[0][id]={a} items[0][quantity]=3").OK() },
			events: []string{"payment_intent.canceled", "invoice.updated", "invoice.voided", "invoiceitem.created", "invoiceitem.created", "customer.subscription.updated"},
			want:   map[string]any{"pending_update": nil, "items.data.0.quantity": 3, "items.data.1.price.unit_amount": 2000}, status: "void",
		},
		{
			name: "another change beside it", act: func(v *prorated, _ string) { v.update(16, "metadata[x]=1").OK() },
			events: []string{"customer.subscription.updated"}, want: map[string]any{"pending_update.subscription_items.0.quantity": 10, "metadata.x": "1"}, status: "open",
		},
		{
			name: "canceled", act: func(v *prorated, _ string) { v.Delete("/v1/subscriptions/" + v.id).OK() },
			events: []string{"payment_intent.canceled", "invoice.updated", "invoice.voided", "customer.subscription.deleted"},
			want:   map[string]any{"pending_update": nil, "status": "canceled"}, status: "void",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v, invoice := proposed(t)
			wantEvents(t, v.Server, c.events, func() { c.act(v, invoice) })
			wantFields(t, v.Get("/v1/subscriptions/"+v.id).OK(), c.want)
			wantFields(t, v.Get("/v1/invoices/"+invoice).OK(), map[string]any{"status": c.status})
		})
	}
}

// An update that is paid at once does not wait, and what it billed is credited by the next one.
func TestPendingUpdatePaid(t *testing.T) {
	t.Parallel()
	v := newProrated(t, "items[0][price]={1000}")
	v.on(16)
	wantEvents(t, v.Server, events("invoiceitem.created", "invoiceitem.created", "invoice.created", chargedNow, "customer.subscription.updated"), func() {
		wantFields(t, v.update(16, proposal+"items[0][id]={a} items[0][price]={2000}").OK(), map[string]any{"pending_update": nil, "items.data.0.price.unit_amount": 2000})
	})
	v.update(21, "items[0][id]={a} items[0][price]={3000}").OK()
	wantLines(t, v.waiting(), "-667 Unused time on Gold after 21 Sep 2026", "1000 Remaining time on Gold after 21 Sep 2026")
	wantEvents(t, v.Server, proratedNow, func() {
		v.update(21, "payment_behavior=pending_if_incomplete items[0][id]={a} items[0][price]={1000}").OK()
	}) // nothing is billed now
}

// A new item waits outside of the subscription; an end of the trial and a new anchor wait as well.
func TestPendingUpdateKinds(t *testing.T) {
	t.Parallel()
	v := newProrated(t, "items[0][price]={1000}")
	v.failFromNow()
	v.on(16)
	added := v.Post("/v1/subscription_items", v.form(proposal+"subscription="+v.id+" price={2000}")...).OK()
	if ids := v.Get("/v1/subscription_items", "subscription", v.id).IDs(); len(ids) != 1 {
		t.Errorf("the subscription has the items %q", ids)
	}
	v.Post("/v1/invoices/"+v.latest().ID()+"/pay", "paid_out_of_band", "true").OK()
	wantFields(t, v.Get("/v1/subscriptions/"+v.id).OK(), map[string]any{"items.data.1.id": added.ID(), "items.data.1.subscription": v.id, "pending_update": nil})
	v.Post("/v1/subscription_items", v.form(proposal+"subscription="+v.id+" price={3000}")...).OK()
	v.later(23 * time.Hour)
	if ids := v.Get("/v1/subscription_items", "subscription", v.id).IDs(); len(ids) != 2 {
		t.Errorf("the subscription has the items %q", ids)
	}
	v.begin("items[0][price]={1000} trial_period_days=10")
	now := int(v.Clock.Now().Unix())
	wantFields(t, v.update(16, proposal+"trial_end=now").OK(), map[string]any{"status": "trialing", "pending_update.trial_end": now, "pending_update.billing_cycle_anchor": now, "pending_update.subscription_items.0.current_period_start": now})
	v.Post("/v1/invoices/"+v.latest().ID()+"/pay", "paid_out_of_band", "true").OK()
	wantFields(t, v.Get("/v1/subscriptions/"+v.id).OK(), map[string]any{"status": "active", "trial_end": now, "billing_cycle_anchor": now, "items.data.0.current_period_start": now})
	refuse(t, v.Server, []refusal{
		{"an end", "/v1/subscriptions/" + v.id, "payment_behavior=pending_if_incomplete cancel_at_period_end=true", "", "cancel_at_period_end", "not supported"},
		{"a text", "/v1/subscriptions/" + v.id, "payment_behavior=pending_if_incomplete description=x", "", "description", "not supported"},
		{"an item's metadata", "/v1/subscriptions/" + v.id, "payment_behavior=pending_if_incomplete items[0][metadata][a]=1", "", "items[metadata]", "not supported"},
	})
}

// A subscription that is migrated credits what was billed from then on.
func TestMigrate(t *testing.T) {
	t.Parallel()
	v := newProrated(t, "items[0][price]={1000} billing_mode[type]=classic")
	path := "/v1/subscriptions/" + v.id
	v.update(11, "items[0][id]={a} items[0][price]={2000} proration_behavior=none").OK()
	wantEvents(t, v.Server, []string{"customer.subscription.updated"}, func() {
		wantFields(t, v.Post(path+"/migrate", "billing_mode[type]", "flexible").OK(), map[string]any{
			"billing_mode.type": "flexible", "billing_mode.flexible.proration_discounts": "included", "billing_mode.updated_at": int(servertest.Start.AddDate(0, 0, 10).Unix()),
		})
	})
	v.update(21, "items[0][id]={a} items[0][price]={1000} proration_behavior=always_invoice").OK()
	wantLines(t, v.billed(), "-333 Unused time on Gold after 21 Sep 2026", "333 Remaining time on Gold after 21 Sep 2026")
	wantFields(t, v.Post(path+"/migrate", form("billing_mode[type]=flexible billing_mode[flexible][proration_discounts]=itemized")...).OK(), map[string]any{"billing_mode.flexible.proration_discounts": "itemized"})
	refuse(t, v.Server, []refusal{
		{"again", path + "/migrate", "billing_mode[type]=flexible", "", "billing_mode[type]", "already"},
		{"back", path + "/migrate", "billing_mode[type]=flexible billing_mode[flexible][proration_discounts]=included", "", "billing_mode[flexible][proration_discounts]", "cannot go back"},
		{"to classic", path + "/migrate", "billing_mode[type]=classic", "", "billing_mode[type]", "must be one of flexible"},
		{"without a mode", path + "/migrate", "", "parameter_missing", "billing_mode", "billing_mode"},
	})
}
