package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// A bank account belongs to a customer, who pays from it, or to a connected account, which is paid into it.
//
//	(new) --verify with the two amounts that were deposited--> verified
//	(new) --wrong amounts, ten times, or the bank refuses--> verification_failed
//
// Only a verified account can be charged.
//
// Emits customer.source.created, .updated, .deleted, or the same of account.external_account.
func init() {
	register(resource.Rules{
		Object:      "bank_account",
		EventFamily: sourceFamily,
		Created:     makeDefaultSource, Delete: deleteSource, Resolve: ownExternal,
		Actions: resource.Actions{
			"POST /v1/customers/{customer}/bank_accounts/{id}/verify": verifyBankAccount,
			"POST /v1/customers/{customer}/sources/{id}/verify":       verifyBankAccount,
		},
	})
}

// maxDepositGuesses is how often the amounts of the deposits may be wrong.
const maxDepositGuesses = 10

// bankSource is a bank account that a request wants to use: its own id, if it has one already, and what is known of its
// holder.
type bankSource struct {
	id     string
	bank   processor.Bank
	holder *object.Object
}

// typedAccount reads a bank account as its holder typed it, to pay from or to be paid into.
func typedAccount(op *resource.Op, typed *object.Object, param string) (bankSource, error) {
	d := processor.BankDetails{
		Country: typed.String("country"), Currency: typed.String("currency"),
		Number: plainNumber(typed.String("account_number")), Routing: plainNumber(typed.String("routing_number")),
	}
	switch {
	case d.Number == "":
		return bankSource{}, missingParam(inside(param, "account_number"))
	case d.Country == "":
		return bankSource{}, missingParam(inside(param, "country"))
	case d.Country == "US" && d.Routing == "":
		return bankSource{}, missingParam(inside(param, "routing_number"))
	case d.Country == "US" && d.Currency == "":
		d.Currency = "usd"
	case d.Currency == "":
		return bankSource{}, missingParam(inside(param, "currency"))
	}
	b, declined := bank.TypedBank(op.Account(), "", d)
	if declined != nil {
		return bankSource{}, bankError(declined, param)
	}
	holder := typed.Clone()
	holder.Set("country", d.Country)
	holder.Set("currency", d.Currency)
	return bankSource{bank: b, holder: holder}, nil
}

// fields are what a bank account shows.
func (s bankSource) fields() *object.Object {
	f := newParams("country", s.holder.String("country"), "currency", s.holder.String("currency"), "bank_name", s.bank.Name, "fingerprint", s.bank.Fingerprint,
		"last4", s.bank.Last4(), "routing_number", s.bank.Routing, "status", "new")
	if s.bank.Verified {
		f.Set("status", "verified")
	}
	for _, name := range []string{"account_holder_name", "account_holder_type", "account_type"} {
		f.Set(name, textOrNull(s.holder.String(name)))
	}
	return f
}

// keepBankAccount keeps a bank account with a customer. The same account is not kept twice.
func keepBankAccount(op *resource.Op, customer string, s bankSource, metadata *object.Object) (*object.Object, error) {
	kept, err := op.Lookup("bank_account", "customer", customer)
	if err != nil {
		return nil, err
	}
	for _, other := range kept {
		if other.String("fingerprint") == s.bank.Fingerprint {
			return nil, apierr.Invalid("bank_account_exists", "", "A bank account with that routing number and account number already exists for this customer.")
		}
	}
	fields := s.fields()
	fields.Set("customer", customer)
	if metadata != nil {
		fields.Set("metadata", metadata)
	}
	if s.id != "" {
		op.Choose("bank_account", s.id)
	}
	return op.CreateBelow("bank_account", customer, fields)
}

// verifyBankAccount compares what the holder tells of the two deposits.
// Emits customer.source.updated when the status changes.
func verifyBankAccount(op *resource.Op) error {
	account := op.Object
	switch account.String("status") {
	case "new", "validated":
	case "verified":
		return apierr.Invalid("", "", "This bank account has already been verified.")
	default:
		return depositsFailed("This bank account cannot be verified any more: its verification has failed.")
	}
	amounts, err := depositAmounts(op.Params)
	if err != nil {
		return err
	}
	switch bank.CheckDeposits(keptBank(op, account), amounts, "") {
	case processor.DepositsMatch:
		account.Set("status", "verified")
		return op.EmitUpdated(account)
	case processor.DepositsTooMany:
		return failVerification(op, account, "You have exceeded the number of allowed verification attempts.")
	case processor.DepositsTimeout:
		return failVerification(op, account, "The deposits in this bank account are too long ago to be verified.")
	}
	return wrongDeposits(op, account)
}

// depositAmounts are the two amounts that a holder tells, in cents.
func depositAmounts(params *object.Object) ([]int64, error) {
	const deposits = 2
	sent := params.Array("amounts")
	switch {
	case len(sent) == 0:
		return nil, missingParam("amounts")
	case len(sent) != deposits:
		return nil, apierr.Invalid("", "amounts", "You must give the two amounts that were deposited in the bank account.")
	}
	amounts := make([]int64, deposits)
	for i, v := range sent {
		amounts[i], _ = v.(int64)
	}
	return amounts, nil
}

// wrongDeposits counts the guesses of a holder.
func wrongDeposits(op *resource.Op, account *object.Object) error {
	private, err := op.Private(account)
	if err != nil {
		return err
	}
	guesses := private.Int("deposit_guesses") + 1
	if guesses >= maxDepositGuesses {
		return failVerification(op, account, "You have exceeded the number of allowed verification attempts.")
	}
	private.Set("deposit_guesses", guesses)
	if err := op.SetPrivate(account, private); err != nil {
		return err
	}
	return resource.ErrKept{Err: depositsFailed("The amounts provided do not match the amounts that were sent to the bank account.")}
}

func failVerification(op *resource.Op, account *object.Object, why string) error {
	account.Set("status", "verification_failed")
	if err := op.EmitUpdated(account); err != nil {
		return err
	}
	return resource.ErrKept{Err: depositsFailed(why)}
}

func depositsFailed(message string) *apierr.Error {
	return apierr.Invalid("bank_account_verification_failed", "", "%s", message)
}

// keptBank is what the processor knows of a bank account that was kept.
func keptBank(op *resource.Op, kept *object.Object) processor.Bank {
	m, _ := bank.Stored(op.Account(), "bank_account", kept.String("fingerprint"), "")
	return m.Bank
}

// bankInstrument is a customer's bank account, ready to be charged.
func bankInstrument(op *resource.Op, kept *object.Object) (instrument, error) {
	if kept.String("status") != "verified" {
		return instrument{}, apierr.Invalid("bank_account_unverified", "", "The customer's bank account must be verified in order to create an ACH payment.")
	}
	holder := newParams("name", kept.String("account_holder_name"))
	return instrument{
		id: kept.ID(), method: processor.Method{Type: "bank_account", Bank: keptBank(op, kept)}, detailType: "ach_debit",
		shown: kept, billing: fullBillingDetails(holder),
	}, nil
}

// sourceFamily is what the events of a bank account or card are called.
func sourceFamily(o *object.Object) string {
	if isExternal(o) {
		return "account.external_account"
	}
	return "customer.source"
}
