package sdk

import (
	"testing"

	"github.com/stripe/stripe-go/v85"
)

// A customer has agreed on what Team will cost her: one seat, free for July; three seats at a lower price until the middle
// of September; five at the full price until December. After that it goes on as it is.
func TestScenarioScheduleOfThreePhases(t *testing.T) {
	t.Parallel()
	s := newStory(t, "2026-06-15")
	team := s.product("Team")
	lower, full := s.price(team, 1200, "month"), s.price(team, 2000, "month")
	jenny := s.signUp("pm_card_visa")
	seats := func(price string, n int64) []*stripe.SubscriptionScheduleCreatePhaseItemParams {
		return []*stripe.SubscriptionScheduleCreatePhaseItemParams{{Price: stripe.String(price), Quantity: stripe.Int64(n)}}
	}
	schedule, err := s.V1SubscriptionSchedules.Create(t.Context(), &stripe.SubscriptionScheduleCreateParams{
		Customer: stripe.String(jenny), StartDate: stripe.Int64(at("2026-07-01")), EndBehavior: stripe.String("release"),
		Phases: []*stripe.SubscriptionScheduleCreatePhaseParams{
			{Items: seats(lower, 1), Trial: stripe.Bool(true), Duration: &stripe.SubscriptionScheduleCreatePhaseDurationParams{Interval: stripe.String("month"), IntervalCount: stripe.Int64(1)}},
			{Items: seats(lower, 3), EndDate: stripe.Int64(at("2026-09-16"))},
			{Items: seats(full, 5), EndDate: stripe.Int64(at("2026-12-01")), ProrationBehavior: stripe.String("always_invoice")},
		},
	})
	must(t, err)
	same(t, "agreed", []string{"not_started", "2026-07-01 2026-08-01", "2026-08-01 2026-09-16", "2026-09-16 2026-12-01"}, phasesOf(schedule))

	s.until("2026-07-02")
	schedule = s.schedule(schedule.ID)
	same(t, "begun", []any{"active", "2026-07-01", "2026-08-01"}, []any{string(schedule.Status), date(schedule.CurrentPhase.StartDate), date(schedule.CurrentPhase.EndDate)})
	sub := s.stands(schedule.Subscription.ID, "trialing", "2026-07-01", "2026-08-01")
	same(t, "held by", schedule.ID, sub.Schedule.ID)
	s.until("2026-08-02")
	sub = s.stands(sub.ID, "active", "2026-08-01", "2026-09-01")
	same(t, "item", []any{lower, int64(3)}, []any{sub.Items.Data[0].Price.ID, sub.Items.Data[0].Quantity})
	s.until("2026-10-02")
	sub = s.stands(sub.ID, "active", "2026-10-01", "2026-11-01")
	same(t, "item", []any{full, int64(5)}, []any{sub.Items.Data[0].Price.ID, sub.Items.Data[0].Quantity})
	s.until("2026-12-02")
	sub = s.stands(sub.ID, "active", "2026-12-01", "2027-01-01")
	if sub.Schedule != nil {
		t.Errorf("the schedule %s still holds it", sub.Schedule.ID)
	}
	schedule = s.schedule(schedule.ID)
	same(t, "released", []any{"released", "2026-12-01", sub.ID, true}, []any{string(schedule.Status), date(schedule.ReleasedAt), schedule.ReleasedSubscription.ID, schedule.Subscription == nil})

	var bills []bill
	for _, in := range s.invoices(jenny) {
		bills = append(bills, billOf(in))
	}
	month := func(number string, total int64, text, from, to string) bill {
		return bill{Number: number, Reason: "subscription_cycle", Status: "paid", Total: total, Due: total, Paid: total, Lines: []line{{total, text, from, to}}}
	}
	free := month("JENNY-0001", 0, "Free trial for 1 × Team", "2026-07-01", "2026-08-01")
	free.Reason = "subscription_create"
	same(t, "invoices", []bill{
		free,
		month("JENNY-0002", 3600, "3 × Team (at $12.00 / month)", "2026-08-01", "2026-09-01"),
		month("JENNY-0003", 3600, "3 × Team (at $12.00 / month)", "2026-09-01", "2026-10-01"),
		{Number: "JENNY-0004", Reason: "subscription_update", Status: "paid", Total: 3200, Due: 3200, Paid: 3200, Lines: []line{
			{-1800, "Unused time on 3 × Team after 16 Sep 2026", "2026-09-16", "2026-10-01"},   // 3600 * 15/30 days
			{5000, "Remaining time on 5 × Team after 16 Sep 2026", "2026-09-16", "2026-10-01"}, // 10000 * 15/30
		}},
		month("JENNY-0005", 10000, "5 × Team (at $20.00 / month)", "2026-10-01", "2026-11-01"),
		month("JENNY-0006", 10000, "5 × Team (at $20.00 / month)", "2026-11-01", "2026-12-01"),
		month("JENNY-0007", 10000, "5 × Team (at $20.00 / month)", "2026-12-01", "2027-01-01"),
	}, bills)
	s.happened(
		"2026-06-15 00:00 customer.created payment_method.attached subscription_schedule.created",
		"2026-07-01 00:00 customer.updated customer.subscription.created invoice.created subscription_schedule.updated",
		"2026-07-01 01:00 "+nothingDue,
		"2026-07-25 00:00 invoice.upcoming",
		"2026-07-29 00:00 customer.subscription.trial_will_end",
		"2026-08-01 00:00 subscription_schedule.updated customer.subscription.updated "+renewed, // three seats, then the end of the trial
		"2026-08-01 01:00 "+collected+booked,
		"2026-08-25 00:00 invoice.upcoming",
		"2026-09-01 00:00 "+renewed,
		"2026-09-01 01:00 "+collected+booked,
		"2026-09-16 00:00 subscription_schedule.updated invoiceitem.created invoiceitem.created "+renewed+collected+booked,
		"2026-09-24 00:00 invoice.upcoming",
		"2026-10-01 00:00 "+renewed,
		"2026-10-01 01:00 "+collected+booked,
		"2026-10-25 00:00 invoice.upcoming",
		"2026-11-01 00:00 "+renewed,
		"2026-11-01 01:00 "+collected+booked,
		"2026-11-24 00:00 subscription_schedule.expiring invoice.upcoming",
		"2026-12-01 00:00 subscription_schedule.updated customer.subscription.updated subscription_schedule.released "+renewed,
		"2026-12-01 01:00 "+collected+booked,
	)
}

func (s *story) schedule(id string) *stripe.SubscriptionSchedule {
	s.t.Helper()
	schedule, err := s.V1SubscriptionSchedules.Retrieve(s.t.Context(), id, nil)
	must(s.t, err)
	return schedule
}

// phasesOf is how a schedule stands, and when its phases begin and end.
func phasesOf(schedule *stripe.SubscriptionSchedule) []string {
	all := []string{string(schedule.Status)}
	for _, p := range schedule.Phases {
		all = append(all, date(p.StartDate)+" "+date(p.EndDate))
	}
	return all
}
