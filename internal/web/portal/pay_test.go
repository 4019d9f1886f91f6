package portal_test

import (
	"strings"
	"testing"
	"time"
)

// TestPay takes what is owed from what pays, or leads to where another card can.
func TestPay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, method string
		paid         bool
	}{{"a good card", "SPARE", true}, {"a card that does not pay", "BAD", false}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			s.subscribe("")
			s.make("BAD", "/v1/payment_methods/pm_card_chargeCustomerFail/attach", "customer=CUSTOMER")
			s.make("SUB", "/v1/subscriptions/SUB", "default_payment_method=BAD")
			s.Clock.Advance(30*24*time.Hour + 2*time.Hour)
			for range 3 {
				if err := s.Engine.RunDue(t.Context()); err != nil {
					t.Fatal(err)
				}
				s.Clock.Advance(time.Hour)
			}
			s.want("/v1/subscriptions/SUB", map[string]any{"status": "past_due"})
			path := s.open(mayPay, "")
			wantShown(t, s.get(path), 200, "Payment failed", "$10.00 are not paid yet.", "Pay with Visa", "Pay with another card")
			s.post(path+"/payment-methods/"+c.method+"/default", "")
			a := s.post(path+"/subscriptions/SUB/pay", "")
			if !c.paid {
				if to := a.Header().Get("Location"); a.Code != 303 || !strings.HasPrefix(to, s.URL+"/invoices/") {
					t.Errorf("%d to %q", a.Code, to)
				}
				s.want("/v1/subscriptions/SUB", map[string]any{"status": "past_due"})
				return
			}
			wantLead(t, a, path+"?done=paid")
			s.want("/v1/subscriptions/SUB", map[string]any{"status": "active"})
			s.wantEvents(nil, func() { wantLead(t, s.post(path+"/subscriptions/SUB/pay", ""), path+"?done=paid") })
			wantShown(t, s.get(path), 200, "!Payment failed", "It is renewed on November 1, 2026.")
		})
	}
}
