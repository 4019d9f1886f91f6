package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A cash balance holds the money that a customer has sent by bank transfer and that has paid for nothing yet. A customer
// has one, with an amount for each currency.
//
//	transfer arrives --> amount grows --payment takes it, refund sends it back--> amount shrinks
//
// Every change is a transaction: customer_cash_balance_transaction.go.
//
// The money in it is the customer's still: no balance transaction tells of it, and the account's balance does not have it,
// until a payment takes it. A refund into it leaves the account's balance, one out of it (origin=customer_balance) does not.
//
// Emits cash_balance.funds_available.
func init() {
	register(resource.Rules{Object: "cash_balance", Update: updateCashBalance})
}

// updateCashBalance sets how money that arrives finds what it is for.
func updateCashBalance(op *resource.Op) error {
	mode := op.Params.Object("settings").String("reconciliation_mode")
	if mode == "" {
		return nil
	}
	settings := op.Object.Object("settings")
	settings.Set("using_merchant_default", mode == "merchant_default")
	if mode == "merchant_default" {
		mode = "automatic" // what every account begins with
	}
	settings.Set("reconciliation_mode", mode)
	return nil
}

// keepCashHolder refuses to delete a customer who ever had cash, even if nothing is left.
func keepCashHolder(op *resource.Op) error {
	balance, err := op.Singleton("cash_balance", op.Object.ID())
	if err != nil || balance.Object("available").Len() == 0 {
		return err
	}
	return apierr.Invalid("", "", "You cannot delete the customer %s because they have a cash balance.", op.Object.ID())
}

// cashIn is what a customer has in a currency.
func cashIn(balance *object.Object, currency string) int64 {
	return balance.Object("available").Int(currency)
}

// moveCash changes a customer's cash balance by an amount and writes the transaction that says why: its type, and the
// hash of that name if it has one.
func moveCash(op *resource.Op, customer, currency string, amount int64, kind string, details *object.Object) (*object.Object, error) {
	balance, err := op.Singleton("cash_balance", customer)
	if err != nil {
		return nil, err
	}
	ending := cashIn(balance, currency) + amount
	if ending < 0 {
		return nil, lackOfCash(customer, -amount, ending-amount, currency)
	}
	balance.Sub("available").Set(currency, ending)
	op.Save(balance)
	params := newParams("customer", customer, "currency", currency)
	return op.Make("customer_cash_balance_transaction", customer, params, func(op *resource.Op) error {
		t := op.Object
		t.Set("type", kind)
		t.Set("net_amount", amount)
		t.Set("ending_balance", ending)
		if details != nil {
			t.Set(kind, details)
		}
		return nil
	})
}

func lackOfCash(customer string, asked, there int64, currency string) error {
	return apierr.Invalid("balance_insufficient", "amount", "Customer %s has %s in their cash balance, which is less than %s.",
		customer, money.FormatCode(there, currency), money.FormatCode(asked, currency))
}

// takeCash pays for a payment intent from its customer's cash balance, as far as the balance goes, and returns how much
// that was.
func takeCash(op *resource.Op, customer, currency string, amount int64, intent string) (taken int64, err error) {
	balance, err := op.Singleton("cash_balance", customer)
	if err != nil {
		return 0, err
	}
	if taken = min(amount, cashIn(balance, currency)); taken <= 0 {
		return 0, nil
	}
	_, err = moveCash(op, customer, currency, -taken, "applied_to_payment", newParams("payment_intent", intent))
	return taken, err
}

// returnCash gives back what a payment intent had taken and does not need: it was canceled, or it was overfunded.
func returnCash(op *resource.Op, customer, currency string, amount int64, intent string) error {
	_, err := moveCash(op, customer, currency, amount, "unapplied_from_payment", newParams("payment_intent", intent))
	return err
}

// refundToCash puts a refund of a payment by bank transfer into the customer's cash balance.
func refundToCash(op *resource.Op, customer string, refund *object.Object) error {
	_, err := moveCash(op, customer, refund.String("currency"), refund.Int("amount"), "refunded_from_payment", newParams("refund", refund.ID()))
	return err
}

// refundCash fills op.Object, a refund that sends money of a cash balance back to the customer's bank. The bank of a
// test account takes it at once.
func refundCash(op *resource.Op) error {
	refund, params := op.Object, op.Params
	for _, name := range []string{"customer", "currency", "amount"} {
		if !params.Has(name) {
			return missingParam(name)
		}
	}
	for _, name := range []string{"charge", "payment_intent"} {
		if params.Has(name) {
			return apierr.Invalid("", name, "You cannot specify `%s` when `origin` is `customer_balance`.", name)
		}
	}
	amount, currency := params.Int("amount"), params.String("currency")
	if amount < 1 {
		return apierr.Invalid("parameter_invalid_integer", "amount", "This value must be greater than or equal to 1.")
	}
	customer, err := op.Get("customer", params.String("customer"), "customer")
	if err != nil {
		return err
	}
	transfer, err := transferOf(currency)
	if err != nil {
		return err
	}
	refund.Set("amount", amount)
	refund.Set("currency", currency)
	refund.Set("customer", customer.ID())
	refund.Set("charge", nil)
	refund.Set("payment_intent", nil)
	refund.Set("status", "succeeded")
	refund.Set("destination_details", newParams(transfer.kind, object.New(nil), "type", transfer.kind))
	_, err = moveCash(op, customer.ID(), currency, -amount, "return_initiated", nil)
	return err
}
