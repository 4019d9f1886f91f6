package billing_test

import (
	"testing"
)

// newTaxed is a subscribed customer in Germany, in an account that collects tax there and in no other country.
func newTaxed(t *testing.T, customer string) *subscribed {
	t.Helper()
	v := newSubscribed(t, "pm_card_visa")
	v.Post("/v1/tax/settings", form("head_office[address][country]=DE defaults[tax_code]=txcd_10000000")...).OK()
	v.Post("/v1/tax/registrations", form("active_from=now "+inGermany)...).OK()
	v.Post("/v1/customers/"+v.customer, form(customer)...).OK()
	return v
}

// Invoices with automatic tax bear what the place of the customer asks for: in Germany 19 %.
func TestInvoiceAutomaticTax(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, customer, item string
		want                 map[string]any
	}{
		{"on top", "address[country]=DE", "amount=1000 tax_behavior=exclusive", map[string]any{"subtotal": 1000, "total": 1190, "total_excluding_tax": 1000, "total_taxes.0.amount": 190, "total_taxes.0.taxable_amount": 1000, "total_taxes.0.taxability_reason": "standard_rated", "automatic_tax.status": "complete"}},
		{"within", "address[country]=DE", "amount=1190 tax_behavior=inclusive", map[string]any{"subtotal": 1190, "total": 1190, "total_excluding_tax": 1000, "total_taxes.0.amount": 190, "total_taxes.0.tax_behavior": "inclusive"}},
		{"books", "address[country]=DE", "amount=1000 tax_behavior=exclusive tax_code=txcd_35010000", map[string]any{"total": 1070, "total_taxes.0.taxability_reason": "reduced_rated"}}, // 7 %
		{"after the discount", "address[country]=DE", "amount=1000 tax_behavior=exclusive discounts[0][coupon]=half", map[string]any{"subtotal": 500, "total": 595, "total_taxes.0.amount": 95}},
		{"not collected there", "address[country]=FR", "amount=1000 tax_behavior=exclusive", map[string]any{"total": 1000, "total_taxes.0.amount": 0, "total_taxes.0.taxability_reason": "not_collecting"}},
		{"exempt", "address[country]=DE tax_exempt=exempt", "amount=1000 tax_behavior=exclusive", map[string]any{"total": 1000, "total_taxes.0.taxability_reason": "customer_exempt"}},
		{"a business elsewhere", "address[country]=DE tax_exempt=reverse", "amount=1000 tax_behavior=exclusive", map[string]any{"total": 1000, "total_taxes.0.taxability_reason": "reverse_charge"}},
		{"sent elsewhere", "address[country]=FR shipping[name]=J shipping[address][country]=DE shipping[address][line1]=1", "amount=1000 tax_behavior=exclusive", map[string]any{"total": 1190}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newTaxed(t, c.customer)
			v.Post("/v1/coupons", form("id=half percent_off=50 duration=forever")...).OK()
			v.item(form(c.item)...)
			in := v.Post("/v1/invoices", form("customer="+v.customer+" pending_invoice_items_behavior=include automatic_tax[enabled]=true")...).OK()
			wantFields(t, in, c.want)
			final := v.Post("/v1/invoices/" + in.ID() + "/pay").OK()
			wantFields(t, final, c.want)
			wantFields(t, final, map[string]any{"status": "paid"})
		})
	}
}

// Without a place or a head office there is no automatic tax, and nothing is billed with it.
func TestAutomaticTaxMissing(t *testing.T) {
	t.Parallel()
	v := newTaxed(t, "name=Jenny")
	automatic := "automatic_tax[enabled]=true"
	v.Post("/v1/invoices", form("customer="+v.customer+" "+automatic)...).Fails(400, "customer_tax_location_invalid")
	v.subscribe(automatic).Fails(400, "customer_tax_location_invalid")
	v.Post("/v1/tax/settings", "defaults[tax_behavior]", "exclusive").OK()
	v.Post("/v1/customers/"+v.customer, "address[country]", "DE").OK()
	sub := v.subscribe(automatic).OK()
	wantFields(t, v.Get("/v1/invoices/"+field(sub, "latest_invoice").(string)).OK(), map[string]any{"status": "paid", "total": 1190, "subtotal": 1000})

	v.Post("/v1/customers/"+v.customer, "address", "").OK() // it is taxed nowhere now
	v.later(30 * day)
	draft := field(v.Get("/v1/subscriptions/"+sub.ID()).OK(), "latest_invoice").(string)
	wantFields(t, v.Get("/v1/invoices/"+draft).OK(), map[string]any{"status": "draft", "automatic_tax.status": "requires_location_inputs"})
	wantEvents(t, v.Server, []string{"invoice.updated", "invoice.finalization_failed"}, func() { v.later(hour) })
	wantFields(t, v.Get("/v1/invoices/"+draft).OK(), map[string]any{"status": "draft", "last_finalization_error.code": "customer_tax_location_invalid"})
	v.Post("/v1/invoices/"+draft+"/finalize").Fails(400, "customer_tax_location_invalid")
	v.Post("/v1/customers/"+v.customer, "address[country]", "FR").OK()
	wantFields(t, v.Post("/v1/invoices/"+draft+"/finalize").OK(), map[string]any{"status": "open", "total": 1000, "automatic_tax.status": "complete"})
}
