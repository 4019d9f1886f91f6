package billing_test

import (
	"testing"
	"time"
)

// revise makes a revision of an invoice and returns its path.
func (v *invoiced) revise(path, more string) string {
	v.t.Helper()
	id := path[len("/v1/invoices/"):]
	return "/v1/invoices/" + v.Post("/v1/invoices", form("from_invoice[action]=revision from_invoice[invoice]="+id+" "+more)...).OK().ID()
}

func TestReviseInvoice(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "pm_card_visa")
	rate := v.Post("/v1/tax_rates", form("display_name=Sales percentage=10 inclusive=false")...).OK().ID()
	v.Post("/v1/coupons", form("id=half percent_off=50 duration=once")...).OK()
	v.Post("/v1/customers/"+v.customer+"/balance_transactions", "amount", "-300", "currency", "usd").OK()
	v.item(form("amount=1000 description=One tax_rates[]=" + rate + " discounts[0][coupon]=half")...)
	path := v.invoice("500", form("description=Help footer=Bye metadata[a]=1 collection_method=send_invoice days_until_due=9 custom_fields[0][name]=PO custom_fields[0][value]=7 statement_descriptor=OURS")...)
	v.Post("/v1/invoices", form("from_invoice[action]=revision from_invoice[invoice]="+path[len("/v1/invoices/"):])...).Fails(400, "status_transition_invalid")
	v.Post(path + "/finalize").OK() // 500, and 500 with 50 of tax: 1050 less 300
	waiting := v.item("amount", "70")
	var revision string
	wantEvents(t, v.Server, []string{"invoiceitem.created", "invoiceitem.created", "invoice.created"}, func() { revision = v.revise(path, "description=Better") })
	wantFields(t, v.Get(revision).OK(), map[string]any{
		"status": "draft", "number": nil, "total": 1050, "starting_balance": -300, "amount_due": 750, "from_invoice.invoice": path[len("/v1/invoices/"):], "from_invoice.action": "revision",
		"description": "Better", "footer": "Bye", "metadata.a": "1", "custom_fields.0.value": "7", "statement_descriptor": "OURS", "collection_method": "send_invoice",
		"lines.data.0.amount": 500, "lines.data.1.description": "One", "lines.data.1.taxes.0.amount": 50, "lines.data.2": nil, "auto_advance": false,
	})
	wantFields(t, v.Get("/v1/invoiceitems/"+waiting).OK(), map[string]any{"invoice": nil})
	line := v.Get(revision + "/lines").IDs()[0]
	wantFields(t, v.Post(revision+"/update_lines", "lines[0][id]", line, "lines[0][amount]", "600").OK(), map[string]any{"total": 1150, "amount_due": 850})
	wantFields(t, v.Get(path).OK(), map[string]any{"total": 1050, "status": "open", "latest_revision": nil})
	wantEvents(t, v.Server, []string{"payment_intent.canceled", "customer.updated", "invoice.updated", "invoice.voided", "customer.updated", "invoice.finalized", "payment_intent.created"}, func() {
		wantFields(t, v.Post(revision+"/finalize").OK(), map[string]any{"status": "open", "number": "ABCD-0002", "starting_balance": -300, "ending_balance": 0, "amount_due": 850})
	})
	wantFields(t, v.Get(path).OK(), map[string]any{"status": "void", "latest_revision": revision[len("/v1/invoices/"):], "number": "ABCD-0001"})

	third := v.revise(revision, "")
	v.Post(third + "/finalize").OK()
	for _, older := range []string{path, revision} {
		wantFields(t, v.Get(older).OK(), map[string]any{"status": "void", "latest_revision": third[len("/v1/invoices/"):]})
	}
	late := v.revise(third, "auto_advance=true")
	v.Post(third + "/pay").OK()
	v.Post(late+"/finalize").Fails(400, "status_transition_invalid")
	wantEvents(t, v.Server, []string{"charge.updated", "invoice.updated", "invoice.finalization_failed"}, func() { v.later(time.Hour) })
	items := len(v.Get("/v1/invoiceitems", "pending", "true").IDs())
	wantEvents(t, v.Server, []string{"invoiceitem.deleted", "invoiceitem.deleted", "invoice.deleted"}, func() { v.Delete(late).OK() })
	if got := len(v.Get("/v1/invoiceitems", "pending", "true").IDs()); got != items {
		t.Errorf("%d items wait after a revision was deleted, want %d", got, items)
	}
}

func TestReviseRefused(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "pm_card_visa")
	sub := v.subscribe("payment_behavior=default_incomplete").OK()
	of := "from_invoice[action]=revision from_invoice[invoice]="
	open := v.invoice("1000")[len("/v1/invoices/"):]
	v.Post("/v1/invoices/" + open + "/finalize").OK()
	other := v.Post("/v1/customers").OK().ID()
	refuse(t, v.Server, []refusal{
		{"of a subscription", "/v1/invoices", of + field(sub, "latest_invoice").(string), "", "from_invoice[invoice]", "subscription"},
		{"unknown", "/v1/invoices", of + "in_none", "resource_missing", "from_invoice[invoice]", "No such invoice"},
		{"another action", "/v1/invoices", "from_invoice[action]=copy from_invoice[invoice]=" + open, "", "from_invoice[action]", "must be"},
		{"another customer", "/v1/invoices", of + open + " customer=" + other, "", "customer", "customer of the invoice"},
		{"another currency", "/v1/invoices", of + open + " currency=eur", "", "currency", "currency of the invoice"},
		{"with what waits", "/v1/invoices", of + open + " pending_invoice_items_behavior=include", "", "pending_invoice_items_behavior", "pending"},
	})
	part := v.Post("/v1/payment_intents", confirmed("pm_card_visa", "amount", "400", "customer", v.customer)...).OK().ID()
	v.Post("/v1/invoices/"+open+"/attach_payment", "payment_intent", part).OK()
	v.Post("/v1/invoices", form(of+open)...).Fails(400, "status_transition_invalid")
}
