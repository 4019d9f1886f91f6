package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// changeExternal changes what may be changed of an external account, and lets it be the default of its currency.
func changeExternal(op *resource.Op) error {
	o := op.Object
	account, err := op.Get("account", o.Ref("account"), "account")
	if err != nil {
		return err
	}
	return changeExternalOf(op, account, o, op.Params)
}

func changeExternalOf(op *resource.Op, account, o, params *object.Object) error {
	if params.Has("default_for_currency") && !params.Bool("default_for_currency") && o.Bool("default_for_currency") {
		return apierr.Invalid("", "default_for_currency", "You cannot unset the default external account of a currency. Make another one the default instead.")
	}
	changes := params.Clone()
	for _, name := range []string{"exp_month", "exp_year"} {
		if params.Has(name) {
			o.Set(name, expiry(params, name))
			changes.Delete(name)
		}
	}
	if o.String("object") == "card" {
		if declined := processor.CheckExpiry(o.Int("exp_month"), o.Int("exp_year"), op.Now()); declined != nil {
			return cardError(declined, "")
		}
	}
	if err := op.Merge(o, changes); err != nil {
		return err
	}
	if err := op.EmitUpdated(o); err != nil {
		return err
	}
	if o.Bool("default_for_currency") {
		others, err := externalAccounts(op, account)
		if err != nil {
			return err
		}
		if err := dethrone(op, others, o); err != nil {
			return err
		}
	}
	return reviewAndTell(op, account)
}

// removeExternal forgets an external account. The default of a currency goes only as the last one of it.
func removeExternal(op *resource.Op) error {
	o := op.Object
	account, err := op.Get("account", o.Ref("account"), "account")
	if err != nil {
		return err
	}
	if o.Bool("default_for_currency") && o.String("currency") == account.String("default_currency") {
		return apierr.Invalid("", "", "You cannot delete the default external account for your default currency. Please make another external account the default using the `default_for_currency` param, and then delete this one.")
	}
	if err := op.Delete(o); err != nil {
		return err
	}
	return reviewAndTell(op, account)
}
