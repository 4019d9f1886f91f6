package billing_test

import (
	"testing"

	"sharesmart/internal/servertest"
)

func TestPriceAmounts(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	s.Post("/v1/products", "id", "pro", "name", "Pro").OK()
	for _, c := range []struct {
		name, form string
		want       map[string]any
	}{
		{"one time", "unit_amount=1500", map[string]any{"type": "one_time", "recurring": nil, "unit_amount": 1500, "unit_amount_decimal": "1500", "billing_scheme": "per_unit", "tax_behavior": "unspecified", "active": true}},
		{"free", "unit_amount=0", map[string]any{"unit_amount": 0, "unit_amount_decimal": "0"}},
		{"decimal", "unit_amount_decimal=0.05", map[string]any{"unit_amount": nil, "unit_amount_decimal": "0.05"}},
		{"whole decimal", "unit_amount_decimal=12.500", map[string]any{"unit_amount": nil, "unit_amount_decimal": "12.5"}},
		{"decimal without a fraction", "unit_amount_decimal=0012.0", map[string]any{"unit_amount": 12, "unit_amount_decimal": "12"}},
		{"yearly", "unit_amount=9900 recurring[interval]=year", map[string]any{"type": "recurring", "recurring.interval": "year", "recurring.interval_count": 1, "recurring.usage_type": "licensed", "recurring.meter": nil}},
		{"quarterly", "unit_amount=9900 recurring[interval]=month recurring[interval_count]=3", map[string]any{"recurring.interval_count": 3}},
		{"chosen by the customer", "custom_unit_amount[enabled]=true custom_unit_amount[minimum]=500", map[string]any{"unit_amount": nil, "custom_unit_amount.minimum": 500, "custom_unit_amount.maximum": nil, "custom_unit_amount.preset": nil}},
		{"by the dozen", "unit_amount=100 transform_quantity[divide_by]=12 transform_quantity[round]=up", map[string]any{"transform_quantity.divide_by": 12, "transform_quantity.round": "up"}},
		{"upper-case currency", "unit_amount=100 currency=EUR", map[string]any{"currency": "eur"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantFields(t, s.Post("/v1/prices", form("product=pro currency=usd "+c.form)...).OK(), c.want)
		})
	}
}

func TestPriceRefusals(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	s.Post("/v1/products", "id", "pro", "name", "Pro").OK()
	const at, base = "/v1/prices", "product=pro currency=usd "
	refuse(t, s, []refusal{
		{"no product", at, "currency=usd unit_amount=1", "parameter_missing", "product", "product"},
		{"unknown product", at, "product=none currency=usd unit_amount=1", "resource_missing", "product", "No such product: 'none'"},
		{"two products", at, base + "unit_amount=1 product_data[name]=X", "parameters_exclusive", "product", "product, product_data"},
		{"no amount", at, base, "parameter_missing", "unit_amount", "unit_amount"},
		{"two amounts", at, base + "unit_amount=1 unit_amount_decimal=1", "parameters_exclusive", "unit_amount", "unit_amount, unit_amount_decimal"},
		{"negative", at, base + "unit_amount=-1", "parameter_invalid_integer", "unit_amount", "greater than or equal to 0"},
		{"no decimal", at, base + "unit_amount_decimal=1e3", "", "unit_amount_decimal", "Invalid decimal"},
		{"too fine", at, base + "unit_amount_decimal=0.1234567890123", "", "unit_amount_decimal", "12 decimal places"},
		{"unknown currency", at, "product=pro currency=zzz unit_amount=1", "", "currency", "Invalid currency: zzz"},
		{"too long", at, base + "unit_amount=1 recurring[interval]=year recurring[interval_count]=4", "", "recurring[interval_count]", "three years"},
		{"metered without a meter", at, base + "unit_amount=1 recurring[interval]=month recurring[usage_type]=metered", "parameter_missing", "recurring[meter]", "recurring[meter]"},
		{"tiers without a scheme", at, base + "unit_amount=1 tiers_mode=volume", "", "tiers_mode", "`tiered`"},
		{"scheme without tiers", at, base + "billing_scheme=tiered tiers_mode=volume", "parameter_missing", "tiers", "tiers"},
		{"tiers and an amount", at, base + "billing_scheme=tiered tiers_mode=volume tiers[0][up_to]=inf tiers[0][unit_amount]=5 unit_amount=1", "", "unit_amount", "tiered"},
		{"last tier ends", at, base + "billing_scheme=tiered tiers_mode=volume tiers[0][up_to]=5 tiers[0][unit_amount]=5", "", "tiers[0][up_to]", "`inf`"},
		{"tiers out of order", at, base + "billing_scheme=tiered tiers_mode=volume tiers[0][up_to]=5 tiers[1][up_to]=4 tiers[2][up_to]=inf", "", "tiers[1][up_to]", "above the one before"},
		{"recurring and chosen", at, base + "custom_unit_amount[enabled]=true recurring[interval]=month", "", "custom_unit_amount", "recurring"},
		{"own currency among the others", at, base + "unit_amount=1 currency_options[usd][unit_amount]=2", "", "currency_options[usd]", "own currency"},
	})
}

func TestPriceTiersAndCurrencies(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	tiered := s.Post("/v1/prices", form("product_data[name]=X currency=usd billing_scheme=tiered tiers_mode=graduated tiers[0][up_to]=5 tiers[0][unit_amount]=700 tiers[1][up_to]=inf tiers[1][unit_amount_decimal]=0.5 tiers[1][flat_amount]=100")...).OK()
	wantFields(t, tiered, map[string]any{"tiers": nil, "unit_amount": nil, "tiers_mode": "graduated"})
	wantFields(t, s.Get("/v1/prices/"+tiered.ID(), "expand[]", "tiers").OK(), map[string]any{
		"tiers.0.up_to": 5, "tiers.0.unit_amount": 700, "tiers.0.unit_amount_decimal": "700", "tiers.0.flat_amount": nil,
		"tiers.1.up_to": nil, "tiers.1.unit_amount": nil, "tiers.1.unit_amount_decimal": "0.5", "tiers.1.flat_amount": 100,
	})
	price := s.Post("/v1/prices", form("product_data[name]=X currency=usd unit_amount=1000 currency_options[eur][unit_amount]=900 expand[]=currency_options")...).OK()
	wantFields(t, price, map[string]any{"currency_options.usd.unit_amount": 1000, "currency_options.eur.unit_amount": 900, "currency_options.eur.unit_amount_decimal": "900", "currency_options.eur.tax_behavior": "unspecified"})
	s.Post("/v1/prices/"+price.ID(), form("currency_options[gbp][unit_amount]=800")...).OK()
	wantFields(t, s.Get("/v1/prices", "expand[]", "data.currency_options", "limit", "1").OK(), map[string]any{
		"data.0.currency_options.gbp.unit_amount": 800, "data.0.currency_options.eur.unit_amount": 900,
	})
	wantFields(t, s.Get("/v1/prices/"+price.ID()).OK(), map[string]any{"currency_options": nil})
}

func TestPriceLookupKey(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	s.Post("/v1/products", "id", "pro", "name", "Pro").OK()
	first := s.Post("/v1/prices", form("product=pro currency=usd unit_amount=1 lookup_key=pro")...).OK().ID()
	refuse(t, s, []refusal{{"taken", "/v1/prices", "product=pro currency=usd unit_amount=2 lookup_key=pro", "", "lookup_key", "`" + first + "`"}})
	var second string
	wantEvents(t, s, []string{"price.updated", "price.created"}, func() {
		second = s.Post("/v1/prices", form("product=pro currency=usd unit_amount=2 lookup_key=pro transfer_lookup_key=true")...).OK().ID()
	})
	wantFields(t, s.Get("/v1/prices/"+first).OK(), map[string]any{"lookup_key": nil})
	if ids := s.Get("/v1/prices", "lookup_keys[]", "pro", "lookup_keys[]", "none").IDs(); len(ids) != 1 || ids[0] != second {
		t.Errorf("lookup_keys finds %q, want %q", ids, second)
	}
	s.Post("/v1/prices/"+second, "active", "false").OK()
	s.Post("/v1/prices/"+first, "lookup_key", "pro").OK()
	refuse(t, s, []refusal{
		{"taken meanwhile", "/v1/prices/" + second, "active=true", "", "lookup_key", "`" + first + "`"},
		{"tax behaviour is fixed", "/v1/prices/" + s.Post("/v1/prices", form("product=pro currency=usd unit_amount=1 tax_behavior=inclusive")...).OK().ID(), "tax_behavior=exclusive", "", "tax_behavior", "cannot be changed"},
		{"amounts are fixed", "/v1/prices/" + first, "unit_amount=5", "parameter_unknown", "unit_amount", "unit_amount"},
	})
}

func TestPlanIsAPrice(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	wantEvents(t, s, []string{"product.created", "plan.created", "price.created"}, func() {
		wantFields(t, s.Post("/v1/plans", form("id=gold currency=usd amount=2000 interval=month product[name]=Gold nickname=G")...).OK(), map[string]any{
			"id": "gold", "amount": 2000, "amount_decimal": "2000", "interval_count": 1, "usage_type": "licensed", "active": true,
		})
	})
	wantFields(t, s.Get("/v1/prices/gold", "expand[]", "product").OK(), map[string]any{
		"object": "price", "unit_amount": 2000, "recurring.interval": "month", "nickname": "G", "product.name": "Gold",
	})
	wantEvents(t, s, []string{"plan.updated", "price.updated"}, func() { s.Post("/v1/prices/gold", "nickname", "H", "metadata[a]", "1").OK() })
	wantFields(t, s.Get("/v1/plans/gold").OK(), map[string]any{"nickname": "H", "metadata.a": "1"})
	wantEvents(t, s, []string{"price.deleted", "plan.deleted"}, func() { s.Delete("/v1/plans/gold").OK() })
	s.Get("/v1/prices/gold").Fails(404, "resource_missing")
	price := s.Post("/v1/prices", form("product_data[name]=X currency=usd unit_amount=1 recurring[interval]=week")...).OK().ID()
	wantFields(t, s.Get("/v1/plans/"+price).OK(), map[string]any{"object": "plan", "amount": 1, "interval": "week"})
	refuse(t, s, []refusal{
		{"no product", "/v1/plans", "currency=usd amount=1 interval=month", "parameter_missing", "product", "product"},
		{"two amounts", "/v1/plans", "currency=usd amount=1 amount_decimal=1 interval=month product=" + s.Get("/v1/prices/"+price).OK().String("product"), "parameters_exclusive", "amount", "amount, amount_decimal"},
	})
}
