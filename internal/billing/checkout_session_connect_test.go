package billing_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

// TestCheckoutShares sells at sessions for connected accounts, and through them.
func TestCheckoutShares(t *testing.T) {
	t.Parallel()
	const share = oneCap + "payment_intent_data[transfer_data][destination]=ACCT "
	for _, c := range []struct {
		name, form  string
		code, param string
		intent      map[string]any
	}{
		{name: "a transfer and a fee", form: share + "payment_intent_data[application_fee_amount]=123 payment_intent_data[on_behalf_of]=ACCT", intent: map[string]any{"application_fee_amount": 123, "transfer_data.destination": "ACCT", "on_behalf_of": "ACCT"}},
		{name: "a part of it", form: share + "payment_intent_data[transfer_data][amount]=1500", intent: map[string]any{"transfer_data.amount": 1500}},
		{name: "nobody", form: oneCap + "payment_intent_data[transfer_data][destination]=acct_none", code: "resource_missing", param: "payment_intent_data[transfer_data][destination]"},
		{name: "for nobody", form: oneCap + "payment_intent_data[on_behalf_of]=acct_none", code: "resource_missing", param: "payment_intent_data[on_behalf_of]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newTill(t)
			v.places["ACCT"] = v.Post("/v1/accounts", ready...).OK().ID()
			a := v.session(c.form)
			if c.intent == nil {
				if e := a.Fails(400, c.code); e.String("param") != c.param {
					t.Errorf("param %q, want %q", e.String("param"), c.param)
				}
				return
			}
			s := v.complete(a.OK().ID(), paysVisa).OK()
			wantFields(t, v.Get("/v1/payment_intents/"+s.Ref("payment_intent")).OK(), v.named(c.intent))
			sound(t, v.Server)
		})
	}
}

// TestCheckoutOfConnectedAccount sells for a connected account itself: all that comes of the session is that account's.
func TestCheckoutOfConnectedAccount(t *testing.T) {
	t.Parallel()
	v := newTill(t)
	account := v.Post("/v1/accounts", ready...).OK().ID()
	s := as(v.Server, account, "POST", "/v1/checkout/sessions", form("mode=payment success_url=https://shop.example line_items[0][quantity]=1 line_items[0][price_data][currency]=usd line_items[0][price_data][unit_amount]=1500 "+
		"line_items[0][price_data][product_data][name]=Mug payment_intent_data[application_fee_amount]=100 customer_creation=always")...).OK()
	v.complete(s.ID(), paysVisa).Fails(http.StatusNotFound, "resource_missing")
	page := v.Do(servertest.Request{Path: "/v1/payment_pages/" + s.ID(), Key: v.Account.TestPublishable.Secret, Unchecked: true, Header: http.Header{"Stripe-Account": {account}}}).OK()
	wantFields(t, page, map[string]any{"account_settings.account_id": account, "total_summary.due": 1500})
	done := as(v.Server, account, "POST", "/v1/test_helpers/checkout/sessions/"+s.ID()+"/complete", form(paysVisa+"customer_details[email]=jenny@example.com")...).OK()
	wantFields(t, as(v.Server, account, "GET", "/v1/payment_intents/"+done.Ref("payment_intent")).OK(), map[string]any{"application_fee_amount": 100, "amount_received": 1500, "customer": done.Ref("customer")})
	v.pass(time.Minute) // until it is settled
	if fees := v.Get("/v1/application_fees").OK().Array("data"); len(fees) != 1 {
		t.Errorf("the fees of the platform are %v", fees)
	}
	found, err := v.call(billing.PlaceOf(s.ID()), func(op *resource.Op) (*object.Object, error) { return op.Get("checkout.session", s.ID(), "") })
	if err != nil || found.ID() != s.ID() {
		t.Errorf("where the id says, there is %v: %v", found, err)
	}
	sound(t, v.Server)
}

// TestCheckoutRace has several browsers pay at one session, and at the last session of a link: one of them does.
func TestCheckoutRace(t *testing.T) {
	t.Parallel()
	const askers = 6
	for _, c := range []struct{ name, begin, link, code string }{
		{"a payment", oneCap, "", "checkout_succeeded_session"},
		{"a subscription", oneGold, "", "checkout_succeeded_session"},
		{"the last of a link", "", capLink + "restrictions[completed_sessions][limit]=1", "checkout_not_active_session"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newTill(t)
			sessions := make([]string, askers)
			if c.link != "" {
				link := v.link(c.link).ID()
				for i := range sessions {
					sessions[i] = v.visit(link, "").ID()
				}
			} else {
				id := v.session(c.begin).OK().ID()
				for i := range sessions {
					sessions[i] = id
				}
			}
			answers := make([]*servertest.Answer, askers)
			var all sync.WaitGroup
			for i := range askers {
				all.Go(func() { answers[i] = v.complete(sessions[i], paysVisa) })
			}
			all.Wait()
			won := 0
			for _, a := range answers {
				if a.Status == http.StatusOK {
					won++
				} else {
					a.Fails(400, c.code)
				}
			}
			if charges := v.Get("/v1/charges").IDs(); won != 1 || len(charges) != 1 {
				t.Errorf("%d of %d were served and %d charges made, want one", won, askers, len(charges))
			}
			sound(t, v.Server)
		})
	}
}
