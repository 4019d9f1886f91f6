package billing_test

import (
	"testing"

	"sharesmart/internal/servertest"
)

// A customer's discount is told of, replaced and taken away.
func TestCustomerDiscount(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	s.Post("/v1/coupons", form("id=FIFTH percent_off=20 duration=forever")...).OK()
	s.Post("/v1/coupons", form("id=THIRD percent_off=30 duration=repeating duration_in_months=2")...).OK()
	code := s.Post("/v1/promotion_codes", form("promotion[type]=coupon promotion[coupon]=FIFTH code=HELLO")...).OK().ID()
	c := s.Post("/v1/customers", "coupon", "FIFTH").OK()
	path := "/v1/customers/" + c.ID()
	wantFields(t, c, map[string]any{"discount.object": "discount", "discount.customer": c.ID(), "discount.source.coupon": "FIFTH", "discount.end": nil})
	wantFields(t, s.Get(path+"/discount").OK(), map[string]any{"source.coupon": "FIFTH", "customer": c.ID()})
	wantFields(t, s.Do(servertest.Request{Path: path, Unchecked: true, Header: map[string][]string{"Stripe-Version": {"2022-11-15"}}}).OK(), map[string]any{"discount.coupon.id": "FIFTH"})
	wantEvents(t, s, []string{"customer.discount.updated", "customer.updated"}, func() {
		wantFields(t, s.Post(path, "coupon", "THIRD").OK(), map[string]any{"discount.source.coupon": "THIRD", "discount.end": int(servertest.Start.AddDate(0, 2, 0).Unix())})
	})
	wantEvents(t, s, []string{"customer.discount.deleted", "customer.updated"}, func() {
		wantFields(t, s.Post(path, "coupon", "").OK(), map[string]any{"discount": nil})
	})
	s.Get(path+"/discount").Fails(404, "resource_missing")
	wantEvents(t, s, []string{"customer.discount.created", "customer.updated"}, func() {
		wantFields(t, s.Post(path, "promotion_code", code).OK(), map[string]any{"discount.promotion_code": code})
	})
	wantFields(t, s.Get("/v1/promotion_codes/"+code).OK(), map[string]any{"times_redeemed": 1})
	wantFields(t, s.Get("/v1/coupons/FIFTH").OK(), map[string]any{"times_redeemed": 2})
	wantEvents(t, s, []string{"customer.discount.deleted", "customer.updated"}, func() {
		wantFields(t, s.Delete(path+"/discount").OK(), map[string]any{"deleted": true, "object": "discount"})
	})
	wantFields(t, s.Get(path).OK(), map[string]any{"discount": nil})
	wantEvents(t, s, []string{"customer.created", "customer.discount.created"}, func() { s.Post("/v1/customers", "coupon", "FIFTH").OK() })
	s.Delete(path+"/discount").Fails(404, "resource_missing")
	s.Post(path, "coupon", "FIFTH", "promotion_code", code).Fails(400, "")
	s.Post(path, "coupon", "NONE").Fails(400, "resource_missing")
}

// It is on invoices and subscriptions without a discount of their own.
func TestCustomerDiscountOnInvoices(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, coupon, invoice string
		total, next           int // of an invoice, and of one after it
	}{
		{"percent", "percent_off=20 duration=forever", "", 800, 800},
		{"once", "percent_off=20 duration=once", "", 800, 1000},
		{"an amount", "amount_off=300 currency=usd duration=forever", "", 700, 700},
		{"in another currency", "amount_off=300 currency=eur duration=forever", "", 1000, 1000},
		{"not inherited", "percent_off=20 duration=forever", "discounts=", 1000, 800},
		{"its own", "percent_off=20 duration=forever", "discounts[0][coupon]=HALF", 500, 800},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			s.Post("/v1/coupons", form("id=OFF "+c.coupon)...).OK()
			s.Post("/v1/coupons", form("id=HALF percent_off=50 duration=forever")...).OK()
			customer := s.Post("/v1/customers", "coupon", "OFF").OK().ID()
			bill := func(more string) int64 {
				in := s.Post("/v1/invoices", form("collection_method=send_invoice days_until_due=30 customer="+customer+" "+more)...).OK().ID()
				s.Post("/v1/invoiceitems", form("amount=1000 currency=usd customer="+customer+" invoice="+in)...).OK()
				return s.Post("/v1/invoices/" + in + "/finalize").OK().Int("total")
			}
			if first, second := bill(c.invoice), bill(""); first != int64(c.total) || second != int64(c.next) {
				t.Errorf("the invoices are about %d and %d, want %d and %d", first, second, c.total, c.next)
			}
		})
	}
}

func TestCustomerDiscountOnSubscription(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "pm_card_visa")
	v.Post("/v1/coupons", form("id=OFF percent_off=50 duration=repeating duration_in_months=2")...).OK()
	v.Post("/v1/customers/"+v.customer, "coupon", "OFF").OK()
	sub := v.subscribe("").OK().ID()
	for month := 1; month < 4; month++ {
		v.until(servertest.Start.AddDate(0, month, 0))
		v.later(hour)
	}
	if got := v.totals(sub); len(got) != 4 || got[0] != 500 || got[1] != 500 || got[2] != 1000 || got[3] != 1000 {
		t.Errorf("the invoices are about %v", got)
	}
	wantFields(t, v.Get("/v1/customers/"+v.customer).OK(), map[string]any{"discount": nil})
	sound(t, v.Server)
}
