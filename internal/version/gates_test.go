package version_test

import (
	"net/http"
	"testing"

	"sharesmart/internal/spec"
	"sharesmart/internal/version"
)

type fields = map[string]any

// sample is a request that shows what a gate does.
type sample struct {
	call, form string
	older      fields // in the version before; nil: it is refused
	newer      fields // in the newest; nil: it is refused
	then       string // what is read afterwards, in the newest version, with the id of what the older request made
	kept       fields // what that is
}

// samples are at least one for each gate.
var samples = map[string][]sample{
	"issuing-test-authorizations": {
		{call: "POST /v1/issuing/cards/{issued}/test/authorizations", form: "held_amount=100 held_currency=usd authorization_method=online", older: fields{"amount": 100, "currency": "usd", "card.id": "{issued}", "approved": true}},
	},
	"checkout-ui-mode": {
		{call: "GET /v1/checkout/sessions/{session}", older: fields{"ui_mode": "hosted"}, newer: fields{"ui_mode": "hosted_page"}},
		{call: "POST /v1/checkout/sessions", form: "mode=setup currency=usd ui_mode=embedded return_url=https://shop.example", older: fields{"ui_mode": "embedded"}, then: "/v1/checkout/sessions/", kept: fields{"ui_mode": "embedded_page"}},
	},
	"discount-source": {
		{call: "GET /v1/subscriptions/{subscription}", form: "expand[0]=discounts", older: fields{"discounts.0.coupon.id": "{coupon}", "discounts.0.coupon.percent_off": 50, "discounts.0.source": gone{}}, newer: fields{"discounts.0.source.coupon": "{coupon}", "discounts.0.coupon": gone{}}},
		{call: "GET /v1/subscriptions/{subscription}", form: "expand[0]=discounts.coupon.applies_to", older: fields{"discounts.0.coupon.id": "{coupon}"}},
	},
	"promotion-code-promotion": {
		{call: "GET /v1/promotion_codes/{promo}", older: fields{"coupon.id": "{coupon}", "promotion": gone{}}, newer: fields{"promotion.coupon": "{coupon}", "coupon": gone{}}},
		{call: "POST /v1/promotion_codes", form: "coupon={coupon} code=OLDER", older: fields{"coupon.id": "{coupon}", "code": "OLDER"}, then: "/v1/promotion_codes/", kept: fields{"promotion.type": "coupon", "promotion.coupon": "{coupon}"}},
	},
	"schedule-iterations": {
		{call: "POST /v1/subscription_schedules", form: "customer={customer} start_date=now phases[0][items][0][price]={price} phases[0][iterations]=2", older: fields{"phases.0.start_date": 1788264000, "phases.0.end_date": 1793534400}},
		{call: "POST /v1/subscription_schedules", form: "customer={customer} start_date=now phases[0][items][0][price_data][product]={product} phases[0][items][0][price_data][currency]=usd phases[0][items][0][price_data][unit_amount]=5 phases[0][items][0][price_data][recurring][interval]=week phases[0][iterations]=3", older: fields{"phases.0.end_date": 1790078400}},
	},
	"flexible-billing": {
		{call: "POST /v1/subscriptions", form: "customer={customer} items[0][price]={price}", older: fields{"billing_mode.type": "classic"}, newer: fields{"billing_mode.type": "flexible"}},
		{call: "POST /v1/subscriptions", form: "customer={customer} items[0][price]={price} billing_mode[type]=flexible", older: fields{"billing_mode.type": "flexible"}, newer: fields{"billing_mode.type": "flexible"}},
	},
	"subscription-periods": {
		{call: "GET /v1/subscriptions/{subscription}", older: fields{"current_period_start": 1788264000, "current_period_end": 1790856000, "items.data.0.current_period_end": gone{}}, newer: fields{"current_period_end": gone{}, "items.data.0.current_period_end": 1790856000}},
		{call: "GET /v1/invoices/{invoice}", form: "expand[0]=subscription", older: fields{"subscription.id": "{subscription}", "subscription.current_period_end": 1790856000}},
	},
	"subscription-item-plan": {
		{call: "GET /v1/subscriptions/{subscription}", form: "expand[0]=items.data.plan.product", older: fields{"items.data.0.plan.product.object": "product", "items.data.0.price.product": "{product}"}},
		{call: "GET /v1/subscription_items", form: "expand[0]=data.plan.tiers subscription={subscription}", older: fields{"data.0.plan.id": "{price}"}},
		{call: "GET /v1/subscription_items/{item}", older: fields{"plan.id": "{price}", "plan.amount": 1000, "plan.interval": "month", "plan.nickname": "Monthly", "plan.object": "plan"}, newer: fields{"plan": gone{}, "price.id": "{price}"}},
		{call: "POST /v1/subscriptions", form: "customer={customer} items[0][plan]={price}", older: fields{"items.data.0.price.id": "{price}"}},
	},
	"single-discount": {
		{call: "GET /v1/subscriptions/{subscription}", older: fields{"discount.coupon.id": "{coupon}", "discount.promotion_code": "{promo}"}, newer: fields{"discount": gone{}}},
		{call: "GET /v1/invoices/{invoice}", older: fields{"discount.coupon.id": "{coupon}"}, newer: fields{"discount": gone{}}},
		{call: "POST /v1/subscriptions", form: "customer={customer} items[0][price]={price} coupon={coupon}", older: fields{"discount.coupon.id": "{coupon}"}, then: "/v1/subscriptions/", kept: fields{"discounts.1": gone{}}},
		{call: "POST /v1/subscriptions", form: "customer={customer} items[0][price]={price} promotion_code={promo}", older: fields{"discount.promotion_code": "{promo}"}},
		{call: "POST /v1/subscription_schedules", form: "customer={customer} start_date=now phases[0][items][0][price]={price} phases[0][coupon]={coupon} phases[0][iterations]=1", older: fields{"phases.0.coupon": "{coupon}"}},
	},
	"upcoming-invoice": {
		{call: "GET /v1/invoices/upcoming", form: "customer={customer} subscription={subscription} coupon={coupon}", older: fields{"object": "invoice", "subtotal": 1000}},
		{call: "GET /v1/invoices/upcoming", form: "customer={customer} subscription={subscription} subscription_items[0][id]={item} subscription_items[0][quantity]=3 subscription_proration_behavior=none", older: fields{"object": "invoice", "id": gone{}, "lines.data.0.quantity": 3, "subscription": "{subscription}"}},
		{call: "GET /v1/invoices/upcoming/lines", form: "subscription={subscription} limit=1 subscription_items[0][id]={item} subscription_items[0][quantity]=3", older: fields{"object": "list", "data.0.object": "line_item", "data.1": gone{}, "has_more": true, "url": "/v1/invoices/upcoming/lines"}},
	},
	"invoice-payments": {
		{call: "GET /v1/invoices/{invoice}", older: fields{"payment_intent": "{intent}", "charge": "{charge}", "paid": true, "paid_out_of_band": false, "transfer_data": nil, "application_fee_amount": nil}, newer: fields{"payment_intent": gone{}, "paid": gone{}}},
		{call: "GET /v1/subscriptions/{subscription}", form: "expand[0]=latest_invoice.payment_intent.latest_charge", older: fields{"latest_invoice.payment_intent.id": "{intent}", "latest_invoice.payment_intent.latest_charge.id": "{charge}", "latest_invoice.charge": "{charge}"}},
		{call: "GET /v1/invoices", form: "expand[0]=data.charge subscription={subscription}", older: fields{"data.0.charge.id": "{charge}", "data.0.payment_intent": "{intent}"}},
	},
	"invoice-parent": {
		{call: "GET /v1/invoices/{invoice}", older: fields{"subscription": "{subscription}", "subscription_details.metadata.object": "invoice", "quote": nil, "parent": gone{}}, newer: fields{"subscription": gone{}, "parent.subscription_details.subscription": "{subscription}"}},
	},
	"invoice-taxes": {
		{call: "GET /v1/invoices/{invoice}", older: fields{
			"tax": 125, "total_tax_amounts.0.amount": 125, "total_tax_amounts.0.inclusive": false, "total_tax_amounts.0.tax_rate": "{rate}", "total_taxes": gone{}, "lines.data.0.tax_amounts.0.tax_rate": "{rate}",
			"lines.data.0.tax_rates.0.percentage": 25, "lines.data.0.amount_excluding_tax": 1000, "lines.data.0.unit_amount_excluding_tax": "1000",
		}, newer: fields{"tax": gone{}, "total_taxes.0.tax_rate_details.tax_rate": "{rate}"}},
		{call: "GET /v1/invoices/{invoice}", form: "expand[0]=total_tax_amounts.tax_rate", older: fields{"total_tax_amounts.0.tax_rate.percentage": 25}},
		{call: "GET /v1/credit_notes/{note}", older: fields{"tax_amounts": []any{}, "total_taxes": gone{}, "lines.data.0.tax_amounts": []any{}}, newer: fields{"tax_amounts": gone{}}},
	},
	"line-pricing": {
		{call: "GET /v1/invoices/{invoice}", form: "expand[0]=lines.data.plan.product", older: fields{"lines.data.0.plan.product.object": "product", "lines.data.0.price.product": "{product}"}},
		{call: "GET /v1/invoices/{invoice}", older: fields{"lines.data.0.price.id": "{price}", "lines.data.0.plan.amount": 1000, "lines.data.0.pricing": gone{}}, newer: fields{"lines.data.0.price": gone{}}},
		{call: "GET /v1/invoiceitems/{waiting}", older: fields{"price.id": "{once}", "plan": nil, "unit_amount": 700, "unit_amount_decimal": "700"}, newer: fields{"price": gone{}, "pricing.price_details.price": "{once}"}},
		{call: "POST /v1/invoiceitems", form: "customer={customer} price={once} quantity=2", older: fields{"amount": 1400, "price.id": "{once}"}},
		{call: "POST /v1/invoiceitems", form: "customer={customer} currency=usd unit_amount=33 quantity=3", older: fields{"amount": 99}},
	},
	"line-parent": {
		{call: "GET /v1/invoices/{invoice}", older: fields{"lines.data.0.type": "subscription", "lines.data.0.subscription_item": "{item}", "lines.data.0.subscription": "{subscription}", "lines.data.0.proration": false, "lines.data.0.parent": gone{}}, newer: fields{"lines.data.0.type": gone{}}},
		{call: "GET /v1/invoiceitems/{waiting}", older: fields{"subscription": nil, "parent": gone{}}, newer: fields{"parent": nil, "subscription": gone{}}},
	},
	"credit-note-refunds": {
		{call: "GET /v1/credit_notes/{note}", older: fields{"refund": "{refund}", "refunds": gone{}}, newer: fields{"refund": gone{}, "refunds.0.refund": "{refund}"}},
		{call: "GET /v1/credit_notes", form: "expand[0]=data.refund invoice={invoice}", older: fields{"data.0.refund.amount": 100}},
	},
	"charge-invoice": {
		{call: "GET /v1/charges/{charge}", older: fields{"invoice": "{invoice}"}, newer: fields{"invoice": gone{}}},
		{call: "GET /v1/payment_intents/{intent}", form: "expand[0]=invoice.subscription", older: fields{"invoice.id": "{invoice}", "invoice.subscription.id": "{subscription}"}},
		{call: "POST /v1/payment_intents", form: "amount=100 currency=usd payment_method_types[0]=card", older: fields{"invoice": nil}, newer: fields{"invoice": gone{}}},
	},
	"aggregate-usage": {
		{call: "GET /v1/prices/{metered}", older: fields{"recurring.aggregate_usage": "sum"}, newer: fields{"recurring.aggregate_usage": gone{}}},
		{call: "GET /v1/plans/{tiered}", older: fields{"aggregate_usage": nil}, newer: fields{"aggregate_usage": gone{}}},
	},
	"checkout-shipping": {
		{call: "GET /v1/checkout/sessions/{session}", older: fields{"shipping_details": nil}, newer: fields{"shipping_details": gone{}}},
	},
	"usage-alert-threshold": {
		{call: "GET /v1/billing/alerts/{alert}", older: fields{"usage_threshold_config.gte": 10, "filter.customer": "{customer}", "usage_threshold": gone{}}, newer: fields{"usage_threshold.gte": 10, "filter": gone{}}},
		{call: "POST /v1/billing/alerts", form: "alert_type=usage_threshold title=More usage_threshold_config[gte]=20 usage_threshold_config[meter]={meter} usage_threshold_config[recurrence]=one_time filter[customer]={customer}", older: fields{"usage_threshold_config.gte": 20, "filter.customer": "{customer}"}},
	},
	"marketing-features": {
		{call: "GET /v1/products/{product}", older: fields{"features.0.name": "Fast", "marketing_features": gone{}}, newer: fields{"marketing_features.0.name": "Fast", "features": gone{}}},
		{call: "POST /v1/products", form: "name=Silver features[0][name]=Slow", older: fields{"features.0.name": "Slow"}, then: "/v1/products/", kept: fields{"marketing_features.0.name": "Slow"}},
	},
	"invoice-rendering": {
		{call: "POST /v1/invoices", form: "customer={customer} rendering_options[amount_tax_display]=include_inclusive_tax", older: fields{"rendering_options.amount_tax_display": "include_inclusive_tax"}, then: "/v1/invoices/", kept: fields{"rendering.amount_tax_display": "include_inclusive_tax"}},
	},
	"asynchronous-capture": {
		{call: "POST /v1/payment_intents", form: "amount=100 currency=usd payment_method_types[0]=card", older: fields{"capture_method": "automatic"}, newer: fields{"capture_method": "automatic_async"}},
	},
	"automatic-payment-methods": {
		{call: "POST /v1/payment_intents", form: "amount=100 currency=usd", older: fields{"payment_method_types": []any{"card"}, "automatic_payment_methods": nil}, newer: fields{"automatic_payment_methods.enabled": true}},
		{call: "POST /v1/setup_intents", older: fields{"payment_method_types": []any{"card"}}, newer: fields{"automatic_payment_methods.enabled": true}},
	},
	"payment-intent-charges": {
		{call: "GET /v1/payment_intents/{intent}", older: fields{"charges.object": "list", "charges.data.0.id": "{charge}", "charges.data.0.invoice": "{invoice}"}, newer: fields{"charges": gone{}, "latest_charge": "{charge}"}},
		{call: "GET /v1/invoices/{invoice}", form: "expand[0]=payment_intent.charges.data.balance_transaction", older: fields{"payment_intent.charges.data.0.balance_transaction.object": "balance_transaction"}},
	},
	"charge-refunds": {
		{call: "GET /v1/charges/{charge}", older: fields{"refunds.data.0.id": "{refund}"}, newer: fields{"refunds": gone{}}},
	},
	"checkout-customer": {
		{call: "POST /v1/checkout/sessions", form: "mode=payment success_url=https://shop.example line_items[0][price]={once} line_items[0][quantity]=1", older: fields{"customer_creation": "always"}, newer: fields{"customer_creation": "if_required"}},
	},
	"checkout-line-items": {
		{call: "POST /v1/checkout/sessions", form: "mode=payment success_url=https://shop.example line_items[0][name]=Cap line_items[0][amount]=900 line_items[0][currency]=usd line_items[0][quantity]=2", older: fields{"amount_total": 1800}},
		{call: "POST /v1/checkout/sessions", form: "mode=subscription success_url=https://shop.example subscription_data[items][0][plan]={price} subscription_data[items][0][quantity]=1", older: fields{"amount_total": 1000}},
	},
	"checkout-shipping-cost": {
		{call: "GET /v1/checkout/sessions/{session}", older: fields{"shipping_rate": nil, "shipping": nil}, newer: fields{"shipping_rate": gone{}}},
	},
	"pending-invoice-items": {
		{call: "POST /v1/invoices", form: "customer={waiter}", older: fields{"total": 700}, newer: fields{"total": 0}},
	},
	"customer-lists": {
		{call: "GET /v1/customers/{customer}", older: fields{"sources.object": "list", "subscriptions.data.0.object": "subscription", "subscriptions.data.0.plan.object": "plan", "tax_ids.data": []any{}}, newer: fields{"subscriptions": gone{}}},
	},
	"plan-tiers": {
		{call: "GET /v1/plans/{tiered}", older: fields{"tiers.0.unit_amount": 5}, newer: fields{"tiers": gone{}}},
	},
	"proration-behavior": {
		{call: "POST /v1/subscriptions/{changed}", form: "items[0][id]={changeditem} items[0][quantity]=2 prorate=false", older: fields{"items.data.0.quantity": 2}},
	},
	"tax-percent": {
		{call: "GET /v1/subscriptions/{subscription}", older: fields{"tax_percent": 25}, newer: fields{"tax_percent": gone{}}},
	},
	"subscription-plan": {
		{call: "GET /v1/subscriptions/{subscription}", form: "expand[0]=plan.product", older: fields{"plan.product.object": "product", "items.data.0.plan.product": "{product}"}},
		{call: "GET /v1/subscriptions/{subscription}", older: fields{"plan.id": "{price}", "quantity": 1}, newer: fields{"plan": gone{}}},
		{call: "POST /v1/subscriptions", form: "customer={customer} plan={price} quantity=4", older: fields{"plan.id": "{price}", "quantity": 4}},
	},
	"schedule-items": {
		{call: "GET /v1/subscription_schedules/{schedule}", older: fields{"phases.0.plans.0.plan": "{price}", "phases.0.items": gone{}}, newer: fields{"phases.0.items.0.price": "{price}"}},
		{call: "POST /v1/subscription_schedules", form: "customer={customer} start_date=now phases[0][plans][0][plan]={price} phases[0][plans][0][quantity]=2 phases[0][iterations]=1", older: fields{"phases.0.plans.0.quantity": 2}},
	},
	"checkout-display-items": {
		{call: "GET /v1/checkout/sessions/{session}", older: fields{"display_items.0.amount": 700, "display_items.0.quantity": 2, "display_items.0.type": "custom", "display_items.0.custom.name": "Gold"}, newer: fields{"display_items": gone{}}},
	},
	"three-d-secure-result": {
		{call: "GET /v1/charges/{checked}", older: fields{"payment_method_details.card.three_d_secure.authenticated": true, "payment_method_details.card.three_d_secure.succeeded": true}, newer: fields{"payment_method_details.card.three_d_secure.result": "authenticated"}},
	},
	"account-capabilities": {
		{call: "POST /v1/accounts", form: "type=custom country=US requested_capabilities[0]=transfers", older: fields{"capabilities.transfers": "inactive"}},
	},
	"account-link-urls": {
		{call: "POST /v1/account_links", form: "account={account} type=custom_account_verification success_url=https://shop.example failure_url=https://shop.example", older: fields{"object": "account_link"}},
	},
	"line-item-ids": {
		{call: "GET /v1/invoices/{invoice}/lines", older: fields{"data.0.id": "{item}", "data.0.unique_id": "{line}"}, newer: fields{"data.0.id": "{line}", "data.0.unique_id": gone{}}},
	},
	"credit-note-out-of-band": {
		{call: "POST /v1/credit_notes", form: "invoice={invoice} amount=50 refund_amount=20", older: fields{"out_of_band_amount": 30}},
	},
	"schedule-default-settings": {
		{call: "GET /v1/subscription_schedules/{schedule}", older: fields{"collection_method": "charge_automatically", "default_settings": gone{}}, newer: fields{"default_settings.collection_method": "charge_automatically"}},
	},
	"collection-method": {
		{call: "POST /v1/invoices", form: "customer={customer} billing=send_invoice days_until_due=3", older: fields{"billing": "send_invoice"}, then: "/v1/invoices/", kept: fields{"collection_method": "send_invoice", "billing": gone{}}},
		{call: "GET /v1/subscriptions", form: "billing=send_invoice", older: fields{"data.0.billing": "send_invoice"}},
	},
	"customer-balance": {
		{call: "POST /v1/customers", form: "account_balance=-70", older: fields{"account_balance": -70, "balance": gone{}}, then: "/v1/customers/", kept: fields{"balance": -70, "account_balance": gone{}}},
	},
	"subscription-start": {
		{call: "GET /v1/subscriptions/{subscription}", older: fields{"start": 1788264000}, newer: fields{"start": gone{}}},
	},
	"schedule-end-behavior": {
		{call: "POST /v1/subscription_schedules", form: "customer={customer} start_date=now phases[0][plans][0][plan]={price} phases[0][iterations]=1 renewal_behavior=release", older: fields{"renewal_behavior": "release"}, then: "/v1/subscription_schedules/", kept: fields{"end_behavior": "release"}},
	},
}

// unseen are gates that events alone pass; see event_test.go.
var unseen = map[string]bool{"automatically-updated": true}

func TestGates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.make("waiter", "/v1/customers", "email=w@example.com")
	w.Post("/v1/invoiceitems", w.form("customer={waiter} currency=usd pricing[price]={once}")...).OK()
	w.make("invoiced", "/v1/customers", "email=i@example.com")
	w.make("changed", "/v1/subscriptions", "customer={invoiced} items[0][price]={price} collection_method=send_invoice days_until_due=3")
	w.ids["changeditem"] = first(w.Get("/v1/subscriptions/" + w.ids["changed"]).OK().Object("items")).ID()
	w.make("holder", "/v1/issuing/cardholders", "name=Jenny billing[address][line1]=Main billing[address][city]=Columbus billing[address][country]=US billing[address][state]=OH billing[address][postal_code]=43085")
	w.make("issued", "/v1/issuing/cards", "currency=usd type=virtual status=active cardholder={holder}")
	w.make("account", "/v1/accounts", "type=custom country=US")
	secured := w.Post("/v1/payment_intents", w.form("amount=900 currency=usd payment_method_types[0]=card payment_method=pm_card_threeDSecure2Required confirm=true return_url=https://shop.example")...).OK().ID()
	w.ids["checked"] = w.Post("/v1/test_helpers/payment_intents/" + secured + "/authenticate").OK().Ref("latest_charge")
	for _, g := range version.Gates() {
		if len(samples[g.Name]) == 0 && !unseen[g.Name] {
			t.Errorf("nothing shows the gate %s", g.Name)
		}
		for _, s := range samples[g.Name] {
			t.Run(g.Name, func(t *testing.T) { w.show(t, s, before(g.Since)) })
		}
	}
}

// show asks in an older version and in the newest.
func (w *world) show(t *testing.T, s sample, older string) {
	a := w.in(older, s.call, s.form)
	if a.Status != http.StatusOK {
		t.Fatalf("in %s, %s %s: status %d: %s", older, s.call, s.form, a.Status, a.Body)
	}
	if got := a.Header.Get("Stripe-Version"); got != older {
		t.Errorf("the answer is in %s, want %s", got, older)
	}
	w.want(t, a.Object, s.older)
	if s.then != "" {
		w.want(t, w.Get(s.then+a.Object.ID()).OK(), s.kept)
	}
	now := w.in(spec.Version, s.call, s.form)
	if s.newer == nil {
		return
	}
	w.want(t, now.OK(), s.newer)
}
