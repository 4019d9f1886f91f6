package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A customer balance transaction is an entry in what a customer owes us (positive) or has to their good (negative). Each
// currency has a balance of its own: the sum of its entries. The one in the customer's own currency is customer.balance;
// customer.invoice_credit_balance has all of them, with what is to the customer's good positive.
//
// An entry never changes but for its description and metadata. Clients write adjustments; the other types come with what
// they tell of:
//
//	initial, adjustment        the balance was set, with the customer or later, or by an entry
//	applied_to_invoice         an invoice was finalized; unapplied_from_invoice when that is voided
//	invoice_too_small, _large  what cannot be charged waits for the next invoice
//	invoice_overpaid           more was paid than was due
//	credit_note                a credit note gave it back
//
// Emits customer.updated for the balance.
func init() {
	register(resource.Rules{
		Object: "customer_balance_transaction", Create: createBalanceEntry, Created: moveBalance, Audit: auditBalances,
	})
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
	if op.Params.String("type") == "" {
		entry.Set("type", "adjustment")
	}
	if !op.Params.Has("ending_balance") {
		entry.Set("ending_balance", balanceIn(customer, entry.String("currency"))+entry.Int("amount"))
	}
	return nil
}

// balanceIn is what a customer owes or is owed in a currency.
func balanceIn(customer *object.Object, currency string) int64 {
	if known := customer.String("currency"); known != "" && known != currency {
		return -customer.Object("invoice_credit_balance").Int(currency)
	}
	return customer.Int("balance")
}

// moveBalance gives the customer the balance that the entry ends with. A customer without a currency gets the entry's.
func moveBalance(op *resource.Op) error {
	entry := op.Object
	customer, err := op.Get("customer", entry.Ref("customer"), "customer")
	if err != nil {
		return err
	}
	ending, currency := entry.Int("ending_balance"), entry.String("currency")
	customer.Sub("invoice_credit_balance").Set(currency, -ending)
	switch known := customer.String("currency"); {
	case known == currency && customer.Int("balance") == ending:
		op.Save(customer) // it was set, and is about to be told of
		return nil
	case known == "" || known == currency:
		customer.Set("currency", currency)
		customer.Set("balance", ending)
	}
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
