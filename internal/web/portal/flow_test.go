package portal_test

import (
	"strings"
	"testing"
)

// TestFlows leads to what the customer is to do, and on when it is done.
func TestFlows(t *testing.T) {
	t.Parallel()
	const (
		redirect  = "&flow_data[after_completion][type]=redirect&flow_data[after_completion][redirect][return_url]=https://shop.example/done"
		confirmed = "&flow_data[after_completion][type]=hosted_confirmation&flow_data[after_completion][hosted_confirmation][custom_message]=Thanks!"
		cancel    = "flow_data[type]=subscription_cancel&flow_data[subscription_cancel][subscription]=SUB"
		change    = "flow_data[type]=subscription_update&flow_data[subscription_update][subscription]=SUB"
		confirm   = "flow_data[type]=subscription_update_confirm&flow_data[subscription_update_confirm][subscription]=SUB&flow_data[subscription_update_confirm][items][0][id]=ITEM&flow_data[subscription_update_confirm][items][0][price]=TEAM&flow_data[subscription_update_confirm][items][0][quantity]=2&flow_data[subscription_update_confirm][discounts][0][coupon]=COUPON"
	)
	for _, c := range []struct {
		name, flow, begins, does, typed, ends string
		want                                  map[string]any
	}{
		{"method", "flow_data[type]=payment_method_update" + redirect, "/payment-methods/new", "/payment-methods/new", "number=4242424242424242&expiry=1234&cvc=123", "https://shop.example/done", nil},
		{"customer", "flow_data[type]=customer_update" + confirmed, "/customer", "/customer", "name=Jo", "/done", nil},
		{"cancel", cancel + redirect, "/subscriptions/SUB/cancel", "/subscriptions/SUB/cancel", "", "https://shop.example/done", map[string]any{"cancel_at": october}},
		{"cancel, and home", cancel, "/subscriptions/SUB/cancel", "/subscriptions/SUB/cancel", "", "?done=canceled", map[string]any{"cancel_at": october}},
		{"confirm", confirm + confirmed, "/subscriptions/SUB/confirm", "/subscriptions/SUB/update", "", "/done", map[string]any{"items.data.price.id": "TEAM", "items.data.quantity": 2}},
		{"update", change + redirect, "/subscriptions/SUB/update", "/subscriptions/SUB/update", "price=TEAM&at=0", "https://shop.example/done", map[string]any{"items.data.price.id": "TEAM"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			s.names["ITEM"] = s.subscribe("").Object("items").Array("data")[0].(interface{ ID() string }).ID()
			path := s.open(everything, c.flow)
			wantLead(t, s.get(path), path+s.path(c.begins))
			page := wantShown(t, s.get(path+c.begins), 200, `href="https://shop.example/account" data-testid="leave"`)
			if c.name == "update" {
				page = s.get(path + "/subscriptions/SUB/confirm?" + s.query("price=TEAM")).Body.String()
			}
			if strings.HasPrefix(c.ends, "https:") {
				wantLead(t, s.post(path+c.does, s.filled(page, c.typed)), c.ends)
				wantLead(t, s.get(path), c.ends)
			} else {
				wantLead(t, s.post(path+c.does, s.filled(page, c.typed)), path+c.ends)
			}
			if c.ends == "/done" {
				wantLead(t, s.get(path), path+c.ends)
				wantShown(t, s.get(path+"/done"), 200, "Your changes are saved", `href="https://shop.example/account"`)
			}
			if c.want != nil {
				s.want("/v1/subscriptions/SUB", c.want)
			}
		})
	}
	s := newShop(t)
	s.subscribe("")
	path := s.open(everything, cancel)
	s.Delete(s.path("/v1/subscriptions/SUB")).OK()
	wantShown(t, s.get(path+"/subscriptions/SUB/cancel"), 409, "There is nothing left to do here", `href="https://shop.example/account"`)
	plain := s.enter("")
	wantLead(t, s.get(plain+"/done"), plain)
}
