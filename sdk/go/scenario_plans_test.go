package sdk

import (
	"testing"

	"github.com/stripe/stripe-go/v85"
)

// plans is a seller of Free, with one feature, and of Pro at 10 dollars a month, with two.
func plans(t *testing.T, start string) (s *story, free, pro string) {
	t.Helper()
	s = newStory(t, start)
	save, sync := s.feature("save"), s.feature("sync")
	return s, s.price(s.product("Free", save), 0, "month"), s.price(s.product("Pro", save, sync), 1000, "month")
}

// Somebody signs up to Free, with an address and no card. It costs nothing each month, and she may use what it has until
// she leaves.
func TestScenarioSignsUpToFree(t *testing.T) {
	t.Parallel()
	s, free, _ := plans(t, "2026-04-01")
	jenny := s.signUp("")
	s.entitled(jenny)
	sub := s.subscribe(jenny, free)
	s.stands(sub.ID, "active", "2026-04-01", "2026-05-01")
	same(t, "first invoice", bill{
		Number: "JENNY-0001", Reason: "subscription_create", Status: "paid",
		Lines: []line{{0, "1 × Free (at $0.00 / month)", "2026-04-01", "2026-05-01"}},
	}, billOf(sub.LatestInvoice))
	s.entitled(jenny, "save")
	same(t, "nobody said", []any{"", "off", false}, []any{string(sub.CancellationDetails.Reason), string(sub.PaymentSettings.SaveDefaultPaymentMethod), sub.DefaultTaxRates == nil})

	s.until("2026-05-02")
	sub = s.stands(sub.ID, "active", "2026-05-01", "2026-06-01")
	same(t, "second invoice", bill{
		Number: "JENNY-0002", Reason: "subscription_cycle", Status: "paid",
		Lines: []line{{0, "1 × Free (at $0.00 / month)", "2026-05-01", "2026-06-01"}},
	}, billOf(sub.LatestInvoice))

	gone, err := s.V1Subscriptions.Cancel(t.Context(), sub.ID, &stripe.SubscriptionCancelParams{
		CancellationDetails: &stripe.SubscriptionCancelCancellationDetailsParams{Feedback: stripe.String("unused")},
	})
	must(t, err)
	same(t, "canceled", []any{"canceled", "2026-05-02", "cancellation_requested", "unused"},
		[]any{string(gone.Status), date(gone.EndedAt), string(gone.CancellationDetails.Reason), string(gone.CancellationDetails.Feedback)})
	s.entitled(jenny)
	s.holds(0, 0)
	s.happened(
		"2026-04-01 00:00 customer.created",
		"2026-04-01 00:00 customer.updated", // her currency is known now
		"2026-04-01 00:00 customer.subscription.created invoice.created "+nothingDue+entitles,
		"2026-04-24 00:00 invoice.upcoming", // a week before
		"2026-05-01 00:00 "+renewed,
		"2026-05-01 01:00 "+nothingDue,
		"2026-05-02 00:00 customer.subscription.deleted "+entitles,
	)
	s.unlocked("2026-04-01: save", "2026-05-02: ")
}

// She likes it, and takes Pro in the middle of the month. In May she wants back to Free, from the end of what she paid for.
func TestScenarioUpgradesMidMonth(t *testing.T) {
	t.Parallel()
	s, free, pro := plans(t, "2026-04-01")
	jenny := s.signUp("pm_card_visa")
	sub := s.subscribe(jenny, free)

	s.until("2026-04-16")
	difference := []line{
		{0, "Unused time on Free after 16 Apr 2026", "2026-04-16", "2026-05-01"},
		{500, "Remaining time on Pro after 16 Apr 2026", "2026-04-16", "2026-05-01"}, // 1000 * 15/30 days
	}
	preview, err := s.V1Invoices.CreatePreview(t.Context(), &stripe.InvoiceCreatePreviewParams{
		Subscription: stripe.String(sub.ID),
		SubscriptionDetails: &stripe.InvoiceCreatePreviewSubscriptionDetailsParams{
			Items:             []*stripe.InvoiceCreatePreviewSubscriptionDetailsItemParams{{ID: stripe.String(sub.Items.Data[0].ID), Price: stripe.String(pro)}},
			ProrationBehavior: stripe.String("always_invoice"), ProrationDate: stripe.Int64(at("2026-04-16")),
		},
	})
	must(t, err)
	same(t, "what it would cost", []any{int64(500), difference}, []any{preview.AmountDue, billOf(preview).Lines})
	sub = s.update(sub.ID, &stripe.SubscriptionUpdateParams{
		Items:             []*stripe.SubscriptionUpdateItemParams{{ID: stripe.String(sub.Items.Data[0].ID), Price: stripe.String(pro)}},
		ProrationBehavior: stripe.String("always_invoice"), ProrationDate: stripe.Int64(at("2026-04-16")),
	})
	same(t, "upgrade", bill{Number: "JENNY-0002", Reason: "subscription_update", Status: "paid", Total: 500, Due: 500, Paid: 500, Lines: difference}, billOf(sub.LatestInvoice))
	s.stands(sub.ID, "active", "2026-04-01", "2026-05-01")
	s.entitled(jenny, "save", "sync")

	s.until("2026-05-10")
	sub = s.stands(sub.ID, "active", "2026-05-01", "2026-06-01")
	same(t, "May", bill{
		Number: "JENNY-0003", Reason: "subscription_cycle", Status: "paid", Total: 1000, Due: 1000, Paid: 1000,
		Lines: []line{{1000, "1 × Pro (at $10.00 / month)", "2026-05-01", "2026-06-01"}},
	}, billOf(sub.LatestInvoice))

	// A schedule that is made of the subscription has the period as its phase. Another one is added, with Free.
	schedule, err := s.V1SubscriptionSchedules.Create(t.Context(), &stripe.SubscriptionScheduleCreateParams{FromSubscription: stripe.String(sub.ID)})
	must(t, err)
	same(t, "phases", []string{"2026-05-01", "2026-06-01"}, []string{date(schedule.Phases[0].StartDate), date(schedule.Phases[0].EndDate)})
	_, err = s.V1SubscriptionSchedules.Update(t.Context(), schedule.ID, &stripe.SubscriptionScheduleUpdateParams{
		Phases: []*stripe.SubscriptionScheduleUpdatePhaseParams{
			{
				StartDate: stripe.Int64(schedule.Phases[0].StartDate), EndDate: stripe.Int64(schedule.Phases[0].EndDate),
				Items: []*stripe.SubscriptionScheduleUpdatePhaseItemParams{{Price: stripe.String(pro)}},
			},
			{
				Items:    []*stripe.SubscriptionScheduleUpdatePhaseItemParams{{Price: stripe.String(free)}},
				Duration: &stripe.SubscriptionScheduleUpdatePhaseDurationParams{Interval: stripe.String("month")},
			},
		},
	})
	must(t, err)
	s.until("2026-05-31")
	s.entitled(jenny, "save", "sync")

	s.until("2026-06-02")
	sub = s.stands(sub.ID, "active", "2026-06-01", "2026-07-01")
	same(t, "June", bill{
		Number: "JENNY-0004", Reason: "subscription_cycle", Status: "paid",
		Lines: []line{{0, "1 × Free (at $0.00 / month)", "2026-06-01", "2026-07-01"}},
	}, billOf(sub.LatestInvoice))
	s.entitled(jenny, "save")

	s.until("2026-07-02")
	sub = s.stands(sub.ID, "active", "2026-07-01", "2026-08-01")
	if sub.Schedule != nil {
		t.Errorf("the schedule %s still holds it", sub.Schedule.ID)
	}
	s.moved(
		row{"charge", 500, 45, 455},  // 2.9 % of 500 is 14.5, and 30
		row{"charge", 1000, 59, 941}, // 29, and 30
	)
	s.happened(
		"2026-04-01 00:00 customer.created payment_method.attached",
		"2026-04-01 00:00 customer.updated customer.subscription.created invoice.created "+nothingDue+entitles,
		"2026-04-16 00:00 invoiceitem.created invoiceitem.created customer.subscription.updated invoice.created "+collected+entitles+booked,
		"2026-04-24 00:00 invoice.upcoming",
		"2026-05-01 00:00 "+renewed,
		"2026-05-01 01:00 "+collected+booked,
		"2026-05-10 00:00 customer.subscription.updated subscription_schedule.created subscription_schedule.updated",
		"2026-05-25 00:00 invoice.upcoming",
		"2026-06-01 00:00 subscription_schedule.updated customer.subscription.updated "+entitles+renewed,
		"2026-06-01 01:00 "+nothingDue,
		"2026-06-24 00:00 subscription_schedule.expiring invoice.upcoming", // a week before its end
		"2026-07-01 00:00 subscription_schedule.updated customer.subscription.updated subscription_schedule.released "+renewed,
		"2026-07-01 01:00 "+nothingDue,
	)
	s.unlocked("2026-04-01: save", "2026-04-16: save sync", "2026-06-01: save")
}
