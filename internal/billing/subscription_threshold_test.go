package billing_test

import (
	"slices"
	"testing"
	"time"

	"sharesmart/internal/servertest"
)

// What was used is billed once it comes to enough, and what is used later with the period.
func TestBillingThresholds(t *testing.T) {
	t.Parallel()
	start := servertest.Start
	for _, c := range []struct {
		name, form string
		first      string   // used before the threshold is reached
		lines      []string // of the invoice when it is
		next       []string // of that of the next period
		from       int      // where the period begins then, in hours
	}{
		{name: "amount", form: "billing_thresholds[amount_gte]=1000", first: "499", lines: []string{"1200 600 × Gold (at $0.02 / month)"}, next: []string{"1000 1 × Gold (at $10.00 / month)", "20 10 × Gold (at $0.02 / month)"}},
		{name: "usage", form: "items[1][billing_thresholds][usage_gte]=600", first: "599", lines: []string{"1200 600 × Gold (at $0.02 / month)"}, next: []string{"1000 1 × Gold (at $10.00 / month)", "20 10 × Gold (at $0.02 / month)"}},
		{
			name: "and a new period", form: "billing_thresholds[amount_gte]=1000 billing_thresholds[reset_billing_cycle_anchor]=true", first: "499", from: 2,
			lines: []string{"-997 Unused time on Gold after 01 Sep 2026", "1000 1 × Gold (at $10.00 / month)", "1200 600 × Gold (at $0.02 / month)"}, next: []string{"20 10 × Gold (at $0.02 / month)", "1000 1 × Gold (at $10.00 / month)"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newProrated(t, "")
			meter := v.Post("/v1/billing/meters", form("display_name=Calls event_name=calls default_aggregation[formula]=sum")...).OK().ID()
			v.places["{used}"] = v.price("unit_amount=2 recurring[interval]=month recurring[usage_type]=metered recurring[meter]=" + meter)
			use := func(value string) {
				v.Post("/v1/billing/meter_events", "event_name", "calls", "payload[value]", value, "payload[stripe_customer_id]", v.customer).OK()
			}
			v.begin("items[0][price]={1000} items[1][price]={used} " + c.form)
			first := v.latest().ID()
			use(c.first)
			v.later(hour)
			if v.latest().ID() != first {
				t.Fatal("it was billed too soon")
			}
			use(map[string]string{"499": "101", "599": "1"}[c.first])
			v.later(hour)
			wantLines(t, v.billed(), c.lines...)
			wantFields(t, v.latest(), map[string]any{"billing_reason": "subscription_threshold"})
			wantFields(t, v.Get("/v1/subscriptions/"+v.id).OK(), map[string]any{"items.data.0.current_period_start": int(start.Unix()) + c.from*3600})
			use("10")
			v.until(start.AddDate(0, 1, 0).Add(2 * hour))
			got := v.billed()
			for _, want := range c.next {
				if !slices.Contains(got, want) {
					t.Errorf("the lines are %q, without %q", got, want)
				}
			}
			wantFields(t, v.latest(), map[string]any{"total": 1020})
		})
	}
}

// Changes of one second bill what was used once, and what is counted late is counted for its own period.
func TestUsageBilledOnce(t *testing.T) {
	t.Parallel()
	v := newProrated(t, "")
	meter := v.Post("/v1/billing/meters", form("display_name=Calls event_name=calls default_aggregation[formula]=sum")...).OK().ID()
	v.places["{used}"] = v.price("unit_amount=2 recurring[interval]=month recurring[usage_type]=metered recurring[meter]=" + meter)
	v.places["{dear}"] = v.price("unit_amount=3 recurring[interval]=month recurring[usage_type]=metered recurring[meter]=" + meter)
	use := func(value string) {
		v.Post("/v1/billing/meter_events", "event_name", "calls", "payload[value]", value, "payload[stripe_customer_id]", v.customer).OK()
	}
	v.begin("items[0][price]={used} billing_thresholds[amount_gte]=200")
	use("100")
	v.on(2)
	v.later(30 * time.Minute) // from now on, thresholds are looked at at half past
	v.update(2, "items[0][id]={a} items[0][price]={dear}").OK()
	v.update(2, "items[0][id]={a} items[0][price]={used}").OK()
	wantLines(t, v.waiting())
	wantLines(t, v.billed(), "200 100 × Gold (at $0.02 / month)")
	v.until(servertest.Start.AddDate(0, 1, 0).Add(-time.Minute))
	use("50")
	v.later(time.Minute) // the renewal bills them
	renewal := v.latest()
	wantFields(t, renewal, map[string]any{"total": 100, "billing_reason": "subscription_cycle"})
	use("500")
	v.later(50 * time.Minute) // and a threshold what is used since
	wantFields(t, v.latest(), map[string]any{"total": 1000, "billing_reason": "subscription_threshold"})
	v.later(10 * time.Minute)
	wantFields(t, v.Get("/v1/invoices/"+renewal.ID()).OK(), map[string]any{"total": 100, "status": "paid"})
}
