package billing

import (
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How a schedule is changed. The phases that are sent replace all that are not over; what changes of the current one
// changes the subscription at once.

// updateSchedule changes a schedule that is not over.
//
// Emits subscription_schedule.updated, and what updating the subscription does.
func updateSchedule(op *resource.Op) error {
	s := op.Object
	if err := allowSchedule(op.Before, "update", "updated"); err != nil {
		return err
	}
	if err := checkScheduleSettings(op, s); err != nil {
		return err
	}
	if op.Params.Has("phases") {
		if err := replacePhases(op, s); err != nil {
			return err
		}
	}
	if s.String("status") == "not_started" {
		return startSchedule(op, s)
	}
	phase := phasesOf(s)[currentPhase(s)]
	if err := setPhase(op, s, phase); err != nil {
		return err
	}
	if err := op.EmitUpdated(s); err != nil {
		return err
	}
	if err := changeCurrent(op, s, phase); err != nil {
		return err
	}
	if phase.Int("end_date") <= op.Now().Unix() {
		return leavePhase(op, s)
	}
	return nil
}

// replacePhases gives a schedule the phases that were sent. Those that are over stay, whether they were sent or not.
func replacePhases(op *resource.Op, s *object.Object) error {
	sent := op.Params.Array("phases")
	if len(sent) == 0 {
		return missingParam("phases")
	}
	start, err := firstStart(op, sent)
	if err != nil {
		return err
	}
	customer, err := op.Get("customer", s.Ref("customer"), "customer")
	if err != nil {
		return err
	}
	r := phaseReader{customer: customer, start: start, known: knownTo(op.Before)}
	if s.String("status") == "active" {
		r.currency = phasesOf(op.Before)[0].String("currency")
	}
	if err := readPhases(op, s, r); err != nil || s.String("status") == "not_started" {
		return err
	}
	return joinPast(op, s)
}

// firstStart is where the first phase that was sent begins. At least one must say when it begins.
func firstStart(op *resource.Op, sent []any) (int64, error) {
	if at := dateOf(op, sent[0].(*object.Object), "start_date"); at != 0 {
		return at, nil
	}
	for _, v := range sent {
		if dateOf(op, v.(*object.Object), "start_date") == 0 {
			continue
		}
		if start := op.Before.Object("current_phase").Int("start_date"); start != 0 {
			return start, nil
		}
		return phasesOf(op.Before)[0].Int("start_date"), nil
	}
	return 0, apierr.Invalid("", "phases", "The subscription schedule update is missing at least one phase with a `start_date` to anchor end dates to.")
}

// joinPast puts the phases that are over before those that were sent, which must go on from there.
func joinPast(op *resource.Op, s *object.Object) error {
	old, sent := phasesOf(op.Before), phasesOf(s)
	at := currentPhase(op.Before)
	past, start := old[:at], old[at].Int("start_date")
	n := 0
	for n < len(sent) && sent[n].Int("start_date") < start {
		n++
	}
	for i, phase := range sent[:n] {
		was := at - n + i
		if was < 0 || phase.Int("start_date") != past[was].Int("start_date") {
			return lockedStart(i)
		}
		if !samePhase(phase, past[was]) {
			return pastPhase("phases[" + strconv.Itoa(i) + "]")
		}
	}
	switch {
	case n == len(sent), sent[n].Int("start_date") != start:
		return lockedStart(min(n, len(sent)-1))
	case sent[n].Int("end_date") < op.Now().Unix():
		return apierr.Invalid("", "phases["+strconv.Itoa(n)+"][end_date]", "You can only adjust the end date to a future date for the current phase.")
	}
	joined := make([]any, 0, len(past)+len(sent)-n)
	for _, phase := range append(past[:len(past):len(past)], sent[n:]...) {
		joined = append(joined, phase.Clone())
	}
	s.Set("phases", joined)
	return nil
}

// samePhase reports whether a phase that is over was sent as it was, as far as it was sent.
func samePhase(sent, was *object.Object) bool {
	items, held := sent.Array("items"), was.Array("items")
	if sent.Int("end_date") != was.Int("end_date") || len(items) != len(held) {
		return false
	}
	for i, v := range items {
		a, b := v.(*object.Object), held[i].(*object.Object)
		if a.Ref("price") != b.Ref("price") || a.Int("quantity") != b.Int("quantity") {
			return false
		}
	}
	return true
}

func lockedStart(i int) error {
	return apierr.Invalid("", "phases["+strconv.Itoa(i)+"][start_date]", "You can not modify the start date of the current phase.")
}

func pastPhase(param string) error {
	return apierr.Invalid("", param, "You can not update a phase that has already ended.")
}

// changeCurrent makes the subscription what its phase says after a change of the schedule.
func changeCurrent(op *resource.Op, s, phase *object.Object) error {
	sub, err := op.Get("subscription", s.Ref("subscription"), "")
	if err != nil {
		return err
	}
	params := newParams("schedule", s.ID())
	if !object.Equal(unended(phase), unended(phasesOf(op.Before)[currentPhase(op.Before)])) || !object.Equal(s.Object("default_settings"), op.Before.Object("default_settings")) {
		if params, err = phaseParams(op, s, phase, sub); err != nil {
			return err
		}
		params.Set("proration_behavior", "create_prorations")
		if sent := op.Params.String("proration_behavior"); sent != "" {
			params.Set("proration_behavior", sent)
		}
	}
	setCancelDate(params, s, sub)
	return op.Update(sub, params)
}

// unended is a phase without its end.
func unended(phase *object.Object) *object.Object {
	p := phase.Clone()
	p.Delete("end_date")
	return p
}
