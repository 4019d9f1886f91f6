package billing_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/servertest"
)

var (
	proratedNow = []string{"invoiceitem.created", "invoiceitem.created", "customer.subscription.updated"}
	billedNow   = events(proratedNow, "invoice.created", chargedNow)
)

// What a change that is billed at once does depends on what can be paid.
func TestChangePaid(t *testing.T) {
	t.Parallel()
	const change = "items[0][id]={a} items[0][price]={2000} proration_behavior=always_invoice "
	for _, c := range []struct {
		name, form string
		fails      bool // the card
		status     int
		events     []string
		want       map[string]any // of the subscription then
		invoice    map[string]any // its latest
	}{
		{
			name: "paid", form: change, events: billedNow, want: map[string]any{"status": "active", "items.data.0.price.unit_amount": 2000},
			invoice: map[string]any{"status": "paid", "total": 500, "billing_reason": "subscription_update", "period_start": int(servertest.Start.Unix()), "period_end": int(servertest.Start.AddDate(0, 0, 15).Unix()), "parent.subscription_details.subscription": "{sub}"},
		},
		{
			name: "declined", form: change, fails: true, events: events(proratedNow, "invoice.created", failedCharge, "customer.subscription.updated", "customer.updated"),
			want: map[string]any{"status": "past_due", "items.data.0.price.unit_amount": 2000}, invoice: map[string]any{"status": "open", "attempt_count": 1},
		},
		{
			name: "declined, all or nothing", form: change + "payment_behavior=error_if_incomplete", fails: true, status: 402,
			want: map[string]any{"status": "active", "items.data.0.price.unit_amount": 1000}, invoice: map[string]any{"billing_reason": "subscription_create"},
		},
		{
			name: "paid, all or nothing", form: change + "payment_behavior=error_if_incomplete", events: billedNow,
			want: map[string]any{"status": "active", "items.data.0.price.unit_amount": 2000}, invoice: map[string]any{"status": "paid"},
		},
		{
			name: "paid by the customer", form: change + "payment_behavior=default_incomplete", events: events(proratedNow, "invoice.created", "invoice.finalized", "payment_intent.created", "customer.subscription.updated"),
			want: map[string]any{"status": "past_due", "items.data.0.price.unit_amount": 2000}, invoice: map[string]any{"status": "open", "attempted": false},
		},
		{
			name: "a credit", form: "items[0][id]={a} items[0][price]={0} proration_behavior=always_invoice", events: events(proratedNow, "invoice.created", "customer.updated", billedNothing),
			want: map[string]any{"status": "active"}, invoice: map[string]any{"status": "paid", "total": -500, "amount_due": 0, "ending_balance": -500},
		},
		{
			name: "waiting", form: "items[0][id]={a} items[0][price]={2000}", events: proratedNow, want: map[string]any{"status": "active"}, invoice: map[string]any{"billing_reason": "subscription_create"},
		},
		{
			name: "sent", form: "collection_method=send_invoice days_until_due=3 " + change, events: events(proratedNow, "invoice.created"),
			want: map[string]any{"status": "active"}, invoice: map[string]any{"status": "draft", "auto_advance": true},
		},
		{
			name: "nothing to bill", form: "metadata[a]=1 proration_behavior=always_invoice", events: []string{"customer.subscription.updated"}, invoice: map[string]any{"billing_reason": "subscription_create"},
		},
		{
			name: "with something once", form: "add_invoice_items[0][price]={once}", events: []string{"invoiceitem.created"}, invoice: map[string]any{"billing_reason": "subscription_create"},
		},
		{
			name: "with something once, now", form: change + "add_invoice_items[0][price]={once}", events: events("invoiceitem.created", billedNow), invoice: map[string]any{"total": 1200, "lines.data.2.amount": 700},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newProrated(t, "items[0][price]={1000}")
			v.places["{once}"] = v.price("unit_amount=700")
			v.on(16)
			if c.fails {
				v.failFromNow()
			}
			wantEvents(t, v.Server, c.events, func() {
				if a := v.update(16, c.form); c.status != 0 {
					a.Fails(c.status, "card_declined")
				} else {
					a.OK()
				}
			})
			wantFields(t, v.Get("/v1/subscriptions/"+v.id).OK(), c.want)
			if _, named := c.invoice["parent.subscription_details.subscription"]; named {
				c.invoice["parent.subscription_details.subscription"] = v.id
			}
			wantFields(t, v.latest(), c.invoice)
		})
	}
}

// What waits of a change is on the next invoice, the newest first and ahead of the period to come.
func TestChangeRenewed(t *testing.T) {
	t.Parallel()
	v := newProrated(t, "items[0][price]={1000}")
	first := v.latest().ID()
	v.on(16)
	updated := wantEvents(t, v.Server, proratedNow, func() { v.update(16, "items[0][id]={a} items[0][price]={2000}").OK() })
	wantFields(t, updated[2], map[string]any{"data.previous_attributes.items.data.0.price.unit_amount": 1000, "data.previous_attributes.status": nil})
	item := v.Get("/v1/invoiceitems", "customer", v.customer).OK()
	wantFields(t, item, map[string]any{
		"data.0.amount": -500, "data.0.proration": true, "data.0.discountable": false, "data.0.quantity": 1, "data.0.net_amount": -500, "data.0.period.start": int(servertest.Start.AddDate(0, 0, 15).Unix()),
		"data.0.period.end": int(servertest.Start.AddDate(0, 1, 0).Unix()), "data.0.parent.subscription_details.subscription": v.id, "data.0.parent.subscription_details.subscription_item": v.places["{a}"],
		"data.0.pricing.price_details.price": v.places["{1000}"], "data.0.pricing.unit_amount_decimal": "-500", "data.0.proration_details.credited_items.type": "invoice_line_items",
		"data.0.proration_details.credited_items.invoice_line_item_details.invoice": first, "data.1.proration_details.credited_items": nil,
	})
	v.update(21, "items[0][id]={a} items[0][quantity]=2").OK()
	wantFields(t, v.Get("/v1/invoiceitems", "customer", v.customer).OK(), map[string]any{"data.0.proration_details.credited_items.type": "invoice_item", "data.0.proration_details.credited_items.invoice_item": field(item, "data.1.id")})
	v.until(servertest.Start.AddDate(0, 1, 0))
	wantLines(t, v.billed(), "-667 Unused time on Gold after 21 Sep 2026", "1333 Remaining time on 2 × Gold after 21 Sep 2026", "-500 Unused time on Gold after 16 Sep 2026", "1000 Remaining time on Gold after 16 Sep 2026", "4000 2 × Gold (at $20.00 / month)")
	wantFields(t, v.latest(), map[string]any{
		"total": 5166, "billing_reason": "subscription_cycle", "lines.data.0.parent.type": "subscription_item_details", "lines.data.0.parent.subscription_item_details.proration": true,
		"lines.data.0.parent.subscription_item_details.subscription_item": v.places["{a}"], "lines.data.0.parent.subscription_item_details.subscription": v.id, "lines.data.0.subscription": v.id,
		"lines.data.2.parent.subscription_item_details.proration_details.credited_items.invoice": first, "lines.data.4.parent.subscription_item_details.proration": false,
	})
}

// A change of the trial moves the periods.
func TestTrialChanges(t *testing.T) {
	t.Parallel()
	start := servertest.Start
	day16, month := start.AddDate(0, 0, 15), start.AddDate(0, 1, 0)
	const trialing = "items[0][price]={1000} trial_period_days=30"
	for _, c := range []struct {
		name, begin, form string
		events            []string
		want              map[string]any
		lines             []string // of the latest invoice, if it is a new one
	}{
		{
			name: "ends now", begin: trialing, form: "trial_end=now", events: events("customer.subscription.updated", "invoice.created", chargedNow),
			want:  map[string]any{"status": "active", "trial_end": int(day16.Unix()), "billing_cycle_anchor": int(day16.Unix()), "items.data.0.current_period_start": int(day16.Unix()), "items.data.0.current_period_end": int(day16.AddDate(0, 1, 0).Unix())},
			lines: []string{"1000 1 × Gold (at $10.00 / month)"},
		},
		{
			name: "lasts longer", begin: trialing, form: "trial_end=" + unixText(month.AddDate(0, 0, 14)), events: []string{"customer.subscription.updated"},
			want: map[string]any{"status": "trialing", "trial_start": int(start.Unix()), "trial_end": int(month.AddDate(0, 0, 14).Unix()), "items.data.0.current_period_start": int(start.Unix()), "items.data.0.current_period_end": int(month.AddDate(0, 0, 14).Unix())},
		},
		{
			name: "lasts longer, classic", begin: trialing + " billing_mode[type]=classic", form: "trial_end=" + unixText(month.AddDate(0, 0, 14)), events: events("customer.subscription.updated", "invoice.created", billedNothing),
			want: map[string]any{"status": "trialing"}, lines: []string{"0 Trial period for Gold"},
		},
		{
			name: "begins", begin: "items[0][price]={1000}", form: "trial_end=" + unixText(month), events: events("invoiceitem.created", "customer.subscription.updated", "invoice.created", "customer.updated", billedNothing),
			want:  map[string]any{"status": "trialing", "trial_start": int(day16.Unix()), "billing_cycle_anchor": int(month.Unix()), "items.data.0.current_period_start": int(day16.Unix()), "items.data.0.current_period_end": int(month.Unix())},
			lines: []string{"-500 Unused time on Gold after 16 Sep 2026", "0 Free trial for 1 × Gold"},
		},
		{
			name: "begins without prorations", begin: "items[0][price]={1000}", form: "proration_behavior=none trial_end=" + unixText(month), events: events("customer.subscription.updated", "invoice.created", billedNothing),
			want: map[string]any{"status": "trialing"}, lines: []string{"0 Free trial for 1 × Gold"},
		},
		{
			name: "has another item", begin: trialing, form: "items[0][price]={2000}", events: []string{"customer.subscription.updated"}, want: map[string]any{"items.data.1.current_period_end": int(start.Add(30 * day).Unix())},
		},
		{
			name: "has another item, invoiced", begin: trialing, form: "proration_behavior=always_invoice items[0][price]={2000}", events: events("customer.subscription.updated", "invoice.created", billedNothing),
			lines: []string{"0 Free trial for 1 × Gold"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newProrated(t, c.begin)
			first := v.latest().ID()
			v.on(16)
			wantEvents(t, v.Server, c.events, func() { wantFields(t, v.update(16, c.form).OK(), c.want) })
			if c.lines != nil {
				wantLines(t, v.billed(), c.lines...)
			} else if v.latest().ID() != first {
				t.Error("there is another invoice")
			}
		})
	}
}

// What a proration came to can be changed, but not that it has its discounts already.
func TestProrationEdited(t *testing.T) {
	t.Parallel()
	v := newProrated(t, "items[0][price]={1000} discounts[0][coupon]=half billing_mode[type]=flexible billing_mode[flexible][proration_discounts]=itemized")
	v.update(16, "items[0][id]={a} items[0][price]={2000}").OK()
	list := v.Get("/v1/invoiceitems", "customer", v.customer).OK()
	wantFields(t, list, map[string]any{"data.1.amount": 1000, "data.1.net_amount": 500, "data.1.proration_details.discount_amounts.0.amount": 500, "data.1.discountable": false, "data.0.amount": -500, "data.0.net_amount": -250})
	path := "/v1/invoiceitems/" + field(list, "data.1.id").(string)
	wantFields(t, v.Post(path, "metadata[a]", "1").OK(), map[string]any{"amount": 1000, "net_amount": 500, "metadata.a": "1"})
	wantFields(t, v.Post(path, "amount", "800").OK(), map[string]any{"amount": 800, "net_amount": 300, "proration": true})
	refuse(t, v.Server, []refusal{{"discountable", path, "discountable=true", "", "discountable", "prorations"}})
	v.update(21, "items[0][id]={a} items[0][quantity]=0").OK() // what is billed of it is what it was changed to: a third of 15 days' 800, less 500
	wantFields(t, v.Get("/v1/invoiceitems", "customer", v.customer).OK(), map[string]any{"data.0.amount": -533, "data.0.net_amount": -200})
}

// A subscription that was canceled in its period credits what is left of it only if it is told to.
func TestCancelProrates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, form string
		events     []string
		waiting    []string
		balance    int
	}{
		{"without", "", []string{"customer.subscription.deleted"}, nil, 0},
		{"credited", "prorate=true", []string{"invoiceitem.created", "customer.subscription.deleted"}, []string{"-667 Unused time on Gold after 21 Sep 2026"}, 0},
		{"credited now", "prorate=true invoice_now=true", events("invoiceitem.created", "invoice.created", "customer.updated", billedNothing, "customer.subscription.deleted"), nil, -667},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newProrated(t, "items[0][price]={2000}")
			v.on(21)
			wantEvents(t, v.Server, c.events, func() {
				wantFields(t, v.Delete("/v1/subscriptions/"+v.id, form(c.form)...).OK(), map[string]any{"status": "canceled", "items.data.0.price.unit_amount": 2000})
			})
			wantLines(t, v.waiting(), c.waiting...)
			wantFields(t, v.Get("/v1/customers/"+v.customer).OK(), map[string]any{"balance": c.balance})
		})
	}
}

// A subscription that began in the past bills the time gone by with its first period.
func TestBackdate(t *testing.T) {
	t.Parallel()
	start := servertest.Start
	past := "items[0][price]={1000} backdate_start_date=" + unixText(time.Date(2026, 6, 16, 12, 0, 0, 0, time.UTC)) // 15 days of June, July, August
	for _, c := range []struct {
		name, form string
		lines      []string
		want       map[string]any
	}{
		{
			name: "flexible", form: past, lines: []string{"1000 1 × Gold (at $10.00 / month)", "1000 1 × Gold (at $10.00 / month)", "1000 1 × Gold (at $10.00 / month)"}, // 16 June to 16 September
			want: map[string]any{"start_date": int(time.Date(2026, 6, 16, 12, 0, 0, 0, time.UTC).Unix()), "billing_cycle_anchor": int(time.Date(2026, 6, 16, 12, 0, 0, 0, time.UTC).Unix()), "items.data.0.current_period_start": int(start.AddDate(0, 0, -16).Unix()), "items.data.0.current_period_end": int(start.AddDate(0, 0, 15).Unix())},
		},
		{
			name: "flexible, anchored", form: past + " billing_cycle_anchor=" + unixText(start.AddDate(0, 0, 14)), // 15 September: a day of 15 June to 15 July, two whole periods, the one that runs
			lines: []string{"967 1 × Gold (at $10.00 / month)", "1000 1 × Gold (at $10.00 / month)", "1000 1 × Gold (at $10.00 / month)"},
		},
		{
			name: "classic", form: past + " billing_mode[type]=classic", lines: []string{"2516 1 × Gold (at $10.00 / month)", "1000 1 × Gold (at $10.00 / month)"}, // two months from the start, and 16 days of 16 August to 16 September
			want: map[string]any{"billing_cycle_anchor": int(start.Unix()), "items.data.0.current_period_start": int(start.Unix())},
		},
		{
			name: "classic, anchored", form: past + " billing_mode[type]=classic billing_cycle_anchor=" + unixText(start.AddDate(0, 0, 15)), lines: []string{"3000 1 × Gold (at $10.00 / month)"},
		},
		{
			name: "free", form: past + " billing_mode[type]=classic proration_behavior=none", lines: []string{"1000 1 × Gold (at $10.00 / month)"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newProrated(t, c.form)
			wantFields(t, v.Get("/v1/subscriptions/"+v.id).OK(), c.want)
			wantLines(t, v.billed(), c.lines...)
		})
	}
}

// Changes that cannot be made.
func TestChangeRefused(t *testing.T) {
	t.Parallel()
	v := newProrated(t, "items[0][price]={1000} items[1][price]={2000} billing_mode[type]=classic")
	at, a, b := "/v1/subscriptions/"+v.id, v.places["{a}"], v.places["{b}"]
	week := v.price("unit_amount=1 recurring[interval]=week")
	refuse(t, v.Server, []refusal{
		{"a date before the period", at, "proration_date=1500000000 items[0][id]=" + a + " items[0][quantity]=2", "", "proration_date", "outside of current subscription period"},
		{"a date after it", at, "proration_date=1999999999 items[0][id]=" + a + " items[0][quantity]=2", "", "proration_date", "outside"},
		{"a price that another item has", at, "items[0][id]=" + a + " items[0][price]=" + v.places["{2000}"], "", "items[0][price]", "same plan"},
		{"it, by the item", "/v1/subscription_items/" + a, "price=" + v.places["{2000}"], "", "price", "same plan"},
		{"it, as a new item", "/v1/subscription_items", "subscription=" + v.id + " price=" + v.places["{2000}"], "", "price", "same plan"},
		{"no item left", at, "items[0][id]=" + a + " items[0][deleted]=true items[1][deleted]=true items[1][id]=" + b, "", "", "at least one"},
		{"two intervals", at, "items[0][price]=" + v.places["{year}"], "", "items", "mismatch in interval"},
		{"usage of what is not metered", at, "items[0][id]=" + a + " items[0][deleted]=true items[0][clear_usage]=true", "", "items[0][clear_usage]", "metered"},
		{"a trial that was", at, "trial_end=1500000000", "", "trial_end", "future"},
		{"a trial too long", at, "trial_end=" + unixText(servertest.Start.AddDate(2, 0, 1)), "", "trial_end", "2 years"},
	})
	v.begin("items[0][price]={1000}")
	refuse(t, v.Server, []refusal{{"intervals that do not fit", "/v1/subscriptions/" + v.id, "items[0][price]=" + week, "", "items", "multiple of the shortest"}})
	v.begin("items[0][price]={1000} payment_behavior=default_incomplete")
	refuse(t, v.Server, []refusal{{"not paid yet", "/v1/subscriptions/" + v.id, "items[0][price]=" + v.places["{2000}"], "", "items", "incomplete"}})
	v.begin("items[0][price]={1000} trial_period_days=3")
	refuse(t, v.Server, []refusal{{"anchored at the end of its trial", "/v1/subscriptions/" + v.id, "billing_cycle_anchor=now", "", "billing_cycle_anchor", "trial"}})
}

// An item takes the place of another one in the same request, and a new one takes the period of the others.
func TestItemsReplaced(t *testing.T) {
	t.Parallel()
	v := newProrated(t, "items[0][price]={1000} items[1][price]={2000}")
	v.on(16)
	got := v.update(16, "items[0][price]={1000} items[0][quantity]=2 items[1][id]={a} items[1][deleted]=true").OK()
	wantFields(t, got, map[string]any{"items.data.0.id": v.places["{b}"], "items.data.1.quantity": 2, "items.data.1.current_period_start": int(servertest.Start.Unix()), "items.data.2": nil})
	wantLines(t, v.waiting(), "-500 Unused time on Gold after 16 Sep 2026", "1000 Remaining time on 2 × Gold after 16 Sep 2026")
	added := v.Post("/v1/subscription_items", v.form("subscription="+v.id+" price={3000} proration_behavior=none")...).OK()
	wantFields(t, added, map[string]any{"object": "subscription_item", "quantity": 1, "price.unit_amount": 3000, "current_period_end": int(servertest.Start.AddDate(0, 1, 0).Unix())})
	wantFields(t, v.Delete("/v1/subscription_items/"+added.ID()).OK(), map[string]any{"id": added.ID(), "deleted": true})
	v.Get("/v1/subscription_items/"+added.ID()).Fails(404, "resource_missing")
	wantFields(t, v.Get("/v1/subscriptions/"+v.id).OK(), map[string]any{"items.data.2": nil})
}

// What was used of a metered item is billed when the item goes or gets another price, with the price that it had then.
func TestMeteredItemChanges(t *testing.T) {
	t.Parallel()
	const removed, priced = "items[0][id]={b} items[0][deleted]=true ", "items[0][id]={b} items[0][price]={dear} "
	for _, c := range []struct {
		name, begin, form string
		waiting           []string
		renewed           []string // the lines of the next invoice for what is metered
	}{
		{name: "removed, flexible", form: removed, waiting: []string{"200 100 × Gold (at $0.02 / month)"}},
		{name: "removed and forgotten", form: removed + "items[0][clear_usage]=true"},
		{name: "removed without prorations", form: removed + "proration_behavior=none"},
		{name: "removed, classic", begin: "billing_mode[type]=classic", form: removed},
		{name: "priced, flexible", form: priced, waiting: []string{"200 100 × Gold (at $0.02 / month)"}, renewed: []string{"150 50 × Gold (at $0.03 / month)"}},
		{name: "priced, classic", begin: "billing_mode[type]=classic", form: priced, renewed: []string{"150 50 × Gold (at $0.03 / month)"}},
		{name: "not metered any more", form: "items[0][id]={b} items[0][price]={2000}", waiting: []string{"200 100 × Gold (at $0.02 / month)", "1000 Remaining time on Gold after 16 Sep 2026"}},
		{name: "metered from now on", begin: "items[2][price]={2000}", form: "items[0][id]={c} items[0][price]={dear}", waiting: []string{"-1000 Unused time on Gold after 16 Sep 2026"}, renewed: []string{"300 150 × Gold (at $0.02 / month)", "150 50 × Gold (at $0.03 / month)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newProrated(t, "")
			meter := v.Post("/v1/billing/meters", form("display_name=Calls event_name=calls default_aggregation[formula]=sum")...).OK().ID()
			v.places["{used}"] = v.price("unit_amount=2 recurring[interval]=month recurring[usage_type]=metered recurring[meter]=" + meter)
			v.places["{dear}"] = v.price("unit_amount=3 recurring[interval]=month recurring[usage_type]=metered recurring[meter]=" + meter)
			use := func(value string) {
				v.Post("/v1/billing/meter_events", "event_name", "calls", "payload[value]", value, "payload[stripe_customer_id]", v.customer).OK()
			}
			v.begin("items[0][price]={1000} items[1][price]={used} " + c.begin)
			use("100")
			v.update(16, c.form).OK()
			wantLines(t, v.waiting(), c.waiting...)
			use("50")
			v.until(servertest.Start.AddDate(0, 1, 0))
			if len(c.renewed) > 0 {
				renewed := slices.DeleteFunc(v.billed()[len(c.waiting):], func(line string) bool { return strings.Contains(line, "at $10.00") })
				wantLines(t, renewed, c.renewed...)
			}
		})
	}
}

// Prorations are taxed as what they are for, and rounded to the smallest unit that a currency has.
func TestProrationTerms(t *testing.T) {
	t.Parallel()
	v := newProrated(t, "items[0][price]={1000} items[0][tax_rates][0]={rate}")
	v.update(16, "items[0][id]={a} items[0][price]={2000} proration_behavior=always_invoice").OK()
	wantFields(t, v.latest(), map[string]any{"subtotal": 500, "total": 550, "lines.data.0.taxes.0.amount": -50, "lines.data.1.taxes.0.amount": 100})
	v.update(21, "items[0][id]={a} items[0][quantity]=2 items[0][tax_rates]= proration_behavior=always_invoice").OK() // credited with the tax that was on it
	wantFields(t, v.latest(), map[string]any{"subtotal": 666, "total": 599, "lines.data.0.taxes.0.amount": -67, "lines.data.1.taxes": []any{}})
	for currency, want := range map[string][]string{"jpy": {"-333 Unused time on Gold after 21 Sep 2026", "667 Remaining time on Gold after 21 Sep 2026"}, "kwd": {"-333 Unused time on Gold after 21 Sep 2026", "667 Remaining time on Gold after 21 Sep 2026"}} {
		t.Run(currency, func(t *testing.T) {
			t.Parallel()
			v := newProrated(t, "")
			for _, amount := range []string{"1000", "2000"} {
				v.places["{"+amount+"}"] = v.Post("/v1/prices", form("product=gold currency="+currency+" unit_amount="+amount+" recurring[interval]=month")...).OK().ID()
			}
			v.begin("items[0][price]={1000}")
			v.update(21, "items[0][id]={a} items[0][price]={2000}").OK()
			wantLines(t, v.waiting(), want...)
		})
	}
}

// Items with another interval have periods of their own, and their own place in the sequence of bills.
func TestMixedIntervals(t *testing.T) {
	t.Parallel()
	start := servertest.Start
	v := newProrated(t, "items[0][price]={1000}")
	got := v.update(16, "items[0][price]={year} proration_behavior=always_invoice").OK()
	wantFields(t, got, map[string]any{
		"items.data.0.current_period_end": int(start.AddDate(0, 1, 0).Unix()), "items.data.1.current_period_start": int(start.AddDate(0, 0, 15).Unix()), "items.data.1.current_period_end": int(start.AddDate(1, 0, 0).Unix()),
	})
	wantLines(t, v.billed(), "9589 Remaining time on Gold after 16 Sep 2026")
	v.until(start.AddDate(0, 1, 0))
	wantLines(t, v.billed(), "1000 1 × Gold (at $10.00 / month)")
	wantFields(t, v.Post("/v1/subscriptions/"+v.id, "cancel_at", "min_period_end").OK(), map[string]any{"cancel_at": int(start.AddDate(0, 2, 0).Unix())})
	wantLines(t, v.waiting(), "-8329 Unused time on Gold after 01 Nov 2026") // 304 of the 350 days that were billed with 9589
	wantFields(t, v.Post("/v1/subscriptions/"+v.id, "cancel_at_period_end", "true").OK(), map[string]any{"cancel_at": int(start.AddDate(1, 0, 0).Unix())})
}
