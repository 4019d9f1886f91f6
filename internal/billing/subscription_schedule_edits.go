package billing

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What happens when a client changes a subscription that has a schedule.

// heedSchedule refuses to let a client say when a subscription ends that a schedule manages. Saying what holds anyway is no
// change.
func heedSchedule(op *resource.Op, sub *object.Object) error {
	if sub.Ref("schedule") == "" || bySchedule(op.Params) {
		return nil
	}
	for _, name := range []string{"cancel_at", "cancel_at_period_end"} {
		v := op.Params.Get(name)
		if v == nil || (v == "" || v == false) && sub.Get("cancel_at") == nil {
			continue
		}
		return apierr.Invalid("", "", "The subscription is managed by the subscription schedule `%s`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.", sub.Ref("schedule"))
	}
	return nil
}

// keepInPhase writes the items of a subscription that a client changed into the current phase of its schedule.
//
// Emits customer.subscription.updated, subscription_schedule.updated.
func keepInPhase(op *resource.Op, sub *object.Object) error {
	if sub.Ref("schedule") == "" || bySchedule(op.Params) {
		return nil
	}
	s, err := op.Get("subscription_schedule", sub.Ref("schedule"), "")
	if err != nil {
		return err
	}
	items, err := itemsOf(op, sub)
	if err != nil {
		return err
	}
	phases := s.Clone().Array("phases")
	if i := currentPhase(s); i >= 0 {
		keepItems(phases[i].(*object.Object), items)
	}
	if err := op.Merge(s, newParams("phases", phases)); err != nil {
		return err
	}
	if err := op.EmitUpdated(sub); err != nil {
		return err
	}
	return op.EmitUpdated(s)
}

// keepItems gives a phase the items of its subscription. What a phase says of an item beyond its quantity stays.
func keepItems(phase *object.Object, items []*object.Object) {
	old := phase.Array("items")
	now := make([]any, len(items))
	for i, item := range items {
		kept := phaseItem(item)
		if at := slices.IndexFunc(old, func(v any) bool { return v.(*object.Object).Ref("price") == item.Ref("price") }); at >= 0 {
			kept = old[at].(*object.Object)
			if quantity := item.Get("quantity"); quantity != nil {
				kept.Set("quantity", quantity)
			}
		}
		now[i] = kept
	}
	phase.Set("items", now)
}

// currentPhase is which phase of a schedule is the current one; -1 if none is.
func currentPhase(s *object.Object) int {
	start := s.Object("current_phase").Int("start_date")
	return slices.IndexFunc(phasesOf(s), func(p *object.Object) bool { return p.Int("start_date") == start })
}
