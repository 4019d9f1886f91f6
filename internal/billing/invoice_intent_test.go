package billing_test

import (
	"testing"
	"time"
)

// What an invoice says of its payment is what its payment intent says.
func TestInvoiceIntent(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "pm_card_threeDSecureOptional")
	path := v.invoice("1000", form("payment_settings[payment_method_options][card][request_three_d_secure]=any payment_settings[payment_method_types][]=card statement_descriptor=GOLD description=Help")...)
	v.Post(path + "/finalize").OK()
	wantFields(t, v.Get("/v1/payment_intents/"+v.payment(path)).OK(), map[string]any{
		"amount": 1000, "payment_method_options.card.request_three_d_secure": "any", "payment_method_types.0": "card", "payment_method_types.1": nil, "statement_descriptor_suffix": "GOLD", "description": "Help", "customer": v.customer,
	})
	v.Post(path+"/pay", "off_session", "false").Fails(402, "invoice_payment_intent_requires_action")
}

// An invoice of a subscription is named on statements as the product of its first item wants, and who is liable for its
// taxes is as the subscription says.
func TestSubscriptionInvoiceTerms(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "pm_card_visa")
	account := v.Post("/v1/accounts", with(ready, "type", "express")...).OK().ID()
	product := v.Post("/v1/products", form("name=Gold statement_descriptor=SHARESMART+GOLD+CLUB+1")...).OK().ID()
	gold := v.Post("/v1/prices", form("currency=usd unit_amount=1000 recurring[interval]=month tax_behavior=exclusive product="+product)...).OK().ID()
	v.Post("/v1/tax/settings", form("head_office[address][country]=DE defaults[tax_code]=txcd_10000000 defaults[tax_behavior]=exclusive")...).OK()
	v.Post("/v1/customers/"+v.customer, "address[country]", "DE").OK()
	sub := v.Post("/v1/subscriptions", form("customer="+v.customer+" items[0][price]="+gold+" items[1][price]="+v.monthly+
		" automatic_tax[enabled]=true automatic_tax[liability][type]=account automatic_tax[liability][account]="+account)...).OK()
	latest := "/v1/invoices/" + field(sub, "latest_invoice").(string)
	wantFields(t, v.Get(latest).OK(), map[string]any{
		"status": "paid", "statement_descriptor": "SHARESMART GOLD CLUB 1", "automatic_tax.liability.type": "account", "automatic_tax.liability.account": account,
	})
	wantFields(t, v.Get("/v1/payment_intents/"+v.payment(latest)).OK(), map[string]any{"statement_descriptor_suffix": "SHARESMART GOLD CLUB 1"})
}

// A subscription shares each of its invoices by percentages. What cannot be shared cannot be final.
func TestSharedInvoices(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "pm_card_visa")
	account := v.Post("/v1/accounts", with(ready, "type", "express")...).OK().ID()
	poor := v.Post("/v1/accounts", form("type=custom country=US")...).OK().ID()
	for more, want := range map[string]map[string]any{
		"transfer_data[amount_percent]=80":      {"transfer_data.amount": 1600, "application_fee_amount": nil},
		"application_fee_percent=12.5":          {"application_fee_amount": 250, "transfer_data.amount": nil},
		"transfer_data[destination]=" + account: {"application_fee_amount": nil, "transfer_data.destination": account},
	} {
		sub := v.subscribe("items[0][price]=" + v.monthly + " items[0][quantity]=2 transfer_data[destination]=" + account + " " + more).OK()
		latest := "/v1/invoices/" + field(sub, "latest_invoice").(string)
		wantFields(t, v.Get(latest).OK(), map[string]any{"status": "paid"})
		wantFields(t, v.Get("/v1/payment_intents/"+v.payment(latest)).OK(), want)
	}
	draft := v.invoice("1000", "auto_advance", "true", "transfer_data[destination]", poor)
	v.Post(draft+"/finalize").Fails(400, "insufficient_capabilities_for_transfer")
	v.later(time.Hour)
	wantFields(t, v.Get(draft).OK(), map[string]any{"status": "draft", "last_finalization_error.code": "insufficient_capabilities_for_transfer"})
	alone := v.invoice("1000", "application_fee_amount", "10")
	v.Post(alone+"/finalize").Fails(400, "")
}

// What waits for a subscription can be billed before its period ends.
func TestInvoiceOfSubscription(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "pm_card_visa")
	sub := v.subscribe("metadata[a]=1").OK().ID()
	other := v.Post("/v1/customers").OK().ID()
	refuse(t, v.Server, []refusal{
		{"nothing waits", "/v1/invoices", "subscription=" + sub, "invoice_no_subscription_line_items", "", "Nothing to invoice"},
		{"unknown", "/v1/invoices", "subscription=sub_none", "resource_missing", "subscription", "No such subscription"},
		{"somebody else's", "/v1/invoices", "customer=" + other + " subscription=" + sub, "", "subscription", "another customer"},
		{"another currency", "/v1/invoices", "currency=eur subscription=" + sub, "", "currency", "usd"},
	})
	v.item("amount", "70")
	mine := v.item("amount", "500", "subscription", sub)
	in := v.Post("/v1/invoices", "subscription", sub).OK()
	wantFields(t, in, map[string]any{
		"customer": v.customer, "total": 500, "billing_reason": "manual", "parent.type": "subscription_details", "parent.subscription_details.subscription": sub, "parent.subscription_details.metadata.a": "1",
		"lines.data.0.parent.invoice_item_details.invoice_item": mine, "lines.data.1": nil,
	})
	before := field(v.Get("/v1/subscriptions/"+sub).OK(), "latest_invoice")
	wantFields(t, v.Post("/v1/invoices/"+in.ID()+"/pay").OK(), map[string]any{"status": "paid"})
	wantFields(t, v.Get("/v1/subscriptions/"+sub).OK(), map[string]any{"latest_invoice": before, "status": "active"})
}
