package processor

import (
	"slices"
	"strings"
	"time"
)

// Simulator answers for the published test cards and bank accounts. It is deterministic: the same method always does the
// same.
type Simulator struct{}

// Template finds the card or bank account of a published name: tok_visa, pm_card_chargeDeclined, pm_usBankAccount_success.
// Such names can be used again and again.
func (Simulator) Template(account, name string, now time.Time) (Method, bool) {
	if b := bankByName[name]; b != nil {
		return b.template(account, name), true
	}
	card, ok := strings.CutPrefix(name, "tok_")
	if !ok {
		card, ok = strings.CutPrefix(name, "pm_card_")
	}
	t := byName[card]
	if !ok || t == nil {
		return Method{}, false
	}
	c := t.card(account)
	// A template is always valid for about a year to come.
	c.ExpMonth, c.ExpYear = int64(now.Month()), int64(now.Year()+1)
	// Nobody types the details of a template, so what is made to fail a check fails it.
	c.CVCCheck, c.ZipCheck, c.Line1Check = t.behaviour.cvc, t.behaviour.zip, t.behaviour.line1
	return Method{Type: "card", Card: c}, true
}

// Typed reads typed details: only the published numbers are cards.
func (Simulator) Typed(account string, d Details, now time.Time) (Card, *Decline) {
	if declined := checkDetails(d, now); declined != nil {
		return Card{}, declined
	}
	t := byNumber[d.Number]
	if t == nil {
		return Card{}, liveCard
	}
	if declined := checkCVC(d.CVC, t.brand); declined != nil {
		return Card{}, declined
	}
	c := t.card(account)
	c.ExpMonth, c.ExpYear = d.ExpMonth, d.ExpYear
	c.CVCCheck = checkResult(d.CVC, t.behaviour.cvc)
	c.ZipCheck = checkResult(d.Zip, t.behaviour.zip)
	c.Line1Check = checkResult(d.Line1, t.behaviour.line1)
	return c.withoutCVC(), nil
}

// withoutCVC lets a card work that only declines a security code, if none was given.
func (c Card) withoutCVC() Card {
	if c.behaviour.needsCVC && c.CVCCheck == "" {
		c.behaviour = &behaviour{}
	}
	return c
}

// checkResult is what the bank says of something that was given; nothing if it was not.
func checkResult(given, result string) string {
	switch {
	case given == "":
		return ""
	case result == "":
		return "pass"
	}
	return result
}

// Stored finds a kept method again: a card or bank account by its fingerprint, others by their type.
func (Simulator) Stored(account, methodType, fingerprint, cvcCheck string) (Method, bool) {
	if fingerprint == "" {
		return Method{Type: methodType}, redirectTypes[methodType] || voucherTypes[methodType] || plainTypes[methodType]
	}
	if methodType == "card" {
		t := cardOf(account, fingerprint)
		if t == nil {
			return Method{}, false
		}
		c := t.known(fingerprint)
		c.CVCCheck = cvcCheck
		return Method{Type: "card", Card: c.withoutCVC()}, true
	}
	t := bankOf(account, fingerprint)
	if t == nil {
		return Method{}, false
	}
	return Method{Type: methodType, Bank: t.known(fingerprint)}, true
}

// cardOf is the card with a fingerprint; nil if there is none, as of an example that a mock server shows.
func cardOf(account, fingerprint string) *testCard {
	if t, ok := found.find(account, fingerprint).(*testCard); ok {
		return t
	}
	i := slices.IndexFunc(testCards, func(t testCard) bool { return Fingerprint(account, t.identity()) == fingerprint })
	var t *testCard
	if i >= 0 {
		t = &testCards[i]
	}
	found.keep(account, fingerprint, t)
	return t
}

// Verify refuses to keep a card that declines, as the bank would when it is asked.
func (Simulator) Verify(m Method) *Decline {
	if b := m.Card.behaviour; b != nil && !b.keeps {
		return b.decline
	}
	return nil
}

// Pay answers what the method was made for.
func (Simulator) Pay(m Method, a Attempt) Answer {
	switch m.Type {
	case "card":
		return m.Card.pay(a)
	case "us_bank_account", bankAccount, "sepa_debit", "bacs_debit", "au_becs_debit", "acss_debit", "nz_bank_account":
		return m.Bank.pay(m.Type, a)
	}
	return m.payElsewhere(a)
}

// pay asks Radar, then the holder, then the bank.
func (c Card) pay(a Attempt) Answer {
	b := c.behaviour
	if b == nil { // a card without a test number works
		b = &behaviour{}
	}
	refused := b.decline
	if a.Setup && b.keeps {
		refused = nil
	}
	if refused != nil && b.risk == blocked {
		return Answer{Step: Declined, Outcome: b.risk.declined(refused)}
	}
	step, how := b.authentication.authenticate(a)
	switch {
	case step == Authenticate:
		return Answer{Step: step}
	case step == Declined:
		return Answer{Step: step, Outcome: b.risk.declined(b.authentication.refusal(a)), ThreeDSecure: how}
	case refused != nil:
		return Answer{Step: Declined, Outcome: b.risk.declined(refused), ThreeDSecure: how}
	case a.Setup:
		return Answer{Step: Approved, Outcome: b.risk.authorized(), ThreeDSecure: how}
	}
	after := b.aftermath
	after.Review = b.risk == elevated
	return Answer{Step: Approved, Outcome: b.risk.authorized(), ThreeDSecure: how, Aftermath: after}
}

// Refund says how the money of a card goes back: at once, for nearly all.
func (Simulator) Refund(m Method) Refund {
	if b := m.Card.behaviour; b != nil {
		return b.refund
	}
	return Refund{}
}

// reason is what the bank said, in one word.
func (d *Decline) reason() string {
	if d.DeclineCode != "" {
		return d.DeclineCode
	}
	return d.Code
}
