package billing_test

import (
	"testing"
)

// TestCheckoutAmounts reckons sessions. Each is complete afterwards, at the same amounts.
func TestCheckoutAmounts(t *testing.T) {
	t.Parallel()
	const shipped = "shipping_options[0][shipping_rate]=POST shipping_options[1][shipping_rate]=EXPRESS "
	for _, c := range []struct {
		name, begin, typed string
		before, after      map[string]any
	}{
		{"shipping", oneCap + shipped, "shipping_rate=EXPRESS",
			map[string]any{"amount_total": 2500, "total_details.amount_shipping": 500, "shipping_cost.amount_total": 500, "shipping_cost.shipping_rate": "POST", "shipping_options.1.shipping_amount": 1200},
			map[string]any{"amount_total": 3200, "amount_subtotal": 2000, "total_details.amount_shipping": 1200, "shipping_cost.shipping_rate": "EXPRESS"}},
		{"shipping made on the spot", oneCap + "shipping_options[0][shipping_rate_data][display_name]=Own shipping_options[0][shipping_rate_data][type]=fixed_amount shipping_options[0][shipping_rate_data][fixed_amount][amount]=300 shipping_options[0][shipping_rate_data][fixed_amount][currency]=usd", "",
			map[string]any{"amount_total": 2300}, nil},
		{"no discount on shipping", oneCap + shipped + "discounts[0][coupon]=QUARTER", "", map[string]any{"amount_total": 1500 + 500, "total_details.amount_discount": 500}, nil},
		{"a coupon for other things", oneCap + "line_items[1][price]=MUG line_items[1][quantity]=1 discounts[0][coupon]=FORCUPS", "", map[string]any{"amount_subtotal": 3000, "total_details.amount_discount": 100, "amount_total": 2900}, nil},
		{"a code that is typed", oneCap + "allow_promotion_codes=true", "promotion_code=Quarter25", map[string]any{"amount_total": 2000, "discounts": []any{}},
			map[string]any{"amount_total": 1500, "discounts.0.coupon": "QUARTER", "discounts.0.promotion_code": "CODE"}},
		{"tax on top and within", oneCap + "line_items[0][tax_rates][]=ONTOP line_items[1][price]=MUG line_items[1][quantity]=1 line_items[1][tax_rates][]=WITHIN", "",
			map[string]any{"amount_subtotal": 3000, "total_details.amount_tax": 380 + 160, "amount_total": 3380}, nil},
		{"tax that is not paid", oneCap + "customer=EXEMPT line_items[0][tax_rates][]=ONTOP line_items[1][price]=MUG line_items[1][quantity]=1 line_items[1][tax_rates][]=WITHIN", "",
			map[string]any{"amount_subtotal": 3000, "total_details.amount_tax": 0, "amount_total": 2000 + 840}, nil},
		{"automatic tax of nowhere yet", oneTaxed + shipped, "customer_details[address][country]=DE",
			map[string]any{"automatic_tax.status": "requires_location_inputs", "amount_total": 2500, "total_details.amount_tax": 0},
			map[string]any{"automatic_tax.status": "complete", "total_details.amount_tax": 380 + 95, "amount_total": 2500 + 475, "shipping_cost.amount_tax": 95, "shipping_cost.amount_total": 595}},
		{"automatic tax by where it is sent", oneTaxed + "shipping_address_collection[allowed_countries][]=DE shipping_address_collection[allowed_countries][]=FR", "customer_details[address][country]=FR shipping_details[name]=J shipping_details[address][country]=DE",
			nil, map[string]any{"total_details.amount_tax": 380, "collected_information.shipping_details.address.country": "DE"}},
		{"automatic tax not collected there", oneTaxed, "customer_details[address][country]=FR", nil, map[string]any{"automatic_tax.status": "complete", "total_details.amount_tax": 0}},
		{"automatic tax for a business", oneTaxed + "tax_id_collection[enabled]=true", "customer_details[address][country]=FR customer_details[tax_ids][0][type]=eu_vat customer_details[tax_ids][0][value]=FRAB123456789", nil,
			map[string]any{"total_details.amount_tax": 0, "customer_details.tax_ids.0.value": "FRAB123456789"}},
		{"tax ids there are none of", oneCap + "tax_id_collection[enabled]=true tax_id_collection[required]=if_supported", "customer_details[address][country]=AQ", map[string]any{"tax_id_collection.required": "if_supported"}, nil},
		{"more of it", oneCap + "line_items[0][adjustable_quantity][enabled]=true line_items[0][adjustable_quantity][maximum]=5", "line_items[0][id]=ITEM line_items[0][quantity]=4", nil, map[string]any{"amount_total": 8000}},
		{"something else, too", oneCap + "optional_items[0][price]=MUG optional_items[0][quantity]=1 optional_items[0][adjustable_quantity][enabled]=true", "optional_items[0][price]=MUG optional_items[0][quantity]=3", map[string]any{"amount_total": 2000}, map[string]any{"amount_total": 5000}},
		{"as the customer likes", "mode=payment success_url=https://shop.example line_items[0][price]=GIFT line_items[0][quantity]=1", "line_items[0][id]=ITEM line_items[0][amount]=4321", map[string]any{"amount_total": 1000}, map[string]any{"amount_total": 4321}},
		{"another currency", oneCap + "currency=eur line_items[0][quantity]=3", "", map[string]any{"amount_total": 5400, "currency": "eur"}, nil},
		{"bundles", "mode=payment success_url=https://shop.example line_items[0][price]=BUNDLES line_items[0][quantity]=7", "", map[string]any{"amount_total": 2 * 1000}, nil},
		{"tiers", "mode=payment success_url=https://shop.example line_items[0][price]=TIERS line_items[0][quantity]=7", "", map[string]any{"amount_total": 5*1000 + 2*500}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newTill(t)
			v.stock()
			s := v.session(c.begin).OK()
			wantFields(t, s, v.named(c.before))
			v.places["ITEM"] = v.Get("/v1/checkout/sessions/" + s.ID() + "/line_items").IDs()[0]
			done := v.complete(s.ID(), paysVisa+c.typed).OK()
			wantFields(t, done, v.named(c.after))
			if c.after == nil {
				wantFields(t, done, v.named(c.before))
			}
			wantFields(t, v.Get("/v1/payment_intents/"+done.Ref("payment_intent")).OK(), map[string]any{"amount_received": done.Int("amount_total")})
			var sum int64
			for _, v := range v.Get("/v1/checkout/sessions/" + s.ID() + "/line_items").OK().Array("data") {
				sum += v.(interface{ Int(string) int64 }).Int("amount_total")
			}
			if shipping := done.Object("shipping_cost").Int("amount_total"); sum+shipping != done.Int("amount_total") {
				t.Errorf("the line items come to %d and shipping to %d, the session to %d", sum, shipping, done.Int("amount_total"))
			}
		})
		t.Run(c.name+", with an invoice", func(t *testing.T) {
			t.Parallel()
			v := newTill(t)
			v.stock()
			s := v.session(c.begin + " invoice_creation[enabled]=true").OK()
			v.places["ITEM"] = v.Get("/v1/checkout/sessions/" + s.ID() + "/line_items").IDs()[0]
			done := v.complete(s.ID(), paysVisa+c.typed).OK()
			details, whole := done.Object("total_details"), done.Int("amount_total")
			in := v.Get("/v1/invoices/" + done.Ref("invoice")).OK()
			wantFields(t, in, map[string]any{
				"status": "paid", "total": whole, "amount_paid": whole, "amount_shipping": details.Int("amount_shipping"),
				"total_excluding_tax": whole - details.Int("amount_tax"),
			})
			if shown, want := in.Object("shipping_cost").Int("amount_total"), done.Object("shipping_cost").Int("amount_total"); shown != want {
				t.Errorf("shipping is %d on the invoice, %d in the session", shown, want)
			}
		})
	}
}

// oneTaxed has a price whose tax is on top.
const oneTaxed = "mode=payment success_url=https://shop.example line_items[0][price]=TAXED line_items[0][quantity]=1 automatic_tax[enabled]=true "

// stock adds what sessions of the tests need.
func (v *till) stock() {
	v.t.Helper()
	v.Post("/v1/tax/settings", form("head_office[address][country]=DE defaults[tax_behavior]=exclusive")...).OK()
	v.Post("/v1/tax/registrations", form("active_from=now "+inGermany)...).OK()
	v.Post("/v1/products", form("id=mug name=Mug")...).OK()
	v.make("MUG", "/v1/prices", "product=mug currency=usd unit_amount=1000")
	v.make("TAXED", "/v1/prices", "product=cap currency=usd unit_amount=2000 tax_behavior=exclusive")
	v.make("GIFT", "/v1/prices", "product=mug currency=usd custom_unit_amount[enabled]=true custom_unit_amount[preset]=1000 custom_unit_amount[maximum]=5000")
	v.make("TIERS", "/v1/prices", "product=mug currency=usd billing_scheme=tiered tiers_mode=graduated tiers[0][up_to]=5 tiers[0][unit_amount]=1000 tiers[1][up_to]=inf tiers[1][unit_amount]=500")
	v.make("BUNDLES", "/v1/prices", "product=mug currency=usd unit_amount=1000 transform_quantity[divide_by]=5 transform_quantity[round]=up")
	v.make("POST", "/v1/shipping_rates", "display_name=Post fixed_amount[amount]=500 fixed_amount[currency]=usd tax_behavior=exclusive")
	v.make("EXPRESS", "/v1/shipping_rates", "display_name=Express fixed_amount[amount]=1200 fixed_amount[currency]=usd tax_behavior=exclusive")
	v.make("QUARTER", "/v1/coupons", "percent_off=25")
	v.make("FORCUPS", "/v1/coupons", "percent_off=10 applies_to[products][]=mug")
	v.make("CODE", "/v1/promotion_codes", "promotion[type]=coupon promotion[coupon]=QUARTER code=quarter25")
	v.make("EXEMPT", "/v1/customers", "tax_exempt=exempt")
	v.make("ONTOP", "/v1/tax_rates", "display_name=VAT percentage=19 inclusive=false")
	v.make("WITHIN", "/v1/tax_rates", "display_name=VAT percentage=19 inclusive=true")
}

// named puts ids in the place of the words that stand for them.
func (v *till) named(fields map[string]any) map[string]any {
	out := make(map[string]any, len(fields))
	for path, want := range fields {
		if word, ok := want.(string); ok && v.places[word] != "" {
			want = v.places[word]
		}
		out[path] = want
	}
	return out
}

// TestCheckoutWantsMore refuses customers who have not typed what the page asks for.
func TestCheckoutWantsMore(t *testing.T) {
	t.Parallel()
	const field = "custom_fields[0][label][type]=custom custom_fields[0][label][custom]=x custom_fields[0][key]=k "
	const dropdown = field + "custom_fields[0][type]=dropdown custom_fields[0][dropdown][options][0][label]=S custom_fields[0][dropdown][options][0][value]=s "
	for _, c := range []struct{ name, begin, typed, code, param string }{
		{"no e-mail address", oneCap, "customer_details[email]=", "parameter_missing", "customer_details[email]"},
		{"no phone", oneCap + "phone_number_collection[enabled]=true", "", "parameter_missing", "customer_details[phone]"},
		{"no address", oneCap + "billing_address_collection=required", "customer_details[address][country]=DE", "parameter_missing", "customer_details[address]"},
		{"no place to send it", oneCap + "shipping_address_collection[allowed_countries][]=DE", "", "parameter_missing", "shipping_details"},
		{"not sent there", oneCap + "shipping_address_collection[allowed_countries][]=DE", "shipping_details[name]=J shipping_details[address][country]=FR", "", "shipping_details[address][country]"},
		{"no consent", oneCap + "consent_collection[terms_of_service]=required", "", "parameter_missing", "consent[terms_of_service]"},
		{"no name", oneCap + "name_collection[business][enabled]=true", "", "parameter_missing", "customer_details[business_name]"},
		{"no place to tax", oneTaxed, "", "customer_tax_location_invalid", "customer_details[address]"},
		{"nothing in a field", oneCap + field + "custom_fields[0][type]=text", "", "parameter_missing", "custom_fields"},
		{"letters among numbers", oneCap + field + "custom_fields[0][type]=numeric", "custom_fields[0][key]=k custom_fields[0][value]=1a", "", "custom_fields[0][value]"},
		{"too short", oneCap + field + "custom_fields[0][type]=text custom_fields[0][text][minimum_length]=3", "custom_fields[0][key]=k custom_fields[0][value]=ab", "", "custom_fields[0][value]"},
		{"none of them", oneCap + dropdown, "custom_fields[0][key]=k custom_fields[0][value]=xl", "", "custom_fields[0][value]"},
		{"another field", oneCap + dropdown, "custom_fields[0][key]=other custom_fields[0][value]=s", "", "custom_fields[0][key]"},
		{"fixed quantity", oneCap, "line_items[0][id]=ITEM line_items[0][quantity]=2", "", "line_items[0][quantity]"},
		{"too many", oneCap + "line_items[0][adjustable_quantity][enabled]=true line_items[0][adjustable_quantity][maximum]=3", "line_items[0][id]=ITEM line_items[0][quantity]=4", "", "line_items[0][quantity]"},
		{"another item", oneCap, "line_items[0][id]=li_none line_items[0][quantity]=2", "resource_missing", "line_items[0][id]"},
		{"fixed price", oneCap, "line_items[0][id]=ITEM line_items[0][amount]=2", "", "line_items[0][amount]"},
		{"not offered", oneCap, "optional_items[0][price]=MUG", "", "optional_items[0][price]"},
		{"no codes", oneCap, "promotion_code=quarter25", "", "promotion_code"},
		{"unknown code", oneCap + "allow_promotion_codes=true", "promotion_code=nope", "resource_missing", "promotion_code"},
		{"code for more", oneCap + "allow_promotion_codes=true", "promotion_code=big", "", "promotion_code"},
		{"less than its code is for", twoCaps + "line_items[0][adjustable_quantity][enabled]=true discounts[0][promotion_code]=BIG", "line_items[0][id]=ITEM line_items[0][quantity]=1", "", "discounts[0][promotion_code]"},
		{"code of another", oneCap + "allow_promotion_codes=true", "promotion_code=hers", "resource_missing", "promotion_code"},
		{"code of a newcomer", oneCap + "allow_promotion_codes=true customer=PAYER", "promotion_code=first", "promotion_code_customer_not_first_time", "promotion_code"},
		{"tax ids nobody wants", oneCap, "customer_details[tax_ids][0][type]=eu_vat customer_details[tax_ids][0][value]=DE123456789", "", "customer_details[tax_ids]"},
		{"no tax id", oneCap + "tax_id_collection[enabled]=true", "customer_details[tax_ids][0][type]=eu_vat customer_details[tax_ids][0][value]=1", "tax_id_invalid", "customer_details[tax_ids][0][value]"},
		{"no tax id where there are some", oneCap + "tax_id_collection[enabled]=true tax_id_collection[required]=if_supported", "customer_details[address][country]=AT", "parameter_missing", "customer_details[tax_ids]"},
		{"shipping of another", oneCap + "shipping_options[0][shipping_rate]=POST", "shipping_rate=EXPRESS", "", "shipping_rate"},
		{"bad e-mail address", oneCap, "customer_details[email]=nobody", "email_invalid", "customer_details[email]"},
		{"unknown method", oneCap, "payment_method=pm_nobody", "resource_missing", "payment_method"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newTill(t)
			v.stock()
			v.make("PAYER", "/v1/customers", "email=payer@example.com source=tok_visa")
			v.Post("/v1/charges", v.filled("amount=1000 currency=usd customer=PAYER")...).OK()
			v.make("BIG", "/v1/promotion_codes", "promotion[type]=coupon promotion[coupon]=QUARTER code=big restrictions[minimum_amount]=2001 restrictions[minimum_amount_currency]=usd")
			v.make("HERS", "/v1/promotion_codes", "promotion[type]=coupon promotion[coupon]=QUARTER code=hers customer=CUSTOMER")
			v.make("FIRST", "/v1/promotion_codes", "promotion[type]=coupon promotion[coupon]=QUARTER code=first restrictions[first_time_transaction]=true")
			s := v.session(c.begin).OK()
			v.places["ITEM"] = v.Get("/v1/checkout/sessions/" + s.ID() + "/line_items").IDs()[0]
			typed := c.typed
			if c.name != "unknown method" {
				typed += " payment_method=pm_card_visa"
			}
			wantEvents(t, v.Server, nil, func() {
				if e := v.complete(s.ID(), typed).Fails(400, c.code); e.String("param") != c.param {
					t.Errorf("param %q, want %q: %s", e.String("param"), c.param, e.String("message"))
				}
			})
			wantFields(t, v.Get("/v1/checkout/sessions/"+s.ID()).OK(), map[string]any{"status": "open", "customer_details.tax_ids": nil, "amount_total": s.Int("amount_total")})
		})
	}
}

// TestCheckoutCollects looks at all that a customer can type.
func TestCheckoutCollects(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	v.stock()
	id := v.session(oneCap + "customer_creation=always phone_number_collection[enabled]=true shipping_address_collection[allowed_countries][]=DE consent_collection[terms_of_service]=required consent_collection[promotions]=auto " +
		"tax_id_collection[enabled]=true name_collection[business][enabled]=true custom_fields[0][label][type]=custom custom_fields[0][label][custom]=x custom_fields[0][key]=engraving custom_fields[0][type]=text " +
		"custom_fields[1][label][type]=custom custom_fields[1][label][custom]=x custom_fields[1][key]=size custom_fields[1][type]=dropdown custom_fields[1][dropdown][options][0][label]=S custom_fields[1][dropdown][options][0][value]=s custom_fields[1][dropdown][default_value]=s").OK().ID()
	wantEvents(t, v.Server, append([]string{"customer.created", "customer.tax_id.created"}, paidSession...), func() {
		v.complete(id, paysVisa+"customer_details[email]=jo@example.com customer_details[name]=Jo customer_details[phone]=+49 customer_details[business_name]=Jo+Ltd customer_details[address][country]=DE customer_details[address][city]=Bonn "+
			"customer_details[tax_ids][0][type]=eu_vat customer_details[tax_ids][0][value]=DE123456789 shipping_details[name]=Jo shipping_details[address][country]=DE shipping_details[address][line1]=Weg+1 "+
			"consent[terms_of_service]=accepted consent[promotions]=opt_in custom_fields[0][key]=engraving custom_fields[0][value]=For+you").OK()
	})
	s := v.Get("/v1/checkout/sessions/" + id).OK()
	wantFields(t, s, map[string]any{
		"customer_details.name": "Jo", "customer_details.business_name": "Jo Ltd", "customer_details.address.city": "Bonn", "customer_details.tax_ids.0.type": "eu_vat",
		"collected_information.business_name": "Jo Ltd", "collected_information.shipping_details.address.line1": "Weg 1", "consent.terms_of_service": "accepted", "consent.promotions": "opt_in",
		"custom_fields.0.text.value": "For you", "custom_fields.1.dropdown.value": "s",
	})
	wantFields(t, v.Get("/v1/customers/"+s.Ref("customer")).OK(), map[string]any{
		"email": "jo@example.com", "name": "Jo", "address.city": "Bonn", "shipping.address.line1": "Weg 1", "business_name": "Jo Ltd",
	})
	wantFields(t, v.Get("/v1/payment_intents/"+s.Ref("payment_intent")).OK(), map[string]any{"shipping.name": "Jo", "shipping.address.country": "DE"})
}
