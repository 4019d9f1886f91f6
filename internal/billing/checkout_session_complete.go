package billing

import (
	"strings"
	"time"

	"sharesmart/internal/manual"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// followCheckout lets the session that an intent is for, if it is for one, go on as the intent has: it is complete once
// the customer has nothing left to do, and paid once the money is there.
//
// Emits what completeSession does; checkout.session.async_payment_succeeded or .async_payment_failed.
func followCheckout(op *resource.Op, intent *object.Object) error {
	if op.Requested(intent) { // spares the most frequent payments a look
		return nil
	}
	private, err := op.Private(intent)
	if err != nil || private.String("checkout") == "" {
		return err
	}
	s, err := op.Find("checkout.session", private.String("checkout"))
	if s == nil || err != nil {
		return err
	}
	switch status := intent.String("status"); {
	case s.String("status") == "open" && isDone(intent):
		return completeSession(op, s, paymentStatus(s, intent))
	case s.String("status") != "complete" || s.String("payment_status") != "unpaid":
		return nil
	case status == succeeded:
		return sessionPaid(op, s, intent)
	case status == requiresMethod && private.Bool("delayed"):
		return op.Emit("checkout.session.async_payment_failed", s)
	}
	return nil
}

// isDone reports whether the customer has nothing left to do on the page: the intent has succeeded, waits for the bank or
// the seller, or the customer was told how to pay elsewhere.
func isDone(intent *object.Object) bool {
	switch intent.String("status") {
	case succeeded, processing, requiresCapture:
		return true
	case requiresAction:
		shown := intent.Object("next_action").String("type")
		return strings.HasSuffix(shown, "_display_details") || shown == "display_bank_transfer_instructions"
	}
	return false
}

func paymentStatus(s, intent *object.Object) string {
	switch {
	case intent.String("object") == "setup_intent":
		return nothingToPay
	case intent.String("status") == succeeded:
		return "paid"
	}
	return "unpaid"
}

// completeSession ends a session whose customer has done what they had to do.
//
// Emits what the subscription or the invoice does, checkout.session.completed, payment_link.updated.
func completeSession(op *resource.Op, s *object.Object, status string) error {
	if err := op.Move(s, "complete"); err != nil {
		return err
	}
	s.Set("payment_status", status)
	s.Set("url", nil)
	if err := op.SetTimer(sessionExpiry, s, time.Time{}); err != nil {
		return err
	}
	if err := noteDelay(op, s); err != nil {
		return err
	}
	given, err := redeemOffers(op, s)
	if err != nil {
		return err
	}
	switch s.String("mode") {
	case modeSubscription:
		err = finishSubscription(op, s)
	case modePayment:
		err = finishPayment(op, s, given)
	}
	if err != nil {
		return err
	}
	if err := keepSessionMethod(op, s); err != nil {
		return err
	}
	if err := op.Emit("checkout.session.completed", s); err != nil {
		return err
	}
	return countCompleted(op, s)
}

// finishPayment writes the invoice of a session in payment mode: of what was paid, if one was asked for, and of what is to be
// paid by hand.
func finishPayment(op *resource.Op, s *object.Object, discounts []any) error {
	private, err := op.Private(s)
	if err != nil {
		return err
	}
	switch way := private.Object(manualWay); {
	case way != nil:
		return billManually(op, s, discounts, manual.MethodOf(way), private.Int(manualDays))
	case s.Object("invoice_creation").Bool("enabled") && s.String("payment_status") != "unpaid":
		return invoiceSession(op, s, discounts)
	}
	return nil
}

// noteDelay remembers of an unpaid session's payment that it is the bank or the customer that it waits for: a payment that
// only has to be captured cannot fail any more.
func noteDelay(op *resource.Op, s *object.Object) error {
	pi, err := sessionIntent(op, s)
	if pi == nil || err != nil || pi.String("status") == requiresCapture || pi.String("status") == succeeded {
		return err
	}
	private, err := op.Private(pi)
	if err != nil {
		return err
	}
	private.Set("delayed", true)
	return op.SetPrivate(pi, private)
}

// sessionIntent is the payment intent of a session, which in subscription mode is that of the first invoice; nil if there
// is none.
func sessionIntent(op *resource.Op, s *object.Object) (*object.Object, error) {
	if s.String("mode") == modePayment {
		return op.Find("payment_intent", s.Ref("payment_intent"))
	}
	private, err := op.Private(s)
	if err != nil {
		return nil, err
	}
	return op.Find("payment_intent", private.String("payment_intent"))
}

// sessionPaid notes that the money of a complete session is there.
func sessionPaid(op *resource.Op, s, pi *object.Object) error {
	private, err := op.Private(pi)
	if err != nil {
		return err
	}
	s.Set("payment_status", "paid")
	op.Save(s)
	if s.String("mode") == modePayment && s.Object("invoice_creation").Bool("enabled") {
		given, err := op.Private(s)
		if err != nil {
			return err
		}
		if err := invoiceSession(op, s, given.Array("given")); err != nil {
			return err
		}
	}
	if !private.Bool("delayed") { // captured by the seller, which Stripe does not announce (?)
		return nil
	}
	return op.Emit("checkout.session.async_payment_succeeded", s)
}
