package billing_test

import (
	"testing"

	"sharesmart/internal/object"
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
	meter := s.Post("/v1/billing/meters", form("display_name=Calls event_name=calls default_aggregation[formula]=sum")...).OK().ID()
	s.Post("/v1/billing/meters/" + meter + "/deactivate").OK()
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
		{"tiers out of order", at, base + "billing_scheme=tiered tiers_mode=volume tiers[0][up_to]=5 tiers[0][unit_amount]=1 tiers[1][up_to]=4 tiers[1][unit_amount]=1 tiers[2][up_to]=inf", "", "tiers[1][up_to]", "above the one before"},
		{"tier without an amount", at, base + "billing_scheme=tiered tiers_mode=volume tiers[0][up_to]=inf", "parameter_missing", "tiers[0][unit_amount]", "tiers[0][unit_amount]"},
		{"tiers and bundles", at, base + "billing_scheme=tiered tiers_mode=volume tiers[0][up_to]=inf tiers[0][unit_amount]=1 transform_quantity[divide_by]=2 transform_quantity[round]=up", "", "transform_quantity", "tiers"},
		{"bundles of nothing", at, base + "unit_amount=1 transform_quantity[divide_by]=0 transform_quantity[round]=up", "parameter_invalid_integer", "transform_quantity[divide_by]", "or equal to 1"},
		{"too much", at, base + "unit_amount=1000000000000", "parameter_invalid_integer", "unit_amount", "less than or equal to 999999999999"},
		{"too much in decimals", at, base + "unit_amount_decimal=1000000000000.5", "", "unit_amount_decimal", "999999999999"},
		{"unknown meter", at, base + "unit_amount=1 recurring[interval]=month recurring[usage_type]=metered recurring[meter]=mtr_none", "resource_missing", "recurring[meter]", "mtr_none"},
		{"inactive meter", at, base + "unit_amount=1 recurring[interval]=month recurring[usage_type]=metered recurring[meter]=" + meter, "", "recurring[meter]", "inactive"},
		{"chosen bundles", at, base + "custom_unit_amount[enabled]=true transform_quantity[divide_by]=2 transform_quantity[round]=up", "", "custom_unit_amount", "transform_quantity"},
		{"chosen too small", at, base + "custom_unit_amount[enabled]=true custom_unit_amount[minimum]=49", "amount_too_small", "custom_unit_amount[minimum]", "$0.50"},
		{"preset too small", at, base + "custom_unit_amount[enabled]=true custom_unit_amount[minimum]=100 custom_unit_amount[preset]=99", "", "custom_unit_amount", "in this order"},
		{"preset too large", at, base + "custom_unit_amount[enabled]=true custom_unit_amount[preset]=101 custom_unit_amount[maximum]=100", "", "custom_unit_amount", "in this order"},
		{"currency without an amount", at, base + "unit_amount=1 currency_options[eur][tax_behavior]=inclusive", "parameter_missing", "currency_options[eur][unit_amount]", "currency_options[eur][unit_amount]"},
		{"currency with two amounts", at, base + "unit_amount=1 currency_options[eur][unit_amount]=1 currency_options[eur][unit_amount_decimal]=1", "parameters_exclusive", "currency_options[eur][unit_amount]", "unit_amount_decimal"},
		{"currency with tiers", at, base + "unit_amount=1 currency_options[eur][tiers][0][up_to]=inf currency_options[eur][tiers][0][unit_amount]=1", "", "currency_options[eur][tiers]", "`tiered`"},
		{"currency without tiers", at, base + "billing_scheme=tiered tiers_mode=volume tiers[0][up_to]=inf tiers[0][unit_amount]=1 currency_options[eur][unit_amount]=1", "parameter_missing", "currency_options[eur][tiers]", "tiers"},
		{"currency of one's choice", at, base + "unit_amount=1 currency_options[eur][custom_unit_amount][enabled]=true", "", "currency_options[eur]", "in all currencies"},
		{"unknown currency among the others", at, base + "unit_amount=1 currency_options[zzz][unit_amount]=1", "", "currency", "zzz"},
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
	change := func(text string) *object.Object {
		return s.Post("/v1/prices/"+price.ID(), form(text+" expand[]=currency_options")...).OK().Object("currency_options")
	}
	wantFields(t, change("currency_options[eur][tax_behavior]=inclusive"), map[string]any{"eur.tax_behavior": "inclusive", "eur.unit_amount": 900})
	wantFields(t, change("currency_options[eur][unit_amount_decimal]=7.5"), map[string]any{"eur.tax_behavior": "inclusive", "eur.unit_amount": nil, "eur.unit_amount_decimal": "7.5", "gbp.unit_amount": 800})
	refuse(t, s, []refusal{{"another behavior", "/v1/prices/" + price.ID(), "currency_options[eur][tax_behavior]=exclusive", "", "currency_options[eur][tax_behavior]", "cannot be changed"}})
	wantFields(t, change("currency_options="), map[string]any{"usd.unit_amount": 1000, "eur": nil, "gbp": nil})
	chosen := s.Post("/v1/prices", form("product_data[name]=X currency=usd custom_unit_amount[enabled]=true custom_unit_amount[minimum]=100 custom_unit_amount[preset]=200 custom_unit_amount[maximum]=300"+
		" currency_options[jpy][custom_unit_amount][enabled]=true currency_options[jpy][custom_unit_amount][minimum]=50 expand[]=currency_options")...).OK()
	wantFields(t, chosen, map[string]any{"custom_unit_amount.preset": 200, "currency_options.usd.custom_unit_amount.maximum": 300, "currency_options.jpy.custom_unit_amount.minimum": 50, "currency_options.jpy.unit_amount": nil})
	tiers := s.Post("/v1/prices", form("product_data[name]=X currency=usd billing_scheme=tiered tiers_mode=volume tiers[0][up_to]=inf tiers[0][flat_amount]=5 recurring[interval]=month"+
		" currency_options[eur][tiers][0][up_to]=9 currency_options[eur][tiers][0][unit_amount]=4 currency_options[eur][tiers][1][up_to]=inf currency_options[eur][tiers][1][unit_amount_decimal]=3.5 expand[]=currency_options expand[]=tiers")...).OK()
	wantFields(t, tiers, map[string]any{"tiers.0.flat_amount": 5, "currency_options.usd.tiers.0.flat_amount": 5, "currency_options.eur.tiers.0.up_to": 9, "currency_options.eur.tiers.1.unit_amount_decimal": "3.5"})
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
		{"no amount", "/v1/plans", "currency=usd interval=month product[name]=X", "parameter_missing", "amount", "amount"},
		{"tiers and an amount", "/v1/plans", "currency=usd interval=month product[name]=X amount=1 billing_scheme=tiered tiers_mode=volume tiers[0][up_to]=inf tiers[0][unit_amount]=1", "", "amount", "tiered"},
		{"bundles of nothing", "/v1/plans", "currency=usd interval=month product[name]=X amount=1 transform_usage[divide_by]=0 transform_usage[round]=up", "parameter_invalid_integer", "transform_usage[divide_by]", "or equal to 1"},
		{"taken id", "/v1/plans", "id=" + price + " currency=usd interval=month product[name]=X amount=1", "resource_already_exists", "id", "exists"},
		{"two amounts", "/v1/plans", "currency=usd amount=1 amount_decimal=1 interval=month product=" + s.Get("/v1/prices/"+price).OK().String("product"), "parameters_exclusive", "amount", "amount, amount_decimal"},
	})
}

// A plan with all that it can have is a price with the same.
func TestPlanInFull(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "pm_card_visa")
	v.Post("/v1/plans", form("id=tiered currency=usd interval=month interval_count=3 product=gold trial_period_days=7 billing_scheme=tiered tiers_mode=graduated"+
		" tiers[0][up_to]=5 tiers[0][unit_amount]=700 tiers[1][up_to]=inf tiers[1][flat_amount]=100")...).OK()
	wantFields(t, v.Get("/v1/plans/tiered", "expand[]", "tiers").OK(), map[string]any{
		"tiers.0.unit_amount": 700, "tiers.1.flat_amount": 100, "tiers.1.up_to": nil, "tiers_mode": "graduated", "trial_period_days": 7, "amount": nil, "interval_count": 3,
	})
	wantFields(t, v.Get("/v1/prices/tiered", "expand[]", "tiers").OK(), map[string]any{"tiers.0.unit_amount": 700, "tiers.1.flat_amount": 100, "unit_amount": nil, "recurring.interval_count": 3})
	v.Post("/v1/plans", form("id=bundled currency=usd interval=week product=gold amount_decimal=0.5 transform_usage[divide_by]=12 transform_usage[round]=up active=false")...).OK()
	wantFields(t, v.Get("/v1/prices/bundled").OK(), map[string]any{"transform_quantity.divide_by": 12, "transform_quantity.round": "up", "unit_amount": nil, "unit_amount_decimal": "0.5", "active": false})
	v.Post("/v1/products", "id", "silver", "name", "Silver").OK()
	wantEvents(t, v.Server, []string{"price.updated", "plan.updated"}, func() {
		v.Post("/v1/plans/bundled", form("product=silver active=true nickname=Dozen metadata[a]=1")...).OK()
	})
	wantFields(t, v.Get("/v1/prices/bundled").OK(), map[string]any{"product": "silver", "active": true, "nickname": "Dozen", "metadata.a": "1"})
	v.subscribe("items[0][price]=bundled items[0][quantity]=1200").OK()
	refuse(t, v.Server, []refusal{{"a used plan stays with its product", "/v1/plans/bundled", "product=gold", "", "product", "once the plan was used"}})
	v.Delete("/v1/plans/bundled").OK()
	wantFields(t, v.Get("/v1/subscriptions", "limit", "1").OK(), map[string]any{"data.0.status": "active", "data.0.items.data.0.price.id": "bundled"})
	v.Post("/v1/products/gold", "default_price", "tiered").OK()
	v.Delete("/v1/plans/tiered").Fails(400, "")
}
