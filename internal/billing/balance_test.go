package billing_test

import (
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/money"
	"sharesmart/internal/resource"
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

func TestChargeFees(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		fees   money.Fees
		source string
		fee    int64
	}{
		{"2.9 % + 30", money.StandardFees, "tok_visa", 88},
		{"1.5 % more for a card from Japan", money.StandardFees, "tok_jcb", 118},
		{"fees of one's own", money.Fees{Percent: 10_000, Fixed: 5}, "tok_visa", 25},
	} {
		s := servertest.New(t, servertest.Fees(c.fees))
		charge := s.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", c.source, "expand[]", "balance_transaction").OK()
		wantFields(t, charge, map[string]any{"balance_transaction.fee": c.fee, "balance_transaction.net": 2000 - c.fee, "balance_transaction.fee_details.0.amount": c.fee})
	}
	s := servertest.New(t, servertest.Fees(money.Fees{}))
	charge := s.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", "tok_visa", "expand[]", "balance_transaction").OK()
	wantFields(t, charge, map[string]any{"balance_transaction.fee": 0, "balance_transaction.fee_details.0": nil})
}

// The published card that bypasses the wait makes money that can be paid out at once.
func TestBypassPending(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	charge := s.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", "tok_bypassPending", "expand[]", "balance_transaction").OK()
	wantFields(t, charge, map[string]any{"balance_transaction.status": "available", "balance_transaction.available_on": servertest.Start.Unix()})
	wantFields(t, s.Get("/v1/balance").OK(), map[string]any{"available.0.amount": 1912, "pending.0.amount": 0})
	wantEvents(t, s, []string{"balance.available"}, func() { advance(t, s, servertest.Start.Unix()) })
	s.Post("/v1/payouts", "amount", "1912", "currency", "usd").OK()
	wantFields(t, s.Get("/v1/balance").OK(), map[string]any{"available.0.amount": 0})
	wantEvents(t, s, []string{"payout.updated", "payout.paid"}, func() { advance(t, s, thursday) })
	sound(t, s)
}

// What comes of a charge waits as long as the charge does, and takes from the same fund.
func TestRefundWaitsForItsCharge(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	ns, err := s.Registry.Namespace(s.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	charge := s.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", "tok_visa").OK().ID()
	refund := s.Post("/v1/refunds", "charge", charge, "amount", "500").OK().ID()
	post := func(p billing.Posting) string {
		t.Helper()
		posted, err := s.Engine.Call(t.Context(), ns, func(op *resource.Op) (err error) {
			op.Object, err = billing.Post(op, p)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return posted.ID()
	}
	waits := post(billing.Posting{Kind: "refund", Source: refund, Amount: -500, Currency: "usd"})
	wantFields(t, s.Get("/v1/balance_transactions/"+waits).OK(), map[string]any{"status": "pending", "available_on": thursday, "reporting_category": "refund", "source": refund})
	adjusts := post(billing.Posting{Kind: "adjustment", Source: "dp_none", Amount: -500, Fee: 1500, Currency: "usd"})
	wantFields(t, s.Get("/v1/balance_transactions/"+adjusts).OK(), map[string]any{"status": "available", "net": -2000, "reporting_category": "dispute"})
	transfers := post(billing.Posting{Kind: "transfer", Source: "tr_none", Amount: -500, Currency: "usd"})
	wantFields(t, s.Get("/v1/balance_transactions/"+transfers).OK(), map[string]any{"status": "available", "reporting_category": "transfer"})
	advance(t, s, thursday)
	wantFields(t, s.Get("/v1/balance_transactions/"+waits).OK(), map[string]any{"status": "available"})
	again := post(billing.Posting{Kind: "refund_failure", Source: refund, Amount: 500, Currency: "usd"})
	wantFields(t, s.Get("/v1/balance_transactions/"+again).OK(), map[string]any{"status": "available", "available_on": thursday, "reporting_category": "refund_failure"})
}

// More than a batch becomes available at the same time, and is announced once.
func TestReleaseInBatches(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	ns, err := s.Registry.Namespace(s.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	s.Post("/v1/balance_settings", "payments[payouts][schedule][interval]", "daily").OK()
	const payments = 2*billing.ReleaseBatch + 1
	for range payments / 7 {
		if _, err := s.Engine.Call(t.Context(), ns, func(op *resource.Op) error {
			for range 7 {
				if _, err := billing.Post(op, billing.Posting{Kind: "payment", Currency: "usd", Amount: 100}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	wantFields(t, s.Get("/v1/balance").OK(), map[string]any{"available.0.amount": 0, "pending.0.amount": payments / 7 * 700})
	wantEvents(t, s, []string{"balance.available", "account.external_account.created", "payout.created", "payout.reconciliation_completed"}, func() { advance(t, s, thursday) })
	wantFields(t, s.Get("/v1/balance").OK(), map[string]any{"available.0.amount": 0, "pending.0.amount": 0})
	payout := s.Get("/v1/payouts").OK()
	wantFields(t, payout, map[string]any{"data.0.amount": payments / 7 * 700, "data.1": nil})
	listed, last := 0, ""
	for {
		form := []string{"payout", idOf(payout.Array("data")[0]), "limit", "100"}
		if last != "" {
			form = append(form, "starting_after", last)
		}
		ids := s.Get("/v1/balance_transactions", form...).IDs()
		if len(ids) == 0 {
			break
		}
		listed, last = listed+len(ids), ids[len(ids)-1]
	}
	if want := payments/7*7 + 1; listed != want {
		t.Errorf("%d transactions are in the payout, want %d", listed, want)
	}
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
