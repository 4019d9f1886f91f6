package billing

import (
	"fmt"
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// auditSchedules proves that the phases of a schedule follow each other, that schedules and subscriptions belong to each
// other, and that a subscription is for what the current phase of its schedule says.
func auditSchedules(s *resource.Survey) (problems []string, err error) {
	active := map[string]*object.Object{}
	if err := s.Each("subscription_schedule", func(schedule *object.Object) error {
		if schedule.String("status") == "active" {
			active[schedule.Ref("subscription")] = schedule
		}
		problems = append(problems, auditPhases(schedule)...)
		return nil
	}); err != nil {
		return nil, err
	}
	err = s.Each("subscription", func(sub *object.Object) error {
		schedule := active[sub.ID()]
		delete(active, sub.ID())
		switch {
		case schedule.ID() != sub.Ref("schedule") && (schedule != nil || !hasEnded(sub)):
			problems = append(problems, fmt.Sprintf("subscription %s: it names the schedule %q, and %q names it", sub.ID(), sub.Ref("schedule"), schedule.ID()))
		case schedule != nil && !slices.Equal(billedBy(phasesOf(schedule)[max(currentPhase(schedule), 0)].Array("items")), billedBy(sub.Object("items").Array("data"))):
			problems = append(problems, fmt.Sprintf("subscription %s: its items are not those of the current phase of %s", sub.ID(), schedule.ID()))
		}
		return nil
	})
	for id, schedule := range active {
		problems = append(problems, fmt.Sprintf("subscription_schedule %s: there is no subscription %q", schedule.ID(), id))
	}
	return problems, err
}

func auditPhases(s *object.Object) (problems []string) {
	wrong := func(format string, args ...any) {
		problems = append(problems, "subscription_schedule "+s.ID()+": "+fmt.Sprintf(format, args...))
	}
	var end int64
	for i, phase := range phasesOf(s) {
		if start := phase.Int("start_date"); i > 0 && start != end {
			wrong("phase %d begins at %d, not at %d", i, start, end)
		}
		if end = phase.Int("end_date"); end <= phase.Int("start_date") {
			wrong("phase %d ends before it begins", i)
		}
	}
	if status := s.String("status"); (status == "active") != (s.Object("current_phase") != nil) || status == "active" && currentPhase(s) < 0 {
		wrong("it is %s in the phase %v", status, s.At("current_phase", "start_date"))
	}
	return problems
}

// billedBy are the prices of items with their quantities, in order of price.
func billedBy(items []any) []string {
	out := make([]string, len(items))
	for i, v := range items {
		item := v.(*object.Object)
		out[i] = fmt.Sprintf("%s %d", item.Ref("price"), item.Int("quantity"))
	}
	slices.Sort(out)
	return out
}
