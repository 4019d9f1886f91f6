package sdk

import (
	"testing"

	"github.com/stripe/stripe-go/v85"
)

// offered has a customer with an open quote: three seats of Team at 20 dollars a month, and 50 dollars once to set it up,
// with a fifth off what is due first. When it is to begin can be left to her.
func offered(t *testing.T, begins *stripe.QuoteCreateSubscriptionDataParams) (*story, *stripe.Quote) {
	t.Helper()
	s := newStory(t, "2026-04-01")
	team := s.price(s.product("Team"), 2000, "month")
	setup, err := s.V1Prices.Create(t.Context(), &stripe.PriceCreateParams{Product: stripe.String(s.product("Setup")), Currency: stripe.String("usd"), UnitAmount: stripe.Int64(5000)})
	must(t, err)
	fifth, err := s.V1Coupons.Create(t.Context(), &stripe.CouponCreateParams{PercentOff: stripe.Float64(20), Duration: stripe.String("once")})
	must(t, err)
	quote, err := s.V1Quotes.Create(t.Context(), &stripe.QuoteCreateParams{
		Customer: stripe.String(s.signUp("pm_card_visa")), SubscriptionData: begins,
		LineItems: []*stripe.QuoteCreateLineItemParams{{Price: stripe.String(team), Quantity: stripe.Int64(3)}, {Price: stripe.String(setup.ID)}},
		Discounts: []*stripe.QuoteCreateDiscountParams{{Coupon: stripe.String(fifth.ID)}},
	})
	must(t, err)
	same(t, "draft", []any{"draft", "", "2026-05-01"}, []any{string(quote.Status), quote.Number, date(quote.ExpiresAt)}) // in 30 days
	upfront, each := quote.Computed.Upfront, quote.Computed.Recurring
	same(t, "first", []int64{11000, 2200, 8800}, []int64{upfront.AmountSubtotal, upfront.TotalDetails.AmountDiscount, upfront.AmountTotal}) // 3 * 2000 and 5000
	same(t, "each month", []int64{6000, 6000}, []int64{each.AmountSubtotal, each.AmountTotal})
	quote, err = s.V1Quotes.FinalizeQuote(t.Context(), quote.ID, nil)
	must(t, err)
	same(t, "open", []any{"open", "QT-JENNY-0001-1"}, []any{string(quote.Status), quote.Number})
	return s, quote
}

// The customer accepts a quote, and subscribes with that.
func TestScenarioQuoteAccepted(t *testing.T) {
	t.Parallel()
	s, quote := offered(t, nil)
	s.until("2026-04-10")
	quote, err := s.V1Quotes.Accept(t.Context(), quote.ID, nil)
	must(t, err)
	same(t, "accepted", []any{"accepted", "2026-04-10"}, []any{string(quote.Status), date(quote.StatusTransitions.AcceptedAt)})
	sub := s.stands(quote.Subscription.ID, "active", "2026-04-10", "2026-05-10")
	first := bill{
		Reason: "subscription_create", Status: "draft", Total: 8800, Due: 8800, Remaining: 8800, // 11000 less a fifth
		Lines: []line{
			{5000, "Setup", "2026-04-10", "2026-05-10"},
			{6000, "3 × Team (at $20.00 / month)", "2026-04-10", "2026-05-10"},
		},
	}
	same(t, "April's draft", first, billOf(sub.LatestInvoice)) // the seller may still change it
	s.until("2026-04-11")
	sub = s.stands(sub.ID, "active", "2026-04-10", "2026-05-10")
	first.Number, first.Status, first.Paid, first.Remaining = "JENNY-0001", "paid", 8800, 0
	same(t, "April", first, billOf(sub.LatestInvoice))
	same(t, "its discount", []int64{11000, 2200}, []int64{sub.LatestInvoice.Subtotal, sub.LatestInvoice.TotalDiscountAmounts[0].Amount})
	s.until("2026-05-11")
	sub = s.stands(sub.ID, "active", "2026-05-10", "2026-06-10")
	same(t, "May", bill{
		Number: "JENNY-0002", Reason: "subscription_cycle", Status: "paid", Total: 6000, Due: 6000, Paid: 6000,
		Lines: []line{{6000, "3 × Team (at $20.00 / month)", "2026-05-10", "2026-06-10"}},
	}, billOf(sub.LatestInvoice))
	s.moved(row{"charge", 8800, 285, 8515}, row{"charge", 6000, 204, 5796}) // 255.2 and 174, and 30 each
	s.happened(
		"2026-04-01 00:00 customer.created payment_method.attached quote.created quote.finalized",
		"2026-04-10 00:00 customer.updated invoiceitem.created customer.subscription.created invoice.created customer.discount.created quote.accepted",
		"2026-04-10 01:00 customer.discount.deleted customer.subscription.updated "+collected+booked, // it was for once
		"2026-05-03 00:00 invoice.upcoming",
		"2026-05-10 00:00 "+renewed,
		"2026-05-10 01:00 "+collected+booked,
	)
}

// What is to begin in June becomes a schedule until then.
func TestScenarioQuoteAcceptedForLater(t *testing.T) {
	t.Parallel()
	s, quote := offered(t, &stripe.QuoteCreateSubscriptionDataParams{EffectiveDate: stripe.Int64(at("2026-06-01"))})
	s.until("2026-04-10")
	quote, err := s.V1Quotes.Accept(t.Context(), quote.ID, nil)
	must(t, err)
	same(t, "accepted", []any{"accepted", true, true}, []any{string(quote.Status), quote.Subscription == nil, quote.Invoice == nil})
	same(t, "schedule", []string{"not_started", "2026-06-01 2026-07-01"}, phasesOf(s.schedule(quote.SubscriptionSchedule.ID)))
	s.until("2026-06-02")
	schedule := s.schedule(quote.SubscriptionSchedule.ID)
	sub := s.stands(schedule.Subscription.ID, "active", "2026-06-01", "2026-07-01")
	same(t, "June", bill{
		Number: "JENNY-0001", Reason: "subscription_create", Status: "paid", Total: 8800, Due: 8800, Paid: 8800,
		Lines: []line{
			{5000, "Setup", "2026-06-01", "2026-07-01"},
			{6000, "3 × Team (at $20.00 / month)", "2026-06-01", "2026-07-01"},
		},
	}, billOf(sub.LatestInvoice))
	s.happened(
		"2026-04-01 00:00 customer.created payment_method.attached quote.created quote.finalized",
		"2026-04-10 00:00 subscription_schedule.created quote.accepted",
		"2026-06-01 00:00 customer.updated customer.discount.created invoiceitem.created customer.subscription.created invoice.created subscription_schedule.updated",
		"2026-06-01 01:00 customer.discount.deleted customer.subscription.updated "+collected+booked,
	)
}

// Nobody answers, and the offer is over.
func TestScenarioQuoteExpires(t *testing.T) {
	t.Parallel()
	s, quote := offered(t, nil)
	s.until("2026-05-02")
	_, err := s.V1Quotes.Accept(t.Context(), quote.ID, nil)
	same(t, "accepting it", 400, refusal(t, err).HTTPStatusCode)
	quote, err = s.V1Quotes.Retrieve(t.Context(), quote.ID, nil)
	must(t, err)
	same(t, "over", []any{"canceled", "2026-05-01", true}, []any{string(quote.Status), date(quote.StatusTransitions.CanceledAt), quote.Subscription == nil})
	s.happened(
		"2026-04-01 00:00 customer.created payment_method.attached quote.created quote.finalized",
		"2026-05-01 00:00 quote.canceled",
	)
}
