package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// ChargeMethod charges a payment method whose holder agrees to everything.
func ChargeMethod(op *resource.Op, pm *object.Object, amount int64, currency string) (*object.Object, error) {
	with := methodInstrument(op, pm)
	a := attempt{with: with, capture: true}
	a.answer = bank.Pay(with.method, processor.Attempt{Amount: amount, Currency: currency, Ready: true, Authenticated: true, Verified: true, Request3DS: "any"})
	return op.Make("charge", "", newParams("amount", amount, "currency", currency), a.charge)
}
