package billing_test

import (
	"net/http"
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

// bankAnswered is well after the other side has done what it does later.
const bankAnswered = time.Minute

func TestRefundLater(t *testing.T) {
	t.Parallel()
	changed := []string{"refund.updated", "charge.refund.updated"}
	for _, c := range []struct {
		name, card    string
		first, then   map[string]any // of the refund
		events        []string       // of what happens later
		previous      map[string]any // previous_attributes of its last event
		left          map[string]any // of the charge in the end
		balance, last int            // after the refund, and in the end
	}{
		{
			name: "succeeds", card: "tok_visa",
			first:  map[string]any{"status": "succeeded", "destination_details.card.reference_status": "pending", "destination_details.card.reference": nil},
			events: changed, then: map[string]any{"status": "succeeded", "destination_details.card.reference_status": "available"},
			previous: map[string]any{"destination_details.card.reference_status": "pending"},
			left:     map[string]any{"amount_refunded": 2000, "refunded": true}, balance: -88, last: -88,
		},
		{
			name: "pending", card: "tok_pendingRefund",
			first:  map[string]any{"status": "pending", "pending_reason": "processing"},
			events: append(changed[:2:2], changed...), then: map[string]any{"status": "succeeded", "pending_reason": nil, "destination_details.card.reference_status": "available"},
			left: map[string]any{"amount_refunded": 2000, "refunded": true}, balance: -88, last: -88,
		},
		{
			name: "fails", card: "tok_refundFail",
			first:  map[string]any{"status": "succeeded", "failure_reason": nil},
			events: append([]string{"refund.failed"}, changed...), then: map[string]any{"status": "failed", "failure_reason": "expired_or_canceled_card", "failure_balance_transaction.amount": 2000, "failure_balance_transaction.type": "refund_failure"},
			previous: map[string]any{"status": "succeeded"},
			left:     map[string]any{"amount_refunded": 0, "refunded": false}, balance: -88, last: 1912,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			charge := s.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", c.card).OK().ID()
			var refund *object.Object
			wantEvents(t, s, []string{"refund.created", "charge.refunded"}, func() { refund = s.Post("/v1/refunds", "charge", charge).OK() })
			wantFields(t, refund, c.first)
			wantFields(t, s.Get("/v1/balance").OK(), map[string]any{"pending.0.amount": c.balance})
			wantFields(t, s.Get("/v1/charges/"+charge).OK(), map[string]any{"amount_refunded": 2000, "refunded": true})
			events := wantEvents(t, s, c.events, func() { later(t, s, bankAnswered); later(t, s, bankAnswered) })
			if len(events) > 0 {
				wantFields(t, events[len(events)-1].Object("data").Object("previous_attributes"), c.previous)
			}
			wantFields(t, s.Get("/v1/refunds/"+refund.ID(), "expand[]", "failure_balance_transaction").OK(), c.then)
			wantFields(t, s.Get("/v1/charges/"+charge).OK(), c.left)
			wantFields(t, s.Get("/v1/balance").OK(), map[string]any{"pending.0.amount": c.last})
			wantEvents(t, s, nil, func() { later(t, s, time.Hour) })
			sound(t, s)
		})
	}
}

// What a failed refund gave back can be refunded again.
func TestRefundAgain(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	charge := s.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", "tok_refundFail").OK().ID()
	s.Post("/v1/refunds", "charge", charge).OK()
	s.Post("/v1/refunds", "charge", charge).Fails(400, "charge_already_refunded")
	later(t, s, bankAnswered)
	s.Post("/v1/refunds", "charge", charge, "amount", "1500").OK()
	wantFields(t, s.Get("/v1/charges/"+charge).OK(), map[string]any{"amount_refunded": 1500, "refunded": false})
	sound(t, s)
}

// paidBy makes a charge that a payment intent took with a method that cards have no part in.
func (b *biller) paidBy(kind, status string, captured bool) (charge, intent string) {
	b.t.Helper()
	b.do(func(op *resource.Op) error {
		pi, err := op.Make("payment_intent", "", fields("amount", 2000, "currency", "jpy"), func(op *resource.Op) error {
			op.Object.Set("status", status)
			return nil
		})
		if err != nil {
			return err
		}
		op.Choose("charge", op.KinID("py_", pi.ID()))
		c, err := op.Create("charge", fields("amount", 2000, "currency", "jpy", "source", "tok_visa", "capture", captured))
		if err != nil {
			return err
		}
		if kind != "card" {
			c.Set("payment_method_details", fields(kind, object.New(nil), "type", kind))
		}
		c.Set("payment_intent", pi.ID())
		op.Save(c)
		pi.Set("latest_charge", c.ID())
		switch status {
		case "succeeded":
			pi.Set("amount_received", 2000)
		case "requires_capture":
			pi.Set("amount_capturable", 2000)
		case "canceled":
			c.Set("refunded", true)
			c.Set("amount_refunded", 2000)
		}
		op.Save(pi)
		charge, intent = c.ID(), pi.ID()
		return nil
	})
	return charge, intent
}

// What cannot be sent back waits for the customer to say where it should go.
func TestRefundWithInstructions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		do     func(t *testing.T, s *servertest.Server, refund string)
		events []string
		want   map[string]any
	}{
		{
			"cancel", func(_ *testing.T, s *servertest.Server, refund string) {
				s.Post("/v1/refunds/" + refund + "/cancel").OK()
			},
			[]string{"refund.updated", "charge.refund.updated"}, map[string]any{"status": "canceled", "failure_reason": "merchant_request"},
		},
		{
			"expire", func(_ *testing.T, s *servertest.Server, refund string) {
				s.Post("/v1/test_helpers/refunds/" + refund + "/expire").OK()
			},
			[]string{"refund.failed", "refund.updated", "charge.refund.updated"}, map[string]any{"status": "failed", "failure_reason": "unknown"},
		},
		{
			"too late", func(t *testing.T, s *servertest.Server, _ string) { later(t, s, 45*24*time.Hour) },
			[]string{"refund.failed", "refund.updated", "charge.refund.updated"}, map[string]any{"status": "failed", "failure_reason": "unknown"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBiller(t)
			charge, intent := b.paidBy("konbini", "succeeded", true)
			wantFields(t, b.Post("/v1/refunds", "payment_intent", intent).Fails(400, "parameter_missing"), map[string]any{"param": "instructions_email"})
			wantFields(t, b.Post("/v1/refunds", "payment_intent", intent, "instructions_email", "nobody").Fails(400, "email_invalid"), map[string]any{"param": "instructions_email"})
			refund := b.Post("/v1/refunds", "payment_intent", intent, "instructions_email", "jenny@example.com", "expand[]", "balance_transaction").OK()
			wantFields(t, refund, map[string]any{
				"status": "requires_action", "charge": charge, "payment_intent": intent, "instructions_email": "jenny@example.com", "destination_details.type": "jp_bank_transfer",
				"next_action.type": "display_details", "next_action.display_details.email_sent.email_sent_to": "jenny@example.com",
				"next_action.display_details.expires_at": int(servertest.Start.AddDate(0, 0, 45).Unix()),
				"balance_transaction.type":               "payment_refund", "balance_transaction.amount": -2000,
			})
			if got, want := refund.ID()[:20], "pyr_"+charge[3:19]; got != want {
				t.Errorf("the refund's id begins with %s, want %s", got, want)
			}
			wantFields(t, b.Get("/v1/charges/"+charge).OK(), map[string]any{"refunded": true})
			wantEvents(t, b.Server, c.events, func() { c.do(t, b.Server, refund.ID()) })
			wantFields(t, b.Get("/v1/refunds/"+refund.ID()).OK(), c.want)
			wantFields(t, b.Get("/v1/refunds/"+refund.ID(), "expand[]", "failure_balance_transaction").OK(), map[string]any{"next_action": nil, "failure_balance_transaction.amount": 2000})
			wantFields(t, b.Get("/v1/charges/"+charge).OK(), map[string]any{"refunded": false, "amount_refunded": 0})
			b.Post("/v1/refunds/"+refund.ID()+"/cancel").Fails(400, "")
			b.Post("/v1/test_helpers/refunds/"+refund.ID()+"/expire").Fails(400, "")
			sound(t, b.Server)
		})
	}
}

func TestRefundOfIntent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, kind, status string
		captured           bool
		form               []string
		http               int
		code               string
		want               map[string]any
	}{
		{name: "succeeded", kind: "card", status: "succeeded", captured: true, http: 200, want: map[string]any{"status": "succeeded", "amount": 2000}},
		{name: "bank transfer", kind: "sepa_debit", status: "succeeded", captured: true, http: 200, want: map[string]any{"destination_details.type": "eu_bank_transfer", "destination_details.eu_bank_transfer.reference_status": "pending"}},
		{name: "wallet", kind: "paypal", status: "succeeded", captured: true, http: 200, want: map[string]any{"destination_details.type": "paypal"}},
		{name: "voucher", kind: "oxxo", status: "succeeded", captured: true, http: 400, code: "charge_not_refundable"},
		{name: "only authorized", kind: "card", status: "requires_capture", http: 400, code: "payment_intent_unexpected_state", want: map[string]any{"payment_intent.status": "requires_capture"}},
		{name: "canceled", kind: "card", status: "canceled", http: 400, want: map[string]any{"param": "payment_intent"}},
		{name: "another charge", kind: "card", status: "succeeded", captured: true, form: []string{"charge", "ch_another"}, http: 400, want: map[string]any{"param": "payment_intent"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBiller(t)
			charge, intent := b.paidBy(c.kind, c.status, c.captured)
			forms := [][]string{append([]string{"payment_intent", intent}, c.form...)}
			if c.http != http.StatusOK && c.form == nil {
				forms = append(forms, []string{"charge", charge})
			}
			for _, form := range forms {
				a := b.Post("/v1/refunds", form...)
				if c.http == http.StatusOK {
					wantFields(t, a.OK(), c.want)
					wantFields(t, b.Get("/v1/refunds", "payment_intent", intent).OK(), map[string]any{"data.0.charge": charge, "data.1": nil})
				} else {
					wantFields(t, a.Fails(c.http, c.code), c.want)
				}
			}
			sound(t, b.Server)
		})
	}
}
