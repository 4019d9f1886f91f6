package billing

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How the collection of a subscription's invoices is paused, and how a subscription that was paused goes on.

// settlePause reads whether new invoices are collected.
func settlePause(op *resource.Op, s *object.Object) error {
	if !op.Params.Has("pause_collection") {
		return nil
	}
	at := s.Object("pause_collection").Int("resumes_at")
	if at != 0 && at <= op.Now().Unix() {
		return apierr.Invalid("", "pause_collection[resumes_at]", "`resumes_at` must be in the future.")
	}
	if pause := s.Object("pause_collection"); pause != nil && !pause.Has("resumes_at") {
		pause.Set("resumes_at", nil)
	}
	return op.SetTimer(subscriptionCollects, s, unix(at))
}

// endPause lets new invoices be collected again.
// Emits customer.subscription.updated.
func endPause(op *resource.Op) error {
	op.Object.Set("pause_collection", nil)
	return op.EmitUpdated(op.Object)
}

// resumeAction lets a paused subscription go on. Its periods begin anew unless they are to go on as if it had never been
// paused; what is due for the rest of the period is billed at once.
//
// Emits customer.subscription.resumed, customer.subscription.updated, and what the invoice does.
func resumeAction(op *resource.Op) error { return resumeSubscription(op, op.Object, op.Params) }

func resumeSubscription(op *resource.Op, s, params *object.Object) error {
	if s.String("status") != "paused" {
		return apierr.Invalid("", "", "The subscription `%s` is %s; only paused subscriptions can be resumed.", s.ID(), s.String("status"))
	}
	if params.String("billing_cycle_anchor") != "unchanged" {
		s.Set("billing_cycle_anchor", op.Now().Unix())
	}
	if err := op.Move(s, "active"); err != nil {
		return err
	}
	b, err := resumeBill(op, s, params.String("proration_behavior") == "none")
	if err != nil {
		return err
	}
	if err := runPeriods(op, s); err != nil {
		return err
	}
	in, err := b.write(op, func(*object.Object) error {
		if err := op.EmitUpdated(s); err != nil {
			return err
		}
		return op.Emit("customer.subscription.resumed", s)
	})
	if err != nil {
		return err
	}
	if in != nil {
		if err := collectNow(op, in); err != nil {
			return err
		}
	}
	return followEntitlements(op, s.Ref("customer"))
}

// resumeBill opens the periods of a subscription that was paused.
func resumeBill(op *resource.Op, s *object.Object, free bool) (*subscriptionBill, error) {
	now := op.Now()
	b := &subscriptionBill{s: s, reason: "subscription_update", from: now.Unix(), to: now.Unix()}
	items, err := itemsOf(op, s)
	if err != nil {
		return nil, err
	}
	for _, item := range slices.Backward(items) {
		openPeriod(s, item, now)
		op.Save(item)
		showItem(s, item)
		c := itemCharge{item: item, period: periodOf(item), full: partOf(s, item), quantity: quantityOf(item)}
		if isMetered(item) || c.full.End > 0 && free {
			continue
		}
		b.charges = append(b.charges, c)
	}
	return b, nil
}
