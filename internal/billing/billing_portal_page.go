package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What the pages of the portal need of the rules beyond what the API offers in one step.

// PortalSeller is the name under which customers know who sells.
func PortalSeller(op *resource.Op) (string, error) {
	account, err := sellerOf(op)
	return sellerName(account), err
}

// PlanAtPeriodEnd lets the only item of a subscription have another price or quantity from its next period on, and bills
// nothing for that. A change that was planned before is dropped.
//
// Emits subscription_schedule.created, subscription_schedule.updated, customer.subscription.updated.
func PlanAtPeriodEnd(op *resource.Op, sub *object.Object, price string, quantity int64) error {
	if err := DropPlan(op, sub); err != nil {
		return err
	}
	next, err := op.Get("price", price, "price")
	if err != nil {
		return err
	}
	now, err := phaseOf(op, sub)
	if err != nil {
		return err
	}
	schedule, err := op.Create("subscription_schedule", newParams("from_subscription", sub.ID()))
	if err != nil {
		return err
	}
	now.Delete("currency")
	then := now.Clone()
	for _, name := range []string{"start_date", "end_date", "trial_end"} {
		then.Delete(name)
	}
	item := then.Array("items")[0].(*object.Object)
	item.Set("price", price)
	item.Set("quantity", quantity)
	then.Set("proration_behavior", "none")
	every := next.Object("recurring")
	then.Set("duration", newParams("interval", every.String("interval"), "interval_count", every.Int("interval_count")))
	return op.Update(schedule, newParams("end_behavior", "release", "phases", []any{now, then}, "proration_behavior", "none"))
}

// DropPlan lets a subscription go on without what was planned for it; it does nothing if nothing was.
//
// Emits what the release of a schedule does.
func DropPlan(op *resource.Op, sub *object.Object) error {
	if sub.Ref("schedule") == "" {
		return nil
	}
	schedule, err := op.Get("subscription_schedule", sub.Ref("schedule"), "")
	if err != nil || scheduleOver(schedule) {
		return err
	}
	return releaseSchedule(op, schedule, false)
}
