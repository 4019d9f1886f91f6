package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// BillTax works out the taxes of amounts in a currency that are billed to a customer, as invoices tell them.
func BillTax(op *resource.Op, customer *object.Object, currency, behavior string, amounts ...int64) (taxes [][]any, status string, err error) {
	within, err := taxesWithin(op, behavior, currency, "price")
	if err != nil {
		return nil, "", err
	}
	lines := make([]taxable, len(amounts))
	for i, amount := range amounts {
		lines[i] = taxable{amount: amount, inclusive: within}
	}
	all, status, err := automaticTax(op, customer, lines, op.Now())
	for _, line := range all {
		taxes = append(taxes, taxObjects(line))
	}
	return taxes, status, err
}
