package processor

import "testing"

func TestMethodsElsewhere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind    string
		attempt Attempt
		want    string
	}{
		{"ideal", Attempt{}, "redirect"},
		{"ideal", Attempt{Authenticated: true}, "ok"},
		{"ideal", Attempt{Setup: true}, "redirect"},
		{"ideal", Attempt{Setup: true, Authenticated: true}, "ok"},
		{"klarna", Attempt{}, "redirect"},
		{"paypal", Attempt{OffSession: true}, "redirect"},
		{"paypal", Attempt{OffSession: true, Ready: true}, "ok"},
		{"cashapp", Attempt{Ready: true}, "redirect"},
		{"sofort", Attempt{}, "redirect"},
		{"sofort", Attempt{Authenticated: true}, "processing: succeeds"},
		{"sofort", Attempt{Setup: true, Authenticated: true}, "ok"},
		{"boleto", Attempt{}, "voucher: succeeds later"},
		{"boleto", Attempt{Setup: true}, "ok"},
		{"oxxo", Attempt{Email: "jenny@example.com"}, "voucher: succeeds later"},
		{"oxxo", Attempt{Email: "jr.succeed_immediately@example.com"}, "voucher: succeeds"},
		{"konbini", Attempt{Email: "expire_immediately@example.com"}, "voucher: payment_intent_payment_attempt_expired"},
		{"konbini", Attempt{Email: "expire_with_delay@example.com"}, "voucher: payment_intent_payment_attempt_expired later"},
		{"multibanco", Attempt{Email: "fill_never@example.com"}, "voucher: never"},
		{"link", Attempt{}, "ok"},
		{"customer_balance", Attempt{}, "ok"},
	} {
		m, known := Simulator{}.Stored(account, c.kind, "", "")
		if !known || m.Type != c.kind {
			t.Errorf("%s is not found by its type", c.kind)
		}
		a := Simulator{}.Pay(m, c.attempt)
		got := summary(m, a)
		if a.Step == Voucher {
			got = "voucher"
		}
		if a.Step == Voucher || a.Step == Processing {
			got += ": " + settlement(a.Settlement)
		}
		if got != c.want {
			t.Errorf("%s, %+v: %s, want %s", c.kind, c.attempt, got, c.want)
		}
		if d := (Simulator{}).Verify(m); d != nil {
			t.Errorf("%s cannot be kept: %+v", c.kind, d)
		}
	}
	for _, kind := range []string{"", "card", "us_bank_account", "sepa_debit", "seashells"} {
		if _, known := (Simulator{}).Stored(account, kind, "", ""); known {
			t.Errorf("%q must not be found without a fingerprint", kind)
		}
	}
}

func TestEvidence(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Verdict{
		"winning_evidence": Won, "losing_evidence": Lost, "escalate_inquiry_evidence": Escalated, "It was sent on Monday.": Undecided, "": Undecided,
	} {
		if got := (Simulator{}).Evidence(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
