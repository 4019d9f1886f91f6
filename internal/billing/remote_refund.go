package billing

import (
	"context"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// Refunds of live mode. Ours is pending until the processor has taken it; what somebody refunds in the processor's own
// Dashboard becomes a refund here. Which is which is in the private part of the payment intent under `refunds`.

// askForRefund asks for a refund that was recorded.
func askForRefund(ctx context.Context, e *resource.Engine, ns *access.Namespace, id string) error {
	remote := e.Processor(ns)
	if remote == nil {
		return noProcessor()
	}
	var payment string
	var amount int64
	err := e.Note(ctx, ns, func(op *resource.Op) error {
		refund, err := op.Find("refund", id)
		if refund == nil || err != nil || refund.String("status") != "pending" {
			return err
		}
		pi, err := op.Get("payment_intent", refund.Ref("payment_intent"), "")
		if err != nil {
			return err
		}
		amount = refund.Int("amount")
		payment, err = remoteID(op, pi)
		return err
	})
	if err != nil || payment == "" {
		return err
	}
	got, err := remote.Refund(ctx, "sharesmart-"+id, payment, id, amount)
	if unanswered(err) {
		return err
	}
	if err != nil {
		got = processor.RemoteRefund{Status: "failed", Failure: "declined"}
	}
	got.Ours = id
	return e.Note(ctx, ns, func(op *resource.Op) error {
		refund, err := op.Get("refund", id, "")
		if err != nil {
			return err
		}
		pi, err := op.Get("payment_intent", refund.Ref("payment_intent"), "")
		if err != nil {
			return err
		}
		return followRefunds(op, pi, []processor.RemoteRefund{got})
	})
}

// followRefunds brings the refunds of a payment to where they stand at the processor.
func followRefunds(op *resource.Op, pi *object.Object, all []processor.RemoteRefund) error {
	if len(all) == 0 {
		return nil
	}
	private, err := op.Private(pi)
	if err != nil {
		return err
	}
	known := private.Sub("refunds")
	for _, r := range all {
		id := r.Ours
		if id == "" {
			id = known.String(r.ID)
		}
		refund, err := op.Find("refund", id)
		if err != nil {
			return err
		}
		if refund == nil {
			if refund, err = outsideRefund(op, pi, r); refund == nil || err != nil {
				return err
			}
		}
		if r.ID != "" {
			known.Set(r.ID, refund.ID())
		}
		if err := settleRemoteRefund(op, refund, r); err != nil {
			return err
		}
	}
	return op.SetPrivate(pi, private)
}

// outsideRefund records a refund that was made in the processor's own Dashboard; nil for one that gave nothing back.
func outsideRefund(op *resource.Op, pi *object.Object, r processor.RemoteRefund) (*object.Object, error) {
	charge, err := op.Find("charge", pi.Ref("latest_charge"))
	if charge == nil || err != nil || r.Status == "failed" || r.Status == "canceled" {
		return nil, err
	}
	amount := min(r.Amount, charge.Int("amount")-charge.Int("amount_refunded"))
	if amount < 1 || !charge.Bool("captured") {
		return nil, nil // what was released, or given back here already
	}
	params := newParams("charge", charge.ID(), "amount", amount)
	if r.Reason == "duplicate" || r.Reason == "fraudulent" || r.Reason == "requested_by_customer" {
		params.Set("reason", r.Reason)
	}
	op.Choose("refund", refundIDOf(op, charge.ID()))
	refund, err := op.Make("refund", "", params, func(op *resource.Op) error {
		return bookRefund(op, charge, amount)
	})
	if err != nil {
		return nil, err
	}
	return refund, countRefund(op, refund)
}

// settleRemoteRefund brings a refund to the status that it has at the processor.
func settleRemoteRefund(op *resource.Op, refund *object.Object, r processor.RemoteRefund) error {
	status := refund.String("status")
	switch {
	case r.Status == "succeeded" && status == "pending":
		if err := op.Move(refund, "succeeded"); err != nil {
			return err
		}
		refund.Delete("pending_reason")
		return announceRefund(op, refund)
	case (r.Status == "failed" || r.Status == "canceled") && (status == "pending" || status == "succeeded"):
		if r.Failure == "" {
			r.Failure = "unknown"
		}
		return failRefund(op, refund, r.Failure)
	}
	return nil
}
