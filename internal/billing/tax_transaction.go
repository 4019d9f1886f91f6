package billing

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A tax transaction records tax that was collected, from a calculation, or takes some of it back.
//
//	calculation --create_from_calculation--> transaction --create_reversal, again and again--> reversals
//
// It never changes. What all reversals take back of a line is never more than what the line had. There are no events.
// Reversals are in tax_reversal.go.
func init() {
	register(resource.Rules{
		Object: "tax.transaction",
		Index: map[string]func(o *object.Object) []string{
			"reference": at("reference"), "reversed": at("reversal", "original_transaction"),
		},
		Actions: resource.Actions{
			"POST /v1/tax/transactions/create_from_calculation": createTaxTransaction,
			"POST /v1/tax/transactions/create_reversal":         createTaxReversal,
		},
	})
}

func createTaxTransaction(op *resource.Op) error {
	calculation, err := op.Get("tax.calculation", op.Params.String("calculation"), "calculation")
	if err != nil {
		return err
	}
	if calculation.Int("expires_at") <= op.Now().Unix() {
		return apierr.Invalid("", "calculation", "The tax calculation %s has expired. Create a new one.", calculation.ID())
	}
	if err := checkReference(op, op.Params.String("reference")); err != nil {
		return err
	}
	op.Result, err = commitCalculation(op, calculation, op.Params)
	return err
}

// commitCalculation makes a transaction of a calculation and its lines.
func commitCalculation(op *resource.Op, calculation, params *object.Object) (*object.Object, error) {
	lines, err := op.Below("tax.calculation_line_item", calculation)
	if err != nil {
		return nil, err
	}
	transaction, err := recordTax(op, calculation, params)
	if err != nil {
		return nil, err
	}
	for _, line := range slices.Backward(lines) { // the last first, as lists begin with the newest
		if _, err := keepTaxLine(op, transaction, line, nil); err != nil {
			return nil, err
		}
	}
	return transaction, nil
}

// checkReference keeps the references of transactions apart.
func checkReference(op *resource.Op, reference string) error {
	if reference == "" {
		return missingParam("reference")
	}
	same, err := op.Lookup("tax.transaction", "reference", reference)
	if err != nil {
		return err
	}
	if len(same) > 0 {
		return apierr.Invalid("resource_already_exists", "reference", "A tax transaction with the reference %s already exists: %s.", reference, same[0].ID())
	}
	return nil
}

// recordTax makes a transaction that is about the same sale as a calculation or another transaction.
func recordTax(op *resource.Op, from, params *object.Object) (*object.Object, error) {
	return op.Make("tax.transaction", "", object.New(nil), func(op *resource.Op) error {
		t := op.Object
		for _, name := range []string{"currency", "customer", "customer_details", "ship_from_details", "tax_date"} {
			v := from.Get(name)
			if part, ok := v.(*object.Object); ok {
				v = part.Clone()
			}
			t.Set(name, v)
		}
		t.Delete("line_items")
		t.Set("metadata", params.Get("metadata"))
		t.Set("posted_at", op.Now().Unix())
		if params.Has("posted_at") {
			t.Set("posted_at", params.Int("posted_at"))
		}
		t.Set("reference", params.String("reference"))
		t.Set("reversal", nil)
		t.Set("shipping_cost", nil)
		if cost := from.Object("shipping_cost"); cost != nil {
			kept := cost.Clone()
			kept.Delete("tax_breakdown")
			t.Set("shipping_cost", kept)
		}
		t.Set("type", "transaction")
		return nil
	})
}

// keepTaxLine writes a line of a transaction: as it was in the calculation, or what of it is taken back.
func keepTaxLine(op *resource.Op, transaction, line *object.Object, back *takenBack) (*object.Object, error) {
	return op.Make("tax.transaction_line_item", transaction.ID(), object.New(nil), func(op *resource.Op) error {
		o := op.Object
		for _, name := range []string{"amount", "amount_tax", "metadata", "product", "quantity", "reference", "tax_behavior", "tax_code"} {
			v := line.Get(name)
			if part, ok := v.(*object.Object); ok {
				v = part.Clone()
			}
			o.Set(name, v)
		}
		o.Set("reversal", nil)
		o.Set("type", "transaction")
		if back != nil {
			back.fill(o, line.ID())
		}
		return nil
	})
}
