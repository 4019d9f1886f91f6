package processor

import "strings"

// The failures of payouts, with the words that the API has for them.
var (
	payoutNoAccount  = &PayoutFailure{"no_account", "The bank account details on file are probably incorrect. No bank account could be located with those details."}
	payoutClosed     = &PayoutFailure{"account_closed", "The bank account has been closed."}
	payoutNoFunds    = &PayoutFailure{"insufficient_funds", "Your Stripe account has insufficient funds to cover the payout."}
	payoutNotAllowed = &PayoutFailure{"debit_not_authorized",
		"Debit transactions are not approved on your bank account. (Stripe requires bank accounts to be set up for both credit and debit payouts.)"}
	payoutImpossible = &PayoutFailure{"could_not_process", "The bank could not process this payout."}
	payoutCurrency   = &PayoutFailure{"invalid_currency",
		"The bank was unable to process this payout because of its currency. This is probably because the bank account cannot accept payments in that currency."}
)

// payoutCases are the failing accounts of each country: one digit, again and again, with another at the end.
var payoutCases = [...]struct {
	digit, end string
	fails      *PayoutFailure
}{
	{"1", "6", payoutNoAccount}, {"1", "3", payoutClosed}, {"2", "7", payoutNoFunds}, {"3", "5", payoutNotAllowed}, {"4", "0", payoutCurrency},
}

// payoutAccounts are the accounts that are paid into, of countries without IBANs. The United States have them among those
// for debits.
var payoutAccounts = [...]struct {
	country, routing, works string
	fail                    bool // the failing ones are published, too
}{
	{"AU", "110000", "000123456", true},
	{"BR", "1100000", "000123456789", true},
	{"CA", "11000000", "000123456789", true},
	{"GB", "108800", "00012345", true},
	{"HK", "110000", "000123456", true},
	{"IN", "HDFC0000261", "000123456789", true},
	{"JP", "1100000", "0001234", true},
	{"MX", "", "000000001234567897", false},
	{"MY", "TESTMYKL", "000123456000", false},
	{"NZ", "110000", "0000000010", false},
	{"SG", "1100000", "000123456", true},
	{"TH", "999", "000123456789", true},
}

// ibanCountries are those whose accounts are paid into by IBAN.
const ibanCountries = "AE AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MT NL NO PL PT RO SA SE SI SK SM TR"

// payoutIBAN is the account of the test IBANs; the last digit says what happens. It is published for Germany, and
// works with any country in front.
const payoutIBAN = "37040044053201300"

var payoutIBANs = [...]*PayoutFailure{nil, payoutNoAccount, payoutClosed, payoutNoFunds, payoutNotAllowed, payoutCurrency}

func payoutBanks() []testBank {
	var banks []testBank
	add := func(country, routing, number string, fails *PayoutFailure) {
		banks = append(banks, testBank{payouts, country, routing, number, nil, bankBehaviour{payout: fails}})
	}
	for _, a := range payoutAccounts {
		add(a.country, a.routing, a.works, nil)
		if !a.fail {
			continue
		}
		digits := min(len(a.works), 9)
		for _, c := range payoutCases {
			number := strings.Repeat("0", len(a.works)-digits) + strings.Repeat(c.digit, digits-1) + c.end
			add(a.country, a.routing, number, c.fails)
		}
	}
	for _, country := range strings.Fields(ibanCountries) {
		for i, fails := range payoutIBANs {
			add(country, "", payoutIBANOf(country, i), fails)
		}
	}
	return banks
}

// payoutIBANOf is the one form of a test IBAN that is kept; typed ones may have any check digits.
func payoutIBANOf(country string, last int) string {
	return country + "89" + payoutIBAN + string(rune('0'+last))
}

func paidInto(b bankBehaviour, fails *PayoutFailure) bankBehaviour {
	b.payout = fails
	return b
}

// Payout says why an account cannot be paid into.
func (Simulator) Payout(b Bank) *PayoutFailure {
	if b.behaviour == nil {
		return nil
	}
	return b.behaviour.payout
}

// PayoutToCard says why a debit card cannot be paid into.
func (Simulator) PayoutToCard(c Card) *PayoutFailure {
	if c.behaviour == nil {
		return nil
	}
	return c.behaviour.payout
}
