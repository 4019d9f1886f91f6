package billing

import (
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// linkedRefund is a refund that was made before, as a part of the note.
type linkedRefund struct {
	id     string
	amount int64
}

// linkRefunds takes refunds of the invoice's charge into the note. A refund can be linked up to its amount, by all notes
// together.
func (n *creditNote) linkRefunds(op *resource.Op, issued []*object.Object) error {
	used := linkedBefore(issued)
	for i, v := range op.Params.Array("refunds") {
		sent, param := v.(*object.Object), "refunds["+strconv.Itoa(i)+"]"
		if sent.String("type") == "payment_record_refund" || sent.Has("payment_record_refund") {
			return apierr.NotImplemented("A credit note for the refund of a payment record")
		}
		id := sent.String("refund")
		if id == "" {
			return missingParam(param + "[refund]")
		}
		refund, err := op.Get("refund", id, param+"[refund]")
		if err != nil {
			return err
		}
		if n.charge == nil || refund.Ref("charge") != n.charge.ID() || refund.String("status") == "failed" || refund.String("status") == "canceled" {
			return apierr.Invalid("", param+"[refund]", "The refund %s did not give back anything of the invoice %s.", id, n.invoice.ID())
		}
		left := refund.Int("amount") - used[id]
		amount := left
		if sent.Has("amount_refunded") {
			amount = sent.Int("amount_refunded")
		}
		if amount < 1 || amount > left {
			return apierr.Invalid("", param+"[amount_refunded]", "At most %s of the refund %s can be linked.", n.format(left), id)
		}
		used[id] += amount
		n.linked = append(n.linked, linkedRefund{id, amount})
	}
	return nil
}

// linkedBefore is how much of each refund the earlier notes hold.
func linkedBefore(issued []*object.Object) map[string]int64 {
	used := map[string]int64{}
	for _, note := range issued {
		for _, v := range note.Array("refunds") {
			part := v.(*object.Object)
			used[part.Ref("refund")] += part.Int("amount_refunded")
		}
	}
	return used
}

// checkRefundable wants a charge with enough left for the new refund.
func (n *creditNote) checkRefundable() error {
	if n.refund == 0 {
		return nil
	}
	if n.charge == nil {
		return apierr.Invalid("", "refund_amount", "The invoice %s was not paid by a charge, so nothing can be refunded.", n.invoice.ID())
	}
	if left := n.charge.Int("amount") - n.charge.Int("amount_refunded"); n.refund > left {
		return apierr.Invalid("", "refund_amount", "Refund amount (%s) is greater than unrefunded amount on charge (%s)", n.format(n.refund), n.format(left))
	}
	return nil
}

func refundPart(id string, amount int64) *object.Object {
	return newParams("amount_refunded", amount, "refund", id, "type", "refund")
}
