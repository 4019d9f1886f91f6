package checkout_test

import (
	"net/url"
	"strings"
	"testing"

	"sharesmart/internal/web/checkout"
)

// TestHostedChooses changes the order: the total follows, nothing is paid, and what else was typed stays.
func TestHostedChooses(t *testing.T) {
	t.Parallel()
	const posts = "shipping_options[0][shipping_rate]=POST&shipping_options[1][shipping_rate]=EXPRESS"
	const cups = "optional_items[0][price]=CUP&optional_items[0][quantity]=1"
	const many = "line_items[0][price]=POT&line_items[0][quantity]=1&line_items[0][adjustable_quantity][enabled]=true&line_items[0][adjustable_quantity][minimum]=1&line_items[0][adjustable_quantity][maximum]=5"
	const codes = "allow_promotion_codes=true"
	const worth = "line_items[0][price]=TREE&line_items[0][quantity]=1"
	for _, c := range []struct {
		name, begin, typed string
		status             int
		parts              []string
		total              int
	}{
		{"more of it", many, "quantity-ITEM=3&do=update", 200, []string{`value="3"`, "Tea pot × 3", "$20.00 each", ">Pay $60.00</button>"}, 6000},
		{"more, without the button", many, "quantity-ITEM=3", 200, []string{">Pay $60.00</button>", "Nothing was paid yet"}, 6000},
		{"too many", many, "quantity-ITEM=9&do=update", 422, []string{"-fault", "This quantity cannot be bought here", `value="9"`}, 2000},
		{"half of it", many, "quantity-ITEM=0.5&do=update", 422, []string{"Enter a whole number"}, 2000},
		{"less than nothing", many, "quantity-ITEM=-1&do=update", 422, []string{"Enter a whole number"}, 2000},
		{"an optional item", cups, "option-CUP=1&do=update", 200, []string{`name="option-`, " checked", ">Pay $25.00</button>"}, 2500},
		{"several of an optional item", cups + "&optional_items[0][adjustable_quantity][enabled]=true&optional_items[0][adjustable_quantity][maximum]=4", "option-CUP=1&quantity-CUP=3&do=update", 200, []string{">Pay $35.00</button>"}, 3500},
		{"none of an optional item", cups + "&optional_items[0][adjustable_quantity][enabled]=true&optional_items[0][adjustable_quantity][maximum]=4", "option-CUP=1&quantity-CUP=0&do=update", 422, []string{"Enter a whole number"}, 2000},
		{"another way of shipping", posts, "shipping_rate=EXPRESS&do=update", 200, []string{"Shipping: Express", ">Pay $32.00</button>", "2 to 4 days"}, 3200},
		{"a way of shipping that is not offered", posts, "shipping_rate=shr_none&do=update", 422, []string{"This did not go through"}, 2500},
		{"a code", codes, "promotion_code=spring25&do=update", 200, []string{"spring25, 25% off", "-$5.00", ">Pay $15.00</button>", `value="unpromo"`, `!name="promotion_code"`}, 1500},
		{"a code, without the button", codes, "promotion_code=SPRING25", 200, []string{">Pay $15.00</button>", "Nothing was paid yet"}, 1500},
		{"no such code", codes, "promotion_code=winter&do=update", 422, []string{`id="promotion_code-fault"`, "There is no such code", `value="winter"`, "<details class=\"promo\" open>"}, 2000},
		{"a code for larger orders", codes, "promotion_code=big&do=update", 422, []string{`id="promotion_code-fault"`, "This code cannot be used for this order"}, 2000},
		{"a code where none is taken", "", "promotion_code=spring25&do=update", 200, []string{`!name="promotion_code"`}, 2000},
		{"an amount of one's own", worth, "amount-ITEM=12.5&do=update", 200, []string{`value="12.50"`, ">Pay $12.50</button>", "From $1.00 to $50.00"}, 1250},
		{"an amount, as in German", worth, "amount-ITEM=12,50&do=update", 200, []string{">Pay $12.50</button>"}, 1250},
		{"an amount with its sign", worth, "amount-ITEM=$ 12&do=update", 200, []string{">Pay $12.00</button>"}, 1200},
		{"too small an amount", worth, "amount-ITEM=0.99&do=update", 422, []string{"Enter an amount within the limits"}, 1000},
		{"no amount", worth, "amount-ITEM=a lot&do=update", 422, []string{"Enter an amount, such as 12.50"}, 1000},
		{"a fraction of a cent", worth, "amount-ITEM=12.505&do=update", 422, []string{"Enter an amount, such as 12.50"}, 1000},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStall(t)
			s.stock()
			o := s.session(c.begin)
			s.item(o, 0)
			form := s.fill(s.path(o), c.typed)
			text := wantShown(t, s.post(s.path(o), form), c.status, append(c.parts, `value="jenny@example.com"`, "!"+visa)...)
			after := s.again(o)
			wantFields(t, after, map[string]any{"status": "open", "amount_total": c.total})
			if n := s.charges(); n != 0 {
				t.Errorf("%d charges", n)
			}
			if c.status == 200 { // the card was kept: nothing has to be typed again
				if !strings.Contains(text, "Visa •••• 4242") || !strings.Contains(text, "The card that you entered") {
					t.Errorf("the card is gone:\n%s", text)
				}
				wantLead(t, s.post(s.path(o), formOf(text)), done(o))
				wantFields(t, s.again(o), map[string]any{"payment_status": "paid", "amount_total": c.total, "customer_details.name": "Jenny Rosen"})
			}
		})
	}
}

// stock makes what can be chosen.
func (s *stall) stock() {
	s.t.Helper()
	s.make("CUP", "/v1/prices", "currency=usd&unit_amount=500&product_data[name]=Cup")
	s.make("TREE", "/v1/prices", "currency=usd&custom_unit_amount[enabled]=true&custom_unit_amount[minimum]=100&custom_unit_amount[maximum]=5000&custom_unit_amount[preset]=1000&product_data[name]=A tree")
	s.make("POST", "/v1/shipping_rates", "display_name=Post&type=fixed_amount&fixed_amount[amount]=500&fixed_amount[currency]=usd&delivery_estimate[minimum][unit]=business_day&delivery_estimate[minimum][value]=2&delivery_estimate[maximum][unit]=business_day&delivery_estimate[maximum][value]=4")
	s.make("EXPRESS", "/v1/shipping_rates", "display_name=Express&type=fixed_amount&fixed_amount[amount]=1200&fixed_amount[currency]=usd")
	s.make("QUARTER", "/v1/coupons", "percent_off=25&duration=repeating&duration_in_months=3")
	s.make("CODE", "/v1/promotion_codes", "promotion[type]=coupon&promotion[coupon]=QUARTER&code=spring25")
	s.make("BIG", "/v1/promotion_codes", "promotion[type]=coupon&promotion[coupon]=QUARTER&code=big&restrictions[minimum_amount]=5000&restrictions[minimum_amount_currency]=usd")
}

// TestHostedTakesACodeAway applies a code and takes it away again.
func TestHostedTakesACodeAway(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	s.stock()
	o := s.session("allow_promotion_codes=true&mode=subscription&line_items[0][price]=PRO&line_items[0][quantity]=1")
	wantShown(t, s.post(s.path(o), s.fill(s.path(o), "promotion_code=spring25&do=update")), 200, "spring25, 25% off for 3 months", "$6.75 every month")
	wantShown(t, s.post(s.path(o), s.fill(s.path(o), "do=unpromo")), 200, "!spring25", `name="promotion_code"`, "$9.00 every month")
	wantFields(t, s.again(o), map[string]any{"amount_total": 900})
	wantShown(t, s.post(s.path(o), s.fill(s.path(o), "promotion_code=spring25&do=update")), 200, "spring25")
	s.Post("/v1/promotion_codes/"+s.names["CODE"], "active", "false").OK()
	wantShown(t, s.pay(s.path(o), ""), 422, "This code cannot be used for this order")
	wantShown(t, s.post(s.path(o), s.fill(s.path(o), "do=unpromo")), 200, "!spring25")
	wantLead(t, s.pay(s.path(o), ""), done(o))
}

// TestHostedTaxes works the tax out by the address: it is shown before it is paid.
func TestHostedTaxes(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	s.register()
	o := s.session("automatic_tax[enabled]=true&tax_id_collection[enabled]=true")
	page := wantShown(t, s.get(s.path(o)), 200, "Worked out by your address", ">Pay $20.00</button>")
	form := s.filled(page, "billing-country=DE&billing-postal_code=53111")
	text := wantShown(t, s.post(s.path(o), form), 409, "Nothing was paid yet", ">Pay $23.80</button>", "$3.80", "The card that you entered", `value="DE" selected`)
	wantShown(t, s.post(s.path(o), s.filled(text, "tax_id=nonsense")), 422, `id="tax_id-fault"`, "This is no tax ID of your country", "The card that you entered")
	wantLead(t, s.post(s.path(o), formOf(text)), done(o))
	wantFields(t, s.again(o), map[string]any{"amount_total": 2380, "total_details.amount_tax": 380})

	nowhere := s.session("automatic_tax[enabled]=true")
	form = s.fill(s.path(nowhere), "billing-country=US&billing-postal_code=")
	wantShown(t, s.post(s.path(nowhere), form), 422, `id="billing-country-fault"`, "The tax cannot be worked out by this address")
}

// register has the seller collect tax in Germany.
func (s *stall) register() {
	s.t.Helper()
	s.Post("/v1/tax/settings", "defaults[tax_behavior]", "exclusive", "head_office[address][country]", "DE", "head_office[address][line1]", "Weg 1", "head_office[address][city]", "Bonn", "head_office[address][postal_code]", "53111").OK()
	s.make("REG", "/v1/tax/registrations", "country=DE&country_options[de][type]=standard&country_options[de][standard][place_of_supply_scheme]=standard&active_from=now")
}

// TestHostedTaxesKnown taxes a customer by the address that the seller knows, and asks for none.
func TestHostedTaxesKnown(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	s.register()
	s.make("JENNY", "/v1/customers", "email=known@example.com&address[country]=DE&address[postal_code]=53111")
	o := s.session("customer=JENNY&automatic_tax[enabled]=true")
	wantShown(t, s.get(s.path(o)), 200, ">Pay $23.80</button>", `!name="billing-country"`)
	wantLead(t, s.pay(s.path(o), ""), done(o))
	wantFields(t, s.again(o), map[string]any{"amount_total": 2380, "total_details.amount_tax": 380})
}

// TestHostedTaxesNew asks a customer whom the seller knows but for the address where they are, as long as they may change it.
func TestHostedTaxesNew(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	s.register()
	s.make("JENNY", "/v1/customers", "email=known@example.com")
	o := s.session("customer=JENNY&automatic_tax[enabled]=true&customer_update[address]=auto")
	text := wantShown(t, s.post(s.path(o), s.fill(s.path(o), "billing-country=DE&billing-postal_code=53111&do=update")), 200, ">Pay $23.80</button>", `value="DE" selected`, `value="53111"`)
	wantShown(t, s.get(s.path(o)), 200, ">Pay $23.80</button>", `value="DE" selected`, `value="53111"`) // loaded again
	wantLead(t, s.post(s.path(o), formOf(text)), done(o))
	wantFields(t, s.Get("/v1/customers/"+s.names["JENNY"]).OK(), map[string]any{"address.country": "DE", "address.postal_code": "53111"})
}

// TestHostedTaxesShipping taxes by where things are sent, also what is paid elsewhere.
func TestHostedTaxesShipping(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	s.register()
	for _, c := range []struct{ begin, typed string }{
		{"automatic_tax[enabled]=true&shipping_address_collection[allowed_countries][0]=DE", "method=klarna&shipping-name=Jo&shipping-country=DE&shipping-line1=Weg 1&shipping-city=Bonn&shipping-postal_code=53111"},
		{"automatic_tax[enabled]=true", "method=klarna&billing-country=DE&billing-postal_code=53111"},
	} {
		o := s.session(c.begin)
		text := wantShown(t, s.post(s.path(o), s.fill(s.path(o), c.typed+"&do=update")), 200, ">Pay $23.80</button>")
		if a := s.post(s.path(o), formOf(text)); !strings.HasPrefix(a.Header().Get("Location"), checkout.Prefix) {
			t.Errorf("%s: %d %s", c.begin, a.Code, a.Body)
		}
		wantFields(t, s.again(o), map[string]any{"amount_total": 2380, "status": "open"})
	}
}

// TestHostedSaves keeps a card, shows it at the next session, and pays with it.
func TestHostedSaves(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	s.make("JENNY", "/v1/customers", "email=known@example.com")
	for _, keep := range []bool{false, true} {
		o := s.session("customer=JENNY&saved_payment_method_options[payment_method_save]=enabled")
		page := wantShown(t, s.get(s.path(o)), 200, "Keep this card for my next visit at ShareSmart", "!Another card")
		typed := ""
		if keep {
			typed = "save=1"
		}
		wantLead(t, s.post(s.path(o), s.filled(page, typed)), done(o))
	}
	o := s.session("customer=JENNY")
	page := wantShown(t, s.get(s.path(o)), 200, "Visa •••• 4242", "Expires 12 / 34", "Another card", "!Keep this card")
	form := formOf(page) // nothing is typed
	wantLead(t, s.post(s.path(o), form), done(o))

	o = s.session("customer=JENNY")
	wantShown(t, s.pay(s.path(o), "method=card&number="+noMoney), 402, `id="number-fault"`, "Visa •••• 4242")
	wantLead(t, s.pay(s.path(o), "method=card"), done(o))

	s.make("HERS", "/v1/payment_methods", "type=card&card[token]=tok_visa")
	o = s.session("customer=JENNY")
	form = s.fill(s.path(o), "method=HERS")
	charges := s.charges()
	wantShown(t, s.post(s.path(o), form), 422, `id="method-fault"`, "This card is not here any more", "Visa •••• 4242")
	if n := s.charges(); n != charges {
		t.Error("a card has paid that nobody chose")
	}
}

// TestHostedSavesInTheEnd changes the order after the customer said that their card be kept.
func TestHostedSavesInTheEnd(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	s.stock()
	s.make("JENNY", "/v1/customers", "email=known@example.com")
	o := s.session("customer=JENNY&allow_promotion_codes=true&saved_payment_method_options[payment_method_save]=enabled")
	text := wantShown(t, s.post(s.path(o), s.fill(s.path(o), "save=1&promotion_code=spring25")), 200, "Nothing was paid yet", "The card that you entered")
	wantLead(t, s.post(s.path(o), formOf(text)), done(o))
	saved := s.Get("/v1/customers/" + s.names["JENNY"] + "/payment_methods").OK()
	wantFields(t, saved, map[string]any{"data.0.allow_redisplay": "always"})
}

// TestHostedDeclinesSaved declines a card that was saved.
func TestHostedDeclinesSaved(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	s.make("JENNY", "/v1/customers", "email=known@example.com")
	s.make("CARD", "/v1/payment_methods/pm_card_chargeCustomerFail/attach", "customer=JENNY")
	s.Post("/v1/payment_methods/"+s.names["CARD"], "allow_redisplay", "always").OK()
	o := s.session("customer=JENNY")
	wantShown(t, s.post(s.path(o), formOf(s.get(s.path(o)).Body.String())), 402, `id="method-fault"`, "The card was declined", " autofocus", "!number-fault")
	wantLead(t, s.pay(s.path(o), "method=card"), done(o))
}

// TestHostedBillsAsTyped pays with a saved card that has another address than the one that is typed.
func TestHostedBillsAsTyped(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	s.make("JENNY", "/v1/customers", "email=known@example.com")
	s.make("CARD", "/v1/payment_methods", "type=card&card[token]=tok_visa&billing_details[email]=old@example.com&billing_details[address][country]=US&billing_details[address][line1]=Main Street")
	s.Post("/v1/payment_methods/"+s.names["CARD"]+"/attach", "customer", s.names["JENNY"]).OK()
	s.Post("/v1/payment_methods/"+s.names["CARD"], "allow_redisplay", "always").OK()
	o := s.session("customer=JENNY&billing_address_collection=required")
	wantLead(t, s.pay(s.path(o), "method=CARD&billing-country=DE&billing-line1=Weg 1&billing-city=Bonn"), done(o))
	wantFields(t, s.again(o), map[string]any{"customer_details.address.country": "DE", "customer_details.address.line1": "Weg 1", "customer_details.email": "known@example.com"})
}

// TestHostedForgets removes a card that was saved.
func TestHostedForgets(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	s.make("JENNY", "/v1/customers", "email=known@example.com")
	s.make("CARD", "/v1/payment_methods/pm_card_visa/attach", "customer=JENNY")
	s.Post("/v1/payment_methods/"+s.names["CARD"], "allow_redisplay", "always").OK()
	keeps, forgets := s.session("customer=JENNY"), s.session("customer=JENNY&saved_payment_method_options[payment_method_remove]=enabled")
	wantShown(t, s.get(s.path(keeps)), 200, "Visa •••• 4242", "!Remove card")
	deed := "do=forget-" + s.names["CARD"]
	wantShown(t, s.post(s.path(keeps), s.fill(s.path(keeps), deed)), 422, "This did not go through")
	page := wantShown(t, s.get(s.path(forgets)), 200, "Visa •••• 4242", `value="forget-`+s.names["CARD"]+`"`)
	wantShown(t, s.post(s.path(forgets), s.filled(page, deed)), 200, "!Visa •••• 4242", "Card number")
	wantFields(t, s.Get("/v1/payment_methods/"+s.names["CARD"]).OK(), map[string]any{"customer": nil})
	wantLead(t, s.pay(s.path(forgets), ""), done(forgets))
}

// TestHostedPaysElsewhere pays on the page of a bank or a wallet.
func TestHostedPaysElsewhere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ types, pick, name string }{
		{"payment_method_types[]=ideal", "ideal", "iDEAL"},
		{"payment_method_types[]=card&payment_method_types[]=bancontact", "bancontact", "Bancontact"},
		{"payment_method_types[]=card&payment_method_types[]=alipay", "alipay", "Alipay"},
		{"", "klarna", "Klarna"},
	} {
		for outcome, paid := range map[string]bool{"succeeded": true, "failed": false} {
			t.Run(c.pick+" "+outcome, func(t *testing.T) {
				t.Parallel()
				s := newStall(t)
				s.make("POT", "/v1/prices", "currency=eur&unit_amount=2000&product_data[name]=Tea pot")
				o := s.session(c.types)
				form := s.filled(wantShown(t, s.get(s.path(o)), 200, c.name), "method="+c.pick)
				bank := s.post(s.path(o), form).Header().Get("Location")
				if !strings.HasPrefix(bank, checkout.Prefix) {
					t.Fatalf("it leads to %q", bank)
				}
				back := strings.TrimPrefix(s.do(s.bank, "POST", bank, url.Values{"outcome": {outcome}}).Header().Get("Location"), s.URL)
				if paid {
					wantLead(t, s.get(back), done(o))
					wantFields(t, s.again(o), map[string]any{"payment_status": "paid"})
					return
				}
				wantShown(t, s.get(back), 200, `id="method-fault"`, "The payment was not authorised", "!number-fault")
				wantFields(t, s.again(o), map[string]any{"status": "open"})
			})
		}
	}
	s := newStall(t)
	s.make("POT", "/v1/prices", "currency=eur&unit_amount=2000&product_data[name]=Tea pot")
	o := s.session("payment_method_types[]=sepa_debit")
	wantShown(t, s.get(s.path(o)), 200, "This cannot be paid here", `!data-testid="pay"`)
	wantShown(t, s.pay(s.path(o), ""), 422, "This cannot be paid here")
}
