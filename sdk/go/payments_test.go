package sdk

import (
	"strings"
	"testing"

	"github.com/stripe/stripe-go/v85"
)

func TestCardPayment(t *testing.T) {
	t.Parallel()
	s := newSeller(t)
	p := s.payment("pm_card_visa", 2000)
	p.Metadata = map[string]string{"order_id": "6735"}
	paid := s.pay(p)
	same(t, "intent", []any{stripe.PaymentIntentStatusSucceeded, int64(2000)}, []any{paid.Status, paid.AmountReceived})
	ch := s.settled(paid)
	same(t, "charge", []any{true, true, stripe.ChargeStatusSucceeded, "authorized"}, []any{ch.Paid, ch.Captured, ch.Status, ch.Outcome.Type})
	same(t, "metadata", map[string]string{"order_id": "6735"}, ch.Metadata)
	card := ch.PaymentMethodDetails.Card
	same(t, "card", []string{"visa", "4242", "credit", "US"}, []string{string(card.Brand), card.Last4, string(card.Funding), card.Country})

	// 2.9 % and 30 cents.
	bt := ch.BalanceTransaction
	same(t, "balance transaction", row{stripe.BalanceTransactionTypeCharge, 2000, 88, 1912}, rowOf(bt))
	same(t, "its status and source", []string{"pending", ch.ID}, []string{string(bt.Status), bt.Source.ID})
	s.holds(0, 1912)
	s.happened("payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "charge.updated")
}

func TestDeclinedPayment(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		method string
		code   stripe.ErrorCode
		reason stripe.DeclineCode
	}{
		{"pm_card_visa_chargeDeclined", stripe.ErrorCodeCardDeclined, stripe.DeclineCodeGenericDecline},
		{"pm_card_visa_chargeDeclinedInsufficientFunds", stripe.ErrorCodeCardDeclined, stripe.DeclineCodeInsufficientFunds},
		{"pm_card_visa_chargeDeclinedLostCard", stripe.ErrorCodeCardDeclined, stripe.DeclineCodeLostCard},
		{"pm_card_radarBlock", stripe.ErrorCodeCardDeclined, stripe.DeclineCodeFraudulent},
		{"pm_card_chargeDeclinedExpiredCard", stripe.ErrorCodeExpiredCard, ""},
		{"pm_card_chargeDeclinedIncorrectCvc", stripe.ErrorCodeIncorrectCVC, ""},
		{"pm_card_chargeDeclinedProcessingError", stripe.ErrorCodeProcessingError, ""},
	} {
		t.Run(c.method, func(t *testing.T) {
			t.Parallel()
			s := newSeller(t)
			_, err := s.V1PaymentIntents.Create(t.Context(), s.payment(c.method, 2000))
			e := declined(t, err, c.code, c.reason)
			pi := e.PaymentIntent
			same(t, "intent", stripe.PaymentIntentStatusRequiresPaymentMethod, pi.Status)
			if pi.PaymentMethod != nil || pi.LastPaymentError.Code != c.code || pi.LastPaymentError.PaymentMethod.ID != e.PaymentMethod.ID {
				t.Errorf("the intent of the error is %s with %v, %v", pi.ID, pi.PaymentMethod, pi.LastPaymentError)
			}
			ch := s.charge(e.ChargeID)
			same(t, "charge", []any{stripe.ChargeStatusFailed, false, string(c.code), pi.ID}, []any{ch.Status, ch.Paid, ch.FailureCode, ch.PaymentIntent.ID})
			s.holds(0, 0)

			again, err := s.V1PaymentIntents.Confirm(t.Context(), pi.ID, &stripe.PaymentIntentConfirmParams{PaymentMethod: stripe.String("pm_card_visa")})
			must(t, err)
			same(t, "with another card", []any{stripe.PaymentIntentStatusSucceeded, int64(2000)}, []any{again.Status, again.AmountReceived})
			s.settled(again)
			s.happened("payment_intent.created", "charge.failed", "payment_intent.payment_failed", "charge.succeeded", "payment_intent.succeeded", "charge.updated")
		})
	}
}

// authorized is a payment of 20 dollars whose money is only held.
func authorized(s *seller) *stripe.PaymentIntent {
	s.t.Helper()
	p := s.payment("pm_card_visa", 2000)
	p.CaptureMethod = stripe.String("manual")
	held := s.pay(p)
	same(s.t, "authorized", []any{stripe.PaymentIntentStatusRequiresCapture, int64(2000), int64(0)}, []any{held.Status, held.AmountCapturable, held.AmountReceived})
	return held
}

func TestManualCapture(t *testing.T) {
	t.Parallel()
	s := newSeller(t)
	held := authorized(s)
	ch := s.charge(held.LatestCharge.ID)
	if ch.Captured || ch.AmountCaptured != 0 || ch.BalanceTransaction != nil {
		t.Errorf("authorized: %s", ch.LastResponse.RawJSON)
	}
	s.holds(0, 0)
	taken, err := s.V1PaymentIntents.Capture(t.Context(), held.ID, nil)
	must(t, err)
	same(t, "captured", []any{stripe.PaymentIntentStatusSucceeded, int64(0), int64(2000)}, []any{taken.Status, taken.AmountCapturable, taken.AmountReceived})
	s.settled(taken)
	s.moved(row{stripe.BalanceTransactionTypeCharge, 2000, 88, 1912})
}

func TestPartialCapture(t *testing.T) {
	t.Parallel()
	s := newSeller(t)
	held := authorized(s)
	capture := func(amount int64) (*stripe.PaymentIntent, error) {
		return s.V1PaymentIntents.Capture(t.Context(), held.ID, &stripe.PaymentIntentCaptureParams{AmountToCapture: stripe.Int64(amount)})
	}
	_, err := capture(2001)
	e := refusal(t, err)
	same(t, "too much", failure{400, stripe.ErrorTypeInvalidRequest, stripe.ErrorCodeAmountTooLarge, "amount_to_capture"}, failure{e.HTTPStatusCode, e.Type, e.Code, e.Param})
	taken, err := capture(1200)
	must(t, err)
	same(t, "captured", []any{stripe.PaymentIntentStatusSucceeded, int64(2000), int64(0), int64(1200)}, []any{taken.Status, taken.Amount, taken.AmountCapturable, taken.AmountReceived})
	ch := s.settled(taken)
	same(t, "charge", []any{int64(2000), int64(1200), int64(800), false}, []any{ch.Amount, ch.AmountCaptured, ch.AmountRefunded, ch.Refunded})
	s.moved(row{stripe.BalanceTransactionTypeCharge, 1200, 65, 1135})
	s.happened("payment_intent.created", "charge.succeeded", "payment_intent.amount_capturable_updated", "charge.captured", "payment_intent.succeeded")

	_, err = capture(1)
	e = refusal(t, err)
	same(t, "twice", []any{stripe.ErrorCodePaymentIntentUnexpectedState, stripe.PaymentIntentStatusSucceeded}, []any{e.Code, e.PaymentIntent.Status})
}

func TestAuthorizationGivenBack(t *testing.T) {
	t.Parallel()
	s := newSeller(t)
	held := authorized(s)
	ended, err := s.V1PaymentIntents.Cancel(t.Context(), held.ID, &stripe.PaymentIntentCancelParams{CancellationReason: stripe.String("requested_by_customer")})
	must(t, err)
	same(t, "canceled", []any{stripe.PaymentIntentStatusCanceled, stripe.PaymentIntentCancellationReasonRequestedByCustomer}, []any{ended.Status, ended.CancellationReason})
	if !s.charge(held.LatestCharge.ID).Refunded {
		t.Error("the charge is not refunded")
	}
	s.holds(0, 0)
}

// debit takes a payment from a customer's bank account, with the customer's agreement.
func debit(s *seller, method string) *stripe.PaymentIntent {
	s.t.Helper()
	waiting := s.pay(&stripe.PaymentIntentCreateParams{
		Amount: stripe.Int64(10000), Currency: stripe.String("usd"), Customer: stripe.String(s.customer().ID), PaymentMethod: stripe.String(method),
		PaymentMethodTypes: stripe.StringSlice([]string{"us_bank_account"}), Confirm: stripe.Bool(true), Expand: stripe.StringSlice([]string{"latest_charge"}),
		MandateData: &stripe.PaymentIntentCreateMandateDataParams{CustomerAcceptance: &stripe.PaymentIntentCreateMandateDataCustomerAcceptanceParams{
			Type:   stripe.String("online"),
			Online: &stripe.PaymentIntentCreateMandateDataCustomerAcceptanceOnlineParams{IPAddress: stripe.String("127.0.0.1"), UserAgent: stripe.String("Mozilla/5.0")},
		}},
	})
	same(s.t, "debited", []any{stripe.PaymentIntentStatusProcessing, int64(0)}, []any{waiting.Status, waiting.AmountReceived})
	return waiting
}

func TestACHSettlesLater(t *testing.T) {
	t.Parallel()
	s := newSeller(t)
	waiting := debit(s, "pm_usBankAccount_success")
	ch := waiting.LatestCharge
	if !strings.HasPrefix(ch.ID, "py_") || ch.Status != stripe.ChargeStatusPending || ch.Paid || ch.BalanceTransaction != nil || ch.PaymentMethodDetails.USBankAccount.Last4 != "6789" {
		t.Errorf("pending: %s", waiting.LastResponse.RawJSON)
	}
	paid := s.later(waiting, stripe.PaymentIntentStatusSucceeded)
	same(t, "received", int64(10000), paid.AmountReceived)
	// 0.8 %; in tests the money of a bank debit can be paid out at once.
	bt := s.settled(paid).BalanceTransaction
	same(t, "balance transaction", row{stripe.BalanceTransactionTypePayment, 10000, 80, 9920}, rowOf(bt))
	same(t, "its status", stripe.BalanceTransactionStatusAvailable, bt.Status)
	s.holds(9920, 0)
	s.happened("customer.created", "payment_intent.created", "charge.pending", "payment_intent.processing", "charge.succeeded", "payment_intent.succeeded")
}

func TestACHRefused(t *testing.T) {
	t.Parallel()
	s := newSeller(t)
	failed := s.later(debit(s, "pm_usBankAccount_insufficientFunds"), stripe.PaymentIntentStatusRequiresPaymentMethod)
	same(t, "error", stripe.ErrorCodeInsufficientFunds, failed.LastPaymentError.Code)
	ch := s.charge(failed.LatestCharge.ID)
	if ch.Status != stripe.ChargeStatusFailed || ch.Paid || ch.FailureCode != "insufficient_funds" || ch.BalanceTransaction != nil {
		t.Errorf("failed: %s", ch.LastResponse.RawJSON)
	}
	s.holds(0, 0)
	s.happened("customer.created", "payment_intent.created", "charge.pending", "payment_intent.processing", "charge.failed", "payment_intent.payment_failed")
}
