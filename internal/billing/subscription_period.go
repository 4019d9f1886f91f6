package billing

import (
	"time"

	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How periods follow each other. They are counted from the subscription's anchor, so that one that was begun on the 31st
// ends with each month. Items whose prices have other intervals have periods of their own.

// intervalOf is how often a price is billed.
func intervalOf(price *object.Object) money.Interval {
	r := price.Object("recurring")
	return money.Interval{Unit: r.String("interval"), Count: int(max(r.Int("interval_count"), 1))}
}

// periodOf is the period that an item is in.
func periodOf(item *object.Object) money.Span {
	return money.Span{Start: item.Int("current_period_start"), End: item.Int("current_period_end")}
}

func setPeriodOf(item *object.Object, p money.Span) {
	item.Set("current_period_start", p.Start)
	item.Set("current_period_end", p.End)
}

// fullPeriod is the whole period of an item around a moment. What is billed for less is a part of it.
func fullPeriod(s, item *object.Object, at time.Time) money.Span {
	start, end := intervalOf(item.Object("price")).Around(unix(s.Int("billing_cycle_anchor")), at)
	return money.Span{Start: start.Unix(), End: end.Unix()}
}

// partOf is the full period that an item's is a part of; zero if it is a whole one.
func partOf(s, item *object.Object) money.Span {
	full := fullPeriod(s, item, unix(item.Int("current_period_start")))
	if full == periodOf(item) {
		return money.Span{}
	}
	return full
}

// openPeriod lets an item be in the period that begins at a moment: the trial, or what is left of its full period. A
// subscription that ends before ends it.
func openPeriod(s, item *object.Object, at time.Time) {
	setPeriodOf(item, money.Span{Start: at.Unix(), End: periodEnd(s, item, at)})
}

// periodEnd is when the period that an item is in at a moment ends.
func periodEnd(s, item *object.Object, at time.Time) int64 {
	end := s.Int("trial_end")
	if end <= at.Unix() {
		end = fullPeriod(s, item, at).End
	}
	if last := s.Int("cancel_at"); last > at.Unix() && !s.Bool("cancel_at_period_end") {
		end = min(end, last)
	}
	return end
}

// startPeriod gives a new item the period of those that are billed as often as it is, or one of its own.
func startPeriod(s, item *object.Object, at time.Time) {
	for _, other := range subscriptionItems(s) {
		if other.ID() != item.ID() && intervalOf(other.Object("price")) == intervalOf(item.Object("price")) {
			setPeriodOf(item, periodOf(other))
			return
		}
	}
	openPeriod(s, item, at)
}

// runPeriods asks for the next turn.
func runPeriods(op *resource.Op, s *object.Object) error {
	var next int64
	for _, item := range subscriptionItems(s) {
		if end := item.Int("current_period_end"); next == 0 || end < next {
			next = end
		}
	}
	if err := watchUpcoming(op, s, next); err != nil {
		return err
	}
	return op.SetTimer(subscriptionPeriod, s, unix(next))
}

// stopPeriods lets nothing happen to a subscription by itself any more.
func stopPeriods(op *resource.Op, s *object.Object) error {
	for _, timer := range []string{
		subscriptionPeriod, subscriptionUpcoming, subscriptionCancel, subscriptionExpiry, subscriptionTrialEnds, subscriptionCollects, subscriptionPending, subscriptionThreshold,
		subscriptionWaiting,
	} {
		if err := op.SetTimer(timer, s, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// turnPeriod ends the periods that are over and bills the next ones.
//
// Emits customer.subscription.updated, invoice.created; the invoice is finalized an hour later. At the end of a trial
// that leaves nothing to pay with: customer.subscription.paused or .deleted.
func turnPeriod(op *resource.Op) error {
	s := op.Object
	switch {
	case hasEnded(s), s.String("status") == "paused", s.String("status") == "incomplete":
		return nil
	case s.Int("cancel_at") > 0 && s.Int("cancel_at") <= op.Now().Unix():
		return cancelDue(op)
	}
	trial := s.String("status") == "trialing" && s.Int("trial_end") <= op.Now().Unix()
	if trial {
		if stopped, err := endTrial(op, s); stopped || err != nil {
			return err
		}
	}
	bill, err := nextBill(op, s, trial)
	if err != nil {
		return err
	}
	if err := runPeriods(op, s); err != nil {
		return err
	}
	in, err := bill.write(op, func(*object.Object) error { return op.EmitUpdated(s) })
	if err != nil {
		return err
	}
	return pauseInvoice(op, s, in)
}

// pauseSubscription lets a subscription wait until it is resumed.
// Emits customer.subscription.updated, customer.subscription.paused.
func pauseSubscription(op *resource.Op, s *object.Object) error {
	if err := op.Move(s, "paused"); err != nil {
		return err
	}
	if err := stopPeriods(op, s); err != nil {
		return err
	}
	if err := op.EmitUpdated(s); err != nil {
		return err
	}
	if err := op.Emit("customer.subscription.paused", s); err != nil {
		return err
	}
	return followEntitlements(op, s.Ref("customer"))
}
