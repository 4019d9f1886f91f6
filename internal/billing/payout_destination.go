package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// Payouts go to the external accounts of the account, which are kept by its platform (for an account of its own: by
// itself).

// payoutDestination is the external account that a payout is sent to: the one that is named, else the default for the
// currency, else the oldest.
//
// In test mode, an account of its own that has none for the currency gets the published test bank account, as every test
// account of Stripe's comes with one.
func payoutDestination(op *resource.Op, currency, id string) (*object.Object, error) {
	home, err := op.In(op.Platform())
	if err != nil {
		return nil, err
	}
	if id != "" {
		to, err := externalAccount(home, id)
		if err != nil {
			return nil, err
		}
		if to == nil || to.Ref("account") != op.Account() {
			return nil, apierr.MissingRef("external_account", id, "destination")
		}
		return to, nil
	}
	to, err := defaultDestination(home, op.Account(), currency)
	switch {
	case to != nil || err != nil:
		return to, err
	case op.Live() || op.Account() != op.Platform():
		return nil, apierr.Invalid("", "", "Sorry, you don't have any external accounts in that currency (%s).", currency)
	}
	return home.Make("bank_account", op.Account(), object.New(nil), func(op *resource.Op) error {
		return testBankAccount(op, currency)
	})
}

// externalKinds are what a payout can go to.
var externalKinds = []string{"bank_account", "card"}

func externalAccount(home *resource.Op, id string) (*object.Object, error) {
	for _, kind := range externalKinds {
		if to, err := home.Find(kind, id); to != nil || err != nil {
			return to, err
		}
	}
	return nil, nil
}

// ownExternal finds an external account of a connected account, which its platform keeps.
func ownExternal(op *resource.Op, id string) (string, error) {
	if op.Account() == op.Platform() {
		return "", nil
	}
	home, err := op.In(op.Platform())
	if err != nil {
		return "", err
	}
	to, err := externalAccount(home, id)
	if to == nil || err != nil || to.Ref("account") != op.Account() {
		return "", err
	}
	return id, nil
}

func defaultDestination(home *resource.Op, account, currency string) (*object.Object, error) {
	var found *object.Object
	for _, kind := range externalKinds {
		all, err := home.Lookup(kind, "account", account)
		if err != nil {
			return nil, err
		}
		for _, to := range all {
			if to.String("currency") != currency {
				continue
			}
			if to.Bool("default_for_currency") {
				return to, nil
			}
			if found == nil || found.String("object") == kind { // newest first
				found = to
			}
		}
	}
	return found, nil
}

// testBankAccount makes op.Object the published bank account that payouts arrive in.
func testBankAccount(op *resource.Op, currency string) error {
	b, declined := bank.TypedBank(op.Account(), "", processor.BankDetails{Country: "US", Currency: currency, Number: "000123456789", Routing: "110000000"})
	if declined != nil {
		return apierr.Invalid(declined.Code, "destination", "%s", declined.Message)
	}
	to := op.Object
	to.Set("account", op.Account())
	to.Set("bank_name", b.Name)
	to.Set("country", b.Country)
	to.Set("currency", currency)
	to.Set("default_for_currency", true)
	to.Set("fingerprint", b.Fingerprint)
	to.Set("last4", b.Last4())
	to.Set("routing_number", b.Routing)
	to.Set("status", "new")
	return nil
}

// destinationOf is the external account of a payout that was made.
func destinationOf(op *resource.Op, payout *object.Object) (*object.Object, error) {
	home, err := op.In(op.Platform())
	if err != nil {
		return nil, err
	}
	to, err := externalAccount(home, payout.Ref("destination"))
	if to == nil && err == nil {
		return nil, apierr.MissingRef("external_account", payout.Ref("destination"), "destination")
	}
	return to, err
}

// refusedPayout asks the bank whether a payout arrives; nil means that it does. One whose destination was deleted
// meanwhile finds nobody.
func refusedPayout(op *resource.Op, payout *object.Object) (*processor.PayoutFailure, error) {
	home, err := op.In(op.Platform())
	if err != nil {
		return nil, err
	}
	to, err := externalAccount(home, payout.Ref("destination"))
	switch {
	case err != nil:
		return nil, err
	case to == nil:
		return &processor.PayoutFailure{Code: "no_account", Message: "The bank account has been deleted."}, nil
	}
	kind := to.String("object")
	m, known := bank.Stored(home.Account(), kind, to.String("fingerprint"), to.String("cvc_check"))
	switch {
	case !known:
		return nil, nil
	case kind == "card":
		return bank.PayoutToCard(m.Card), nil
	}
	return bank.Payout(m.Bank), nil
}
