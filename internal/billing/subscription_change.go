package billing

import (
	"errors"
	"slices"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// updateSubscription changes a running subscription.
//
// Emits customer.subscription.updated.
func updateSubscription(op *resource.Op) error {
	s := op.Object
	if hasEnded(op.Before) {
		for _, name := range op.Params.Keys() {
			if !slices.Contains([]string{"metadata", "cancellation_details", "expand"}, name) {
				return apierr.Invalid("", name, "A canceled subscription can only update its cancellation_details and metadata.")
			}
		}
		return nil
	}
	for _, step := range []func(*resource.Op, *object.Object) error{heedSchedule, checkCollection, changeItems, discountSubscription, settleCancel, settlePause} {
		if err := step(op, s); err != nil {
			return err
		}
	}
	if err := runPeriods(op, s); err != nil {
		return err
	}
	if err := keepInPhase(op, s); err != nil {
		return err
	}
	if err := op.EmitUpdated(s); err != nil {
		return err
	}
	return followEntitled(op, s, entitlingProducts(op.Before))
}

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
func resumeAction(op *resource.Op) error {
	s := op.Object
	if s.String("status") != "paused" {
		return apierr.Invalid("", "", "The subscription `%s` is %s; only paused subscriptions can be resumed.", s.ID(), s.String("status"))
	}
	if op.Params.String("billing_cycle_anchor") != "unchanged" {
		s.Set("billing_cycle_anchor", op.Now().Unix())
	}
	if err := op.Move(s, "active"); err != nil {
		return err
	}
	b, err := resumeBill(op, s)
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
func resumeBill(op *resource.Op, s *object.Object) (*subscriptionBill, error) {
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
		c := itemCharge{item: item, period: periodOf(item), quantity: quantityOf(item)}
		full := fullPeriod(s, item, now)
		if full.Start != now.Unix() {
			c.full = full
		}
		if isMetered(item) || c.full.End > 0 && op.Params.String("proration_behavior") == "none" {
			continue
		}
		b.charges = append(b.charges, c)
	}
	return b, nil
}

// collectNow finalizes an invoice of a subscription and tries to take its money. A decline stays: the subscription then
// is past due. What is sent to the customer stays a draft for an hour.
func collectNow(op *resource.Op, in *object.Object) error {
	if in.String("collection_method") != "charge_automatically" || !in.Bool("auto_advance") {
		return nil
	}
	if err := finalizeInvoice(op, in); err != nil || in.String("status") != "open" {
		return err
	}
	if err := op.SetTimer(invoiceCollection, in, time.Time{}); err != nil {
		return err
	}
	err := collectInvoice(op, in, collectParams(op), true)
	var kept resource.ErrKept
	switch {
	case errors.As(err, &kept):
		return nil
	case apierr.As(err) != nil:
		return failAlone(op, in)
	}
	return err
}

// creditUnused makes the credits for what was paid for and is not used.
func creditUnused(*resource.Op, *object.Object) error { return nil }
