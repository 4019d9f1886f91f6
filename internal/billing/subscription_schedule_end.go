package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How a schedule ends before its time, or with its subscription.

// cancelSchedule ends a schedule and its subscription now.
//
// Emits what the end of the subscription does, subscription_schedule.canceled.
func cancelSchedule(op *resource.Op) error {
	s := op.Object
	if err := allowSchedule(s, "cancel", "canceled"); err != nil {
		return err
	}
	if s.String("status") == "not_started" {
		return endSchedule(op, s, "canceled", "canceled")
	}
	sub, err := op.Get("subscription", s.Ref("subscription"), "")
	if err != nil {
		return err
	}
	asked := func(name string) bool { return !op.Params.Has(name) || op.Params.Bool(name) }
	c := cancellation{reason: "cancellation_requested", prorate: asked("prorate"), invoiceNow: asked("invoice_now")}
	c.drop = !c.prorate && !c.invoiceNow
	return cancelSubscription(op, sub, c)
}

// releaseAction lets a subscription go on without its schedule.
func releaseAction(op *resource.Op) error {
	if err := allowSchedule(op.Object, "release", "released"); err != nil {
		return err
	}
	return releaseSchedule(op, op.Object, op.Params.Bool("preserve_cancel_date"))
}

// releaseSchedule ends a schedule and leaves its subscription as it is. An end that the schedule had set for it is taken
// back, unless it is to be kept.
//
// Emits subscription_schedule.updated, customer.subscription.updated, subscription_schedule.released.
func releaseSchedule(op *resource.Op, s *object.Object, keepEnd bool) error {
	sub, err := op.Find("subscription", s.Ref("subscription"))
	if err != nil {
		return err
	}
	if err := finishSchedule(op, s, "released", "released_at"); err != nil {
		return err
	}
	if sub != nil {
		s.Set("released_subscription", sub.ID())
		s.Set("subscription", nil)
	}
	if err := op.EmitUpdated(s); err != nil {
		return err
	}
	if sub != nil {
		params := object.New(nil)
		params.Set("schedule", "")
		if !keepEnd && sub.Get("cancel_at") != nil {
			params.Set("cancel_at", "")
		}
		if err := op.Update(sub, params); err != nil {
			return err
		}
	}
	return op.Emit("subscription_schedule.released", s)
}

// followSubscription ends the schedule of a subscription that has ended: as it was meant to, because nobody paid, or
// because somebody said so.
func followSubscription(op *resource.Op, sub *object.Object, reason string) error {
	if sub.Ref("schedule") == "" {
		return nil
	}
	s, err := op.Find("subscription_schedule", sub.Ref("schedule"))
	if err != nil || s.String("status") != "active" {
		return err
	}
	switch {
	case reason == "payment_failed":
		return endSchedule(op, s, "canceled", "aborted")
	case s.String("end_behavior") == "cancel" && scheduleEnd(s) <= op.Now().Unix():
		return endSchedule(op, s, "completed", "completed")
	}
	return endSchedule(op, s, "canceled", "canceled")
}

// endSchedule ends a schedule and tells of it. It goes on naming its subscription.
// Emits subscription_schedule.canceled, .aborted or .completed.
func endSchedule(op *resource.Op, s *object.Object, status, event string) error {
	if err := finishSchedule(op, s, status, status+"_at"); err != nil {
		return err
	}
	return op.Emit("subscription_schedule."+event, s)
}

func finishSchedule(op *resource.Op, s *object.Object, status, at string) error {
	if err := op.Move(s, status); err != nil {
		return err
	}
	s.Set(at, op.Now().Unix())
	s.Set("current_phase", nil)
	return setTurns(op, s)
}
