package sdk

import (
	"slices"
	"strings"
	"testing"

	"github.com/stripe/stripe-go/v85"
)

// intentOf is the payment of an invoice.
func (s *story) intentOf(in *stripe.Invoice) *stripe.PaymentIntent {
	s.t.Helper()
	for payment, err := range s.V1InvoicePayments.List(s.t.Context(), &stripe.InvoicePaymentListParams{Invoice: stripe.String(in.ID)}).All(s.t.Context()) {
		must(s.t, err)
		return s.intent(payment.Payment.PaymentIntent.ID)
	}
	s.t.Fatalf("nothing pays the invoice %s", in.ID)
	return nil
}

// asksForPro begins a subscription that waits for its payment: the form on the seller's page confirms it.
func asksForPro(t *testing.T) (s *story, jenny string, sub *stripe.Subscription, pi *stripe.PaymentIntent) {
	t.Helper()
	s, _, pro := plans(t, "2026-04-01")
	jenny = s.signUp("")
	sub = s.subscribe(jenny, pro, func(p *stripe.SubscriptionCreateParams) {
		p.PaymentBehavior = stripe.String("default_incomplete")
		p.PaymentSettings = &stripe.SubscriptionCreatePaymentSettingsParams{SaveDefaultPaymentMethod: stripe.String("on_subscription")}
		p.AddExpand("latest_invoice.confirmation_secret")
	})
	s.stands(sub.ID, "incomplete", "2026-04-01", "2026-05-01")
	same(t, "first invoice", bill{
		Number: "JENNY-0001", Reason: "subscription_create", Status: "open", Total: 1000, Due: 1000, Remaining: 1000,
		Lines: []line{{1000, "1 × Pro (at $10.00 / month)", "2026-04-01", "2026-05-01"}},
	}, billOf(sub.LatestInvoice))
	s.entitled(jenny)
	pi = s.intentOf(sub.LatestInvoice)
	same(t, "payment", []any{"requires_payment_method", int64(1000), "off_session"}, []any{string(pi.Status), pi.Amount, string(pi.SetupFutureUsage)})
	if secret := sub.LatestInvoice.ConfirmationSecret.ClientSecret; secret != pi.ClientSecret || !strings.HasPrefix(secret, pi.ID+"_secret_") {
		t.Errorf("the form gets %s, the payment is %s", secret, pi.ClientSecret)
	}
	return s, jenny, sub, pi
}

const asked = "customer.created customer.updated customer.subscription.created invoice.created invoice.finalized payment_intent.created "

// A customer subscribes with a card whose bank wants to see her. The card pays what follows too.
func TestScenarioFirstPaymentIsChallenged(t *testing.T) {
	t.Parallel()
	s, jenny, sub, pi := asksForPro(t)
	pi, err := s.V1PaymentIntents.Confirm(t.Context(), pi.ID, &stripe.PaymentIntentConfirmParams{PaymentMethod: stripe.String("pm_card_authenticationRequiredOnSetup"), ReturnURL: stripe.String("https://shop.example/welcome")})
	must(t, err)
	same(t, "asked", "requires_action", string(pi.Status))
	s.stands(sub.ID, "incomplete", "2026-04-01", "2026-05-01")
	same(t, "passed", "succeeded", string(s.authenticate(pi, "succeeded").Status))
	sub = s.stands(sub.ID, "active", "2026-04-01", "2026-05-01")
	same(t, "paid", []any{"paid", int64(1000)}, []any{string(sub.LatestInvoice.Status), sub.LatestInvoice.AmountPaid})
	if card := s.intent(pi.ID).PaymentMethod.ID; sub.DefaultPaymentMethod == nil || sub.DefaultPaymentMethod.ID != card {
		t.Errorf("the card %s was not kept: %+v", card, sub.DefaultPaymentMethod)
	}
	s.entitled(jenny, "save", "sync")
	s.until("2026-05-02")
	s.stands(sub.ID, "active", "2026-05-01", "2026-06-01")
	s.happened(
		"2026-04-01 00:00 "+asked+"payment_intent.requires_action payment_method.attached "+paid+"customer.subscription.updated "+entitles+booked,
		"2026-04-24 00:00 invoice.upcoming",
		"2026-05-01 00:00 "+renewed,
		"2026-05-01 01:00 "+collected+booked,
	)
}

// She leaves the page and does not come back within 23 hours.
func TestScenarioFirstPaymentIsAbandoned(t *testing.T) {
	t.Parallel()
	s, jenny, sub, pi := asksForPro(t)
	s.until("2026-04-01 22:59")
	s.stands(sub.ID, "incomplete", "2026-04-01", "2026-05-01")
	s.until("2026-04-02")
	sub = s.stands(sub.ID, "incomplete_expired", "2026-04-01", "2026-05-01")
	same(t, "end", []any{"2026-04-01 23:00", "void"}, []any{date(sub.EndedAt), string(sub.LatestInvoice.Status)})
	pi = s.intent(pi.ID)
	same(t, "payment", []string{"canceled", "void_invoice"}, []string{string(pi.Status), string(pi.CancellationReason)})
	s.entitled(jenny)
	s.until("2026-06-01")
	s.happened(
		"2026-04-01 00:00 "+asked,
		"2026-04-01 23:00 payment_intent.canceled invoice.updated invoice.voided customer.subscription.updated",
	)
}

// wantsPro has a subscription to Free whose upgrade to Pro waits for the customer's bank.
func wantsPro(t *testing.T) (s *story, jenny, pro string, sub *stripe.Subscription) {
	t.Helper()
	s, free, pro := plans(t, "2026-04-01")
	jenny = s.signUp("pm_card_authenticationRequired")
	sub = s.subscribe(jenny, free)
	s.until("2026-04-16")
	sub = s.update(sub.ID, &stripe.SubscriptionUpdateParams{
		Items:             []*stripe.SubscriptionUpdateItemParams{{ID: stripe.String(sub.Items.Data[0].ID), Price: stripe.String(pro)}},
		ProrationBehavior: stripe.String("always_invoice"), PaymentBehavior: stripe.String("pending_if_incomplete"),
	})
	same(t, "still", []string{"active", free}, []string{string(sub.Status), sub.Items.Data[0].Price.ID})
	same(t, "proposed", []string{pro, "2026-04-16 23:00"}, []string{sub.PendingUpdate.SubscriptionItems[0].Price.ID, date(sub.PendingUpdate.ExpiresAt)})
	same(t, "invoice", bill{
		Number: "JENNY-0002", Reason: "subscription_update", Status: "open", Total: 500, Due: 500, Remaining: 500,
		Lines: []line{
			{0, "Unused time on Free after 16 Apr 2026", "2026-04-16", "2026-05-01"},
			{500, "Remaining time on Pro after 16 Apr 2026", "2026-04-16", "2026-05-01"}, // 1000 * 15/30 days
		},
	}, billOf(sub.LatestInvoice))
	s.entitled(jenny, "save")
	return s, jenny, pro, sub
}

var wanted = []string{
	"2026-04-01 00:00 customer.created payment_method.attached customer.updated customer.subscription.created invoice.created " + nothingDue + entitles,
	"2026-04-16 00:00 invoiceitem.created invoiceitem.created invoice.created invoice.finalized payment_intent.created",
	"2026-04-16 00:00 payment_intent.requires_action invoice.updated invoice.payment_action_required customer.subscription.updated",
}

// A customer wants Pro. Until her bank has seen her and the difference is paid, she has Free.
func TestScenarioUpgradeIsChallenged(t *testing.T) {
	t.Parallel()
	s, jenny, pro, sub := wantsPro(t)
	same(t, "passed", "succeeded", string(s.authenticate(s.intentOf(sub.LatestInvoice), "succeeded").Status))
	sub = s.stands(sub.ID, "active", "2026-04-01", "2026-05-01")
	same(t, "upgraded", []any{pro, true, "paid", int64(500)}, []any{sub.Items.Data[0].Price.ID, sub.PendingUpdate == nil, string(sub.LatestInvoice.Status), sub.LatestInvoice.AmountPaid})
	s.entitled(jenny, "save", "sync")
	s.until("2026-04-17")
	s.moved(row{"charge", 500, 52, 448}) // 2.9 % and 1.5 % as the card is German, which is 22, and 30
	s.happened(slices.Concat(wanted, []string{
		"2026-04-16 00:00 " + paid + "customer.subscription.updated customer.subscription.pending_update_applied " + entitles + booked,
	})...)
	s.unlocked("2026-04-01: save", "2026-04-16: save sync")
}

// Or she changes her mind. Nothing is left of it after 23 hours, and the next month is Free.
func TestScenarioUpgradeIsAbandoned(t *testing.T) {
	t.Parallel()
	s, jenny, _, sub := wantsPro(t)
	s.until("2026-05-02")
	proposed := sub.LatestInvoice.ID
	sub = s.stands(sub.ID, "active", "2026-05-01", "2026-06-01")
	same(t, "given up", []any{true, "void"}, []any{sub.PendingUpdate == nil, string(s.invoice(proposed).Status)})
	same(t, "May", bill{
		Number: "JENNY-0003", Reason: "subscription_cycle", Status: "paid",
		Lines: []line{{0, "1 × Free (at $0.00 / month)", "2026-05-01", "2026-06-01"}},
	}, billOf(sub.LatestInvoice))
	s.entitled(jenny, "save")
	s.holds(0, 0)
	s.happened(slices.Concat(wanted, []string{
		"2026-04-16 23:00 payment_intent.canceled invoice.updated invoice.voided customer.subscription.updated customer.subscription.pending_update_expired",
		"2026-04-24 00:00 invoice.upcoming",
		"2026-05-01 00:00 " + renewed,
		"2026-05-01 01:00 " + nothingDue,
	})...)
	s.unlocked("2026-04-01: save")
}
