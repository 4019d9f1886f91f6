package sdk

import (
	"testing"

	"github.com/stripe/stripe-go/v85"
)

// used tells that a customer used something. Without a time it was now, by the customer's clock.
func (s *story) used(customer string, calls, identifier, when string) {
	s.t.Helper()
	p := &stripe.BillingMeterEventCreateParams{EventName: stripe.String("calls"), Payload: map[string]string{"stripe_customer_id": customer, "value": calls}}
	if identifier != "" {
		p.Identifier = stripe.String(identifier)
	}
	if when != "" {
		p.Timestamp = stripe.Int64(at(when))
	}
	e, err := s.V1BillingMeterEvents.Create(s.t.Context(), p)
	must(s.t, err)
	if when == "" {
		clock, err := s.V1TestHelpersTestClocks.Retrieve(s.t.Context(), s.clock, nil)
		must(s.t, err)
		same(s.t, "time of the event", clock.FrozenTime, e.Timestamp)
	}
}

// calls sells calls of an API: 5 dollars for the first thousand of a month, half a cent for each up to ten thousand, and
// a fifth of a cent for what is more.
func (s *story) calls() (meter, price string) {
	s.t.Helper()
	m, err := s.V1BillingMeters.Create(s.t.Context(), &stripe.BillingMeterCreateParams{
		DisplayName: stripe.String("Calls"), EventName: stripe.String("calls"),
		DefaultAggregation: &stripe.BillingMeterCreateDefaultAggregationParams{Formula: stripe.String("sum")},
	})
	must(s.t, err)
	p, err := s.V1Prices.Create(s.t.Context(), &stripe.PriceCreateParams{
		Product: stripe.String(s.product("API")), Currency: stripe.String("usd"), BillingScheme: stripe.String("tiered"), TiersMode: stripe.String("graduated"),
		Recurring: &stripe.PriceCreateRecurringParams{Interval: stripe.String("month"), UsageType: stripe.String("metered"), Meter: stripe.String(m.ID)},
		Tiers: []*stripe.PriceCreateTierParams{
			{UpTo: stripe.Int64(1000), FlatAmount: stripe.Int64(500), UnitAmount: stripe.Int64(0)},
			{UpTo: stripe.Int64(10000), UnitAmountDecimal: stripe.Float64(0.5)},
			{UpToInf: stripe.Bool(true), UnitAmountDecimal: stripe.Float64(0.2)},
		},
	})
	must(s.t, err)
	return m.ID, p.ID
}

// counted is what a meter counted for a customer in a time.
func (s *story) counted(meter, customer, from, to string) (sum float64) {
	s.t.Helper()
	p := &stripe.BillingMeterEventSummaryListParams{ID: stripe.String(meter), Customer: stripe.String(customer), StartTime: stripe.Int64(at(from)), EndTime: stripe.Int64(at(to))}
	for one, err := range s.V1BillingMeterEventSummaries.List(s.t.Context(), p).All(s.t.Context()) {
		must(s.t, err)
		sum += one.AggregatedValue
	}
	return sum
}

// A customer pays for what was used, when the month is over.
func TestScenarioMetered(t *testing.T) {
	t.Parallel()
	s := newStory(t, "2026-01-15")
	meter, price := s.calls()
	jenny := s.signUp("pm_card_visa")
	sub := s.subscribe(jenny, price)
	s.stands(sub.ID, "active", "2026-01-15", "2026-02-15")
	if sub.LatestInvoice != nil {
		t.Errorf("there is an invoice %s for nothing", sub.LatestInvoice.ID)
	}

	s.used(jenny, "800", "", "")
	s.until("2026-01-20")
	s.used(jenny, "2300", "", "2026-01-19 23:59")
	s.used(jenny, "700", "", "")
	s.used(jenny, "900000", "mistyped", "")
	_, err := s.V1BillingMeterEventAdjustments.Create(t.Context(), &stripe.BillingMeterEventAdjustmentCreateParams{
		EventName: stripe.String("calls"), Type: stripe.String("cancel"), Cancel: &stripe.BillingMeterEventAdjustmentCreateCancelParams{Identifier: stripe.String("mistyped")},
	})
	must(t, err)
	same(t, "counted", float64(3800), s.counted(meter, jenny, "2026-01-15", "2026-02-15"))

	s.until("2026-02-15 00:30")
	s.used(jenny, "5000", "", "")                // is of the new month
	s.used(jenny, "200", "", "2026-02-14 23:59") // comes late, and is of the old one: its invoice is a draft yet
	sub = s.stands(sub.ID, "active", "2026-02-15", "2026-03-15")
	january := bill{
		Reason: "subscription_cycle", Status: "draft", Total: 1900, Due: 1900, Remaining: 1900,
		Lines: []line{ // 3,800 calls
			{0, "1000 × API (Tier 1 at $0.00 / month)", "2026-01-15", "2026-02-15"},
			{500, "API (Tier 1 at $5.00 / month)", "2026-01-15", "2026-02-15"},
			{1400, "2800 × API (Tier 2 at $0.005 / month)", "2026-01-15", "2026-02-15"}, // 2800 * 0.5
		},
	}
	same(t, "January's draft", january, billOf(sub.LatestInvoice))
	s.until("2026-02-16")
	january.Number, january.Status, january.Total, january.Due, january.Paid, january.Remaining = "JENNY-0001", "paid", 2000, 2000, 2000, 0
	january.Lines[2] = line{1500, "3000 × API (Tier 2 at $0.005 / month)", "2026-01-15", "2026-02-15"} // 3000 * 0.5
	same(t, "January", january, billOf(s.invoice(sub.LatestInvoice.ID)))

	s.until("2026-03-01")
	s.used(jenny, "10000", "", "2026-02-28 12:00")
	s.until("2026-03-16")
	sub = s.stands(sub.ID, "active", "2026-03-15", "2026-04-15")
	same(t, "February", bill{
		Number: "JENNY-0002", Reason: "subscription_cycle", Status: "paid", Total: 6000, Due: 6000, Paid: 6000,
		Lines: []line{ // 15,000 calls
			{0, "1000 × API (Tier 1 at $0.00 / month)", "2026-02-15", "2026-03-15"},
			{500, "API (Tier 1 at $5.00 / month)", "2026-02-15", "2026-03-15"},
			{4500, "9000 × API (Tier 2 at $0.005 / month)", "2026-02-15", "2026-03-15"}, // 9000 * 0.5
			{1000, "5000 × API (Tier 3 at $0.002 / month)", "2026-02-15", "2026-03-15"}, // 5000 * 0.2
		},
	}, billOf(sub.LatestInvoice))
	for _, month := range []struct {
		from, to string
		calls    float64
	}{{"2026-01-15", "2026-02-15", 4000}, {"2026-02-15", "2026-03-15", 15000}} {
		same(t, "counted", month.calls, s.counted(meter, jenny, month.from, month.to))
	}

	s.used(jenny, "1000", "", "") // and in the middle of the third month she leaves
	s.until("2026-03-20")
	gone, err := s.V1Subscriptions.Cancel(t.Context(), sub.ID, &stripe.SubscriptionCancelParams{InvoiceNow: stripe.Bool(true)})
	must(t, err)
	same(t, "March", bill{
		Number: "JENNY-0003", Reason: "subscription_update", Status: "paid", Total: 500, Due: 500, Paid: 500,
		Lines: []line{
			{0, "1000 × API (Tier 1 at $0.00 / month)", "2026-03-15", "2026-03-20"},
			{500, "API (Tier 1 at $5.00 / month)", "2026-03-15", "2026-03-20"},
		},
	}, billOf(s.invoice(gone.LatestInvoice.ID)))
	s.until("2026-06-01")
	s.moved(row{"charge", 2000, 88, 1912}, row{"charge", 6000, 204, 5796}, row{"charge", 500, 45, 455}) // 58, 174 and 14.5, and 30 each
	s.happened(
		"2026-01-15 00:00 customer.created payment_method.attached customer.updated customer.subscription.created",
		"2026-02-08 00:00 invoice.upcoming",
		"2026-02-15 00:00 "+renewed,
		"2026-02-15 01:00 "+collected+booked,
		"2026-03-08 00:00 invoice.upcoming",
		"2026-03-15 00:00 "+renewed,
		"2026-03-15 01:00 "+collected+booked,
		"2026-03-20 00:00 invoice.created "+collected+"customer.subscription.deleted "+booked,
	)
	s.foretold("2026-02-08: 1900", "2026-03-08: 6000") // by what was used until then
}
