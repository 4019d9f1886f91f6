package billing_test

import (
	"testing"

	"sharesmart/internal/servertest"
)

// quoting offers Gold to a customer: by month, by year, once (setup, at 25 dollars) or by use.
type quoting struct {
	*subscribed
	setup string
	vat   string // a tax rate of 25 %, within the price
	sales string // one of 10 %, on top
}

func newQuoting(t *testing.T, method string) *quoting {
	t.Helper()
	v := &quoting{subscribed: newSubscribed(t, method)}
	v.setup = v.price("unit_amount=2500")
	v.vat = v.Post("/v1/tax_rates", form("display_name=VAT percentage=25 inclusive=true")...).OK().ID()
	v.sales = v.Post("/v1/tax_rates", form("display_name=Sales percentage=10 inclusive=false")...).OK().ID()
	v.Post("/v1/coupons", form("id=half percent_off=50 duration=forever")...).OK()
	v.Post("/v1/coupons", form("id=once5 amount_off=500 currency=usd duration=once")...).OK()
	return v
}

// fill puts the ids of prices and rates into a form.
func (v *quoting) fill(text string) []string {
	return form(filled(text, map[string]string{"{monthly}": v.monthly, "{yearly}": v.yearly, "{setup}": v.setup, "{vat}": v.vat, "{sales}": v.sales, "{customer}": v.customer}))
}

// quote makes a draft and returns its path.
func (v *quoting) quote(more string) string {
	v.t.Helper()
	return "/v1/quotes/" + v.Post("/v1/quotes", v.fill("customer={customer} "+more)...).OK().ID()
}

// open makes an open quote.
func (v *quoting) open(more string) string {
	v.t.Helper()
	path := v.quote(more)
	v.Post(path + "/finalize").OK()
	return path
}

// What a quote comes to: all of it, the first invoice, and every later one.
func TestQuoteSums(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, form string
		want       map[string]any
	}{
		{"once", "line_items[0][price]={setup} line_items[0][quantity]=2", map[string]any{
			"amount_subtotal": 5000, "amount_total": 5000, "computed.upfront.amount_total": 5000, "computed.recurring": nil, "total_details.amount_tax": 0, "total_details.amount_shipping": 0,
			"currency": "usd", "line_items.data.0.amount_total": 5000, "line_items.data.0.description": "Gold", "line_items.data.0.quantity": 2, "line_items.data.0.price.id": "{setup}",
			"computed.upfront.line_items.data.0.amount_total": 5000,
		}},
		{"nothing yet", "", map[string]any{"amount_total": 0, "currency": nil, "line_items.data.0": nil, "computed.recurring": nil}},
		{"both kinds", "line_items[0][price]={setup} line_items[1][price]={monthly} line_items[1][quantity]=3", map[string]any{
			"amount_total": 5500, "computed.upfront.amount_subtotal": 5500, "computed.recurring.amount_total": 3000, "computed.recurring.interval": "month", "computed.recurring.interval_count": 1,
			"line_items.data.1.amount_subtotal": 3000,
		}},
		{"a trial", "line_items[0][price]={setup} line_items[1][price]={monthly} subscription_data[trial_period_days]=7", map[string]any{
			"amount_total": 3500, "computed.upfront.amount_total": 2500, "computed.recurring.amount_total": 1000,
			"computed.upfront.line_items.data.0.amount_total": 2500, "computed.upfront.line_items.data.1.amount_total": 0, "line_items.data.1.amount_total": 1000,
		}},
		{"tax on top and within", "default_tax_rates[]={sales} line_items[0][price]={setup} line_items[1][price]={yearly} line_items[1][tax_rates][]={vat}", map[string]any{
			"amount_subtotal": 12500, "amount_total": 12750, "total_details.amount_tax": 2250, "computed.recurring.amount_total": 10000, "computed.recurring.total_details.amount_tax": 2000,
			"line_items.data.0.amount_tax": 250, "line_items.data.0.amount_total": 2750, "line_items.data.1.amount_total": 10000,
			"total_details.breakdown.taxes.0.amount": 250, "total_details.breakdown.taxes.0.rate.id": "{sales}", "total_details.breakdown.taxes.1.taxable_amount": 8000,
			"computed.recurring.total_details.breakdown.taxes.0.rate.display_name": "VAT", "line_items.data.0.taxes.0.rate.id": "{sales}",
		}},
		// 500 off 2500 and 1000 is 357 and 143. Later invoices have only the half.
		{"discounts", "discounts[0][coupon]=once5 line_items[0][price]={setup} line_items[1][price]={monthly} line_items[1][quantity]=2 line_items[1][discounts][0][coupon]=half", map[string]any{
			"amount_subtotal": 4500, "amount_total": 3000, "total_details.amount_discount": 1500, "line_items.data.0.amount_discount": 357, "line_items.data.1.amount_discount": 1143,
			"computed.recurring.amount_subtotal": 2000, "computed.recurring.amount_total": 1000, "computed.recurring.total_details.amount_discount": 1000,
			"total_details.breakdown.discounts.0.amount": 500, "total_details.breakdown.discounts.0.discount.source.coupon": "once5", "total_details.breakdown.discounts.1.amount": 1000,
			"line_items.data.1.discounts.0.discount.source.coupon": "half", "line_items.data.1.discounts.1.amount": 143,
			"computed.upfront.total_details.breakdown.discounts.0.amount": 500,
		}},
		{"a price of its own", "line_items[0][price_data][currency]=usd line_items[0][price_data][product]=gold line_items[0][price_data][unit_amount_decimal]=12.5 line_items[0][quantity]=3", map[string]any{
			"amount_total": 38, "line_items.data.0.price.active": false, "line_items.data.0.price.type": "one_time",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newQuoting(t, "")
			path := v.quote(c.form)
			shown := v.Get(path, form("expand[]=line_items.data.discounts expand[]=line_items.data.taxes expand[]=computed.upfront.line_items expand[]=total_details.breakdown expand[]=computed.upfront.total_details.breakdown expand[]=computed.recurring.total_details.breakdown")...).OK()
			want := map[string]any{"status": "draft", "number": nil, "from_quote": nil, "transfer_data": nil, "automatic_tax.liability": nil, "expires_at": int(servertest.Start.Unix()) + 30*86400}
			for field, value := range c.want {
				if text, ok := value.(string); ok {
					value = v.fill("x=" + text)[1]
				}
				want[field] = value
			}
			wantFields(t, shown, want)
		})
	}
}

func TestQuoteItems(t *testing.T) {
	t.Parallel()
	v := newQuoting(t, "")
	var path string
	wantEvents(t, v.Server, []string{"quote.created"}, func() {
		path = v.quote("line_items[0][price]={setup} line_items[1][price]={monthly} header=Hello footer=Bye description=Ours discounts[0][coupon]=half")
	})
	v.Post(path, "discounts", "").OK()
	items := v.Get(path + "/line_items")
	wantFields(t, items.OK(), map[string]any{"data.0.price.id": v.setup, "data.1.price.id": v.monthly, "data.1.discounts": nil, "data.2": nil, "url": path + "/line_items"})
	ids := items.IDs()
	wantFields(t, v.Get(path+"/line_items", "limit", "1", "starting_after", ids[0]).OK(), map[string]any{"data.0.id": ids[1], "has_more": false})
	wantEvents(t, v.Server, nil, func() {
		wantFields(t, v.Post(path, v.fill("line_items[0][id]="+ids[1]+" line_items[0][quantity]=4 line_items[1][price]={setup} line_items[1][quantity]=2 header=")...).OK(), map[string]any{
			"amount_total": 9000, "computed.recurring.amount_total": 4000, "header": nil, "footer": "Bye", "line_items": nil,
		})
	})
	now := v.Get(path + "/line_items").IDs()
	if len(now) != 2 || now[0] != ids[1] || now[1] == ids[0] {
		t.Errorf("the items are %q after %q: the first is to stay, the second to be new", now, ids)
	}
	v.Post(path, v.fill("line_items[0][id]="+ids[1]+" line_items[0][discounts][0][coupon]=half line_items[0][tax_rates][]={sales}")...).OK()
	wantFields(t, v.Get(path+"/line_items", "expand[]", "data.discounts", "expand[]", "data.taxes").OK(), map[string]any{
		"data.0.amount_total": 2200, "data.0.discounts.0.amount": 2000, "data.0.taxes.0.amount": 200, "data.1": nil,
	})
	wantFields(t, v.Post(path, "subscription_data[trial_period_days]", "3").OK(), map[string]any{"computed.upfront.amount_total": 0, "amount_total": 2200})
	wantFields(t, v.Get(path+"/computed_upfront_line_items").OK(), map[string]any{"data.0.amount_total": 0, "data.0.quantity": 4, "data.1": nil, "url": path + "/computed_upfront_line_items"})
	wantFields(t, v.Post(path, "subscription_data[trial_period_days]", "").OK(), map[string]any{"computed.upfront.amount_total": 2200})
	if got := v.Get(path + "/computed_upfront_line_items").IDs(); !same(got, []string{ids[1]}) {
		t.Errorf("without a trial the first invoice has %q, want the quote's own item", got)
	}
	v.Get("/v1/quotes/qt_none/line_items").Fails(404, "resource_missing")
}

func TestQuoteRefusals(t *testing.T) {
	t.Parallel()
	v := newQuoting(t, "")
	week := v.price("unit_amount=1 recurring[interval]=week")
	gone := v.price("unit_amount=1 active=false")
	euro := v.Post("/v1/prices", form("product=gold currency=eur unit_amount=1")...).OK().ID()
	path := v.quote("line_items[0][price]={setup}")
	bare, nobody := v.quote(""), "/v1/quotes/"+v.Post("/v1/quotes", "line_items[0][price]", v.setup).OK().ID()
	other := v.Post("/v1/customers").OK().ID()
	const create = "/v1/quotes"
	refuse(t, v.Server, []refusal{
		{"no price", create, "line_items[0][quantity]=1", "parameter_missing", "line_items[0][price]", "price"},
		{"unknown price", create, "line_items[0][price]=price_none", "resource_missing", "line_items[0][price]", "No such price"},
		{"inactive price", create, "line_items[0][price]=" + gone, "", "line_items[0][price]", "inactive"},
		{"two currencies", create, "line_items[0][price]=" + v.setup + " line_items[1][price]=" + euro, "", "line_items[1][price]", "`usd`"},
		{"two intervals", create, "line_items[0][price]=" + v.monthly + " line_items[1][price]=" + week, "", "line_items[1][price]", "same interval"},
		{"less than nothing", create, "line_items[0][price]=" + v.setup + " line_items[0][quantity]=-1", "parameter_invalid_integer", "line_items[0][quantity]", "greater"},
		{"unknown coupon", create, "line_items[0][price]=" + v.setup + " line_items[0][discounts][0][coupon]=none", "resource_missing", "line_items[0][discounts][0][coupon]", "No such coupon"},
		{"unknown rate", create, "line_items[0][price]=" + v.setup + " line_items[0][tax_rates][]=txr_none", "resource_missing", "line_items[0][tax_rates][0]", "No such tax_rate"},
		{"over already", create, "expires_at=1500000000", "", "expires_at", "future"},
		{"a bill without a date", create, "collection_method=send_invoice", "parameter_missing", "invoice_settings[days_until_due]", "days_until_due"},
		{"a date without a bill", create, "invoice_settings[days_until_due]=3", "", "invoice_settings[days_until_due]", "send_invoice"},
		{"a share of what is paid once", create, "application_fee_percent=1 line_items[0][price]=" + v.setup, "", "application_fee_percent", "recurring"},
		{"an amount of what recurs", create, "application_fee_amount=1 line_items[0][price]=" + v.monthly, "", "application_fee_amount", "recurring"},
		{"a trial of nothing", create, "subscription_data[trial_period_days]=0", "parameter_invalid_integer", "subscription_data[trial_period_days]", "1"},
		{"a period that there is not", create, "subscription_data[effective_date]=current_period_end", "", "subscription_data[effective_date]", "changes a subscription"},
		{"a strange item", path, "line_items[0][id]=li_none", "resource_missing", "line_items[0][id]", "No such item"},
		{"another customer", path, "customer=" + other, "", "customer", "cannot be changed"},
		{"nobody to offer it to", nobody + "/finalize", "", "parameter_missing", "customer", "customer"},
		{"nothing to offer", bare + "/finalize", "", "parameter_missing", "line_items", "line item"},
		{"not offered yet", path + "/accept", "", "status_transition_invalid", "status", "draft"},
		{"a copy with more", create, "from_quote[quote]=qt_1 header=x", "parameters_exclusive", "header", "from_quote"},
		{"a copy of nothing", create, "from_quote[quote]=qt_none", "resource_missing", "from_quote[quote]", "No such quote"},
		{"a revision of a draft", create, "from_quote[is_revision]=true from_quote[quote]=" + path[len("/v1/quotes/"):], "status_transition_invalid", "from_quote[quote]", "open"},
	})
}

func TestQuoteStates(t *testing.T) {
	t.Parallel()
	v := newQuoting(t, "")
	now := int(servertest.Start.Unix())
	path := v.quote("line_items[0][price]={setup} metadata[a]=1")
	until := now + 86400
	wantEvents(t, v.Server, []string{"quote.finalized"}, func() {
		wantFields(t, v.Post(path+"/finalize", "expires_at", unixText(servertest.Start.Add(day))).OK(), map[string]any{
			"status": "open", "number": "QT-ABCD-0001-1", "status_transitions.finalized_at": now, "expires_at": until,
		})
	})
	wantFields(t, v.Post(path+"/finalize").Fails(400, "status_transition_invalid"), map[string]any{"param": "status"})
	wantFields(t, v.Post(path, "header", "late").Fails(400, "status_transition_invalid"), map[string]any{"param": "header"})
	wantFields(t, v.Post(path, "metadata[b]", "2", "expires_at", unixText(servertest.Start.Add(2*day))).OK(), map[string]any{"metadata.b": "2", "expires_at": until + 86400})
	wantEvents(t, v.Server, nil, func() { v.later(day) })
	wantEvents(t, v.Server, []string{"quote.canceled"}, func() { v.later(day) })
	wantFields(t, v.Get(path).OK(), map[string]any{"status": "canceled", "status_transitions.canceled_at": until + 86400})
	v.Post(path+"/accept").Fails(400, "status_transition_invalid")
	v.Post(path+"/cancel").Fails(400, "status_transition_invalid")
	v.Post(path, "expires_at", unixText(servertest.Start.Add(9*day))).Fails(400, "status_transition_invalid")
	wantFields(t, v.Post(path, "metadata", "").OK(), map[string]any{"metadata.a": nil})

	draft := v.quote("line_items[0][price]={setup}")
	wantEvents(t, v.Server, []string{"quote.canceled"}, func() { v.Post(draft + "/cancel").OK() })
	forgotten := v.quote("")
	wantEvents(t, v.Server, []string{"quote.canceled"}, func() { v.later(30 * day) })
	wantFields(t, v.Get(forgotten).OK(), map[string]any{"status": "canceled"})
	wantFields(t, v.Post(v.quote("line_items[0][price]={setup}")+"/finalize").OK(), map[string]any{"number": "QT-ABCD-0002-1"})
}

// A revision takes the place of the quote that it revises once it is finalized; a copy is a quote of its own.
func TestQuoteRevision(t *testing.T) {
	t.Parallel()
	v := newQuoting(t, "")
	path := v.open("line_items[0][price]={monthly} line_items[0][quantity]=2 line_items[0][discounts][0][coupon]=half line_items[0][tax_rates][]={sales} discounts[0][coupon]=once5 header=Hello metadata[a]=1 " +
		"subscription_data[trial_period_days]=3 subscription_data[metadata][k]=v collection_method=send_invoice invoice_settings[days_until_due]=9")
	id := path[len("/v1/quotes/"):]
	copied := v.Post("/v1/quotes", form("from_quote[quote]="+id+" expand[]=line_items")...).OK()
	alike := map[string]any{
		"amount_total": 550, "computed.recurring.amount_total": 1100, "computed.upfront.amount_total": 0, "header": "Hello", "metadata.a": "1", "status": "draft", "number": nil,
		"subscription_data.trial_period_days": 3, "subscription_data.metadata.k": "v", "invoice_settings.days_until_due": 9, "collection_method": "send_invoice", "from_quote.quote": id,
		"line_items.data.0.quantity": 2,
	}
	wantFields(t, copied, alike)
	wantFields(t, copied, map[string]any{"from_quote.is_revision": false})
	revision := v.Post("/v1/quotes", form("from_quote[is_revision]=true from_quote[quote]="+id+" expand[]=line_items")...).OK()
	wantFields(t, revision, alike)
	second := v.Post("/v1/quotes", form("from_quote[is_revision]=true from_quote[quote]="+id)...).OK()
	wantFields(t, v.Get(path).OK(), map[string]any{"status": "open"})
	wantEvents(t, v.Server, []string{"quote.canceled", "quote.finalized"}, func() {
		wantFields(t, v.Post("/v1/quotes/"+revision.ID()+"/finalize").OK(), map[string]any{"number": "QT-ABCD-0001-2", "from_quote.is_revision": true})
	})
	wantFields(t, v.Get(path).OK(), map[string]any{"status": "canceled"})
	wantFields(t, v.Post("/v1/quotes/"+second.ID()+"/finalize").OK(), map[string]any{"number": "QT-ABCD-0001-3"})
	wantFields(t, v.Post("/v1/quotes/"+copied.ID()+"/finalize").OK(), map[string]any{"number": "QT-ABCD-0002-1"})
	v.Post("/v1/quotes", "from_quote[quote]", id).Fails(400, "status_transition_invalid")

	taken := v.open("line_items[0][price]={setup}")
	late := v.Post("/v1/quotes", form("from_quote[is_revision]=true from_quote[quote]="+taken[len("/v1/quotes/"):])...).OK()
	v.Post(taken + "/accept").OK()
	v.Post("/v1/quotes/"+late.ID()+"/finalize").Fails(400, "status_transition_invalid")
}

// Automatic tax is that of the customer's place; without one, there is no offer.
func TestQuoteAutomaticTax(t *testing.T) {
	t.Parallel()
	v := newTaxed(t, "address[country]=DE")
	v.Post("/v1/tax/settings", "defaults[tax_behavior]", "exclusive").OK()
	q := v.Post("/v1/quotes", form("customer="+v.customer+" automatic_tax[enabled]=true line_items[0][price]="+v.monthly)...).OK()
	wantFields(t, q, map[string]any{"amount_total": 1190, "total_details.amount_tax": 190, "computed.recurring.amount_total": 1190, "automatic_tax.status": "complete", "automatic_tax.liability.type": "self"})
	wantFields(t, v.Post("/v1/quotes/"+q.ID()+"/finalize").OK(), map[string]any{"status": "open"})
	nowhere := v.Post("/v1/customers").OK().ID()
	q = v.Post("/v1/quotes", form("customer="+nowhere+" automatic_tax[enabled]=true line_items[0][price]="+v.monthly)...).OK()
	wantFields(t, q, map[string]any{"amount_total": 1000, "automatic_tax.status": "requires_location_inputs"})
	v.Post("/v1/quotes/"+q.ID()+"/finalize").Fails(400, "customer_tax_location_invalid")
	wantFields(t, v.Post("/v1/quotes/"+q.ID(), "automatic_tax[enabled]", "false").OK(), map[string]any{"automatic_tax.status": nil, "automatic_tax.liability": nil})
	q = v.Post("/v1/quotes", form("automatic_tax[enabled]=true line_items[0][price]="+v.monthly)...).OK()
	wantFields(t, q, map[string]any{"customer": nil, "automatic_tax.status": "requires_location_inputs"})
}
