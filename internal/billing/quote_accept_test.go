package billing_test

import (
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// quoteBilled is what comes of an accepted quote: its first invoice and its subscription, if there is one.
func (v *quoting) billed(path string) (invoice, subscription string) {
	v.t.Helper()
	q := v.Get(path).OK()
	invoice, _ = field(q, "invoice").(string)
	if subscription, _ = field(q, "subscription").(string); subscription != "" {
		invoice, _ = field(v.Get("/v1/subscriptions/"+subscription).OK(), "latest_invoice").(string)
	}
	return "/v1/invoices/" + invoice, "/v1/subscriptions/" + subscription
}

func TestAcceptQuote(t *testing.T) {
	t.Parallel()
	now := int(servertest.Start.Unix())
	for _, c := range []struct {
		name, form            string
		quote                 map[string]any
		invoice, subscription map[string]any
		events                []string
	}{
		{
			name: "an invoice", form: "line_items[0][price]={setup} line_items[0][quantity]=2 line_items[0][discounts][0][coupon]=half line_items[1][price]={setup} line_items[1][tax_rates][]={sales} " +
				"discounts[0][coupon]=once5 invoice_settings[description]=Thanks invoice_settings[footer]=Bye invoice_settings[custom_fields][0][name]=PO invoice_settings[custom_fields][0][value]=7",
			quote: map[string]any{"subscription": nil, "subscription_schedule": nil},
			invoice: map[string]any{ // 5000 - 2500, and 2500: 500 off both halves is 250 and 250, then 10 % of 2250
				"status": "draft", "auto_advance": false, "billing_reason": "quote_accept", "parent.type": "quote_details", "total": 4725, "total_taxes.0.amount": 225, "number": nil,
				"description": "Thanks", "footer": "Bye", "custom_fields.0.value": "7", "lines.data.0.quantity": 2, "lines.data.0.discount_amounts.0.amount": 2500, "lines.data.2": nil,
			},
			events: []string{"invoiceitem.created", "invoiceitem.created", "invoice.created", "quote.accepted"},
		},
		{
			name: "an invoice to send", form: "line_items[0][price]={setup} collection_method=send_invoice invoice_settings[days_until_due]=10",
			invoice: map[string]any{"collection_method": "send_invoice", "due_date": now + 10*86400, "total": 2500},
			events:  []string{"invoiceitem.created", "invoice.created", "quote.accepted"},
		},
		{
			name: "a subscription", form: "line_items[0][price]={setup} line_items[1][price]={monthly} line_items[1][quantity]=3 line_items[1][discounts][0][coupon]=half discounts[0][coupon]=once5 default_tax_rates[]={sales} " +
				"subscription_data[description]=Ours subscription_data[metadata][k]=v invoice_settings[footer]=Bye application_fee_percent=5",
			quote: map[string]any{"invoice": nil},
			invoice: map[string]any{ // 2500 and 1500 less 500, 10 % on top
				"status": "draft", "auto_advance": true, "billing_reason": "subscription_create", "total": 3850, "parent.subscription_details.metadata.k": "v", "footer": "Bye", "automatically_finalizes_at": now + 3600,
			},
			subscription: map[string]any{
				"status": "active", "items.data.0.quantity": 3, "items.data.1": nil, "description": "Ours", "metadata.k": "v", "default_tax_rates.0.display_name": "Sales", "invoice_settings.footer": "Bye",
			},
			events: []string{"customer.updated", "invoiceitem.created", "customer.subscription.created", "invoice.created", "customer.discount.created", "quote.accepted"},
		},
		{
			name: "a trial", form: "line_items[0][price]={monthly} subscription_data[trial_period_days]=7",
			invoice:      map[string]any{"status": "draft", "total": 0},
			subscription: map[string]any{"status": "trialing", "trial_end": now + 7*86400},
			events:       []string{"customer.updated", "customer.subscription.created", "invoice.created", "quote.accepted"},
		},
		{
			name: "a subscription to bill", form: "line_items[0][price]={yearly} collection_method=send_invoice invoice_settings[days_until_due]=10",
			invoice:      map[string]any{"status": "draft", "collection_method": "send_invoice", "due_date": now + 10*86400},
			subscription: map[string]any{"status": "active", "days_until_due": 10},
			events:       []string{"customer.updated", "customer.subscription.created", "invoice.created", "quote.accepted"},
		},
		{
			name: "classic", form: "line_items[0][price]={monthly} subscription_data[billing_mode][type]=classic subscription_data[effective_date]={past}",
			subscription: map[string]any{"billing_mode.type": "classic"},
			events:       []string{"customer.updated", "customer.subscription.created", "invoice.created", "quote.accepted"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newQuoting(t, "pm_card_visa")
			path := v.open(filled(c.form, map[string]string{"{past}": unixText(servertest.Start.Add(-day))}))
			wantEvents(t, v.Server, c.events, func() {
				accepted := v.Post(path + "/accept").OK()
				wantFields(t, accepted, map[string]any{"status": "accepted", "status_transitions.accepted_at": now})
				wantFields(t, accepted, c.quote)
			})
			invoice, subscription := v.billed(path)
			wantFields(t, v.Get(invoice).OK(), c.invoice)
			if c.subscription != nil {
				wantFields(t, v.Get(subscription).OK(), c.subscription)
			}
			v.Post(path+"/cancel").Fails(400, "status_transition_invalid")
		})
	}
}

// What a quote said comes true: its first invoice is what computed.upfront was, the next one what computed.recurring was.
func TestQuoteComesTrue(t *testing.T) {
	t.Parallel()
	v := newQuoting(t, "pm_card_visa")
	path := v.open("line_items[0][price]={setup} line_items[1][price]={monthly} line_items[1][quantity]=3 line_items[1][discounts][0][coupon]=half discounts[0][coupon]=once5 default_tax_rates[]={sales}")
	offered := v.Get(path).OK()
	wantFields(t, v.Get("/v1/coupons/half").OK(), map[string]any{"times_redeemed": 0})
	v.Delete("/v1/coupons/once5").OK() // what was offered holds
	accepted := v.Post(path + "/accept").OK()
	wantFields(t, v.Get("/v1/coupons/half").OK(), map[string]any{"times_redeemed": 1})
	first, subscription := v.billed(path)
	wantFields(t, v.Get(first).OK(), map[string]any{"total": field(offered, "computed.upfront.amount_total")})
	wantFields(t, v.Get(subscription, "expand[]", "discounts").OK(), map[string]any{"discounts.0.subscription": field(accepted, "subscription"), "discounts.0.customer": v.customer})
	v.later(hour)
	wantFields(t, v.Get(first).OK(), map[string]any{"status": "paid", "amount_paid": 3850})
	wantFields(t, v.Get(subscription).OK(), map[string]any{"status": "active", "discounts.0": nil})
	v.later(30 * day)
	next, _ := v.billed(path)
	wantFields(t, v.Get(next).OK(), map[string]any{"total": field(offered, "computed.recurring.amount_total"), "billing_reason": "subscription_cycle"})
	if next == first {
		t.Error("there is no second invoice")
	}
	wantFields(t, v.Get(path).OK(), map[string]any{"discounts.0": field(offered, "discounts.0"), "status": "accepted"})
}

// A price that was for the quote alone, or was archived since, is sold all the same; and a copy offers it again, with
// discounts of its own.
func TestQuoteSellsWhatItOffered(t *testing.T) {
	t.Parallel()
	v := newQuoting(t, "")
	inline := "[price_data][currency]=usd line_items[%][price_data][product]=gold line_items[%][price_data][unit_amount]=700"
	for _, items := range []string{
		"line_items[0]" + filled(inline, map[string]string{"%": "0"}) + " line_items[0][price_data][recurring][interval]=month line_items[1]" + filled(inline, map[string]string{"%": "1"}),
		"line_items[0]" + filled(inline, map[string]string{"%": "0"}),
	} {
		path := v.open(items + " discounts[0][coupon]=once5")
		copied := "/v1/quotes/" + v.Post("/v1/quotes", "from_quote[quote]", path[len("/v1/quotes/"):]).OK().ID()
		v.Post(path + "/accept").OK()
		v.Post(copied + "/finalize").OK()
		v.Post(copied + "/accept").OK()
		first, _ := v.billed(path)
		second, _ := v.billed(copied)
		wantFields(t, v.Get(second).OK(), map[string]any{"total": field(v.Get(first).OK(), "total"), "total_discount_amounts.0.amount": 500})
		if a, b := field(v.Get(first).OK(), "discounts.0"), field(v.Get(second).OK(), "discounts.0"); a == b {
			t.Errorf("both invoices have the discount %v", a)
		}
	}
	wantFields(t, v.Get("/v1/coupons/once5").OK(), map[string]any{"times_redeemed": 4})
}

// What begins later becomes a schedule, which redeems coupons when it begins.
func TestQuoteBeginsLater(t *testing.T) {
	t.Parallel()
	v := newQuoting(t, "pm_card_visa")
	start := servertest.Start.Add(9 * day)
	path := v.open("line_items[0][price]={setup} line_items[1][price_data][currency]=usd line_items[1][price_data][product]=gold line_items[1][price_data][unit_amount]=1000 line_items[1][price_data][recurring][interval]=month " +
		"line_items[1][quantity]=3 line_items[1][tax_rates][]={sales} line_items[0][discounts][0][coupon]=once5 discounts[0][coupon]=half subscription_data[effective_date]=" + unixText(start) +
		" subscription_data[description]=Ours subscription_data[metadata][k]=v invoice_settings[footer]=Bye")
	offered := v.Get(path).OK()
	var q *object.Object
	wantEvents(t, v.Server, []string{"subscription_schedule.created", "quote.accepted"}, func() { q = v.Post(path + "/accept").OK() })
	id, _ := field(q, "subscription_schedule").(string)
	wantFields(t, q, map[string]any{"status": "accepted", "subscription": nil, "invoice": nil})
	wantFields(t, v.Get("/v1/subscription_schedules/"+id).OK(), map[string]any{
		"customer": v.customer, "status": "not_started", "end_behavior": "release", "phases.0.start_date": int(start.Unix()), "phases.0.end_date": int(start.AddDate(0, 1, 0).Unix()), "phases.1": nil,
		"phases.0.items.0.quantity": 3, "phases.0.add_invoice_items.0.price": v.setup, "phases.0.discounts.0.coupon": "half", "phases.0.add_invoice_items.0.discounts.0.coupon": "once5",
		"phases.0.items.0.tax_rates.0.id": v.sales, "phases.0.description": "Ours", "phases.0.metadata.k": "v", "phases.0.invoice_settings.footer": "Bye",
	})
	wantFields(t, v.Get("/v1/coupons/half").OK(), map[string]any{"times_redeemed": 0})
	v.later(9 * day)
	sub, _ := field(v.Get("/v1/subscription_schedules/"+id).OK(), "subscription").(string)
	latest, _ := field(v.Get("/v1/subscriptions/"+sub).OK(), "latest_invoice").(string)
	wantFields(t, v.Get("/v1/invoices/"+latest).OK(), map[string]any{"total": field(offered, "computed.upfront.amount_total"), "status": "draft", "footer": "Bye"})
	wantFields(t, v.Get("/v1/coupons/half").OK(), map[string]any{"times_redeemed": 1})
}
