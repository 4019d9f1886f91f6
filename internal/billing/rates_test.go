package billing_test

import (
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

func TestTaxRate(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	r := s.Post("/v1/tax_rates", form("display_name=VAT inclusive=false percentage=19.25 country=de jurisdiction=DE tax_type=vat")...).OK()
	wantFields(t, r, map[string]any{
		"active": true, "country": "DE", "rate_type": "percentage", "effective_percentage": nil, "flat_amount": nil, "inclusive": false, "state": nil, "tax_type": "vat",
	})
	wantEvents(t, s, []string{"tax_rate.updated"}, func() { s.Post("/v1/tax_rates/"+r.ID(), "active", "false").OK() })
	wantFields(t, s.Post("/v1/tax_rates/"+r.ID(), form("country=at state=9 jurisdiction=AT tax_type=gst display_name=MwSt description=x metadata[a]=1")...).OK(), map[string]any{
		"country": "AT", "state": "9", "jurisdiction": "AT", "tax_type": "gst", "display_name": "MwSt", "description": "x", "metadata.a": "1", "percentage": object.Number("19.25"), "active": false,
	})
	wantFields(t, s.Post("/v1/tax_rates", form("display_name=Fine inclusive=true percentage=9.9755 active=false")...).OK(), map[string]any{"percentage": object.Number("9.9755"), "active": false, "inclusive": true})
	s.Post("/v1/tax_rates", form("display_name=Sales inclusive=true percentage=8")...).OK()
	for query, want := range map[string]int{"": 3, "active=true": 1, "inclusive=true": 2, "inclusive=true active=false": 1} {
		if got := s.Get("/v1/tax_rates", form(query)...).IDs(); len(got) != want {
			t.Errorf("%q lists %d tax rates, want %d", query, len(got), want)
		}
	}
	refuse(t, s, []refusal{
		{"too much", "/v1/tax_rates", "display_name=X inclusive=true percentage=101", "", "percentage", "between 0 and 100"},
		{"below zero", "/v1/tax_rates", "display_name=X inclusive=true percentage=-1", "", "percentage", "between 0 and 100"},
		{"too fine", "/v1/tax_rates", "display_name=X inclusive=true percentage=1.23456", "", "percentage", "4 decimal places"},
		{"so is whether it is inclusive", "/v1/tax_rates/" + r.ID(), "inclusive=true", "parameter_unknown", "inclusive", "inclusive"},
		{"percentage is fixed", "/v1/tax_rates/" + r.ID(), "percentage=7", "parameter_unknown", "percentage", "percentage"},
	})
}

func TestShippingRate(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	r := s.Post("/v1/shipping_rates", form("display_name=Ground fixed_amount[amount]=500 fixed_amount[currency]=usd fixed_amount[currency_options][eur][amount]=450 delivery_estimate[minimum][unit]=day delivery_estimate[minimum][value]=2 tax_code=txcd_92010001")...).OK()
	wantFields(t, r, map[string]any{
		"active": true, "type": "fixed_amount", "tax_behavior": "unspecified", "tax_code": "txcd_92010001", "fixed_amount.amount": 500,
		"fixed_amount.currency_options.eur.amount": 450, "fixed_amount.currency_options.eur.tax_behavior": "unspecified", "delivery_estimate.minimum.value": 2, "delivery_estimate.maximum": nil,
	})
	const ground = "display_name=Ground fixed_amount[amount]=500 fixed_amount[currency]=usd "
	s.Post("/v1/shipping_rates", form(ground+"delivery_estimate[minimum][unit]=business_day delivery_estimate[minimum][value]=5 delivery_estimate[maximum][unit]=week delivery_estimate[maximum][value]=1 active=false")...).Fails(400, "parameter_unknown")
	s.Post("/v1/shipping_rates/"+r.ID(), form("fixed_amount[currency_options][eur][amount]=400 fixed_amount[currency_options][gbp][amount]=300")...).OK()
	wantFields(t, s.Get("/v1/shipping_rates/"+r.ID()).OK(), map[string]any{"fixed_amount.currency_options.eur.amount": 400, "fixed_amount.currency_options.gbp.amount": 300})
	for query, want := range map[string]int{"": 1, "currency=usd": 1, "currency=gbp": 1, "currency=chf": 0, "active=false": 0, "created[gte]=1": 1, "created[lt]=1": 0} {
		if got := s.Get("/v1/shipping_rates", form(query)...).IDs(); len(got) != want {
			t.Errorf("%q lists %d shipping rates, want %d", query, len(got), want)
		}
	}
	refuse(t, s, []refusal{
		{"no amount", "/v1/shipping_rates", "display_name=X", "parameter_missing", "fixed_amount", "fixed_amount"},
		{"below zero", "/v1/shipping_rates", "display_name=X fixed_amount[amount]=-1 fixed_amount[currency]=usd", "parameter_invalid_integer", "fixed_amount[amount]", "0"},
		{"unknown currency", "/v1/shipping_rates", "display_name=X fixed_amount[amount]=1 fixed_amount[currency]=zzz", "", "fixed_amount[currency]", "zzz"},
		{"no time", "/v1/shipping_rates", ground + "delivery_estimate[minimum][unit]=day delivery_estimate[minimum][value]=0", "parameter_invalid_integer", "delivery_estimate[minimum][value]", "1"},
		{"over before it begins", "/v1/shipping_rates", ground + "delivery_estimate[minimum][unit]=week delivery_estimate[minimum][value]=1 delivery_estimate[maximum][unit]=day delivery_estimate[maximum][value]=6", "", "delivery_estimate", "minimum"},
		{"no currency at all", "/v1/shipping_rates", ground + "fixed_amount[currency_options][zzz][amount]=1", "", "fixed_amount[currency_options][zzz]", "zzz"},
		{"its own currency again", "/v1/shipping_rates", ground + "fixed_amount[currency_options][usd][amount]=1", "", "fixed_amount[currency_options][usd]", "usd"},
		{"less than nothing elsewhere", "/v1/shipping_rates", ground + "fixed_amount[currency_options][eur][amount]=-1", "parameter_invalid_integer", "fixed_amount[currency_options][eur][amount]", "0"},
		{"nothing said elsewhere", "/v1/shipping_rates/" + r.ID(), "fixed_amount[currency_options][chf][tax_behavior]=inclusive", "parameter_missing", "fixed_amount[currency_options][chf][amount]", "amount"},
		{"unknown tax code", "/v1/shipping_rates", "display_name=X fixed_amount[amount]=1 fixed_amount[currency]=usd tax_code=txcd_1", "resource_missing", "tax_code", "txcd_1"},
	})
}
