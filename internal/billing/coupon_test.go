package billing_test

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/servertest"
)

func TestCoupon(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	var id string
	wantEvents(t, s, []string{"coupon.created"}, func() {
		c := s.Post("/v1/coupons", form("percent_off=25.5 name=Quarter currency=usd")...).OK()
		id = c.ID()
		wantFields(t, c, map[string]any{"duration": "once", "valid": true, "times_redeemed": 0, "amount_off": nil, "currency": nil, "duration_in_months": nil, "redeem_by": nil, "applies_to": nil})
	})
	if !regexp.MustCompile(`^[0-9A-Z]{8}$`).MatchString(id) {
		t.Errorf("the id is %q, want eight capitals and digits", id)
	}
	s.Post("/v1/products", "id", "pro", "name", "Pro").OK()
	c := s.Post("/v1/coupons", form("id=TEN amount_off=1000 currency=usd duration=repeating duration_in_months=3 max_redemptions=5 applies_to[products][]=pro currency_options[eur][amount_off]=900 expand[]=applies_to")...).OK()
	wantFields(t, c, map[string]any{"id": "TEN", "amount_off": 1000, "percent_off": nil, "duration_in_months": 3, "applies_to.products.0": "pro", "currency_options": nil})
	s.Post("/v1/coupons/TEN", form("name=Ten currency_options[gbp][amount_off]=800")...).OK()
	wantFields(t, s.Get("/v1/coupons/TEN", "expand[]", "currency_options").OK(), map[string]any{"name": "Ten", "currency_options.eur.amount_off": 900, "currency_options.gbp.amount_off": 800})
	refuse(t, s, []refusal{
		{"nothing off", "/v1/coupons", "duration=once", "parameter_missing", "percent_off", "percent_off or amount_off"},
		{"both", "/v1/coupons", "percent_off=5 amount_off=5 currency=usd", "parameters_exclusive", "amount_off", "amount_off, percent_off"},
		{"no currency", "/v1/coupons", "amount_off=5", "parameter_missing", "currency", "currency"},
		{"unknown currency", "/v1/coupons", "amount_off=5 currency=zzz", "", "currency", "zzz"},
		{"nothing", "/v1/coupons", "amount_off=0 currency=usd", "parameter_invalid_integer", "amount_off", "greater than or equal to 1"},
		{"zero percent", "/v1/coupons", "percent_off=0", "", "percent_off", "greater than 0"},
		{"too much", "/v1/coupons", "percent_off=101", "", "percent_off", "at most 100"},
		{"too fine", "/v1/coupons", "percent_off=1.234", "", "percent_off", "2 decimal"},
		{"no months", "/v1/coupons", "percent_off=5 duration=repeating", "parameter_missing", "duration_in_months", "duration_in_months"},
		{"months for ever", "/v1/coupons", "percent_off=5 duration=forever duration_in_months=2", "", "duration_in_months", "`repeating`"},
		{"no redemptions", "/v1/coupons", "percent_off=5 max_redemptions=0", "parameter_invalid_integer", "max_redemptions", "greater than or equal to 1"},
		{"over already", "/v1/coupons", "percent_off=5 redeem_by=1500000000", "", "redeem_by", "future"},
		{"far ahead", "/v1/coupons", "percent_off=5 redeem_by=" + in(s, 5*365*24*time.Hour+48*time.Hour), "", "redeem_by", "5 years"},
		{"currencies of a share", "/v1/coupons", "percent_off=5 currency_options[eur][amount_off]=5", "", "currency_options", "amount_off"},
		{"its own currency", "/v1/coupons", "amount_off=5 currency=usd currency_options[usd][amount_off]=5", "", "currency_options[usd]", "usd itself"},
		{"unknown among the currencies", "/v1/coupons", "amount_off=5 currency=usd currency_options[zzz][amount_off]=5", "", "currency_options[zzz]", "zzz"},
		{"nothing in a currency", "/v1/coupons", "amount_off=5 currency=usd currency_options[eur][amount_off]=0", "parameter_invalid_integer", "currency_options[eur][amount_off]", "or equal to 1"},
		{"currencies of a share later", "/v1/coupons/" + id, "currency_options[eur][amount_off]=5", "", "currency_options", "amount_off"},
		{"nothing in a currency later", "/v1/coupons/TEN", "currency_options[eur][amount_off]=0", "parameter_invalid_integer", "currency_options[eur][amount_off]", "or equal to 1"},
		{"unknown product", "/v1/coupons", "percent_off=5 applies_to[products][]=none", "resource_missing", "applies_to[products]", "No such product"},
		{"taken", "/v1/coupons", "id=TEN percent_off=5", "resource_already_exists", "id", "Coupon already exists."},
		{"amount is fixed", "/v1/coupons/TEN", "amount_off=5", "parameter_unknown", "amount_off", "amount_off"},
	})
	wantEvents(t, s, []string{"coupon.deleted"}, func() { s.Delete("/v1/coupons/TEN").OK() })
	s.Get("/v1/coupons/TEN").Fails(404, "resource_missing")
}

// in is a timestamp after the server's clock.
func in(s *servertest.Server, d time.Duration) string {
	return strconv.FormatInt(s.Clock.Now().Add(d).Unix(), 10)
}

// later moves the clock and runs what is due.
func later(t *testing.T, s *servertest.Server, d time.Duration) {
	t.Helper()
	s.Clock.Advance(d)
	if err := s.Engine.RunDue(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestCouponExpires(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	s.Post("/v1/coupons", "id", "SOON", "percent_off", "5", "redeem_by", in(s, time.Hour)).OK()
	later(t, s, 59*time.Minute)
	wantFields(t, s.Get("/v1/coupons/SOON").OK(), map[string]any{"valid": true})
	wantEvents(t, s, []string{"coupon.updated"}, func() { later(t, s, time.Minute) })
	wantFields(t, s.Get("/v1/coupons/SOON").OK(), map[string]any{"valid": false})
	refuse(t, s, []refusal{{"code of an expired coupon", "/v1/promotion_codes", "promotion[type]=coupon promotion[coupon]=SOON", "coupon_expired", "promotion[coupon]", "SOON"}})
}

func TestPromotionCode(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	s.Post("/v1/coupons", form("id=TEN percent_off=10 max_redemptions=10")...).OK()
	jenny, john := s.Post("/v1/customers").OK().ID(), s.Post("/v1/customers").OK().ID()
	const at, base = "/v1/promotion_codes", "promotion[type]=coupon promotion[coupon]=TEN "
	made := s.Post(at, form(base+"code=")...).OK()
	wantFields(t, made, map[string]any{
		"active": true, "promotion.coupon": "TEN", "promotion.type": "coupon", "times_redeemed": 0, "customer": nil,
		"restrictions.first_time_transaction": false, "restrictions.minimum_amount": nil, "expires_at": nil,
	})
	if code := made.String("code"); !regexp.MustCompile(`^[0-9A-Z]{8}$`).MatchString(code) {
		t.Errorf("the code is %q, want eight capitals and digits", code)
	}
	summer := s.Post(at, form(base+"code=Summer-26 restrictions[minimum_amount]=500 restrictions[minimum_amount_currency]=usd expand[]=promotion.coupon")...).OK()
	wantFields(t, summer, map[string]any{"code": "Summer-26", "restrictions.minimum_amount": 500, "promotion.coupon.percent_off": 10})
	mine := s.Post(at, form(base+"code=MINE customer="+jenny)...).OK()
	s.Post(at, form(base+"code=mine customer="+john)...).OK()
	refuse(t, s, []refusal{
		{"no coupon", at, "promotion[type]=coupon", "parameter_missing", "promotion[coupon]", "promotion[coupon]"},
		{"unknown coupon", at, "promotion[type]=coupon promotion[coupon]=NONE", "resource_missing", "promotion[coupon]", "No such coupon: 'NONE'"},
		{"taken, whatever the case", at, base + "code=SUMMER-26", "", "code", "An active promotion code with `code: SUMMER-26` already exists."},
		{"taken by the same customer", at, base + "code=MINE customer=" + jenny, "", "code", "MINE"},
		{"taken by a customer", at, base + "code=MINE", "", "code", "MINE"},
		{"not to be typed", at, base + "code=20%", "", "code", "letters"},
		{"over already", at, base + "expires_at=1500000000", "", "expires_at", "future"},
		{"more often than the coupon", at, base + "max_redemptions=11", "", "max_redemptions", "10 times"},
		{"nothing to be spent", at, base + "restrictions[minimum_amount]=0 restrictions[minimum_amount_currency]=usd", "parameter_invalid_integer", "restrictions[minimum_amount]", "or equal to 1"},
		{"to be spent in an unknown currency", at, base + "restrictions[minimum_amount]=5 restrictions[minimum_amount_currency]=zzz", "", "restrictions[minimum_amount_currency]", "zzz"},
		{"currencies without a minimum", at, base + "restrictions[currency_options][eur][minimum_amount]=5", "", "restrictions[currency_options]", "`minimum_amount`"},
		{"nothing to be spent in another currency", at + "/" + summer.ID(), "restrictions[currency_options][eur][minimum_amount]=0", "parameter_invalid_integer", "restrictions[currency_options][eur][minimum_amount]", "or equal to 1"},
		{"minimum in no currency", at, base + "restrictions[minimum_amount]=5", "parameter_missing", "restrictions[minimum_amount_currency]", "together"},
	})
	for query, want := range map[string]string{"code=summer-26": summer.ID(), "coupon=TEN customer=" + jenny: mine.ID()} {
		if ids := s.Get(at, form(query)...).IDs(); len(ids) != 1 || ids[0] != want {
			t.Errorf("%s finds %q, want %q", query, ids, want)
		}
	}
	s.Post(at+"/"+summer.ID(), "active", "false").OK()
	s.Post(at, form(base+"code=summer-26")...).OK()
	refuse(t, s, []refusal{{"taken meanwhile", at + "/" + summer.ID(), "active=true", "", "code", "Summer-26"}})
	soon := s.Post(at, append(form(base), "expires_at", in(s, time.Hour))...).OK().ID()
	wantEvents(t, s, []string{"promotion_code.updated"}, func() { later(t, s, time.Hour) })
	refuse(t, s, []refusal{{"expired", at + "/" + soon, "active=true", "", "active", "expired"}})
}

// A code cannot expire after its coupon, and ends with it, whichever way that ends.
func TestPromotionCodesEndWithTheirCoupon(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(v *subscribed){
		"in time":      func(v *subscribed) { v.later(2 * hour) },
		"deleted":      func(v *subscribed) { v.Delete("/v1/coupons/OFF").OK() },
		"redeemed out": func(v *subscribed) { v.subscribe("discounts[0][coupon]=OFF").OK() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := newSubscribed(t, "pm_card_visa")
			v.Post("/v1/coupons", "id", "OFF", "percent_off", "5", "max_redemptions", "1", "redeem_by", in(v.Server, time.Hour)).OK()
			refuse(t, v.Server, []refusal{{"after its coupon", "/v1/promotion_codes", "promotion[type]=coupon promotion[coupon]=OFF expires_at=" + in(v.Server, 2*time.Hour), "", "expires_at", "after its coupon"}})
			var code string
			for range 105 {
				code = v.Post("/v1/promotion_codes", form("promotion[type]=coupon promotion[coupon]=OFF")...).OK().ID()
			}
			off := v.Post("/v1/promotion_codes", form("promotion[type]=coupon promotion[coupon]=OFF active=false")...).OK().ID()
			end(v)
			v.later(time.Second)
			if got := len(all(v.Server, "/v1/promotion_codes", "active", "true")); got != 0 {
				t.Errorf("%d codes are active", got)
			}
			if got := len(all(v.Server, "/v1/events", "type", "promotion_code.updated")); got != 105 {
				t.Errorf("%d codes were told of, want 105", got)
			}
			refuse(t, v.Server, []refusal{
				{"over", "/v1/promotion_codes/" + off, "active=true", "", "active", "not valid"},
				{"of no use", "/v1/subscriptions", "customer=" + v.customer + " items[0][price]=" + v.monthly + " discounts[0][promotion_code]=" + code, "", "discounts[0][promotion_code]", "not active"},
			})
		})
	}
}

// Who may redeem a promotion code, and for what.
func TestPromotionCodeRedeemed(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "pm_card_visa")
	euro := v.Post("/v1/prices", form("product=gold currency=eur unit_amount=2000 recurring[interval]=month")...).OK().ID()
	v.Post("/v1/coupons", form("id=OFF percent_off=10 duration=once")...).OK()
	other := withCard(v.Server)
	promotion := func(more string) string {
		return v.Post("/v1/promotion_codes", form("promotion[type]=coupon promotion[coupon]=OFF "+more)...).OK().ID()
	}
	const spend = "restrictions[minimum_amount]=1500 restrictions[minimum_amount_currency]=usd restrictions[currency_options][eur][minimum_amount]=2001"
	limited, first := promotion(spend), promotion("restrictions[first_time_transaction]=true")
	theirs, twice := promotion("customer="+other), promotion("max_redemptions=2")
	buy := func(code, customer, price, quantity string) *servertest.Answer {
		return v.Post("/v1/subscriptions", form("customer="+customer+" items[0][price]="+price+" items[0][quantity]="+quantity+" discounts[0][promotion_code]="+code)...)
	}
	for _, c := range []struct {
		name, promotion, customer, price, quantity string
		code, message                              string // of the error
	}{
		{"too little", limited, v.customer, v.monthly, "1", "", "minimum amount"},
		{"too little in euros", limited, withCard(v.Server), euro, "1", "", "minimum amount"},
		{"enough", limited, other, v.monthly, "2", "", ""},
		{"enough in euros", limited, withCard(v.Server), euro, "2", "", ""},
		{"of somebody else", theirs, v.customer, v.monthly, "1", "", "another customer"},
		{"one's own", theirs, other, v.monthly, "1", "", ""},
		{"for the first time", first, v.customer, v.monthly, "1", "", ""},
		{"and again", first, v.customer, v.monthly, "1", "promotion_code_customer_not_first_time", "prior transactions"},
		{"once", twice, v.customer, v.monthly, "1", "", ""},
		{"twice", twice, v.customer, v.monthly, "1", "", ""},
		{"and once more", twice, v.customer, v.monthly, "1", "", "not active"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := buy(c.promotion, c.customer, c.price, c.quantity)
			if c.message == "" {
				wantFields(t, v.Get("/v1/invoices/"+field(a.OK(), "latest_invoice").(string), "expand[]", "discounts").OK(), map[string]any{"discounts.0.promotion_code": c.promotion, "discounts.0.source.coupon": "OFF"})
				return
			}
			if e := a.Fails(400, c.code); e.String("param") != "discounts[0][promotion_code]" || !strings.Contains(e.String("message"), c.message) {
				t.Errorf("the error is about %s: %s", e.String("param"), e.String("message"))
			}
		})
	}
	wantFields(t, v.Get("/v1/promotion_codes/"+twice).OK(), map[string]any{"active": false, "times_redeemed": 2})
	wantFields(t, v.Get("/v1/promotion_codes/"+first).OK(), map[string]any{"active": true, "times_redeemed": 1})
	wantFields(t, v.Get("/v1/coupons/OFF").OK(), map[string]any{"times_redeemed": 6})
	refuse(t, v.Server, []refusal{{"used up", "/v1/promotion_codes/" + twice, "active=true", "", "active", "as often as it may be"}})
}
