package portal_test

import (
	"strings"
	"testing"
	"time"

	"sharesmart/internal/servertest"
)

const (
	canceling = "customer.subscription.updated"
	asked     = "&features[subscription_cancel][cancellation_reason][enabled]=true&features[subscription_cancel][cancellation_reason][options][0]=unused&features[subscription_cancel][cancellation_reason][options][1]=other"
	atOnce    = "&features[subscription_cancel][mode]=immediately"
)

func TestCancel(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, sub, features, typed string
		shown                      []string
		want                       map[string]any
		events                     []string
	}{
		{"with its period", "", "", "", []string{"You can use it until October 1, 2026.", "!Why do you cancel?"}, map[string]any{"status": "active", "cancel_at": october, "cancellation_details.reason": "cancellation_requested"}, []string{canceling}},
		{"classic billing", "billing_mode[type]=classic", "", "", nil, map[string]any{"cancel_at_period_end": true, "cancel_at": october}, []string{canceling}},
		{"with the trial", "trial_period_days=14", "", "", []string{"September 15, 2026"}, map[string]any{"status": "trialing", "cancel_at": int(servertest.Start.AddDate(0, 0, 14).Unix())}, []string{canceling}},
		{
			"with a reason", "", asked, "reason=unused&comment= I forgot it ", []string{"Why do you cancel?", "I do not use it enough", "!It costs too much"},
			map[string]any{"cancellation_details.feedback": "unused", "cancellation_details.comment": "I forgot it"}, []string{canceling},
		},
		{"with a reason of the seller's", "", asked + "&features[subscription_cancel][cancellation_reason][feedback_options][0]=MOVED", "reason=own-MOVED", []string{"We have moved"}, map[string]any{"cancellation_details.feedback": nil, "cancellation_details.feedback_option": "MOVED"}, []string{canceling}},
		{"with a reason that is not offered", "", asked, "reason=too_expensive", nil, map[string]any{"cancellation_details.feedback": nil}, []string{canceling}},
		{"at once", "", atOnce, "", []string{"It ends at once.", "!credited"}, map[string]any{"status": "canceled", "items.data.quantity": 1}, []string{"customer.subscription.deleted"}},
		{
			"at once, with a credit", "", atOnce + "&features[subscription_cancel][proration_behavior]=always_invoice", "", []string{"$10.00 of what you have paid are credited to your account."}, map[string]any{"status": "canceled"},
			[]string{"invoiceitem.created", "customer.updated", "invoice.created", "invoice.finalized", "invoice.updated", "invoice.paid", "invoice.payment_succeeded", "customer.subscription.deleted"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			s.make("MOVED", "/v1/billing/feedback_options", "description=We have moved")
			s.subscribe(c.sub)
			path := s.open(mayCancel+c.features, "")
			page := wantShown(t, s.get(path+"/subscriptions/SUB/cancel"), 200, c.shown...)
			got := s.events(func() {
				wantLead(t, s.post(path+"/subscriptions/SUB/cancel", strings.ReplaceAll(s.filled(page, c.typed), "own-MOVED", "own-"+s.id("MOVED"))), path+"?done=canceled")
			})
			if c.name != "at once, with a credit" && strings.Join(got, " ") != strings.Join(c.events, " ") || got[len(got)-1] != c.events[len(c.events)-1] {
				t.Errorf("the events are %v, want %v", got, c.events)
			}
			s.want("/v1/subscriptions/SUB", c.want)
			wantShown(t, s.get(path+"?done=canceled"), 200, "Your plan is canceled.")
			s.wantEvents(nil, func() { // the form is sent twice
				wantLead(t, s.post(path+"/subscriptions/SUB/cancel", s.filled(page, "")), path+"?done=canceled")
			})
			wantShown(t, s.get(path+"/subscriptions/SUB/cancel"), 409, "There is nothing left to do here")
		})
	}
}

var october = int(time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC).Unix())

func TestRenew(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"cancel_at_period_end=true", "cancel_at=max_period_end"} {
		s := newShop(t)
		s.subscribe("")
		s.make("SUB", "/v1/subscriptions/SUB", form)
		path := s.open(mayCancel, "")
		s.wantEvents([]string{canceling}, func() {
			wantLead(t, s.post(path+"/subscriptions/SUB/renew", ""), path+"?done=renewed")
		})
		s.want("/v1/subscriptions/SUB", map[string]any{"cancel_at": nil, "cancel_at_period_end": false, "status": "active"})
		s.wantEvents(nil, func() { s.post(path+"/subscriptions/SUB/renew", "") })
	}
}

// TestStay offers a coupon to who is about to leave.
func TestStay(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.make("FIRST", "/v1/coupons", "percent_off=10&duration=forever")
	s.subscribe("discounts[0][coupon]=FIRST")
	const flow = "flow_data[type]=subscription_cancel&flow_data[subscription_cancel][subscription]=SUB&flow_data[subscription_cancel][retention][type]=coupon_offer&flow_data[subscription_cancel][retention][coupon_offer][coupon]=COUPON"
	path := s.open(mayCancel, flow)
	wantShown(t, s.get(path+"/subscriptions/SUB/cancel"), 200, "Stay, and pay 25% less", "On your next invoice.", `href="https://shop.example/account" data-testid="leave"`)
	s.wantEvents([]string{"customer.discount.created", "customer.subscription.updated"}, func() {
		wantLead(t, s.post(path+"/subscriptions/SUB/stay", ""), path+"?done=stayed")
	})
	if got := s.Get(s.path("/v1/subscriptions/SUB")).OK().Array("discounts"); len(got) != 2 {
		t.Errorf("the discounts are %v", got)
	}
	s.want("/v1/subscriptions/SUB", map[string]any{"cancel_at": nil})
	s.wantEvents(nil, func() { wantLead(t, s.post(path+"/subscriptions/SUB/stay", ""), path+"?done=stayed") })
}
