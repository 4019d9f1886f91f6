package processor

// risk is how likely fraud seems, and what the default rules make of it.
type risk uint8

const (
	normal   risk = iota
	elevated      // goes through, and waits for a review
	blocked       // the highest: not sent to the bank
)

// Risk scores are made up; only their ranges mean something: below 65 is normal, from 75 on is the highest level.
const (
	normalRisk   = 32
	elevatedRisk = 67
	highestRisk  = 82
)

// radarCards show what protects from fraud. Those that only a setting would block, which is off by default, work.
var radarCards = []testCard{
	{"4100000000000019", Visa, "credit", "US", []string{"radarBlock", "chargeDeclinedFraudulent", "visa_chargeDeclinedFraudulent"}, behaviour{decline: fraudulent, risk: blocked, keeps: true}},
	{"4000000000004954", Visa, "credit", "US", []string{"riskLevelHighest"}, behaviour{decline: fraudulent, risk: blocked, keeps: true}},
	{"4000000000009235", Visa, "credit", "US", []string{"riskLevelElevated"}, behaviour{risk: elevated}},
	{"4000008400000407", Visa, "credit", "US", []string{"highFraudDisputeScore"}, behaviour{}},
	{"4000008400000159", Visa, "credit", "US", []string{"highEfwScore"}, behaviour{}},
	{"4000008400001017", Visa, "credit", "US", []string{"radarDynamicRiskThreshold"}, behaviour{}},
	{"4001858821843804", Visa, "credit", "US", []string{"freeTrialAbuseBlock"}, behaviour{}},
	{"4000008405600003", Visa, "credit", "US", []string{"adaptive3dsChallenge"}, behaviour{authentication: optional}},
	{"4000000000000101", Visa, "credit", "US", []string{"cvcCheckFail"}, behaviour{cvc: "fail"}},
	{"4000000000000036", Visa, "credit", "US", []string{"avsZipFail"}, behaviour{zip: "fail"}},
	{"4000058400307872", Visa, "credit", "US", []string{"cvcCheckFailElevatedRisk"}, behaviour{cvc: "fail", risk: elevated}},
	{"4000058400306072", Visa, "credit", "US", []string{"avsZipFailElevatedRisk"}, behaviour{zip: "fail", risk: elevated}},
	{"4000000000000028", Visa, "credit", "US", []string{"avsLine1Fail"}, behaviour{line1: "fail"}},
	{"4000000000000010", Visa, "credit", "US", []string{"avsFail"}, behaviour{zip: "fail", line1: "fail"}},
	{"4000000000000044", Visa, "credit", "US", []string{"avsUnchecked"}, behaviour{zip: "unavailable", line1: "unavailable"}},
	// A captcha is shown in a browser only.
	{"4000000000001208", Visa, "credit", "US", nil, behaviour{}},
	{"4000000000003725", Visa, "credit", "US", nil, behaviour{}},
}

// authorized is the outcome of a payment with a card that its bank takes.
func (r risk) authorized() Outcome {
	o := Outcome{Type: "authorized", NetworkStatus: "approved_by_network", RiskLevel: "normal", RiskScore: normalRisk, SellerMessage: "Payment complete."}
	if r == elevated {
		o.Type, o.Reason = "manual_review", "elevated_risk_level"
		o.SellerMessage = "Stripe evaluated this payment as having elevated risk, and placed it in your manual review queue."
	}
	r.rate(&o)
	return o
}

// declined is the outcome of a payment that is refused: by the bank, or before it is asked.
func (r risk) declined(d *Decline) Outcome {
	o := Outcome{Decline: d, RiskLevel: "normal", RiskScore: normalRisk}
	r.rate(&o)
	if r == blocked {
		o.Type, o.NetworkStatus, o.Reason = "blocked", "not_sent_to_network", "highest_risk_level"
		o.SellerMessage = "Stripe blocked this payment as too risky."
		return o
	}
	o.Type, o.NetworkStatus, o.Reason = "issuer_declined", "declined_by_network", d.reason()
	o.SellerMessage = "The bank returned the decline code `" + o.Reason + "`."
	if o.Reason == genericDecline {
		o.SellerMessage = "The bank did not return any further details with this decline."
	}
	return o
}

func (r risk) rate(o *Outcome) {
	switch r {
	case elevated:
		o.RiskLevel, o.RiskScore = "elevated", elevatedRisk
	case blocked:
		o.RiskLevel, o.RiskScore = "highest", highestRisk
	}
}
