package billing

import (
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// The balance is what an account has: the totals of its books (ledger_books.go), in Stripe's form.
//
// Emits balance.available when money that was pending is there.
func init() {
	register(resource.Rules{
		Object:  "balance",
		Actions: resource.Actions{"GET /v1/balance": showBalance},
		Audit:   auditLedger,
		Timers:  map[string]resource.Hook{fundsRelease: releaseFunds, fundsSweep: sweepFunds},
	})
}

func showBalance(op *resource.Op) error {
	b, err := openBooks(op)
	if err != nil {
		return err
	}
	op.Object = b.balance
	showFunds(b)
	op.Result = b.balance
	return nil
}

// funds are the balances that a payment method can have for itself.
var funds = []string{"bank_account", cardFund, "fpx"}

// showFunds puts what is in the books into the balance.
func showFunds(b *books) {
	totals := b.private.Object("totals")
	currencies := slices.Sorted(slices.Values(totals.Keys()))
	if len(currencies) == 0 {
		currencies = []string{"usd"}
	}
	var there, coming, reserved, instant []any
	for _, currency := range currencies {
		there = append(there, fundsOf(totals.Object(currency), currency, "available."))
		coming = append(coming, fundsOf(totals.Object(currency), currency, "pending."))
		instant = append(instant, fundsOf(totals.Object(currency), currency, "available."))
		reserved = append(reserved, newParams("amount", 0, "currency", currency))
	}
	b.balance.Set("available", there)
	b.balance.Set("connect_reserved", reserved)
	b.balance.Set("instant_available", instant)
	b.balance.Set("pending", coming)
}

// fundsOf is the amount in all books of a currency that begin with prefix, and what of it is in which.
func fundsOf(totals *object.Object, currency, prefix string) *object.Object {
	var sum int64
	sources := object.New(nil)
	for _, fund := range funds {
		if held := totals.Int(prefix + fund); held != 0 || fund == cardFund {
			sources.Set(fund, held)
			sum += held
		}
	}
	return newParams("amount", sum, "currency", currency, "source_types", sources)
}
