package billing_test

import (
	"strings"
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// preview shows what a subscription would be billed next.
func (v *prorated) preview(form string) *object.Object {
	v.t.Helper()
	var in *object.Object
	wantEvents(v.t, v.Server, nil, func() { in = v.Post("/v1/invoices/create_preview", v.form("subscription="+v.id+" "+form)...).OK() })
	return in
}

// nested names the parameters of an update as those of a preview: items[0][id] is subscription_details[items][0][id].
func nested(form string) string {
	pairs := strings.Fields(form)
	for i, pair := range pairs {
		if name, rest, found := strings.Cut(pair, "["); found && !strings.Contains(name, "=") {
			pair = name + "][" + rest
		} else {
			pair = strings.Replace(pair, "=", "]=", 1)
		}
		pairs[i] = "subscription_details[" + pair
	}
	return strings.Join(pairs, " ")
}

// A change costs what its preview said, also when it is made later, if both name the same proration_date.
func TestPreviewOfChange(t *testing.T) {
	t.Parallel()
	at := servertest.Start.AddDate(0, 0, 15)
	for _, c := range []struct {
		name, begin, form string
		total             int64
	}{
		{"nothing", "items[0][price]={1000}", "", 1000},
		{"upgrade", "items[0][price]={1000}", "items[0][id]={a} items[0][price]={2000}", 2500},
		{"upgrade now", "items[0][price]={1000}", "items[0][id]={a} items[0][price]={2000} proration_behavior=always_invoice", 500},
		{"upgrade later", "items[0][price]={1000}", "items[0][id]={a} items[0][price]={2000} proration_behavior=none", 2000},
		{"quantity", "items[0][price]={1000} items[0][quantity]=2", "items[0][id]={a} items[0][quantity]=5", 6500},
		{"another item", "items[0][price]={1000}", "items[0][price]={999}", 2499}, // 1000 + 999 + 500
		{"item removed", "items[0][price]={1000} items[1][price]={2000}", "items[0][id]={b} items[0][deleted]=true", 0},
		{"another interval, flexible", "items[0][price]={1000}", "items[0][id]={a} items[0][price]={year} proration_behavior=always_invoice", 9089},
		{"another interval, classic", "items[0][price]={1000} billing_mode[type]=classic", "items[0][id]={a} items[0][price]={year}", 9500},
		{"anchor", "items[0][price]={3000} billing_mode[type]=classic", "billing_cycle_anchor=now", 1500},
		{"anchor, flexible", "items[0][price]={3000}", "billing_cycle_anchor=now proration_behavior=always_invoice", 1500},
		{"trial begins", "items[0][price]={1000}", "trial_end=" + unixText(at.AddDate(0, 1, 0)), -500},
		{"trial ends", "items[0][price]={1000} trial_period_days=30", "trial_end=now", 1000},
		{"coupon", "items[0][price]={1000} items[1][price]={2000} discounts[0][coupon]=fiveoff", "items[0][id]={a} items[0][quantity]=3", 5433}, // -417 + 1350 (3000 - 300) with 5000 - 500
		{"end", "items[0][price]={3000}", "cancel_at=" + unixText(at.AddDate(0, 0, 5)), -1000},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newProrated(t, c.begin)
			v.on(16)
			first, form := v.latest().ID(), c.form
			if strings.Contains(form, "items[") || strings.Contains(form, "anchor") {
				form += " proration_date=" + unixText(at)
				form = strings.ReplaceAll(form, "proration_behavior=none proration_date="+unixText(at), "proration_behavior=none")
			}
			shown := v.preview(nested(form))
			wantFields(t, shown, map[string]any{"total": c.total, "status": "draft", "number": nil, "billing_reason": "upcoming", "customer": v.customer, "parent.subscription_details.subscription": v.id})
			if !strings.HasPrefix(shown.ID(), "upcoming_in_") || !strings.HasPrefix(shown.Object("lines").Array("data")[0].(*object.Object).ID(), "il_tmp_") {
				t.Errorf("the preview is %s", shown.ID())
			}
			if v.latest().ID() != first {
				t.Fatal("the preview left an invoice behind")
			}
			if !strings.Contains(form, "trial_end") {
				v.later(time.Hour)
			}
			if c.form != "" {
				v.Post("/v1/subscriptions/"+v.id, v.form(form)...).OK()
			}
			if v.latest().ID() == first {
				v.until(unixTime(v.Get("/v1/subscriptions/" + v.id).OK()))
			}
			real := v.latest()
			wantLines(t, lineTexts(shown.Object("lines").Array("data")), lineTexts(real.Object("lines").Array("data"))...)
			for _, name := range []string{"subtotal", "total", "amount_due", "total_discount_amounts.0.amount"} {
				wantFields(t, shown, map[string]any{name: field(real, name)})
			}
		})
	}
}

// unixTime is when the first period of a subscription ends, or it does.
func unixTime(sub *object.Object) time.Time {
	end, _ := field(sub, "items.data.0.current_period_end").(int64)
	return time.Unix(end, 0)
}

// What else previews show.
func TestPreviewKinds(t *testing.T) {
	t.Parallel()
	v := newProrated(t, "")
	const path = "/v1/invoices/create_preview"
	details := func(form string) string { return nested(form) }
	start := servertest.Start
	t.Run("new", func(t *testing.T) {
		wantEvents(t, v.Server, nil, func() {
			in := v.Post(path, v.form("customer="+v.customer+" "+details("items[0][price]={1000} items[0][quantity]=2"))...).OK()
			wantFields(t, in, map[string]any{"total": 2000, "lines.data.0.description": "2 × Gold (at $10.00 / month)", "period_start": int(start.Unix())})
			in = v.Post(path, v.form("customer_details[address][country]=US currency=usd discounts[0][coupon]=half "+details("items[0][price]={1000}"))...).OK()
			wantFields(t, in, map[string]any{"total": 500, "customer_address.country": "US"})
			in = v.Post(path, v.form("customer="+v.customer+" "+details("items[0][price]={1000} start_date="+unixText(start.AddDate(0, -2, 0))))...).OK()
			wantFields(t, in, map[string]any{"total": 3000})
			in = v.Post(path, v.form("customer="+v.customer+" "+details("items[0][price]={1000} start_date="+unixText(start.AddDate(0, 2, 0))))...).OK()
			wantFields(t, in, map[string]any{"total": 1000, "lines.data.0.period.start": int(start.AddDate(0, 2, 0).Unix())})
			in = v.Post(path, v.form("customer="+v.customer+" preview_mode=recurring "+details("items[0][price]={1000} trial_end="+unixText(start.AddDate(0, 0, 7))))...).OK()
			wantFields(t, in, map[string]any{"total": 1000, "lines.data.0.period.start": int(start.AddDate(0, 0, 7).Unix())})
		})
	})
	v.begin("items[0][price]={1000}")
	later, item := v.id, v.places["{a}"]
	v.begin("items[0][price]={2000} trial_period_days=10")
	t.Run("by customer", func(t *testing.T) {
		wantFields(t, v.Post(path, "customer", v.customer).OK(), map[string]any{"total": 2000, "parent.subscription_details.subscription": v.id})
	})
	v.id, v.places["{a}"] = later, item
	v.on(16)
	t.Run("of this moment", func(t *testing.T) {
		wantFields(t, v.preview("invoice_items[0][amount]=300 invoice_items[0][currency]=usd"), map[string]any{"total": 1300})
		v.update(16, "items[0][id]={a} items[0][quantity]=1 add_invoice_items[0][price_data][currency]=usd add_invoice_items[0][price_data][product]=gold add_invoice_items[0][price_data][unit_amount]=70").OK()
		wantFields(t, v.preview(""), map[string]any{"total": 1070})
		wantFields(t, v.preview("preview_mode=recurring"), map[string]any{"total": 1000})
		wantFields(t, v.preview("preview_mode=recurring "+details("items[0][id]={a} items[0][quantity]=4")), map[string]any{"total": 4000})
		wantFields(t, v.preview(details("cancel_now=true")), map[string]any{"total": -430}) // -500 and 70
		wantFields(t, v.preview(details("cancel_now=true proration_behavior=none")), map[string]any{"total": 70})
		wantFields(t, v.preview("discounts[0][coupon]=half"), map[string]any{"total": 535})
	})
	refuse(t, v.Server, []refusal{
		{"nobody", path, "invoice_items[0][amount]=1", "parameter_missing", "customer", "customer"},
		{"both", path, "subscription=" + v.id + " schedule=sub_sched_x", "parameters_exclusive", "subscription", "subscription, schedule"},
		{"another customer's", path, "customer=" + v.Post("/v1/customers").OK().ID() + " subscription=" + v.id, "", "subscription", "another customer"},
		{"an unknown one", path, "subscription=sub_none", "resource_missing", "subscription", "sub_none"},
		{"an unknown item", path, "subscription=" + v.id + " subscription_details[items][0][id]=si_none", "resource_missing", "subscription_details[items][0][id]", "si_none"},
		{"a date for nothing", path, "subscription=" + v.id + " subscription_details[proration_behavior]=none subscription_details[proration_date]=1", "", "subscription_details[proration_date]", "none"},
	})
	v.Delete("/v1/subscriptions/" + v.id).OK()
	v.Post(path, "subscription", v.id).Fails(404, "invoice_upcoming_none")
}

// The preview of a subscription that ends with its period is of what is left to bill.
func TestPreviewOfEnd(t *testing.T) {
	t.Parallel()
	v := newProrated(t, "items[0][price]={1000}")
	v.update(16, "cancel_at_period_end=true").OK()
	v.Post("/v1/invoices/create_preview", "subscription", v.id).Fails(404, "invoice_upcoming_none")
	v.update(16, "items[0][id]={a} items[0][price]={2000}").OK()
	wantFields(t, v.preview(""), map[string]any{"total": 500})
	v.until(servertest.Start.AddDate(0, 1, 0))
	wantFields(t, v.Get("/v1/invoices", "subscription", v.id).OK(), map[string]any{"data.0.total": 500, "data.0.status": "paid"})
}

// A paused subscription can be shown as it would be billed when it goes on.
func TestPreviewOfResume(t *testing.T) {
	t.Parallel()
	v := newProrated(t, "")
	v.Post("/v1/customers/"+v.customer, "invoice_settings[default_payment_method]", "").OK()
	v.begin("items[0][price]={1000} trial_period_days=14 trial_settings[end_behavior][missing_payment_method]=pause")
	v.on(16)
	v.Post("/v1/invoices/create_preview", "subscription", v.id).Fails(404, "invoice_upcoming_none")
	wantFields(t, v.preview("subscription_details[resume_at]=now"), map[string]any{"total": 1000, "lines.data.0.period.start": int(v.Clock.Now().Unix())})
	wantFields(t, v.Get("/v1/subscriptions/"+v.id).OK(), map[string]any{"status": "paused"})
}

// What a schedule bills next is what its phases say, those that are over by then included.
func TestPreviewOfSchedule(t *testing.T) {
	t.Parallel()
	v := newProrated(t, "")
	start := servertest.Start
	const path, gold = "/v1/invoices/create_preview", "phases[0][items][0][price]={1000} phases[0][end_date]="
	s := v.Post("/v1/subscription_schedules", v.form("customer="+v.customer+" start_date="+unixText(start.AddDate(0, 0, 5))+" "+gold+unixText(start.AddDate(0, 1, 5))+" phases[1][items][0][price]={2000}")...).OK()
	wantEvents(t, v.Server, nil, func() {
		wantFields(t, v.Post(path, "schedule", s.ID()).OK(), map[string]any{"total": 1000, "lines.data.0.period.start": int(start.AddDate(0, 0, 5).Unix())})
	})
	v.on(10)
	wantEvents(t, v.Server, nil, func() {
		wantFields(t, v.Post(path, "schedule", s.ID()).OK(), map[string]any{"total": 2000, "lines.data.0.period.start": int(start.AddDate(0, 1, 5).Unix())})
		in := v.Post(path, v.form("schedule="+s.ID()+" schedule_details[phases][0][start_date]="+unixText(start.AddDate(0, 0, 5))+" schedule_details[phases][0][items][0][price]={1000} schedule_details[phases][0][items][0][quantity]=3 schedule_details[phases][0][end_date]="+unixText(start.AddDate(0, 2, 5)))...).OK()
		wantFields(t, in, map[string]any{"total": 4733}) // -867 and 2600 for 26 of 30 days, and 3000
		wantFields(t, v.Post(path, v.form("customer="+v.customer+" schedule_details[phases][0][items][0][price]={3000} schedule_details[phases][0][start_date]=now")...).OK(), map[string]any{"total": 3000})
	})
	sub := v.Get("/v1/subscription_schedules/" + s.ID()).OK().Ref("subscription")
	wantFields(t, v.Post(path, "subscription", sub).OK(), map[string]any{"total": 2000})
}

// A preview goes by the customer's clock.
func TestPreviewOnClock(t *testing.T) {
	t.Parallel()
	v := newProrated(t, "")
	at := servertest.Start.AddDate(2, 0, 0)
	clock := v.Post("/v1/test_helpers/test_clocks", "frozen_time", unixText(at)).OK().ID()
	v.customer = withCard(v.Server, "test_clock", clock)
	v.begin("items[0][price]={1000}")
	wantFields(t, v.preview(nested("items[0][id]={a} items[0][price]={2000}")), map[string]any{"total": 3000, "lines.data.2.period.start": int(at.AddDate(0, 1, 0).Unix()), "test_clock": clock})
	v.Post("/v1/test_helpers/test_clocks/"+clock+"/advance", "frozen_time", unixText(at.AddDate(0, 0, 15))).OK()
	v.later(0)
	wantFields(t, v.preview(nested("items[0][id]={a} items[0][price]={2000}")), map[string]any{"total": 2500}) // -500 and 1000 for half of the month, and 2000
	v.Post("/v1/subscriptions/"+v.id, v.form("items[0][id]={a} items[0][price]={2000} proration_behavior=always_invoice")...).OK()
	wantLines(t, v.billed(), "-500 Unused time on Gold after 16 Sep 2028", "1000 Remaining time on Gold after 16 Sep 2028")
}
