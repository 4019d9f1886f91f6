package billing

import (
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A tax association is the link between a payment intent and the tax calculation that it was told of
// (hooks.inputs.tax.calculation). Once the payment has succeeded, the tax is recorded as a transaction of the payment
// intent's id. It exists as long as the link does. There are no events.
func init() {
	register(resource.Rules{Object: "tax.association", Actions: resource.Actions{"GET /v1/tax/associations/find": findTaxAssociation}})
}

func findTaxAssociation(op *resource.Op) error {
	id := op.Params.String("payment_intent")
	intent, err := op.Get("payment_intent", id, "payment_intent")
	if err != nil {
		return err
	}
	linked := linkedCalculation(intent)
	if linked == "" {
		return apierr.Missing("tax.association", id, "payment_intent")
	}
	o, err := op.Draft("tax.association", object.New(nil))
	if err != nil {
		return err
	}
	o.Set("id", "taxa_"+strings.TrimPrefix(id, "pi_"))
	o.Set("calculation", linked)
	o.Set("payment_intent", id)
	attempts, err := taxAttempts(op, intent, linked)
	if err != nil {
		return err
	}
	o.Set("tax_transaction_attempts", attempts)
	op.Result = o
	return nil
}

// linkedCalculation is the calculation that a payment intent was told of, or empty.
func linkedCalculation(intent *object.Object) string {
	return intent.Object("hooks").Object("inputs").Object("tax").String("calculation")
}

// taxAttempts are the tries to record the tax of a payment: one, as soon as it has succeeded.
func taxAttempts(op *resource.Op, intent *object.Object, linked string) ([]any, error) {
	if intent.String("status") != succeeded {
		return []any{}, nil
	}
	made, err := op.Lookup("tax.transaction", "reference", intent.ID())
	if err != nil {
		return nil, err
	}
	attempt := newParams("source", intent.ID())
	if len(made) > 0 {
		attempt.Set("status", "committed")
		attempt.Set("committed", newParams("transaction", made[0].ID()))
		return []any{attempt}, nil
	}
	reason, err := unrecorded(op, intent, linked)
	if err != nil {
		return nil, err
	}
	attempt.Set("status", "errored")
	attempt.Set("errored", newParams("reason", reason))
	return []any{attempt}, nil
}

// unrecorded is why the tax of a payment could not be recorded, or empty if it can be.
func unrecorded(op *resource.Op, intent *object.Object, linked string) (string, error) {
	calculation, err := op.Find("tax.calculation", linked)
	if err != nil {
		return "", err
	}
	switch {
	case calculation == nil || calculation.Int("expires_at") <= op.Now().Unix():
		return "calculation_expired", nil
	case calculation.String("currency") != intent.String("currency"):
		return "currency_mismatch", nil
	}
	same, err := op.Lookup("tax.transaction", "reference", intent.ID())
	if err == nil && len(same) > 0 {
		return "unique_reference_violation", nil
	}
	return "", err
}

// commitTax records the tax of a payment that has succeeded, if it was linked to a calculation that is still good.
func commitTax(op *resource.Op, intent *object.Object) error {
	linked := linkedCalculation(intent)
	if linked == "" {
		return nil
	}
	if reason, err := unrecorded(op, intent, linked); err != nil || reason != "" {
		return err
	}
	calculation, err := op.Get("tax.calculation", linked, "")
	if err != nil {
		return err
	}
	_, err = commitCalculation(op, calculation, newParams("reference", intent.ID()))
	return err
}
