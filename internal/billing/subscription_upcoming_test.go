package billing_test

import (
	"strings"
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// Seven days before a period ends, it is told what will be billed then; and so it is.
func TestUpcomingInvoice(t *testing.T) {
	t.Parallel()
	renewal := time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct{ name, form, waiting string }{
		{"plain", "", ""},
		{"what waits and discounts", "discounts[0][coupon]=half items[0][quantity]=3 items[0][tax_rates][]={rate} items[0][discounts][0][coupon]=half", "amount=700 discounts[0][coupon]=half tax_rates[]={rate}"},
		{"sent", "collection_method=send_invoice days_until_due=5 default_tax_rates[]={rate}", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newSubscribed(t, "pm_card_visa")
			rate := v.Post("/v1/tax_rates", form("display_name=Sales percentage=10 inclusive=false")...).OK().ID()
			v.Post("/v1/coupons", form("id=half percent_off=50 duration=forever")...).OK()
			v.Post("/v1/customers/"+v.customer+"/balance_transactions", "amount", "120", "currency", "usd").OK()
			sub := v.subscribe(filled(c.form, map[string]string{"{rate}": rate})).OK().ID()
			v.later(hour)
			if c.waiting != "" {
				v.item(form(filled(c.waiting, map[string]string{"{rate}": rate}))...)
			}
			v.later(renewal.Add(-7*day - time.Second).Sub(v.Clock.Now()))
			told := wantEvents(t, v.Server, []string{"invoice.upcoming"}, func() { v.later(time.Second) })[0].Object("data").Object("object")
			wantFields(t, told, map[string]any{
				"status": "draft", "number": nil, "billing_reason": "upcoming", "created": int(renewal.Unix()), "auto_advance": true, "parent.subscription_details.subscription": sub,
				"account_name": "ShareSmart", "customer_email": "jenny.rosen@example.com", "lines.has_more": false,
			})
			v.Get("/v1/invoices/"+told.ID()).Fails(404, "resource_missing")
			if got := v.Get("/v1/invoices", "subscription", sub).IDs(); len(got) != 1 {
				t.Errorf("there are the invoices %q, want the first alone", got)
			}
			v.later(7 * day)
			latest, _ := field(v.Get("/v1/subscriptions/"+sub).OK(), "latest_invoice").(string)
			billed := v.Get("/v1/invoices/" + latest).OK()
			for _, name := range []string{"subtotal", "total", "amount_due", "starting_balance", "period_start", "period_end", "due_date", "next_payment_attempt", "collection_method"} {
				if !object.Equal(told.Get(name), billed.Get(name)) {
					t.Errorf("%s was told to be %v and is %v", name, shown(told.Get(name)), shown(billed.Get(name)))
				}
			}
			lines, then := told.Object("lines").Array("data"), billed.Object("lines").Array("data")
			if len(lines) != len(then) {
				t.Fatalf("%d lines were told of, %d came", len(lines), len(then))
			}
			for i := range lines {
				for _, name := range []string{"amount", "description", "period", "quantity", "discounts", "pricing"} {
					if a, b := lines[i].(*object.Object).Get(name), then[i].(*object.Object).Get(name); !object.Equal(a, b) {
						t.Errorf("line %d: %s was told to be %v and is %v", i, name, shown(a), shown(b))
					}
				}
			}
		})
	}
}

// Nothing is told of where nothing is billed, or there is no time for it.
func TestNoUpcomingInvoice(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "pm_card_visa")
	weekly := v.price("unit_amount=1 recurring[interval]=week")
	ended := v.subscribe("").OK().ID()
	v.Post("/v1/subscriptions/"+ended, "cancel_at_period_end", "true").OK()
	v.Delete("/v1/subscriptions/" + v.subscribe("").OK().ID()).OK()
	short := v.Post("/v1/subscriptions", form("customer="+v.customer+" items[0][price]="+weekly)...).OK().ID()
	v.Post("/v1/subscriptions/"+short, "cancel_at", unixText(servertest.Start.AddDate(0, 2, 0))).OK()
	before := v.Get("/v1/events", "type", "invoice.upcoming").IDs()
	v.later(29 * day)
	if got := v.Get("/v1/events", "type", "invoice.upcoming").IDs(); len(before)+len(got) != 0 {
		t.Errorf("%d invoices were told of, want none", len(got))
	}
}

// Where a schedule moves on until then, the invoice that is told of is what the schedule makes of it, as in a preview.
func TestUpcomingInvoiceOfSchedule(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, phases string
		total        int // -1 if nothing is told
	}{
		{"other price", "phases[0][items][0][price]={gold} phases[0][end_date]={oct} phases[1][items][0][price]={silver} phases[1][end_date]={dec}", 500},
		{"other price with what is paid once", "phases[0][items][0][price]={gold} phases[0][end_date]={oct} phases[1][items][0][price]={silver} phases[1][add_invoice_items][0][price]={once} phases[1][end_date]={dec}", 1200},
		{"discount", "phases[0][items][0][price]={gold} phases[0][end_date]={oct} phases[1][items][0][price]={gold} phases[1][items][0][quantity]=3 phases[1][discounts][0][coupon]=half phases[1][end_date]={dec}", 1500},
		{"same phase", "phases[0][items][0][price]={gold} phases[0][end_date]={dec}", 1000},
		{"ends before", "phases[0][items][0][price]={gold} phases[0][end_date]={oct} end_behavior=cancel", -1},
		{"released before", "phases[0][items][0][price]={gold} phases[0][end_date]={oct} end_behavior=release", 1000},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newScheduled(t, "pm_card_visa")
			schedule := v.schedule("start_date=now " + c.phases).ID()
			sub := v.subscription(schedule)
			preview := v.Post("/v1/invoices/create_preview", "subscription", sub.ID())
			v.later(servertest.Start.AddDate(0, 1, -7).Add(-time.Second).Sub(v.Clock.Now()))
			var want []string
			if strings.Contains(c.phases, "end_behavior") {
				want = []string{"subscription_schedule.expiring"}
			}
			if c.total >= 0 {
				want = append(want, "invoice.upcoming")
			}
			events := wantEvents(t, v.Server, want, func() { v.later(time.Second) })
			if c.total < 0 {
				preview.Fails(404, "invoice_upcoming_none")
				return
			}
			told := events[len(events)-1].Object("data").Object("object")
			wantFields(t, told, map[string]any{"total": c.total, "billing_reason": "upcoming", "status": "draft", "created": at(1), "parent.subscription_details.subscription": sub.ID()})
			v.Get("/v1/invoices/"+told.ID()).Fails(404, "resource_missing")
			if got := v.latestInvoice(v.subscription(schedule)).ID(); got != sub.Ref("latest_invoice") {
				t.Errorf("the latest invoice is %s now: something of the trial was kept", got)
			}
			v.month(1)
			billed := v.latestInvoice(v.Get("/v1/subscriptions/" + sub.ID()).OK())
			foreseen := preview.OK()
			for _, name := range []string{"subtotal", "total", "amount_due", "period_start", "period_end"} {
				if !object.Equal(told.Get(name), billed.Get(name)) || !object.Equal(told.Get(name), foreseen.Get(name)) {
					t.Errorf("%s was told to be %v, in a preview %v, and is %v", name, shown(told.Get(name)), shown(foreseen.Get(name)), shown(billed.Get(name)))
				}
			}
		})
	}
}
