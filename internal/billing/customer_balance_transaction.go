package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A customer balance transaction is an entry in what a customer owes us (positive) or has to their good (negative). The
// sum of all entries is the customer's balance.
//
// Emits customer.updated for the balance.
func init() {
	register(resource.Rules{Object: "customer_balance_transaction", Create: createBalanceEntry, Created: moveBalance})
}

func createBalanceEntry(op *resource.Op) error {
	entry := op.Object
	if err := checkCurrency(entry.String("currency")); err != nil {
		return err
	}
	customer, err := op.Get("customer", entry.Ref("customer"), "customer")
	if err != nil {
		return err
	}
	if known := customer.String("currency"); known != "" && known != entry.String("currency") {
		return apierr.Invalid("", "currency", "The customer's balance is in %s, so it cannot be changed by an amount in %s.", known, entry.String("currency"))
	}
	if op.Params.String("type") == "" {
		entry.Set("type", "adjustment")
	}
	if !op.Params.Has("ending_balance") {
		entry.Set("ending_balance", customer.Int("balance")+entry.Int("amount"))
	}
	return nil
}

// moveBalance gives the customer the balance that the entry ends with.
func moveBalance(op *resource.Op) error {
	entry := op.Object
	customer, err := op.Get("customer", entry.Ref("customer"), "customer")
	if err != nil {
		return err
	}
	ending := entry.Int("ending_balance")
	if customer.Int("balance") == ending && customer.String("currency") != "" {
		return nil
	}
	customer.Set("balance", ending)
	customer.Set("currency", entry.String("currency"))
	return op.EmitUpdated(customer)
}

// recordBalance writes the entry of a balance that was set.
func recordBalance(op *resource.Op, customer *object.Object, by int64, why string) error {
	currency := customer.String("currency")
	if currency == "" {
		currency = accountCurrency
	}
	_, err := op.CreateBelow("customer_balance_transaction", customer.ID(), newParams("customer", customer.ID(), "amount", by,
		"currency", currency, "type", why, "ending_balance", customer.Int("balance")))
	return err
}

// accountCurrency is what is used where nobody says another.
const accountCurrency = "usd"
