package billing

import (
	"fmt"
	"hash/fnv"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// What becomes of a refund after it was made.

// The timers of a refund.
const (
	refundArrival   = "refund.settle"    // a pending refund arrives
	refundReference = "refund.reference" // the card network says how it calls the refund
	refundReturn    = "refund.return"    // the bank sends the money back
	refundExpiry    = "refund.expire"    // the customer did not say where the money should go
)

// bankTakes is how long the other side takes for what it does later: days in truth, a moment here.
const bankTakes = 5 * time.Second

// awaitBank sets the timer for what follows a refund that seems to have arrived.
func awaitBank(op *resource.Op, refund *object.Object, way processor.Refund) error {
	switch {
	case way.Fails != "":
		return op.SetTimer(refundReturn, refund, op.Now().Add(bankTakes))
	case refund.Object("destination_details").Object("card") != nil:
		return op.SetTimer(refundReference, refund, op.Now().Add(bankTakes))
	}
	return nil
}

// settleRefund lets a pending refund arrive.
// Emits refund.updated, charge.refund.updated.
func settleRefund(op *resource.Op) error {
	refund := op.Object
	if refund.String("status") != "pending" {
		return nil
	}
	charge, err := op.Get("charge", refund.Ref("charge"), "charge")
	if err != nil {
		return err
	}
	if err := op.Move(refund, "succeeded"); err != nil {
		return err
	}
	refund.Delete("pending_reason")
	if err := awaitBank(op, refund, bank.Refund(methodOfCharge(op, charge).Method)); err != nil {
		return err
	}
	return announceRefund(op, refund)
}

// referRefund notes the number by which the card network knows the refund.
// Emits refund.updated, charge.refund.updated.
func referRefund(op *resource.Op) error {
	refund := op.Object
	if refund.String("status") != "succeeded" {
		return nil
	}
	card := refund.Object("destination_details").Object("card")
	card.Set("reference", acquirerReference(refund.ID()))
	card.Set("reference_status", "available")
	return announceRefund(op, refund)
}

// acquirerReference makes sixteen digits of an id.
func acquirerReference(id string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // a hash never fails to write
	return fmt.Sprintf("%016d", h.Sum64()%1e16)
}

// updateRefund tells of what a client changed.
// Emits refund.updated, charge.refund.updated.
func updateRefund(op *resource.Op) error {
	previous, err := op.Changes(op.Object)
	if previous == nil || err != nil {
		return err
	}
	return announceRefund(op, op.Object)
}

// announceRefund writes the two events that there are for a change of a refund.
func announceRefund(op *resource.Op, refund *object.Object) error {
	previous, err := op.Changes(refund)
	if err != nil {
		return err
	}
	if err := op.EmitChanged("refund.updated", refund, previous); err != nil {
		return err
	}
	return op.EmitChanged("charge.refund.updated", refund, previous)
}

// returnRefund takes the money in again that a bank sent back.
func returnRefund(op *resource.Op) error {
	refund := op.Object
	if refund.String("status") != "succeeded" {
		return nil
	}
	charge, err := op.Get("charge", refund.Ref("charge"), "charge")
	if err != nil {
		return err
	}
	return failRefund(op, refund, bank.Refund(methodOfCharge(op, charge).Method).Fails)
}

// lapseRefund ends a refund that the customer never said the destination of.
func lapseRefund(op *resource.Op) error {
	if op.Object.String("status") != "requires_action" {
		return nil
	}
	return failRefund(op, op.Object, "unknown")
}

// expireRefund is lapseRefund for tests that do not want to wait.
func expireRefund(op *resource.Op) error {
	if err := wantsAction(op.Object, "expired"); err != nil {
		return err
	}
	return failRefund(op, op.Object, "unknown")
}

func wantsAction(refund *object.Object, verb string) error {
	if status := refund.String("status"); status != "requires_action" {
		return apierr.Invalid("", "", "Refund %s cannot be %s because it has a status of %s. Only a refund with a status of requires_action can be %s.", refund.ID(), verb, status, verb)
	}
	return nil
}

// failRefund ends a refund that did not come about.
// Emits refund.failed, refund.updated, charge.refund.updated.
func failRefund(op *resource.Op, refund *object.Object, reason string) error {
	charge, err := undoRefund(op, refund, "failed", reason)
	if err != nil {
		return err
	}
	previous, err := op.Changes(refund)
	if err != nil {
		return err
	}
	if err := op.Emit("refund.failed", refund); err != nil {
		return err
	}
	for _, event := range []string{"refund.updated", "charge.refund.updated"} {
		if err := op.EmitChanged(event, refund, previous); err != nil {
			return err
		}
	}
	return showStanding(op, charge)
}

// cancelRefund takes back a refund that the customer has not said the destination of.
// Emits refund.updated, charge.refund.updated.
func cancelRefund(op *resource.Op) error {
	if err := wantsAction(op.Object, "canceled"); err != nil {
		return err
	}
	charge, err := undoRefund(op, op.Object, "canceled", "merchant_request")
	if err != nil {
		return err
	}
	if err := announceRefund(op, op.Object); err != nil {
		return err
	}
	return showStanding(op, charge)
}

// undoRefund puts the money of a refund back into the balance and onto the charge, which it returns.
func undoRefund(op *resource.Op, refund *object.Object, status, reason string) (*object.Object, error) {
	charge, err := op.Get("charge", refund.Ref("charge"), "charge")
	if err != nil {
		return nil, err
	}
	if err := op.Move(refund, status); err != nil {
		return nil, err
	}
	t, err := post(op, posting{
		kind: "refund_failure", source: refund.ID(), amount: refund.Int("amount"), currency: refund.String("currency"), description: "REFUND FAILURE",
		fund: fundOfCharge(charge),
	})
	if err != nil {
		return nil, err
	}
	refund.Set("failure_balance_transaction", t.ID())
	refund.Set("failure_reason", reason)
	refund.Delete("pending_reason")
	refund.Delete("next_action")
	if card := refund.Object("destination_details").Object("card"); card != nil {
		card.Set("reference_status", "unavailable")
	}
	countRefunded(charge, -refund.Int("amount"))
	op.Save(charge)
	return charge, op.SetTimer(refundExpiry, refund, time.Time{})
}
