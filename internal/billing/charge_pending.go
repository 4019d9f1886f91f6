package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// How a charge ends that was made without a payment intent, and whose bank takes its time.

// chargeAnswer is the timer by which the bank answers.
const chargeAnswer = "charge.answer"

// awaitAnswer asks for the bank's answer when it is due.
func awaitAnswer(op *resource.Op, charge *object.Object) error {
	s := lateAnswer(op, charge).Settlement
	if s.Never {
		return nil
	}
	return op.SetTimer(chargeAnswer, charge, op.Now().Add(s.After))
}

func lateAnswer(op *resource.Op, charge *object.Object) processor.Answer {
	return bank.Pay(methodOfCharge(op, charge).Method, processor.Attempt{
		Amount: charge.Int("amount"), Currency: charge.String("currency"), Authenticated: true, Verified: true, Ready: true,
	})
}

// answerCharge lets the bank answer.
// Emits charge.succeeded or charge.failed.
func answerCharge(op *resource.Op) error {
	charge := op.Object
	if charge.String("status") != "pending" {
		return nil
	}
	answer := lateAnswer(op, charge)
	if d := answer.Settlement.Decline; d != nil {
		return refuseCharge(op, charge, d)
	}
	if err := approveCharge(op, charge, answer); err != nil {
		return err
	}
	return followPayment(op, charge)
}

// approveCharge records that the bank took its time to say yes.
// Emits charge.succeeded.
func approveCharge(op *resource.Op, charge *object.Object, answer processor.Answer) error {
	charge.Set("status", "succeeded")
	charge.Set("paid", true)
	charge.Set("captured", true)
	charge.Set("amount_captured", charge.Int("amount"))
	if err := showReceipt(op, charge); err != nil {
		return err
	}
	if err := postCharge(op, charge, answer.Aftermath.Available); err != nil {
		return err
	}
	op.Save(charge)
	return op.Emit("charge.succeeded", charge)
}

// refuseCharge records that the bank took its time to say no.
// Emits charge.failed.
func refuseCharge(op *resource.Op, charge *object.Object, d *processor.Decline) error {
	charge.Set("status", "failed")
	charge.Set("captured", false)
	charge.Set("failure_code", d.Code)
	charge.Set("failure_message", d.Message)
	op.Save(charge)
	return op.Emit("charge.failed", charge)
}
