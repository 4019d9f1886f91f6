package billing_test

import (
	"net/http"
	"testing"

	"sharesmart/internal/servertest"

	"github.com/google/go-cmp/cmp"
)

func TestRefund(t *testing.T) {
	t.Parallel()
	both := []string{"refund.created", "charge.refunded"}
	for _, c := range []struct {
		name   string
		charge []string // beyond amount 2000, usd, tok_visa
		before []string // amounts that were refunded before
		form   []string
		status int
		code   string
		err    map[string]any
		refund map[string]any
		after  map[string]any // of the charge
		events []string
	}{
		{
			name: "whole", status: 200, events: both,
			refund: map[string]any{"amount": 2000, "currency": "usd", "status": "succeeded", "reason": nil, "destination_details.type": "card", "destination_details.card.type": "refund", "payment_intent": nil},
			after:  map[string]any{"amount_refunded": 2000, "refunded": true, "status": "succeeded", "paid": true},
		},
		{
			name: "part", form: []string{"amount", "500", "reason", "duplicate", "metadata[k]", "v"}, status: 200, events: both,
			refund: map[string]any{"amount": 500, "reason": "duplicate", "metadata.k": "v"},
			after:  map[string]any{"amount_refunded": 500, "refunded": false},
		},
		{
			name: "the rest", before: []string{"500", "700"}, status: 200, events: both,
			refund: map[string]any{"amount": 800}, after: map[string]any{"amount_refunded": 2000, "refunded": true},
		},
		{
			name: "more than is left", before: []string{"500"}, form: []string{"amount", "1501"}, status: 400,
			err:   map[string]any{"param": "amount", "message": "Refund amount ($15.01) is greater than unrefunded amount on charge ($15.00)"},
			after: map[string]any{"amount_refunded": 500},
		},
		{
			name: "fraud", form: []string{"reason", "fraudulent"}, status: 200, events: both,
			refund: map[string]any{"reason": "fraudulent"}, after: map[string]any{"fraud_details.user_report": "fraudulent"},
		},
		{name: "no such reason", form: []string{"reason", "expired_uncaptured_charge"}, status: 400, err: map[string]any{"param": "reason"}},
		{name: "of a charge in dispute", charge: []string{"source", "tok_createDispute"}, status: 400, code: "charge_disputed", err: map[string]any{"type": "invalid_request_error", "param": nil}, after: map[string]any{"disputed": true, "amount_refunded": 0}},
		{name: "of a charge with an inquiry", charge: []string{"source", "tok_createDisputeInquiry"}, form: []string{"amount", "500"}, status: 200, events: both, after: map[string]any{"disputed": true, "amount_refunded": 500}},
		{name: "nothing is left", before: []string{"2000"}, status: 400, code: "charge_already_refunded", after: map[string]any{"amount_refunded": 2000}},
		{name: "zero", form: []string{"amount", "0"}, status: 400, code: "parameter_invalid_integer", err: map[string]any{"param": "amount"}},
		{name: "release", charge: []string{"capture", "false"}, status: 200, events: both, refund: map[string]any{"destination_details.card.type": "reversal"}, after: map[string]any{"refunded": true, "captured": false}},
		{name: "release in part", charge: []string{"capture", "false"}, form: []string{"amount", "5"}, status: 400, err: map[string]any{"param": "amount"}},
		{name: "declined charge", charge: []string{"source", "tok_chargeDeclined"}, status: 400, code: "charge_not_refundable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			id := chargeID(s.Post("/v1/charges", append([]string{"amount", "2000", "currency", "usd", "source", "tok_visa"}, c.charge...)...))
			for _, amount := range c.before {
				s.Post("/v1/refunds", "charge", id, "amount", amount).OK()
			}
			events := wantEvents(t, s, c.events, func() {
				a := s.Post("/v1/refunds", append([]string{"charge", id}, c.form...)...)
				if c.status != http.StatusOK {
					wantFields(t, a.Fails(c.status, c.code), c.err)
					return
				}
				wantFields(t, a.OK(), c.refund)
				if a.Object.Ref("charge") != id {
					t.Errorf("the refund is of %s", a.Object.Ref("charge"))
				}
			})
			wantFields(t, s.Get("/v1/charges/"+id).OK(), c.after)
			if len(events) == 2 {
				previous := events[1].Object("data").Object("previous_attributes")
				if !previous.Has("amount_refunded") || previous.Has("amount") {
					t.Errorf("previous_attributes are %s", shown(previous))
				}
			}
		})
	}
}

// chargeID is the id of a charge that was made or declined.
func chargeID(a *servertest.Answer) string {
	if e := a.Object.Object("error"); e != nil {
		return e.String("charge")
	}
	return a.OK().ID()
}

// The four ways to refund a charge do the same.
func TestRefundWays(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	id := s.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", "tok_visa").OK().ID()
	first := s.Post("/v1/refunds", "charge", id, "amount", "100").OK()
	second := s.Post("/v1/charges/"+id+"/refunds", "amount", "200").OK()
	wantFields(t, second, map[string]any{"object": "refund", "amount": 200, "charge": id})
	charge := s.Post("/v1/charges/"+id+"/refund", "amount", "300").OK()
	wantFields(t, charge, map[string]any{"object": "charge", "id": id, "amount_refunded": 600})

	want := s.Get("/v1/refunds", "charge", id).IDs()
	if len(want) != 3 || want[1] != second.ID() || want[2] != first.ID() {
		t.Errorf("refunds %v", want)
	}
	if diff := cmp.Diff(want, s.Get("/v1/charges/"+id+"/refunds").IDs()); diff != "" {
		t.Error(diff)
	}
	expanded := s.Get("/v1/charges/"+id, "expand[]", "refunds").OK()
	if got := len(expanded.Object("refunds").Array("data")); got != 3 {
		t.Errorf("the charge shows %d refunds, want 3", got)
	}
	wantFields(t, s.Get("/v1/refunds/"+first.ID(), "expand[]", "charge").OK(), map[string]any{"charge.id": id, "charge.amount_refunded": 600})
}

// A refund's id begins as its charge's does, and its transaction takes the amount without a fee.
func TestRefundTransaction(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	charge := s.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", "tok_visa", "description", "Shirt").OK().ID()
	refund := s.Post("/v1/refunds", "charge", charge, "amount", "700", "expand[]", "balance_transaction").OK()
	if got, want := refund.ID()[:20], "re_"+charge[3:20]; got != want {
		t.Errorf("the refund's id begins with %s, want %s", got, want)
	}
	wantFields(t, refund, map[string]any{
		"balance_transaction.amount": -700, "balance_transaction.fee": 0, "balance_transaction.net": -700, "balance_transaction.type": "refund",
		"balance_transaction.source": refund.ID(), "balance_transaction.description": "REFUND FOR CHARGE (Shirt)", "balance_transaction.reporting_category": "refund",
	})
	wantFields(t, s.Get("/v1/balance").OK(), map[string]any{"pending.0.amount": 1912 - 700})

	released := s.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", "tok_visa", "capture", "false").OK().ID()
	wantFields(t, s.Post("/v1/refunds", "charge", released).OK(), map[string]any{"balance_transaction": nil, "status": "succeeded"})
	advance(t, s, servertest.Start.AddDate(0, 0, 8).Unix())
	wantFields(t, s.Get("/v1/charges/"+released).OK(), map[string]any{"refunded": true, "amount_refunded": 2000})
	sound(t, s)
}

func TestRefundOfWhat(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	s.Post("/v1/refunds").Fails(400, "parameter_missing")
	wantFields(t, s.Post("/v1/refunds", "charge", "ch_nobody").Fails(400, "resource_missing"), map[string]any{"param": "charge", "message": "No such charge: 'ch_nobody'"})
	s.Post("/v1/charges/ch_nobody/refunds").Fails(404, "resource_missing")
	s.Post("/v1/charges/ch_nobody/refund").Fails(404, "resource_missing")
	id := s.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", "tok_visa").OK().ID()
	refund := s.Post("/v1/refunds", "charge", id).OK().ID()
	wantEvents(t, s, []string{"refund.updated", "charge.refund.updated"}, func() {
		wantFields(t, s.Post("/v1/refunds/"+refund, "metadata[k]", "v").OK(), map[string]any{"metadata.k": "v"})
	})
}
