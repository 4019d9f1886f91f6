package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// posting is one movement of the account's money: a balance transaction to be.
type posting struct {
	kind        string // the transaction's type: charge, payment, refund, adjustment, payout ...
	source      string // the id of what moves the money
	amount      int64  // in the smallest unit; negative takes away
	currency    string
	fees        []fee
	available   bool // at once
	description string
}

// fee is what is kept of an amount.
type fee struct {
	kind        string // stripe_fee, application_fee, tax
	amount      int64
	description string
	application string
}

// post writes a movement down and returns its balance transaction.
func post(op *resource.Op, p posting) (*object.Object, error) {
	return op.Create("balance_transaction", newParams("amount", p.amount, "currency", p.currency, "type", p.kind, "source", p.source))
}

// postCharge writes down what a captured charge brought, less the fees.
func postCharge(op *resource.Op, charge *object.Object, available bool) error {
	t, err := post(op, posting{kind: "charge", source: charge.ID(), amount: charge.Int("amount_captured"), currency: charge.String("currency"), available: available, fees: applicationFees(op, charge)})
	if err != nil {
		return err
	}
	charge.Set("balance_transaction", t.ID())
	return settleConnect(op, charge)
}
