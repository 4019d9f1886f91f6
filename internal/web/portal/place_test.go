package portal_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/servertest"
)

// TestTestClock shows the customer the time that they live in. The session itself goes by that of its page.
func TestTestClock(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	began := servertest.Start.AddDate(1, 0, 0)
	s.make("CLOCK", "/v1/test_helpers/test_clocks", "frozen_time="+strconv.FormatInt(began.Unix(), 10))
	s.make("CUSTOMER", "/v1/customers", "email=clock@example.com&test_clock=CLOCK")
	s.make("CARD", "/v1/payment_methods/pm_card_visa/attach", "customer=CUSTOMER")
	s.subscribe("")
	path := s.open(everything, "")
	wantShown(t, s.get(path), 200, "It is renewed on October 1, 2027.")
	s.Post(s.path("/v1/test_helpers/test_clocks/CLOCK/advance"), "frozen_time", strconv.FormatInt(began.AddDate(0, 1, 1).Unix(), 10)).OK()
	if err := s.Engine.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantShown(t, s.get(path), 200, "It is renewed on November 1, 2027.")
	page := wantShown(t, s.get(path+"/subscriptions/SUB/confirm?"+s.query("price=TEAM")), 200, "Your next invoice, on November 1, 2027, will be:")
	wantLead(t, s.post(path+"/subscriptions/SUB/update", s.filled(page, "")), path+"?done=updated")
	wantLead(t, s.post(path+"/subscriptions/SUB/cancel", ""), path+"?done=canceled")
	s.want("/v1/subscriptions/SUB", map[string]any{"cancel_at": int(began.AddDate(0, 2, 0).Unix()), "items.data.price.id": "TEAM"})
	s.Clock.Advance(time.Hour)
	if err := s.Engine.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantShown(t, s.get(path), http.StatusGone)
}

// TestConnected serves the customers of a connected account.
func TestConnected(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	account := s.make("ACCOUNT", "/v1/accounts", "country=US&business_profile[name]=Rocket Rides&controller[stripe_dashboard][type]=none&controller[fees][payer]=application&controller[losses][payments]=application&controller[requirement_collection]=application&capabilities[card_payments][requested]=true&capabilities[transfers][requested]=true")
	post := func(name, path, form string) string {
		a := s.Do(servertest.Request{Method: http.MethodPost, Path: s.path(path), Form: s.fields(form), Header: http.Header{"Stripe-Account": {account.ID()}}}).OK()
		s.names[name] = a.ID()
		return a.String("url")
	}
	post("CUSTOMER", "/v1/customers", "email=rider@example.com")
	post("PORTAL", "/v1/billing_portal/configurations", mayPay+"&"+mayRead+"&"+mayEdit)
	path := strings.TrimPrefix(post("SESSION", "/v1/billing_portal/sessions", "customer=CUSTOMER&"+back), s.URL)
	wantShown(t, s.get(path), 200, "Rocket Rides", "rider@example.com", "Nothing was billed so far.")
	page := s.get(path + "/payment-methods/new").Body.String()
	wantLead(t, s.post(path+"/payment-methods/new", s.filled(page, "number="+visa+"&expiry=1234&cvc=123")), path+"?done=added")
	wantLead(t, s.post(path+"/customer", s.filled(s.get(path+"/customer").Body.String(), "name=Jo")), path+"?done=customer")
	wantShown(t, s.get(path), 200, "Visa •••• 4242", "Jo")
}
