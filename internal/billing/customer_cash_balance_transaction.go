package billing

import (
	"fmt"
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A customer cash balance transaction is one change of a customer's cash balance. Transactions never change, and the
// ending_balance of the newest one in a currency is the balance.
//
//	funded                 a bank transfer arrived
//	applied_to_payment     a payment intent took it
//	unapplied_from_payment a payment intent gave it back
//	refunded_from_payment  a payment was refunded into the balance
//	return_initiated       it was sent back to the customer's bank
//
// Emits customer_cash_balance_transaction.created, and cash_balance.funds_available when money arrives.
func init() {
	register(resource.Rules{
		Object: "customer_cash_balance_transaction",
		Actions: resource.Actions{
			"POST /v1/test_helpers/customers/{customer}/fund_cash_balance": fundCashBalance,
		},
		Audit: auditCash,
	})
}

// fundCashBalance lets a bank transfer of the customer arrive.
func fundCashBalance(op *resource.Op) error {
	customer, amount, currency := op.Object, op.Params.Int("amount"), op.Params.String("currency")
	if op.Live() {
		return apierr.Invalid("", "", "This test helper can only be used with a test mode key.")
	}
	if err := checkCurrency(currency); err != nil {
		return err
	}
	switch {
	case amount < 1:
		return apierr.Invalid("parameter_invalid_integer", "amount", "This value must be greater than or equal to 1.")
	case amount > money.Maximum:
		return apierr.Invalid("amount_too_large", "amount", "Amount must be no more than %s", money.Format(money.Maximum, currency))
	}
	transfer, err := transferOf(currency)
	if err != nil {
		return err
	}
	made, err := moveCash(op, customer.ID(), currency, amount, "funded", newParams("bank_transfer", transfer.received(customer, op.Params.String("reference"))))
	if err != nil {
		return err
	}
	op.Object = made
	if err := reconcileAutomatically(op, customer.ID()); err != nil {
		return err
	}
	return announceCash(op, customer.ID(), currency)
}

// announceCash tells that a cash balance has money that nothing has taken.
func announceCash(op *resource.Op, customer, currency string) error {
	balance, err := op.Singleton("cash_balance", customer)
	if err != nil || cashIn(balance, currency) == 0 {
		return err
	}
	return op.Emit("cash_balance.funds_available", balance)
}

// received is what a transaction tells of the transfer that brought its money.
func (t bankTransfer) received(customer *object.Object, reference string) *object.Object {
	sender := customer.String("name")
	if sender == "" {
		sender = "Test Sender"
	}
	details := newParams("sender_name", sender)
	switch t.kind {
	case "us_bank_transfer":
		details = newParams("network", "ach", "sender_name", sender)
	case "eu_bank_transfer":
		details = newParams("bic", "BANKDEAAXXX", "iban_last4", "7089", "sender_name", sender)
	case "gb_bank_transfer":
		details = newParams("account_number_last4", "6789", "sender_name", sender, "sort_code", "108800")
	case "jp_bank_transfer":
		details = newParams("sender_bank", "STRIPE TEST BANK", "sender_branch", "STRIPE TEST BRANCH", "sender_name", sender)
	}
	out := object.New(nil)
	if t.kind != "mx_bank_transfer" { // of which Stripe tells nothing
		out.Set(t.kind, details)
	}
	out.Set("reference", textOrNull(reference))
	out.Set("type", t.kind)
	return out
}

// auditCash proves that every cash balance is the sum of its transactions, and never was less than nothing, and that what
// payment intents took is in them.
func auditCash(s *resource.Survey) (problems []string, err error) {
	sums, applied := map[string]int64{}, map[string]int64{}
	err = s.Each("customer_cash_balance_transaction", func(t *object.Object) error {
		for _, kind := range []string{"applied_to_payment", "unapplied_from_payment"} {
			if intent := t.Object(kind).Ref("payment_intent"); intent != "" {
				applied[intent] -= t.Int("net_amount")
			}
		}
		key := t.Ref("customer") + " in " + t.String("currency")
		sums[key] += t.Int("net_amount")
		if ending := t.Int("ending_balance"); ending != sums[key] || ending < 0 {
			problems = append(problems, fmt.Sprintf("cash balance transaction %s ends with %d, and the transactions so far add up to %d", t.ID(), ending, sums[key]))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = s.Each("cash_balance", func(balance *object.Object) error {
		for currency := range balance.Object("available").All() {
			key := balance.Ref("customer") + " in " + currency
			if there := cashIn(balance, currency); there != sums[key] {
				problems = append(problems, fmt.Sprintf("the cash balance of %s is %d, and its transactions add up to %d", key, there, sums[key]))
			}
			delete(sums, key)
		}
		return nil
	})
	for key, sum := range sums {
		if sum != 0 {
			problems = append(problems, fmt.Sprintf("there is no cash balance of %s, and its transactions add up to %d", key, sum))
		}
	}
	if err != nil {
		return nil, err
	}
	more, err := auditFunded(s, applied)
	problems = append(problems, more...)
	slices.Sort(problems)
	return problems, err
}

// auditFunded compares what payment intents took from cash balances with what they have of it: what waits for the rest, or
// was paid with it.
func auditFunded(s *resource.Survey, applied map[string]int64) (problems []string, err error) {
	paid := map[string]int64{}
	if err := s.Each("charge", func(c *object.Object) error {
		if c.Bool("paid") && c.Object("payment_method_details").String("type") == cashMethod {
			paid[c.Ref("payment_intent")] += c.Int("amount")
		}
		return nil
	}); err != nil {
		return nil, err
	}
	err = s.Each("payment_intent", func(pi *object.Object) error {
		private, err := s.Private("payment_intent", pi.ID())
		if has := private.Int("funded") + paid[pi.ID()]; has != applied[pi.ID()] {
			problems = append(problems, fmt.Sprintf("payment intent %s took %d from a cash balance, but has %d of it", pi.ID(), applied[pi.ID()], has))
		}
		return err
	})
	return problems, err
}
