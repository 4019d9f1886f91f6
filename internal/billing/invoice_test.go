package billing_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/servertest"
)

// invoiced is a customer with a card and what they may be billed for.
type invoiced struct {
	*servertest.Server
	t        *testing.T
	customer string
}

// newInvoiced is a customer with a default payment method; none for an empty one.
func newInvoiced(t *testing.T, method string) *invoiced {
	t.Helper()
	s := servertest.New(t)
	v := &invoiced{s, t, s.Post("/v1/customers", "email", "jenny.rosen@example.com", "invoice_prefix", "ABCD").OK().ID()}
	if method != "" {
		pm := s.Post("/v1/payment_methods/"+method+"/attach", "customer", v.customer).OK().ID()
		s.Post("/v1/customers/"+v.customer, "invoice_settings[default_payment_method]", pm).OK()
	}
	t.Cleanup(v.audit)
	return v
}

// audit proves the books at the end.
func (v *invoiced) audit() {
	problems, err := v.Engine.Verify(context.WithoutCancel(v.t.Context()))
	if err != nil {
		v.t.Error(err)
	}
	for _, p := range problems {
		v.t.Error(p)
	}
}

func (v *invoiced) item(more ...string) string {
	v.t.Helper()
	return v.Post("/v1/invoiceitems", append([]string{"customer", v.customer, "currency", "usd"}, more...)...).OK().ID()
}

// invoice makes a draft of an amount and returns its path.
func (v *invoiced) invoice(amount string, more ...string) string {
	v.t.Helper()
	v.item("amount", amount)
	return "/v1/invoices/" + v.Post("/v1/invoices", append([]string{"customer", v.customer, "pending_invoice_items_behavior", "include"}, more...)...).OK().ID()
}

// later lets time pass and everything happen that is due.
func (v *invoiced) later(d time.Duration) {
	v.t.Helper()
	v.Clock.Advance(d)
	if err := v.Engine.RunDue(v.t.Context()); err != nil {
		v.t.Fatal(err)
	}
}

func TestInvoiceDraft(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "")
	first, second := v.item("amount", "1000", "description", "One"), v.item("amount", "250", "description", "Two")
	var path string
	wantEvents(t, v.Server, []string{"invoice.created"}, func() {
		in := v.Post("/v1/invoices", "customer", v.customer, "pending_invoice_items_behavior", "include", "description", "Help", "footer", "Bye", "custom_fields[0][name]", "PO", "custom_fields[0][value]", "7").OK()
		path = "/v1/invoices/" + in.ID()
		wantFields(t, in, map[string]any{
			"status": "draft", "number": nil, "subtotal": 1250, "total": 1250, "amount_due": 1250, "amount_remaining": 1250, "amount_paid": 0, "currency": "usd",
			"auto_advance": false, "collection_method": "charge_automatically", "billing_reason": "manual", "customer_email": "jenny.rosen@example.com",
			"lines.data.0.description": "Two", "lines.data.0.parent.invoice_item_details.invoice_item": second, "lines.data.1.parent.invoice_item_details.invoice_item": first,
			"hosted_invoice_url": nil, "effective_at": nil, "ending_balance": nil, "custom_fields.0.value": "7", "footer": "Bye",
		})
	})
	wantFields(t, v.Get("/v1/invoiceitems/"+first).OK(), map[string]any{"invoice": strings.TrimPrefix(path, "/v1/invoices/")})
	wantEvents(t, v.Server, []string{"invoiceitem.created", "invoice.updated"}, func() {
		v.item("amount", "-50", "invoice", strings.TrimPrefix(path, "/v1/invoices/"), "description", "Three")
	})
	wantFields(t, v.Get(path).OK(), map[string]any{"total": 1200, "lines.data.2.description": "Three", "lines.data.2.discountable": false})
	wantEvents(t, v.Server, []string{"invoice.updated"}, func() { v.Post("/v1/invoiceitems/"+first, "amount", "2000").OK() })
	wantFields(t, v.Get(path).OK(), map[string]any{"total": 2200, "lines.data.1.amount": 2000})
	wantEvents(t, v.Server, []string{"invoice.updated", "invoiceitem.deleted"}, func() { v.Delete("/v1/invoiceitems/" + second).OK() })
	wantFields(t, v.Get(path).OK(), map[string]any{"total": 1950, "lines.data.0.amount": 2000, "lines.data.2": nil})
	wantEvents(t, v.Server, []string{"invoice.deleted"}, func() { v.Delete(path).OK() })
	wantFields(t, v.Get("/v1/invoiceitems/"+first).OK(), map[string]any{"invoice": nil})
	const at = "/v1/invoices"
	base := "customer=" + v.customer
	refuse(t, v.Server, []refusal{
		{"nobody", at, "currency=usd", "parameter_missing", "customer", "customer"},
		{"unknown customer", at, "customer=cus_nobody", "resource_missing", "customer", "No such customer"},
		{"sent without a date", at, base + " collection_method=send_invoice", "parameter_missing", "days_until_due", "days_until_due"},
		{"two dates", at, base + " collection_method=send_invoice days_until_due=3 due_date=1999999999", "parameters_exclusive", "days_until_due", "due_date"},
		{"charged with a date", at, base + " days_until_due=3", "", "days_until_due", "send_invoice"},
		{"no such currency", at, base + " currency=xxx", "", "currency", "xxx"},
		{"unknown coupon", at, base + " discounts[0][coupon]=none", "resource_missing", "discounts[0][coupon]", "No such coupon"},
	})
}

func TestInvoiceLines(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "")
	path := v.invoice("1000")
	waiting := v.item("amount", "300")
	in := v.Get(path).OK()
	wantEvents(t, v.Server, []string{"invoiceitem.created", "invoice.updated"}, func() {
		in = v.Post(path+"/add_lines", "lines[0][invoice_item]", waiting, "lines[1][amount]", "70", "lines[1][description]", "More", "invoice_metadata[a]", "b").OK()
	})
	wantFields(t, in, map[string]any{"total": 1370, "lines.data.0.amount": 1000, "lines.data.1.amount": 300, "lines.data.2.description": "More", "metadata.a": "b"})
	ids := v.Get(path + "/lines").IDs()
	if len(ids) != 3 {
		t.Fatalf("the lines are %v, want three", ids)
	}
	wantEvents(t, v.Server, []string{"invoice.updated"}, func() {
		v.Post(path+"/update_lines", "lines[0][id]", ids[0], "lines[0][amount]", "1100", "lines[1][id]", ids[2], "lines[1][description]", "Less").OK()
	})
	wantFields(t, v.Post(path+"/lines/"+ids[2], "amount", "60").OK(), map[string]any{"amount": 60, "description": "Less"})
	wantFields(t, v.Get(path).OK(), map[string]any{"total": 1460})
	wantFields(t, v.Post(path+"/remove_lines", "lines[0][id]", ids[1], "lines[0][behavior]", "unassign", "lines[1][id]", ids[2], "lines[1][behavior]", "delete").OK(), map[string]any{"total": 1100, "lines.data.1": nil})
	wantFields(t, v.Get("/v1/invoiceitems/"+waiting).OK(), map[string]any{"invoice": nil})
	wantFields(t, v.Post(path+"/update_lines", "lines[0][id]", "il_none").Fails(400, "resource_missing"), map[string]any{"param": "lines[0][id]"})
	v.Post(path + "/finalize").OK()
	v.Post(path+"/add_lines", "lines[0][amount]", "1").Fails(400, "invoice_not_editable")
	v.Post(path+"/update_lines", "lines[0][id]", ids[0]).Fails(400, "invoice_not_editable")
	v.Post(path+"/remove_lines", "lines[0][id]", ids[0], "lines[0][behavior]", "delete").Fails(400, "invoice_not_editable")
	v.Post(path+"/lines/"+ids[0], "amount", "1").Fails(400, "invoice_not_editable")
	wantFields(t, v.Post(path, "description", "late").Fails(400, "invoice_not_editable"), map[string]any{"param": "description"})
	wantFields(t, v.Post(path, "metadata[late]", "yes").OK(), map[string]any{"metadata.late": "yes"})
	v.Delete(path).Fails(400, "invoice_not_editable")
}

// The worked numbers: 1000 + 2000, 500 off, 10 % of tax on top.
func TestInvoiceSums(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "")
	rate := v.Post("/v1/tax_rates", "display_name", "Sales tax", "percentage", "10", "inclusive", "false").OK().ID()
	within := v.Post("/v1/tax_rates", "display_name", "VAT", "percentage", "25", "inclusive", "true").OK().ID()
	off := v.Post("/v1/coupons", "amount_off", "500", "currency", "usd", "duration", "once").OK().ID()
	half := v.Post("/v1/coupons", "percent_off", "50", "duration", "once", "max_redemptions", "1").OK().ID()
	v.item("amount", "2000")
	v.item("amount", "1000")
	in := v.Post("/v1/invoices", "customer", v.customer, "pending_invoice_items_behavior", "include", "discounts[0][coupon]", off, "default_tax_rates[]", rate).OK()
	wantFields(t, in, map[string]any{
		"subtotal": 3000, "total_discount_amounts.0.amount": 500, "total_taxes.0.amount": 250, "total_taxes.0.taxable_amount": 2500, "total": 2750, "total_excluding_tax": 2500,
		"lines.data.0.discount_amounts.0.amount": 166, "lines.data.1.discount_amounts.0.amount": 334, "lines.data.0.taxes.0.amount": 83, "lines.data.1.taxes.0.amount": 167,
		"amount_due": 2750,
	})
	wantFields(t, v.Get("/v1/coupons/"+off).OK(), map[string]any{"times_redeemed": 1})
	path := "/v1/invoices/" + in.ID()
	v.item("amount", "1250", "invoice", in.ID(), "tax_rates[]", within, "discounts[0][coupon]", half)
	// The item's own half first (625), then the 500 over 1000, 2000 and 625: 137, 275, 88. Within 537 are 107 of tax.
	wantFields(t, v.Get(path).OK(), map[string]any{
		"subtotal": 3625, "total": 3384, "lines.data.2.discount_amounts.0.amount": 625, "lines.data.2.discount_amounts.1.amount": 88,
		"lines.data.2.taxes.0.amount": 107, "lines.data.2.taxes.0.taxable_amount": 430, "total_taxes.1.tax_behavior": "inclusive", "subtotal_excluding_tax": 3518,
	})
	wantFields(t, v.Post("/v1/invoices", "customer", v.customer, "discounts[0][coupon]", half).Fails(400, "coupon_expired"), map[string]any{"param": "discounts[0][coupon]"})
	wantFields(t, v.Post(path, "discounts", "").OK(), map[string]any{"total_discount_amounts.1": nil, "discounts.0": nil})
	v.Post("/v1/customers/"+v.customer, "tax_exempt", "exempt").OK()
	wantFields(t, v.Post(path, "description", "now exempt").OK(), map[string]any{"total_taxes.0.amount": 0, "total_taxes.0.taxability_reason": "customer_exempt", "total": 3500}) // the 125 within 625 are not paid
}
