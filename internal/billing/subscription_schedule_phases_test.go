package billing_test

import (
	"slices"
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// A phase says all of what a subscription is; the next one that does not say it takes it back.
func TestScheduleSettings(t *testing.T) {
	t.Parallel()
	v := newScheduled(t, "pm_card_visa")
	other := v.Post("/v1/payment_methods/pm_card_mastercard/attach", "customer", v.customer).OK().ID()
	v.places["{rate}"] = v.Post("/v1/tax_rates", form("display_name=VAT percentage=10 inclusive=false")...).OK().ID()
	v.places["{card}"] = other
	s := v.schedule("start_date=now default_settings[description]=All " +
		"phases[0][items][0][price]={gold} phases[0][items][0][tax_rates][0]={rate} phases[0][items][0][metadata][seat]=a phases[0][items][0][discounts][0][coupon]=half " +
		"phases[0][default_payment_method]={card} phases[0][collection_method]=send_invoice phases[0][invoice_settings][days_until_due]=3 phases[0][invoice_settings][footer]=Thanks " +
		"phases[0][default_tax_rates][0]={rate} phases[0][description]=One phases[0][discounts][0][coupon]=half phases[0][metadata][a]=1 " +
		"phases[1][items][0][price]={gold} phases[1][metadata][b]=2 phases[1][items][0][quantity]=2")
	wantFields(t, s, map[string]any{
		"phases.0.items.0.tax_rates.0.percentage": 10, "phases.0.default_tax_rates.0.id": v.places["{rate}"], "phases.0.invoice_settings.days_until_due": 3, "phases.0.default_payment_method": other,
		"phases.1.default_tax_rates": []any{}, "phases.1.invoice_settings": nil, "phases.1.description": nil, "phases.1.collection_method": nil, "default_settings.description": "All",
	})
	sub := v.subscription(s.ID())
	wantFields(t, sub, map[string]any{
		"default_payment_method": other, "collection_method": "send_invoice", "days_until_due": 3, "invoice_settings.footer": "Thanks", "default_tax_rates.0.id": v.places["{rate}"],
		"description": "One", "metadata.a": "1", "items.data.0.tax_rates.0.id": v.places["{rate}"], "items.data.0.metadata.seat": "a",
	})
	wantFields(t, v.latestInvoice(sub), map[string]any{"status": "draft", "subtotal": 500, "total": 275, "collection_method": "send_invoice"}) // 1000 less 50 % twice, and 10 % of it
	v.month(1)
	sub = v.subscription(s.ID())
	wantFields(t, sub, map[string]any{
		"default_payment_method": nil, "collection_method": "charge_automatically", "days_until_due": nil, "invoice_settings.footer": nil, "default_tax_rates": []any{}, "discounts": []any{},
		"description": "All", "metadata.a": "1", "metadata.b": "2", "items.data.0.tax_rates": []any{}, "items.data.0.discounts": []any{}, "items.data.0.quantity": 2,
	})
	wantFields(t, v.latestInvoice(sub), map[string]any{"total": 2000})
}

// A phase may be free in all, or to a date within it.
func TestScheduleTrials(t *testing.T) {
	t.Parallel()
	v := newScheduled(t, "pm_card_visa")
	week := servertest.Start.AddDate(0, 0, 7)
	s := v.schedule("start_date=now phases[0][items][0][price]={gold} phases[0][trial]=true phases[0][end_date]=" + unixText(week) + " phases[1][items][0][price]={silver}")
	wantFields(t, s, map[string]any{"phases.0.trial_end": int(week.Unix()), "phases.1.trial_end": nil, "phases.1.end_date": int(week.AddDate(0, 1, 0).Unix())})
	sub := v.subscription(s.ID())
	wantFields(t, sub, map[string]any{"status": "trialing", "trial_end": int(week.Unix()), "items.data.0.price.id": v.monthly})
	wantFields(t, v.latestInvoice(sub), map[string]any{"total": 0})
	v.later(7*day - hour)
	wantEvents(t, v.Server, []string{scheduleUpdated, subUpdated, subUpdated, "invoice.created"}, func() { v.later(hour) })
	sub = v.subscription(s.ID())
	wantFields(t, sub, map[string]any{"status": "active", "items.data.0.price.id": v.silver, "items.data.0.current_period_start": int(week.Unix()), "items.data.0.current_period_end": int(week.AddDate(0, 1, 0).Unix())})
	wantFields(t, v.latestInvoice(sub), map[string]any{"total": 500, "billing_reason": "subscription_cycle"})

	s = v.schedule("start_date=now phases[0][items][0][price]={gold} phases[0][trial_end]=" + in(v.Server, 3*day))
	sub = v.subscription(s.ID())
	wantFields(t, sub, map[string]any{"status": "trialing"})
	v.later(3 * day)
	wantFields(t, v.subscription(s.ID()), map[string]any{"status": "active", "schedule": s.ID()})
}

// What a phase names goes on when it could not be chosen anew: its prices, or what was made for it alone. A coupon that
// cannot be given any more is left out.
func TestScheduleKeepsItsPrices(t *testing.T) {
	t.Parallel()
	v := newScheduled(t, "pm_card_visa")
	v.Post("/v1/coupons", form("id=soon percent_off=10 duration=forever max_redemptions=1")...).OK()
	s := v.schedule("start_date={oct} " +
		"phases[0][items][0][price_data][currency]=usd phases[0][items][0][price_data][product]=gold phases[0][items][0][price_data][unit_amount]=900 phases[0][items][0][price_data][recurring][interval]=month " +
		"phases[0][add_invoice_items][0][price_data][currency]=usd phases[0][add_invoice_items][0][price_data][product]=gold phases[0][add_invoice_items][0][price_data][unit_amount]=50 " +
		"phases[1][items][0][price]={silver} phases[1][discounts][0][coupon]=soon phases[1][add_invoice_items][0][price]={once}")
	own := field(s, "phases.0.items.0.price").(string)
	wantFields(t, v.Get("/v1/prices/"+own).OK(), map[string]any{"unit_amount": 900, "active": false, "recurring.interval": "month"})
	v.Post("/v1/prices/"+v.silver, "active", "false").OK()
	v.Post("/v1/prices/"+v.once, "active", "false").OK()
	v.Post("/v1/subscription_schedules/"+s.ID(), v.form("phases[0][start_date]={oct} phases[0][items][0][price]="+own+" phases[0][add_invoice_items][0][price]="+field(s, "phases.0.add_invoice_items.0.price").(string)+
		" phases[1][items][0][price]={silver} phases[1][discounts][0][coupon]=soon phases[1][add_invoice_items][0][price]={once}")...).OK()
	v.month(1)
	wantFields(t, v.latestInvoice(v.subscription(s.ID())), map[string]any{"total": 950})
	v.Post("/v1/customers/"+v.customer+"/subscriptions", v.form("items[0][price]={yearly} discounts[0][coupon]=soon")...)
	v.Post("/v1/subscriptions", v.form("customer={customer} items[0][price]={gold} discounts[0][coupon]=soon")...)
	wantFields(t, v.Get("/v1/coupons/soon").OK(), map[string]any{"valid": false})
	v.month(2)
	sub := v.subscription(s.ID())
	wantFields(t, sub, map[string]any{"items.data.0.price.id": v.silver, "discounts": []any{}})
	wantFields(t, v.latestInvoice(sub), map[string]any{"total": 1200, "billing_reason": "subscription_cycle"})
}

// What cannot be is refused with the parameter that is wrong.
func TestScheduleRefusals(t *testing.T) {
	t.Parallel()
	v := newScheduled(t, "pm_card_visa")
	const path = "/v1/subscription_schedules"
	foreign := v.Post("/v1/payment_methods/pm_card_visa/attach", "customer", v.Post("/v1/customers").OK().ID()).OK().ID()
	v.places["{foreign}"] = foreign
	v.places["{euro}"] = v.Post("/v1/prices", form("product=gold currency=eur unit_amount=1 recurring[interval]=month")...).OK().ID()
	v.places["{gone}"] = v.price("unit_amount=1 recurring[interval]=month active=false")
	v.Post("/v1/coupons", "id", "late", "percent_off", "5", "redeem_by", in(v.Server, hour)).OK()
	base := "customer={customer} start_date=now "
	gold := base + "phases[0][items][0][price]={gold} "
	long := base
	for _, n := range []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"} {
		long += "phases[" + n + "][items][0][price]={gold} "
	}
	all := []refusal{
		{"nobody", path, "phases[0][items][0][price]={gold}", "parameter_missing", "customer", "customer"},
		{"no phases", path, base, "parameter_missing", "phases", "phases"},
		{"a phase without items", path, base + "phases[0][proration_behavior]=none", "parameter_missing", "phases[0][items]", "items"},
		{"an item without a price", path, gold + "phases[1][items][0][quantity]=1", "parameter_missing", "phases[1][items][0][price]", "price"},
		{"unknown price", path, gold + "phases[1][items][0][price]=price_none", "resource_missing", "phases[1][items][0][price]", "No such price"},
		{"two prices", path, gold + "phases[0][items][0][price_data][currency]=usd phases[0][items][0][price_data][product]=gold phases[0][items][0][price_data][recurring][interval]=month", "parameters_exclusive", "phases[0][items][0][price]", "price, price_data"},
		{"price for once", path, gold + "phases[1][items][0][price]={once}", "", "phases[1][items][0][price]", "type=recurring"},
		{"inactive price", path, gold + "phases[1][items][0][price]={gone}", "", "phases[1][items][0][price]", "inactive"},
		{"the same price twice", path, gold + "phases[0][items][1][price]={gold}", "", "phases[0][items][1][price]", "same plan"},
		{"another currency", path, gold + "phases[1][items][0][price]={euro}", "", "phases[1][items][0][price]", "`usd`"},
		{"a currency that it has not", path, gold + "phases[0][currency]=eur", "", "phases[0][items][0][price]", "`eur`"},
		{"a bad inline price", path, base + "phases[0][items][0][price_data][currency]=usd phases[0][items][0][price_data][product]=prod_none phases[0][items][0][price_data][unit_amount]=1 phases[0][items][0][price_data][recurring][interval]=month", "resource_missing", "phases[0][items][0][price_data][product]", "No such product"},
		{"duration and end", path, gold + "phases[0][duration][interval]=month phases[0][end_date]={oct}", "parameters_exclusive", "phases[0][duration]", "duration, end_date"},
		{"an end before the start", path, gold + "phases[1][items][0][price]={silver} phases[1][end_date]={oct}", "", "phases[1][end_date]", "after its `start_date`"},
		{"an end that was", path, "customer={customer} start_date=1500000000 phases[0][items][0][price]={gold}", "", "phases[0][end_date]", "already ended"},
		{"two trials", path, gold + "phases[0][trial]=true phases[0][trial_end]={oct}", "parameters_exclusive", "phases[0][trial]", "trial, trial_end"},
		{"a trial beyond the phase", path, gold + "phases[0][trial_end]={nov}", "", "phases[0][trial_end]", "not after its `end_date`"},
		{"too many phases", path, long, "", "phases", "at most 10"},
		{"sent without a date", path, gold + "phases[0][collection_method]=send_invoice", "parameter_missing", "phases[0][invoice_settings][days_until_due]", "days_until_due"},
		{"a foreign method", path, gold + "phases[0][default_payment_method]={foreign}", "resource_missing", "phases[0][default_payment_method]", "does not have a payment method"},
		{"a foreign method for all", path, gold + "default_settings[default_payment_method]={foreign}", "resource_missing", "default_settings[default_payment_method]", "does not have a payment method"},
		{"unknown coupon", path, gold + "phases[0][discounts][0][coupon]=none", "resource_missing", "phases[0][discounts][0][coupon]", "No such coupon"},
		{"unknown coupon of an item", path, gold + "phases[0][items][0][discounts][0][coupon]=none", "resource_missing", "phases[0][items][0][discounts][0][coupon]", "No such coupon"},
		{"unknown tax rate", path, gold + "phases[0][default_tax_rates][0]=txr_none", "resource_missing", "phases[0][default_tax_rates][0]", "No such tax_rate"},
		{"adding what recurs", path, gold + "phases[0][add_invoice_items][0][price]={silver}", "", "phases[0][add_invoice_items][0][price]", "type=one_time"},
		{"an end behavior of old", path, gold + "end_behavior=renew", "", "end_behavior", "must be one of cancel or release"},
	}
	v.refuse(all)
	active := path + "/" + v.schedule(gold+"phases[1][items][0][price]={silver}").ID()
	waiting := path + "/" + v.schedule("start_date={oct} phases[0][items][0][price]={gold}").ID()
	v.month(1)
	v.later(day)
	v.refuse([]refusal{
		{"an expired coupon", path, gold + "phases[0][discounts][0][coupon]=late", "coupon_expired", "phases[0][discounts][0][coupon]", "expired"},
		{"the customer pays otherwise", path, base + "phases[0][items][0][price]={euro}", "", "phases[0][items][0][price]", "combine currencies"},
		{"no start", active, "phases[0][items][0][price]={silver}", "", "phases", "anchor end dates"},
		{"no start before it begins", waiting, "phases[0][items][0][price]={silver}", "", "phases", "anchor end dates"},
		{"the current phase begins otherwise", active, "phases[0][start_date]={nov} phases[0][items][0][price]={silver}", "", "phases[0][start_date]", "can not modify the start date of the current phase"},
		{"the current phase begins now", active, "phases[0][start_date]=now phases[0][items][0][price]={silver}", "", "phases[0][start_date]", "can not modify the start date of the current phase"},
		{"without the current phase", active, "phases[0][start_date]={sep} phases[0][end_date]={oct} phases[0][items][0][price]={gold}", "", "phases[0][start_date]", "can not modify the start date of the current phase"},
		{"the current phase has ended", active, "phases[0][start_date]={oct} phases[0][end_date]=" + unixText(servertest.Start.AddDate(0, 1, 0).Add(hour)) + " phases[0][items][0][price]={silver}", "", "phases[0][end_date]", "only adjust the end date to a future date"},
		{"a past phase changed", active, "phases[0][start_date]={sep} phases[0][end_date]={oct} phases[0][items][0][price]={gold} phases[0][items][0][quantity]=9 phases[1][items][0][price]={silver}", "", "phases[0]", "already ended"},
		{"a gap", active, "phases[0][start_date]={oct} phases[0][end_date]={nov} phases[0][items][0][price]={silver} phases[1][start_date]={dec} phases[1][items][0][price]={silver}", "", "phases[1][start_date]", "`end_date` of the phase before it"},
	})
	v.Post(path+"/sub_sched_none/cancel").Fails(404, "resource_missing")
	v.Post(path+"/sub_sched_none/release").Fails(404, "resource_missing")
}

// refuse fills in the places of forms that are to be refused.
func (v *scheduled) refuse(all []refusal) {
	v.t.Helper()
	for i := range all {
		all[i].form = filled(all[i].form, v.places)
	}
	refuse(v.t, v.Server, all)
}

// amounts are what the invoices of a subscription come to, the newest first.
func (v *scheduled) amounts(sub string) []int64 {
	v.t.Helper()
	var totals []int64
	for _, in := range v.Get("/v1/invoices", "subscription", sub).OK().Array("data") {
		totals = append(totals, in.(*object.Object).Int("total"))
	}
	return totals
}

// A schedule goes by the clock of its customer.
func TestScheduleOnClock(t *testing.T) {
	t.Parallel()
	c := newClocked(t)
	start, month := clockStart.AddDate(0, 0, 1), clockStart.AddDate(0, 1, 0) // 1 February, 2 March
	s := c.Post("/v1/subscription_schedules", form("customer="+c.customer+" start_date="+unixText(start)+" end_behavior=cancel phases[0][items][0][price]="+c.price+" phases[0][end_date]="+unixText(month)+" phases[1][items][0][price]="+c.price+" phases[1][items][0][quantity]=2 phases[1][proration_behavior]=none")...).OK()
	wantFields(t, s, map[string]any{"status": "not_started", "test_clock": c.clock, "created": int(clockStart.Unix())})
	path := "/v1/subscription_schedules/" + s.ID()
	c.Post("/v1/test_helpers/test_clocks/"+c.clock+"/advance", "frozen_time", unixText(month), "wait", "true").OK()
	wantFields(t, c.Get(path, "expand[]", "subscription").OK(), map[string]any{"status": "active", "current_phase.start_date": int(month.Unix()), "subscription.start_date": int(start.Unix()), "subscription.items.data.0.quantity": 2})
	c.Post("/v1/test_helpers/test_clocks/"+c.clock+"/advance", "frozen_time", unixText(clockStart.AddDate(1, 0, 0)), "wait", "true").OK()
	wantFields(t, c.Get(path).OK(), map[string]any{"status": "completed", "completed_at": int(time.Date(2024, 4, 2, 9, 0, 0, 0, time.UTC).Unix())})
}

// A phase that begins within a period is prorated as it says; one that begins with a period is what the renewal is for.
func TestSchedulePhaseBills(t *testing.T) {
	t.Parallel()
	start := servertest.Start
	half := start.AddDate(0, 0, 15) // of a September that has 30 days
	for _, c := range []struct {
		name, form string // of the second phase
		at         time.Time
		events     []string
		amounts    []int64 // of the invoices after the renewal that follows or happens, the newest first
		want       map[string]any
	}{
		{
			name: "prorated", at: half, form: "phases[1][items][0][price]={gold} phases[1][items][0][quantity]=3",
			events: []string{scheduleUpdated, "invoiceitem.created", "invoiceitem.created", subUpdated}, amounts: []int64{4000, 1000}, // -500 and 1500 with the 3000 that follow
		},
		{
			name: "not prorated", at: half, form: "phases[1][items][0][price]={gold} phases[1][items][0][quantity]=3 phases[1][proration_behavior]=none",
			events: []string{scheduleUpdated, subUpdated}, amounts: []int64{3000, 1000},
		},
		{
			name: "prorated at once", at: half, form: "phases[1][items][0][price]={gold} phases[1][items][0][quantity]=3 phases[1][proration_behavior]=always_invoice",
			events: events(scheduleUpdated, "invoiceitem.created", "invoiceitem.created", subUpdated, "invoice.created", renewalMet), amounts: []int64{3000, 1000, 1000},
		},
		{
			name: "another item", at: half, form: "phases[1][items][0][price]={gold} phases[1][items][1][price]={silver}",
			events: []string{scheduleUpdated, "invoiceitem.created", subUpdated}, amounts: []int64{1750, 1000},
		},
		{
			name: "from its start", at: half, form: "phases[1][items][0][price]={silver} phases[1][billing_cycle_anchor]=phase_start",
			events: events(scheduleUpdated, "invoiceitem.created", subUpdated, "invoice.created", billedNothing), amounts: []int64{0, 1000}, // -500 and 500
			want: map[string]any{"billing_cycle_anchor": int(half.Unix()), "items.data.0.current_period_end": int(half.AddDate(0, 1, 0).Unix())},
		},
		{
			name: "with the renewal", at: start.AddDate(0, 1, 0), form: "phases[1][items][0][price]={gold} phases[1][items][0][quantity]=3",
			events: []string{scheduleUpdated, subUpdated, subUpdated, "invoice.created"}, amounts: []int64{3000, 1000},
		},
		{
			name: "another item with the renewal", at: start.AddDate(0, 1, 0), form: "phases[1][items][0][price]={gold} phases[1][items][1][price]={silver} phases[1][proration_behavior]=none phases[1][add_invoice_items][0][price]={once}",
			events: []string{scheduleUpdated, "invoiceitem.created", subUpdated, subUpdated, "invoice.created"}, amounts: []int64{2200, 1000},
		},
		{
			name: "by year with the renewal", at: start.AddDate(0, 1, 0), form: "phases[1][items][0][price]={yearly} phases[1][proration_behavior]=none",
			events: []string{scheduleUpdated, subUpdated, subUpdated, "invoice.created"}, amounts: []int64{10000, 1000},
			want: map[string]any{"billing_cycle_anchor": at(1), "items.data.0.current_period_start": at(1), "items.data.0.current_period_end": at(13)},
		},
		{
			name: "at once with the renewal", at: start.AddDate(0, 1, 0), form: "phases[1][items][0][price]={silver} phases[1][proration_behavior]=always_invoice phases[1][billing_cycle_anchor]=phase_start",
			events: []string{scheduleUpdated, subUpdated, subUpdated, "invoice.created"}, amounts: []int64{500, 1000},
		},
	} {
		for _, mode := range []string{"flexible", "classic"} {
			t.Run(c.name+" "+mode, func(t *testing.T) {
				t.Parallel()
				v := newScheduled(t, "pm_card_visa")
				s := v.schedule("start_date=now billing_mode[type]=" + mode + " phases[0][items][0][price]={gold} phases[0][end_date]=" + unixText(c.at) + " " + c.form)
				v.later(c.at.Sub(start) - time.Second)
				wantEvents(t, v.Server, c.events, func() { v.later(time.Second) })
				sub := v.subscription(s.ID())
				wantFields(t, sub, c.want)
				v.later(start.AddDate(0, 1, 0).Sub(v.Clock.Now()))
				if got := v.amounts(sub.ID()); !slices.Equal(got, c.amounts) {
					t.Errorf("invoices come to %v, want %v", got, c.amounts)
				}
			})
		}
	}
}

// A trial in one interval is followed by a period in another.
func TestScheduleTrialThenYear(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"flexible", "classic"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			v := newScheduled(t, "pm_card_visa")
			end := servertest.Start.AddDate(0, 0, 7)
			s := v.schedule("start_date=now billing_mode[type]=" + mode + " phases[0][items][0][price]={gold} phases[0][trial]=true phases[0][end_date]=" + unixText(end) + " phases[1][items][0][price]={yearly}")
			v.later(7*day + 2*hour)
			sub := v.subscription(s.ID())
			wantFields(t, sub, map[string]any{"status": "active", "items.data.0.current_period_start": int(end.Unix()), "items.data.0.current_period_end": int(end.AddDate(1, 0, 0).Unix())})
			wantFields(t, v.latestInvoice(sub), map[string]any{"status": "paid", "total": 10000, "billing_reason": "subscription_cycle"})
		})
	}
}

// What was used of an item is billed with the period that ends, although the next phase does not have it any more.
func TestScheduleDropsMetered(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, form string // of the second phase
		want       []string
		then       []string // a month later
	}{
		{name: "dropped", form: "phases[1][items][0][price]={gold}", want: []string{"200 100 × Gold (at $0.02 / month)", "1000 1 × Gold (at $10.00 / month)"}, then: []string{"1000 1 × Gold (at $10.00 / month)"}},
		{name: "instead of what was used", form: "phases[1][items][0][price]={gold} phases[1][items][1][price]={silver} phases[1][proration_behavior]=none", want: []string{"200 100 × Gold (at $0.02 / month)", "1000 1 × Gold (at $10.00 / month)", "500 1 × Gold (at $5.00 / month)"}},
		{name: "dearer", form: "phases[1][items][0][price]={gold} phases[1][items][1][price]={dear}", want: []string{"200 100 × Gold (at $0.02 / month)", "1000 1 × Gold (at $10.00 / month)"}, then: []string{"1000 1 × Gold (at $10.00 / month)", "150 50 × Gold (at $0.03 / month)"}},
		{name: "kept", form: "phases[1][items][0][price]={gold} phases[1][items][1][price]={used}", want: []string{"1000 1 × Gold (at $10.00 / month)", "200 100 × Gold (at $0.02 / month)"}, then: []string{"1000 1 × Gold (at $10.00 / month)", "100 50 × Gold (at $0.02 / month)"}},
	} {
		for _, mode := range []string{"flexible", "classic"} {
			t.Run(c.name+" "+mode, func(t *testing.T) {
				t.Parallel()
				v := newScheduled(t, "pm_card_visa")
				meter := v.Post("/v1/billing/meters", form("display_name=Calls event_name=calls default_aggregation[formula]=sum")...).OK().ID()
				v.places["{used}"] = v.price("unit_amount=2 recurring[interval]=month recurring[usage_type]=metered recurring[meter]=" + meter)
				v.places["{dear}"] = v.price("unit_amount=3 recurring[interval]=month recurring[usage_type]=metered recurring[meter]=" + meter)
				use := func(value string) {
					v.Post("/v1/billing/meter_events", "event_name", "calls", "payload[value]", value, "payload[stripe_customer_id]", v.customer).OK()
				}
				s := v.schedule("start_date=now billing_mode[type]=" + mode + " phases[0][items][0][price]={gold} phases[0][items][1][price]={used} " + c.form)
				v.later(hour)
				use("100")
				v.month(1)
				wantLines(t, lineTexts(v.latestInvoice(v.subscription(s.ID())).Object("lines").Array("data")), c.want...)
				if c.then == nil {
					return
				}
				v.later(hour)
				use("50")
				sub := v.subscription(s.ID())
				v.Post("/v1/subscription_schedules/" + s.ID() + "/release").OK()
				v.month(2)
				sub = v.Get("/v1/subscriptions/" + sub.ID()).OK()
				wantLines(t, lineTexts(v.latestInvoice(sub).Object("lines").Array("data")), c.then...)
			})
		}
	}
}
