package billing_test

import (
	"testing"
	"time"

	"sharesmart/internal/servertest"
)

// The clock of a test begins on a Tuesday.
const thursday = 1788393600

func TestChargePostsToBalance(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	wantFields(t, s.Get("/v1/balance").OK(), map[string]any{
		"object": "balance", "livemode": false, "available.0.amount": 0, "available.0.currency": "usd", "available.0.source_types.card": 0,
		"pending.0.amount": 0, "available.1": nil, "issuing": nil,
	})
	charge := s.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", "tok_visa", "description", "One").OK()
	wantFields(t, s.Get("/v1/balance_transactions/"+charge.Ref("balance_transaction")).OK(), map[string]any{
		"amount": 2000, "fee": 88, "net": 1912, "currency": "usd", "status": "pending", "type": "charge", "reporting_category": "charge",
		"source": charge.ID(), "description": "One", "available_on": thursday, "created": servertest.Start.Unix(), "exchange_rate": nil, "balance_type": "payments",
		"fee_details.0.amount": 88, "fee_details.0.type": "stripe_fee", "fee_details.0.description": "Stripe processing fees",
		"fee_details.0.currency": "usd", "fee_details.0.application": nil, "fee_details.1": nil,
	})
	if got, want := charge.Ref("balance_transaction")[4:20], charge.ID()[3:19]; got != want {
		t.Errorf("the transaction's id begins with %s, the charge's with %s", got, want)
	}
	s.Post("/v1/charges", "amount", "1500", "currency", "eur", "source", "tok_visa").OK()
	pending := map[string]any{
		"available.0.amount": 0, "available.0.currency": "eur", "available.1.amount": 0, "pending.0.amount": 1426, "pending.0.currency": "eur",
		"pending.1.amount": 1912, "pending.1.source_types.card": 1912,
	}
	wantFields(t, s.Get("/v1/balance").OK(), pending)
	advance(t, s, thursday-1)
	wantFields(t, s.Get("/v1/balance").OK(), pending)
	wantEvents(t, s, []string{"balance.available"}, func() { advance(t, s, thursday) })
	wantFields(t, s.Get("/v1/balance").OK(), map[string]any{"available.0.amount": 1426, "available.1.amount": 1912, "instant_available.1.amount": 1912, "pending.0.amount": 0, "pending.1.amount": 0})
	wantFields(t, s.Get("/v1/balance_transactions/"+charge.Ref("balance_transaction")).OK(), map[string]any{"status": "available"})
	sound(t, s)
}

// advance sets the clock to a time and runs what is due by then.
func advance(t *testing.T, s *servertest.Server, to int64) {
	t.Helper()
	s.Clock.Advance(time.Unix(to, 0).Sub(s.Clock.Now()))
	if err := s.Engine.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// sound proves the whole database.
func sound(t *testing.T, s *servertest.Server) {
	t.Helper()
	problems, err := s.Engine.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
}
