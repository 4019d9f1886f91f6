package billing_test

import (
	"testing"

	"sharesmart/internal/servertest"
)

func TestInvoiceItem(t *testing.T) {
	t.Parallel()
	s, customer, monthly, _ := subscriptionWorld(t)
	price := s.Post("/v1/prices", form("product=pro currency=usd unit_amount_decimal=12.5")...).OK().ID()
	now := int(servertest.Start.Unix())
	var id string
	wantEvents(t, s, []string{"invoiceitem.created"}, func() {
		item := s.Post("/v1/invoiceitems", form("customer="+customer+" pricing[price]="+price+" quantity=3 metadata[a]=1")...).OK()
		id = item.ID()
		wantFields(t, item, map[string]any{
			"amount": 38, "currency": "usd", "quantity": 3, "quantity_decimal": "3", "description": "Pro", "date": now, "period.start": now, "period.end": now,
			"pricing.price_details.price": price, "pricing.price_details.product": "pro", "pricing.unit_amount_decimal": "12.5", "discountable": true, "proration": false, "invoice": nil, "metadata.a": "1",
		})
	})
	wantFields(t, s.Post("/v1/invoiceitems/"+id, "quantity", "4").OK(), map[string]any{"amount": 50, "quantity": 4})
	wantFields(t, s.Post("/v1/invoiceitems/"+id, "amount", "-700").OK(), map[string]any{"amount": -700, "pricing": nil})
	plain := s.Post("/v1/invoiceitems", form("customer="+customer+" currency=usd amount=700 description=Help")...).OK()
	wantFields(t, plain, map[string]any{"amount": 700, "quantity": 1, "description": "Help", "pricing": nil})
	wantFields(t, s.Post("/v1/invoiceitems/"+plain.ID(), "description", "More help").OK(), map[string]any{"amount": 700, "description": "More help"})
	inline := s.Post("/v1/invoiceitems", form("customer="+customer+" price_data[currency]=eur price_data[product]=pro price_data[unit_amount]=5 quantity=2")...).OK()
	wantFields(t, inline, map[string]any{"amount": 10, "currency": "eur"})
	bundles := s.Post("/v1/prices", form("product=pro currency=usd currency_options[eur][unit_amount]=9 unit_amount=10 transform_quantity[divide_by]=5 transform_quantity[round]=up")...).OK().ID()
	wantFields(t, s.Post("/v1/invoiceitems", form("customer="+customer+" currency=eur pricing[price]="+bundles+" quantity=6")...).OK(), map[string]any{"amount": 18, "currency": "eur", "pricing.unit_amount_decimal": "9"})
	tiers := s.Post("/v1/prices", form("product=pro currency=usd billing_scheme=tiered tiers_mode=graduated tiers[0][up_to]=5 tiers[0][unit_amount]=10 tiers[1][up_to]=inf tiers[1][unit_amount]=5")...).OK().ID()
	wantFields(t, s.Post("/v1/invoiceitems", form("customer="+customer+" pricing[price]="+tiers+" quantity=6")...).OK(), map[string]any{"amount": 55, "quantity": 6, "pricing.unit_amount_decimal": nil})
	chosen := s.Post("/v1/prices", form("product=pro currency=usd custom_unit_amount[enabled]=true")...).OK().ID()
	const at = "/v1/invoiceitems"
	refuse(t, s, []refusal{
		{"nobody", at, "currency=usd amount=1", "parameter_missing", "customer", "customer"},
		{"nothing", at, "currency=usd customer=" + customer, "parameter_missing", "amount", "amount"},
		{"no currency", at, "amount=1 customer=" + customer, "parameter_missing", "currency", "currency"},
		{"amount and price", at, "amount=1 pricing[price]=" + price + " customer=" + customer, "parameters_exclusive", "amount", "amount, pricing"},
		{"recurring", at, "pricing[price]=" + monthly + " customer=" + customer, "", "pricing[price]", "type=one_time"},
		{"another currency", at, "currency=eur pricing[price]=" + price + " customer=" + customer, "", "currency", "`usd`"},
		{"a price that its buyer chooses", at, "pricing[price]=" + chosen + " customer=" + customer, "", "pricing[price]", "chosen"},
		{"too much", at, "currency=usd amount=1000000000000 customer=" + customer, "amount_too_large", "amount", "$9,999,999,999.99"},
		{"too many", at, "quantity=9223372036854775807 pricing[price]=" + price + " customer=" + customer, "amount_too_large", "", "no more than"},
		{"unknown price", at, "pricing[price]=price_none customer=" + customer, "resource_missing", "pricing[price]", "price_none"},
	})
	wantEvents(t, s, []string{"invoiceitem.deleted"}, func() { s.Delete("/v1/invoiceitems/" + id).OK() })
}

func TestAccount(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	a := s.Post("/v1/accounts", form("type=custom country=de email=jenny@example.com capabilities[card_payments][requested]=true capabilities[transfers][requested]=true business_type=individual")...).OK()
	wantFields(t, a, map[string]any{
		"type": "custom", "country": "DE", "default_currency": "eur", "charges_enabled": false, "payouts_enabled": false, "details_submitted": false,
		"capabilities.card_payments": "inactive", "capabilities.transfers": "inactive", "business_type": "individual", "email": "jenny@example.com",
	})
	wantEvents(t, s, []string{"capability.updated", "capability.updated", "account.updated"}, func() {
		wantFields(t, s.Post("/v1/accounts/"+a.ID(), form("capabilities[transfers][requested]=false capabilities[sepa_debit_payments][requested]=true")...).OK(), map[string]any{
			"capabilities.transfers": nil, "capabilities.card_payments": "inactive", "capabilities.sepa_debit_payments": "inactive",
		})
	})
	wantFields(t, s.Post("/v1/accounts").OK(), map[string]any{"type": "standard", "country": "US", "default_currency": "usd", "capabilities.card_payments": nil})
	refuse(t, s, []refusal{{"nowhere", "/v1/accounts", "country=AQ", "country_unsupported", "country", "AQ"}})
	wantEvents(t, s, []string{"account.external_account.created", "account.updated"}, func() {
		s.Post("/v1/accounts/"+a.ID()+"/external_accounts", "external_account", "btok_us").OK()
	})
	wantFields(t, s.Delete("/v1/accounts/"+a.ID()).OK(), map[string]any{"deleted": true})
}

// Objects begin at their beginning, and not as the spec's examples show them.
func TestBeginnings(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	for _, c := range []struct {
		path, form string
		want       map[string]any
	}{
		{"/v1/topups", "amount=500 currency=usd", map[string]any{"status": "pending", "amount": 500}},
		{"/v1/identity/verification_sessions", "type=id_number", map[string]any{"status": "requires_input", "type": "id_number"}},
		{"/v1/radar/value_lists", "alias=a name=A item_type=email", map[string]any{"item_type": "email"}},
		{"/v1/radar/value_lists", "alias=b name=B", map[string]any{"item_type": "string"}},
		{"/v1/issuing/cards", "currency=usd type=virtual", map[string]any{"status": "inactive", "cardholder.id": ""}},
		{"/v1/checkout/sessions", "success_url=https://example.com mode=setup currency=usd", map[string]any{"status": "open", "payment_status": "no_payment_required", "mode": "setup"}},
		{"/v1/reporting/report_runs", "report_type=balance.summary.1", map[string]any{"status": "pending", "report_type": "balance.summary.1"}},
	} {
		wantFields(t, s.Post(c.path, form(c.form)...).OK(), c.want)
	}
	first := s.Post("/v1/terminal/connection_tokens").OK().String("secret")
	if second := s.Post("/v1/terminal/connection_tokens").OK().String("secret"); first == second || len(first) < 32 {
		t.Errorf("the secrets are %q and %q", first, second)
	}
}
