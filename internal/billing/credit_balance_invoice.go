package billing

import (
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How credits pay for what an invoice asks for metered prices: when it becomes final, after discounts and before tax.
// What was paid so is in pretax_credit_amounts of the lines and of the invoice, and is given back if that is voided.

// isMeteredLine reports whether a line of an invoice is of a metered price. It costs a read of the price, once.
func isMeteredLine(op *resource.Op, line *object.Object) (bool, error) {
	id, _ := line.At("pricing", "price_details", "price").(string)
	if id == "" {
		return false, nil
	}
	price, err := op.Find("price", id)
	return price.Object("recurring").Ref("meter") != "", err
}

// credit applies the customer's credits to the lines of an invoice that becomes final, and takes them from what the lines
// cost, which nets are.
// Emits billing.credit_balance_transaction.created.
func (b *bill) credit(op *resource.Op, nets []int64) error {
	if !b.final {
		return nil
	}
	var lines []creditable
	for i, line := range b.lines {
		metered, err := isMeteredLine(op, line)
		if err != nil {
			return err
		}
		if metered && nets[i] > 0 {
			price, _ := line.At("pricing", "price_details", "price").(string)
			lines = append(lines, creditable{invoice: b.in.ID(), line: line.ID(), price: price, amount: nets[i]})
		}
	}
	applied, err := applyCredits(op, b.in.Ref("customer"), b.in.String("currency"), lines)
	if err != nil {
		return err
	}
	for _, a := range applied {
		nets[slices.IndexFunc(b.lines, func(line *object.Object) bool { return line.ID() == a.line })] -= a.amount
	}
	b.credits = applied
	return nil
}

// creditsOf are the credits that pay for a line, as its pretax_credit_amounts tell; those of all lines if it is nil.
func (b *bill) creditsOf(line *object.Object) []any {
	var out []any
	for _, a := range b.credits {
		if line == nil || a.line == line.ID() {
			out = append(out, newParams("amount", a.amount, "credit_balance_transaction", a.transaction, "type", "credit_balance_transaction"))
		}
	}
	return out
}

// creditedOn is what credits have paid of an invoice.
func creditedOn(in *object.Object) (sum int64) {
	for _, v := range in.Array("total_pretax_credit_amounts") {
		if c := v.(*object.Object); c.String("type") == "credit_balance_transaction" {
			sum += c.Int("amount")
		}
	}
	return sum
}
