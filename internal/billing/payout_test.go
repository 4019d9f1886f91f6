package billing_test

import (
	"errors"
	"net/http"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

const (
	wednesday = thursday - 86400
	friday    = thursday + 86400
)

// funded starts a server whose account can pay out 1912 dollar cents. It is Thursday.
func funded(t *testing.T) *servertest.Server {
	t.Helper()
	s := servertest.New(t)
	s.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", "tok_visa").OK()
	advance(t, s, thursday)
	return s
}

func TestPayout(t *testing.T) {
	t.Parallel()
	s := funded(t)
	s.Post("/v1/payouts", "amount", "1913", "currency", "usd").Fails(400, "balance_insufficient")
	s.Post("/v1/payouts", "amount", "1", "currency", "eur").Fails(400, "balance_insufficient")
	s.Post("/v1/payouts", "amount", "1", "currency", "usd", "source_type", "bank_account").Fails(400, "balance_insufficient")
	s.Post("/v1/payouts", "amount", "1", "currency", "usd", "destination", "ba_nobody").Fails(400, "resource_missing")
	s.Post("/v1/payouts", "amount", "0", "currency", "usd").Fails(400, "parameter_invalid_integer")
	s.Post("/v1/payouts", "currency", "usd").Fails(400, "parameter_missing")

	var id string
	wantEvents(t, s, []string{"account.external_account.created", "payout.created"}, func() {
		payout := s.Post("/v1/payouts", "amount", "1000", "currency", "usd", "metadata[k]", "v", "expand[]", "destination").OK()
		wantFields(t, payout, map[string]any{
			"status": "pending", "amount": 1000, "automatic": false, "method": "standard", "type": "bank_account", "source_type": "card", "metadata.k": "v",
			"arrival_date": thursday + 5*86400 - 86400, "reconciliation_status": "not_applicable", "destination.bank_name": "STRIPE TEST BANK", "destination.last4": "6789",
		})
		id = payout.ID()
	})
	second := s.Post("/v1/payouts", "amount", "500", "currency", "usd").OK()
	if first := s.Get("/v1/payouts/" + id).OK(); first.Ref("destination") != second.Ref("destination") {
		t.Errorf("the payouts go to %s and %s, want the same", first.Ref("destination"), second.Ref("destination"))
	}
	wantFields(t, s.Get("/v1/balance_transactions/"+second.Ref("balance_transaction")).OK(), map[string]any{
		"amount": -500, "net": -500, "fee": 0, "type": "payout", "reporting_category": "payout", "status": "available", "source": second.ID(),
	})
	wantFields(t, s.Get("/v1/balance").OK(), map[string]any{"available.0.amount": 412})
	wantEvents(t, s, []string{"payout.canceled"}, func() {
		wantFields(t, s.Post("/v1/payouts/"+second.ID()+"/cancel").OK(), map[string]any{"status": "canceled"})
	})
	wantFields(t, s.Get("/v1/balance").OK(), map[string]any{"available.0.amount": 912})
	s.Post("/v1/payouts/"+second.ID()+"/cancel").Fails(400, "")
	s.Post("/v1/payouts/"+id+"/reverse").Fails(400, "")

	for _, step := range []struct {
		to     int64
		events []string
		status string
	}{
		{friday - 1, nil, "pending"}, {friday, []string{"payout.updated"}, "in_transit"}, {thursday + 4*86400 - 1, nil, "in_transit"},
		{thursday + 4*86400, []string{"payout.paid"}, "paid"},
	} {
		wantEvents(t, s, step.events, func() { advance(t, s, step.to) })
		wantFields(t, s.Get("/v1/payouts/"+id).OK(), map[string]any{"status": step.status})
	}
	wantEvents(t, s, []string{"payout.created", "payout.updated"}, func() {
		wantFields(t, s.Post("/v1/payouts/"+id+"/reverse").OK(), map[string]any{"amount": -1000, "original_payout": id, "status": "pending"})
	})
	s.Post("/v1/payouts/"+id+"/reverse").Fails(400, "")
	wantFields(t, s.Get("/v1/balance").OK(), map[string]any{"available.0.amount": 1912})
	sound(t, s)
}

func TestInstantPayout(t *testing.T) {
	t.Parallel()
	s := funded(t)
	id := s.Post("/v1/payouts", "amount", "1000", "currency", "usd", "method", "instant").OK().ID()
	wantEvents(t, s, []string{"payout.updated"}, func() { advance(t, s, thursday+1799) })
	wantFields(t, s.Get("/v1/payouts/"+id).OK(), map[string]any{"status": "in_transit", "arrival_date": thursday + 1800})
	wantEvents(t, s, []string{"payout.paid"}, func() { advance(t, s, thursday+1800) })
}

// A payout whose bank account is gone comes back.
func TestPayoutFails(t *testing.T) {
	t.Parallel()
	s := funded(t)
	payout := s.Post("/v1/payouts", "amount", "1000", "currency", "usd", "method", "instant").OK()
	ns, err := s.Registry.Namespace(s.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Engine.Call(t.Context(), ns, func(op *resource.Op) error {
		to, err := op.Get("bank_account", payout.Ref("destination"), "")
		if err != nil {
			return err
		}
		op.Object = to
		return op.Delete(to)
	})
	if err != nil {
		t.Fatal(err)
	}
	wantFields(t, s.Get("/v1/balance").OK(), map[string]any{"available.0.amount": 912})
	wantEvents(t, s, []string{"payout.updated", "payout.failed"}, func() { advance(t, s, thursday+1800) })
	failed := s.Get("/v1/payouts/" + payout.ID()).OK()
	wantFields(t, failed, map[string]any{"status": "failed", "failure_code": "no_account", "balance_transaction": payout.Ref("balance_transaction")})
	wantFields(t, s.Get("/v1/balance_transactions/"+failed.Ref("failure_balance_transaction")).OK(), map[string]any{
		"amount": 1000, "type": "payout_failure", "reporting_category": "payout_reversal", "source": payout.ID(), "status": "available",
	})
	wantFields(t, s.Get("/v1/balance").OK(), map[string]any{"available.0.amount": 1912})
	sound(t, s)
}

// The published bank accounts and debit cards say by their number how a payout ends.
func TestPayoutFailureCodes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ number, code string }{
		{"000123456789", ""}, {"000111111113", "account_closed"}, {"000111111116", "no_account"}, {"000222222227", "insufficient_funds"},
		{"000333333335", "debit_not_authorized"}, {"000444444440", "invalid_currency"},
	} {
		t.Run(c.number, func(t *testing.T) {
			t.Parallel()
			s := funded(t)
			ns, err := s.Registry.Namespace(s.Account.ID, access.Test)
			if err != nil {
				t.Fatal(err)
			}
			to, err := s.Engine.Call(t.Context(), ns, func(op *resource.Op) (err error) {
				op.Object, err = op.Make("bank_account", op.Account(), object.New(nil), func(op *resource.Op) error {
					b, declined := processor.Simulator{}.TypedBank(op.Account(), "", processor.BankDetails{Country: "US", Currency: "usd", Number: c.number, Routing: "110000000"})
					if declined != nil {
						return errors.New(declined.Message)
					}
					op.Object.Set("account", op.Account())
					op.Object.Set("currency", "usd")
					op.Object.Set("fingerprint", b.Fingerprint)
					return nil
				})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			payout := s.Post("/v1/payouts", "amount", "1000", "currency", "usd").OK()
			wantFields(t, payout, map[string]any{"destination": to.ID()})
			want := map[string]any{"status": "failed", "failure_code": c.code}
			if c.code == "" {
				want = map[string]any{"status": "paid", "failure_code": nil, "failure_balance_transaction": nil}
				advance(t, s, payout.Int("arrival_date"))
			} else {
				wantEvents(t, s, []string{"payout.updated", "payout.failed"}, func() { advance(t, s, thursday+5) })
			}
			wantFields(t, s.Get("/v1/payouts/"+payout.ID()).OK(), want)
			sound(t, s)
		})
	}
}

func idOf(v any) string { return v.(*object.Object).ID() }

// A connected account has a balance of its own, and is paid to the external accounts that its platform keeps.
func TestConnectedAccountIsPaidOut(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	account := s.Post("/v1/accounts", "type", "custom", "country", "US").OK().ID()
	as := func(method, path string, form ...string) *servertest.Answer {
		return s.Do(servertest.Request{Method: method, Path: path, Form: form, Header: http.Header{"Stripe-Account": {account}}})
	}
	as("POST", "/v1/balance_settings", "payments[settlement_timing][delay_days_override]", "0").OK()
	as("POST", "/v1/charges", "amount", "2000", "currency", "usd", "source", "tok_visa").OK()
	wantFields(t, as("GET", "/v1/balance").OK(), map[string]any{"available.0.amount": 1912})
	wantFields(t, s.Get("/v1/balance").OK(), map[string]any{"available.0.amount": 0, "pending.0.amount": 0})
	as("POST", "/v1/payouts", "amount", "1000", "currency", "usd").Fails(400, "")
	bank := s.Post("/v1/accounts/"+account+"/external_accounts", "external_account", "btok_us_verified").OK().ID()
	s.Post("/v1/payouts", "amount", "1", "currency", "usd", "destination", bank).Fails(400, "resource_missing")
	payout := as("POST", "/v1/payouts", "amount", "1000", "currency", "usd").OK()
	wantFields(t, payout, map[string]any{"destination": bank, "status": "pending"})
	wantFields(t, as("GET", "/v1/balance").OK(), map[string]any{"available.0.amount": 912})
	second := s.Post("/v1/accounts/"+account+"/external_accounts", "external_account", "btok_us_verified_noAccount").OK().ID()
	wantFields(t, as("POST", "/v1/payouts", "amount", "100", "currency", "usd", "destination", second).OK(), map[string]any{"destination": second})
	advance(t, s, payout.Int("arrival_date"))
	wantFields(t, as("GET", "/v1/payouts/"+payout.ID()).OK(), map[string]any{"status": "paid"})
	sound(t, s)
}

func TestAutomaticPayouts(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	wantFields(t, s.Get("/v1/balance_settings").OK(), map[string]any{
		"payments.payouts.schedule.interval": "manual", "payments.payouts.status": "enabled", "payments.settlement_timing.delay_days": 2, "payments.debit_negative_balances": true,
	})
	s.Post("/v1/balance_settings", "payments[payouts][schedule][interval]", "weekly").Fails(400, "parameter_missing")
	s.Post("/v1/balance_settings", "payments[payouts][schedule][interval]", "monthly", "payments[payouts][schedule][monthly_payout_days][]", "32").Fails(400, "parameter_invalid_integer")
	events := wantEvents(t, s, []string{"balance_settings.updated"}, func() {
		s.Post("/v1/balance_settings", "payments[payouts][schedule][interval]", "daily", "payments[payouts][minimum_balance_by_currency][usd]", "100",
			"payments[settlement_timing][delay_days_override]", "1").OK()
	})
	wantFields(t, events[0], map[string]any{
		"data.object.payments.payouts.schedule.interval": "daily", "data.object.payments.payouts.minimum_balance_by_currency.usd": 100,
		"data.object.payments.settlement_timing.delay_days": 1, "data.previous_attributes.payments.payouts.schedule.interval": "manual",
	})
	wantEvents(t, s, nil, func() { s.Post("/v1/balance_settings", "payments[payouts][schedule][interval]", "daily").OK() })
	first := s.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", "tok_visa").OK()
	wantEvents(t, s, []string{"balance.available", "account.external_account.created", "payout.created", "payout.reconciliation_completed"}, func() { advance(t, s, wednesday) })
	payout := s.Get("/v1/payouts").OK().Array("data")[0]
	wantFields(t, s.Get("/v1/payouts").OK(), map[string]any{"data.0.amount": 1812, "data.0.automatic": true, "data.0.reconciliation_status": "completed", "data.1": nil})
	wantFields(t, s.Get("/v1/balance").OK(), map[string]any{"available.0.amount": 100})
	in := s.Get("/v1/balance_transactions", "payout", idOf(payout)).OK()
	wantFields(t, in, map[string]any{"data.0.type": "payout", "data.0.amount": -1812, "data.1.source": first.ID(), "data.2": nil})

	s.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", "tok_visa").OK()
	wantEvents(t, s, []string{"balance.available", "payout.created", "payout.reconciliation_completed", "payout.updated"}, func() { advance(t, s, thursday) })
	later := s.Get("/v1/payouts").OK().Array("data")[0]
	wantFields(t, s.Get("/v1/balance_transactions", "payout", idOf(later)).OK(), map[string]any{"data.0.type": "payout", "data.1.type": "charge", "data.2": nil})
	s.Post("/v1/payouts/"+idOf(later)+"/cancel").Fails(400, "")

	s.Post("/v1/balance_settings", "payments[payouts][schedule][interval]", "manual").OK()
	s.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", "tok_visa").OK()
	wantEvents(t, s, []string{"balance.available", "payout.paid", "payout.updated"}, func() { advance(t, s, friday) })
	sound(t, s)
}

func TestTopup(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	create := func(source string) string {
		topup := s.Post("/v1/topups", "amount", "5000", "currency", "usd", "source", source, "description", "For refunds").OK()
		wantFields(t, topup, map[string]any{"status": "pending", "amount": 5000, "expected_availability_date": wednesday, "balance_transaction": nil})
		return topup.ID()
	}
	var good string
	wantEvents(t, s, []string{"topup.created", "topup.created", "topup.canceled"}, func() {
		good = create("btok_us_verified")
		wantFields(t, s.Post("/v1/topups/"+create("btok_us_verified")+"/cancel").OK(), map[string]any{"status": "canceled"})
	})
	s.Post("/v1/topups", "amount", "1", "currency", "usd", "source", "src_nobody").Fails(400, "resource_missing")
	s.Post("/v1/topups", "amount", "0", "currency", "usd").Fails(400, "parameter_invalid_integer")
	wantEvents(t, s, nil, func() { advance(t, s, wednesday-1) })
	wantEvents(t, s, []string{"topup.succeeded"}, func() { advance(t, s, wednesday) })
	topup := s.Get("/v1/topups/" + good).OK()
	wantFields(t, topup, map[string]any{"status": "succeeded", "failure_code": nil})
	wantFields(t, s.Get("/v1/balance_transactions/"+topup.Ref("balance_transaction")).OK(), map[string]any{
		"type": "topup", "amount": 5000, "fee": 0, "status": "available", "reporting_category": "topup", "source": good, "description": "For refunds",
	})
	wantFields(t, s.Get("/v1/balance").OK(), map[string]any{"available.0.amount": 5000})
	s.Post("/v1/topups/"+good+"/cancel").Fails(400, "")

	bad := s.Post("/v1/topups", "amount", "5000", "currency", "usd", "source", "btok_us_verified_noAccount").OK()
	wantEvents(t, s, []string{"topup.failed"}, func() { advance(t, s, bad.Int("expected_availability_date")) })
	wantFields(t, s.Get("/v1/topups/"+bad.ID()).OK(), map[string]any{"status": "failed", "failure_code": "no_account", "balance_transaction": nil})
	sound(t, s)
}
