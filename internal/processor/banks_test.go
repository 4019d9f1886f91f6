package processor

import (
	"strings"
	"testing"
)

// settlement says how a payment ends that its bank takes time for, in a few words.
func settlement(s Settlement) string {
	words := []string{"succeeds"}
	if s.Decline != nil {
		words[0] = s.Decline.Code
	}
	if s.Never {
		words[0] = "never"
	}
	if s.After == delayed {
		words = append(words, "later")
	}
	if s.EndsMandate {
		words = append(words, "no mandate")
	}
	return strings.Join(words, " ")
}

func TestBankDebits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ scheme, country, routing, number, token, want string }{
		{"us_bank_account", "US", "110000000", "000123456789", "pm_usBankAccount_success", "processing available: succeeds"},
		{"us_bank_account", "US", "110000000", "000111111113", "pm_usBankAccount_accountClosed", "processing available: account_closed no mandate"},
		{"us_bank_account", "US", "110000000", "000111111116", "pm_usBankAccount_noAccount", "processing available: no_account no mandate"},
		{"us_bank_account", "US", "110000000", "000222222227", "pm_usBankAccount_insufficientFunds", "processing available: insufficient_funds"},
		{"us_bank_account", "US", "110000000", "000333333335", "pm_usBankAccount_debitNotAuthorized", "processing available: debit_not_authorized no mandate"},
		{"us_bank_account", "US", "110000000", "000444444440", "pm_usBankAccount_invalidCurrency", "processing available: invalid_currency"},
		{"us_bank_account", "US", "110000000", "000555555559", "pm_usBankAccount_dispute", "processing dispute:debit_not_authorized available: succeeds"},
		{"us_bank_account", "US", "110000000", "000666666661", "pm_usBankAccount_failMicrodeposits", "microdeposit: payment_method_microdeposit_failed"},
		{"us_bank_account", "US", "110000000", "000777777771", "pm_usBankAccount_weeklyLimitExceeded", "blocked charge_exceeds_source_limit/"},
		{"us_bank_account", "US", "110000000", "000000004954", "pm_usBankAccount_riskLevelHighest", "blocked card_declined/fraudulent"},
		{"us_bank_account", "US", "110000000", "000000000009", "pm_usBankAccount_processing", "processing available: never"},
		{"us_bank_account", "US", "110000000", "000888888885", "", "processing available: tokenized_account_number_deactivated"},

		{"bacs_debit", "GB", "10-88-00", "00012345", "pm_bacsDebit_success", "processing: succeeds"},
		{"bacs_debit", "GB", "108800", "90012345", "pm_bacsDebit_successDelayed", "processing: succeeds later"},
		{"bacs_debit", "GB", "108800", "33333335", "pm_bacsDebit_debitNotAuthorized", "processing: debit_not_authorized no mandate"},
		{"bacs_debit", "GB", "108800", "93333335", "pm_bacsDebit_debitNotAuthorizedDelayed", "processing: debit_not_authorized later no mandate"},
		{"bacs_debit", "GB", "108800", "22222227", "pm_bacsDebit_insufficientFunds", "processing: insufficient_funds"},
		{"bacs_debit", "GB", "108800", "92222227", "pm_bacsDebit_insufficientFundsDelayed", "processing: insufficient_funds later"},
		{"bacs_debit", "GB", "108800", "55555559", "pm_bacsDebit_dispute", "processing dispute:debit_not_authorized: succeeds later"},
		{"bacs_debit", "GB", "108800", "00033333", "pm_bacsDebit_mandateRefused", "processing: debit_not_authorized no mandate"},
		{"bacs_debit", "GB", "108800", "34343434", "pm_bacsDebit_exceedsWeeklyLimit", "blocked charge_exceeds_source_limit/"},
		{"bacs_debit", "GB", "108800", "12121212", "pm_bacsDebit_exceedsTransactionLimit", "blocked charge_exceeds_transaction_limit/"},

		{"au_becs_debit", "AU", "000-000", "000123456", "pm_auBecsDebit_success", "processing: succeeds"},
		{"au_becs_debit", "AU", "000000", "900123456", "pm_auBecsDebit_successDelayed", "processing: succeeds later"},
		{"au_becs_debit", "AU", "000000", "111111113", "pm_auBecsDebit_accountClosed", "processing: account_closed no mandate"},
		{"au_becs_debit", "AU", "000000", "111111116", "pm_auBecsDebit_noAccount", "processing: no_account no mandate"},
		{"au_becs_debit", "AU", "000000", "222222227", "pm_auBecsDebit_referToCustomer", "processing: refer_to_customer"},
		{"au_becs_debit", "AU", "000000", "922222227", "pm_auBecsDebit_referToCustomerDelayed", "processing: refer_to_customer later"},
		{"au_becs_debit", "AU", "000000", "333333335", "pm_auBecsDebit_debitNotAuthorized", "processing: debit_not_authorized no mandate"},
		{"au_becs_debit", "AU", "000000", "666666660", "pm_auBecsDebit_dispute", "processing dispute:debit_not_authorized: succeeds"},
		{"au_becs_debit", "AU", "000000", "343434343", "pm_auBecsDebit_exceedsWeeklyLimit", "blocked charge_exceeds_source_limit/"},
		{"au_becs_debit", "AU", "000000", "121212121", "pm_auBecsDebit_exceedsTransactionLimit", "blocked charge_exceeds_transaction_limit/"},

		{"nz_bank_account", "NZ", "110000", "0000000010", "pm_nzBankAccount_success", "processing: succeeds"},
		{"nz_bank_account", "NZ", "110000", "2222222027", "pm_nzBankAccount_insufficientFunds", "processing: insufficient_funds"},
		{"nz_bank_account", "NZ", "110000", "8888888000", "pm_nzBankAccount_referToCustomer", "processing: refer_to_customer"},
		{"nz_bank_account", "NZ", "110000", "1111111016", "pm_nzBankAccount_noAccount", "processing: no_account no mandate"},
		{"nz_bank_account", "NZ", "110000", "5555555059", "pm_nzBankAccount_debitNotAuthorized", "processing: debit_not_authorized no mandate"},
		{"nz_bank_account", "NZ", "110000", "9999999000", "pm_nzBankAccount_processing", "processing: never"},

		{"acss_debit", "CA", "11000-000", "000123456789", "pm_acssDebit_success", "processing: succeeds"},
		{"acss_debit", "CA", "11000000", "900123456789", "", "processing: succeeds later"},
		{"acss_debit", "CA", "11000000", "000222222227", "pm_acssDebit_insufficientFunds", "processing: insufficient_funds"},
		{"acss_debit", "CA", "11000000", "900222222227", "", "processing: insufficient_funds later"},
		{"acss_debit", "CA", "11000000", "000111111113", "pm_acssDebit_accountClosed", "processing: account_closed no mandate"},
		{"acss_debit", "CA", "11000000", "000111111116", "pm_acssDebit_noAccount", "processing: no_account no mandate"},
		{"acss_debit", "CA", "11000000", "000333333335", "pm_acssDebit_debitNotAuthorized", "processing: debit_not_authorized no mandate"},
		{"acss_debit", "CA", "11000000", "000555555559", "pm_acssDebit_dispute", "processing dispute:debit_not_authorized: succeeds"},
		{"acss_debit", "CA", "11000000", "000666666661", "", "microdeposit: payment_method_microdeposit_failed"},
		{"acss_debit", "CA", "11000000", "000777777771", "", "blocked charge_exceeds_source_limit/"},
		{"acss_debit", "CA", "11000000", "000888888881", "", "blocked charge_exceeds_transaction_limit/"},
	} {
		bank, refused := Simulator{}.TypedBank(account, c.scheme, BankDetails{Country: c.country, Number: c.number, Routing: c.routing})
		if refused != nil {
			t.Errorf("%s %s: %+v", c.scheme, c.number, refused)
			continue
		}
		if bank.Country != c.country || bank.Last4() != c.number[len(c.number)-4:] || bank.Verified {
			t.Errorf("%s %s: %+v", c.scheme, c.number, bank)
		}
		checkDebit(t, Method{Type: c.scheme, Bank: bank}, c.want)
		if c.token == "" {
			continue
		}
		m, known := Simulator{}.Template(account, c.token, now)
		if !known || m.Type != c.scheme || m.Bank.Fingerprint != bank.Fingerprint || !m.Bank.Verified {
			t.Errorf("%s is %+v (%t)", c.token, m, known)
		}
	}
}

// checkDebit compares what becomes of a payment with a verified account, now and when it is found again.
func checkDebit(t *testing.T, m Method, want string) {
	t.Helper()
	kept, known := Simulator{}.Stored(account, m.Type, m.Bank.Fingerprint, "")
	if !known || kept.Type != m.Type || kept.Bank.Number != m.Bank.Number {
		t.Errorf("%s is not found again: %+v", m.Bank.Number, kept)
	}
	for _, m := range []Method{m, kept} {
		a := Simulator{}.Pay(m, Attempt{Amount: 100, Currency: "usd", Verified: true})
		got := summary(m, a)
		if a.Step == Processing || a.Step == Microdeposit || a.Step == Voucher {
			got += ": " + settlement(a.Settlement)
		}
		if got != want {
			t.Errorf("%s %s: %s, want %s", m.Type, m.Bank.Number, got, want)
		}
		if a.Step == Processing && (a.Outcome.Decline != nil || a.Outcome.Type != "authorized" || a.Outcome.RiskLevel != "not_assessed") {
			t.Errorf("%s %s: outcome %+v", m.Type, m.Bank.Number, a.Outcome)
		}
	}
}

// Whose account it is has to be proved where the scheme wants it, and before anything else is done.
func TestProofOfBankAccount(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		scheme, country, routing, number string
		attempt                          Attempt
		want                             Step
	}{
		{"us_bank_account", "US", "110000000", "000123456789", Attempt{}, Microdeposit},
		{"us_bank_account", "US", "110000000", "000123456789", Attempt{Setup: true}, Microdeposit},
		{"us_bank_account", "US", "110000000", "000123456789", Attempt{Setup: true, Verified: true}, Approved},
		{"us_bank_account", "US", "110000000", "000123456789", Attempt{OffSession: true, Verified: true}, Processing},
		{"us_bank_account", "US", "110000000", "000777777771", Attempt{Setup: true, Verified: true}, Approved},
		{"acss_debit", "CA", "11000000", "000123456789", Attempt{}, Microdeposit},
		{"bank_account", "US", "110000000", "000123456789", Attempt{}, Processing}, // a source says itself whether it is verified
		{"sepa_debit", "", "", "DE89370400440532013000", Attempt{}, Processing},
		{"sepa_debit", "", "", "DE89370400440532013000", Attempt{Setup: true}, Approved},
		{"bacs_debit", "GB", "108800", "00012345", Attempt{}, Processing},
		{"au_becs_debit", "AU", "000000", "000123456", Attempt{Setup: true}, Approved},
	} {
		bank, refused := Simulator{}.TypedBank(account, c.scheme, BankDetails{Country: c.country, Number: c.number, Routing: c.routing})
		if refused != nil {
			t.Errorf("%s: %+v", c.number, refused)
			continue
		}
		if a := (Simulator{}).Pay(Method{Type: c.scheme, Bank: bank}, c.attempt); a.Step != c.want || a.Settlement.EndsMandate {
			t.Errorf("%s %s, %+v: %+v, want step %d", c.scheme, c.number, c.attempt, a, c.want)
		}
	}
	m, _ := Simulator{}.Template(account, "pm_usBankAccount_success", now)
	if a := (Simulator{}).Pay(m, Attempt{}); a.Step != Processing {
		t.Errorf("a template needs a proof: %+v", a)
	}
	m, _ = Simulator{}.Template(account, "pm_bacsDebit_mandateRefused", now)
	if a := (Simulator{}).Pay(m, Attempt{Setup: true}); a.Step != Approved || !a.Settlement.EndsMandate {
		t.Errorf("the mandate is not refused at once: %+v", a)
	}
}

func TestTypedBankRefusals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		scheme      string
		details     BankDetails
		code, param string
	}{
		{"us_bank_account", BankDetails{Number: "000123456789", Routing: "11000000"}, "routing_number_invalid", "routing_number"},
		{"us_bank_account", BankDetails{Number: "000123456789", Routing: "110000001"}, "routing_number_invalid", "routing_number"},
		{"us_bank_account", BankDetails{Number: "000123456789", Routing: "021000021"}, "routing_number_invalid", "routing_number"},
		{"us_bank_account", BankDetails{Number: "", Routing: "110000000"}, "account_number_invalid", "account_number"},
		{"us_bank_account", BankDetails{Number: "12x", Routing: "110000000"}, "account_number_invalid", "account_number"},
		{"us_bank_account", BankDetails{Number: "000123456780", Routing: "110000000"}, "account_number_invalid", "account_number"},
		{"bacs_debit", BankDetails{Number: "00044444", Routing: "108800"}, "account_number_invalid", "account_number"},
		{"bacs_debit", BankDetails{Number: "00012345", Routing: "200000"}, "routing_number_invalid", "sort_code"},
		{"au_becs_debit", BankDetails{Number: "000123456", Routing: "110000"}, "routing_number_invalid", "bsb_number"},
		{"acss_debit", BankDetails{Number: "000123456789", Routing: "10012004"}, "routing_number_invalid", "transit_number"},
		{"sepa_debit", BankDetails{Number: "DE89370400440532013001"}, "invalid_bank_account_iban", "iban"}, // check digits
		{"sepa_debit", BankDetails{Number: "DE"}, "invalid_bank_account_iban", "iban"},
		{"sepa_debit", BankDetails{Number: "DE8937040044053201300_"}, "invalid_bank_account_iban", "iban"},
		{"sepa_debit", BankDetails{Number: "DE02120300000000202051"}, "account_number_invalid", "iban"}, // may be real
		{"sepa_debit", BankDetails{Number: "AT511904300000066666"}, "bank_account_unusable", "iban"},
		{"", BankDetails{Country: "US", Number: "000123456780", Routing: "110000000"}, "account_number_invalid", "account_number"},
		{"", BankDetails{Country: "GB", Number: "12345678", Routing: "108800"}, "account_number_invalid", "account_number"},
		{"", BankDetails{Country: "GB", Number: "00012345", Routing: "200000"}, "routing_number_invalid", "routing_number"},
		{"", BankDetails{Country: "FR", Number: "DE89370400440532013000"}, "account_number_invalid", "account_number"},
		{"", BankDetails{Country: "DE", Number: "DE02120300000000202051"}, "account_number_invalid", "account_number"},
		{"", BankDetails{Country: "KP", Number: "1", Routing: "1"}, "account_number_invalid", "account_number"},
		{"ideal", BankDetails{Number: "000123456789", Routing: "110000000"}, "payment_method_invalid_parameter", "type"},
	} {
		_, refused := Simulator{}.TypedBank(account, c.scheme, c.details)
		if refused == nil || refused.Code != c.code || refused.Param != c.param || refused.Message == "" {
			t.Errorf("%s %+v: %+v, want %s of %s", c.scheme, c.details, refused, c.code, c.param)
		}
	}
}

func TestCheckDeposits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		amounts []int64
		code    string
		want    DepositCheck
	}{
		{[]int64{32, 45}, "", DepositsMatch}, {[]int64{45, 32}, "", DepositsMatch}, {nil, "SM11AA", DepositsMatch},
		{[]int64{10, 11}, "", DepositsTooMany}, {nil, "SM33CC", DepositsTooMany},
		{[]int64{40, 41}, "", DepositsTimeout}, {nil, "SM44DD", DepositsTimeout},
		{[]int64{1, 2}, "", DepositsDiffer}, {[]int64{32}, "", DepositsDiffer}, {nil, "", DepositsDiffer}, {nil, "SM99ZZ", DepositsDiffer},
		{[]int64{32, 45}, "SM33CC", DepositsTooMany},
	} {
		if got := (Simulator{}).CheckDeposits(Bank{}, c.amounts, c.code); got != c.want {
			t.Errorf("%v %q: %s, want %s", c.amounts, c.code, got, c.want)
		}
	}
}

// Every account has a fingerprint of its own in each account, and a token stands for one thing.
func TestBankFingerprints(t *testing.T) {
	t.Parallel()
	seen, tokens := map[string]string{}, map[string]bool{}
	for i := range testBanks {
		b := &testBanks[i]
		f := Fingerprint(account, b.identity())
		if other, taken := seen[f]; taken {
			t.Errorf("%s and %s have the same fingerprint", b.identity(), other)
		}
		seen[f] = b.identity()
		if bankOf(account, f) != b {
			t.Errorf("%s is not found again", b.identity())
		}
		for _, name := range b.names {
			if tokens[name] {
				t.Errorf("%s stands for two accounts", name)
			}
			tokens[name] = true
		}
	}
	if _, ok := (Simulator{}).Stored(account, "sepa_debit", "nobody", ""); ok {
		t.Error("an unknown fingerprint finds a bank account")
	}
}
