package processor

import (
	"strings"
	"time"
)

// Simulator answers for the published test cards. It is deterministic: the same card always does the same.
type Simulator struct{}

// Template finds the card of a published name: tok_visa, pm_card_chargeDeclined. Such names can be used again and again.
func (Simulator) Template(account, name string, now time.Time) (Method, bool) {
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

// TypedBank reads a bank account: only the published numbers are accounts.
func (Simulator) TypedBank(account, methodType string, d BankDetails) (Bank, *Decline) {
	return Bank{}, &Decline{}
}

// Stored finds a kept card by its fingerprint. It compares with every test card: there are a few dozen.
func (Simulator) Stored(account, methodType, fingerprint, cvcCheck string) (Method, bool) {
	for i := range testCards {
		if Fingerprint(account, testCards[i].number) == fingerprint {
			c := testCards[i].card(account)
			c.CVCCheck = cvcCheck
			return Method{Type: "card", Card: c.withoutCVC()}, true
		}
	}
	return Method{}, false
}

// Verify refuses to keep a card that declines, as the bank would when it is asked.
func (Simulator) Verify(m Method) *Decline {
	if b := m.Card.behaviour; b != nil && !b.keeps {
		return b.decline
	}
	return nil
}

// Pay answers what the method was made for.
func (s Simulator) Pay(m Method, a Attempt) Answer {
	o := s.charge(m.Card)
	if o.Decline != nil {
		return Answer{Step: Declined, Outcome: o}
	}
	return Answer{Step: Approved, Outcome: o}
}

// Refund gives money back at once.
func (Simulator) Refund(Method) Refund { return Refund{} }

// Payout pays into every account.
func (Simulator) Payout(Bank) *PayoutFailure { return nil }

// Evidence knows the published words.
func (Simulator) Evidence(text string) Verdict {
	switch text {
	case "winning_evidence":
		return Won
	case "losing_evidence":
		return Lost
	case "escalate_inquiry_evidence":
		return Escalated
	}
	return Undecided
}

// CheckDeposits knows the published amounts and codes.
func (Simulator) CheckDeposits(Bank, []int64, string) DepositCheck { return DepositsMatch }

type bankBehaviour struct{}

// Risk scores are made up; only their ranges mean something: below 65 is normal, from 75 on is the highest level.
const (
	normalRisk   = 32
	elevatedRisk = 67
	highestRisk  = 82
)

// charge is how the bank of a test card answers.
func (Simulator) charge(c Card) Outcome {
	b := c.behaviour
	if b == nil { // a method without a test number works
		b = &behaviour{}
	}
	o := Outcome{
		Decline: b.decline, Type: "authorized", NetworkStatus: "approved_by_network", RiskLevel: "normal", RiskScore: normalRisk,
		SellerMessage: "Payment complete.",
	}
	switch b.risk {
	case elevated:
		o.RiskLevel, o.RiskScore, o.Reason = "elevated", elevatedRisk, "elevated_risk_level"
	case blocked:
		o.RiskLevel, o.RiskScore, o.Reason = "highest", highestRisk, "highest_risk_level"
		o.Type, o.NetworkStatus, o.SellerMessage = "blocked", "not_sent_to_network", "Stripe blocked this payment as too risky."
		return o
	}
	if b.decline != nil {
		o.Type, o.NetworkStatus, o.Reason = "issuer_declined", "declined_by_network", b.decline.reason()
		o.SellerMessage = "The bank returned the decline code `" + o.Reason + "`."
		if o.Reason == genericDecline {
			o.SellerMessage = "The bank did not return any further details with this decline."
		}
	}
	return o
}

// reason is what the bank said, in one word.
func (d *Decline) reason() string {
	if d.DeclineCode != "" {
		return d.DeclineCode
	}
	return d.Code
}
