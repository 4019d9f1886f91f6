package billing

import (
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// What follows when the money of a charge was taken: its balance transaction, what a connected account gets of it, and
// what the test method was made to show.

// chargeSettlement is the timer that makes the balance transaction of a charge a moment after it.
const chargeSettlement = "charge.settle"

// settleFunds makes the balance transaction of a captured charge if it is not there yet.
// Emits charge.updated.
func settleFunds(op *resource.Op) error { return settleCharge(op, op.Object) }

func settleCharge(op *resource.Op, charge *object.Object) error {
	if charge.Ref("balance_transaction") != "" || !charge.Bool("captured") || charge.String("status") != "succeeded" {
		return nil
	}
	if err := op.SetTimer(chargeSettlement, charge, time.Time{}); err != nil {
		return err
	}
	if err := postCharge(op, charge, methodOfCharge(op, charge).aftermath().Available); err != nil {
		return err
	}
	return op.EmitUpdated(charge)
}

// followPayment lets happen what the method was made for: disputes, an early fraud warning, a review.
func followPayment(op *resource.Op, charge *object.Object) error {
	after := methodOfCharge(op, charge).aftermath()
	if after.Review {
		if err := openReview(op, charge); err != nil {
			return err
		}
	}
	if after.FraudWarning != "" {
		if err := warnOfFraud(op, charge, after.FraudWarning); err != nil {
			return err
		}
	}
	if len(after.Disputes) == 0 {
		return nil
	}
	if err := settleCharge(op, charge); err != nil {
		return err
	}
	for _, c := range after.Disputes {
		if err := openDispute(op, charge, c); err != nil {
			return err
		}
	}
	return nil
}

// chargedMethod is the method of a charge, found again by what the charge shows of it.
type chargedMethod struct{ processor.Method }

func methodOfCharge(op *resource.Op, charge *object.Object) chargedMethod {
	details := charge.Object("payment_method_details")
	kind := details.String("type")
	part := details.Object(kind)
	m, known := bank.Stored(op.Account(), processorType(kind), fingerprintOf(op, kind, part), part.Object("checks").String("cvc_check"))
	if !known {
		m.Type = processorType(kind)
	}
	return chargedMethod{m}
}

// aftermath is what follows a payment with the method.
func (m chargedMethod) aftermath() processor.Aftermath {
	return bank.Pay(m.Method, processor.Attempt{Amount: 1, Currency: "usd", Authenticated: true, Verified: true}).Aftermath
}
