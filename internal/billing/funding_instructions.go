package billing

import (
	"crypto/sha256"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// Funding instructions tell a customer the bank account that their transfers go to. It is their own, and always the
// same: the numbers follow from the customer's id, and nothing is stored. The accounts do not exist; the numbers have
// the form and the check digits of real ones, and the banks say that they are for tests.
func init() {
	register(resource.Rules{
		Object:  "funding_instructions",
		Actions: resource.Actions{"POST /v1/customers/{customer}/funding_instructions": giveInstructions},
	})
}

// bankTransfer is one of the ways to send money, which go with a currency each.
type bankTransfer struct{ kind, currency, country string }

var bankTransfers = []bankTransfer{
	{"us_bank_transfer", "usd", "US"}, {"eu_bank_transfer", "eur", ""}, {"gb_bank_transfer", "gbp", "GB"},
	{"jp_bank_transfer", "jpy", "JP"}, {"mx_bank_transfer", "mxn", "MX"},
}

// transferOf is how money in a currency is sent.
func transferOf(currency string) (bankTransfer, error) {
	for _, t := range bankTransfers {
		if t.currency == currency {
			return t, nil
		}
	}
	return bankTransfer{}, apierr.Invalid("", "currency", "Bank transfers are not available in %s. Use usd, eur, gbp, jpy or mxn.", currency)
}

func giveInstructions(op *resource.Op) error {
	if op.Live() {
		return apierr.Invalid("", "", "Bank transfers are available in test mode only: no bank keeps accounts for this server's customers.")
	}
	currency, sent := op.Params.String("currency"), op.Params.Object("bank_transfer")
	i := slices.IndexFunc(bankTransfers, func(t bankTransfer) bool { return t.kind == sent.String("type") })
	t := bankTransfers[i]
	if t.currency != currency {
		return apierr.Invalid("", "currency", "The currency of a %s must be %s.", t.kind, t.currency)
	}
	if t.kind == "eu_bank_transfer" {
		t.country = sent.Object("eu_bank_transfer").String("country")
	}
	switch {
	case t.country == "":
		return missingParam("bank_transfer[eu_bank_transfer][country]")
	case t.kind == "eu_bank_transfer" && ibanLetters[t.country] == "":
		return apierr.Invalid("country_unsupported", "bank_transfer[eu_bank_transfer][country]", "Bank transfers go to accounts in BE, DE, ES, FR, IE or NL, and not in %s.", t.country)
	}
	addresses, err := requestedAddresses(t.addresses(op.Account(), op.Object.ID()), sent.Array("requested_address_types"))
	if err != nil {
		return err
	}
	transfer := newParams("country", t.country, "financial_addresses", addresses, "type", t.kind)
	op.Result = newParams("object", "funding_instructions", "bank_transfer", transfer, "currency", currency, "funding_type", "bank_transfer", "livemode", op.Live())
	return nil
}

// requestedAddresses are those of the types that were asked for; all if none was.
func requestedAddresses(all, types []any) ([]any, error) {
	if len(types) == 0 {
		return all, nil
	}
	out := slices.DeleteFunc(slices.Clone(all), func(a any) bool { return !slices.Contains(types, any(a.(*object.Object).String("type"))) })
	if len(out) == 0 {
		return nil, apierr.Invalid("", "bank_transfer[requested_address_types]", "None of the requested address types is available for this type of bank transfer.")
	}
	return out, nil
}

// addresses are the accounts that a customer's transfers go to.
func (t bankTransfer) addresses(account, customer string) []any {
	n := customerDigits(account, customer, t.kind, t.country)
	switch t.kind {
	case "us_bank_transfer":
		return []any{
			financialAddress("aba", []any{"ach", "domestic_wire_us"}, t.country, "account_number", "1111"+n[:10], "account_type", "checking", "bank_name", "US Test Bank", "routing_number", "999999999"),
			financialAddress("swift", []any{"swift"}, t.country, "account_number", "1111"+n[:10], "account_type", "checking", "bank_name", "US Test Bank", "swift_code", "TESTUSXXXXX"),
		}
	case "gb_bank_transfer":
		return []any{financialAddress("sort_code", []any{"fps", "bacs", "chaps"}, t.country, "account_number", n[:8], "sort_code", "200000")}
	case "jp_bank_transfer":
		return []any{financialAddress("zengin", []any{"zengin"}, t.country, "account_number", n[:7], "account_type", "futsu", "bank_code", "9999", "bank_name", "TEST BANK",
			"branch_code", n[7:10], "branch_name", "TEST BRANCH")}
	case "mx_bank_transfer":
		return []any{financialAddress("spei", []any{"spei"}, t.country, "bank_code", "999", "bank_name", "TEST BANK", "clabe", clabe("999180"+n[:11]))}
	}
	return []any{financialAddress("iban", []any{"sepa"}, t.country, "bic", "TEST"+t.country+"22XXX", "country", t.country, "iban", iban(t.country, n))}
}

// financialAddress is an account of one type; more are names and values of what identifies it.
func financialAddress(kind string, networks []any, country string, more ...any) *object.Object {
	postal := object.New(nil)
	for _, name := range []string{"city", "country", "line1", "line2", "postal_code", "state"} {
		postal.Set(name, nil)
	}
	postal.Set("country", country)
	record := newParams(append([]any{"account_holder_address", postal, "account_holder_name", "ShareSmart Test Account", "bank_address", postal.Clone()}, more...)...)
	return newParams(kind, record, "supported_networks", networks, "type", kind)
}

// customerDigits are digits that are always the same for the same words, and seem random.
func customerDigits(words ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(words, "/")))
	digits := fmt.Sprintf("%060s", new(big.Int).SetBytes(sum[:24]).String())
	return digits[len(digits)-30:]
}

// ibanLetters are the countries that have accounts for transfers in euros, and how the part of an IBAN behind its check
// digits is formed there: A is a letter of the bank's name, 0 a digit.
var ibanLetters = map[string]string{
	"BE": "000000000000", "DE": "000000000000000000", "ES": "00000000000000000000", "FR": "00000000000000000000000",
	"IE": "AAAA00000000000000", "NL": "AAAA0000000000",
}

// iban makes the IBAN of an account, with its check digits: ISO 13616.
func iban(country, digits string) string {
	form := ibanLetters[country]
	bank := strings.Count(form, "A")
	number := "TEST"[:bank] + digits[:len(form)-bank]
	return country + ibanCheck(number+country) + number
}

// ibanCheck is 98 less the rest of the number, letters written as 10 to 35, by 97.
func ibanCheck(text string) string {
	rest := 0
	for _, c := range text + "00" {
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return fmt.Sprintf("%02d", 98-rest)
}

// clabe adds the check digit to the 17 digits of a Mexican account.
func clabe(digits string) string {
	weights, sum := [3]int{3, 7, 1}, 0
	for i, c := range digits {
		sum += int(c-'0') * weights[i%3] % 10
	}
	return digits + string(rune('0'+(10-sum%10)%10))
}
