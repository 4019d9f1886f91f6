package processor

// testCard is one published test number, the names of its tokens (without tok_) and what it does.
type testCard struct {
	number    string
	brand     Brand
	funding   string
	country   string
	names     []string
	behaviour behaviour
}

// behaviour is what a test card was made to show. The zero value is a card that works.
type behaviour struct {
	decline  *Decline // what each charge is answered
	keeps    bool     // can be attached to a customer although it declines
	needsCVC bool     // declines only if a security code was given
	risk     risk
	// Results of the checks; empty passes.
	cvc, zip, line1 string
}

type risk uint8

const (
	normal risk = iota
	elevated
	blocked
)

func (t *testCard) card(account string) Card {
	return Card{Number: t.number, Brand: t.brand, Funding: t.funding, Country: t.country, Fingerprint: Fingerprint(account, t.number), behaviour: &t.behaviour}
}

const genericDecline = "generic_decline"

// The declines, with the words that the API has for them.
var (
	declined       = &Decline{Code: "card_declined", DeclineCode: genericDecline, Message: "Your card was declined."}
	fraudulent     = &Decline{Code: "card_declined", DeclineCode: "fraudulent", Message: "Your card was declined."}
	noFunds        = &Decline{Code: "card_declined", DeclineCode: "insufficient_funds", Message: "Your card has insufficient funds."}
	lost           = &Decline{Code: "card_declined", DeclineCode: "lost_card", Message: "Your card was declined."}
	stolen         = &Decline{Code: "card_declined", DeclineCode: "stolen_card", Message: "Your card was declined."}
	tooOften       = &Decline{Code: "card_declined", DeclineCode: "card_velocity_exceeded", Message: "Your card was declined for making repeated attempts too frequently or exceeding its amount limit."}
	expired        = &Decline{Code: "expired_card", Param: "exp_month", Message: "Your card has expired."}
	incorrectCVC   = &Decline{Code: "incorrect_cvc", Param: "cvc", Message: "Your card's security code is incorrect."}
	processorFault = &Decline{Code: "processing_error", Message: "An error occurred while processing your card. Try again in a little bit."}
)

var testCards = [...]testCard{
	{"4242424242424242", Visa, "credit", "US", []string{"visa", "us"}, behaviour{}},
	{"4000056655665556", Visa, "debit", "US", []string{"visa_debit"}, behaviour{}},
	{"5555555555554444", Mastercard, "credit", "US", []string{"mastercard"}, behaviour{}},
	{"2223003122003222", Mastercard, "credit", "US", nil, behaviour{}},
	{"5200828282828210", Mastercard, "debit", "US", []string{"mastercard_debit"}, behaviour{}},
	{"5105105105105100", Mastercard, "prepaid", "US", []string{"mastercard_prepaid"}, behaviour{}},
	{"378282246310005", Amex, "credit", "US", []string{"amex"}, behaviour{}},
	{"371449635398431", Amex, "credit", "US", nil, behaviour{}},
	{"6011111111111117", Discover, "credit", "US", []string{"discover"}, behaviour{}},
	{"6011000990139424", Discover, "credit", "US", nil, behaviour{}},
	{"6011981111111113", Discover, "debit", "US", []string{"discover_debit"}, behaviour{}},
	{"3056930009020004", Diners, "credit", "US", []string{"diners"}, behaviour{}},
	{"36227206271667", Diners, "credit", "US", nil, behaviour{}},
	{"6555900000604105", Diners, "credit", "US", nil, behaviour{}},
	{"3566002020360505", JCB, "credit", "JP", []string{"jcb"}, behaviour{}},
	{"6200000000000005", UnionPay, "credit", "CN", []string{"unionpay"}, behaviour{}},
	{"6200000000000047", UnionPay, "debit", "CN", nil, behaviour{}},
	{"6205500000000000004", UnionPay, "credit", "CN", nil, behaviour{}},
	{"4000002500001001", Visa, "debit", "FR", []string{"visa_cartesBancaires"}, behaviour{}},
	{"5555552500001001", Mastercard, "debit", "FR", []string{"mastercard_cartesBancaires"}, behaviour{}},
	{"4000050360000001", Visa, "debit", "AU", []string{"visa_debit_eftposAuCoBranded"}, behaviour{}},
	{"5555050360000080", Mastercard, "debit", "AU", []string{"mastercard_debit_eftposAuCoBranded"}, behaviour{}},

	{"4000000000000002", Visa, "credit", "US", []string{"chargeDeclined", "visa_chargeDeclined"}, behaviour{decline: declined}},
	{"4000000000009995", Visa, "credit", "US", []string{"chargeDeclinedInsufficientFunds", "visa_chargeDeclinedInsufficientFunds", "visa_debit_chargeDeclinedInsufficientFunds"}, behaviour{decline: noFunds}},
	{"4000000000009987", Visa, "credit", "US", []string{"chargeDeclinedLostCard", "visa_chargeDeclinedLostCard"}, behaviour{decline: lost}},
	{"4000000000009979", Visa, "credit", "US", []string{"chargeDeclinedStolenCard", "visa_chargeDeclinedStolenCard"}, behaviour{decline: stolen}},
	{"4000000000000069", Visa, "credit", "US", []string{"chargeDeclinedExpiredCard", "visa_chargeDeclinedExpiredCard"}, behaviour{decline: expired}},
	{"4000000000000127", Visa, "credit", "US", []string{"chargeDeclinedIncorrectCvc", "visa_chargeDeclinedIncorrectCvc"}, behaviour{decline: incorrectCVC, needsCVC: true, cvc: "fail"}},
	{"4000000000000119", Visa, "credit", "US", []string{"chargeDeclinedProcessingError", "visa_chargeDeclinedProcessingError"}, behaviour{decline: processorFault}},
	{"4000000000006975", Visa, "credit", "US", []string{"chargeDeclinedVelocityLimitExceeded", "visa_chargeDeclinedVelocityLimitExceeded"}, behaviour{decline: tooOften}},
	{"4000000000000341", Visa, "credit", "US", []string{"chargeCustomerFail", "visa_chargeCustomerFail"}, behaviour{decline: declined, keeps: true}},

	{"4100000000000019", Visa, "credit", "US", []string{"radarBlock", "chargeDeclinedFraudulent", "visa_chargeDeclinedFraudulent"}, behaviour{decline: fraudulent, risk: blocked, keeps: true}},
	{"4000000000004954", Visa, "credit", "US", []string{"riskLevelHighest"}, behaviour{decline: fraudulent, risk: blocked, keeps: true}},
	{"4000000000009235", Visa, "credit", "US", []string{"riskLevelElevated"}, behaviour{risk: elevated}},
	{"4000000000000101", Visa, "credit", "US", []string{"cvcCheckFail"}, behaviour{cvc: "fail"}},
	{"4000000000000036", Visa, "credit", "US", []string{"avsZipFail"}, behaviour{zip: "fail"}},
	{"4000000000000028", Visa, "credit", "US", []string{"avsLine1Fail"}, behaviour{line1: "fail"}},
	{"4000000000000010", Visa, "credit", "US", []string{"avsFail"}, behaviour{zip: "fail", line1: "fail"}},
	{"4000000000000044", Visa, "credit", "US", []string{"avsUnchecked"}, behaviour{zip: "unavailable", line1: "unavailable"}},
}

// byName and byNumber find test cards by what a request may hold.
var byName, byNumber = func() (map[string]*testCard, map[string]*testCard) {
	names, numbers := map[string]*testCard{}, map[string]*testCard{}
	for i := range testCards {
		t := &testCards[i]
		numbers[t.number] = t
		for _, name := range t.names {
			names[name] = t
		}
	}
	return names, numbers
}()
