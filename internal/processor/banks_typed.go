package processor

import "strings"

// What is wrong with typed numbers. Param is the name without the hash around it.
var (
	routingDigits    = &Decline{Code: "routing_number_invalid", Param: "routing_number", Message: "Routing number must have 9 digits"}
	routingChecksum  = &Decline{Code: "routing_number_invalid", Param: "routing_number", Message: "Invalid routing number"}
	accountDigits    = &Decline{Code: "account_number_invalid", Param: "account_number", Message: "Account number must only have digits"}
	invalidAccount   = &Decline{Code: "account_number_invalid", Param: "account_number", Message: "The bank account number provided is invalid."}
	invalidIBAN      = &Decline{Code: "invalid_bank_account_iban", Param: "iban", Message: "The IBAN you entered is invalid."}
	unusableIBAN     = &Decline{Code: "bank_account_unusable", Param: "iban", Message: "The bank account provided cannot be used. Please use a different bank account."}
	unknownDebitType = &Decline{Code: "payment_method_invalid_parameter", Param: "type", Message: "No bank account can be typed for this payment method type."}
)

// seeTestNumbers ends the answers to numbers that may be real. Those are neither needed nor wanted here.
const seeTestNumbers = " or see more options at https://stripe.com/docs/connect/testing#account-numbers."

func useTestNumber(param, instead string) *Decline {
	return &Decline{Code: "account_number_invalid", Param: param, Message: "You must use a test bank account number in test mode. Try " + instead + seeTestNumbers}
}

func useTestRouting(param, instead string) *Decline {
	return &Decline{Code: "routing_number_invalid", Param: param, Message: "You must use a test routing number in test mode. Try " + instead + seeTestNumbers}
}

// debitSchemes are the types of payment methods that are a national account number: where they are, what their routing
// number is called, and the numbers to try.
var debitSchemes = map[string]struct{ country, routingParam, routing, number string }{
	"us_bank_account": {"US", "routing_number", achRouting, "000123456789"},
	"bacs_debit":      {"GB", "sort_code", bacsRouting, "00012345"},
	"au_becs_debit":   {"AU", "bsb_number", becsRouting, "000123456"},
	"nz_bank_account": {"NZ", "branch_code", nzRouting, "0000000010"},
	"acss_debit":      {"CA", "transit_number", acssRouting, "000123456789"},
}

// TypedBank reads a bank account: only the published numbers are accounts. Blanks and hyphens do not count.
func (Simulator) TypedBank(account, methodType string, d BankDetails) (Bank, *Decline) {
	d.Number, d.Routing, d.Country = bare(d.Number), bare(d.Routing), strings.ToUpper(d.Country)
	t, refused := typedBank(methodType, d)
	switch {
	case refused != nil:
		return Bank{}, refused
	case t.unusable != nil:
		return Bank{}, t.unusable
	}
	b := t.bank(account)
	b.Currency = d.Currency
	return b, nil
}

func typedBank(methodType string, d BankDetails) (*testBank, *Decline) {
	switch {
	case methodType == "sepa_debit":
		return typedIBAN(d.Number)
	case debitSchemes[methodType].country != "":
		return typedDebit(methodType, d)
	case methodType != "" && methodType != bankAccount:
		return nil, unknownDebitType
	case d.Country == "US" || d.Country == "":
		return typedDebit("us_bank_account", d)
	}
	return typedPayout(d)
}

func typedDebit(scheme string, d BankDetails) (*testBank, *Decline) {
	s := debitSchemes[scheme]
	if scheme == "us_bank_account" {
		if refused := checkABA(d.Routing); refused != nil {
			return nil, refused
		}
	}
	switch {
	case !digitsOnly(d.Number):
		return nil, accountDigits
	case d.Routing != s.routing:
		return nil, useTestRouting(s.routingParam, s.routing)
	}
	if t := bankByNumber[bankKey{scheme, s.country, d.Routing, d.Number}]; t != nil {
		return t, nil
	}
	return nil, useTestNumber("account_number", s.number)
}

// checkABA checks a routing number of the United States by its last digit.
func checkABA(routing string) *Decline {
	if len(routing) != 9 || !digitsOnly(routing) {
		return routingDigits
	}
	sum := 0
	for i, r := range routing {
		sum += int(r-'0') * [...]int{3, 7, 1}[i%3]
	}
	if sum%10 != 0 {
		return routingChecksum
	}
	return nil
}

func typedIBAN(number string) (*testBank, *Decline) {
	if !validIBAN(number) {
		return nil, invalidIBAN
	}
	if t := bankByNumber[bankKey{"sepa_debit", number[:2], "", number}]; t != nil {
		return t, nil
	}
	return nil, useTestNumber("iban", "DE89370400440532013000")
}

// typedPayout finds an account that is paid into. The country of an IBAN must be the account's.
func typedPayout(d BankDetails) (*testBank, *Decline) {
	for _, a := range payoutAccounts {
		if a.country != d.Country || strings.HasPrefix(d.Number, d.Country) {
			continue
		}
		if d.Routing != a.routing {
			return nil, useTestRouting("routing_number", a.routing)
		}
		if t := bankByNumber[bankKey{payouts, d.Country, d.Routing, d.Number}]; t != nil {
			return t, nil
		}
		return nil, useTestNumber("account_number", a.works)
	}
	if t := typedPayoutIBAN(d); t != nil {
		return t, nil
	}
	return nil, useTestNumber("account_number", payoutIBANOf(d.Country, 0))
}

func typedPayoutIBAN(d BankDetails) *testBank {
	if !strings.HasPrefix(d.Number, d.Country) || len(d.Number) < len("XX89") {
		return nil
	}
	number := d.Number
	if strings.HasPrefix(number[4:], payoutIBAN) {
		number = d.Country + "89" + number[4:]
	}
	if t := bankByNumber[bankKey{payouts, d.Country, "", number}]; t != nil {
		return t
	}
	return bankByNumber[bankKey{"sepa_debit", d.Country, "", number}]
}

// bare is a number without what is put between its groups.
func bare(number string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(number))
}

func digitsOnly(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
