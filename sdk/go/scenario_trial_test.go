package sdk

import (
	"slices"
	"testing"

	"github.com/stripe/stripe-go/v85"
)

// triesPro begins a trial of Pro of two weeks without a card. behavior is what is to happen at its end.
func triesPro(t *testing.T, behavior string) (s *story, jenny string, sub *stripe.Subscription) {
	t.Helper()
	s, _, pro := plans(t, "2026-02-20")
	jenny = s.signUp("")
	sub = s.subscribe(jenny, pro, func(p *stripe.SubscriptionCreateParams) {
		p.TrialPeriodDays = stripe.Int64(14)
		p.TrialSettings = &stripe.SubscriptionCreateTrialSettingsParams{
			EndBehavior: &stripe.SubscriptionCreateTrialSettingsEndBehaviorParams{MissingPaymentMethod: stripe.String(behavior)},
		}
	})
	s.stands(sub.ID, "trialing", "2026-02-20", "2026-03-06") // February has 28 days
	same(t, "trial", []string{"2026-02-20", "2026-03-06", "2026-03-06"}, []string{date(sub.TrialStart), date(sub.TrialEnd), date(sub.BillingCycleAnchor)})
	same(t, "first invoice", bill{
		Number: "JENNY-0001", Reason: "subscription_create", Status: "paid",
		Lines: []line{{0, "Free trial for 1 × Pro", "2026-02-20", "2026-03-06"}},
	}, billOf(sub.LatestInvoice))
	s.entitled(jenny, "save", "sync")
	s.until("2026-03-05")
	s.stands(sub.ID, "trialing", "2026-02-20", "2026-03-06")
	return s, jenny, sub
}

// tries is what happened until the trial ends.
var tries = []string{
	"2026-02-20 00:00 customer.created customer.updated customer.subscription.created invoice.created " + nothingDue + entitles,
	"2026-02-27 00:00 invoice.upcoming",                     // seven days before its end
	"2026-03-03 00:00 customer.subscription.trial_will_end", // three days before
}

// By default the month that follows is billed. It cannot be paid, and is tried again until nobody has given a card.
func TestScenarioTrialEndsWithAnInvoice(t *testing.T) {
	t.Parallel()
	s, jenny, sub := triesPro(t, "create_invoice")
	s.until("2026-03-06")
	sub = s.stands(sub.ID, "active", "2026-03-06", "2026-04-06")
	month := bill{
		Reason: "subscription_cycle", Status: "draft", Total: 1000, Due: 1000, Remaining: 1000,
		Lines: []line{{1000, "1 × Pro (at $10.00 / month)", "2026-03-06", "2026-04-06"}},
	}
	same(t, "month", month, billOf(sub.LatestInvoice))
	same(t, "becomes final", "2026-03-06 01:00", date(sub.LatestInvoice.AutomaticallyFinalizesAt))
	s.until("2026-03-07")
	sub = s.stands(sub.ID, "past_due", "2026-03-06", "2026-04-06")
	month.Number, month.Status = "JENNY-0002", "open"
	same(t, "month", month, billOf(sub.LatestInvoice))
	s.tried(sub, 1, "2026-03-09 01:00")

	s.until("2026-03-31")
	s.stands(sub.ID, "canceled", "2026-03-06", "2026-04-06")
	s.entitled(jenny)
	s.holds(0, 0)
	const unpaid = "invoice.updated invoice.payment_failed " // there is nothing to charge
	s.happened(slices.Concat(tries, []string{
		"2026-03-06 00:00 " + renewed,
		"2026-03-06 01:00 invoice.finalized payment_intent.created " + unpaid + "customer.subscription.updated customer.updated",
		"2026-03-09 01:00 " + unpaid,
		"2026-03-14 01:00 " + unpaid,
		"2026-03-21 01:00 " + unpaid + "invoice.updated customer.subscription.deleted " + entitles,
	})...)
	s.unlocked("2026-02-20: save sync", "2026-03-21 01:00: ")
}

// The seller may rather end it.
func TestScenarioTrialEndsCanceled(t *testing.T) {
	t.Parallel()
	s, jenny, sub := triesPro(t, "cancel")
	s.until("2026-03-07")
	sub = s.stands(sub.ID, "canceled", "2026-02-20", "2026-03-06")
	same(t, "end", []any{"2026-03-06", "JENNY-0001"}, []any{date(sub.EndedAt), sub.LatestInvoice.Number})
	s.entitled(jenny)
	s.happened(slices.Concat(tries, []string{"2026-03-06 00:00 customer.subscription.deleted " + entitles})...)
}

// Or let it wait. She comes back with a card in April, and her months begin then.
func TestScenarioTrialEndsPaused(t *testing.T) {
	t.Parallel()
	s, jenny, sub := triesPro(t, "pause")
	s.until("2026-04-10")
	sub = s.stands(sub.ID, "paused", "2026-02-20", "2026-03-06")
	same(t, "latest invoice", "JENNY-0001", sub.LatestInvoice.Number)
	s.entitled(jenny)

	s.pays(jenny, "pm_card_visa")
	back, err := s.V1Subscriptions.Resume(t.Context(), sub.ID, &stripe.SubscriptionResumeParams{})
	must(t, err)
	same(t, "anchor", "2026-04-10", date(back.BillingCycleAnchor))
	sub = s.stands(sub.ID, "active", "2026-04-10", "2026-05-10")
	same(t, "resumed", bill{
		Number: "JENNY-0002", Reason: "subscription_update", Status: "paid", Total: 1000, Due: 1000, Paid: 1000,
		Lines: []line{{1000, "1 × Pro (at $10.00 / month)", "2026-04-10", "2026-05-10"}},
	}, billOf(sub.LatestInvoice))
	s.entitled(jenny, "save", "sync")
	s.until("2026-04-11")
	s.happened(slices.Concat(tries, []string{
		"2026-03-06 00:00 customer.subscription.updated customer.subscription.paused " + entitles,
		"2026-04-10 00:00 payment_method.attached customer.updated",
		"2026-04-10 00:00 " + renewed + collected + "customer.subscription.updated customer.subscription.resumed " + entitles + booked,
	})...)
	s.unlocked("2026-02-20: save sync", "2026-03-06: ", "2026-04-10: save sync")
}

// With a card, nobody has to do anything.
func TestScenarioTrialEndsWithACard(t *testing.T) {
	t.Parallel()
	s, jenny, sub := triesPro(t, "cancel")
	s.pays(jenny, "pm_card_visa")
	s.until("2026-03-07")
	sub = s.stands(sub.ID, "active", "2026-03-06", "2026-04-06")
	same(t, "month", bill{
		Number: "JENNY-0002", Reason: "subscription_cycle", Status: "paid", Total: 1000, Due: 1000, Paid: 1000,
		Lines: []line{{1000, "1 × Pro (at $10.00 / month)", "2026-03-06", "2026-04-06"}},
	}, billOf(sub.LatestInvoice))
	s.entitled(jenny, "save", "sync")
	s.happened(slices.Concat(tries, []string{
		"2026-03-05 00:00 payment_method.attached customer.updated",
		"2026-03-06 00:00 " + renewed,
		"2026-03-06 01:00 " + collected + booked,
	})...)
	s.unlocked("2026-02-20: save sync")
}
