package billing_test

import (
	"testing"

	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

// inside runs a rule in the server's account, and returns how it ends.
func inside(t *testing.T, s *servertest.Server, rule func(op *resource.Op) error) error {
	t.Helper()
	ns, err := s.Registry.Namespace(s.Account.ID, "test")
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Engine.Call(t.Context(), ns, func(op *resource.Op) error {
		op.Object = object.New(nil)
		op.Result = op.Object
		return rule(op)
	})
	return err
}

// mandateFor makes a payment method and a mandate for it.
func mandateFor(t *testing.T, s *servertest.Server, multiUse bool, form ...string) string {
	t.Helper()
	id := s.Post("/v1/payment_methods", form...).OK().ID()
	var mandate *object.Object
	err := inside(t, s, func(op *resource.Op) error {
		pm, err := op.Get("payment_method", id, "payment_method")
		if err != nil {
			return err
		}
		online := object.New(nil)
		online.Set("ip_address", "203.0.113.7")
		online.Set("user_agent", "Test")
		acceptance := object.New(nil)
		acceptance.Set("type", "online")
		acceptance.Set("online", online)
		mandate, err = billing.MakeMandate(op, pm, acceptance, multiUse, 1000, "eur")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return mandate.ID()
}

func TestMandate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		multiUse bool
		form     []string
		want     map[string]any
		settled  map[string]any
		events   []string
	}{
		{"sepa_debit", true, []string{"type", "sepa_debit", "sepa_debit[iban]", "DE89370400440532013000"},
			map[string]any{"status": "active", "type": "multi_use", "single_use": nil, "customer_acceptance.type": "online", "customer_acceptance.online.ip_address": "203.0.113.7",
				"customer_acceptance.accepted_at": servertest.Start.Unix(), "payment_method_details.type": "sepa_debit"}, map[string]any{"status": "active"}, nil},
		{"us_bank_account once", false, []string{"type", "us_bank_account", "us_bank_account[account_number]", "000123456789", "us_bank_account[routing_number]", "110000000"},
			map[string]any{"status": "active", "type": "single_use", "single_use.amount": 1000, "single_use.currency": "eur", "multi_use": nil}, map[string]any{"status": "active"}, nil},
		{"acss_debit", true, []string{"type", "acss_debit", "acss_debit[account_number]", "000123456789", "acss_debit[institution_number]", "000", "acss_debit[transit_number]", "11000"},
			map[string]any{"payment_method_details.acss_debit.payment_schedule": "sporadic", "payment_method_details.acss_debit.transaction_type": "personal"}, map[string]any{"status": "active"}, nil},
		{"paypal", true, []string{"type", "paypal"}, map[string]any{"payment_method_details.paypal.payer_id": nil}, map[string]any{"status": "active"}, nil},
		{"bacs_debit", true, []string{"type", "bacs_debit", "bacs_debit[account_number]", "00012345", "bacs_debit[sort_code]", "108800"},
			map[string]any{"status": "pending", "payment_method_details.bacs_debit.network_status": "pending", "payment_method_details.bacs_debit.revocation_reason": nil},
			map[string]any{"status": "active", "payment_method_details.bacs_debit.network_status": "accepted"}, []string{"mandate.updated"}},
		{"bacs_debit refused", true, []string{"type", "bacs_debit", "bacs_debit[account_number]", "00033333", "bacs_debit[sort_code]", "108800"},
			map[string]any{"status": "pending"}, map[string]any{"status": "inactive", "payment_method_details.bacs_debit.network_status": "refused"}, []string{"mandate.updated"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			path := "/v1/mandates/" + mandateFor(t, s, c.multiUse, c.form...)
			wantFields(t, s.Get(path).OK(), c.want)
			wantEvents(t, s, c.events, func() {
				if err := s.Engine.RunDue(t.Context()); err != nil {
					t.Fatal(err)
				}
			})
			wantFields(t, s.Get(path).OK(), c.settled)
		})
	}
}

func TestMandateEnds(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	id := mandateFor(t, s, true, "type", "bacs_debit", "bacs_debit[account_number]", "33333335", "bacs_debit[sort_code]", "108800")
	if err := s.Engine.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantFields(t, s.Get("/v1/mandates/"+id).OK(), map[string]any{"status": "active"})
	wantEvents(t, s, []string{"mandate.updated"}, func() {
		if err := inside(t, s, func(op *resource.Op) error {
			mandate, err := op.Get("mandate", id, "mandate")
			if err != nil {
				return err
			}
			return billing.EndMandate(op, mandate, "revoked", "debit_not_authorized")
		}); err != nil {
			t.Fatal(err)
		}
	})
	wantFields(t, s.Get("/v1/mandates/"+id).OK(), map[string]any{"status": "inactive", "payment_method_details.bacs_debit.network_status": "revoked", "payment_method_details.bacs_debit.revocation_reason": "debit_not_authorized"})
}
