package billing

import (
	"slices"
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// linkedRefund is a refund that was made before, as a part of the note: one of a charge, or one that was reported for a
// payment record.
type linkedRefund struct {
	id            string // of the refund
	record, group string // or of the payment record
	amount        int64
}

// key is under what the amounts of a refund add up. What was reported for a payment record has no refunds of its own.
func (l linkedRefund) key() string { return l.id + l.record }

func (l linkedRefund) shown() *object.Object {
	part := refundPart(l.id, l.amount)
	if l.record != "" {
		part.Set("refund", "")
		part.Set("type", "payment_record_refund")
		part.Set("payment_record_refund", newParams("payment_record", l.record, "refund_group", l.group))
	}
	return part
}

// linkRefunds takes refunds of what paid for the invoice into the note. A refund can be linked up to its amount, by all
// notes together.
func (n *creditNote) linkRefunds(op *resource.Op, issued []*object.Object) error {
	used := linkedBefore(issued)
	for i, v := range op.Params.Array("refunds") {
		sent, param := v.(*object.Object), "refunds["+strconv.Itoa(i)+"]"
		find := n.chargeRefund
		if sent.String("type") == "payment_record_refund" || sent.Has("payment_record_refund") {
			find = n.recordRefund
		}
		l, whole, err := find(op, sent)
		if err != nil {
			return within(err, param)
		}
		left := whole - used[l.key()]
		l.amount = left
		if sent.Has("amount_refunded") {
			l.amount = sent.Int("amount_refunded")
		}
		if l.amount < 1 || l.amount > left {
			return apierr.Invalid("", param+"[amount_refunded]", "At most %s of the refund %s can be linked.", n.format(left), l.key())
		}
		used[l.key()] += l.amount
		n.linked = append(n.linked, l)
	}
	return nil
}

// chargeRefund is a refund of a charge that paid for the invoice.
func (n *creditNote) chargeRefund(op *resource.Op, sent *object.Object) (linkedRefund, int64, error) {
	id := sent.String("refund")
	if id == "" {
		return linkedRefund{}, 0, missingParam("refund")
	}
	refund, err := op.Get("refund", id, "refund")
	if err != nil {
		return linkedRefund{}, 0, err
	}
	ours := slices.ContainsFunc(n.charges, func(charge *object.Object) bool { return charge.ID() == refund.Ref("charge") })
	if status := refund.String("status"); !ours || status == "failed" || status == "canceled" {
		return linkedRefund{}, 0, apierr.Invalid("", "refund", "The refund %s did not give back anything of the invoice %s.", id, n.invoice.ID())
	}
	return linkedRefund{id: id}, refund.Int("amount"), nil
}

// recordRefund is what was reported as refunded of a payment record that paid for the invoice.
func (n *creditNote) recordRefund(op *resource.Op, sent *object.Object) (linkedRefund, int64, error) {
	named := sent.Object("payment_record_refund")
	if named == nil {
		return linkedRefund{}, 0, missingParam("payment_record_refund")
	}
	const param = "payment_record_refund[payment_record]"
	id := named.String("payment_record")
	record, err := op.Get("payment_record", id, param)
	if err != nil {
		return linkedRefund{}, 0, err
	}
	payments, err := paymentsOf(op, n.invoice)
	if err != nil {
		return linkedRefund{}, 0, err
	}
	if !slices.ContainsFunc(payments, func(p *object.Object) bool { return p.Object("payment").Ref("payment_record") == id }) {
		return linkedRefund{}, 0, apierr.Invalid("", param, "The payment record %s did not pay for the invoice %s.", id, n.invoice.ID())
	}
	return linkedRefund{record: id, group: named.String("refund_group")}, record.Object("amount_refunded").Int("value"), nil
}

// linkedBefore is how much of each refund the earlier notes hold.
func linkedBefore(issued []*object.Object) map[string]int64 {
	used := map[string]int64{}
	for _, note := range issued {
		for _, v := range note.Array("refunds") {
			part := v.(*object.Object)
			used[part.Ref("refund")+part.Object("payment_record_refund").String("payment_record")] += part.Int("amount_refunded")
		}
	}
	return used
}

// refundable is the charge that a new refund comes from: the newest that has enough left.
func (n *creditNote) refundable() (*object.Object, error) {
	if n.refund == 0 {
		return nil, nil
	}
	var most int64
	for _, charge := range n.charges {
		left := charge.Int("amount") - charge.Int("amount_refunded")
		if left >= n.refund {
			return charge, nil
		}
		most = max(most, left)
	}
	if len(n.charges) == 0 {
		return nil, apierr.Invalid("", "refund_amount", "The invoice %s was not paid by a charge, so nothing can be refunded.", n.invoice.ID())
	}
	return nil, apierr.Invalid("", "refund_amount", "Refund amount (%s) is greater than unrefunded amount on charge (%s)", n.format(n.refund), n.format(most))
}

func refundPart(id string, amount int64) *object.Object {
	part := newParams("amount_refunded", amount, "type", "refund")
	part.Set("refund", id)
	return part
}
