package billing_test

import (
	"strconv"
	"strings"
	"testing"

	"sharesmart/internal/servertest"
)

// till sells a cap for 20 dollars or 18 euros, and Gold at 10 dollars a month.
type till struct {
	*servertest.Server
	t      *testing.T
	places map[string]string // ids by the words that stand for them in forms
}

func newTill(t *testing.T) *till {
	t.Helper()
	v := &till{servertest.New(t), t, map[string]string{}}
	v.Post("/v1/products", "id", "cap", "name", "Cap", "tax_code", "txcd_99999999").OK()
	v.Post("/v1/products", "id", "gold", "name", "Gold").OK()
	v.make("CAP", "/v1/prices", "product=cap currency=usd unit_amount=2000 currency_options[eur][unit_amount]=1800")
	v.make("GOLD", "/v1/prices", "product=gold currency=usd unit_amount=1000 recurring[interval]=month")
	v.make("CUSTOMER", "/v1/customers", "email=jenny.rosen@example.com")
	v.places["START"] = unixText(servertest.Start)
	return v
}

// make makes an object that a word stands for from now on.
func (v *till) make(word, path, text string) string {
	v.t.Helper()
	made := v.Post(path, v.filled(text)...).OK().ID()
	v.places[word] = made
	return made
}

// filled puts ids into a form.
func (v *till) filled(text string) []string { return form(filled(text, v.places)) }

const (
	oneCap    = "mode=payment success_url=https://shop.example/thanks?s={CHECKOUT_SESSION_ID} line_items[0][price]=CAP line_items[0][quantity]=1 "
	twoCaps   = "mode=payment success_url=https://shop.example/thanks line_items[0][price]=CAP line_items[0][quantity]=2 "
	oneGold   = "mode=subscription success_url=https://shop.example/thanks line_items[0][price]=GOLD line_items[0][quantity]=1 "
	setUpCard = "mode=setup success_url=https://shop.example/thanks payment_method_types[]=card "
	paysVisa  = "payment_method=pm_card_visa "
)

// session begins a checkout session.
func (v *till) session(text string) *servertest.Answer {
	v.t.Helper()
	return v.Post("/v1/checkout/sessions", v.filled(text)...)
}

// complete acts as the customer.
func (v *till) complete(id, text string) *servertest.Answer {
	v.t.Helper()
	if !strings.Contains(text, "[email]") {
		text += " customer_details[email]=jenny@example.com"
	}
	return v.Post("/v1/test_helpers/checkout/sessions/"+id+"/complete", v.filled(text)...)
}

func TestCheckoutBegins(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, form string
		want       map[string]any
		events     []string
	}{
		{"payment", twoCaps, map[string]any{
			"status": "open", "payment_status": "unpaid", "amount_subtotal": 4000, "amount_total": 4000, "currency": "usd", "ui_mode": "hosted_page", "client_secret": nil,
			"customer": nil, "customer_creation": "if_required", "customer_details": nil, "payment_intent": nil, "payment_method_collection": "if_required",
			"total_details.amount_discount": 0, "total_details.amount_shipping": 0, "total_details.amount_tax": 0, "invoice_creation.enabled": false,
			"expires_at": servertest.Start.Unix() + 86400, "payment_method_options.card.request_three_d_secure": "automatic", "payment_method_types.1": "card",
			"shipping_options": []any{}, "shipping_cost": nil, "saved_payment_method_options": nil, "tax_id_collection.required": "never",
		}, nil},
		{"a customer", oneCap + "customer=CUSTOMER client_reference_id=ref metadata[k]=v locale=de expires_at=" + strconv.Itoa(int(servertest.Start.Unix())+1800), map[string]any{
			"customer_creation": nil, "customer_details.email": "jenny.rosen@example.com", "customer_details.address": nil, "client_reference_id": "ref", "metadata.k": "v", "locale": "de",
			"expires_at": servertest.Start.Unix() + 1800, "saved_payment_method_options.payment_method_remove": "disabled", "saved_payment_method_options.allow_redisplay_filters.0": "always",
		}, nil},
		{"an e-mail address", oneCap + "customer_email=jenny@example.com", map[string]any{"customer_email": "jenny@example.com", "customer_details.email": "jenny@example.com", "customer_details.tax_ids": nil}, nil},
		{"another currency", twoCaps + "currency=eur payment_method_types[]=card payment_method_types[]=sepa_debit", map[string]any{"currency": "eur", "amount_total": 3600, "payment_method_types": []any{"card", "sepa_debit"}}, nil},
		{"embedded", strings.ReplaceAll(oneCap, "success_url", "return_url") + "ui_mode=embedded_page", map[string]any{"url": nil, "redirect_on_completion": "always", "success_url": nil}, nil},
		{"embedded, stays", strings.Replace(oneCap, "success_url=https://shop.example/thanks?s={CHECKOUT_SESSION_ID}", "", 1) + "ui_mode=embedded_page redirect_on_completion=never", map[string]any{"redirect_on_completion": "never"}, nil},
		{"subscription", oneGold, map[string]any{"customer_creation": "always", "payment_method_collection": "always", "invoice_creation": nil, "amount_total": 1000, "subscription": nil, "invoice": nil}, nil},
		{"subscription and more", oneGold + "line_items[1][price]=CAP line_items[1][quantity]=1 payment_method_collection=if_required", map[string]any{"amount_total": 3000, "payment_method_collection": "if_required"}, nil},
		{"trial", oneGold + "line_items[1][price]=CAP line_items[1][quantity]=1 subscription_data[trial_period_days]=7", map[string]any{"amount_subtotal": 2000, "amount_total": 2000}, nil},
		{"half a month first", oneGold + "subscription_data[billing_cycle_anchor]=" + unixText(servertest.Start.AddDate(0, 0, 15)), map[string]any{"amount_total": 500 - 16}, nil}, // 15 of the 31 days from 16 August
		{"first month free", oneGold + "subscription_data[proration_behavior]=none subscription_data[billing_cycle_anchor]=" + unixText(servertest.Start.AddDate(0, 0, 15)), map[string]any{"amount_total": 0}, nil},
		{"setup", setUpCard, map[string]any{
			"payment_status": "no_payment_required", "amount_total": nil, "amount_subtotal": nil, "total_details": nil, "currency": nil, "payment_intent": nil, "invoice_creation": nil, "payment_method_types": []any{"card"},
		}, []string{"setup_intent.created"}},
		{"a price of its own", "mode=payment success_url=https://shop.example line_items[0][quantity]=3 line_items[0][price_data][currency]=usd line_items[0][price_data][unit_amount]=1500 line_items[0][price_data][product_data][name]=Mug",
			map[string]any{"amount_total": 4500}, []string{"product.created", "price.created"}},
		{"what the page asks", oneCap + "phone_number_collection[enabled]=true billing_address_collection=required consent_collection[terms_of_service]=required custom_text[submit][message]=Soon shipping_address_collection[allowed_countries][]=DE " +
			"custom_fields[0][key]=engraving custom_fields[0][type]=text custom_fields[0][label][type]=custom custom_fields[0][label][custom]=Engraving custom_fields[0][optional]=true name_collection[individual][enabled]=true submit_type=book", map[string]any{
			"phone_number_collection.enabled": true, "billing_address_collection": "required", "consent_collection.terms_of_service": "required", "custom_text.submit.message": "Soon",
			"shipping_address_collection.allowed_countries": []any{"DE"}, "custom_fields.0.key": "engraving", "custom_fields.0.text.value": nil, "custom_fields.0.optional": true,
			"name_collection.individual.enabled": true, "submit_type": "book", "collected_information": nil,
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newTill(t)
			wantEvents(t, v.Server, c.events, func() {
				s := v.session(c.form).OK()
				wantFields(t, s, c.want)
				if s.String("ui_mode") == "hosted_page" && s.String("url") != v.URL+"/c/pay/"+s.ID() {
					t.Errorf("url is %q", s.String("url"))
				}
				if !strings.HasPrefix(s.ID(), "cs_test_a1") || len(s.ID()) != len("cs_test_a1")+56 {
					t.Errorf("the id is %s", s.ID())
				}
				if secret := s.String("client_secret"); s.String("ui_mode") != "hosted_page" && !strings.HasPrefix(secret, s.ID()+"_secret_") {
					t.Errorf("client_secret is %q", secret)
				}
			})
		})
	}
}

// TestCheckoutCurrencyByPlace has customers whose e-mail addresses tell where they are.
func TestCheckoutCurrencyByPlace(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	v.places["FRENCH"] = v.Post("/v1/customers", "email", "jenny+location_fr@example.com").OK().ID()
	for _, c := range []struct {
		form, email, currency string
		amount                int
	}{
		{twoCaps, "jenny+location_DE@example.com", "eur", 3600},
		{twoCaps, "jenny+location_JP@example.com", "usd", 4000}, // the price has no yen
		{twoCaps, "jenny+location_DE.more@example.com", "usd", 4000},
		{twoCaps + "currency=usd", "jenny+location_DE@example.com", "usd", 4000},
		{twoCaps + "customer=FRENCH", "", "eur", 3600},
	} {
		sent := v.filled(c.form)
		if c.email != "" {
			sent = append(sent, "customer_email", c.email)
		}
		wantFields(t, v.Post("/v1/checkout/sessions", sent...).OK(), map[string]any{"currency": c.currency, "amount_total": c.amount})
	}
}

func TestCheckoutRefuses(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	v.make("ARCHIVED", "/v1/prices", "product=cap currency=usd unit_amount=100")
	v.Post("/v1/prices/"+v.places["ARCHIVED"], "active", "false").OK()
	v.make("EURO", "/v1/prices", "product=cap currency=eur unit_amount=100")
	v.make("CENTS", "/v1/prices", "product=cap currency=usd unit_amount=10")
	v.make("CHOSEN", "/v1/prices", "product=cap currency=usd custom_unit_amount[enabled]=true")
	v.make("COUPON", "/v1/coupons", "percent_off=25")
	v.make("RATE", "/v1/shipping_rates", "display_name=Post fixed_amount[amount]=500 fixed_amount[currency]=eur")
	many := strings.Builder{}
	for i := range 21 {
		many.WriteString(filled("line_items[N][price]=GOLD line_items[N][quantity]=1 ", map[string]string{"N": strconv.Itoa(i)}))
	}
	const page = "success_url=https://shop.example "
	for _, c := range []struct{ name, form, code, param, message string }{
		{"no mode", page, "parameter_missing", "mode", ""},
		{"nothing", "mode=payment " + page, "parameter_missing", "line_items", ""},
		{"no way on", "mode=payment line_items[0][price]=CAP line_items[0][quantity]=1", "parameter_missing", "success_url", ""},
		{"way back when hosted", oneCap + "return_url=https://shop.example", "", "return_url", ""},
		{"way on when embedded", oneCap + "ui_mode=embedded_page", "", "success_url", ""},
		{"no way back", "mode=payment ui_mode=elements line_items[0][price]=CAP line_items[0][quantity]=1", "parameter_missing", "return_url", ""},
		{"a way back nobody goes", "mode=payment ui_mode=embedded_page redirect_on_completion=never return_url=https://shop.example line_items[0][price]=CAP line_items[0][quantity]=1", "", "return_url", ""},
		{"fields with elements", "mode=payment ui_mode=elements return_url=https://shop.example custom_text[submit][message]=x line_items[0][price]=CAP line_items[0][quantity]=1", "", "custom_text", ""},
		{"no address", "mode=payment success_url=thanks line_items[0][price]=CAP line_items[0][quantity]=1", "url_invalid", "success_url", "Not a valid URL"},
		{"script", "mode=payment success_url=javascript:alert(1) line_items[0][price]=CAP line_items[0][quantity]=1", "url_invalid", "success_url", "Not a valid URL"},
		{"customer and e-mail", oneCap + "customer=CUSTOMER customer_email=a@example.com", "parameters_exclusive", "customer", ""},
		{"unknown customer", oneCap + "customer=cus_nobody", "resource_missing", "customer", ""},
		{"bad e-mail", oneCap + "customer_email=nobody", "email_invalid", "customer_email", ""},
		{"discount and codes", oneCap + "discounts[0][coupon]=COUPON allow_promotion_codes=true", "parameters_exclusive", "allow_promotion_codes", ""},
		{"two discounts", oneCap + "discounts[0][coupon]=COUPON discounts[1][coupon]=COUPON", "", "discounts", ""},
		{"unknown coupon", oneCap + "discounts[0][coupon]=none", "resource_missing", "discounts[0][coupon]", ""},
		{"update of nobody", oneCap + "customer_update[address]=auto", "", "customer_update", ""},
		{"making who is there", oneCap + "customer=CUSTOMER customer_creation=always", "", "customer_creation", ""},
		{"creation in a subscription", oneGold + "customer_creation=always", "", "customer_creation", "`customer_creation` can only be used in `payment` mode."},
		{"recurring in a payment", strings.Replace(oneCap, "CAP", "GOLD", 1), "", "line_items[0]", "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices."},
		{"nothing recurring", strings.Replace(oneGold, "GOLD", "CAP", 1), "", "line_items", "You must provide at least one recurring price in `subscription` mode when using prices."},
		{"too much that recurs", "mode=subscription " + page + many.String(), "", "line_items", ""},
		{"payment data in a subscription", oneGold + "payment_intent_data[description]=x", "", "payment_intent_data", "You can not pass `payment_intent_data` in `subscription` mode."},
		{"subscription data in a payment", oneCap + "subscription_data[description]=x", "", "subscription_data", "You can not pass `subscription_data` in `payment` mode."},
		{"shipping in a subscription", oneGold + "shipping_options[0][shipping_rate]=RATE", "", "shipping_options", ""},
		{"items in setup", setUpCard + "line_items[0][price]=CAP", "", "line_items", "You can not pass `line_items` in `setup` mode."},
		{"setup of what", "mode=setup " + page, "parameter_missing", "currency", ""},
		{"collection in a payment", oneCap + "payment_method_collection=always", "", "payment_method_collection", ""},
		{"invoice in a subscription", oneGold + "invoice_creation[enabled]=true", "", "invoice_creation", ""},
		{"too soon over", oneCap + "expires_at=" + unixText(servertest.Start.Add(29*60e9)), "", "expires_at", "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."},
		{"too late over", oneCap + "expires_at=" + unixText(servertest.Start.Add(24*3600e9+1e9)), "", "expires_at", "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."},
		{"no quantity", "mode=payment " + page + "line_items[0][price]=CAP", "parameter_missing", "line_items[0][quantity]", "Quantity is required. Add `quantity` to `line_items[0]`"},
		{"quantity 0", "mode=payment " + page + "line_items[0][price]=CAP line_items[0][quantity]=0", "parameter_invalid_integer", "line_items[0][quantity]", ""},
		{"no price", "mode=payment " + page + "line_items[0][quantity]=1", "parameter_missing", "line_items[0][price]", ""},
		{"unknown price", "mode=payment " + page + "line_items[0][quantity]=1 line_items[0][price]=price_none", "resource_missing", "line_items[0][price]", "No such price: 'price_none'"},
		{"archived price", "mode=payment " + page + "line_items[0][quantity]=1 line_items[0][price]=ARCHIVED", "", "line_items[0][price]", "The price specified is inactive. This field only accepts active prices."},
		{"two currencies", oneCap + "line_items[1][price]=EURO line_items[1][quantity]=1", "", "line_items[1][price]", "The price specified only supports `eur`. This doesn't match the expected currency: `usd`."},
		{"price and data", oneCap + "line_items[0][price_data][currency]=usd", "parameters_exclusive", "line_items[0][price]", ""},
		{"data of nothing", "mode=payment " + page + "line_items[0][quantity]=1 line_items[0][price_data][currency]=usd line_items[0][price_data][unit_amount]=100", "parameter_missing", "line_items[0][price_data][product_data]", ""},
		{"dynamic tax rates", oneCap + "line_items[0][dynamic_tax_rates][]=txr_1", "parameter_unknown", "line_items[0][dynamic_tax_rates]", ""},
		{"unknown tax rate", oneCap + "line_items[0][tax_rates][]=txr_1", "resource_missing", "line_items[0][tax_rates][0]", ""},
		{"fixed and adjustable", oneCap + "line_items[0][adjustable_quantity][enabled]=true line_items[0][adjustable_quantity][minimum]=2", "", "line_items[0][adjustable_quantity]", ""},
		{"adjustable backwards", oneCap + "line_items[0][adjustable_quantity][enabled]=true line_items[0][adjustable_quantity][minimum]=3 line_items[0][adjustable_quantity][maximum]=2", "", "line_items[0][adjustable_quantity][maximum]", ""},
		{"chosen beside another", oneCap + "line_items[1][price]=CHOSEN line_items[1][quantity]=1", "", "line_items[1]", ""},
		{"too little", "mode=payment " + page + "line_items[0][price]=CENTS line_items[0][quantity]=1", "amount_too_small", "", "The Checkout Session's total amount due must add up to at least $0.50 usd"},
		{"method of another currency", oneCap + "payment_method_types[]=ideal", "", "payment_method_types[0]", ""},
		{"shipping of another currency", oneCap + "shipping_options[0][shipping_rate]=RATE", "", "shipping_options[0][shipping_rate]", ""},
		{"a trial of a day", oneGold + "subscription_data[trial_end]=" + unixText(servertest.Start.AddDate(0, 0, 1)), "", "subscription_data[trial_end]", "The `trial_end` date has to be at least 2 days in the future."},
		{"two trials", oneGold + "subscription_data[trial_period_days]=3 subscription_data[trial_end]=" + unixText(servertest.Start.AddDate(0, 0, 3)), "parameters_exclusive", "subscription_data[trial_end]", ""},
		{"four fields", oneCap + fieldsNamed("a", "b", "c", "d"), "", "custom_fields", "You can specify up to 3 custom fields."},
		{"two fields of a name", oneCap + fieldsNamed("a", "a"), "", "custom_fields[1][key]", ""},
		{"tax of who knows", oneCap + "automatic_tax[enabled]=true", "", "automatic_tax[enabled]", ""},
		{"tax ids of a name", oneCap + "customer=CUSTOMER tax_id_collection[enabled]=true", "", "customer_update[name]", ""},
		{"eleven more", oneCap + strings.Repeat("optional_items[][price]=CAP optional_items[][quantity]=1 ", 11), "", "optional_items", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := v.session(c.form).Fails(400, c.code)
			if e.String("param") != c.param || c.message != "" && e.String("message") != c.message {
				t.Errorf("param %q, message %q; want %q, %q", e.String("param"), e.String("message"), c.param, c.message)
			}
		})
	}
}

// fieldsNamed are custom fields with these keys.
func fieldsNamed(keys ...string) string {
	var b strings.Builder
	for i, key := range keys {
		b.WriteString(filled("custom_fields[N][key]=KEY custom_fields[N][type]=text custom_fields[N][label][type]=custom custom_fields[N][label][custom]=x ", map[string]string{"N": strconv.Itoa(i), "KEY": key}))
	}
	return b.String()
}
