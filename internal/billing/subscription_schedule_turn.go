package billing

import (
	"slices"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How the phases of a schedule follow each other.

// startSchedule begins the first phase if it is time, or waits for it.
func startSchedule(op *resource.Op, s *object.Object) error {
	if phasesOf(s)[0].Int("start_date") <= op.Now().Unix() {
		return beginSchedule(op, s)
	}
	return setTurns(op, s)
}

// beginSchedule makes the subscription with the first phase. Its first invoice is a draft for an hour, as that of a
// renewal, and so the subscription is active from the start.
//
// Emits customer.subscription.created, invoice.created.
func beginSchedule(op *resource.Op, s *object.Object) error {
	phase := phasesOf(s)[0]
	if end := phase.Int("end_date"); end <= op.Now().Unix() {
		return pastPhase("phases[0][end_date]")
	}
	if err := setPhase(op, s, phase); err != nil {
		return err
	}
	params, err := phaseParams(op, s, phase, nil)
	if err != nil {
		return err
	}
	params.Set("customer", s.Ref("customer"))
	params.Set("currency", phase.String("currency"))
	params.Set("billing_mode", said(s.Object("billing_mode")))
	if start := phase.Int("start_date"); start < op.Now().Unix() {
		params.Set("backdate_start_date", start)
	}
	if added := addedItems(s, phase); len(added) > 0 {
		params.Set("add_invoice_items", added)
	}
	sub, err := op.Create("subscription", params)
	if err != nil {
		return within(err, "phases[0]")
	}
	s.Set("subscription", sub.ID())
	op.Save(s)
	return nil
}

// setPhase lets a phase be the current one.
func setPhase(op *resource.Op, s, phase *object.Object) error {
	if s.String("status") != "active" {
		if err := op.Move(s, "active"); err != nil {
			return err
		}
	}
	s.Set("current_phase", newParams("start_date", phase.Int("start_date"), "end_date", phase.Int("end_date")))
	return setTurns(op, s)
}

// setTurns asks for the next turn of a schedule, and for the warning of its end; none once it has ended.
func setTurns(op *resource.Op, s *object.Object) error {
	var turn, warning time.Time
	switch s.String("status") {
	case "not_started":
		turn = unix(phasesOf(s)[0].Int("start_date"))
	case "active":
		turn = unix(s.Object("current_phase").Int("end_date"))
	}
	if at := unix(scheduleEnd(s)).Add(-scheduleWarning); !turn.IsZero() && at.After(op.Now()) {
		warning = at
	}
	if err := op.SetTimer(schedulePhase, s, turn); err != nil {
		return err
	}
	return op.SetTimer(scheduleExpiring, s, warning)
}

// warnOfScheduleEnd tells of the end of a schedule a week before. A shorter schedule has no warning.
// Emits subscription_schedule.expiring.
func warnOfScheduleEnd(op *resource.Op) error {
	s := op.Object
	if scheduleOver(s) || unix(scheduleEnd(s)).Add(-scheduleWarning).After(op.Now()) {
		return nil
	}
	return op.Emit("subscription_schedule.expiring", s)
}

// turnSchedule begins a schedule whose time has come, or its next phase.
//
// Emits what the subscription does, subscription_schedule.updated.
func turnSchedule(op *resource.Op) error {
	s, now := op.Object, op.Now().Unix()
	switch status := s.String("status"); {
	case status == "active" && s.Object("current_phase").Int("end_date") <= now:
		return leavePhase(op, s)
	case status != "not_started" || phasesOf(s)[0].Int("start_date") > now:
		return nil
	}
	customer, err := op.Find("customer", s.Ref("customer"))
	if err != nil {
		return err
	}
	if known := customer.String("currency"); customer == nil || known != "" && known != phasesOf(s)[0].String("currency") {
		return endSchedule(op, s, "canceled", "canceled") // deleted, or billed in another currency meanwhile
	}
	if err := beginSchedule(op, s); err != nil {
		return err
	}
	return op.EmitUpdated(s)
}

// leavePhase begins the phase after the current one. After the last one the schedule is over, and the subscription goes on
// alone or ends.
func leavePhase(op *resource.Op, s *object.Object) error {
	end := s.Object("current_phase").Int("end_date")
	phases := phasesOf(s)
	i := slices.IndexFunc(phases, func(p *object.Object) bool { return p.Int("start_date") == end })
	switch {
	case i >= 0:
		return enterPhase(op, s, phases[i])
	case s.String("end_behavior") != "cancel":
		return releaseSchedule(op, s, true)
	}
	sub, err := op.Get("subscription", s.Ref("subscription"), "")
	if err != nil {
		return err
	}
	return cancelSubscription(op, sub, cancellation{reason: "cancellation_requested", invoiceNow: true})
}

// enterPhase makes the subscription what the next phase says.
//
// Emits subscription_schedule.updated, and what updating the subscription does.
func enterPhase(op *resource.Op, s, phase *object.Object) error {
	if err := setPhase(op, s, phase); err != nil {
		return err
	}
	if err := op.EmitUpdated(s); err != nil {
		return err
	}
	sub, err := op.Get("subscription", s.Ref("subscription"), "")
	if err != nil {
		return err
	}
	params, err := phaseParams(op, s, phase, sub)
	if err != nil {
		return err
	}
	if err := moveAnchor(op, params, s, phase, sub); err != nil {
		return err
	}
	if added := addedItems(s, phase); len(added) > 0 {
		params.Set("add_invoice_items", added)
	}
	return op.Update(sub, params)
}

// moveAnchor lets the periods be counted from the beginning of a phase, if it says so. Where a renewal is due this second,
// the anchor moves before that, also when the phase is billed in other intervals: it bills whole ones. A trial has its own.
func moveAnchor(op *resource.Op, p, s, phase, sub *object.Object) error {
	asked := settingOf(s, phase, "billing_cycle_anchor") == "phase_start"
	if _, last := periodEnds(sub); last > op.Now().Unix() {
		if asked && sub.String("status") != "trialing" {
			p.Set("billing_cycle_anchor", "now")
		}
		return nil
	}
	p.Set("billing_cycle_anchor", "unchanged")
	for _, v := range phase.Array("items") {
		price, err := op.Get("price", v.(*object.Object).Ref("price"), "")
		if err != nil {
			return err
		}
		asked = asked || !slices.ContainsFunc(subscriptionItems(sub), func(item *object.Object) bool {
			return intervalOf(item.Object("price")) == intervalOf(price)
		})
	}
	if asked {
		sub.Set("billing_cycle_anchor", op.Now().Unix())
	}
	return nil
}
