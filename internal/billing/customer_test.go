package billing_test

import (
	"regexp"
	"strings"
	"testing"

	"sharesmart/internal/servertest"
)

func TestCustomer(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	var id string
	wantEvents(t, s, []string{"customer.created"}, func() {
		c := s.Post("/v1/customers", form("email=jenny.rosen@example.com name=Jenny+Rosen address[city]=Berlin address[country]=DE shipping[name]=Jenny shipping[address][line1]=1+Main+Street preferred_locales[]=de")...).OK()
		id = c.ID()
		wantFields(t, c, map[string]any{
			"balance": 0, "currency": nil, "delinquent": false, "discount": nil, "tax_exempt": "none", "next_invoice_sequence": 1, "default_source": nil,
			"address.city": "Berlin", "address.line1": nil, "shipping.address.line1": "1 Main Street", "shipping.phone": nil, "preferred_locales.0": "de",
			"invoice_settings.default_payment_method": nil, "invoice_settings.custom_fields": nil, "test_clock": nil, "livemode": false,
		})
		if c.Object("shipping").Has("carrier") {
			t.Error("a customer's shipping has no carrier")
		}
		if prefix := c.String("invoice_prefix"); !regexp.MustCompile(`^[0-9A-Z]{8}$`).MatchString(prefix) {
			t.Errorf("the invoice prefix is %q, want eight capitals and digits", prefix)
		}
	})
	updated := wantEvents(t, s, []string{"customer.updated"}, func() {
		c := s.Post("/v1/customers/"+id, form("address[line1]=Unter+den+Linden+1 shipping= invoice_settings[custom_fields][0][name]=PO invoice_settings[custom_fields][0][value]=7 invoice_settings[footer]=Thanks tax_exempt=reverse")...).OK()
		wantFields(t, c, map[string]any{"address.city": "Berlin", "address.line1": "Unter den Linden 1", "shipping": nil, "invoice_settings.custom_fields.0.name": "PO", "invoice_settings.footer": "Thanks", "tax_exempt": "reverse"})
	})
	wantFields(t, updated[0], map[string]any{
		"data.previous_attributes.address.line1": nil, "data.previous_attributes.shipping.name": "Jenny", "data.previous_attributes.tax_exempt": "none", "data.previous_attributes.email": nil,
	})
	wantFields(t, s.Get("/v1/customers/"+id, "expand[]", "tax", "expand[]", "tax_ids").OK(), map[string]any{"tax.automatic_tax": "not_collecting", "tax.location.country": "DE", "tax_ids.data.0": nil})
	refuse(t, s, []refusal{
		{"no address", "/v1/customers", "email=jenny", "email_invalid", "email", "Invalid email address: jenny"},
		{"no address, later", "/v1/customers/" + id, "email=@", "email_invalid", "email", "Invalid email address: @"},
		{"short prefix", "/v1/customers", "invoice_prefix=AB", "", "invoice_prefix", "3 to 12"},
		{"small prefix", "/v1/customers", "invoice_prefix=abc", "", "invoice_prefix", "capital"},
		{"no number", "/v1/customers", "next_invoice_sequence=0", "parameter_invalid_integer", "next_invoice_sequence", "greater than or equal to 1"},
		{"unknown clock", "/v1/customers", "test_clock=clock_none", "resource_missing", "test_clock", "No such"},
		{"unknown source", "/v1/customers", "source=tok_none", "resource_missing", "source", "No such token"},
	})
	wantEvents(t, s, []string{"customer.deleted"}, func() { s.Delete("/v1/customers/" + id).OK() })
	wantFields(t, s.Get("/v1/customers/"+id).OK(), map[string]any{"id": id, "deleted": true, "email": nil})
}

// A customer can come with a card and with tax ids. A card that its bank declines leaves nothing behind.
func TestCustomerComesWithMore(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	var id string
	wantEvents(t, s, []string{"customer.created", "customer.tax_id.created", "customer.source.created", "customer.updated"}, func() {
		id = s.Post("/v1/customers", form("source=tok_visa tax_id_data[0][type]=eu_vat tax_id_data[0][value]=DE123456789")...).OK().ID()
	})
	c := s.Get("/v1/customers/"+id, "expand[]", "sources", "expand[]", "tax_ids", "expand[]", "default_source").OK()
	wantFields(t, c, map[string]any{"sources.data.0.last4": "4242", "default_source.last4": "4242", "tax_ids.data.0.value": "DE123456789", "tax_ids.data.0.country": "DE", "tax_ids.data.0.owner.customer": id})
	refuse(t, s, []refusal{{"no such number", "/v1/customers", "tax_id_data[0][type]=us_ein tax_id_data[0][value]=1", "tax_id_invalid", "tax_id_data[value]", "Invalid value for us_ein."}})
	before := len(s.Get("/v1/customers").IDs())
	s.Post("/v1/customers", "source", "tok_chargeDeclined").Fails(402, "card_declined")
	if after := len(s.Get("/v1/customers").IDs()); after != before {
		t.Errorf("%d customers, want %d: the declined one must not be kept", after, before)
	}
}

func TestCustomerBalance(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	id := s.Post("/v1/customers", "balance", "-500").OK().ID()
	at := "/v1/customers/" + id + "/balance_transactions"
	wantFields(t, s.Get(at).OK(), map[string]any{"data.0.amount": -500, "data.0.ending_balance": -500, "data.0.type": "initial", "data.1": nil})
	events := wantEvents(t, s, []string{"customer.updated"}, func() {
		wantFields(t, s.Post(at, form("amount=700 currency=usd description=Fee metadata[a]=1")...).OK(), map[string]any{
			"amount": 700, "ending_balance": 200, "type": "adjustment", "customer": id, "description": "Fee", "invoice": nil, "metadata.a": "1",
		})
	})
	wantFields(t, events[0], map[string]any{"data.object.balance": 200, "data.previous_attributes.balance": -500})
	wantEvents(t, s, []string{"customer.updated"}, func() { s.Post("/v1/customers/"+id, "balance", "0").OK() })
	wantFields(t, s.Get(at).OK(), map[string]any{"data.0.amount": -200, "data.0.ending_balance": 0, "data.2.type": "initial", "data.3": nil})
	refuse(t, s, []refusal{
		{"unknown currency", at, "amount=1 currency=zzz", "", "currency", "zzz"},
		{"no amount", at, "currency=usd", "parameter_missing", "amount", "amount"},
	})
}

func TestTaxID(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	own := s.Post("/v1/tax_ids", form("type=eu_vat value=EL123456789")...).OK()
	wantFields(t, own, map[string]any{"country": "GR", "owner.type": "self", "customer": nil, "verification": nil})
	theirs := s.Post("/v1/customers/"+customer+"/tax_ids", form("type=us_ein value=12-3456789")...).OK()
	wantFields(t, theirs, map[string]any{"country": "US", "owner.type": "customer", "owner.customer": customer, "customer": customer, "verification.status": "unavailable"})
	named := s.Post("/v1/tax_ids", form("type=ch_vat value=CHE-123.456.789+MWST owner[type]=customer owner[customer]="+customer)...).OK()
	for query, want := range map[string][]string{
		"": {own.ID()}, "owner[type]=self": {own.ID()}, "owner[type]=customer owner[customer]=" + customer: {named.ID(), theirs.ID()},
	} {
		if got := s.Get("/v1/tax_ids", form(query)...).IDs(); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%q lists %q, want %q", query, got, want)
		}
	}
	if got := s.Get("/v1/customers/" + customer + "/tax_ids").IDs(); len(got) != 2 {
		t.Errorf("the customer has the tax ids %q, want two", got)
	}
	refuse(t, s, []refusal{
		{"no such number", "/v1/tax_ids", "type=eu_vat value=XX1", "tax_id_invalid", "value", "Invalid value for eu_vat."},
		{"no customer", "/v1/tax_ids", "type=eu_vat value=DE123456789 owner[type]=customer", "parameter_missing", "owner[customer]", "owner[customer]"},
	})
}
