package sdk

import (
	"slices"
	"testing"

	"github.com/stripe/stripe-go/v85"
)

// failsInFebruary has a subscription to Pro since the last day of January, whose renewal of February could not be paid:
// the card was replaced by one that banks decline.
func failsInFebruary(t *testing.T) (s *story, jenny string, sub *stripe.Subscription) {
	t.Helper()
	s, _, pro := plans(t, "2027-01-31 09:00")
	jenny = s.signUp("pm_card_visa")
	sub = s.subscribe(jenny, pro)
	same(t, "first invoice", bill{
		Number: "JENNY-0001", Reason: "subscription_create", Status: "paid", Total: 1000, Due: 1000, Paid: 1000,
		Lines: []line{{1000, "1 × Pro (at $10.00 / month)", "2027-01-31 09:00", "2027-02-28 09:00"}}, // February has no 31st
	}, billOf(sub.LatestInvoice))
	s.until("2027-02-10")
	s.pays(jenny, "pm_card_chargeCustomerFail")
	s.until("2027-02-28 12:00")
	sub = s.stands(sub.ID, "past_due", "2027-02-28 09:00", "2027-03-31 09:00") // as if it had been the 31st
	same(t, "February", bill{
		Number: "JENNY-0002", Reason: "subscription_cycle", Status: "open", Total: 1000, Due: 1000, Remaining: 1000,
		Lines: []line{{1000, "1 × Pro (at $10.00 / month)", "2027-02-28 09:00", "2027-03-31 09:00"}},
	}, billOf(sub.LatestInvoice))
	s.tried(sub, 1, "2027-03-03 10:00") // in three days
	s.entitled(jenny, "save", "sync")   // she keeps what she has while there is hope
	if !s.who(jenny).Delinquent {
		t.Error("the customer is not delinquent")
	}
	return s, jenny, sub
}

// failed is what happened until then.
var failed = []string{
	"2027-01-31 09:00 customer.created payment_method.attached",
	"2027-01-31 09:00 customer.updated customer.subscription.created invoice.created " + collected + "customer.subscription.updated " + entitles + booked,
	"2027-02-10 00:00 payment_method.attached customer.updated",
	"2027-02-21 09:00 invoice.upcoming",
	"2027-02-28 09:00 " + renewed,
	"2027-02-28 10:00 invoice.finalized payment_intent.created " + refused + "customer.subscription.updated customer.updated",
}

// tried compares how often the latest invoice of a subscription was tried to be paid, and when it will be again.
func (s *story) tried(sub *stripe.Subscription, times int64, next string) {
	s.t.Helper()
	in := s.invoice(sub.LatestInvoice.ID)
	same(s.t, "tries", []any{times, next, true}, []any{in.AttemptCount, date(in.NextPaymentAttempt), in.Attempted})
}

// The card of a customer is declined when Pro is renewed, and once more three days later. She gives another one, and the
// next try succeeds.
func TestScenarioPaymentFailsAndRecovers(t *testing.T) {
	t.Parallel()
	s, jenny, sub := failsInFebruary(t)
	s.until("2027-03-05")
	s.stands(sub.ID, "past_due", "2027-02-28 09:00", "2027-03-31 09:00")
	s.tried(sub, 2, "2027-03-08 10:00") // five days after the second
	card := s.pays(jenny, "pm_card_mastercard")

	s.until("2027-03-09")
	sub = s.stands(sub.ID, "active", "2027-02-28 09:00", "2027-03-31 09:00")
	s.tried(sub, 3, "")
	in := sub.LatestInvoice
	same(t, "recovered", []any{"paid", int64(1000), int64(0), "2027-03-08 10:00", false},
		[]any{string(in.Status), in.AmountPaid, in.AmountRemaining, date(in.StatusTransitions.PaidAt), in.AutoAdvance})
	if s.who(jenny).Delinquent {
		t.Error("the customer is still delinquent")
	}
	for payment, err := range s.V1InvoicePayments.List(t.Context(), &stripe.InvoicePaymentListParams{Invoice: stripe.String(in.ID)}).All(t.Context()) {
		must(t, err)
		paid := s.intent(payment.Payment.PaymentIntent.ID)
		same(t, "paid with", []any{"paid", int64(1000), card}, []any{payment.Status, payment.AmountPaid, paid.PaymentMethod.ID})
	}

	s.until("2027-04-01") // what comes is not moved by the time that it took
	sub = s.stands(sub.ID, "active", "2027-03-31 09:00", "2027-04-30 09:00")
	same(t, "March", bill{
		Number: "JENNY-0003", Reason: "subscription_cycle", Status: "paid", Total: 1000, Due: 1000, Paid: 1000,
		Lines: []line{{1000, "1 × Pro (at $10.00 / month)", "2027-03-31 09:00", "2027-04-30 09:00"}},
	}, billOf(sub.LatestInvoice))
	s.moved(row{"charge", 1000, 59, 941}, row{"charge", 1000, 59, 941}, row{"charge", 1000, 59, 941})
	s.happened(slices.Concat(failed, []string{
		"2027-03-03 10:00 " + refused,
		"2027-03-05 00:00 payment_method.attached customer.updated",
		"2027-03-08 10:00 " + paid + "customer.subscription.updated customer.updated " + booked,
		"2027-03-24 09:00 invoice.upcoming",
		"2027-03-31 09:00 " + renewed,
		"2027-03-31 10:00 " + collected + booked,
	})...)
	s.unlocked("2027-01-31 09:00: save sync")
}

// She is told by mail, and pays the open invoice herself, with a card that is for this once.
func TestScenarioPaymentFailsAndIsPaidByHand(t *testing.T) {
	t.Parallel()
	s, jenny, sub := failsInFebruary(t)
	s.until("2027-03-01")
	_, err := s.V1Invoices.Pay(t.Context(), sub.LatestInvoice.ID, nil)
	e := declined(t, err, stripe.ErrorCodeCardDeclined, stripe.DeclineCodeGenericDecline)
	same(t, "charge", []any{stripe.ChargeStatusFailed, int64(1000)}, []any{s.charge(e.ChargeID).Status, s.charge(e.ChargeID).Amount})
	s.tried(sub, 1, "2027-03-03 10:00") // that try was hers: it counts for nothing, and moves nothing
	kept, err := s.V1PaymentMethods.Attach(t.Context(), "pm_card_visa", &stripe.PaymentMethodAttachParams{Customer: stripe.String(jenny)})
	must(t, err)
	in, err := s.V1Invoices.Pay(t.Context(), sub.LatestInvoice.ID, &stripe.InvoicePayParams{PaymentMethod: stripe.String(kept.ID)})
	must(t, err)
	same(t, "paid", []any{"paid", int64(1000), int64(1), ""}, []any{string(in.Status), in.AmountPaid, in.AttemptCount, date(in.NextPaymentAttempt)})
	s.stands(sub.ID, "active", "2027-02-28 09:00", "2027-03-31 09:00")
	s.until("2027-03-31") // nothing is tried again
	s.happened(slices.Concat(failed, []string{
		"2027-03-01 00:00 charge.failed payment_intent.payment_failed invoice.payment_failed", // the invoice did not change
		"2027-03-01 00:00 payment_method.attached " + paid + "customer.subscription.updated customer.updated " + booked,
		"2027-03-24 09:00 invoice.upcoming",
	})...)
}

// Nobody answers. After the fourth try there is no other one: the subscription is over, and so is what it unlocked.
func TestScenarioPaymentFailsForGood(t *testing.T) {
	t.Parallel()
	s, jenny, sub := failsInFebruary(t)
	s.until("2027-03-10")
	s.tried(sub, 3, "2027-03-15 10:00") // three, five and seven days after the one before
	s.until("2027-03-16")
	sub = s.stands(sub.ID, "canceled", "2027-02-28 09:00", "2027-03-31 09:00")
	same(t, "end", []any{"2027-03-15 10:00", "2027-03-15 10:00", "payment_failed", ""},
		[]any{date(sub.CanceledAt), date(sub.EndedAt), string(sub.CancellationDetails.Reason), string(sub.CancellationDetails.Feedback)})
	s.tried(sub, 4, "")
	same(t, "left", []any{"open", int64(1000), false}, []any{string(sub.LatestInvoice.Status), sub.LatestInvoice.AmountRemaining, sub.LatestInvoice.AutoAdvance})
	s.entitled(jenny)
	if !s.who(jenny).Delinquent {
		t.Error("the customer is not delinquent any more")
	}

	s.until("2027-06-01") // nothing comes after that
	_, err := s.V1Subscriptions.Update(t.Context(), sub.ID, &stripe.SubscriptionUpdateParams{CancelAtPeriodEnd: stripe.Bool(false)})
	same(t, "changing it", 400, refusal(t, err).HTTPStatusCode)
	s.moved(row{"charge", 1000, 59, 941})
	s.happened(slices.Concat(failed, []string{
		"2027-03-03 10:00 " + refused,
		"2027-03-08 10:00 " + refused,
		"2027-03-15 10:00 " + refused + "invoice.updated customer.subscription.deleted " + entitles,
	})...)
	s.unlocked("2027-01-31 09:00: save sync", "2027-03-15 10:00: ")
}
