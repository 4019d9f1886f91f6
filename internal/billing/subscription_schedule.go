package billing

import (
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
// How phases are read is in subscription_schedule_phases.go and subscription_schedule_items.go, or from a subscription in
// subscription_schedule_adopt.go; what they make of a subscription in subscription_schedule_settings.go and
// subscription_schedule_changes.go; how they follow each other in subscription_schedule_turn.go, how they are changed in
// subscription_schedule_update.go, how a schedule ends in subscription_schedule_end.go, what it does to changes of its
// subscription in subscription_schedule_edits.go. What holds for all of them is in subscription_schedule_audit.go.
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
		Create:   createSchedule, Update: updateSchedule, Audit: auditSchedules,
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
	if err := readPhases(op, s, phaseReader{customer: customer, start: start, inactive: !op.Requested(s)}); err != nil {
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
