package processor

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const account = "acct_1032D82eZvKYlo2C"

var now = time.Date(2026, 9, 3, 12, 0, 0, 0, time.UTC)

func TestTokens(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		token, brand, title, last4, funding, country string
	}{
		{"tok_visa", "visa", "Visa", "4242", "credit", "US"},
		{"tok_us", "visa", "Visa", "4242", "credit", "US"},
		{"tok_visa_debit", "visa", "Visa", "5556", "debit", "US"},
		{"tok_mastercard", "mastercard", "MasterCard", "4444", "credit", "US"},
		{"tok_mastercard_prepaid", "mastercard", "MasterCard", "5100", "prepaid", "US"},
		{"tok_amex", "amex", "American Express", "0005", "credit", "US"},
		{"tok_discover", "discover", "Discover", "1117", "credit", "US"},
		{"tok_diners", "diners", "Diners Club", "0004", "credit", "US"},
		{"tok_jcb", "jcb", "JCB", "0505", "credit", "JP"},
		{"tok_unionpay", "unionpay", "UnionPay", "0005", "credit", "CN"},
	} {
		m, ok := Simulator{}.Template(account, c.token, now)
		card := m.Card
		if !ok {
			t.Errorf("%s is not known", c.token)
			continue
		}
		got := []string{string(card.Brand), card.Brand.Title(), card.Last4(), card.Funding, card.Country}
		if diff := cmp.Diff([]string{c.brand, c.title, c.last4, c.funding, c.country}, got); diff != "" {
			t.Errorf("%s: %s", c.token, diff)
		}
		if card.ExpMonth != 9 || card.ExpYear != 2027 {
			t.Errorf("%s expires %d/%d, want 9/2027", c.token, card.ExpMonth, card.ExpYear)
		}
		if o := (Simulator{}).Pay(m, Attempt{Amount: 100, Currency: "usd"}).Outcome; o.Decline != nil || o.Type != "authorized" || o.NetworkStatus != "approved_by_network" {
			t.Errorf("%s: outcome %+v", c.token, o)
		}
	}
	for _, bad := range []string{"tok_", "tok_nobody", "visa", "pm_card_", ""} {
		if _, ok := (Simulator{}).Template(account, bad, now); ok {
			t.Errorf("%q must not be a token", bad)
		}
	}
}

func TestDeclines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		token                  string
		code, decline, param   string
		message                string
		outcome, network, risk string
		keeps                  bool
	}{
		{"tok_chargeDeclined", "card_declined", "generic_decline", "", "Your card was declined.", "issuer_declined", "declined_by_network", "normal", false},
		{"tok_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds", "", "Your card has insufficient funds.", "issuer_declined", "declined_by_network", "normal", false},
		{"tok_visa_chargeDeclinedLostCard", "card_declined", "lost_card", "", "Your card was declined.", "issuer_declined", "declined_by_network", "normal", false},
		{"tok_visa_chargeDeclinedStolenCard", "card_declined", "stolen_card", "", "Your card was declined.", "issuer_declined", "declined_by_network", "normal", false},
		{"tok_chargeDeclinedExpiredCard", "expired_card", "", "exp_month", "Your card has expired.", "issuer_declined", "declined_by_network", "normal", false},
		{"tok_chargeDeclinedIncorrectCvc", "incorrect_cvc", "", "cvc", "Your card's security code is incorrect.", "issuer_declined", "declined_by_network", "normal", false},
		{"tok_chargeDeclinedProcessingError", "processing_error", "", "", "An error occurred while processing your card. Try again in a little bit.", "issuer_declined", "declined_by_network", "normal", false},
		{"tok_chargeCustomerFail", "card_declined", "generic_decline", "", "Your card was declined.", "issuer_declined", "declined_by_network", "normal", true},
		{"tok_radarBlock", "card_declined", "fraudulent", "", "Your card was declined.", "blocked", "not_sent_to_network", "highest", true},
	} {
		m, ok := Simulator{}.Template(account, c.token, now)
		if !ok {
			t.Errorf("%s is not known", c.token)
			continue
		}
		o := Simulator{}.Pay(m, Attempt{Amount: 100, Currency: "usd"}).Outcome
		if o.Decline == nil {
			t.Errorf("%s does not decline", c.token)
			continue
		}
		if diff := cmp.Diff([]string{c.code, c.decline, c.param, c.message}, []string{o.Decline.Code, o.Decline.DeclineCode, o.Decline.Param, o.Decline.Message}); diff != "" {
			t.Errorf("%s: %s", c.token, diff)
		}
		if diff := cmp.Diff([]string{c.outcome, c.network, c.risk}, []string{o.Type, o.NetworkStatus, o.RiskLevel}); diff != "" {
			t.Errorf("%s: outcome: %s", c.token, diff)
		}
		if keeps := (Simulator{}).Verify(m) == nil; keeps != c.keeps {
			t.Errorf("%s can be kept: %t, want %t", c.token, keeps, c.keeps)
		}
	}
}

func TestTyped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		details Details
		code    string // empty for a card that is accepted
		checks  [3]string
	}{
		{"plain", Details{Number: "4242424242424242", ExpMonth: 9, ExpYear: 2026}, "", [3]string{}},
		{"all checks", Details{Number: "4242424242424242", ExpMonth: 1, ExpYear: 2030, CVC: "123", Zip: "94103", Line1: "1 Main St"}, "", [3]string{"pass", "pass", "pass"}},
		{"checks fail", Details{Number: "4000000000000010", ExpMonth: 1, ExpYear: 2030, CVC: "123", Zip: "94103", Line1: "1 Main St"}, "", [3]string{"pass", "fail", "fail"}},
		{"cvc fails", Details{Number: "4000000000000101", ExpMonth: 1, ExpYear: 2030, CVC: "123"}, "", [3]string{"fail", "", ""}},
		{"four digits on amex", Details{Number: "378282246310005", ExpMonth: 1, ExpYear: 2030, CVC: "1234"}, "", [3]string{"pass", "", ""}},
		{"four digits on visa", Details{Number: "4242424242424242", ExpMonth: 1, ExpYear: 2030, CVC: "1234"}, "invalid_cvc", [3]string{}},
		{"two digits", Details{Number: "4242424242424242", ExpMonth: 1, ExpYear: 2030, CVC: "99"}, "invalid_cvc", [3]string{}},
		{"wrong last digit", Details{Number: "4242424242424241", ExpMonth: 1, ExpYear: 2030}, "incorrect_number", [3]string{}},
		{"letters", Details{Number: "4242x24242424242", ExpMonth: 1, ExpYear: 2030}, "invalid_number", [3]string{}},
		{"too short", Details{Number: "42", ExpMonth: 1, ExpYear: 2030}, "invalid_number", [3]string{}},
		{"a real number", Details{Number: "4539578763621486", ExpMonth: 1, ExpYear: 2030}, "card_declined", [3]string{}},
		{"month 13", Details{Number: "4242424242424242", ExpMonth: 13, ExpYear: 2030}, "invalid_expiry_month", [3]string{}},
		{"last month", Details{Number: "4242424242424242", ExpMonth: 8, ExpYear: 2026}, "invalid_expiry_month", [3]string{}},
		{"last year", Details{Number: "4242424242424242", ExpMonth: 12, ExpYear: 2025}, "invalid_expiry_year", [3]string{}},
		{"far away", Details{Number: "4242424242424242", ExpMonth: 12, ExpYear: 2077}, "invalid_expiry_year", [3]string{}},
	} {
		card, declined := Simulator{}.Typed(account, c.details, now)
		code := ""
		if declined != nil {
			code = declined.Code
		}
		if code != c.code {
			t.Errorf("%s: code %q, want %q", c.name, code, c.code)
		}
		if got := [3]string{card.CVCCheck, card.ZipCheck, card.Line1Check}; got != c.checks {
			t.Errorf("%s: checks %v, want %v", c.name, got, c.checks)
		}
	}
}

// The number for a wrong security code declines only where one was given.
func TestIncorrectCVCNeedsOne(t *testing.T) {
	t.Parallel()
	for cvc, declines := range map[string]bool{"": false, "123": true} {
		card, declined := Simulator{}.Typed(account, Details{Number: "4000000000000127", ExpMonth: 1, ExpYear: 2030, CVC: cvc}, now)
		if declined != nil {
			t.Fatal(declined)
		}
		if got := (Simulator{}).Pay(Method{Type: "card", Card: card}, Attempt{}).Step == Declined; got != declines {
			t.Errorf("with security code %q: declines %t, want %t", cvc, got, declines)
		}
		kept, _ := Simulator{}.Stored(account, "card", card.Fingerprint, card.CVCCheck)
		if got := (Simulator{}).Pay(kept, Attempt{}).Step == Declined; got != declines {
			t.Errorf("kept with security code %q: declines %t, want %t", cvc, got, declines)
		}
	}
	m, _ := Simulator{}.Template(account, "pm_card_chargeDeclinedIncorrectCvc", now)
	kept, _ := Simulator{}.Stored(account, "card", m.Card.Fingerprint, m.Card.CVCCheck)
	if (Simulator{}).Pay(kept, Attempt{}).Step != Declined {
		t.Error("the template does not decline once it is kept")
	}
}

// Every card has a number that can be one, a fingerprint of its own in each account, and is found again by it.
func TestFingerprint(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for i := range testCards {
		c := &testCards[i]
		if !luhn(c.number) {
			t.Errorf("%s is no card number", c.number)
		}
		f := Fingerprint(account, c.identity())
		if len(f) != 16 || f != Fingerprint(account, c.identity()) {
			t.Errorf("fingerprint %q of %s", f, c.number)
		}
		if other, taken := seen[f]; taken {
			t.Errorf("%s and %s have the same fingerprint", c.number, other)
		}
		seen[f] = c.number
		if f == Fingerprint("acct_other", c.identity()) {
			t.Errorf("%s has the same fingerprint in two accounts", c.number)
		}
		m, ok := Simulator{}.Stored(account, "card", f, "pass")
		if !ok || m.Card.Number != c.number || m.Card.Funding != c.funding || m.Card.behaviour != &c.behaviour {
			t.Errorf("%s is not found again", c.number)
		}
	}
	if _, ok := (Simulator{}).Stored(account, "card", "nobody", ""); ok {
		t.Error("an unknown fingerprint finds a card")
	}
}

// What is remembered of fingerprints is bounded, and forgetting it loses no card.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	m := memory{limit: 3, instruments: map[seen]any{}}
	for i := range testCards {
		m.keep("acct_"+testCards[i].identity(), "f", &testCards[i])
		if len(m.instruments) > 3 {
			t.Fatalf("%d are remembered, the limit is 3", len(m.instruments))
		}
		if m.find("acct_"+testCards[i].identity(), "f") != &testCards[i] {
			t.Fatalf("%s is forgotten at once", testCards[i].number)
		}
	}
}

// What has no test number is an example that a mock server shows, and works.
func TestMethodsWithoutNumber(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]Step{"card": Approved, "sepa_debit": Processing, "bank_account": Processing} {
		for range 2 { // the second time it is known to be unknown
			if _, known := (Simulator{}).Stored(account, kind, "of an example", ""); known {
				t.Errorf("%s: an unknown fingerprint is known", kind)
			}
		}
		if a := (Simulator{}).Pay(Method{Type: kind}, Attempt{Amount: 100, Currency: "usd"}); a.Step != want || a.Outcome.Decline != nil {
			t.Errorf("%s: %+v", kind, a)
		}
	}
}

// A payment finds its method again each time.
func BenchmarkStored(b *testing.B) {
	card := byNumber["4242424242424242"].card(account)
	for b.Loop() {
		if _, ok := (Simulator{}).Stored(account, "card", card.Fingerprint, "pass"); !ok {
			b.Fatal("not found")
		}
	}
}
