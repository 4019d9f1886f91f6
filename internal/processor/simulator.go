package processor

import (
	"strings"
	"time"
)

// Simulator answers for the published test cards. It is deterministic: the same card always does the same.
type Simulator struct{}

// Token finds the card of a test token: tok_visa, tok_chargeDeclined. Such tokens can be used again and again.
func (Simulator) Token(account, token string, now time.Time) (Card, bool) {
	name, ok := strings.CutPrefix(token, "tok_")
	if !ok {
		return Card{}, false
	}
	t := byName[name]
	if t == nil {
		return Card{}, false
	}
	c := t.card(account)
	// A template is always valid for about a year to come.
	c.ExpMonth, c.ExpYear = int64(now.Month()), int64(now.Year()+1)
	return c, true
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

// Stored finds a kept card by its fingerprint. It compares with every test card: there are a few dozen.
func (Simulator) Stored(account, fingerprint, cvcCheck string) (Card, bool) {
	for i := range testCards {
		if Fingerprint(account, testCards[i].number) == fingerprint {
			c := testCards[i].card(account)
			c.CVCCheck = cvcCheck
			return c.withoutCVC(), true
		}
	}
	return Card{}, false
}

// Verify refuses to keep a card that declines, as the bank would when it is asked.
func (Simulator) Verify(c Card) *Decline {
	if c.behaviour.keeps {
		return nil
	}
	return c.behaviour.decline
}

// Risk scores are made up; only their ranges mean something: below 65 is normal, from 75 on is the highest level.
const (
	normalRisk   = 32
	elevatedRisk = 67
	highestRisk  = 82
)

// Charge answers what the test card was made for.
func (Simulator) Charge(c Card) Outcome {
	b := c.behaviour
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
