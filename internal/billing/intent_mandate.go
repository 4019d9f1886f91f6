package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// debits are the types of payment methods that need their holder's permission.
var debits = map[string]bool{
	"acss_debit": true, "au_becs_debit": true, "bacs_debit": true, "nz_bank_account": true, "sepa_debit": true, "us_bank_account": true,
}

// mandateTerms is what an intent knows of its customer's permission: the mandate that the method has from before, the one
// that the request names, and what the customer has agreed to just now.
type mandateTerms struct {
	known, named string
	acceptance   *object.Object
}

// agree is the id of the mandate under which a method is debited: one from before, or a new one. It is empty for a method
// that needs none.
func (m mandateTerms) agree(op *resource.Op, pm *object.Object, multiUse bool, amount int64, currency string) (string, error) {
	if !debits[pm.String("type")] {
		return "", nil
	}
	if m.named != "" {
		mandate, err := op.Get("mandate", m.named, "mandate")
		if err != nil {
			return "", err
		}
		if mandate.Ref("payment_method") != pm.ID() || mandate.String("status") == "inactive" {
			return "", apierr.Invalid("payment_intent_mandate_invalid", "mandate", "The provided mandate is invalid and can not be used for the payment intent.")
		}
		return m.named, nil
	}
	if m.known != "" && m.acceptance == nil {
		return m.known, nil
	}
	mandate, err := makeMandate(op, pm, m.acceptance, multiUse, amount, currency)
	if err != nil || !multiUse {
		return mandate.ID(), err
	}
	return mandate.ID(), noteMethod(op, pm, "mandate", mandate.ID())
}
