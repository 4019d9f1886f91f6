package billing

import (
	"slices"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// Country specs are reference data: what an account of each country that Stripe serves may be paid in and out, and what
// must be known about its owner.
func init() {
	register(resource.Rules{Object: "country_spec", Reference: countrySpecs})
}

// country is one that accounts may be based in.
type country struct {
	code     string
	currency string // of its own
	payouts  string // other currencies that a bank account there may hold
	region   string // of those that it may send money to: "europe", or empty for itself alone
}

var countries = []country{
	{"AE", "aed", "usd", ""}, {"AT", "eur", european, "europe"}, {"AU", "aud", "", ""}, {"BE", "eur", european, "europe"},
	{"BG", "eur", european, "europe"}, {"BR", "brl", "", ""}, {"CA", "cad", "usd", "europe"}, {"CH", "chf", european, "europe"},
	{"CY", "eur", european, "europe"}, {"CZ", "czk", european, "europe"}, {"DE", "eur", european, "europe"},
	{"DK", "dkk", european, "europe"}, {"EE", "eur", european, "europe"}, {"ES", "eur", european, "europe"},
	{"FI", "eur", european, "europe"}, {"FR", "eur", european, "europe"}, {"GB", "gbp", european, "europe"},
	{"GI", "gbp", european, "europe"}, {"GR", "eur", european, "europe"}, {"HK", "hkd", "usd", ""}, {"HR", "eur", european, "europe"},
	{"HU", "huf", european, "europe"}, {"IE", "eur", european, "europe"}, {"IN", "inr", "", ""}, {"IT", "eur", european, "europe"},
	{"JP", "jpy", "", ""}, {"LI", "chf", european, "europe"}, {"LT", "eur", european, "europe"}, {"LU", "eur", european, "europe"},
	{"LV", "eur", european, "europe"}, {"MT", "eur", european, "europe"}, {"MX", "mxn", "", ""}, {"MY", "myr", "", ""},
	{"NL", "eur", european, "europe"}, {"NO", "nok", european, "europe"}, {"NZ", "nzd", "", ""}, {"PL", "pln", european, "europe"},
	{"PT", "eur", european, "europe"}, {"RO", "ron", european, "europe"}, {"SE", "sek", european, "europe"},
	{"SG", "sgd", "usd", ""}, {"SI", "eur", european, "europe"}, {"SK", "eur", european, "europe"}, {"TH", "thb", "", ""},
	{"US", "usd", "", ""},
}

// european are the currencies that accounts of the European single market and its neighbours may be paid out in.
const european = "chf czk dkk eur gbp huf nok pln ron sek usd"

// americanTransfers are where an account in the United States may send money to.
const americanTransfers = "AE AG AL AM AO AR AT AU AZ BA BD BE BG BH BJ BN BO BS BT BW CA CH CI CL CO CR CY CZ DE DK DO DZ EC " +
	"EE EG ES ET FI FR GA GB GH GM GR GT GY HK HR HU ID IE IL IN IS IT JM JO JP KE KH KR KW KZ LA LC LI LK LT LU LV MA MC MD MG " +
	"MK MN MO MT MU MX MY MZ NA NE NG NL NO NZ OM PA PE PH PK PL PT PY QA RO RS RW SA SE SG SI SK SM SN SV TH TN TR TT TW TZ " +
	"US UY UZ VN ZA"

func countrySpecs() []*object.Object {
	out := make([]*object.Object, 0, len(countries))
	for _, c := range countries {
		o := object.New(spec.Component("country_spec"))
		o.Set("id", c.code)
		o.Set("object", "country_spec")
		o.Set("default_currency", c.currency)
		o.Set("supported_bank_account_currencies", c.bankAccounts())
		o.Set("supported_payment_currencies", c.paymentCurrencies())
		o.Set("supported_payment_methods", c.paymentMethods())
		o.Set("supported_transfer_countries", c.transferCountries())
		o.Set("verification_fields", c.verificationFields())
		out = append(out, o)
	}
	return out
}

// bankAccounts says for each currency in which countries a bank account may be.
func (c country) bankAccounts() *object.Object {
	o := object.New(nil)
	o.Set(c.currency, c.banksOf(c.currency))
	for _, currency := range strings.Fields(c.payouts) {
		if currency != c.currency {
			o.Set(currency, c.banksOf(currency))
		}
	}
	return o
}

func (c country) banksOf(currency string) []string {
	if c.payouts == "" || c.payouts == "usd" {
		if currency == c.currency {
			return []string{c.code}
		}
		return []string{c.code, "US"}
	}
	if currency == "usd" {
		return []string{"US"}
	}
	var codes []string
	for _, other := range countries {
		if other.payouts == european && (other.currency == currency || currency == "eur") {
			codes = append(codes, other.code)
		}
	}
	return codes
}

// paymentCurrencies lists the country's own currency first. Accounts in Brazil can charge in no other.
func (c country) paymentCurrencies() []string {
	if c.code == "BR" {
		return []string{"brl"}
	}
	out := []string{c.currency}
	for _, currency := range currencies() {
		if currency != c.currency {
			out = append(out, currency)
		}
	}
	return out
}

func (c country) paymentMethods() []string {
	if c.code == "US" {
		return []string{"ach", "card", "stripe"}
	}
	return []string{"card", "stripe"}
}

func (c country) transferCountries() []string {
	switch {
	case c.code == "US":
		return strings.Fields(americanTransfers)
	case c.region == "":
		return []string{c.code}
	}
	codes := []string{"US"}
	for _, other := range countries {
		if other.region == c.region {
			codes = append(codes, other.code)
		}
	}
	slices.Sort(codes)
	return codes
}
