package processor

// The refusals of banks, with the words that the API has for them.
var (
	bankNoFunds    = &Decline{Code: "insufficient_funds", Message: "The customer's account has insufficient funds to cover this payment."}
	bankClosed     = &Decline{Code: "account_closed", Message: "The customer's bank account has been closed."}
	bankNoAccount  = &Decline{Code: "no_account", Message: "The customer's bank account could not be located."}
	bankNotAllowed = &Decline{Code: "debit_not_authorized", Message: "The customer has notified their bank that this payment was unauthorized."}
	// mandateRefused is the same to the seller; but the bank never took the mandate.
	mandateRefused  = &Decline{Code: "debit_not_authorized", Message: "The customer's bank has refused the mandate."}
	bankCurrency    = &Decline{Code: "invalid_currency", Message: "The bank was unable to process this payment because of its currency."}
	referToCustomer = &Decline{Code: "refer_to_customer", Message: "The customer's bank has refused this payment. Ask the customer to contact it."}
	bankCannot      = &Decline{Code: "generic_could_not_process", Message: "This payment could not be processed."}
	deactivated     = &Decline{Code: "tokenized_account_number_deactivated", Message: "The customer's tokenized account number has been deactivated."}
	noDeposits      = &Decline{Code: "payment_method_microdeposit_failed", Message: "Microdeposit transfers failed. Please check the account, institution and transit numbers provided."}

	volumeLimit = &Decline{Code: "charge_exceeds_source_limit",
		Message: "This payment would cause the account to exceed its weekly payment volume limit."}
	weeklyLimit      = &Decline{Code: "charge_exceeds_weekly_limit", Message: "This payment exceeds the account's weekly transaction limit."}
	transactionLimit = &Decline{Code: "charge_exceeds_transaction_limit", Message: "This payment exceeds the account's transaction limit."}
	bankFraud        = &Decline{Code: "card_declined", DeclineCode: "fraudulent", Message: "The payment was blocked as too risky."}
)

func settles(d *Decline) bankBehaviour {
	return bankBehaviour{settlement: Settlement{Decline: d, EndsMandate: d == bankClosed || d == bankNoAccount || d == bankNotAllowed || d == mandateRefused}}
}

// slowly lets an account do the same after a while.
func slowly(b bankBehaviour) bankBehaviour {
	b.settlement.After = delayed
	return b
}

func refuses(d *Decline) bankBehaviour { return bankBehaviour{refused: d} }

func disputed(b bankBehaviour) bankBehaviour {
	b.aftermath.Disputes = []DisputeCase{{Reason: "debit_not_authorized"}}
	return b
}

// ach lets the money of a payment be there at once, and a payout fail.
func ach(b bankBehaviour, payout *PayoutFailure) bankBehaviour {
	b.aftermath.Available, b.payout = true, payout
	return b
}

var works = bankBehaviour{}

const (
	achRouting  = "110000000"
	bacsRouting = "108800"
	becsRouting = "000000"
	nzRouting   = "110000"   // bank code 11, branch code 0000
	acssRouting = "11000000" // transit number 11000, institution number 000
)

// achBanks are the accounts of the United States, for debits and for payouts.
var achBanks = []testBank{
	{"us_bank_account", "US", achRouting, "000123456789", []string{"pm_usBankAccount_success", "btok_us_verified", unverified}, ach(works, nil)},
	{"us_bank_account", "US", achRouting, "000111111113", []string{"pm_usBankAccount_accountClosed", "btok_us_verified_accountClosed"}, ach(settles(bankClosed), payoutClosed)},
	{"us_bank_account", "US", achRouting, "000111111116", []string{"pm_usBankAccount_noAccount", "btok_us_verified_noAccount"}, ach(settles(bankNoAccount), payoutNoAccount)},
	{"us_bank_account", "US", achRouting, "000222222227", []string{"pm_usBankAccount_insufficientFunds", "btok_us_verified_insufficientFunds"}, ach(settles(bankNoFunds), payoutNoFunds)},
	{"us_bank_account", "US", achRouting, "000333333335", []string{"pm_usBankAccount_debitNotAuthorized", "btok_us_verified_debitNotAuthorized"}, ach(settles(bankNotAllowed), payoutNotAllowed)},
	{"us_bank_account", "US", achRouting, "000444444440", []string{"pm_usBankAccount_invalidCurrency", "btok_us_verified_invalidCurrency"}, ach(settles(bankCurrency), payoutCurrency)},
	{"us_bank_account", "US", achRouting, "000555555559", []string{"pm_usBankAccount_dispute"}, ach(disputed(works), nil)},
	{"us_bank_account", "US", achRouting, "000666666661", []string{"pm_usBankAccount_failMicrodeposits"}, bankBehaviour{depositsFail: true}},
	{"us_bank_account", "US", achRouting, "000777777771", []string{"pm_usBankAccount_weeklyLimitExceeded"}, refuses(volumeLimit)},
	{"us_bank_account", "US", achRouting, "000000004954", []string{"pm_usBankAccount_riskLevelHighest"}, bankBehaviour{refused: bankFraud, risk: blocked}},
	{"us_bank_account", "US", achRouting, "000000000009", []string{"pm_usBankAccount_processing"}, ach(bankBehaviour{settlement: Settlement{Never: true}}, nil)},
	{"us_bank_account", "US", achRouting, "000888888885", nil, ach(settles(deactivated), nil)},
	// Those that differ only where a payout is instant, or where an owner is verified.
	{"us_bank_account", "US", achRouting, "000888888883", nil, ach(works, nil)},
	{"us_bank_account", "US", achRouting, "000999999991", nil, ach(works, nil)},
	{"us_bank_account", "US", achRouting, "000999999992", nil, ach(works, nil)},
}

// bacsBanks are the accounts of the United Kingdom.
var bacsBanks = []testBank{
	{"bacs_debit", "GB", bacsRouting, "00012345", []string{"pm_bacsDebit_success"}, works},
	{"bacs_debit", "GB", bacsRouting, "90012345", []string{"pm_bacsDebit_successDelayed"}, slowly(works)},
	{"bacs_debit", "GB", bacsRouting, "33333335", []string{"pm_bacsDebit_debitNotAuthorized"}, settles(bankNotAllowed)},
	{"bacs_debit", "GB", bacsRouting, "93333335", []string{"pm_bacsDebit_debitNotAuthorizedDelayed"}, slowly(settles(bankNotAllowed))},
	{"bacs_debit", "GB", bacsRouting, "22222227", []string{"pm_bacsDebit_insufficientFunds"}, settles(bankNoFunds)},
	{"bacs_debit", "GB", bacsRouting, "92222227", []string{"pm_bacsDebit_insufficientFundsDelayed"}, slowly(settles(bankNoFunds))},
	{"bacs_debit", "GB", bacsRouting, "55555559", []string{"pm_bacsDebit_dispute"}, slowly(disputed(works))},
	{"bacs_debit", "GB", bacsRouting, "00033333", []string{"pm_bacsDebit_mandateRefused"}, settles(mandateRefused)},
	{"bacs_debit", "GB", bacsRouting, "00044444", nil, bankBehaviour{unusable: invalidAccount}},
	{"bacs_debit", "GB", bacsRouting, "34343434", []string{"pm_bacsDebit_exceedsWeeklyLimit"}, refuses(volumeLimit)},
	{"bacs_debit", "GB", bacsRouting, "12121212", []string{"pm_bacsDebit_exceedsTransactionLimit"}, refuses(transactionLimit)},
}

// becsBanks are the accounts of Australia.
var becsBanks = []testBank{
	{"au_becs_debit", "AU", becsRouting, "000123456", []string{"pm_auBecsDebit_success"}, works},
	{"au_becs_debit", "AU", becsRouting, "900123456", []string{"pm_auBecsDebit_successDelayed"}, slowly(works)},
	{"au_becs_debit", "AU", becsRouting, "111111113", []string{"pm_auBecsDebit_accountClosed"}, settles(bankClosed)},
	{"au_becs_debit", "AU", becsRouting, "111111116", []string{"pm_auBecsDebit_noAccount"}, settles(bankNoAccount)},
	{"au_becs_debit", "AU", becsRouting, "222222227", []string{"pm_auBecsDebit_referToCustomer"}, settles(referToCustomer)},
	{"au_becs_debit", "AU", becsRouting, "922222227", []string{"pm_auBecsDebit_referToCustomerDelayed"}, slowly(settles(referToCustomer))},
	{"au_becs_debit", "AU", becsRouting, "333333335", []string{"pm_auBecsDebit_debitNotAuthorized"}, settles(bankNotAllowed)},
	{"au_becs_debit", "AU", becsRouting, "666666660", []string{"pm_auBecsDebit_dispute"}, disputed(works)},
	{"au_becs_debit", "AU", becsRouting, "343434343", []string{"pm_auBecsDebit_exceedsWeeklyLimit"}, refuses(volumeLimit)},
	{"au_becs_debit", "AU", becsRouting, "121212121", []string{"pm_auBecsDebit_exceedsTransactionLimit"}, refuses(transactionLimit)},
}

// nzBanks are the accounts of New Zealand.
var nzBanks = []testBank{
	{"nz_bank_account", "NZ", nzRouting, "0000000010", []string{"pm_nzBankAccount_success"}, works},
	{"nz_bank_account", "NZ", nzRouting, "2222222027", []string{"pm_nzBankAccount_insufficientFunds"}, settles(bankNoFunds)},
	{"nz_bank_account", "NZ", nzRouting, "8888888000", []string{"pm_nzBankAccount_referToCustomer"}, settles(referToCustomer)},
	{"nz_bank_account", "NZ", nzRouting, "1111111016", []string{"pm_nzBankAccount_noAccount"}, settles(bankNoAccount)},
	{"nz_bank_account", "NZ", nzRouting, "5555555059", []string{"pm_nzBankAccount_debitNotAuthorized"}, settles(bankNotAllowed)},
	{"nz_bank_account", "NZ", nzRouting, "9999999000", []string{"pm_nzBankAccount_processing"}, bankBehaviour{settlement: Settlement{Never: true}}},
}

// acssBanks are the accounts of Canada.
var acssBanks = []testBank{
	{"acss_debit", "CA", acssRouting, "000123456789", []string{"pm_acssDebit_success"}, works},
	{"acss_debit", "CA", acssRouting, "900123456789", nil, slowly(works)},
	{"acss_debit", "CA", acssRouting, "000222222227", []string{"pm_acssDebit_insufficientFunds"}, settles(bankNoFunds)},
	{"acss_debit", "CA", acssRouting, "900222222227", nil, slowly(settles(bankNoFunds))},
	{"acss_debit", "CA", acssRouting, "000111111113", []string{"pm_acssDebit_accountClosed"}, settles(bankClosed)},
	{"acss_debit", "CA", acssRouting, "000111111116", []string{"pm_acssDebit_noAccount"}, settles(bankNoAccount)},
	{"acss_debit", "CA", acssRouting, "000333333335", []string{"pm_acssDebit_debitNotAuthorized"}, settles(bankNotAllowed)},
	{"acss_debit", "CA", acssRouting, "000555555559", []string{"pm_acssDebit_dispute"}, disputed(works)},
	{"acss_debit", "CA", acssRouting, "000666666661", nil, bankBehaviour{depositsFail: true}},
	{"acss_debit", "CA", acssRouting, "000777777771", nil, refuses(volumeLimit)},
	{"acss_debit", "CA", acssRouting, "000888888881", nil, refuses(transactionLimit)},
}
