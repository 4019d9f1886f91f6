package billing_test

import (
	"testing"

	"sharesmart/internal/servertest"
)

func TestInvoiceShipping(t *testing.T) {
	t.Parallel()
	v := newTaxed(t, "address[country]=DE")
	rate := v.Post("/v1/shipping_rates", form("display_name=Post type=fixed_amount fixed_amount[amount]=500 fixed_amount[currency]=usd fixed_amount[currency_options][eur][amount]=400 tax_behavior=exclusive")...).OK().ID()
	plain := v.invoice("1000", "shipping_cost[shipping_rate]", rate)
	wantFields(t, v.Get(plain).OK(), map[string]any{"amount_shipping": 500, "total": 1500, "subtotal": 1000, "amount_due": 1500, "shipping_cost.amount_total": 500, "shipping_cost.amount_tax": 0, "shipping_cost.shipping_rate": rate, "shipping_cost.taxes": nil})
	wantFields(t, v.Post(plain, "shipping_cost", "").OK(), map[string]any{"amount_shipping": 0, "total": 1000, "shipping_cost": nil})
	wantFields(t, v.Post(plain, form("shipping_cost[shipping_rate_data][display_name]=Bike shipping_cost[shipping_rate_data][fixed_amount][amount]=70 shipping_cost[shipping_rate_data][fixed_amount][currency]=usd expand[]=shipping_cost.shipping_rate")...).OK(),
		map[string]any{"total": 1070, "shipping_cost.shipping_rate.display_name": "Bike"})
	wantFields(t, v.Post(plain+"/pay").OK(), map[string]any{"status": "paid", "amount_paid": 1070})

	// 19 % of 1000 and of 500 on top; with shipping that has its tax within, 500 holds 80.
	v.item(form("amount=1000 tax_behavior=exclusive")...)
	taxed := "/v1/invoices/" + v.Post("/v1/invoices", form("customer="+v.customer+" pending_invoice_items_behavior=include automatic_tax[enabled]=true shipping_cost[shipping_rate]="+rate)...).OK().ID()
	wantFields(t, v.Get(taxed, "expand[]", "shipping_cost.taxes").OK(), map[string]any{
		"total": 1785, "total_excluding_tax": 1500, "subtotal_excluding_tax": 1000, "shipping_cost.amount_tax": 95, "shipping_cost.amount_total": 595, "total_taxes.0.amount": 285, "total_taxes.0.taxable_amount": 1500,
		"shipping_cost.taxes.0.amount": 95, "shipping_cost.taxes.0.rate.display_name": "VAT", "shipping_cost.taxes.0.taxable_amount": 500,
	})
	inclusive := "shipping_cost[shipping_rate_data][display_name]=Bike shipping_cost[shipping_rate_data][tax_behavior]=inclusive shipping_cost[shipping_rate_data][fixed_amount][amount]=500 shipping_cost[shipping_rate_data][fixed_amount][currency]=usd"
	wantFields(t, v.Post(taxed, form(inclusive)...).OK(), map[string]any{"total": 1690, "total_excluding_tax": 1420, "subtotal_excluding_tax": 1000, "shipping_cost.amount_tax": 80, "shipping_cost.amount_total": 500, "amount_shipping": 500})
	unclear := "shipping_cost[shipping_rate_data][display_name]=Bike shipping_cost[shipping_rate_data][fixed_amount][amount]=500 shipping_cost[shipping_rate_data][fixed_amount][currency]=usd"
	wantFields(t, v.Post(taxed, form(unclear)...).OK(), map[string]any{"automatic_tax.status": "failed", "total": 1500})
	v.Post(taxed+"/finalize").Fails(400, "")

	euro := "customer=" + v.customer + " currency=eur shipping_cost[shipping_rate]="
	wantFields(t, v.Post("/v1/invoices", form(euro+rate)...).OK(), map[string]any{"total": 400, "currency": "eur"})
	gone := v.Post("/v1/shipping_rates", form("display_name=Post type=fixed_amount fixed_amount[amount]=500 fixed_amount[currency]=usd")...).OK().ID()
	refuse(t, v.Server, []refusal{
		{"another currency", "/v1/invoices", euro + gone, "", "shipping_cost[shipping_rate]", "no amount in eur"},
		{"unknown", plain[:len("/v1/invoices")], "customer=" + v.customer + " shipping_cost[shipping_rate]=shr_none", "resource_missing", "shipping_cost[shipping_rate]", "No such shipping_rate"},
		{"nothing", "/v1/invoices", "customer=" + v.customer + " shipping_cost[shipping_rate]=", "parameter_missing", "shipping_cost[shipping_rate]", "shipping_rate"},
		{"both", "/v1/invoices", "customer=" + v.customer + " shipping_cost[shipping_rate]=" + rate + " " + inclusive, "parameters_exclusive", "shipping_cost[shipping_rate]", "shipping_rate_data"},
	})
	v.Post("/v1/shipping_rates/"+gone, "active", "false").OK()
	refuse(t, v.Server, []refusal{{"archived", "/v1/invoices", "customer=" + v.customer + " shipping_cost[shipping_rate]=" + gone, "", "shipping_cost[shipping_rate]", "archived"}})
}

// An invoice says who it is from and for. What its customer is called changes it only as long as it is a draft.
func TestInvoiceParties(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "")
	v.Post("/v1/customers/"+v.customer+"/tax_ids", form("type=eu_vat value=DE123456789")...).OK()
	ours := v.Post("/v1/tax_ids", form("type=us_ein value=12-3456789")...).OK().ID()
	path := v.invoice("1000", "account_tax_ids[]", ours)
	wantFields(t, v.Get(path).OK(), map[string]any{
		"account_country": "US", "account_name": "ShareSmart", "issuer.type": "self", "account_tax_ids.0": ours, "customer_tax_ids.0.value": "DE123456789", "customer_tax_ids.1": nil,
		"webhooks_delivered_at": int(servertest.Start.Unix()), "receipt_number": nil,
	})
	v.Post("/v1/customers/"+v.customer+"/tax_ids", form("type=us_ein value=98-7654321")...).OK()
	v.Post("/v1/customers/"+v.customer, "name", "Jenny Rosen").OK()
	v.Clock.Advance(day)
	wantFields(t, v.Post(path+"/finalize").OK(), map[string]any{"customer_tax_ids.0.type": "eu_vat", "customer_tax_ids.1.type": "us_ein", "customer_name": "Jenny Rosen"})
	v.Post("/v1/customers/"+v.customer, "name", "Somebody else").OK()
	v.Post(path, "metadata[a]", "1").OK()
	wantFields(t, v.Get(path).OK(), map[string]any{"customer_name": "Jenny Rosen"})

	// The account's own come with it when it is final, unless it names some.
	v.Post("/v1/accounts/"+v.Account.ID, "settings[invoices][default_account_tax_ids][]", ours).OK()
	path = v.invoice("1000")
	wantFields(t, v.Get(path).OK(), map[string]any{"account_tax_ids": nil})
	wantFields(t, v.Post(path+"/finalize").OK(), map[string]any{"account_tax_ids.0": ours, "account_tax_ids.1": nil})
}

func TestInvoiceTermsRefused(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "pm_card_visa")
	theirs := v.Post("/v1/customers/"+v.customer+"/tax_ids", form("type=eu_vat value=DE123456789")...).OK().ID()
	base := "customer=" + v.customer + " "
	fields := ""
	for _, i := range []string{"0", "1", "2", "3", "4"} {
		fields += " custom_fields[" + i + "][name]=a custom_fields[" + i + "][value]=b"
	}
	refuse(t, v.Server, []refusal{
		{"too many fields", "/v1/invoices", base + fields, "", "custom_fields", "at most 4"},
		{"no letter", "/v1/invoices", base + "statement_descriptor=123", "", "statement_descriptor", "letter"},
		{"a star", "/v1/invoices", base + "statement_descriptor=a*", "", "statement_descriptor", "letter"},
		{"a foreign method", "/v1/invoices", base + "default_payment_method=pm_card_visa", "resource_missing", "default_payment_method", "does not have"},
		{"an unknown method", "/v1/invoices", base + "default_source=src_none", "resource_missing", "default_source", "No such"},
		{"an unknown mandate", "/v1/invoices", base + "payment_settings[default_mandate]=mandate_none", "resource_missing", "payment_settings[default_mandate]", "No such mandate"},
		{"a customer's number", "/v1/invoices", base + "account_tax_ids[]=" + theirs, "", "account_tax_ids[0]", "belongs to a customer"},
		{"an unknown template", "/v1/invoices", base + "rendering[template]=inrtem_none", "resource_missing", "rendering[template]", "No such invoice_rendering_template"},
		{"far ahead", "/v1/invoices", base + "automatically_finalizes_at=" + unixText(servertest.Start.AddDate(6, 0, 0)), "", "automatically_finalizes_at", "5 years"},
	})
}

// Seven days before it is due, and when that day is over, an open invoice is told of.
func TestInvoiceDueDate(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "")
	path := v.invoice("1000", form("collection_method=send_invoice days_until_due=30")...)
	v.Post(path + "/finalize").OK()
	wantEvents(t, v.Server, nil, func() { v.later(22 * day) })
	wantEvents(t, v.Server, []string{"invoice.will_be_due"}, func() { v.later(day) })
	refuse(t, v.Server, []refusal{
		{"another date for an open invoice", path, "due_date=" + unixText(servertest.Start.AddDate(0, 0, 40)), "invoice_not_editable", "due_date", "no longer editable"},
		{"more days for an open invoice", path, "days_until_due=40", "invoice_not_editable", "days_until_due", "no longer editable"},
	})
	wantEvents(t, v.Server, []string{"invoice.overdue"}, func() { v.later(7 * day) })

	soon := v.invoice("1000", form("collection_method=send_invoice days_until_due=7")...)
	v.Post(soon + "/finalize").OK()
	wantEvents(t, v.Server, []string{"invoice.overdue"}, func() { v.later(8 * day) })
	paid := v.invoice("1000", form("collection_method=send_invoice days_until_due=30")...)
	v.Post(paid+"/pay", "paid_out_of_band", "true").OK()
	wantEvents(t, v.Server, nil, func() { v.later(31 * day) })
}
