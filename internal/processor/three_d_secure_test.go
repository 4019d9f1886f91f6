package processor

import "testing"

func TestThreeDSecure(t *testing.T) {
	t.Parallel()
	onSession, asked := Attempt{}, Attempt{Request3DS: "any"}
	back, askedBack := Attempt{Authenticated: true}, Attempt{Request3DS: "challenge", Authenticated: true}
	offSession, ready := Attempt{OffSession: true}, Attempt{OffSession: true, Ready: true}
	setup, setupBack := Attempt{Setup: true}, Attempt{Setup: true, Authenticated: true}
	const needed = "declined authentication_required/authentication_required"
	for _, c := range []struct {
		number  string
		attempt Attempt
		want    string
		how     string // flow, result
	}{
		{"4000002500003155", onSession, "authenticate", ""},
		{"4000002500003155", back, "ok", "challenge authenticated"},
		{"4000002500003155", offSession, needed, ""},
		{"4000002500003155", ready, "ok", ""},
		{"4000002500003155", setup, "authenticate", ""},
		{"4000002500003155", setupBack, "ok", "challenge authenticated"},
		{"4000002760003184", onSession, "authenticate", ""},
		{"4000002760003184", back, "ok", "challenge authenticated"},
		{"4000002760003184", offSession, needed, ""},
		{"4000002760003184", ready, needed, ""},
		{"4000002760003184", setup, "authenticate", ""},
		{"4000002760003184", Attempt{OffSession: true, Authenticated: true}, "ok", "challenge authenticated"},
		{"4000003800000446", onSession, "authenticate", ""},
		{"4000003800000446", offSession, "ok", ""},
		{"4000003800000446", back, "ok", "challenge authenticated"},
		{"4000008260003178", onSession, "authenticate", ""},
		{"4000008260003178", back, "declined card_declined/insufficient_funds", "challenge authenticated"},
		{"4000008260003178", ready, "declined card_declined/insufficient_funds", ""},
		{"4000008260003178", setupBack, "ok", "challenge authenticated"},
		{"4000000000003220", onSession, "authenticate", ""},
		{"4000000000003220", back, "ok", "challenge authenticated"},
		{"4000000000003220", ready, needed, ""},
		{"4000008400000027", onSession, "authenticate", ""},
		{"4000008400001629", onSession, "authenticate", ""},
		{"4000008400001629", back, "declined card_declined/generic_decline", "challenge authenticated"},
		{"4000008400001280", onSession, "declined card_declined/generic_decline", " processing_error"},
		{"4000008400001280", setup, "declined card_declined/generic_decline", " processing_error"},
		{"4000008400001280", ready, needed, ""},
		{"4000000000003055", onSession, "ok", ""},
		{"4000000000003055", asked, "authenticate", ""},
		{"4000000000003055", askedBack, "ok", "challenge authenticated"},
		{"4000000000003055", Attempt{OffSession: true, Request3DS: "any"}, "ok", ""},
		{"4000000000003097", onSession, "ok", ""},
		{"4000000000003097", asked, "ok", " processing_error"},
		{"4242424242424242", onSession, "ok", ""},
		{"4242424242424242", Attempt{Request3DS: "automatic"}, "ok", ""},
		{"4242424242424242", asked, "ok", " attempt_acknowledged"},
		{"4242424242424242", back, "ok", ""},
		{"378282246310005", asked, "ok", " not_supported"},
		{"4000000032200000", onSession, "ok", "frictionless authenticated"},
		{"4000000032200000", offSession, needed, ""},
		{"4000582600000094", onSession, "authenticate", ""},
		{"4000582600000045", onSession, "authenticate", ""},
		{"4000582600000102", onSession, "authenticate", ""},
		{"4000582600000110", back, "ok", "challenge authenticated"},
		{"4000008405600003", onSession, "ok", ""},
		{"4000000000000002", asked, "declined card_declined/generic_decline", " attempt_acknowledged"},
		{"4000000000000002", setup, "declined card_declined/generic_decline", ""},
		{"4000000000000341", setup, "ok", ""},
		{"4000000000000259", setup, "ok", ""}, // nothing was taken that could be disputed
	} {
		card, refused := Simulator{}.Typed(account, Details{Number: c.number, ExpMonth: 1, ExpYear: 2030}, now)
		if refused != nil {
			t.Errorf("%s: %+v", c.number, refused)
			continue
		}
		m := Method{Type: "card", Card: card}
		a := Simulator{}.Pay(m, c.attempt)
		how := ""
		if s := a.ThreeDSecure; s != nil {
			how = s.Flow + " " + s.Result
		}
		if got := summary(m, a); got != c.want || how != c.how {
			t.Errorf("%s, %+v: %s (%s), want %s (%s)", c.number, c.attempt, got, how, c.want, c.how)
		}
	}
}

func TestThreeDSecureTemplates(t *testing.T) {
	t.Parallel()
	for name, number := range map[string]string{
		"authenticationRequiredOnSetup": "4000002500003155", "authenticationRequired": "4000002760003184",
		"authenticationRequiredSetupForOffSession":              "4000003800000446",
		"authenticationRequiredChargeDeclinedInsufficientFunds": "4000008260003178",
		"threeDSecure2Required":                                 "4000000000003220", "threeDSecureRequiredChargeDeclined": "4000008400001629",
		"threeDSecureRequiredProcessingError": "4000008400001280", "threeDSecureOptional": "4000000000003055",
		"threeDSecureOptionalProcessingError": "4000000000003097",
	} {
		if m, _ := (Simulator{}).Template(account, "pm_card_"+name, now); m.Card.Number != number {
			t.Errorf("%s is %q, want %s", name, m.Card.Number, number)
		}
	}
	amex, _ := Simulator{}.Template(account, "pm_card_amex_threeDSecureNotSupported", now)
	visa, _ := Simulator{}.Template(account, "pm_card_visa", now)
	if amex.Card.ThreeDSecure() || !visa.Card.ThreeDSecure() {
		t.Error("American Express must not support 3D Secure here, and Visa must")
	}
}
