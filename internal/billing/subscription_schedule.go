package billing

import (
	"slices"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A subscription schedule changes a subscription over time: each of its phases says what the subscription is from one
// moment to another.
//
//	not_started --start_date--> active --last phase is over, end_behavior=release--> released
//	                                   --last phase is over, end_behavior=cancel--> completed
//	not_started, active --cancel, its subscription ends--> canceled
//	                    --release--> released
//
// The first phase makes the subscription, unless there was one (from_subscription), and every other one updates it as a
// client would: what that bills is the subscription's business. Where a phase begins in the second in which a period
// ends, the phase comes first, so that the renewal is for what the phase says (schedulePhase).
//
// How phases are read is in subscription_schedule_phases.go and subscription_schedule_items.go, what they make of a
// subscription in subscription_schedule_settings.go, how they follow each other in subscription_schedule_turn.go, how they
// are changed in subscription_schedule_update.go, how a schedule ends in subscription_schedule_end.go, what it does to
// changes of its subscription in subscription_schedule_edits.go.
//
// Emits subscription_schedule.created, .updated, .expiring, .completed, .released, .canceled, .aborted, and what its
// subscription does.
func init() {
	register(resource.Rules{
		Object: "subscription_schedule",
		States: resource.States{
			"not_started": {"active", "canceled", "released"},
			"active":      {"completed", "canceled", "released"},
		},
		Unmerged: []string{"billing_mode"},
		Create:   createSchedule, Update: updateSchedule,
		Actions: resource.Actions{
			"POST /v1/subscription_schedules/{schedule}/cancel":  cancelSchedule,
			"POST /v1/subscription_schedules/{schedule}/release": releaseAction,
		},
		Timers: map[string]resource.Hook{schedulePhase: turnSchedule, scheduleExpiring: warnOfScheduleEnd},
	})
}

// The timers of schedules. Timers of the same second run in the order of their names: these come before those of
// subscriptions.
const (
	schedulePhase    = "schedule.phase"
	scheduleExpiring = "schedule.expiring"
)

const (
	// maxPhases is how many phases may be left, with the current one.
	maxPhases = 10
	// scheduleWarning is how long before its end a schedule is said to expire.
	scheduleWarning = 7 * 24 * time.Hour
)

func createSchedule(op *resource.Op) error {
	s := op.Object
	s.Set("status", "not_started")
	if settings := s.Sub("default_settings"); settings.Get("collection_method") == nil {
		settings.Set("collection_method", "charge_automatically")
	}
	if op.Params.String("from_subscription") != "" {
		return adoptSubscription(op, s)
	}
	customer, err := subscriber(op, s)
	if err != nil {
		return err
	}
	if len(op.Params.Array("phases")) == 0 {
		return missingParam("phases")
	}
	s.Set("test_clock", customer.Get("test_clock"))
	setBillingMode(op, s)
	if err := checkScheduleSettings(op, s); err != nil {
		return err
	}
	start := op.Now().Unix()
	if at := op.Params.Int("start_date"); at > 0 {
		start = at
	}
	if err := readPhases(op, s, phaseReader{customer: customer, start: start}); err != nil {
		return err
	}
	return startSchedule(op, s)
}

// checkScheduleSettings checks what a schedule says beside its phases.
func checkScheduleSettings(op *resource.Op, s *object.Object) error {
	if end := s.String("end_behavior"); end != "release" && end != "cancel" {
		return apierr.Invalid("", "end_behavior", "Invalid end_behavior: must be one of cancel or release")
	}
	if err := checkScheduleMethod(op, s, s.Object("default_settings")); err != nil {
		return within(err, "default_settings")
	}
	return nil
}

// checkScheduleMethod checks that a payment method is one of the customer's.
func checkScheduleMethod(op *resource.Op, s, settings *object.Object) error {
	id := settings.Ref("default_payment_method")
	if id == "" {
		return nil
	}
	pm, err := op.Get("payment_method", id, "default_payment_method")
	if err == nil && pm.Ref("customer") != s.Ref("customer") {
		return apierr.Invalid("resource_missing", "default_payment_method", "The customer does not have a payment method with the ID %s. The payment method must be attached to the customer.", id)
	}
	return err
}

// adoptSubscription makes a schedule for a subscription that there is. Its one phase is the period that the subscription
// is in, or what is left of it until it ends.
//
// Emits customer.subscription.updated.
func adoptSubscription(op *resource.Op, s *object.Object) error {
	for _, name := range op.Params.Keys() {
		if name != "from_subscription" && name != "expand" {
			return apierr.Invalid("", name, "You cannot set `%s` if `from_subscription` is set.", name)
		}
	}
	sub, err := op.Get("subscription", op.Params.String("from_subscription"), "from_subscription")
	if err != nil {
		return err
	}
	switch {
	case hasEnded(sub):
		return apierr.Invalid("", "from_subscription", "You cannot migrate a subscription that is currently in the `%s` status.", sub.String("status"))
	case sub.Ref("schedule") != "":
		return apierr.Invalid("", "from_subscription", "You cannot migrate a subscription that is already attached to a schedule: `%s`.", sub.Ref("schedule"))
	}
	s.Set("customer", sub.Ref("customer"))
	s.Set("subscription", sub.ID())
	s.Set("test_clock", sub.Get("test_clock"))
	s.Set("billing_mode", sub.Object("billing_mode").Clone())
	phase, err := phaseOf(op, sub)
	if err != nil {
		return err
	}
	if sub.Int("cancel_at") > 0 {
		s.Set("end_behavior", "cancel")
		phase.Set("end_date", sub.Int("cancel_at"))
	}
	if err := op.Merge(s, newParams("default_settings", settingsOf(sub), "phases", []any{phase})); err != nil {
		return err
	}
	if err := setPhase(op, s, phasesOf(s)[0]); err != nil {
		return err
	}
	return op.Update(sub, newParams("schedule", s.ID()))
}

// phaseOf is the phase that a subscription is in, as the parameters of one.
func phaseOf(op *resource.Op, sub *object.Object) (*object.Object, error) {
	items, err := itemsOf(op, sub)
	if err != nil {
		return nil, err
	}
	shown := make([]any, len(items))
	for i, item := range items {
		shown[i] = phaseItem(item)
	}
	next := slices.MinFunc(items, func(a, b *object.Object) int { return int(periodOf(a).End - periodOf(b).End) })
	phase := newParams("start_date", periodOf(next).Start, "end_date", periodOf(next).End, "currency", sub.String("currency"),
		"proration_behavior", "create_prorations", "items", shown, "discounts", keptDiscounts(sub.Array("discounts")),
		"default_tax_rates", rateIDs(sub.Array("default_tax_rates")), "metadata", sub.Object("metadata").Clone())
	if end := sub.Int("trial_end"); end > op.Now().Unix() {
		phase.Set("trial_end", end)
	}
	return phase, nil
}

// phaseItem is an item of a subscription as the parameters of one of a phase.
func phaseItem(item *object.Object) *object.Object {
	i := item.Clone()
	return newParams("price", i.Ref("price"), "quantity", i.Get("quantity"), "metadata", i.Object("metadata"), "tax_rates", i.Array("tax_rates"),
		"discounts", keptDiscounts(i.Array("discounts")))
}

// settingsOf are the settings of a subscription that hold in every phase unless it says otherwise.
func settingsOf(sub *object.Object) *object.Object {
	settings := object.New(nil)
	for _, name := range []string{"application_fee_percent", "collection_method", "default_payment_method", "description", "on_behalf_of"} {
		if v := sub.Get(name); v != nil {
			settings.Set(name, v)
		}
	}
	for _, name := range []string{"automatic_tax", "billing_thresholds", "transfer_data"} {
		if v := said(sub.Object(name)); v != nil {
			settings.Set(name, v)
		}
	}
	invoices := object.New(nil)
	if v := said(sub.Object("invoice_settings")); v != nil {
		invoices = v
	}
	if days := sub.Get("days_until_due"); days != nil {
		invoices.Set("days_until_due", days)
	}
	settings.Set("invoice_settings", invoices)
	return settings
}

// said is what an object says: a copy without what is null, or nil if nothing is left.
func said(o *object.Object) *object.Object {
	out := object.New(nil)
	for name, v := range o.Clone().All() {
		if inner, ok := v.(*object.Object); ok {
			if inner = said(inner); inner == nil {
				continue
			}
			v = inner
		}
		if v != nil {
			out.Set(name, v)
		}
	}
	if out.Len() == 0 {
		return nil
	}
	return out
}

// phasesOf are the phases of a schedule.
func phasesOf(s *object.Object) []*object.Object {
	all := s.Array("phases")
	phases := make([]*object.Object, len(all))
	for i, v := range all {
		phases[i] = v.(*object.Object)
	}
	return phases
}

// scheduleEnd is when the last phase of a schedule is over.
func scheduleEnd(s *object.Object) int64 {
	phases := phasesOf(s)
	return phases[len(phases)-1].Int("end_date")
}

// scheduleOver reports whether nothing can happen to a schedule any more.
func scheduleOver(s *object.Object) bool {
	status := s.String("status")
	return status != "not_started" && status != "active"
}

// allowSchedule refuses what can only be done to a schedule that is not over.
func allowSchedule(s *object.Object, verb, done string) error {
	if !scheduleOver(s) {
		return nil
	}
	return apierr.Invalid("", "", "You cannot %s a subscription schedule that is currently in the `%s` status. It must be in `not_started, active` status to be %s.", verb, s.String("status"), done)
}
