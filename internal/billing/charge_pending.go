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
		charge.Set("status", "failed")
		charge.Set("captured", false)
		charge.Set("failure_code", d.Code)
		charge.Set("failure_message", d.Message)
		op.Save(charge)
		return op.Emit("charge.failed", charge)
	}
	charge.Set("status", "succeeded")
	charge.Set("paid", true)
	charge.Set("captured", true)
	charge.Set("amount_captured", charge.Int("amount"))
	charge.Set("receipt_url", op.BaseURL()+"/receipts/"+charge.ID())
	if err := postCharge(op, charge, answer.Aftermath.Available); err != nil {
		return err
	}
	op.Save(charge)
	if err := op.Emit("charge.succeeded", charge); err != nil {
		return err
	}
	return followPayment(op, charge)
}
