package billing_test

import (
	"slices"
	"strconv"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// totals are what the invoices of a subscription come to, the oldest first.
func (v *subscribed) totals(sub string) (out []int64) {
	v.t.Helper()
	for _, in := range v.Get("/v1/invoices", "subscription", sub).OK().Array("data") {
		out = append(out, in.(*object.Object).Int("total"))
	}
	slices.Reverse(out)
	return out
}

// A discount of a subscription lasts as long as its coupon says.
func TestDiscountLasts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, coupon string
		totals       []int64 // of four months
		ended        int     // the month in which it is taken back; 0 is the first
	}{
		{"once", "percent_off=50 duration=once", []int64{500, 1000, 1000, 1000}, 0},
		{"for two months", "percent_off=50 duration=repeating duration_in_months=2", []int64{500, 500, 1000, 1000}, 2},
		{"for ever", "percent_off=50 duration=forever", []int64{500, 500, 500, 500}, -1},
		{"an amount", "amount_off=300 currency=usd duration=forever", []int64{700, 700, 700, 700}, -1},
		{"more than there is", "amount_off=1500 currency=usd duration=once", []int64{0, 1000, 1000, 1000}, 0},
		{"in another currency", "amount_off=9 currency=eur currency_options[usd][amount_off]=200 duration=forever", []int64{800, 800, 800, 800}, -1},
		{"for another product", "percent_off=50 duration=forever applies_to[products][]=silver", []int64{1000, 1000, 1000, 1000}, -1},
		{"for this product", "percent_off=50 duration=forever applies_to[products][]=gold", []int64{500, 500, 500, 500}, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newSubscribed(t, "pm_card_visa")
			v.Post("/v1/products", "id", "silver", "name", "Silver").OK()
			v.Post("/v1/coupons", form("id=OFF "+c.coupon)...).OK()
			var sub string
			ended := -1
			for month := range c.totals {
				seen := types(eventsOf(v.Server, func() {
					if month == 0 {
						sub = v.subscribe("discounts[0][coupon]=OFF").OK().ID()
						return
					}
					v.until(servertest.Start.AddDate(0, month, 0))
				}))
				if month > 0 {
					v.later(hour)
				}
				if slices.Contains(seen, "customer.discount.deleted") {
					ended = month
				}
			}
			if got := v.totals(sub); !slices.Equal(got, c.totals) {
				t.Errorf("the invoices come to %v, want %v", got, c.totals)
			}
			if ended != c.ended {
				t.Errorf("it was taken back in month %d, want %d", ended, c.ended)
			}
		})
	}
}

// Discounts of items come first, then those of the subscription, each on what the one before left.
func TestDiscountsInOrder(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "pm_card_visa")
	for _, form := range [][]string{form("id=TENTH percent_off=10 duration=forever"), form("id=HALF percent_off=50 duration=forever"), form("id=DOLLAR amount_off=100 currency=usd duration=forever")} {
		v.Post("/v1/coupons", form...).OK()
	}
	extra := v.Post("/v1/prices", form("product_data[name]=Extra currency=usd unit_amount=2000 recurring[interval]=month")...).OK().ID()
	for _, c := range []struct {
		name, form string
		total      int64
		amounts    []int64 // of each discount
	}{
		{"an item's first", "items[0][price]=" + v.monthly + " items[0][discounts][0][coupon]=TENTH discounts[0][coupon]=HALF discounts[1][coupon]=DOLLAR", 350, []int64{100, 450, 100}},
		{"the other way round", "items[0][price]=" + v.monthly + " items[0][discounts][0][coupon]=TENTH discounts[0][coupon]=DOLLAR discounts[1][coupon]=HALF", 400, []int64{100, 100, 400}},
		{"over two lines", "items[0][price]=" + v.monthly + " items[1][price]=" + extra + " items[1][discounts][0][coupon]=HALF discounts[0][coupon]=DOLLAR", 1900, []int64{1000, 100}},
	} {
		t.Run(c.name, func(t *testing.T) {
			sub := v.subscribe(c.form).OK()
			in := v.Get("/v1/invoices/" + field(sub, "latest_invoice").(string)).OK()
			var amounts []int64
			for _, d := range in.Array("total_discount_amounts") {
				amounts = append(amounts, d.(*object.Object).Int("amount"))
			}
			slices.Sort(amounts)
			slices.Sort(c.amounts)
			if in.Int("total") != c.total || !slices.Equal(amounts, c.amounts) {
				t.Errorf("the total is %d and the discounts are %v, want %d and %v", in.Int("total"), amounts, c.total, c.amounts)
			}
		})
	}
	many := "items[0][price]=" + v.monthly
	for i := range 21 {
		many += " discounts[" + strconv.Itoa(i) + "][coupon]=TENTH"
	}
	wantFields(t, v.subscribe(many).Fails(400, ""), map[string]any{"param": "discounts", "message": "You can apply at most 20 discounts."})
}

// What a subscription has can be seen, exchanged and taken away; the invoices that it is on keep it.
func TestDiscountsChange(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "pm_card_visa")
	v.Post("/v1/coupons", form("id=HALF percent_off=50 duration=forever")...).OK()
	v.Post("/v1/coupons", form("id=TENTH percent_off=10 duration=forever")...).OK()
	sub := v.subscribe("discounts[0][coupon]=HALF").OK()
	path, id := "/v1/subscriptions/"+sub.ID(), field(sub, "discounts.0").(string)
	nested := "/v1/customers/" + v.customer + path[len("/v1"):] + "/discount"
	wantFields(t, v.Get(nested).OK(), map[string]any{"id": id, "object": "discount", "source.coupon": "HALF", "source.type": "coupon", "subscription": sub.ID(), "customer": v.customer, "end": nil, "start": int(servertest.Start.Unix())})
	wantFields(t, v.Get("/v1/coupons/HALF").OK(), map[string]any{"times_redeemed": 1})
	wantEvents(t, v.Server, []string{"customer.discount.created", "customer.subscription.updated"}, func() {
		wantFields(t, v.Post(path, form("discounts[0][discount]="+id+" discounts[1][coupon]=TENTH")...).OK(), map[string]any{"discounts.0": id, "discounts.2": nil})
	})
	wantFields(t, v.Get("/v1/coupons/HALF").OK(), map[string]any{"times_redeemed": 1})
	v.Delete("/v1/coupons/HALF").OK()
	v.until(servertest.Start.AddDate(0, 1, 0))
	draft := "/v1/invoices/" + field(v.Get(path).OK(), "latest_invoice").(string)
	wantEvents(t, v.Server, []string{"customer.discount.deleted", "customer.discount.deleted", "customer.subscription.updated"}, func() {
		wantFields(t, v.Post(path, "discounts", "").OK(), map[string]any{"discounts.0": nil})
	})
	v.later(hour)
	wantFields(t, v.Get(draft).OK(), map[string]any{"status": "paid", "total": 450}) // 1000, half, a tenth of the rest
	v.Delete(path+"/discount").Fails(404, "resource_missing")
	again := v.Post(path, "discounts[0][coupon]", "TENTH").OK()
	wantEvents(t, v.Server, []string{"customer.discount.deleted", "customer.subscription.updated"}, func() {
		wantFields(t, v.Delete(path+"/discount").OK(), map[string]any{"id": field(again, "discounts.0"), "object": "discount", "deleted": true, "source.coupon": "TENTH"})
	})
	v.Get(nested).Fails(404, "resource_missing")
	v.Get("/v1/customers/"+v.customer+"/discount").Fails(404, "resource_missing")
	v.Delete("/v1/customers/"+v.customer+"/discount").Fails(404, "resource_missing")
}
