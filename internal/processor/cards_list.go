package processor

import (
	"slices"
	"strings"
)

// TestCard is a published test card, and what it is there to show.
type TestCard struct {
	Table                           string   // it is documented in: networks, countries, declines, radar, authentication, aftermath, payouts
	Number, Brand, Funding, Country string   // the number is empty for a card that has only names
	Tokens                          []string // the names that stand for it after pm_card_ and tok_
	Decline                         *Decline // what it is answered, if it is refused
	Does                            []string // what happens, in words with codes between backticks; nothing for a card that only pays
}

// TestCards are all of them, in the order in which they are documented.
func TestCards() (out []TestCard) {
	i := 0
	for _, table := range cardTables {
		for range table.cards {
			t := &testCards[i]
			i++
			c := TestCard{table.name, t.number, string(t.brand), t.funding, t.country, slices.Clone(t.names), t.behaviour.decline, t.behaviour.words()}
			if t.behaviour.unpublished {
				c.Number = ""
			} else if byNumber[t.number] != t {
				continue
			}
			out = append(out, c)
		}
	}
	return out
}

// Grouped is the number as it is written on a card.
func (c TestCard) Grouped() string {
	if n := len(c.Number); n == 14 || n == 15 {
		return c.Number[:4] + " " + c.Number[4:10] + " " + c.Number[10:]
	}
	var parts []string
	for part := range slices.Chunk([]byte(c.Number), 4) {
		parts = append(parts, string(part))
	}
	return strings.Join(parts, " ")
}

// words say what the behaviour comes to.
func (b *behaviour) words() (out []string) {
	say := func(when bool, words string) {
		if when {
			out = append(out, words)
		}
	}
	say(b.authentication != unenrolled, authenticationWords[b.authentication])
	say(b.risk == elevated, "paid, and put up for review")
	if b.decline != nil {
		out = append(out, b.refusalWords())
	}
	say(b.decline == nil && b.cvc == "fail", "the check of the security code fails")
	say(b.zip == "fail", "the check of the postal code fails")
	say(b.line1 == "fail", "the check of the street fails")
	say(b.zip == "unavailable", "postal code and street are not checked")
	for _, d := range b.aftermath.Disputes {
		say(d.Inquiry, "an inquiry follows: `"+d.Reason+"`")
		say(!d.Inquiry, "disputed: `"+d.Reason+"`")
	}
	say(b.aftermath.FraudWarning != "", "an early fraud warning follows: `"+b.aftermath.FraudWarning+"`")
	say(b.aftermath.Available, "the money is available at once")
	say(b.refund.Pending, "a refund is pending first")
	say(b.refund.Fails != "", "a refund fails some time after it succeeded: `"+b.refund.Fails+"`")
	if b.payout != nil {
		out = append(out, "payouts to it fail: `"+b.payout.Code+"`")
	}
	say(b.coBrand != "", "also on `"+string(b.coBrand)+"`")
	return out
}

func (b *behaviour) refusalWords() string {
	reason := ": `" + b.decline.reason() + "`"
	switch {
	case b.risk == blocked:
		return "blocked, as too risky"
	case b.authentication != unenrolled:
		return "then declined" + reason
	case b.keeps:
		return "can be kept with a customer, and is declined when charged" + reason
	case b.needsCVC:
		return "declined, if a security code was typed" + reason
	}
	return "declined" + reason
}

// authenticationWords say what a card does with the holder there, and then without.
var authenticationWords = map[authentication]string{
	untilReady:          "authenticated, or declined without the customer, unless it was set up for that",
	always:              "authenticated, or declined without the customer",
	withHolder:          "authenticated; pays without the customer",
	lookupFails:         "must be authenticated, which fails: declined",
	optional:            "authenticated only if you ask for it",
	optionalLookupFails: "paid, though authentication fails if you ask for it",
	unsupported:         "has no 3D Secure",
	frictionless:        "authenticated without a prompt, or declined without the customer",
}
