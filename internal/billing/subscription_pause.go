package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How the collection of a subscription's invoices is paused, and what a subscription is billed when it goes on after it was
// paused itself (subscription_resume.go).

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

// resumeBill opens the periods of a subscription that was paused.
func resumeBill(op *resource.Op, s *object.Object, free bool) (*subscriptionBill, error) {
	now := op.Now()
	b := &subscriptionBill{s: s, reason: "subscription_update", from: now.Unix(), to: now.Unix()}
	items, err := itemsOf(op, s)
	if err != nil {
		return nil, err
	}
	for _, item := range newestFirst(items) {
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
