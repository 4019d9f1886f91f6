package billing_test

import (
	"testing"

	"sharesmart/internal/servertest"
)

func TestReview(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		end    func(s *servertest.Server, charge, review string)
		events []string
		reason any
	}{
		{"left open", func(*servertest.Server, string, string) {}, nil, nil},
		{"approved", func(s *servertest.Server, _, review string) { s.Post("/v1/reviews/" + review + "/approve").OK() }, []string{"review.closed"}, "approved"},
		{"refunded", func(s *servertest.Server, charge, _ string) { s.Post("/v1/refunds", "charge", charge).OK() }, []string{"refund.created", "charge.refunded", "review.closed"}, "refunded"},
		{"refunded as fraud", func(s *servertest.Server, charge, _ string) {
			s.Post("/v1/refunds", "charge", charge, "reason", "fraudulent").OK()
		}, []string{"refund.created", "charge.refunded", "review.closed"}, "refunded_as_fraud"},
		{"refunded in part", func(s *servertest.Server, charge, _ string) {
			s.Post("/v1/refunds", "charge", charge, "amount", "5").OK()
		}, []string{"refund.created", "charge.refunded"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			var charge string
			wantEvents(t, s, []string{"charge.succeeded", "review.opened"}, func() {
				charge = s.Post("/v1/charges", "amount", "2000", "currency", "usd", "card[number]", "4000000000009235", "card[exp_month]", "12", "card[exp_year]", "2030",
					"card[address_zip]", "94103").OK().ID()
			})
			review := s.Get("/v1/charges/"+charge, "expand[]", "review").OK().Object("review")
			wantFields(t, review, map[string]any{
				"object": "review", "open": true, "reason": "rule", "opened_reason": "rule", "closed_reason": nil, "charge": charge, "billing_zip": "94103", "ip_address": nil, "session": nil,
			})
			events := wantEvents(t, s, c.events, func() { c.end(s, charge, review.ID()) })
			got := s.Get("/v1/reviews/" + review.ID()).OK()
			listed := s.Get("/v1/reviews").IDs()
			if c.reason == nil {
				wantFields(t, got, map[string]any{"open": true, "closed_reason": nil})
				if len(listed) != 1 {
					t.Errorf("the open reviews are %v", listed)
				}
				return
			}
			wantFields(t, got, map[string]any{"open": false, "reason": c.reason, "closed_reason": c.reason})
			wantFields(t, events[len(events)-1].Object("data").Object("object"), map[string]any{"id": review.ID(), "open": false})
			if len(listed) != 0 {
				t.Errorf("the open reviews are %v", listed)
			}
			wantEvents(t, s, nil, func() { s.Post("/v1/reviews/"+review.ID()+"/approve").Fails(400, "") })
			sound(t, s)
		})
	}
}

func TestEarlyFraudWarning(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	var charge string
	wantEvents(t, s, []string{"charge.succeeded", "radar.early_fraud_warning.created"}, func() {
		charge = s.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", "tok_createIssuerFraudRecord").OK().ID()
	})
	all := s.Get("/v1/radar/early_fraud_warnings", "charge", charge).IDs()
	if len(all) != 1 {
		t.Fatalf("warnings %v, want one", all)
	}
	path := "/v1/radar/early_fraud_warnings/" + all[0]
	wantFields(t, s.Get(path).OK(), map[string]any{"actionable": true, "charge": charge, "fraud_type": "misc"})
	wantEvents(t, s, []string{"refund.created", "charge.refunded"}, func() { s.Post("/v1/refunds", "charge", charge, "amount", "500").OK() })
	events := wantEvents(t, s, []string{"refund.created", "charge.refunded", "radar.early_fraud_warning.updated"}, func() { s.Post("/v1/refunds", "charge", charge).OK() })
	wantFields(t, events[2].Object("data").Object("previous_attributes"), map[string]any{"actionable": true})
	wantFields(t, s.Get(path, "expand[]", "charge").OK(), map[string]any{"actionable": false, "charge.refunded": true})
}

// What a seller says of fraud is on the charge.
func TestFraudDetails(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	charge := s.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", "tok_visa").OK().ID()
	wantEvents(t, s, []string{"charge.updated"}, func() {
		wantFields(t, s.Post("/v1/charges/"+charge, "fraud_details[user_report]", "safe").OK(), map[string]any{"fraud_details.user_report": "safe"})
	})
	wantFields(t, s.Post("/v1/charges/"+charge, "fraud_details[user_report]", "wrong").Fails(400, ""), map[string]any{"param": "fraud_details[user_report]"})
	events := wantEvents(t, s, []string{"refund.created", "charge.refunded"}, func() { s.Post("/v1/refunds", "charge", charge, "reason", "fraudulent", "amount", "5").OK() })
	wantFields(t, events[1].Object("data").Object("previous_attributes"), map[string]any{"fraud_details.user_report": "safe", "amount_refunded": 0})
	wantFields(t, s.Get("/v1/charges/"+charge).OK(), map[string]any{"fraud_details.user_report": "fraudulent", "fraud_details.stripe_report": nil})

	for card, want := range map[string]any{"tok_radarBlock": "fraudulent", "tok_chargeDeclined": nil} {
		e := s.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", card).Fails(402, "card_declined")
		wantFields(t, s.Get("/v1/charges/"+e.String("charge")).OK(), map[string]any{"fraud_details.stripe_report": want, "fraud_details.user_report": nil})
	}
}
